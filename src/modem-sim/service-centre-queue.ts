// What the service centre holds for one subscriber until it is taken, in order.

import type { Clock } from './clock.js';
import { limits } from './limits.js';
import type { Offer, Subscriber } from './network.js';

export interface Delivery {
  /** The next one overtakes it. */
  readonly isHeld?: boolean | undefined;
  /** Called when the subscriber has it. */
  readonly taken?: (() => void) | undefined;
  /** Epoch milliseconds; what has not been taken by then is given up. */
  readonly expiresAt?: number | undefined;
  readonly expired?: (() => void) | undefined;
}

interface Waiting extends Delivery {
  readonly offer: Offer;
}

// A subscriber that refused and says nothing is tried again; real centres take minutes.
const retryMs = 30_000;

export class ServiceCentreQueue {
  readonly subscriber: Subscriber;
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiting>();
  #heldBack: Waiting | undefined;
  #isOffering = false;
  #isRefused = false;

  constructor(subscriber: Subscriber, clock: Clock) {
    this.subscriber = subscriber;
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiting.size + (this.#heldBack ? 1 : 0);
  }

  add(offer: Offer, how: Delivery = {}): void {
    if (this.size >= limits.waitingMessages) return;
    const next: Waiting = { ...how, offer };
    const held = this.#heldBack;
    this.#heldBack = undefined;
    if (how.isHeld && held === undefined) {
      this.#heldBack = next;
      return;
    }
    this.#waiting.add(next);
    if (held) this.#waiting.add(held);
    // A report that overtakes the answer to its message overtakes what waits as well.
    if (offer.atOnce && this.#waiting.size === 1) this.#isRefused = false;
    this.#work();
  }

  /** The subscriber is there again. */
  retry(): void {
    this.#isRefused = false;
    this.#work();
  }

  #work(): void {
    while (!this.#isOffering && !this.#isRefused) {
      const next = this.#waiting.values().next().value;
      if (next === undefined) return;
      if (this.#giveUp(next)) continue;
      this.#isOffering = true;
      this.#offer(next);
    }
  }

  // Looked at whenever it would be offered; TS 23.040 9.2.3.12 TP-Validity-Period (TP-VP)
  #giveUp(next: Waiting): boolean {
    if (!(next.expiresAt! < this.#clock.now())) return false;
    this.#waiting.delete(next);
    next.expired?.();
    return true;
  }

  #offer(next: Waiting): void {
    let isNow = true;
    this.subscriber.offer(next.offer, (taken) => {
      this.#isOffering = false;
      if (taken) this.#waiting.delete(next);
      else this.#refuse();
      if (taken) next.taken?.();
      // Within #work, which goes on by itself.
      if (!isNow) this.#work();
    });
    isNow = false;
  }

  #refuse(): void {
    this.#isRefused = true;
    this.#clock.after(retryMs, () => this.retry());
  }
}
