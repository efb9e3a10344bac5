// Texts that bearers say they sent: those that land together are recorded together, and the places they leave are filled in
// the same commit. One commit of fifty texts costs little more than one of five.

import { noteReferences } from '../message/delivery.js';
import { reportAllSent } from '../message/report.js';
import type { Transaction } from '../store/session.js';
import type { Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import type { Accepted } from './bearer.js';
import type { GatewayServices } from './services.js';
import type { Begun, Freed } from './take.js';

export interface Landed {
  message: Message;
  /** The bearer's id. */
  gateway: string;
  accepted: Accepted;
  /** When the bearer began. */
  since: number;
}

interface Waiting extends Landed {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Fills places in the commit that frees them; `carryOn` is called once that is on disk, `letGo` where it is not. */
export interface Next {
  readonly take: (tx: Transaction, taken: Begun[], freed: Freed) => Steps<void>;
  readonly carryOn: (taken: readonly Begun[]) => void;
  readonly letGo: (taken: readonly Begun[]) => void;
}

const nothingNext: Next = { *take() {}, carryOn: () => undefined, letGo: () => undefined };

/** Of one shared commit. */
const mostAtOnce = 256;

export class Landings {
  readonly #services: Pick<GatewayServices, 'store' | 'now'>;
  readonly #next: Next;
  #waiting: Waiting[] = [];
  #isUnderWay = false;

  constructor(services: Pick<GatewayServices, 'store' | 'now'>, next = nothingNext) {
    this.#services = services;
    this.#next = next;
  }

  /** Resolves when it is on disk as sent. */
  land({ message, gateway, accepted, since }: Landed): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, gateway, accepted, since, resolve, reject });
      if (!this.#isUnderWay) void this.#record();
    });
  }

  async #record(): Promise<void> {
    this.#isUnderWay = true;
    let together: Waiting[] = [];
    const taken: Begun[] = [];
    try {
      await this.#services.store.transact((tx) => {
        // Whatever landed until the commit began.
        this.#isUnderWay = false;
        together = this.#waiting.splice(0, mostAtOnce);
        return this.#recordAll(tx, together, taken);
      });
    } catch (error) {
      this.#isUnderWay = false;
      // The disk took nothing, not even a beginning.
      if (together.length === 0) together = this.#waiting.splice(0);
      this.#next.letGo(taken);
      await this.#recordEach(together, error);
      return;
    } finally {
      if (this.#waiting.length > 0 && !this.#isUnderWay) void this.#record();
    }
    // The new ones first: their places are not free in between.
    this.#next.carryOn(taken);
    for (const { resolve } of together) resolve();
  }

  *#recordAll(tx: Transaction, together: readonly Landed[], taken: Begun[]): Steps<void> {
    yield* recordSent(tx, together, this.#services.now());
    const freed = new Map<string, number>();
    for (const { gateway } of together) freed.set(gateway, (freed.get(gateway) ?? 0) + 1);
    yield* this.#next.take(tx, taken, freed);
  }

  /** What cannot be recorded with the others is recorded, or fails, alone. */
  async #recordEach(together: readonly Waiting[], cause: unknown): Promise<void> {
    if (together.length === 1) return together[0]!.reject(cause);
    for (const landed of together)
      await this.#services.store
        .transact((tx) => recordSent(tx, [landed], this.#services.now()))
        .then(landed.resolve, landed.reject);
  }
}

/** Part of the commit after which they count as sent. */
export function* recordSent(tx: Transaction, together: readonly Landed[], now: number): Steps<void> {
  yield* reportAllSent(
    tx,
    together.map(({ message }) => message),
    now,
  );
  for (const { message, gateway, accepted, since } of together)
    if (accepted.references && accepted.references.length > 0)
      yield* noteReferences(tx, { message, gateway, references: accepted.references, since, now });
}
