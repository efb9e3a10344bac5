import test from 'ava';
import { eq, sql } from 'drizzle-orm';
import { runDirectly } from '../../src/store/direct.js';
import type { Prepared } from '../../src/store/statement.js';
import { openSqlite } from '../../src/store/open.js';

const value = sql.placeholder;

test('a statement that lacks a value is refused', async (t) => {
  const store = await openSqlite(':memory:');
  const prepared = store.db
    .select()
    .from(store.tables.settings)
    .where(eq(store.tables.settings.name, value('name')));
  const direct = runDirectly(prepared.prepare())!;
  t.throws(() => direct({}), { instanceOf: TypeError });
  await store.close();
});

test('rows are what drizzle makes of them: JSON, booleans, null, names of their own', async (t) => {
  const store = await openSqlite(':memory:');
  const { db, tables } = store;
  const insert = db
    .insert(tables.gateways)
    .values({ id: value('id'), type: 'loopback', deliverTo: value('deliverTo'), options: { a: 1 }, createdAt: 5 })
    .returning()
    .prepare();
  const inserted = runDirectly(insert)!({ id: 'one', deliverTo: ['ann@example.com'] });
  t.like(inserted, [{ id: 'one', deliverTo: ['ann@example.com'], options: { a: 1 }, active: true, description: null }]);
  const select = db
    .select({ name: tables.gateways.id, isActive: tables.gateways.active, twice: sql<number>`created_at * 2` })
    .from(tables.gateways)
    .where(eq(tables.gateways.id, value('id')))
    .prepare();
  const rows = runDirectly(select)!({ id: 'one' });
  t.deepEqual(rows, [{ name: 'one', isActive: true, twice: 10 }]);
  t.deepEqual(rows, await select.execute({ id: 'one' }));
  await store.close();
});

test('nested rows of a join stay with drizzle', async (t) => {
  const store = await openSqlite(':memory:');
  const { users, addresses } = store.tables;
  const join = store.db.select({ user: users }).from(addresses).innerJoin(users, eq(users.id, addresses.userId));
  t.is(runDirectly(join.prepare() as unknown as Prepared), undefined);
  await store.close();
});
