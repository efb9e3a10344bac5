import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import Database from 'better-sqlite3';
import { Changes } from '../../src/store/changes.js';
import { RecentRows } from '../../src/store/recent.js';
import { RedoFile } from '../../src/store/redo/redo-file.js';
import { RedoLog } from '../../src/store/redo/redo-log.js';
import type { Session } from '../../src/store/session.js';
import { SharedCommit } from '../../src/store/shared-commit.js';
import type { Steps } from '../../src/store/transaction.js';

const folder = mkdtempSync(join(tmpdir(), 'easms-redo-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

let counted = 0;
const freshPath = (): string => join(folder, `${++counted}.db`);

interface Ground {
  connection: Database.Database;
  commits: SharedCommit;
  /** A transaction with one row. */
  insert: (value: unknown) => Promise<unknown>;
  values: () => unknown[];
  /** The database commits, or tries to. */
  commit: () => void;
}

interface Faults {
  file?: Pick<RedoFile, keyof RedoFile>;
  connection?: Database.Database;
}

function openAt(
  path: string,
  { file = new RedoFile(`${path}-redo`), connection = new Database(path) }: Faults = {},
): Ground {
  connection.pragma('journal_mode = WAL');
  let due: (() => void) | undefined;
  const redoLog = new RedoLog(connection, file, (commit) => {
    due = commit;
    return setTimeout(() => undefined, 0);
  });
  connection.exec('CREATE TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY AUTOINCREMENT, value ANY UNIQUE)');
  const session = { recent: new RecentRows() } as unknown as Session;
  const commits = new SharedCommit({ connection, ground: redoLog }, session, new Changes());
  redoLog.watch();
  const statement = connection.prepare('INSERT INTO kept (value) VALUES (?) RETURNING id');
  const insert = (value: unknown): Promise<unknown> =>
    commits.transact(function* (): Steps<unknown> {
      return statement.get(value);
    });
  const values = (): unknown[] => valuesOf(connection);
  return { connection, commits, insert, values, commit: () => due?.() };
}

function valuesOf(connection: Database.Database): unknown[] {
  return connection.prepare('SELECT value FROM kept ORDER BY id').pluck().all();
}

/** The files as a cut of the power leaves them: without a word to whoever has them open. */
function copyOf(path: string): string {
  const copy = freshPath();
  for (const end of ['', '-wal', '-redo']) copyFileSync(path + end, copy + end);
  return copy;
}

test('a file that does not take what was done rejects it, and the database does not hold it', async (t) => {
  const path = freshPath();
  const file = new FailingFile(`${path}-redo`);
  const { insert, values, commits } = openAt(path, { file });
  await insert('before');
  file.isFull = true;
  const both = await Promise.allSettled([insert('one'), insert('two')]);
  for (const outcome of both) t.like(outcome, { status: 'rejected', reason: { code: 'STORAGE_UNAVAILABLE' } });
  await turn();
  t.deepEqual(values(), ['before']);
  file.isFull = false;
  await insert('after');
  t.deepEqual(values(), ['before', 'after']);
  t.deepEqual(openAt(copyOf(path)).values(), ['before', 'after']);
  await commits.close();
});

test('what read a row that then came to nothing is rejected with it', async (t) => {
  const path = freshPath();
  const file = new FailingFile(`${path}-redo`);
  const { insert, commits } = openAt(path, { file });
  await insert('before');
  file.isFull = true;
  const writing = insert('one');
  await turn();
  const reading = commits.kept();
  await t.throwsAsync(writing, { code: 'STORAGE_UNAVAILABLE' });
  await t.throwsAsync(async () => reading, { code: 'STORAGE_UNAVAILABLE' });
});

test('a transaction that SQLite itself rolls back takes nothing with it that was answered', async (t) => {
  const path = freshPath();
  const { connection, insert, commits, values } = openAt(path);
  await insert('answered');
  const undoing = connection.prepare('INSERT OR ROLLBACK INTO kept (value) VALUES (?)');
  const failing = commits.transact(function* () {
    undoing.run('answered');
  });
  await t.throwsAsync(failing, { code: 'STORAGE_UNAVAILABLE' });
  t.deepEqual(values(), ['answered']);
  await insert('later');
  t.deepEqual(openAt(copyOf(path)).values(), ['answered', 'later']);
});

test('while the database takes no commit the log goes on, until it is full', async (t) => {
  const path = freshPath();
  const faults = { rollsBack: false, isFull: false };
  const { insert, values, commit, commits, connection } = openAt(path, { connection: committing(path, faults) });
  await insert('one');
  faults.isFull = true;
  commit();
  t.true(connection.inTransaction);
  await insert('two');
  await t.throwsAsync(insert('x'.repeat(5 << 20)), { code: 'STORAGE_UNAVAILABLE' });
  t.deepEqual(values(), ['one', 'two']);
  t.deepEqual(openAt(copyOf(path)).values(), ['one', 'two']);
  faults.isFull = false;
  commit();
  t.false(connection.inTransaction);
  await insert('three');
  t.deepEqual(openAt(copyOf(path)).values(), ['one', 'two', 'three']);
  await commits.close();
});

test('a commit that fails and is rolled back is done again from the log', async (t) => {
  const path = freshPath();
  const faults = { rollsBack: true, isFull: false };
  const { insert, values, commit } = openAt(path, { connection: committing(path, faults) });
  await insert('one');
  faults.isFull = true;
  commit();
  t.deepEqual(values(), ['one']);
  await insert('two');
  t.deepEqual(openAt(copyOf(path)).values(), ['one', 'two']);
});

test('a full disk is told as that to the body that met it', async (t) => {
  const { connection, insert, values } = openAt(freshPath());
  await insert('one');
  connection.pragma(`max_page_count = ${Number(connection.pragma('page_count', { simple: true })) + 1}`);
  await t.throwsAsync(insert('x'.repeat(1 << 20)), { code: 'STORAGE_UNAVAILABLE' });
  t.deepEqual(values(), ['one']);
});

test('a commit of the database answers those who still wait for the log', async (t) => {
  const path = freshPath();
  const { insert, commit } = openAt(path);
  const waiting = insert('one');
  await turn();
  commit();
  await waiting;
  await insert('two');
  t.deepEqual(openAt(copyOf(path)).values(), ['one', 'two']);
});

test('a body that fails is not done again', async (t) => {
  const path = freshPath();
  const { insert } = openAt(path);
  const outcomes = await Promise.allSettled([insert('one'), insert('one'), insert('two')]);
  t.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  t.deepEqual(openAt(copyOf(path)).values(), ['one', 'two']);
});

test('a body that fails when it has written takes nothing of its neighbours with it, again and again', async (t) => {
  const path = freshPath();
  const { connection, commits, insert, values, commit } = openAt(path);
  const statement = connection.prepare('INSERT INTO kept (value) VALUES (?)');
  const failing = (value: string): Promise<unknown> =>
    commits.transact(function* () {
      statement.run(value);
      throw new Error('changed its mind');
    });
  await insert('kept');
  const expected = ['kept'];
  for (let round = 0; round < 5; round++) {
    const outcomes = await Promise.allSettled([insert(`a${round}`), failing('x'), insert(`b${round}`), failing('y')]);
    t.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'rejected'],
    );
    expected.push(`a${round}`, `b${round}`);
    if (round === 2) commit();
    t.deepEqual(values(), expected);
  }
  const rows = connection.prepare('SELECT * FROM kept').all();
  t.deepEqual(openAt(copyOf(path)).connection.prepare('SELECT * FROM kept').all(), rows);
});

