import test from 'ava';
import { eq } from 'drizzle-orm';
import type { Change } from '../../src/store/changes.js';
import { getEnteredItems } from '../../src/store/item-pages.js';
import { getItem, getTombstone } from '../../src/store/items.js';
import { FolderType } from '../../src/store/mailboxes.js';
import { findMessage, listMessages } from '../../src/store/messages.js';
import type { Store } from '../../src/store/open.js';
import {
  addConfirmsForMilliseconds,
  addFollowsDeleteForMilliseconds,
  confirmText,
  dropConfirmation,
  getTextOfAdd,
  itemOfMessage,
  listConfirmations,
  markFetched,
  mergeAdd,
  offerText,
  withdrawText,
} from '../../src/store/outbox.js';
import type { ConfirmationWay, MessageState } from '../../src/store/states.js';
import type { Device, Item, Message } from '../../src/store/tables.js';
import { run } from '../../src/store/transaction.js';
import { addDevice, addMessage, addUser, folderOf, freshStore, now } from './fresh-store.js';

interface Scene {
  store: Store;
  device: Device;
  message: Message;
}

async function scene(): Promise<Scene> {
  const store = await freshStore();
  const userId = await addUser(store);
  return { store, device: await addDevice(store, userId), message: await addMessage(store, userId) };
}

function offer({ store, device }: Scene, message: Message, at = now): Promise<boolean> {
  return store.transact((tx) =>
    offerText(tx, { message, device, from: '[MOBILE:+447700900456]', to: '[MOBILE:+447700900123]', now: at }),
  );
}

async function itemOf({ store }: Scene, message: Message): Promise<Item | undefined> {
  return store.read((session) => itemOfMessage(session, message.id));
}

/** Offers the text and lets the phone fetch it. */
async function fetched(here: Scene, message = here.message, at = now): Promise<Item> {
  await offer(here, message, at);
  const item = (await itemOf(here, message))!;
  await here.store.transact((tx) => markFetched(tx, [item], at));
  return item;
}

function confirm({ store, device }: Scene, item: Item, way: ConfirmationWay, at = now): Promise<void> {
  return store.transact((tx) => confirmText(tx, { item, deviceId: device.id, way, now: at }));
}

function textOfAdd({ store, device }: Scene, at = now, text = 'on my way'): Promise<{ message: Message } | undefined> {
  const isRecipient = (number: string): boolean => number === '+447700900123';
  return store.read((session) => getTextOfAdd(session, { deviceId: device.id, text, isRecipient, now: at }));
}

async function setState({ store }: Scene, message: Message, state: MessageState): Promise<void> {
  const { messages } = store.tables;
  await store.transact(function* (tx) {
    yield* run(tx.db.update(messages).set({ state }).where(eq(messages.id, message.id)));
  });
}

test('a text that is no longer queued is not offered', async (t) => {
  const here = await scene();
  for (const state of ['offered', 'sending', 'sent', 'expired', 'unknown'] as const) {
    await setState(here, here.message, state);
    t.false(await offer(here, here.message), state);
  }
  t.is(await itemOf(here, here.message), undefined);
});

test('two offers at once put one item into Outbox', async (t) => {
  const here = await scene();
  t.deepEqual(await Promise.all([offer(here, here.message), offer(here, here.message)]), [true, false]);
  const folderId = await folderOf(here.store, here.device.userId, FolderType.Outbox);
  const items = await here.store.read((s) => getEnteredItems(s, { folderId, class: 'SMS', after: 0, limit: 9 }));
  t.is(items.length, 1);
  t.like(items[0], { text: 'on my way', offeredTo: here.device.id, messageId: here.message.id });
  t.like(await findMessage(here.store, here.message.id), {
    state: 'offered',
    deviceId: here.device.id,
    offeredAt: now,
  });
});

test('a text the phone has fetched is not withdrawn', async (t) => {
  const here = await scene();
  await fetched(here);
  t.false(await here.store.transact((tx) => withdrawText(tx, here.message)));
  t.like(await findMessage(here.store, here.message.id), { state: 'sending', fetchedAt: now });
  t.truthy(await itemOf(here, here.message));
});

test('a withdrawn text is queued again, its item is gone and is not fetched any more', async (t) => {
  const here = await scene();
  await offer(here, here.message);
  const item = (await itemOf(here, here.message))!;
  t.true(await here.store.transact((tx) => withdrawText(tx, here.message)));
  t.like(await findMessage(here.store, here.message.id), { state: 'queued', deviceId: null, offeredAt: null });
  t.is(await itemOf(here, here.message), undefined);
  t.like(await here.store.read((s) => getTombstone(s, item.folderId, item.id)), { offeredTo: here.device.id });
  await here.store.transact((tx) => markFetched(tx, [item], now));
  t.like(await findMessage(here.store, here.message.id), { state: 'queued', fetchedAt: null });
});

