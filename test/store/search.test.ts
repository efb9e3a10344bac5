import test from 'ava';
import { sql } from 'drizzle-orm';
import { putUser } from '../../src/accounts/users.js';
import type { NewItem } from '../../src/store/items.js';
import { limits } from '../../src/store/limits.js';
import { FolderType } from '../../src/store/mailboxes.js';
import type { Store } from '../../src/store/open.js';
import { findItemIds, getItemOfUser, type ItemSearch, searchItems, searchUsers } from '../../src/store/search.js';
import { addDevice, addText, addUser, folderOf, freshStore, now } from './fresh-store.js';

async function begin() {
  const store = await freshStore();
  const userId = await addUser(store);
  const inbox = await folderOf(store, userId, FolderType.Inbox);
  const add = (more: Partial<NewItem>) => addText(store, userId, more);
  const find = async (search: Partial<ItemSearch>) => {
    const whole = { folderIds: [inbox], classes: ['SMS', 'Email'] as const, terms: [], ...search };
    return (await searchItems(store, whole, { offset: 0, limit: 10 })).rows.map(({ text }) => text);
  };
  return { store, userId, inbox, add, find };
}

test('what is offered to a phone is never found', async (t) => {
  const { store, userId, add, find } = await begin();
  const device = await addDevice(store, userId);
  await add({ text: 'on its way', offeredTo: device.id });
  t.deepEqual(await find({}), []);
});

test('nothing is found without a folder or a class, nor in another mailbox', async (t) => {
  const { store, add, find } = await begin();
  const item = await add({});
  t.deepEqual(await find({ folderIds: [] }), []);
  t.deepEqual(await find({ classes: [] }), []);
  const other = await addUser(store, 'bert@example.com');
  t.deepEqual(await find({ folderIds: [await folderOf(store, other, FolderType.Inbox)] }), []);
  t.is(await store.read((session) => getItemOfUser(session, other, item.id)), undefined);
  t.deepEqual(await store.read((session) => getItemOfUser(session, item.userId, item.id)), item);
});

test('wildcards of the database are letters like others', async (t) => {
  const { add, find } = await begin();
  await add({ text: '100% sure' });
  await add({ text: '100 sure' });
  await add({ text: 'a_b \\ c' });
  await add({ text: 'axb' });
  t.deepEqual(await find({ terms: [{ text: '100%' }] }), ['100% sure']);
  t.deepEqual(await find({ terms: [{ text: 'a_b' }] }), ['a_b \\ c']);
  t.deepEqual(await find({ terms: [{ text: '\\ C' }] }), ['a_b \\ c']);
  t.deepEqual(await find({ terms: [{ text: "'; drop table items; --" }] }), []);
});

test('all terms are to be met, in any field or in the one they name, unless they are excluded', async (t) => {
  const { add, find } = await begin();
  const properties = { cc: '"Eve" <eve@example.com>' };
  await add({ class: 'Email', subject: 'Lunch', text: 'at noon', from: 'bo@example.com', to: 'ann', properties });
  await add({ text: 'lunch at one', date: now - 1000, from: '"Bo" [MOBILE:+447700900789]' });
  t.deepEqual(await find({ terms: [{ text: 'LUNCH' }, { text: 'bo' }] }), ['at noon', 'lunch at one']);
  t.deepEqual(await find({ terms: [{ text: 'lunch', field: 'subject' }] }), ['at noon']);
  t.deepEqual(await find({ terms: [{ text: '"eve" <' }] }), ['at noon']);
  t.deepEqual(await find({ terms: [{ text: 'eve', field: 'cc' }] }), ['at noon']);
  t.deepEqual(await find({ terms: [{ text: 'eve', field: 'from' }] }), []);
  t.deepEqual(await find({ terms: [{ text: 'lunch' }, { text: 'noon', isExcluded: true }] }), ['lunch at one']);
  t.deepEqual(await find({ terms: [{ text: '447700900789' }] }), ['lunch at one']);
});

