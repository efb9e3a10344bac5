// The process that executes statements on SQLite files for rules. SQLite works on the thread that calls it and lets nobody
// interrupt it: a process of its own holds up nobody and can be ended. Run as the entry of a fork.

import Database from 'better-sqlite3';

/** To the process, one at a time. */
export interface SqliteOrder {
  file: string;
  text: string;
  parameters: readonly string[];
  /** How long it waits for others who write. */
  busyMilliseconds: number;
}

/** From it: nothing went wrong, or the code of SQLite. */
export interface SqliteAnswer {
  code?: string;
}

process.on('message', (order: SqliteOrder) => process.send!(answer(order)));
process.on('disconnect', () => process.exit());

function answer(order: SqliteOrder): SqliteAnswer {
  try {
    execute(order);
    return {};
  } catch (error) {
    const { code } = error as { code?: unknown };
    return { code: typeof code === 'string' ? code : 'ERROR' };
  }
}

function execute({ file, text, parameters, busyMilliseconds }: SqliteOrder): void {
  const database = new Database(file, { fileMustExist: true, timeout: busyMilliseconds });
  try {
    const statement = database.prepare(text);
    if (statement.reader) statement.all(...parameters);
    else statement.run(...parameters);
  } finally {
    database.close();
  }
}
