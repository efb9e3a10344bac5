import test from 'ava';
import { removeItem } from '../../src/store/items.js';
import { FolderType } from '../../src/store/mailboxes.js';
import {
  forgetSkippedItem,
  forgetSkippedItems,
  listSkippedItems,
  recordSkippedItem,
} from '../../src/store/skipped-items.js';
import { addDevice, addText, addUser, folderOf, freshStore, now } from './fresh-store.js';

async function setUp() {
  const store = await freshStore();
  const userId = await addUser(store);
  const [device, other] = [await addDevice(store, userId), await addDevice(store, userId, 'PHONE2')];
  const inbox = await folderOf(store, userId, FolderType.Inbox);
  const sent = await folderOf(store, userId, FolderType.SentItems);
  const items = [await addText(store, userId), await addText(store, userId, { folderId: sent })] as const;
  const record = (deviceId: number, itemId: number, reason = 'TOO_DEEP', at = now) =>
    store.transact((tx) => recordSkippedItem(tx, { deviceId, itemId, reason, now: at }));
  for (const { id } of items) await record(device.id, id);
  await record(other.id, items[0].id);
  const listed = async (deviceId: number) =>
    (await listSkippedItems(store, { deviceId, limit: 10 })).map(({ itemId, reason, at }) => [itemId, reason, at]);
  return { store, device, other, inbox, items, record, listed };
}

test('an item that is skipped again stands once, with the last reason and time', async (t) => {
  const { device, items, record, listed } = await setUp();
  await record(device.id, items[0].id, 'UNKNOWN_TOKEN', now + 1);
  t.deepEqual(await listed(device.id), [
    [items[0].id, 'UNKNOWN_TOKEN', now + 1],
    [items[1].id, 'TOO_DEEP', now],
  ]);
});

test('an item that was written after all is forgotten for that device alone', async (t) => {
  const { store, device, other, items, listed } = await setUp();
  await store.transact((tx) => forgetSkippedItem(tx, { deviceId: device.id, itemId: items[0].id }));
  t.deepEqual(await listed(device.id), [[items[1].id, 'TOO_DEEP', now]]);
  t.deepEqual(await listed(other.id), [[items[0].id, 'TOO_DEEP', now]]);
});

test('a device that begins anew in a folder is tried again there, and there only', async (t) => {
  const { store, device, inbox, items, listed } = await setUp();
  await store.transact((tx) => forgetSkippedItems(tx, { deviceId: device.id, folderId: inbox }));
  t.deepEqual(await listed(device.id), [[items[1].id, 'TOO_DEEP', now]]);
});

test('an item that is deleted is no longer listed', async (t) => {
  const { store, device, items, listed } = await setUp();
  await store.transact((tx) => removeItem(tx, items[0]));
  t.deepEqual(await listed(device.id), [[items[1].id, 'TOO_DEEP', now]]);
});
