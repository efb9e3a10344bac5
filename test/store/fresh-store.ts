// A store in memory with a user, a device and a queued text: what the tests of the tables begin with.

import type { Device, Item, Message } from '../../src/store/tables.js';
import { ensureDevice } from '../../src/store/devices.js';
import { addItem, type NewItem } from '../../src/store/items.js';
import { createMailbox, FolderType, getFolderOfType, getMailbox } from '../../src/store/mailboxes.js';
import { enqueue, findMessage } from '../../src/store/messages.js';
import { openSqlite, type Store } from '../../src/store/open.js';
import { run } from '../../src/store/transaction.js';

export const now = Date.UTC(2026, 0, 2, 3, 4, 5);

export async function freshStore(): Promise<Store> {
  return openSqlite(':memory:');
}

export async function addUser(store: Store, address = 'anna@example.com'): Promise<number> {
  const { users } = store.tables;
  return store.transact(function* (tx) {
    const row = { address, domain: 'example.com', aliases: [], forwardTo: [], createdAt: now };
    const [user] = yield* run(tx.db.insert(users).values(row).returning({ id: users.id }));
    yield* createMailbox(tx, user!.id);
    return user!.id;
  });
}

export async function addDevice(store: Store, userId: number, deviceId = 'PHONE1'): Promise<Device> {
  const device = {
    userId,
    deviceId,
    type: 'TestPhone',
    protocolVersion: '14.1',
    userAgent: null,
    state: 'allowed',
  } as const;
  return store.transact((tx) => ensureDevice(tx, { ...device, now }));
}

export async function folderOf(store: Store, userId: number, type: FolderType): Promise<number> {
  return (await store.read((session) => getFolderOfType(session, userId, type))).id;
}

export async function addText(store: Store, userId: number, more: Partial<NewItem> = {}): Promise<Item> {
  const folderId = await folderOf(store, userId, FolderType.Inbox);
  const text = {
    class: 'SMS',
    from: '[MOBILE:+447700900123]',
    to: '[MOBILE:+447700900456]',
    text: 'hello',
    date: now,
  } as const;
  return store.transact((tx) => addItem(tx, { userId, folderId, ...text, ...more }));
}

export async function addMessage(store: Store, userId: number, id = 'm1', text = 'on my way'): Promise<Message> {
  const message = { id, userId, origin: 'http', recipient: '+447700900123', text, parts: 1, sender: undefined };
  await store.transact((tx) => enqueue(tx, { ...message, pinnedGateway: undefined, expiresAt: now + 60_000, now }));
  return (await findMessage(store, id))!;
}

export async function sequenceOf(store: Store, userId: number): Promise<number> {
  return (await store.read((session) => getMailbox(session, userId))).sequence;
}
