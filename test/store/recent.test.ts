import test from 'ava';
import { getCollection, putCollection } from '../../src/store/collections.js';
import { getEnteredItems } from '../../src/store/item-pages.js';
import { placeFolder, removeFolders } from '../../src/store/folder-changes.js';
import { addItem, changeItem, getItem, moveItem, removeItem } from '../../src/store/items.js';
import { limits } from '../../src/store/limits.js';
import { FolderType, getFolder } from '../../src/store/mailboxes.js';
import { mergeAdd } from '../../src/store/outbox.js';
import type { Store } from '../../src/store/open.js';
import type { Collection, Item } from '../../src/store/tables.js';
import { removeUser } from '../../src/store/users.js';
import { addDevice, addText, addUser, folderOf, freshStore, now } from './fresh-store.js';

test('a change that was taken back is not what the next device reads', async (t) => {
  const store = await freshStore();
  const item = await addText(store, await addUser(store));
  await t.throwsAsync(
    store.transact(function* (tx) {
      yield* changeItem(tx, item, { text: 'taken back' });
      yield* getEnteredItems(tx, pageOf(item));
      throw new Error('the disk is full');
    }),
  );
  // The same number again, for another change.
  await store.transact((tx) => changeItem(tx, item, { text: 'changed' }));
  t.deepEqual(await textsOf(store, item), ['changed']);
});

test('a collection that was taken back is as it was before', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const device = await addDevice(store, userId);
  const folderId = await folderOf(store, userId, FolderType.Inbox);
  const first = collection({ deviceId: device.id, folderId, syncKey: 1 });
  await store.transact((tx) => putCollection(tx, first));
  await t.throwsAsync(
    store.transact(function* (tx) {
      yield* putCollection(tx, { ...first, syncKey: 2 });
      throw new Error('the disk is full');
    }),
  );
  const known = await store.read((session) => getCollection(session, device.id, folderId));
  t.is(known?.syncKey, 1);
});

test('an item that changed, moved or was merged is read anew by whoever reads the folder next', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const device = await addDevice(store, userId);
  const item = await addText(store, userId);
  t.is((await read(store, item))[0], (await read(store, item))[0]);
  await store.transact((tx) => changeItem(tx, item, { read: true }));
  t.like(await read(store, item), [{ read: true }]);
  await store.transact((tx) => mergeAdd(tx, { ...item, messageId: 'none' }, device.id));
  t.like(await read(store, item), [{ enteredBy: device.id }]);
  const folderId = await folderOf(store, userId, FolderType.SentItems);
  await store.transact(function* (tx) {
    yield* moveItem(tx, (yield* getItem(tx, item.folderId, item.id))!, { folderId });
  });
  t.deepEqual(await read(store, item), []);
  t.like(await read(store, { ...item, folderId }), [{ id: item.id, folderId }]);
});

test('a text that is offered, and a long one, are read each time', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const { folderId } = await addText(store, userId);
  const own = shape({ userId, folderId });
  const offered = await store.transact((tx) => addItem(tx, { ...own, text: 'offered', offeredTo: 1 }));
  const long = 'long '.repeat(limits.recentItemCharacters);
  await store.transact((tx) => addItem(tx, { ...own, text: long }));
  const [, ...again] = await read(store, offered);
  const [, ...once] = await read(store, offered);
  t.deepEqual(again, once);
  t.true(again.every((item, index) => item !== once[index]));
});

test('a folder is as it was before what was taken back, and as it is after what was done', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const { folderId: id } = await addText(store, userId);
  const folder = () => store.read((session) => getFolder(session, userId, id));
  const before = await folder();
  await t.throwsAsync(
    store.transact(function* (tx) {
      yield* addItem(tx, { ...shape({ userId, folderId: id }), text: 'taken back' });
      throw new Error('the disk is full');
    }),
  );
  t.deepEqual(await folder(), before);
  await addText(store, userId);
  t.like(await folder(), { itemSequence: before!.itemSequence + 1, changedSequence: before!.changedSequence });
  const place = { parentId: undefined, name: 'Renamed' };
  await store.transact(function* (tx) {
    yield* placeFolder(tx, (yield* getFolder(tx, userId, id))!, place);
  });
  t.is((await folder())?.name, 'Renamed');
  await store.transact((tx) => removeFolders(tx, userId, [id]));
  t.true((await folder())?.deleted);
});

