// Rounds of whoever carries what is due from the store to somebody outside: one at a time, woken by an announcement or by the clock.

/** When a failed round is repeated, and the longest sleep: a clock may be set. */
const idleMilliseconds = 60_000;

export interface Round {
  /** Begins all that is due. */
  look(): Promise<unknown>;
  /** Epoch milliseconds; Infinity where nothing waits. */
  nextDue(): Promise<number>;
  readonly now: () => number;
  readonly log: { error(details: object, message: string): void };
  /** What the log says of one that failed. */
  readonly failure: string;
}

export class Rounds {
  readonly #of: Round;
  #isRunning = false;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #isCalledAgain = false;

  constructor(of: Round) {
    this.#of = of;
  }

  start(): void {
    this.#isRunning = true;
    this.wakeIn(0);
  }

  /** Resolves when the round under way is over. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    await this.#round?.catch(() => undefined);
  }

  wakeIn(milliseconds: number): void {
    if (!this.#isRunning) return;
    // A round under way may have passed what is announced now.
    this.#isCalledAgain ||= this.#round !== undefined;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), milliseconds);
  }

  async #run(): Promise<void> {
    if (this.#round) return;
    this.#isCalledAgain = false;
    let sleepMilliseconds = idleMilliseconds;
    this.#round = this.#of.look().then(async () => {
      sleepMilliseconds = Math.min(idleMilliseconds, (await this.#of.nextDue()) - this.#of.now());
    });
    await this.#round.catch((error: unknown) => this.#of.log.error({ err: error }, this.#of.failure));
    this.#round = undefined;
    this.wakeIn(this.#isCalledAgain ? 0 : Math.max(0, sleepMilliseconds));
  }
}
