// Transactions come to disk as the statements they ran, a few hundred octets each, in a file beside the database. The database
// itself commits some times a second: a page that a hundred texts write in is then written once and not a hundred times.
//
// The database's user_version names the generation of the log that goes on from it. A database that was begun anew, or
// put back from a copy, names another, and takes nothing from a log that is not its own.

import { randomInt } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { StoreError } from '../errors.js';
import { type Ground, Savepoint } from '../ground.js';
import { Recorder, redo } from './recorder.js';
import type { RedoFile } from './redo-file.js';

// Long enough that pages are shared by many transactions, short enough that a commit of them blocks for little.
const millisecondsBetweenCommits = 250;
// What a start after a crash has to do again, at most; more than that is committed at once.
const mostOctets = 4 << 20;
// After one that failed when it had written.
const bodiesToWatch = 1000;
const newestGeneration = 0x7fffffff;

/** Calls back when it is time for a commit of the database. */
export type Wait = (commit: () => void) => NodeJS.Timeout;

const waitShortly: Wait = (commit) => setTimeout(commit, millisecondsBetweenCommits).unref();

export class RedoLog implements Ground {
  readonly #connection: Database;
  readonly #prepare: (sql: string) => Statement;
  readonly #sql: Record<'begin' | 'commit' | 'rollback', { run(): unknown }>;
  readonly #file: Pick<RedoFile, keyof RedoFile>;
  readonly #wait: Wait;
  readonly #savepoint: Savepoint;
  readonly #recorder = new Recorder();
  /** Since the last commit of the database. */
  readonly #groups = new Set<Buffer>();
  #octets = 0;
  #since = 0;
  #bodyBegan = 0;
  #bodiesToWatch = 0;
  #newest: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Brings the database up to what was kept. Throws StoreError REDO_UNREADABLE. */
  constructor(connection: Database, file: Pick<RedoFile, keyof RedoFile>, wait: Wait = waitShortly) {
    this.#connection = connection;
    this.#prepare = connection.prepare.bind(connection);
    this.#sql = {
      begin: connection.prepare('BEGIN IMMEDIATE'),
      commit: connection.prepare('COMMIT'),
      rollback: connection.prepare('ROLLBACK'),
    };
    this.#savepoint = new Savepoint(connection);
    this.#file = file;
    this.#wait = wait;
    try {
      this.#catchUp();
    } catch (error) {
      // Somebody else has the database open in a transaction: that is no fault of the log.
      if ((error as { code?: unknown }).code === 'SQLITE_BUSY') throw error;
      throw new StoreError('REDO_UNREADABLE', error);
    }
  }

  /** From now on nothing is written but in transactions. */
  watch(): void {
    this.#recorder.watch(this.#connection);
  }

  begin(): void {
    if (!this.#connection.inTransaction) this.#doAgain();
    this.#recorder.open();
  }

  beginBody(): void {
    this.#bodyBegan = this.#recorder.length;
    if (this.#bodiesToWatch > 0) this.#savepoint.begin();
  }

  endBody(): void {
    if (this.#bodiesToWatch === 0) return;
    this.#bodiesToWatch--;
    this.#savepoint.release();
  }

  undoBody(): void {
    const hasWritten = this.#recorder.length > this.#bodyBegan;
    this.#recorder.cut(this.#bodyBegan);
    if (this.#bodiesToWatch > 0) this.#savepoint.undo();
    else if (hasWritten) this.#undoUnwatched();
  }

  keep(): Promise<void> | undefined {
    this.#recorder.close();
    const group = this.#recorder.pack();
    if (!group) return this.#keepNothing();
    if (this.#octets + group.length > mostOctets) {
      this.#commit();
      return undefined;
    }
    if (this.#groups.size === 0) this.#since = performance.now();
    this.#groups.add(group);
    this.#octets += group.length;
    this.#newest = this.#file.append(group);
    this.#newest.catch(() => this.#lose(group));
    this.#commitLater();
    return this.#newest;
  }

  giveUp(): void {
    this.#recorder.close();
    this.#recorder.cut(0);
    if (this.#connection.inTransaction) this.#sql.rollback.run();
    this.#tryAgain();
  }

  kept(): Promise<void> | undefined {
    if (!this.#connection.inTransaction && this.#groups.size > 0) this.#doAgain();
    return this.#file.hasWaiting ? this.#newest : undefined;
  }

  /** What the database has not committed yet, and for how long. */
  get waiting(): { octets: number; milliseconds: number } {
    const isEmpty = this.#groups.size === 0;
    return { octets: this.#octets, milliseconds: isEmpty ? 0 : performance.now() - this.#since };
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#connection.inTransaction && this.#groups.size > 0) this.#doAgain();
    this.#commit();
    await this.#file.close();
  }

  // A savepoint copies each page that a body writes in, for the one body in thousands that fails after it has written. So
  // there is none, unless one has failed lately: what all others did is done again without it.
  #undoUnwatched(): void {
    this.#sql.rollback.run();
    this.#doAgain();
    this.#recorder.redo(this.#prepare);
    this.#bodiesToWatch = bodiesToWatch;
  }

  /** A transaction in which nothing was ever written is not held open. */
  #keepNothing(): Promise<void> | undefined {
    if (this.#groups.size === 0) this.#sql.commit.run();
    return this.kept();
  }

  #catchUp(): void {
    const generation = this.#connection.pragma('user_version', { simple: true }) as number;
    for (const group of this.#file.read(generation)) this.#groups.add(group);
    this.#doAgain();
    this.#commit();
  }

  /** Opens a transaction that holds what was kept since the last commit. */
  #doAgain(): void {
    this.#sql.begin.run();
    try {
      for (const group of this.#groups) redo(this.#prepare, group);
    } catch (error) {
      if (this.#connection.inTransaction) this.#sql.rollback.run();
      throw error;
    }
  }

  // Nobody waits for it here; whoever comes next tries again, and is told.
  #tryAgain(): void {
    try {
      if (!this.#connection.inTransaction && this.#groups.size > 0) this.#doAgain();
    } catch {
      this.#commitLater();
    }
  }

  #commitLater(): void {
    this.#timer ??= this.#wait(() => {
      this.#timer = undefined;
      try {
        this.#commit();
      } catch {
        // The groups are kept all the same. As long as it fails the log grows, to where a transaction is refused.
        this.#commitLater();
        this.#tryAgain();
      }
    });
  }

  #commit(): void {
    if (!this.#connection.inTransaction) return;
    const generation = randomInt(1, newestGeneration);
    this.#connection.pragma(`user_version = ${generation}`);
    this.#sql.commit.run();
    this.#groups.clear();
    this.#octets = 0;
    this.#file.beginGeneration(generation);
  }

  /** The file did not take the group: those who wait for it are told so, and the database must not hold it either. */
  #lose(group: Buffer): void {
    if (!this.#groups.delete(group)) return;
    this.#octets -= group.length;
    if (this.#connection.inTransaction) this.#sql.rollback.run();
    setImmediate(() => this.#tryAgain());
  }
}
