// When each device was last here, and who is held open now. Kept in memory and written at most once a minute and when a
// hold ends: a Sync without changes must not cost a write.

import { setTimeout as pause } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import type { Store } from './open.js';
import type { Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Device } from './tables.js';
import { run, type Steps } from './transaction.js';

interface Sighting {
  lastSeen: number;
  lastOutboxSync: number | undefined;
  heldOutboxRounds: number;
  unwritten: boolean;
}

export const writeIntervalMilliseconds = 60_000;

// One text may end thousands of holds. Their phones hear of it first: what is noted of them is written once no more end,
// or when this is over.
const quietMilliseconds = 20;
const longestWaits = 50;
// Written in one commit: others have their turn between two of them.
const rowsAtOnce = 500;

export class Presence {
  readonly #sightings = new Map<number, Sighting>();
  /** Rows whose holds ended and are not written yet, and the write of them all. */
  readonly #released = new Set<number>();
  #releasing: Promise<void> | undefined;

  seen(deviceRow: number, now: number): void {
    const sighting = this.#sighting(deviceRow, now);
    sighting.lastSeen = now;
    sighting.unwritten = true;
  }

  /** A Sync, GetItemEstimate or Ping that covers Outbox with class SMS. */
  outboxRound(deviceRow: number, now: number): void {
    this.seen(deviceRow, now);
    this.#sighting(deviceRow, now).lastOutboxSync = now;
  }

  /** Such a round is held open; it counts until `releaseOutbox`. */
  holdOutbox(deviceRow: number, now: number): void {
    this.outboxRound(deviceRow, now);
    this.#sighting(deviceRow, now).heldOutboxRounds++;
  }

  /** One promise for all that are let go together; who does not look at it misses nothing. */
  releaseOutbox(store: Store, deviceRow: number, now: number): Promise<void> {
    this.outboxRound(deviceRow, now);
    this.#sighting(deviceRow, now).heldOutboxRounds--;
    this.#released.add(deviceRow);
    return (this.#releasing ??= this.#beginWriting(store));
  }

  // A write that fails loses a minute of "last seen", nothing else.
  #beginWriting(store: Store): Promise<void> {
    const writing = this.#writeReleased(store);
    writing.catch(() => undefined);
    return writing;
  }

  /** Milliseconds of the last round over Outbox with class SMS; `now` while one is held open. */
  lastOutboxSync(device: Pick<Device, 'id' | 'lastOutboxSync'>, now: number): number | undefined {
    const sighting = this.#sightings.get(device.id);
    if (sighting && sighting.heldOutboxRounds > 0) return now;
    return sighting?.lastOutboxSync ?? device.lastOutboxSync ?? undefined;
  }

  lastSeen(device: Pick<Device, 'id' | 'lastSeen'>): number {
    return Math.max(this.#sightings.get(device.id)?.lastSeen ?? 0, device.lastSeen);
  }

  /** Writes what is not on disk yet and forgets who is not held. Called once a minute and before the end. */
  async flush(store: Store): Promise<void> {
    const unwritten = [...this.#sightings].filter(([, sighting]) => sighting.unwritten).map(([row]) => row);
    await this.#write(store, unwritten);
    for (const [row, sighting] of this.#sightings)
      if (!sighting.unwritten && sighting.heldOutboxRounds === 0) this.#sightings.delete(row);
  }

  async #writeReleased(store: Store): Promise<void> {
    for (let waits = 0, size = 0; waits < longestWaits && this.#released.size > size; waits++) {
      size = this.#released.size;
      await pause(quietMilliseconds);
    }
    const rows = [...this.#released].filter((row) => this.#sightings.get(row)?.unwritten);
    this.#released.clear();
    this.#releasing = undefined;
    await this.#write(store, rows);
  }

  #sighting(deviceRow: number, now: number): Sighting {
    let sighting = this.#sightings.get(deviceRow);
    if (!sighting) {
      sighting = { lastSeen: now, lastOutboxSync: undefined, heldOutboxRounds: 0, unwritten: true };
      this.#sightings.set(deviceRow, sighting);
    }
    return sighting;
  }

  async #write(store: Store, deviceRows: readonly number[]): Promise<void> {
    for (let first = 0; first < deviceRows.length; first += rowsAtOnce)
      await this.#writeSome(store, deviceRows.slice(first, first + rowsAtOnce));
  }

  async #writeSome(store: Store, deviceRows: readonly number[]): Promise<void> {
    const sightings = deviceRows.flatMap((row) => {
      // Whoever was written and forgotten meanwhile has nothing new to say.
      const sighting = this.#sightings.get(row);
      return sighting ? [[row, sighting] as const] : [];
    });
    for (const [, sighting] of sightings) sighting.unwritten = false;
    try {
      await store.transact((tx) => writeSightings(tx, sightings));
    } catch (error) {
      for (const [, sighting] of sightings) sighting.unwritten = true;
      throw error;
    }
  }
}

const writeSeen = prepared((db, { devices }) =>
  db
    .update(devices)
    .set({ lastSeen: sql`${sql.placeholder('lastSeen')}` })
    .where(eq(devices.id, sql.placeholder('row'))),
);

const writeRound = prepared((db, { devices }) =>
  db
    .update(devices)
    .set({
      lastSeen: sql`${sql.placeholder('lastSeen')}`,
      lastOutboxSync: sql`${sql.placeholder('lastOutboxSync')}`,
    })
    .where(eq(devices.id, sql.placeholder('row'))),
);

function* writeSightings(tx: Transaction, sightings: (readonly [row: number, Sighting])[]): Steps<void> {
  for (const [row, { lastSeen, lastOutboxSync }] of sightings) {
    if (lastOutboxSync === undefined) yield* run(writeSeen(tx, { row, lastSeen }));
    else yield* run(writeRound(tx, { row, lastSeen, lastOutboxSync }));
  }
}
