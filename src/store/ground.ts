// What transactions stand on: how that which the bodies of a batch did comes to disk.

import type { Database } from 'better-sqlite3';

export interface Ground {
  /** A transaction is open after it. Throws where the database opens none. */
  begin(): void;
  /** How much was written so far; what a body wrote is taken back to where it began. */
  readonly length: number;
  takeBack(length: number): void;
  /** What was done since is on disk when it resolves; undefined: it is already. Throws and rejects where it is not. */
  keep(): Promise<void> | undefined;
  /** What was done since comes to nothing. */
  giveUp(): void;
  /** What can be read now is on disk when it resolves. Throws where less than that can be read. */
  kept(): Promise<void> | undefined;
  close(): Promise<void>;
}

/** Each batch is a commit of the database: for one in memory, where no disk is waited for. */
export class EachCommit implements Ground {
  readonly #connection: Database;
  readonly #sql: Record<'begin' | 'commit' | 'rollback', { run(): unknown }>;
  readonly length = 0;

  constructor(connection: Database) {
    this.#connection = connection;
    this.#sql = {
      begin: connection.prepare('BEGIN IMMEDIATE'),
      commit: connection.prepare('COMMIT'),
      rollback: connection.prepare('ROLLBACK'),
    };
  }

  begin(): void {
    this.#sql.begin.run();
  }

  takeBack(): void {
    // The savepoint has done it.
  }

  keep(): undefined {
    this.#sql.commit.run();
  }

  giveUp(): void {
    if (this.#connection.inTransaction) this.#sql.rollback.run();
  }

  kept(): undefined {
    return undefined;
  }

  async close(): Promise<void> {}
}
