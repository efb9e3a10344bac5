// Keeps what a phone tells, for those who wait for something to happen to it.

import type { PhoneEvent } from './events.js';

export type EventNamed<N extends PhoneEvent['event']> = Extract<PhoneEvent, { event: N }>;

interface Waiter {
  readonly isWanted: (event: PhoneEvent) => boolean;
  readonly resolve: (event: PhoneEvent) => void;
}

export class EventLog {
  readonly events: PhoneEvent[] = [];
  readonly #waiters = new Set<Waiter>();

  /** The phone's listener. */
  readonly record = (event: PhoneEvent): void => {
    this.events.push(event);
    for (const waiter of this.#waiters) {
      if (!waiter.isWanted(event)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(event);
    }
  };

  all<N extends PhoneEvent['event']>(name: N): EventNamed<N>[] {
    return this.events.filter((event): event is EventNamed<N> => event.event === name);
  }

  /** The first such event, told already or still to come. Waits as long as it takes. */
  until<N extends PhoneEvent['event']>(
    name: N,
    isWanted: (event: EventNamed<N>) => boolean = () => true,
  ): Promise<EventNamed<N>> {
    const isIt = (event: PhoneEvent): event is EventNamed<N> =>
      event.event === name && isWanted(event as EventNamed<N>);
    const told = this.events.find(isIt);
    if (told !== undefined) return Promise.resolve(told);
    return new Promise((resolve) => {
      this.#waiters.add({ isWanted: isIt, resolve: (event) => resolve(event as EventNamed<N>) });
    });
  }
}
