// How often a sender, a device and an address may ask in a minute, where the settings say so.

import type { Store } from '../store/open.js';
import type { Terms } from './decide.js';
import { AccountError } from './errors.js';
import { limits } from './limits.js';
import { networkOf } from './network-of.js';

interface Bucket {
  /** Requests that may come now. */
  left: number;
  at: number;
}

export class RateLimits {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor({ store, now }: { store: Store; now: () => number }) {
    this.#store = store;
    this.#now = now;
  }

  // Each throws AccountError RATE_EXCEEDED.

  /** A request to send, by the SMS account that is charged, else the user; nobody in particular is not bounded. */
  countSender({ charges }: Pick<Terms, 'charges'>): void {
    const [first] = charges;
    if (first) this.#take('sender', first.counter, this.#store.settings.current.rateLimits.sendsPerSender);
  }

  /** A request of a device. */
  countDevice(device: string): void {
    this.#take('device', device, this.#store.settings.current.rateLimits.requestsPerDevice);
  }

  /** A request from an address, whoever asks. */
  countAddress(address: string): void {
    const { requestsPerAddress } = this.#store.settings.current.rateLimits;
    if (requestsPerAddress > 0) this.#take('address', networkOf(address), requestsPerAddress);
  }

  #take(kind: string, key: string, perMinute: number): void {
    if (perMinute === 0) return;
    const now = this.#now();
    const name = `${kind} ${key}`;
    const { left, at } = this.#buckets.get(name) ?? { left: perMinute, at: now };
    const filled = Math.min(perMinute, left + ((now - at) * perMinute) / 60_000);
    if (filled < 1) {
      const retryAfterSeconds = Math.ceil(((1 - filled) * 60) / perMinute);
      throw new AccountError('RATE_EXCEEDED', undefined, { retryAfterSeconds });
    }
    if (this.#buckets.size >= limits.rateBuckets) this.#dropFull(now);
    this.#buckets.set(name, { left: filled - 1, at: now });
  }

  /** Whoever was not heard of for a minute has a full one again. */
  #dropFull(now: number): void {
    for (const [name, { at }] of this.#buckets) if (now - at >= 60_000) this.#buckets.delete(name);
    if (this.#buckets.size >= limits.rateBuckets) this.#buckets.clear();
  }
}
