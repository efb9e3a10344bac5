// How many texts of a modem have their attempt on disk at a time. One is on the line; for the next one it is written meanwhile. At
// a modem that answers at once the disk is slower than the line, so there are some more. After a crash nobody knows of any of them
// whether it left: a slow modem is to have no more than two.

const quickMilliseconds = 50;
const atSlowModem = 2;
const atQuickModem = 6;

export class Begun {
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  #count = 0;
  #most = atSlowModem;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Claimed and begun, or about to be. */
  static readonly most = atQuickModem;

  async enter(): Promise<void> {
    while (this.#count >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#count++;
  }

  leave(): void {
    this.#count--;
    for (let room = this.#most - this.#count; room > 0; room--) this.#waiting.shift()?.();
  }

  /** One that was sent tells how quick the modem is. */
  async timed<T>(sending: Promise<T>): Promise<T> {
    const since = this.#now();
    const sent = await sending;
    this.#most = this.#now() - since < quickMilliseconds ? atQuickModem : atSlowModem;
    return sent;
  }
}
