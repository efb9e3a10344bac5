// The process that reads a database through from its beginning to its end. SQLite works on the thread that calls it and lets
// nobody interrupt it: a process of its own holds up nobody and can be ended. Run as the entry of a fork; it only reads.

import Database from 'better-sqlite3';

/** From it, once. */
export type CheckAnswer = { found: CheckedDatabase } | { code: string };

export interface CheckedDatabase {
  /** What is wrong with it, in the words of SQLite; absent where it is whole. */
  damage?: string;
  octets: number;
  /** Of these, in pages that hold nothing. */
  freeOctets: number;
  /** How many changes of its tables it has behind it. */
  migrations: number;
}

process.once('message', (file: string) => {
  process.send!(answer(file), () => process.disconnect());
});

function answer(file: string): CheckAnswer {
  try {
    return { found: check(file) };
  } catch (error) {
    const { code } = error as { code?: unknown };
    return { code: typeof code === 'string' ? code : 'ERROR' };
  }
}

function check(file: string): CheckedDatabase {
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
  const number = (pragma: string): number => database.pragma(pragma, { simple: true }) as number;
  const counted = database.prepare('select count(*) as n from __drizzle_migrations').get() as { n: number };
  const size = number('page_size');
  const words = database.pragma('quick_check(1)', { simple: true }) as string;
  const found = {
    octets: number('page_count') * size,
    freeOctets: number('freelist_count') * size,
    migrations: counted.n,
    ...(words !== 'ok' && { damage: words.replaceAll(/\s+/g, ' ').slice(0, 200) }),
  };
  database.close();
  return found;
}
