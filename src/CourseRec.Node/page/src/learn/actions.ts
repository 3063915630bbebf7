import type { InteractionType } from "../api";

/** Sends one interaction of the current learner. */
export type ActFunction = (course: string, type: InteractionType, value?: number) => Promise<void>;
