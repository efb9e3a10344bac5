import test from 'ava';
import type { Change, Watch } from '../../src/store/changes.js';
import { forgetClientAdds, getClientAdd, putClientAdd } from '../../src/store/client-adds.js';
import { getCollection, getKeptAnswer, glanceAtCollection, putCollection } from '../../src/store/collections.js';
import { ensureDevice, getDevicesOf } from '../../src/store/devices.js';
import { getChangedItems, getEnteredItems, getTombstonesAfter, listItems } from '../../src/store/item-pages.js';
import { changeItem, getItem, getTombstone, moveItem, removeItem } from '../../src/store/items.js';
import {
  FolderType,
  getFolder,
  getFoldersAfter,
  getMailbox,
  listFolders,
  nextSequence,
} from '../../src/store/mailboxes.js';
import type { Store } from '../../src/store/open.js';
import { addDevice, addText, addUser, folderOf, freshStore, now, sequenceOf } from './fresh-store.js';

const everything = { class: 'SMS', after: 0, limit: 100 } as const;

test('a change in a mailbox that does not exist is a mistake of the caller', async (t) => {
  const store = await freshStore();
  await t.throwsAsync(
    store.transact((tx) => nextSequence(tx, 4711)),
    { instanceOf: RangeError },
  );
  await t.throwsAsync(
    store.read((session) => getMailbox(session, 4711)),
    { instanceOf: RangeError },
  );
});

test('an item is found in its own folder alone', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const item = await addText(store, userId);
  const outbox = await folderOf(store, userId, FolderType.Outbox);
  t.is(await store.read((session) => getItem(session, outbox, item.id)), undefined);
  t.deepEqual(await store.read((session) => getItem(session, item.folderId, item.id)), item);
});

test('a mailbox begins with its five folders, each a change of the hierarchy', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const folders = await listFolders(store, userId);
  t.deepEqual(
    folders.map(({ name, type, sequence }) => [name, type, sequence]),
    [
      ['Inbox', 2, 1],
      ['Drafts', 3, 2],
      ['Deleted Items', 4, 3],
      ['Sent Items', 5, 4],
      ['Outbox', 6, 5],
    ],
  );
  t.is((await store.read((session) => getMailbox(session, userId))).hierarchySequence, 5);
  t.deepEqual(
    (await store.read((session) => getFoldersAfter(session, userId, 3))).map(({ name }) => name),
    ['Sent Items', 'Outbox'],
  );
});

test('every change takes the next number of its mailbox and leaves it at the folder', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const other = await addUser(store, 'bert@example.com');
  const before = await sequenceOf(store, userId);
  const item = await addText(store, userId);
  t.is(item.sequence, before + 1);
  t.is(item.enteredSequence, before + 1);
  await store.transact((tx) => changeItem(tx, item, { read: true }));
  const [changed] = await store.read((session) => getEnteredItems(session, { ...everything, folderId: item.folderId }));
  t.like(changed, { read: true, sequence: before + 2, enteredSequence: before + 1 });
  t.is(await itemSequenceOf(store, userId, item.folderId), before + 2);
  t.is(await sequenceOf(store, other), before);
});

test('a removed item leaves a tombstone that tells since when it was there', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const item = await addText(store, userId);
  await store.transact((tx) => removeItem(tx, item, 7));
  const query = { ...everything, folderId: item.folderId };
  t.deepEqual(await store.read((session) => getEnteredItems(session, query)), []);
  const tombstones = await store.read((session) => getTombstonesAfter(session, query));
  t.deepEqual(tombstones, [
    {
      folderId: item.folderId,
      sequence: item.sequence + 1,
      itemId: item.id,
      class: 'SMS',
      enteredSequence: item.enteredSequence,
      enteredBy: null,
      changedBy: 7,
      offeredTo: null,
      date: item.date,
    },
  ]);
});

test('a moved item keeps its id, dies in the old folder and enters the new one', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const item = await addText(store, userId);
  const deleted = await folderOf(store, userId, FolderType.DeletedItems);
  await store.transact((tx) => moveItem(tx, item, { folderId: deleted, leftBy: 3, change: { read: true } }));
  t.like(await store.read((session) => getTombstone(session, item.folderId, item.id)), {
    sequence: item.sequence + 1,
    changedBy: 3,
  });
  t.like(await store.read((session) => getItem(session, deleted, item.id)), {
    sequence: item.sequence + 2,
    enteredSequence: item.sequence + 2,
    changedBy: null,
    read: true,
  });
});