test('a fetch and a withdrawal at the same time end in exactly one of them', async (t) => {
  for (const isFetchFirst of [true, false]) {
    const here = await scene();
    await offer(here, here.message);
    const item = (await itemOf(here, here.message))!;
    const fetch = (): Promise<unknown> => here.store.transact((tx) => markFetched(tx, [item], now));
    const withdraw = (): Promise<unknown> => here.store.transact((tx) => withdrawText(tx, here.message));
    await Promise.all(isFetchFirst ? [fetch(), withdraw()] : [withdraw(), fetch()]);
    const { state } = (await findMessage(here.store, here.message.id))!;
    t.is(state, isFetchFirst ? 'sending' : 'queued');
    t.is((await itemOf(here, here.message)) !== undefined, isFetchFirst);
  }
});

for (const [way, left, entered] of [
  ['delete', true, false],
  ['move', true, true],
  ['add', false, true],
] as const) {
  test(`a phone that confirms by ${way} finds the text once in Sent Items and is not told of its own doing`, async (t) => {
    const here = await scene();
    const item = await fetched(here);
    const heard: Change[] = [];
    here.store.changes.listen('confirmation', (change) => heard.push(change));
    await confirm(here, item, way, now + 5);
    const sentItems = await folderOf(here.store, here.device.userId, FolderType.SentItems);
    const moved = await here.store.read((s) => getItem(s, sentItems, item.id));
    t.like(moved, { changedBy: entered ? here.device.id : null, offeredTo: null, date: now + 5 });
    const tombstone = await here.store.read((s) => getTombstone(s, item.folderId, item.id));
    t.is(tombstone?.changedBy, left ? here.device.id : null);
    t.deepEqual(await listConfirmations(here.store), [
      { messageId: here.message.id, deviceId: here.device.id, way, at: now + 5 },
    ]);
    t.is(heard.length, 1);
    await here.store.transact((tx) => dropConfirmation(tx, here.message.id));
    t.deepEqual(await listConfirmations(here.store), []);
  });
}

test('an Add of another text, number or device confirms nothing', async (t) => {
  const here = await scene();
  await fetched(here);
  t.is(await textOfAdd(here, now, 'something else'), undefined);
  const elsewhere = { ...here, device: await addDevice(here.store, here.device.userId, 'PHONE2') };
  t.is(await textOfAdd(elsewhere), undefined);
  const stranger = await here.store.read((session) =>
    getTextOfAdd(session, { deviceId: here.device.id, text: 'on my way', isRecipient: () => false, now }),
  );
  t.is(stranger, undefined);
});

test('an Add confirms a text up to seven days after the offer', async (t) => {
  const here = await scene();
  await fetched(here);
  t.is(await textOfAdd(here, now + addConfirmsForMilliseconds + 1), undefined);
  t.is((await textOfAdd(here, now + addConfirmsForMilliseconds))?.message.id, here.message.id);
});

test('an Add confirms the oldest unconfirmed of equal texts, then the next', async (t) => {
  const here = await scene();
  const second = await addMessage(here.store, here.device.userId, 'm2');
  const first = await fetched(here, here.message, now);
  await fetched(here, second, now + 1);
  t.is((await textOfAdd(here))?.message.id, 'm1');
  await confirm(here, first, 'add');
  t.is((await textOfAdd(here))?.message.id, 'm2');
});

test('an Add that follows the Delete of the same text is merged into it, once and within ten minutes', async (t) => {
  const here = await scene();
  const item = await fetched(here);
  await confirm(here, item, 'delete');
  t.is(await textOfAdd(here, now + addFollowsDeleteForMilliseconds + 1), undefined);
  t.is((await textOfAdd(here, now + addFollowsDeleteForMilliseconds))?.message.id, 'm1');
  const sent = (await itemOf(here, here.message))!;
  const merged = await here.store.transact((tx) => mergeAdd(tx, sent, here.device.id));
  t.like(merged, { id: item.id, changedBy: here.device.id, enteredBy: here.device.id });
  t.is(await textOfAdd(here), undefined);
});

test('a text that nobody knows the outcome of is still confirmed by a late Add', async (t) => {
  const here = await scene();
  await fetched(here);
  await setState(here, here.message, 'unknown');
  t.is((await textOfAdd(here))?.message.id, 'm1');
});

test('messages are listed newest first, page by page', async (t) => {
  const { store, device } = await scene();
  for (const id of ['m2', 'm3']) await addMessage(store, device.userId, id);
  const ids = async (page: { limit: number; before?: string }): Promise<string[]> =>
    (await listMessages(store, page)).map(({ id }) => id);
  t.deepEqual(await ids({ limit: 2 }), ['m3', 'm2']);
  t.deepEqual(await ids({ limit: 2, before: 'm2' }), ['m1']);
});
