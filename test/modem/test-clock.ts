// Time that passes only when nothing else can: whoever waits for something gets it at once, in the right order.

import type { Clock } from '../../src/modem/clock.js';

interface Timer {
  at: number;
  order: number;
  callBack: () => void;
}

export class TestClock implements Clock {
  #now = 1_800_000_000_000;
  #timers: Timer[] = [];
  #order = 0;

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, callBack: () => void): () => void {
    const timer = { at: this.#now + milliseconds, order: this.#order++, callBack };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  /** Until it settles, at most so long. */
  async until<T>(promise: Promise<T>, atMostMilliseconds = 3_600_000): Promise<T> {
    let isSettled = false;
    const settle = (): void => void (isSettled = true);
    promise.then(settle, settle);
    await this.#run(() => isSettled, atMostMilliseconds);
    return promise;
  }

  async untilTrue(condition: () => boolean, atMostMilliseconds = 3_600_000): Promise<void> {
    await this.#run(condition, atMostMilliseconds);
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    let isOver = false;
    this.after(milliseconds, () => (isOver = true));
    await this.#run(() => isOver, milliseconds);
    this.#now = end;
  }

  async #run(isOver: () => boolean, atMostMilliseconds: number): Promise<void> {
    const end = this.#now + atMostMilliseconds;
    for (;;) {
      await idle();
      if (isOver()) return;
      const next = this.#timers.sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!next || next.at > end) throw new Error('what is waited for does not come');
      this.#timers.shift();
      this.#now = Math.max(this.#now, next.at);
      next.callBack();
    }
  }
}

/** What can go on without a timer has gone on. */
async function idle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
}
