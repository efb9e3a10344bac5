// Requests held open: Ping, and Sync with Wait or HeartbeatInterval. Each is an entry in the store's switchboard and a
// timer; nothing else of the request stays.

import type { Change, Waking, Watch } from '../store/changes.js';
import type { Store } from '../store/open.js';
import type { Element } from '../wbxml/element.js';
import { EasError } from './errors.js';
import { limits } from './limits.js';

export type Wake = Extract<Change, { topic: 'folder' | 'hierarchy' }>;

/** What a command leaves behind to be held. */
export interface Hold {
  readonly kind: 'hold';
  readonly userId: number;
  readonly deviceRow: number;
  /** The newest request of a device takes the place of an older one of the same command. */
  readonly command: string;
  readonly folderIds: readonly number[];
  readonly seconds: number;
  /** This hold is a round over Outbox with class SMS, and counts as one as long as it is open. */
  readonly coversOutbox: boolean;
  /** What to answer now, asked when the hold opens and at each change; `stay` to go on waiting. */
  look(change?: Wake): Promise<Element | undefined | 'stay'>;
  /** What to answer when the time is over, a newer request came, or the server stops. */
  expired(): Element | undefined;
}

export interface HoldServices {
  store: Store;
  now: () => number;
}

export class Holds {
  readonly #services: HoldServices;
  readonly #held = new Map<string, Held>();
  #arrivals = 0;

  constructor(services: HoldServices) {
    this.#services = services;
  }

  get size(): number {
    return this.#held.size;
  }

  /** The number of a request that came just now: the greater one is the newer one. */
  arrive(): number {
    return ++this.#arrivals;
  }

  /** Holds until `finish` was called with an answer; the returned function lets go when the device has hung up. */
  open(hold: Hold, arrival: number, finish: (answer: Element | undefined) => void): () => void {
    const key = `${hold.deviceRow}:${hold.command}`;
    const other = this.#held.get(key);
    // Of two in flight at once the newer may be held first: then it is the older that is over.
    if (other && other.arrival > arrival) {
      finish(hold.expired());
      return () => {};
    }
    other?.expire();
    if (this.#held.size >= limits.heldRequests) throw new EasError('TOO_MANY_HELD');
    const held = new Held(this.#services, { hold, arrival }, (answer) => {
      if (this.#held.get(key) === held) this.#held.delete(key);
      if (answer !== 'gone') finish(answer.element);
    });
    this.#held.set(key, held);
    held.wake();
    return () => held.end('gone');
  }

  /** Answers what is held of this request's kind by its device as if its time were over. */
  expire({ deviceRow, command }: Pick<Hold, 'deviceRow' | 'command'>): void {
    this.#held.get(`${deviceRow}:${command}`)?.expire();
  }

  /** Answers every held request as if its time were over. */
  expireAll(): void {
    for (const held of [...this.#held.values()]) held.expire();
  }
}

interface Arrived {
  hold: Hold;
  arrival: number;
}

type End = 'gone' | { element: Element | undefined };

class Held implements Watch {
  readonly arrival: number;
  readonly folderIds: readonly number[];
  readonly #services: HoldServices;
  readonly #hold: Hold;
  readonly #ended: (end: End) => void;
  readonly #timer: NodeJS.Timeout;
  #isOpen = true;

  constructor(services: HoldServices, { hold, arrival }: Arrived, ended: (end: End) => void) {
    this.arrival = arrival;
    this.#services = services;
    this.#hold = hold;
    this.#ended = ended;
    this.folderIds = hold.folderIds;
    this.#timer = setTimeout(() => this.expire(), hold.seconds * 1000).unref();
    services.store.changes.watch(hold.userId, this);
    if (hold.coversOutbox) services.store.presence.holdOutbox(hold.deviceRow, services.now());
  }

  /** Looks once the watch is set, so that no change falls between the look and the watch; again at each change. */
  wake(change?: Waking): void {
    if (change?.topic === 'access') return this.#meetAccess(change);
    this.#hold.look(change).then(
      (answer) => {
        if (answer !== 'stay') this.end({ element: answer });
      },
      // What went wrong shows again, with its own answer, in the request that follows.
      () => this.expire(),
    );
  }

  // The request that follows meets what has changed.
  #meetAccess({ deviceRow }: Extract<Waking, { topic: 'access' }>): void {
    if (deviceRow === undefined || deviceRow === this.#hold.deviceRow) this.expire();
  }

  expire(): void {
    this.end({ element: this.#hold.expired() });
  }

  end(end: End): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    const { store, now } = this.#services;
    store.changes.unwatch(this.#hold.userId, this);
    this.#ended(end);
    if (this.#hold.coversOutbox) void store.presence.releaseOutbox(store, this.#hold.deviceRow, now());
  }
}
