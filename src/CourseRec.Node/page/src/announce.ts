// One polite live region for the whole page. What comes in quick succession is said once, the newest.

import { Store } from "./store";

export const announcement = new Store("");
const quietMs = 700;
let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(text: string): void {
  clearTimeout(timer);
  timer = setTimeout(() => announcement.set(text), quietMs);
}
