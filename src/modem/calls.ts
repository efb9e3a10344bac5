// Calls that nobody takes: while it rings, a modem sends nothing. Those that go on for long are hung up.
// V.250 6.3.3 RING; TS 27.007 6.5 Hangup call +CHUP

/** A short one rings out by itself. */
const longAfterMilliseconds = 15_000;
/** After so much silence the next ring is another call. */
const callEndsMilliseconds = 12_000;

export class Calls {
  #since = 0;
  #lastRing = Number.NEGATIVE_INFINITY;

  /** Whether the call has rung long enough. */
  ring(now: number): boolean {
    if (now - this.#lastRing > callEndsMilliseconds) this.#since = now;
    this.#lastRing = now;
    if (now - this.#since < longAfterMilliseconds) return false;
    this.#since = now;
    return true;
  }
}
