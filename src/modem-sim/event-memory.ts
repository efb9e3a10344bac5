// Keeps what happened lately, for those who wait for something to happen.

import type { SimEvent } from './events.js';
import { limits } from './limits.js';

export type EventNamed<N extends SimEvent['event']> = Extract<SimEvent, { event: N }>;

interface Waiter {
  readonly isWanted: (event: SimEvent) => boolean;
  readonly resolve: (event: SimEvent) => void;
}

export class EventMemory {
  readonly events: SimEvent[] = [];
  readonly #waiters = new Set<Waiter>();
  readonly #onEvent: ((event: SimEvent) => void) | undefined;

  constructor(onEvent?: (event: SimEvent) => void) {
    this.#onEvent = onEvent;
  }

  record(event: SimEvent): void {
    this.events.push(event);
    if (this.events.length > limits.rememberedEvents) this.events.splice(0, limits.rememberedEvents / 2);
    this.#onEvent?.(event);
    for (const waiter of this.#waiters) {
      if (!waiter.isWanted(event)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(event);
    }
  }

  /** The first such event, told already or still to come. Waits as long as it takes. */
  until<N extends SimEvent['event']>(
    name: N,
    isWanted: (event: EventNamed<N>) => boolean = () => true,
  ): Promise<EventNamed<N>> {
    const isIt = (event: SimEvent): event is EventNamed<N> => event.event === name && isWanted(event as EventNamed<N>);
    const told = this.events.find(isIt);
    if (told !== undefined) return Promise.resolve(told);
    return new Promise((resolve) => {
      this.#waiters.add({ isWanted: isIt, resolve: (event) => resolve(event as EventNamed<N>) });
    });
  }
}