test('an item that comes back has a tombstone for each time it left', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const item = await addText(store, userId);
  const deleted = await folderOf(store, userId, FolderType.DeletedItems);
  await store.transact(function* (tx) {
    yield* moveItem(tx, item, { folderId: deleted });
    const there = (yield* getItem(tx, deleted, item.id))!;
    yield* moveItem(tx, there, { folderId: item.folderId });
    const back = (yield* getItem(tx, item.folderId, item.id))!;
    yield* removeItem(tx, back);
  });
  const query = { ...everything, folderId: item.folderId };
  const left = await store.read((session) => getTombstonesAfter(session, query));
  t.deepEqual(
    left.map(({ sequence, enteredSequence }) => [enteredSequence - item.sequence, sequence - item.sequence]),
    [
      [0, 1],
      [4, 5],
    ],
  );
  t.like(await store.read((session) => getTombstone(session, item.folderId, item.id)), { sequence: item.sequence + 5 });
});

test('items come in the order they entered, one class at a time, up to the limit', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const first = await addText(store, userId, { text: '1' });
  await addText(store, userId, { class: 'Email', text: 'mail' });
  await addText(store, userId, { text: '2' });
  await addText(store, userId, { text: '3' });
  await store.transact((tx) => changeItem(tx, first, { read: true }));
  const texts = async (after: number, limit: number): Promise<string[]> => {
    const page = { folderId: first.folderId, class: 'SMS', after, limit } as const;
    return (await store.read((session) => getEnteredItems(session, page))).map(({ text }) => text);
  };
  t.deepEqual(await texts(0, 2), ['1', '2']);
  t.deepEqual(await texts(0, 9), ['1', '2', '3']);
  t.deepEqual(await texts(first.sequence, 9), ['2', '3']);
});

test('changes are told of items a device was given or put there itself, and of no others', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const given = await addText(store, userId, { text: 'given' });
  const own = await addText(store, userId, { text: 'own', changedBy: 7 });
  const ahead = await addText(store, userId, { text: 'ahead' });
  const texts = async (enteredBy: number): Promise<string[]> => {
    const { folderId, enteredSequence: enteredUpTo } = given;
    const page = { folderId, class: 'SMS', after: ahead.sequence, limit: 9, enteredUpTo, enteredBy } as const;
    return (await store.read((session) => getChangedItems(session, page))).map(({ text }) => text);
  };
  t.deepEqual(await texts(7), []);
  for (const item of [ahead, own, given]) await store.transact((tx) => changeItem(tx, item, { read: true }));
  t.deepEqual(await texts(7), ['own', 'given']);
  t.deepEqual(await texts(8), ['given']);
});

test('a folder is found in its own mailbox alone', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const other = await addUser(store, 'bert@example.com');
  const inbox = await folderOf(store, userId, FolderType.Inbox);
  t.is(await store.read((session) => getFolder(session, other, inbox)), undefined);
  t.like(await store.read((session) => getFolder(session, userId, inbox)), { name: 'Inbox' });
});

test('people read a folder newest first, page by page', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const [a, b, c] = [await addText(store, userId), await addText(store, userId), await addText(store, userId)];
  const page = await listItems(store, { folderId: a.folderId, limit: 2 });
  t.deepEqual(page, [c, b]);
  t.deepEqual(await listItems(store, { folderId: a.folderId, limit: 2, before: b.id }), [a]);
});

test('a change wakes who watches that folder, and nobody else', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const other = await addUser(store, 'bert@example.com');
  const inbox = await folderOf(store, userId, FolderType.Inbox);
  const outbox = await folderOf(store, userId, FolderType.Outbox);
  const woken: [string, Change][] = [];
  const watch = (name: string, folderIds: number[]): Watch => ({
    folderIds,
    wake: (change) => woken.push([name, change]),
  });
  store.changes.watch(userId, watch('inbox', [inbox]));
  store.changes.watch(userId, watch('outbox', [outbox]));
  store.changes.watch(other, watch('other', [inbox]));
  await addText(store, userId);
  t.deepEqual(woken, [['inbox', { topic: 'folder', userId, folderId: inbox }]]);
  woken.length = 0;
  store.changes.publish({ topic: 'hierarchy', userId });
  t.deepEqual(
    woken.map(([name]) => name),
    ['inbox', 'outbox'],
  );
});

