import Database from 'better-sqlite3';
import test from 'ava';
import { eq } from 'drizzle-orm';
import type { Change } from '../../src/store/changes.js';
import { Changes } from '../../src/store/changes.js';
import { isUniqueViolation } from '../../src/store/dialect.js';
import { StoreError } from '../../src/store/errors.js';
import type { Session, Transaction } from '../../src/store/session.js';
import { RecentRows } from '../../src/store/recent.js';
import { EachCommit } from '../../src/store/ground.js';
import { SharedCommit } from '../../src/store/shared-commit.js';
import { run, type Steps } from '../../src/store/transaction.js';
import { getClientAdd, putClientAdd } from '../../src/store/client-adds.js';
import { addDevice, addUser, freshStore, now } from './fresh-store.js';

function insertDomain(name: string): (tx: Transaction) => Steps<string> {
  return function* (tx) {
    yield* run(tx.db.insert(tx.tables.domains).values({ name }));
    tx.announce({ topic: 'queue' });
    return name;
  };
}

test('a body that throws takes nothing of its neighbours with it', async (t) => {
  const store = await freshStore();
  const { domains } = store.tables;
  const outcomes = await Promise.allSettled([
    store.transact(insertDomain('a.example')),
    store.transact(function* (tx) {
      yield* insertDomain('b.example')(tx);
      throw new Error('changed its mind');
    }),
    store.transact(insertDomain('c.example')),
  ]);
  t.deepEqual(
    outcomes.map((outcome) => outcome.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  const names = (await store.db.select().from(domains)).map(({ name }) => name);
  t.deepEqual(names, ['a.example', 'c.example']);
});

test('a failed statement ends its body, which cannot catch it', async (t) => {
  const store = await freshStore();
  await store.transact(insertDomain('a.example'));
  let isPastFailure = false;
  const doubled = store.transact(function* (tx) {
    yield* insertDomain('b.example')(tx);
    try {
      yield* insertDomain('a.example')(tx);
    } catch {
      isPastFailure = true;
    }
    isPastFailure = true;
  });
  t.true(isUniqueViolation(await t.throwsAsync(doubled, { any: true })));
  t.false(isPastFailure);
  t.is((await store.db.select().from(store.tables.domains)).length, 1);
});

test('a prepared statement that fails ends its body as well', async (t) => {
  const store = await freshStore();
  const device = await addDevice(store, await addUser(store));
  const add = { deviceId: device.id, folderId: 1, clientId: 'A1', digest: 'd', itemId: 1, now };
  let isPastFailure = false;
  const doubled = store.transact(function* (tx) {
    yield* putClientAdd(tx, add);
    try {
      yield* putClientAdd(tx, add);
    } catch {
      isPastFailure = true;
    }
    isPastFailure = true;
  });
  t.true(isUniqueViolation(await t.throwsAsync(doubled, { any: true })));
  t.false(isPastFailure);
  t.is(await store.read((session) => getClientAdd(session, add)), undefined);
});

test('what a failed body announced is not published', async (t) => {
  const store = await freshStore();
  const heard: Change[] = [];
  store.changes.listen('queue', (change) => heard.push(change));
  store.changes.listen('confirmation', (change) => heard.push(change));
  const failing = store.transact(function* (tx) {
    yield* insertDomain('a.example')(tx);
    throw new Error('no');
  });
  const other = store.transact(function* (tx) {
    tx.announce({ topic: 'confirmation' });
  });
  await Promise.allSettled([failing, other]);
  t.deepEqual(heard, [{ topic: 'confirmation' }]);
});

test('announcements come when the row can be read', async (t) => {
  const store = await freshStore();
  const { domains } = store.tables;
  const seen = new Promise<number>((resolve, reject) => {
    store.changes.listen('queue', () => {
      store.db
        .select()
        .from(domains)
        .then((rows) => resolve(rows.length), reject);
    });
  });
  await store.transact(insertDomain('a.example'));
  t.is(await seen, 1);
});

test('a COMMIT that fails rejects everybody in it and announces nothing', async (t) => {
  const { commits, changes, connection } = onConnection({
    COMMIT() {
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    },
  });
  let heard = 0;
  changes.listen('queue', () => heard++);
  const bodies = [1, 2].map((value) =>
    commits.transact(function* (tx) {
      connection.exec(`INSERT INTO kept VALUES (${value})`);
      tx.announce({ topic: 'queue' });
    }),
  );
  for (const outcome of await Promise.allSettled(bodies))
    t.like(outcome, { status: 'rejected', reason: { code: 'STORAGE_UNAVAILABLE' } });
  t.is(heard, 0);
  t.false(connection.inTransaction);
  t.deepEqual(connection.prepare('SELECT * FROM kept').all(), []);
});

test('a transaction that SQLite itself rolls back rejects everybody in it', async (t) => {
  const { commits, connection } = onConnection({});
  const first = commits.transact(function* () {
    connection.exec('INSERT INTO kept VALUES (1)');
  });
  const second = commits.transact(function* () {
    connection.exec('INSERT OR ROLLBACK INTO kept VALUES (1)');
  });
  const error = await t.throwsAsync(first, { instanceOf: StoreError });
  t.is(error?.code, 'STORAGE_UNAVAILABLE');
  await t.throwsAsync(second, { instanceOf: StoreError });
  t.deepEqual(connection.prepare('SELECT * FROM kept').all(), []);
});

test('the next commit works after one that failed', async (t) => {
  let isFull = true;
  const { commits, connection } = onConnection({
    COMMIT(commit) {
      if (isFull) throw new Error('full');
      commit();
    },
  });
  const insert = (value: number) => () =>
    (function* (): Steps<void> {
      connection.exec(`INSERT INTO kept VALUES (${value})`);
    })();
  await t.throwsAsync(commits.transact(insert(1)));
  isFull = false;
  await commits.transact(insert(2));
  t.deepEqual(connection.prepare('SELECT value FROM kept').pluck().all(), [2]);
});

test('bodies that arrive together share one commit, a long line is cut', async (t) => {
  let commitCount = 0;
  const { commits } = onConnection({
    COMMIT(commit) {
      commitCount++;
      commit();
    },
  });
  const bodies = Array.from({ length: 300 }, (_, value) =>
    commits.transact(function* () {
      return value;
    }),
  );
  t.deepEqual(await Promise.all(bodies), [...bodies.keys()]);
  t.is(commitCount, 2);
});

test('closing runs what still waits, and nothing after it', async (t) => {
  const store = await freshStore();
  const waiting = store.transact(insertDomain('a.example'));
  await store.close();
  t.is(await waiting, 'a.example');
  await t.throwsAsync(store.transact(insertDomain('b.example')), { instanceOf: StoreError });
});

test('a body that yields no statement is a mistake of its author', async (t) => {
  const store = await freshStore();
  const promise = store.transact(function* () {
    yield Promise.resolve() as never;
  });
  await t.throwsAsync(promise, { instanceOf: TypeError });
});

test('a query outside a transaction sees the committed rows alone', async (t) => {
  const store = await freshStore();
  const { domains } = store.tables;
  const writing = store.transact(insertDomain('a.example'));
  const before = await store.db.select().from(domains).where(eq(domains.name, 'a.example'));
  await writing;
  t.deepEqual(before, []);
});

type Hooks = Partial<Record<string, (run: () => void) => void>>;

// A connection on which single statements may be made to fail, as a full disk does.
function onConnection(hooks: Hooks): { commits: SharedCommit; changes: Changes; connection: Database.Database } {
  const connection = new Database(':memory:');
  connection.exec('CREATE TABLE kept (value INTEGER UNIQUE)');
  const prepare = (sql: string): { run(): void } => {
    const statement = connection.prepare(sql);
    const hook = hooks[sql];
    return { run: () => (hook ? hook(() => void statement.run()) : void statement.run()) };
  };
  const hooked = {
    prepare,
    get inTransaction() {
      return connection.inTransaction;
    },
  } as unknown as Database.Database;
  const changes = new Changes();
  const session = { recent: new RecentRows() } as unknown as Session;
  return {
    commits: new SharedCommit({ connection: hooked, ground: new EachCommit(hooked) }, session, changes),
    changes,
    connection,
  };
}

test('reads of one turn share a snapshot, and the first read after a commit sees what it wrote', async (t) => {
  const store = await freshStore();
  const count = () =>
    store.read(function* ({ db, tables }) {
      return (yield* run(db.select().from(tables.domains))).length;
    });
  t.is(await count(), 0);
  // The snapshot of this read is still open when the commit begins.
  const [before] = await Promise.all([count(), store.transact(insertDomain('a.example'))]);
  t.is(before, 0);
  t.is(await count(), 1);
});

test('a store closes while a snapshot is open', async (t) => {
  const store = await freshStore();
  const read = store.read(function* ({ db, tables }) {
    return (yield* run(db.select().from(tables.domains))).length;
  });
  await store.close();
  t.is(await read, 0);
});
