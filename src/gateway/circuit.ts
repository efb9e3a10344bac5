// Whether a gateway that failed is asked again: not at all for a while, then with one message, and like the others as soon
// as one has moved. That a connection stands proves nothing: only a message that moved does.

/** So many failures in a row open it. */
export const failuresToOpen = 5;
/** So many messages in a row that moved make it forget how often it was opened. */
const successesToForget = 5;

export type CircuitState =
  | 'closed' // messages go through
  | 'open' // none does
  | 'probing'; // one does

export class Circuit {
  #failures = 0;
  #successes = 0;
  /** Since it last went well for a while: each one pauses longer than the one before. */
  #openings = 0;
  #openUntil: number | undefined;

  /** When it is tried again; absent while it is closed. */
  get openUntil(): number | undefined {
    return this.#openUntil;
  }

  state(now: number): CircuitState {
    if (this.#openUntil === undefined) return 'closed';
    return now < this.#openUntil ? 'open' : 'probing';
  }

  /** True when this has closed it. What was under way when it opened proves nothing of the time after. */
  succeed(now: number): boolean {
    const state = this.state(now);
    if (state === 'open') return false;
    this.#failures = 0;
    if (++this.#successes >= successesToForget) this.#openings = 0;
    this.#openUntil = undefined;
    return state === 'probing';
  }

  /** `pauseOf` is told how many times it was opened. True when this has opened it. */
  fail(now: number, pauseOf: (openings: number) => number): boolean {
    const state = this.state(now);
    this.#successes = 0;
    this.#failures++;
    if (state === 'open' || (state === 'closed' && this.#failures < failuresToOpen)) return false;
    this.#openUntil = now + pauseOf(++this.#openings);
    return true;
  }

  /** The gateway itself said when to come back. True when this has opened it. */
  waitUntil(until: number, now: number): boolean {
    const wasOpen = this.state(now) === 'open';
    this.#successes = 0;
    this.#openUntil = Math.max(until, this.#openUntil ?? 0);
    return !wasOpen;
  }
}
