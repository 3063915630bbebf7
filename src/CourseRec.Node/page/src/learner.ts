// One learner as the page knows them: the pushed list, the session, and what was just done.

import { announce } from "./announce";
import * as api from "./api";
import { askAgain } from "./courses";
import { RecommendationsLink, type LinkStatus } from "./hub";
import { foldMarks, type Act, type Mark } from "./marks";
import { ClickStopwatch } from "./stopwatch";
import { Store } from "./store";
import { randomHex } from "./user";

export const listLength = 10;
const samplesKept = 24;

/** Places risen (positive) or fallen since the list before; "new" when it wasn't there. */
export type Move = number | "new";

export interface LearnerState {
  user: string;
  link: LinkStatus;
  list: api.RecommendationList | undefined;
  moves: ReadonlyMap<string, Move>;
  session: api.Session | undefined;
  /** From the history and from what was done on this page. */
  marks: ReadonlyMap<string, Mark>;
  /** Click-to-push times, oldest first, in milliseconds. */
  samples: readonly number[];
  /** The last thing that went wrong, as one line. */
  problem: string | undefined;
}

export class Learner {
  readonly state: Store<LearnerState>;
  private readonly link: RecommendationsLink;
  private readonly stopwatch = new ClickStopwatch();
  private readonly aborted = new AbortController();
  /** What was done on this page; the history doesn't carry dismissals. */
  private done: Act[] = [];
  /** True until the first list of a connection: a new connection may follow a new life of the log. */
  private fresh = true;

  constructor(user: string) {
    this.state = new Store<LearnerState>({
      user,
      link: { state: "connecting", attempt: 0, epoch: 0, reason: undefined },
      list: undefined,
      moves: new Map(),
      session: undefined,
      marks: new Map(),
      samples: [],
      problem: undefined,
    });
    this.link = new RecommendationsLink(user, listLength, {
      status: (status) => this.onStatus(status),
      list: (list) => this.onPush(list),
    });
  }

  start(): void {
    void this.link.run();
    void this.refetch();
  }

  stop(): void {
    this.aborted.abort();
    this.link.stop();
  }

  readonly retryNow = (): void => this.link.retryNow();

  readonly dismissProblem = (): void => this.change({ problem: undefined });

  /**
   * Sends an interaction: over the connection, or over HTTP while that is down. The id makes sending it twice
   * harmless.
   */
  readonly act = async (course: string, type: api.InteractionType, value?: number): Promise<void> => {
    const { user, list } = this.state.value;
    const act: Act = value === undefined ? { course, type } : { course, type, value };
    const context = { language: navigator.language };
    const event: api.Interaction = { id: randomHex(16), user, ...act, source: "page", context };
    this.done = [...this.done, act];
    this.change({ marks: this.marks(), problem: undefined });
    this.stopwatch.sent(list?.offset ?? -1, performance.now());
    try {
      const receipt = await this.deliver(event);
      const refused = receipt.rejected?.[0];
      if (refused) throw new Error(refused.reason);
    } catch (error) {
      this.stopwatch.cancel();
      this.done = this.done.filter((other) => other !== act);
      this.change({ marks: this.marks(), problem: `Not recorded. ${api.lineOf(error)}` });
    }
  };

  private deliver(event: api.Interaction): Promise<api.Receipt> {
    return this.link.connected ? this.link.interact(event) : api.postEvent(event);
  }

  private onStatus(link: LinkStatus): void {
    const before = this.state.value.link;
    this.change({ link });
    if (link.state === "connected") {
      if (before.state === "reconnecting") announce("Connected again.");
      if (link.epoch > 1) askAgain();
      void this.refetch();
    } else if (before.state !== "reconnecting") {
      this.fresh = true;
      this.stopwatch.cancel();
      announce("Connection lost. Reconnecting.");
    }
  }

  private onPush(list: api.RecommendationList): void {
    const took = this.stopwatch.pushed(list.offset, performance.now());
    if (took !== undefined) {
      this.change({ samples: [...this.state.value.samples, took].slice(-samplesKept) });
    }
    const newer = list.offset > (this.state.value.list?.offset ?? -1);
    this.accept(list);
    if (newer) void this.refetchSession();
  }

  private accept(list: api.RecommendationList): void {
    const before = this.state.value.list;
    if (before && !this.fresh && list.offset < before.offset) return;
    this.fresh = false;
    const moves = before ? movesBetween(before.items, list.items) : new Map<string, Move>();
    this.change({ list, moves });
    const added = [...moves.values()].filter((move) => move === "new").length;
    if (added > 0)
      announce(`Recommendations changed, ${added} new. First: ${list.items[0]?.title ?? list.items[0]?.course}.`);
  }

  private async refetch(): Promise<void> {
    const url = `${api.path`/v1/users/${this.state.value.user}/recommendations`}?count=${listLength}`;
    await this.read<api.RecommendationList>(url, (list) => {
      const offset = this.state.value.list?.offset;
      if (offset === undefined || list.offset > offset) this.accept(list);
    });
    await this.refetchSession();
  }

  private refetchSession(): Promise<void> {
    return this.read<api.Session>(api.path`/v1/users/${this.state.value.user}`, (session) => {
      if (session.offset < (this.state.value.session?.offset ?? -1) && !this.fresh) return;
      this.change({ session, marks: this.marks(session) });
    });
  }

  /**
   * Reads and takes an answer; a learner the node has never seen is no problem, and neither is an answer nobody
   * waits for.
   */
  private async read<T>(url: string, take: (answer: T) => void): Promise<void> {
    try {
      take(await api.get<T>(url, this.aborted.signal));
    } catch (error) {
      if (this.aborted.signal.aborted) return;
      const expected = error instanceof api.ApiError && (error.status === 404 || error.status === 0);
      if (!expected) this.change({ problem: api.lineOf(error) });
    }
  }

  private marks(session = this.state.value.session): ReadonlyMap<string, Mark> {
    return foldMarks([...(session?.history ?? []), ...this.done]);
  }

  private change(change: Partial<LearnerState>): void {
    this.state.set({ ...this.state.value, ...change });
  }
}

/** A list that shares nothing with the one before has no moves: everything being new is no news. */
function movesBetween(before: readonly api.Recommendation[], now: readonly api.Recommendation[]): Map<string, Move> {
  const ranks = new Map(before.map((item, rank) => [item.course, rank]));
  if (!now.some((item) => ranks.has(item.course))) return new Map();
  return new Map(
    now.map((item, rank): [string, Move] => {
      const old = ranks.get(item.course);
      return [item.course, old === undefined ? "new" : old - rank];
    }),
  );
}
