import test from 'ava';
import {
  addAttachment,
  copyAttachments,
  getAttachment,
  getContent,
  listAttachments,
  type NewAttachment,
  putContent,
  removeAttachment,
} from '../../src/store/contents.js';
import { getItem, moveItem, removeItem } from '../../src/store/items.js';
import { FolderType } from '../../src/store/mailboxes.js';
import type { Store } from '../../src/store/open.js';
import { addText, addUser, folderOf, freshStore } from './fresh-store.js';

const picture = { name: 'cat.png', contentType: 'image/png', contentId: 'cat@example.com', isInline: true } as const;

async function attach(store: Store, itemId: number, more: Partial<NewAttachment> = {}): Promise<number> {
  const octets = Uint8Array.of(1, 2, 3, 4).subarray(1);
  return store.transact((tx) => addAttachment(tx, { itemId, ...picture, octets, ...more }));
}

async function freshMail() {
  const store = await freshStore();
  const userId = await addUser(store);
  const mail = await addText(store, userId, { class: 'Email', subject: 'cats', text: 'look' });
  return { store, userId, mail };
}

test('an item without content or attachments has none', async (t) => {
  const { store, mail } = await freshMail();
  t.is(await store.read((session) => getContent(session, mail.id)), undefined);
  t.deepEqual(await store.read((session) => listAttachments(session, mail.id)), []);
  t.is(await store.read((session) => getAttachment(session, 1)), undefined);
});

test('an attachment is removed from its own item alone', async (t) => {
  const { store, userId, mail } = await freshMail();
  const other = await addText(store, userId);
  const id = await attach(store, mail.id);
  t.false(await store.transact((tx) => removeAttachment(tx, other.id, id)));
  t.true(await store.transact((tx) => removeAttachment(tx, mail.id, id)));
  t.false(await store.transact((tx) => removeAttachment(tx, mail.id, id)));
});

test('content is written anew in its place', async (t) => {
  const { store, mail } = await freshMail();
  const mime = Buffer.from('--- Subject: cats').subarray(4);
  await store.transact((tx) => putContent(tx, { itemId: mail.id, html: undefined, mime }));
  t.deepEqual(await store.read((session) => getContent(session, mail.id)), { html: undefined, mime });
  await store.transact((tx) => putContent(tx, { itemId: mail.id, html: '<b>look</b>', mime: undefined }));
  t.deepEqual(await store.read((session) => getContent(session, mail.id)), { html: '<b>look</b>', mime: undefined });
});

test('attachments are listed in their order without octets, and read one by one with them', async (t) => {
  const { store, mail } = await freshMail();
  const first = await attach(store, mail.id);
  const second = await attach(store, mail.id, { name: 'empty.txt', contentId: undefined, octets: new Uint8Array() });
  t.deepEqual(await store.read((session) => listAttachments(session, mail.id)), [
    { id: first, itemId: mail.id, ...picture, size: 3 },
    { id: second, itemId: mail.id, ...picture, name: 'empty.txt', contentId: null, size: 0 },
  ]);
  const attachment = await store.read((session) => getAttachment(session, first));
  t.deepEqual(attachment?.octets, Buffer.of(2, 3, 4));
  t.is((await store.read((session) => getAttachment(session, second)))?.octets.length, 0);
});

test('a copy of attachments outlives the item they were copied from', async (t) => {
  const { store, userId, mail } = await freshMail();
  const forwarded = await addText(store, userId, { class: 'Email' });
  const original = await attach(store, mail.id);
  t.is(await store.transact((tx) => copyAttachments(tx, mail.id, forwarded.id)), 1);
  await store.transact((tx) => removeItem(tx, mail));
  t.is(await store.read((session) => getAttachment(session, original)), undefined);
  const [copy] = await store.read((session) => listAttachments(session, forwarded.id));
  t.deepEqual((await store.read((session) => getAttachment(session, copy!.id)))?.octets, Buffer.of(2, 3, 4));
});

test('content and attachments stay with an item that moves and go with one that is removed', async (t) => {
  const { store, userId, mail } = await freshMail();
  const id = await attach(store, mail.id);
  await store.transact((tx) => putContent(tx, { itemId: mail.id, html: '<p>', mime: undefined }));
  const folderId = await folderOf(store, userId, FolderType.DeletedItems);
  await store.transact((tx) => moveItem(tx, mail, { folderId }));
  t.is((await store.read((session) => getContent(session, mail.id)))?.html, '<p>');
  const moved = await store.read((session) => getItem(session, folderId, mail.id));
  await store.transact((tx) => removeItem(tx, moved!));
  t.is(await store.read((session) => getContent(session, mail.id)), undefined);
  t.is(await store.read((session) => getAttachment(session, id)), undefined);
});
