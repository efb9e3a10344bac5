// Brings the write-ahead log to disk beside the event loop: what SQLite does with synchronous=FULL inside each COMMIT, so
// that the next commit is being prepared meanwhile and one fsync serves all that were written before it began.
//
// That a COMMIT is in the log and the log is synced afterwards is all that FULL adds to NORMAL in WAL mode; the order at a
// checkpoint and at the log's start is kept by NORMAL itself.

import { close, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Database } from 'better-sqlite3';

type Sync = (descriptor: number, done: (error: Error | null) => void) => void;

/** Called when everything is on disk that was written before, or with what kept it from there. */
export type WhenSynced = (failure?: unknown) => void;

export class LogSync {
  readonly #connection: Database;
  readonly #log: number;
  readonly #fdatasync: Sync;
  #waiting: WhenSynced[] = [];
  #syncing: Promise<void> | undefined;

  /** The connection's log exists as soon as anything was read through it. */
  constructor(connection: Database, sync: Sync = fdatasync) {
    this.#connection = connection;
    this.#fdatasync = sync;
    this.#log = openSync(`${connection.name}-wal`, 'r+');
  }

  whenSynced(callback: WhenSynced): void {
    this.#waiting.push(callback);
    this.#syncing ??= this.#syncAll().finally(() => (this.#syncing = undefined));
  }

  /** Resolves when nothing waits any longer. */
  async close(): Promise<void> {
    await this.#syncing;
    await promisify(close)(this.#log);
  }

  async #syncAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      const failure = await this.#sync();
      for (const callback of waiting) callback(failure);
    }
  }

  #sync(): Promise<unknown> {
    return new Promise((resolve) => {
      this.#fdatasync(this.#log, (error) => resolve(error ? this.#moveToDatabase() : undefined));
    });
  }

  // After an fsync that failed the log may have a hole on disk, and whatever is synced behind it would be lost with it:
  // everything has to reach the database by another way, and the log begins anew.
  #moveToDatabase(): unknown {
    try {
      const [{ busy }] = this.#connection.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }];
      return busy ? new Error('the log could not be emptied') : undefined;
    } catch (error) {
      return error;
    }
  }
}
