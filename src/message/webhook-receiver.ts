// What is known of one webhook's receiver while the server runs: calls under way, and how it fared with the last ones.

export class Receiver {
  readonly underWay = new Set<number>();
  readonly #callsAtOnce: number;
  #failures = 0;
  #pausedUntil = 0;

  constructor(callsAtOnce: number) {
    this.#callsAtOnce = callsAtOnce;
  }

  get pausedUntil(): number {
    return this.#pausedUntil;
  }

  /** How many calls may begin now. After a failure one tries whether it is back; the others wait for what it says. */
  room(now: number): number {
    if (this.#pausedUntil > now) return 0;
    return (this.#failures > 0 ? 1 : this.#callsAtOnce) - this.underWay.size;
  }

  /** Whether it had failed before. */
  succeed(): boolean {
    const hadFailed = this.#failures > 0;
    this.#failures = 0;
    this.#pausedUntil = 0;
    return hadFailed;
  }

  /**
   * How often in a row it has failed; 0 for a call that was under way when another one failed, and says nothing new.
   * `failuresBefore` is what `failures` was when the call began.
   */
  fail(failuresBefore: number): number {
    return failuresBefore === this.#failures ? ++this.#failures : 0;
  }

  get failures(): number {
    return this.#failures;
  }

  pauseUntil(instant: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, instant);
  }
}