test('a row that is written outside a transaction is refused', async (t) => {
  const { connection, insert, values } = openAt(freshPath());
  await insert('one');
  t.throws(() => connection.prepare('DELETE FROM kept').run(), { instanceOf: TypeError });
  t.deepEqual(values(), ['one']);
});

test('the log of another database is not taken', async (t) => {
  const path = freshPath();
  await openAt(path).insert('theirs');
  const begunAnew = freshPath();
  copyFileSync(`${path}-redo`, `${begunAnew}-redo`);
  t.deepEqual(openAt(begunAnew).values(), []);
});

test('a database that another has open in a transaction is not taken for a broken log', async (t) => {
  const path = freshPath();
  await openAt(path).insert('one');
  const connection = new Database(path, { timeout: 0 });
  t.throws(() => openAt(path, { connection }), { any: true, code: 'SQLITE_BUSY' });
  connection.close();
});

test('a log that does not fit its database is not passed over', async (t) => {
  const path = freshPath();
  const { insert } = openAt(path);
  await insert('one');
  const copy = copyOf(path);
  const connection = new Database(copy);
  connection.exec('DROP TABLE kept');
  connection.close();
  t.throws(() => openAt(copy), { code: 'REDO_UNREADABLE' });
});

test('what was answered is there after a cut of the power, whatever was half written then', async (t) => {
  const path = freshPath();
  const { insert } = openAt(path);
  for (const value of ['a', 'b', 'c']) await insert(value);
  const whole = readFileSync(`${path}-redo`);
  const seen = new Set<number>();
  for (let length = 0; length <= whole.length; length += 7) {
    const copy = copyOf(path);
    writeFileSync(`${copy}-redo`, whole.subarray(0, length));
    const { values, connection } = openAt(copy);
    const found = values();
    t.deepEqual(found, ['a', 'b', 'c'].slice(0, found.length));
    seen.add(found.length);
    connection.close();
  }
  t.deepEqual([...seen], [0, 1, 2]);
  t.deepEqual(openAt(copyOf(path)).values(), ['a', 'b', 'c']);
});

