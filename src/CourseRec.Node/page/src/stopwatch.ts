const givenUpAfterMs = 10_000;

/**
 * Measures from sending an interaction to the push that reflects it: the first whose offset is higher than the
 * newest one seen when it was sent. One measurement at a time, so that a quick second click never borrows the first
 * one's push.
 */
export class ClickStopwatch {
  private started: { at: number; offset: number } | undefined;

  /** An interaction is about to be sent. */
  sent(offset: number, now: number): void {
    if (this.started && now - this.started.at < givenUpAfterMs) return;
    this.started = { at: now, offset };
  }

  /** A push arrived; the milliseconds it took, when it answers the interaction being measured. */
  pushed(offset: number, now: number): number | undefined {
    const started = this.started;
    if (!started || offset <= started.offset) return undefined;
    this.started = undefined;
    const took = now - started.at;
    return took < givenUpAfterMs ? took : undefined;
  }

  /** The interaction failed or the connection dropped: nothing will answer it. */
  cancel(): void {
    this.started = undefined;
  }
}
