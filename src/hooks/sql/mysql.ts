// One statement on a MySQL or MariaDB server, prepared there: its values travel apart from it.
// MySQL Server Error Message Reference

import { type Connection, createConnection } from 'mysql2/promise';
import { HookError } from '../errors.js';
import type { ServerCall } from './postgresql.js';

/** Throws HookError NO_DATABASE, STATEMENT_REFUSED, STATEMENT_UNKNOWN. */
export async function executeOnMysql(call: ServerCall): Promise<void> {
  const connection = await connect(call);
  connection.on('error', () => undefined);
  try {
    await execute(connection, call);
  } finally {
    connection.destroy();
  }
}

async function connect({ database, timeoutMilliseconds }: ServerCall): Promise<Connection> {
  const { host, port, user, password, database: name, isTls } = database;
  try {
    return await createConnection({
      ...{ host, port, user, password, database: name },
      connectTimeout: timeoutMilliseconds,
      multipleStatements: false,
      // LOCAL INFILE would have the server ask for files of this machine.
      flags: ['-LOCAL_FILES'],
      ...(isTls && { ssl: {} }),
    });
  } catch (cause) {
    throw new HookError('NO_DATABASE', codeOf(cause), { cause });
  }
}

async function execute(connection: Connection, { text, parameters, timeoutMilliseconds }: ServerCall): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new HookError('STATEMENT_UNKNOWN', 'its time was over')), timeoutMilliseconds);
  });
  try {
    const executing = connection.execute(text, [...parameters]);
    executing.catch(() => undefined);
    await Promise.race([executing, tooLate]);
  } catch (cause) {
    throw cause instanceof HookError ? cause : hookErrorOf(cause);
  } finally {
    clearTimeout(timer);
  }
}

// Another try may help where rows were locked, or the server was full.
const again = new Set([
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_LOCK_DEADLOCK',
  'ER_CON_COUNT_ERROR',
  'ER_OPTION_PREVENTS_STATEMENT',
]);

function hookErrorOf(cause: unknown): HookError {
  const code = codeOf(cause);
  // What begins so is the server's answer; the others are of the connection.
  if (code === undefined || !/^(ER|WARN)_/.test(code) || code === 'ER_SERVER_SHUTDOWN')
    return new HookError('STATEMENT_UNKNOWN', code, { cause });
  return new HookError(again.has(code) ? 'NO_DATABASE' : 'STATEMENT_REFUSED', code, { cause });
}

function codeOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