test('a watch that ends itself while it is woken leaves the others to be woken', (t) => {
  return freshStore().then(({ changes }) => {
    const woken: number[] = [];
    for (const n of [1, 2, 3]) {
      const watch: Watch = { folderIds: [9], wake: () => (woken.push(n), changes.unwatch(1, watch)) };
      changes.watch(1, watch);
    }
    changes.publish({ topic: 'folder', userId: 1, folderId: 9 });
    changes.publish({ topic: 'folder', userId: 1, folderId: 9 });
    t.deepEqual(woken, [1, 2, 3]);
  });
});

test('a listener hears its topic until it leaves', async (t) => {
  const { changes } = await freshStore();
  let heard = 0;
  const leave = changes.listen('device', () => heard++);
  changes.publish({ topic: 'device', userId: 1 });
  changes.publish({ topic: 'access', userId: 1 });
  leave();
  changes.publish({ topic: 'device', userId: 1 });
  t.is(heard, 1);
});

test('two first requests of a device make one row', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const device = {
    userId,
    deviceId: 'PHONE1',
    type: 'T',
    protocolVersion: '16.1',
    userAgent: null,
    state: 'allowed',
  } as const;
  const [a, b] = await Promise.all(
    [1, 2].map((n) => store.transact((tx) => ensureDevice(tx, { ...device, now: now + n }))),
  );
  t.deepEqual(a, b);
  t.is((await store.read((session) => getDevicesOf(session, userId))).length, 1);
});

test('the state of a collection is written whole and read at a glance beside its folder', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const device = await addDevice(store, userId);
  const { folderId, sequence } = await addText(store, userId);
  const state = {
    deviceId: device.id,
    folderId,
    syncKey: 1,
    view: 'mailbox' as const,
    marks: {
      SMS: { as: 'Email' as const, entered: sequence, changed: sequence - 1, started: 0, since: 5, sinceId: 0 },
    },
    settledSequence: sequence,
    settledUntil: 86_400_000,
    options: [{ class: 'SMS' as const, filterType: 2, bodyPreferences: [{ type: 1, truncationSize: 1 }] }],
    answer: Buffer.from([3, 1]),
    requestDigest: 'd',
  };
  t.is(await store.read((session) => glanceAtCollection(session, device.id, folderId)), undefined);
  await store.transact((tx) => putCollection(tx, { ...state, syncKey: 9, answer: null }));
  await store.transact((tx) => putCollection(tx, state));
  const { answer, ...kept } = state;
  t.deepEqual(await store.read((session) => getCollection(session, device.id, folderId)), kept);
  t.deepEqual(await store.read((session) => getKeptAnswer(session, state)), answer);
  const glance = {
    syncKey: 1,
    settledSequence: sequence,
    settledUntil: state.settledUntil,
    view: 'mailbox',
    options: state.options,
    itemSequence: sequence,
    folderType: FolderType.Inbox,
  } as const;
  t.like(await store.read((session) => glanceAtCollection(session, device.id, folderId)), glance);
  store.recent.clear();
  t.deepEqual(await store.read((session) => getCollection(session, device.id, folderId)), kept);
  t.deepEqual(await store.read((session) => glanceAtCollection(session, device.id, folderId)), glance);
});

test('an Add is known again by ClientId and content, until it is forgotten', async (t) => {
  const store = await freshStore();
  const device = await addDevice(store, await addUser(store));
  const add = { deviceId: device.id, folderId: 5, clientId: '1', digest: 'a' };
  const get = (more: Partial<typeof add> = {}): Promise<number | undefined> =>
    store.read((session) => getClientAdd(session, { ...add, ...more }));
  await store.transact((tx) => putClientAdd(tx, { ...add, itemId: 42, now }));
  t.is(await get({ digest: 'b' }), undefined);
  t.is(await get({ folderId: 6 }), undefined);
  t.is(await get(), 42);
  await store.transact((tx) => forgetClientAdds(tx, now));
  t.is(await get(), 42);
  await store.transact((tx) => forgetClientAdds(tx, now + 1));
  t.is(await get(), undefined);
});

async function itemSequenceOf(store: Store, userId: number, folderId: number): Promise<number> {
  return (await listFolders(store, userId)).find(({ id }) => id === folderId)!.itemSequence;
}
