// Executes one statement of a rule on a database that the administrator listed.

import { HookError } from '../errors.js';
import { limits } from '../limits.js';
import { type ListedDatabase, readDatabase } from './database.js';
import { executeOnMysql } from './mysql.js';
import { executeOnPostgresql } from './postgresql.js';
import { SqliteProcess } from './sqlite.js';
import { type Statement, writeStatement } from './statement.js';

export class StatementExecutor {
  readonly #sqlite = new SqliteProcess();
  readonly #timeoutMilliseconds: number;

  constructor(times: { timeoutMilliseconds?: number } = {}) {
    this.#timeoutMilliseconds = times.timeoutMilliseconds ?? limits.statementMilliseconds;
  }

  /** Throws HookError FORBIDDEN_STATEMENT, NO_DATABASE, STATEMENT_REFUSED, STATEMENT_UNKNOWN. */
  async execute(listed: ListedDatabase, statement: Statement): Promise<void> {
    const database = readDatabase(listed);
    if (!database) throw new HookError('FORBIDDEN_STATEMENT', 'the connection is none');
    const text = writeStatement(statement, database.kind);
    const { parameters } = statement;
    const timeoutMilliseconds = this.#timeoutMilliseconds;
    if (database.kind === 'sqlite') {
      const { file } = database;
      return this.#sqlite.execute({ file, text, parameters }, timeoutMilliseconds);
    }
    const call = { database, text, parameters, timeoutMilliseconds };
    return database.kind === 'postgresql' ? executeOnPostgresql(call) : executeOnMysql(call);
  }

  close(): void {
    this.#sqlite.close();
  }
}
