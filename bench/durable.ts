// What the limits write in: a database of their own whose commits are on disk, shared by all that arrives together.

import { join } from 'node:path';
import Database from 'better-sqlite3';

/** A new one in a folder. */
export function openDurable(folder: string): Database.Database {
  const database = new Database(join(folder, 'limit.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  return database;
}

interface Steps<Work, Written> {
  write: (work: Work) => Written;
  /** Once it is on disk. */
  then: (work: Work, written: Written) => void;
}

/** Takes works: all that arrive in one turn of the event loop are written in one commit. */
export function inSharedCommit<Work, Written>(
  database: Database.Database,
  { write, then }: Steps<Work, Written>,
): (work: Work) => void {
  let waiting: Work[] = [];
  const commit = database.transaction((works: readonly Work[]) => works.map(write));
  const flush = () => {
    const works = waiting;
    waiting = [];
    const written = commit(works);
    for (const [n, work] of works.entries()) then(work, written[n]!);
  };
  return (work) => {
    if (waiting.push(work) === 1) setImmediate(flush);
  };
}