test('an octet that changed on the disk ends what is taken from the log', async (t) => {
  const path = freshPath();
  const { insert } = openAt(path);
  for (const value of ['a', 'b']) await insert(value);
  const copy = copyOf(path);
  const octets = readFileSync(`${copy}-redo`);
  octets[octets.length - 3]! ^= 1;
  writeFileSync(`${copy}-redo`, octets);
  t.deepEqual(openAt(copy).values(), ['a']);
});

test('values of every kind come back as they were, under the same numbers', async (t) => {
  const path = freshPath();
  const { insert, connection } = openAt(path);
  const values = [null, 1.5, 7, 'ü\u0000 😀', Buffer.from([0, 255, 1]), '', Buffer.alloc(0)];
  await Promise.allSettled([insert(7)]);
  for (const value of values) await insert(value).catch(() => undefined);
  const rows = connection.prepare('SELECT * FROM kept').all();
  t.is(rows.length, values.length);
  t.deepEqual(openAt(copyOf(path)).connection.prepare('SELECT * FROM kept').all(), rows);
});

test('a database that was closed needs no log', async (t) => {
  const path = freshPath();
  const { insert, commits, connection } = openAt(path);
  const waiting = insert('one');
  await commits.close();
  await waiting;
  connection.close();
  const opened = new Database(path, { readonly: true });
  t.deepEqual(valuesOf(opened), ['one']);
});

test('more than the log may hold goes into the database at once', async (t) => {
  const path = freshPath();
  const { insert } = openAt(path);
  await insert('small');
  await insert('x'.repeat(5 << 20));
  const copy = copyOf(path);
  writeFileSync(`${copy}-redo`, '');
  t.is(openAt(copy).values().length, 2);
});

test('others who open the file see what was written when the database has committed', async (t) => {
  const path = freshPath();
  const { insert, commits } = openAt(path);
  const other = new Database(path, { readonly: true });
  await insert('one');
  t.deepEqual(valuesOf(other), []);
  await commits.close();
  t.deepEqual(valuesOf(other), ['one']);
});

test('transactions that read alone hold nobody up', async (t) => {
  const path = freshPath();
  const { connection, commits } = openAt(path);
  await commits.transact(function* () {
    connection.prepare('SELECT 1').get();
  });
  t.false(connection.inTransaction);
});

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** Its COMMIT fails while the disk is full. */
function committing(path: string, faults: { isFull: boolean; rollsBack: boolean }): Database.Database {
  const connection = new Database(path);
  const prepare = connection.prepare.bind(connection) as (sql: string) => Database.Statement;
  connection.prepare = ((sql: string) => {
    const statement = prepare(sql);
    if (sql !== 'COMMIT') return statement;
    const commit = statement.run.bind(statement);
    statement.run = () => {
      if (!faults.isFull) return commit();
      if (faults.rollsBack) connection.exec('ROLLBACK');
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    };
    return statement;
  }) as Database.Database['prepare'];
  return connection;
}

class FailingFile extends RedoFile {
  isFull = false;

  override append(group: Buffer): Promise<void> {
    return this.isFull ? Promise.reject(new Error('ENOSPC')) : super.append(group);
  }

  override get hasWaiting(): boolean {
    return this.isFull || super.hasWaiting;
  }
}
