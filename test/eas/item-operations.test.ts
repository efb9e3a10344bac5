import test from 'ava';
import { limits } from '../../src/eas/limits.js';
import { listAttachments } from '../../src/store/contents.js';
import { FolderType, listFolders } from '../../src/store/mailboxes.js';
import { getItemOfUser } from '../../src/store/search.js';
import { run } from '../../src/store/transaction.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { Email2 } from '../../src/wbxml/airsync/email2.js';
import { ItemOperations } from '../../src/wbxml/airsync/item-operations.js';
import { child, type Element, element, text } from '../../src/wbxml/element.js';
import { openMailbox, putItem, putMail, putText } from './mailbox.js';
import { noon, readAnswer, syncOf } from './talking-device.js';

import { byServerId, fetchOf, operate, propertiesOf, statusesOf } from './operations.js';
test('ItemOperations: answers Status 2 to nothing, to what there is not, and to too much', async (t) => {
  const mailbox = await openMailbox();
  t.deepEqual(await statusesOf(mailbox), ['2']);
  t.deepEqual(await statusesOf(mailbox, element(ItemOperations.Options)), ['2']);
  const many = Array.from({ length: limits.itemOperations + 1 }, () => fetchOf(...byServerId(1, '1:1')));
  t.deepEqual(await statusesOf(mailbox, ...many), ['2']);
  await mailbox.bench.close();
});

const emptyOf = (folder: string, ...options: Element[]) =>
  element(ItemOperations.EmptyFolderContents, [
    element(AirSync.CollectionId, folder),
    element(ItemOperations.Options, options),
  ]);

test('EmptyFolderContents: refuses folders that are not there and those it does not empty', async (t) => {
  const mailbox = await openMailbox();
  const { Inbox, Outbox, Drafts } = mailbox.folders;
  await putText(mailbox);
  const asked = ['', '4711', Inbox!, Outbox!, Drafts!, mailbox.folders['Sent Items']!].map((id) => emptyOf(id));
  t.deepEqual(await statusesOf(mailbox, ...asked), ['2', '6', '16', '16', '16', '16']);
  t.is((await mailbox.bench.store.db.select().from(mailbox.bench.store.tables.items)).length, 1);
  await mailbox.bench.close();
});

test('EmptyFolderContents: removes everything in the folder and tells the devices', async (t) => {
  const mailbox = await openMailbox();
  const { bench, device, folders } = mailbox;
  const id = folders['Deleted Items']!;
  for (let count = 0; count < 3; count++) await putText(mailbox, {}, 'Deleted Items');
  const { mail, fileReference } = await putMail(mailbox, {}, 'Deleted Items');
  const syncKey = readAnswer(await device.post('Sync', syncOf({ syncKey: '0', id })))[0]!.syncKey!;
  const first = readAnswer(await device.post('Sync', syncOf({ syncKey, id })))[0]!;
  t.is(first.adds.length, 4);
  const [emptied] = await operate(mailbox, emptyOf(id));
  t.is(text(emptied!, ItemOperations.Status), '1');
  t.is(text(emptied!, AirSync.CollectionId), id);
  const [second] = readAnswer(await device.post('Sync', syncOf({ syncKey: first.syncKey!, id })));
  t.deepEqual(second!.deletes.toSorted(), first.adds.map(({ serverId }) => serverId).toSorted());
  t.deepEqual(await bench.store.read((session) => listAttachments(session, mail.id)), []);
  t.deepEqual(await statusesOf(mailbox, emptyOf(id), fetchOf(element(AirSyncBase.FileReference, fileReference))), [
    '1',
    '15',
  ]);
  await bench.close();
});

