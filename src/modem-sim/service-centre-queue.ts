// What the service centre holds for one subscriber until it is taken, in order.

import type { Clock } from './clock.js';
import { limits } from './limits.js';
import type { Offer, Subscriber } from './network.js';

interface Waiting {
  readonly offer: Offer;
  readonly taken: (() => void) | undefined;
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

  /** @param how `isHeld`: the next one overtakes it; `taken` is called when the subscriber has it */
  add(offer: Offer, how: { isHeld?: boolean; taken?: (() => void) | undefined } = {}): void {
    if (this.size >= limits.waitingMessages) return;
    const next: Waiting = { offer, taken: how.taken };
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
      this.#isOffering = true;
      this.#offer(next);
    }
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
