// The push connection: it connects for ever, subscribes anew each time, and says where it stands.

import { HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from "@microsoft/signalr";
import { lineOf, type Interaction, type Receipt, type RecommendationList } from "./api";
import { backoffMs } from "./backoff";

const requestLimitMs = 10_000;
/** The node says something every 4 s; a frozen one is taken for gone after this. */
const silenceLimitMs = 10_000;

export interface LinkStatus {
  state: "connecting" | "connected" | "reconnecting";
  /** Attempts since the connection was last up. */
  attempt: number;
  /** Times the connection has come up; everything read over HTTP is read again when it rises. */
  epoch: number;
  /** Why the last attempt failed or the connection closed, when known. */
  reason: string | undefined;
}

export interface LinkListener {
  status(status: LinkStatus): void;
  list(list: RecommendationList): void;
}

export class RecommendationsLink {
  private connection: HubConnection | undefined;
  private stopped = false;
  private wake: (() => void) | undefined;
  private current: LinkStatus = { state: "connecting", attempt: 0, epoch: 0, reason: undefined };

  constructor(
    private readonly user: string,
    private readonly count: number,
    private readonly listener: LinkListener,
  ) {}

  /** Keeps the connection up until stop is called. */
  async run(): Promise<void> {
    window.addEventListener("online", this.retryNow);
    document.addEventListener("visibilitychange", this.retryNow);
    while (!this.stopped) {
      const reason = await this.connectOnce();
      if (this.stopped) break;
      const attempt = this.current.attempt + 1;
      this.report({ state: "reconnecting", attempt, reason });
      await this.pause(backoffMs(attempt));
    }
    window.removeEventListener("online", this.retryNow);
    document.removeEventListener("visibilitychange", this.retryNow);
  }

  /** Ends the connection and the attempts. */
  stop(): void {
    this.stopped = true;
    void this.connection?.stop();
    this.retryNow();
  }

  /** Cuts the wait before the next attempt short. */
  readonly retryNow = (): void => this.wake?.();

  get connected(): boolean {
    return this.connection?.state === HubConnectionState.Connected;
  }

  /** Records an interaction over the open connection. */
  interact(event: Interaction): Promise<Receipt> {
    if (!this.connection) return Promise.reject(new Error("Not connected."));
    return this.connection.invoke<Receipt>("Interact", event);
  }

  /** One life of the connection; resolves with why it ended. */
  private async connectOnce(): Promise<string | undefined> {
    const connection = new HubConnectionBuilder()
      .withUrl(`/hubs/recommendations?user=${encodeURIComponent(this.user)}`, { timeout: requestLimitMs })
      .configureLogging(LogLevel.None)
      .withServerTimeout(silenceLimitMs)
      .build();
    const closed = new Promise<Error | undefined>((resolve) => connection.onclose(resolve));
    connection.on("Recommendations", (list: RecommendationList) => {
      if (!this.stopped) this.listener.list(list);
    });
    this.connection = connection;
    try {
      await connection.start();
      await connection.invoke("Subscribe", this.count);
      if (!this.stopped)
        this.report({ state: "connected", attempt: 0, epoch: this.current.epoch + 1, reason: undefined });
      return (await closed)?.message;
    } catch (error) {
      await connection.stop();
      return lineOf(error);
    }
  }

  private report(change: Partial<LinkStatus>): void {
    this.current = { ...this.current, ...change };
    this.listener.status(this.current);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
