import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import { LogSync } from '../../src/store/log-sync.js';

type Done = (error: Error | null) => void;

// A database in a file, and an fsync that ends when the test says so.
function bench(t: ExecutionContext) {
  const folder = mkdtempSync(join(tmpdir(), 'easms-log-'));
  const file = join(folder, 'kept.db');
  const connection = new Database(file);
  connection.pragma('journal_mode = WAL');
  connection.exec('CREATE TABLE kept (value INTEGER)');
  t.teardown(() => {
    connection.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const running: Done[] = [];
  const log = new LogSync(connection, (_descriptor, done) => running.push(done));
  return { connection, file, running, log, logOctets: () => statSync(`${file}-wal`).size };
}

test('what comes while the log is being synced waits for the next sync', async (t) => {
  const { running, log } = bench(t);
  const synced: string[] = [];
  log.whenSynced(() => synced.push('first'));
  log.whenSynced(() => synced.push('second'));
  log.whenSynced(() => synced.push('third'));
  t.is(running.length, 1);
  running[0]!(null);
  while (running.length < 2) await nextTurn();
  t.deepEqual(synced, ['first']);
  running[1]!(null);
  await log.close();
  t.deepEqual(synced, ['first', 'second', 'third']);
});

test('after a sync that failed everything reaches the database by another way', async (t) => {
  const { connection, running, log, logOctets } = bench(t);
  connection.exec('INSERT INTO kept VALUES (1)');
  t.true(logOctets() > 0);
  const failure = new Promise((resolve) => log.whenSynced(resolve));
  running[0]!(new Error('EIO'));
  t.is(await failure, undefined);
  t.is(logOctets(), 0);
  await log.close();
});

test('nothing is taken for safe while neither the log nor the database takes it', async (t) => {
  const { connection, file, running, log } = bench(t);
  const reader = new Database(file);
  reader.exec('BEGIN; SELECT * FROM kept');
  connection.pragma('busy_timeout = 0');
  connection.exec('INSERT INTO kept VALUES (1)');
  const failure = new Promise((resolve) => log.whenSynced(resolve));
  running[0]!(new Error('EIO'));
  t.true((await failure) instanceof Error);
  reader.close();
  await log.close();
});

test('closing waits for the sync under way', async (t) => {
  const { running, log } = bench(t);
  let isSynced = false;
  log.whenSynced(() => (isSynced = true));
  const closing = log.close();
  running[0]!(null);
  await closing;
  t.true(isSynced);
});
