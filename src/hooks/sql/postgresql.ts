// One statement on a PostgreSQL server. The extended protocol takes one statement only, and its values apart from it.
// PostgreSQL 54.2.3 Extended Query; Appendix A. PostgreSQL Error Codes

import pg from 'pg';
import { HookError } from '../errors.js';
import type { ServerDatabase } from './database.js';

export interface ServerCall {
  database: ServerDatabase;
  text: string;
  parameters: readonly string[];
  timeoutMilliseconds: number;
}

/** Throws HookError NO_DATABASE, STATEMENT_REFUSED, STATEMENT_UNKNOWN. */
export async function executeOnPostgresql({
  database,
  text,
  parameters,
  timeoutMilliseconds,
}: ServerCall): Promise<void> {
  const { host, port, user, password, database: name, isTls } = database;
  const client = new pg.Client({
    ...{ host, port, user, password, database: name, ssl: isTls, application_name: 'easms' },
    connectionTimeoutMillis: timeoutMilliseconds,
    // The server gives up first, so that what became of it is known.
    statement_timeout: Math.ceil(timeoutMilliseconds * 0.8),
    query_timeout: timeoutMilliseconds,
  });
  // Told by the call that is under way; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await connect(client);
    await query(client, { text, values: [...parameters] });
  } finally {
    void client.end().catch(() => undefined);
  }
}

async function connect(client: pg.Client): Promise<void> {
  try {
    await client.connect();
  } catch (cause) {
    throw new HookError('NO_DATABASE', codeOf(cause), { cause });
  }
}

async function query(client: pg.Client, { text, values }: { text: string; values: string[] }): Promise<void> {
  try {
    await client.query({ text, values, queryMode: 'extended' } as pg.QueryConfig);
  } catch (cause) {
    const code = codeOf(cause);
    // Five characters are the server's: 08 and 57P are of the connection, 40 asks for another try.
    if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || /^(08|57P)/.test(code))
      throw new HookError('STATEMENT_UNKNOWN', code, { cause });
    throw new HookError(/^(40|55P03|53)/.test(code) ? 'NO_DATABASE' : 'STATEMENT_REFUSED', code, { cause });
  }
}

function codeOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
