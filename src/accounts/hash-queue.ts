// Lets a few password hashes run at once and a bounded number wait.

import { AccountError } from './errors.js';
import { limits } from './limits.js';

export class HashQueue {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** Throws AccountError TOO_MANY_REQUESTS where the queue is full. */
  async run<T>(hash: () => Promise<T>): Promise<T> {
    if (this.#running >= limits.runningHashes) await this.#turn();
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
    if (this.#waiting.length >= limits.waitingHashes) throw new AccountError('TOO_MANY_REQUESTS');
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
