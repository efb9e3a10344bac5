// Transactions that arrive together share one commit to disk: an fsync costs more than all their statements.
//
// Each body runs in a savepoint, so one that fails takes nothing of its neighbours with it; nobody is answered before
// the one COMMIT that holds them all.

import type { Database } from 'better-sqlite3';
import type { Change, Changes } from './changes.js';
import { StoreError } from './errors.js';
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
  readonly #session: Session;
  readonly #changes: Changes;
  readonly #waiting: Waiting[] = [];
  readonly #sql: Record<
    'begin' | 'beginRead' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'undo',
    { run(): unknown }
  >;
  #scheduled = false;
  #isReading = false;

  constructor(connection: Database, session: Session, changes: Changes) {
    this.#connection = connection;
    this.#session = session;
    this.#changes = changes;
    this.#sql = {
      begin: connection.prepare('BEGIN IMMEDIATE'),
      beginRead: connection.prepare('BEGIN'),
      commit: connection.prepare('COMMIT'),
      rollback: connection.prepare('ROLLBACK'),
      savepoint: connection.prepare('SAVEPOINT body'),
      release: connection.prepare('RELEASE body'),
      undo: connection.prepare('ROLLBACK TO body'),
    };
  }

  /** Resolves after the commit that holds the body is on disk. Rejects with the body's own error, or StoreError. */
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
    if (this.#isReading) return;
    this.#sql.beginRead.run();
    this.#isReading = true;
    setImmediate(() => this.#endReading());
  }

  #endReading(): void {
    if (!this.#isReading) return;
    this.#isReading = false;
    this.#sql.commit.run();
  }

  /** Runs what still waits; called before the connection closes. */
  drain(): void {
    while (this.#waiting.length > 0) this.#flush();
    this.#endReading();
  }

  #flush(): void {
    this.#endReading();
    this.#scheduled = false;
    const batch = this.#waiting.splice(0, longestBatch);
    if (this.#waiting.length > 0) {
      this.#scheduled = true;
      setImmediate(() => this.#flush());
    }
    if (batch.length === 0) return;
    const announced: Change[] = [];
    let outcomes: Outcome[];
    try {
      this.#sql.begin.run();
      const tx: Transaction = { ...this.#session, announce: (change) => void announced.push(change) };
      outcomes = batch.map((waiting) => this.#runBody(waiting, tx, announced));
      this.#sql.commit.run();
    } catch (error) {
      this.#session.recent.clear();
      if (this.#connection.inTransaction) this.#sql.rollback.run();
      for (const { reject } of batch) reject(new StoreError('STORAGE_UNAVAILABLE', error));
      return;
    }
    for (const [n, { resolve, reject }] of batch.entries()) {
      const outcome = outcomes[n]!;
      if ('value' in outcome) resolve(outcome.value as never);
      else reject(outcome.failure);
    }
    for (const change of announced) this.#changes.publish(change);
  }

  #runBody({ body }: Waiting, tx: Transaction, announced: Change[]): Outcome {
    const before = announced.length;
    this.#sql.savepoint.run();
    try {
      const value = walk(body(tx));
      this.#sql.release.run();
      return { value };
    } catch (failure) {
      // A full disk ends the whole transaction by itself; then the savepoint is gone and so is everybody's work.
      if (!this.#connection.inTransaction) throw failure;
      announced.length = before;
      this.#session.recent.clear();
      this.#sql.undo.run();
      this.#sql.release.run();
      return { failure };
    }
  }
}