test('a folder is found in its own mailbox alone, and not after its user', async (t) => {
  const store = await freshStore();
  const [userId, otherId] = [await addUser(store), await addUser(store, 'ben@example.com')];
  const id = await folderOf(store, userId, FolderType.Inbox);
  const find = (user: number) => store.read((session) => getFolder(session, user, id));
  t.is((await find(userId))?.id, id);
  t.is(await find(otherId), undefined);
  await store.transact((tx) => removeUser(tx, userId));
  t.is(await find(userId), undefined);
});

test('what the devices of a woken mailbox read is the same page, until something enters, changes or leaves', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const item = await addText(store, userId, { text: 'first' });
  await store.read((session) => getFolder(session, userId, item.folderId));
  const woken = () => store.read((session) => getEnteredItems(session, { ...pageOf(item), limit: 2 }));
  const texts = async () => (await woken()).map(({ text }) => text);
  t.is(await woken(), await woken());
  await store.transact((tx) => changeItem(tx, item, { text: 'changed' }));
  t.deepEqual(await texts(), ['changed']);
  const second = await addText(store, userId, { text: 'second' });
  t.deepEqual(await texts(), ['changed', 'second']);
  await store.transact((tx) => removeItem(tx, second));
  t.deepEqual(await texts(), ['changed']);
  const device = await addDevice(store, userId);
  await store.transact((tx) => mergeAdd(tx, { ...item, messageId: 'none' }, device.id));
  t.like(await woken(), [{ enteredBy: device.id }]);
});

test('devices that walk through a folder, each at another place, find the pages of those before them', async (t) => {
  const store = await freshStore();
  const userId = await addUser(store);
  const first = await addText(store, userId, { text: 'first' });
  await addText(store, userId, { text: 'second' });
  await store.read((session) => getFolder(session, userId, first.folderId));
  const step = (after: number) =>
    store.read((session) => getEnteredItems(session, { ...pageOf(first), after, limit: 1 }));
  const [one, two] = [await step(0), await step(first.enteredSequence)];
  t.deepEqual(
    [...one, ...two].map(({ text }) => text),
    ['first', 'second'],
  );
  t.is(await step(0), one);
  t.is(await step(first.enteredSequence), two);
  await addText(store, userId, { text: 'third' });
  t.not(await step(0), one);
});

test('of more devices than are kept, the one that came last is still known', async (t) => {
  const store = await freshStore();
  await store.transact(function* (tx) {
    for (let deviceId = 1; deviceId <= 3 * limits.recentDevices; deviceId++)
      tx.recent.keepCollection(collection({ deviceId, folderId: 1, syncKey: deviceId }));
  });
  t.is(store.recent.collection(1, 1), undefined);
  t.is(store.recent.collection(3 * limits.recentDevices, 1)?.syncKey, 3 * limits.recentDevices);
});

function shape(own: { userId: number; folderId: number }) {
  return { ...own, class: 'SMS', from: 'a', to: 'b', date: now } as const;
}

function pageOf({ folderId }: Pick<Item, 'folderId'>) {
  return { folderId, class: 'SMS', after: 0, limit: 10 } as const;
}

function read(store: Store, item: Pick<Item, 'folderId'>): Promise<readonly Item[]> {
  return store.read((session) => getEnteredItems(session, pageOf(item)));
}

async function textsOf(store: Store, item: Item): Promise<string[]> {
  return (await read(store, item)).map(({ text }) => text);
}

function collection(own: Pick<Collection, 'deviceId' | 'folderId' | 'syncKey'>): Collection {
  return {
    ...own,
    view: 'mailbox',
    marks: {},
    settledSequence: -1,
    settledUntil: null,
    options: [],
    answer: null,
    requestDigest: null,
  };
}
