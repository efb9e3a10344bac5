// Lets a few password checks run at once and a bounded number wait.

import { AccountError } from './errors.js';
import { limits } from './limits.js';

export class HashQueue {
  readonly #waiting: (() => void)[] = [];
  readonly #most: { running: number; waiting: number };
  #running = 0;

  constructor(most = { running: limits.runningHashes as number, waiting: limits.waitingHashes as number }) {
    this.#most = most;
  }

  /** Throws AccountError TOO_MANY_REQUESTS where the queue is full. */
  async run<T>(hash: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most.running) await this.#turn();
    else this.#running++;
    try {
      return await hash();
    } finally {
      // The place goes to whoever waits longest; only where nobody does is it given back.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#most.waiting) throw new AccountError('TOO_MANY_REQUESTS');
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
