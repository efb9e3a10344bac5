// What transactions stand on: how that which the bodies of a batch did comes to disk.

import type { Database } from 'better-sqlite3';

export interface Ground {
  /** A transaction is open after it. Throws where the database opens none. */
  begin(): void;
  beginBody(): void;
  endBody(): void;
  /** What the body did comes to nothing; what its neighbours did stands. Throws where the whole batch comes to nothing. */
  undoBody(): void;
  /** What was done since is on disk when it resolves; undefined: it is already. Throws and rejects where it is not. */
  keep(): Promise<void> | undefined;
  /** What was done since comes to nothing. */
  giveUp(): void;
  /** What can be read now is on disk when it resolves. Throws where less than that can be read. */
  kept(): Promise<void> | undefined;
  close(): Promise<void>;
}

/** Within a transaction: what is done after `begin` can be undone alone. */
export class Savepoint {
  readonly #sql: Record<'begin' | 'release' | 'undo', { run(): unknown }>;

  constructor(connection: Database) {
    this.#sql = {
      begin: connection.prepare('SAVEPOINT body'),
      release: connection.prepare('RELEASE body'),
      undo: connection.prepare('ROLLBACK TO body'),
    };
  }

  begin(): void {
    this.#sql.begin.run();
  }

  release(): void {
    this.#sql.release.run();
  }

  undo(): void {
    this.#sql.undo.run();
    this.#sql.release.run();
  }
}

/** Each batch is a commit of the database: for one in memory, where no disk is waited for. */
export class EachCommit implements Ground {
  readonly #connection: Database;
  readonly #sql: Record<'begin' | 'commit' | 'rollback', { run(): unknown }>;
  readonly #savepoint: Savepoint;

  constructor(connection: Database) {
    this.#connection = connection;
    this.#savepoint = new Savepoint(connection);
    this.#sql = {
      begin: connection.prepare('BEGIN IMMEDIATE'),
      commit: connection.prepare('COMMIT'),
      rollback: connection.prepare('ROLLBACK'),
    };
  }

  begin(): void {
    this.#sql.begin.run();
  }

  beginBody(): void {
    this.#savepoint.begin();
  }

  endBody(): void {
    this.#savepoint.release();
  }

  undoBody(): void {
    this.#savepoint.undo();
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
