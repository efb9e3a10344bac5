// Transactions that arrive together come to disk together: to wait for it costs more than all their statements.
//
// A body that fails takes nothing of its neighbours with it; nobody is answered before
// what holds them all is on disk.

import type { Database } from 'better-sqlite3';
import type { Change, Changes } from './changes.js';
import { StoreError } from './errors.js';
import type { Ground } from './ground.js';
import type { Session, Transaction } from './session.js';
import { type Steps, walk } from './transaction.js';

interface Waiting {
  readonly body: (tx: Transaction) => Steps<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (reason: unknown) => void;
}

type Outcome = { value: unknown } | { failure: unknown };

// Enough to spread the cost of an fsync, few enough that the event loop is not blocked for long.
const longestBatch = 256;
// Turns of the event loop, each far shorter than the fsync that they may save.
const longestGathering = 8;

export class SharedCommit {
  readonly #connection: Database;
  readonly #ground: Ground;
  readonly #session: Session;
  readonly #changes: Changes;
  readonly #waiting: Waiting[] = [];
  readonly #sql: Record<'beginRead' | 'endRead', { run(): unknown }>;
  #scheduled = false;
  #isReading = false;

  constructor({ connection, ground }: { connection: Database; ground: Ground }, session: Session, changes: Changes) {
    this.#connection = connection;
    this.#ground = ground;
    this.#session = session;
    this.#changes = changes;
    this.#sql = {
      beginRead: connection.prepare('BEGIN'),
      endRead: connection.prepare('COMMIT'),
    };
  }

  /** Resolves when what the body did is on disk. Rejects with the body's own error, or StoreError. */
  transact<T>(body: (tx: Transaction) => Steps<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ body, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      this.#gather(0, longestGathering);
    });
  }

  /** Waits as long as each turn of the event loop brings more: who writes to many sockets is not read in one turn. */
  #gather(gathered: number, turns: number): void {
    setImmediate(() => {
      const isGrowing = this.#waiting.length > gathered;
      if (isGrowing && turns > 0 && this.#waiting.length < longestBatch) this.#gather(this.#waiting.length, turns - 1);
      else this.#flush();
    });
  }

  /**
   * Opens a snapshot that lasts until the end of this turn of the event loop, or until something is written. Each read
   * by itself would lock the file and unlock it again: a seventh of what a Sync without changes costs.
   */
  beginReading(): void {
    if (this.#isReading || this.#connection.inTransaction) return;
    this.#sql.beginRead.run();
    this.#isReading = true;
    setImmediate(() => this.#endReading());
  }

  #endReading(): void {
    if (!this.#isReading) return;
    this.#isReading = false;
    this.#sql.endRead.run();
  }

  /** Resolves when all that can be read now is on disk; undefined: it is. Rejects, and throws, StoreError. */
  kept(): Promise<void> | undefined {
    try {
      return this.#ground.kept()?.catch(failStorage);
    } catch (error) {
      return failStorage(error);
    }
  }

  /** Runs what still waits; called before the connection closes. */
  async close(): Promise<void> {
    while (this.#waiting.length > 0) this.#flush();
    this.#endReading();
    await this.#ground.close();
  }

  #flush(): void {
    this.#endReading();
    this.#scheduled = false;
    const batch = this.#waiting.splice(0, longestBatch);
    if (this.#waiting.length > 0) {
      this.#scheduled = true;
      setImmediate(() => this.#flush());
    }
    if (batch.length > 0) this.#run(batch);
  }

  #run(batch: readonly Waiting[]): void {
    const announced: Change[] = [];
    try {
      this.#ground.begin();
      const tx = transactionOf(this.#session, announced);
      const outcomes = batch.map((waiting) => this.#runBody(waiting, tx, announced));
      const kept = this.#ground.keep();
      if (!kept) this.#tell(batch, outcomes, announced);
      else
        kept.then(
          () => this.#tell(batch, outcomes, announced),
          (error: unknown) => this.#tellFailure(batch, error),
        );
    } catch (error) {
      this.#ground.giveUp();
      this.#tellFailure(batch, error);
    }
  }

  #tell(batch: readonly Waiting[], outcomes: readonly Outcome[], announced: readonly Change[]): void {
    for (const [n, { resolve, reject }] of batch.entries()) {
      const outcome = outcomes[n]!;
      if ('value' in outcome) resolve(outcome.value as never);
      else reject(outcome.failure);
    }
    for (const change of announced) this.#changes.publish(change);
  }

  #tellFailure(batch: readonly Waiting[], error: unknown): void {
    this.#session.recent.clear();
    for (const { reject } of batch) reject(new StoreError('STORAGE_UNAVAILABLE', error));
  }

  #runBody({ body }: Waiting, tx: Transaction, announced: Change[]): Outcome {
    const before = announced.length;
    this.#ground.beginBody();
    try {
      const value = walk(body(tx));
      this.#ground.endBody();
      return { value };
    } catch (failure) {
      // A full disk ends the whole transaction by itself; then everybody's work is gone.
      if (!this.#connection.inTransaction) throw failure;
      announced.length = before;
      this.#session.recent.clear();
      this.#ground.undoBody();
      return { failure: isOfTheDisk(failure) ? new StoreError('STORAGE_UNAVAILABLE', failure) : failure };
    }
  }
}

// Written out: a spread makes an object that is slow to read, and every statement reads it.
function transactionOf(session: Session, announced: Change[]): Transaction {
  const { dialect, db, tables, prepared, recent, secrets, settings, wantedEvents } = session;
  const announce = (change: Change) => void announced.push(change);
  return { dialect, db, tables, prepared, recent, secrets, settings, wantedEvents, announce };
}

/** SQLITE_FULL, SQLITE_IOERR_WRITE … */
function isOfTheDisk(failure: unknown): boolean {
  return /^SQLITE_(FULL|IOERR)/.test(String((failure as { code?: unknown } | undefined)?.code));
}

function failStorage(error: unknown): never {
  throw new StoreError('STORAGE_UNAVAILABLE', error);
}