test('EmptyFolderContents: leaves the folders below alone, unless DeleteSubFolders asks for them', async (t) => {
  const mailbox = await openMailbox();
  const { bench, folders } = mailbox;
  const parentId = Number(folders['Deleted Items']);
  await bench.store.transact(function* (tx) {
    const below = { userId: bench.user.id, type: FolderType.UserMail, sequence: 90, enteredSequence: 90 };
    const [child] = yield* run(
      tx.db
        .insert(tx.tables.folders)
        .values({ ...below, parentId, name: 'Old' })
        .returning(),
    );
    yield* run(tx.db.insert(tx.tables.folders).values({ ...below, parentId: child!.id, name: 'Older' }));
  });
  const names = async () => (await listFolders(bench.store, bench.user.id)).map(({ name }) => name);
  t.deepEqual(await statusesOf(mailbox, emptyOf(String(parentId))), ['1']);
  t.is((await names()).length, 7);
  t.deepEqual(await statusesOf(mailbox, emptyOf(String(parentId), element(ItemOperations.DeleteSubFolders))), ['1']);
  t.deepEqual(await names(), ['Inbox', 'Drafts', 'Deleted Items', 'Sent Items', 'Outbox']);
  await bench.close();
});

interface MoveWish {
  conversationId?: Uint8Array | undefined;
  to?: string | undefined;
  isAlways?: boolean;
}

function moveOf({ conversationId, to, isAlways = true }: MoveWish): Element {
  return element(ItemOperations.Move, [
    conversationId && element(ItemOperations.ConversationId, conversationId),
    to === undefined ? undefined : element(ItemOperations.DstFldId, to),
    isAlways ? element(ItemOperations.Options, [element(ItemOperations.MoveAlways)]) : undefined,
  ]);
}

test('Move: refuses what is incomplete, unknown, or leads to Outbox', async (t) => {
  const mailbox = await openMailbox();
  const { Inbox, Outbox } = mailbox.folders;
  const conversationId = new Uint8Array(16);
  const asked = [
    moveOf({ to: Inbox }),
    moveOf({ conversationId: conversationId.subarray(1), to: Inbox }),
    moveOf({ conversationId }),
    moveOf({ conversationId, to: Inbox, isAlways: false }),
    moveOf({ conversationId, to: '4711' }),
    moveOf({ conversationId, to: Outbox }),
    moveOf({ conversationId, to: Inbox }),
  ];
  t.deepEqual(await statusesOf(mailbox, ...asked), ['2', '2', '2', '155', '6', '156', '6']);
  mailbox.device.version = '12.1';
  t.deepEqual(await statusesOf(mailbox, moveOf({ conversationId, to: Inbox })), ['2']);
  await mailbox.bench.close();
});

test('Move: moves the items of one conversation, but for what the user wrote, and may be repeated', async (t) => {
  const mailbox = await openMailbox();
  const { bench, folders } = mailbox;
  const received = await putText(mailbox);
  const older = await putText(mailbox, { text: 'where are you?', date: noon - 1000 });
  const answer = await putText(mailbox, { from: '', to: '"Bo" [MOBILE:+447700900789]', text: 'at home' }, 'Sent Items');
  const another = await putText(mailbox, { from: '"Eve" [MOBILE:+447700900111]' });
  const named = byServerId(received.folderId, `${received.folderId}:m${received.id}`);
  const { content } = child(await propertiesOf(mailbox, fetchOf(...named)), Email2.ConversationId)!;
  const to = folders['Deleted Items']!;
  const conversationId = content as Uint8Array;
  t.deepEqual(await statusesOf(mailbox, moveOf({ conversationId, to })), ['1']);
  const folderOf = async (id: number) =>
    String((await bench.store.read((session) => getItemOfUser(session, bench.user.id, id)))?.folderId);
  t.is(await folderOf(received.id), to);
  t.is(await folderOf(older.id), to);
  t.is(await folderOf(answer.id), folders['Sent Items']!);
  t.is(await folderOf(another.id), folders['Inbox']!);
  t.deepEqual(await statusesOf(mailbox, moveOf({ conversationId, to })), ['1']);
  await bench.close();
});

test('ItemOperations: runs in the order of the request and answers in that of the schema', async (t) => {
  const mailbox = await openMailbox();
  const item = await putItem(mailbox, { text: 'old' }, 'Deleted Items');
  const named = fetchOf(...byServerId(item.folderId, `${item.folderId}:${item.id}`));
  const answered = await operate(mailbox, named, emptyOf(String(item.folderId)), named);
  t.deepEqual(
    answered.map((each) => [each.tag, text(each, ItemOperations.Status)]),
    [
      [ItemOperations.EmptyFolderContents, '1'],
      [ItemOperations.Fetch, '1'],
      [ItemOperations.Fetch, '6'],
    ],
  );
  await mailbox.bench.close();
});