test('case does not matter in any script', async (t) => {
  const { add, find } = await begin();
  await add({ text: 'GRÜSSE aus ZÜRICH' });
  await add({ text: 'ПРИВЕТ', date: now - 1000 });
  t.deepEqual(await find({ terms: [{ text: 'zürich' }] }), ['GRÜSSE aus ZÜRICH']);
  t.deepEqual(await find({ terms: [{ text: 'zu\u0308rich' }] }), ['GRÜSSE aus ZÜRICH']);
  t.deepEqual(await find({ terms: [{ text: 'привет' }] }), ['ПРИВЕТ']);
});

test('items are limited by class, date and what the caller asks of them', async (t) => {
  const { add, find } = await begin();
  for (const hour of [1, 2, 3]) await add({ text: String(hour), date: now + hour });
  await add({ text: 'mail', class: 'Email', date: now + 4 });
  t.deepEqual(await find({ classes: ['Email'] }), ['mail']);
  t.deepEqual(await find({ after: now + 1, before: now + 4 }), ['3', '2']);
  t.deepEqual(await find({ matches: ({ text }) => text !== '2' }), ['mail', '3', '1']);
});

test('a page is cut out of what was found, newest first over all folders', async (t) => {
  const { store, userId, inbox, add } = await begin();
  const sent = await folderOf(store, userId, FolderType.SentItems);
  for (let hour = 0; hour < 6; hour++)
    await add({ text: String(hour), date: now + hour, folderId: hour % 2 ? sent : inbox });
  const search = { folderIds: [inbox, sent], classes: ['SMS'], terms: [] } as const;
  const { rows, total } = await searchItems(store, search, { offset: 1, limit: 3 });
  t.deepEqual(
    rows.map(({ text }) => text),
    ['4', '3', '2'],
  );
  t.is(total, 6);
  t.deepEqual(await searchItems(store, search, { offset: 6, limit: 3 }), { rows: [], total: 6 });
});

test('no more than the newest items are looked at, and others have their turn meanwhile', async (t) => {
  const { store, userId, inbox } = await begin();
  await fill(store, { userId, folderId: inbox, count: limits.itemsSearched + 1 });
  const search = { folderIds: [inbox], classes: ['SMS'], terms: [] } as const;
  let turns = 0;
  const count = setInterval(() => turns++, 0);
  const found = await findItemIds(store, search);
  clearInterval(count);
  t.is(found.length, limits.itemsSearched);
  t.true(turns > 1);
});

async function fill(store: Store, { userId, folderId, count }: { userId: number; folderId: number; count: number }) {
  const { items } = store.tables;
  const numbers = sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})`;
  const columns = sql`user_id, folder_id, class, sequence, entered_sequence, "from", "to", text, date`;
  const row = sql`${userId}, ${folderId}, 'SMS', 1, 1, '', '', 'hello', i`;
  await store.db.run(sql`${numbers} insert into ${items} (${columns}) select ${row} from n`);
}

test('users are found by the beginnings of their names, addresses, aliases and numbers, in their own domain', async (t) => {
  const store = await freshStore();
  const put = (address: string, more: object) => putUser(store, address, { now, ...more });
  await put('ann@example.com', {
    displayName: 'Ann Björk',
    phoneNumber: '+12025550100',
    aliases: ['boss@example.com'],
  });
  await put('bert@example.com', { displayName: 'Bert Anders' });
  await put('ann@example.org', { displayName: 'Ann Other' });
  const find = async (text: string, offset = 0) => {
    const { rows, total } = await searchUsers(store, { domain: 'example.com', text }, { offset, limit: 1 });
    return [...rows.map(({ address }) => address), total];
  };
  t.deepEqual(await find('  '), [0]);
  t.deepEqual(await find('%'), [0]);
  t.deepEqual(await find('nn'), [0]);
  t.deepEqual(await find('AN'), ['ann@example.com', 2]);
  t.deepEqual(await find('AN', 1), ['bert@example.com', 2]);
  t.deepEqual(await find('an bj'), ['ann@example.com', 1]);
  t.deepEqual(await find('BJÖRK'), ['ann@example.com', 1]);
  t.deepEqual(await find('boss@'), ['ann@example.com', 1]);
  t.deepEqual(await find('+1 (202) 555'), ['ann@example.com', 1]);
  t.deepEqual(await find('1202'), ['ann@example.com', 1]);
});
