import test from 'ava';
import { putUser } from '../../src/accounts/users.js';
import { limits } from '../../src/eas/limits.js';
import { addAttachment } from '../../src/store/contents.js';
import { getDevice } from '../../src/store/devices.js';
import { addItem } from '../../src/store/items.js';
import { createMailbox, listFolders } from '../../src/store/mailboxes.js';
import { run } from '../../src/store/transaction.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { ItemOperations } from '../../src/wbxml/airsync/item-operations.js';
import { Search } from '../../src/wbxml/airsync/search.js';
import { decode } from '../../src/wbxml/decode.js';
import { child, children, type Element, element, text } from '../../src/wbxml/element.js';
import { type Mailbox, openMailbox, picture, putMail, putText } from './mailbox.js';
import { noon } from './talking-device.js';

import { byServerId, fetchOf, operate, propertiesOf, statusesOf } from './operations.js';
const dataOf = (properties: Element) => {
  const body = child(properties, AirSyncBase.Body);
  return body && text(body, AirSyncBase.Data);
};

test('Fetch: refuses what has no name, two names, or a store that is not there', async (t) => {
  const mailbox = await openMailbox();
  const { mail, fileReference } = await putMail(mailbox);
  const named = byServerId(mail.folderId, `${mail.folderId}:${mail.id}`);
  const reference = element(AirSyncBase.FileReference, fileReference);
  t.deepEqual(
    await statusesOf(
      mailbox,
      fetchOf(),
      fetchOf(...named, reference),
      fetchOf(reference, reference),
      element(ItemOperations.Fetch, named),
      element(ItemOperations.Fetch, [element(ItemOperations.Store, 'DocumentLibrary'), ...named]),
      fetchOf(...named, element(ItemOperations.Options, [element(AirSync.MIMESupport, '7')])),
      fetchOf(
        ...named,
        element(ItemOperations.Options, [element(AirSyncBase.BodyPreference, [element(AirSyncBase.Type, '9')])]),
      ),
    ),
    ['2', '2', '2', '9', '9', '2', '2'],
  );
  await mailbox.bench.close();
});

test('Fetch: answers Status 6 to items that are not there, in another folder, or of somebody else', async (t) => {
  const mailbox = await openMailbox();
  const { store } = mailbox.bench;
  const { mail } = await putMail(mailbox);
  const { user: bert } = await putUser(store, 'bert@example.com', { now: noon });
  const [inbox] = await listFolders(store, bert.id);
  const other = {
    userId: bert.id,
    folderId: inbox!.id,
    class: 'Email',
    from: '',
    to: '',
    text: 'x',
    date: noon,
  } as const;
  const foreign = await store.transact((tx) => addItem(tx, other));
  const { Inbox, Drafts } = mailbox.folders;
  const asked = [
    byServerId(Inbox!, `${Inbox}:4711`),
    byServerId(Inbox!, 'nonsense'),
    byServerId(Drafts!, `${Drafts}:${mail.id}`),
    byServerId(Drafts!, `${Inbox}:${mail.id}`),
    byServerId(Inbox!, `${Inbox}:m${mail.id}`),
    byServerId(inbox!.id, `${inbox!.id}:${foreign.id}`),
    [element(Search.LongId, `${inbox!.id}:${foreign.id}`)],
  ];
  t.deepEqual(
    await statusesOf(mailbox, ...asked.map((names) => fetchOf(...names))),
    asked.map(() => '6'),
  );
  await mailbox.bench.close();
});

test('Fetch: gives a text as text or as mail, as its ServerId says, and names what it was asked for', async (t) => {
  const mailbox = await openMailbox();
  const { id, folderId } = await putText(mailbox);
  const [asText, asMail, gone] = await operate(
    mailbox,
    fetchOf(...byServerId(folderId, `${folderId}:${id}`)),
    fetchOf(...byServerId(folderId, `${folderId}:m${id}`)),
    fetchOf(...byServerId(folderId, `${folderId}:m4711`)),
  );
  const tagsOf = (each: Element) => children(each).map(({ tag }) => tag);
  const { CollectionId, ServerId, Class } = AirSync;
  t.deepEqual(tagsOf(asText!), [ItemOperations.Status, CollectionId, ServerId, Class, ItemOperations.Properties]);
  t.deepEqual(tagsOf(gone!), [ItemOperations.Status, CollectionId, ServerId]);
  t.is(text(asText!, Class), 'SMS');
  t.is(text(asMail!, Class), 'Email');
  t.is(text(asMail!, ServerId), `${folderId}:m${id}`);
  const mailProperties = child(asMail!, ItemOperations.Properties)!;
  t.regex(text(mailProperties, Email.From)!, /sms:\+447700900789/);
  t.is(dataOf(mailProperties), 'on my way');
  mailbox.device.version = '12.1';
  t.deepEqual(await statusesOf(mailbox, fetchOf(...byServerId(folderId, `${folderId}:${id}`))), ['6']);
  await mailbox.bench.close();
});

test('Fetch: a text on its way is given by Sync alone, and later to its own phone alone', async (t) => {
  const mailbox = await openMailbox();
  const { bench, device, folders } = mailbox;
  const row = (await bench.store.read((session) => getDevice(session, bench.user.id, device.deviceId)))!;
  const offered = await putText(mailbox, { offeredTo: row.id }, 'Outbox');
  const sent = await putText(mailbox, { offeredTo: row.id, fetchedAt: noon }, 'Outbox');
  const others = await putText(mailbox, { offeredTo: row.id + 1, fetchedAt: noon }, 'Outbox');
  const named = (id: string) => fetchOf(...byServerId(folders['Outbox']!, `${folders['Outbox']}:${id}`));
  const ids = [offered, sent, others].flatMap(({ id }) => [String(id), `m${id}`]);
  t.deepEqual(await statusesOf(mailbox, ...ids.map(named)), ['6', '6', '1', '6', '6', '6']);
  await bench.close();
});

test('Fetch: gives the body as Options ask for it, and only what Schema names', async (t) => {
  const mailbox = await openMailbox();
  const { mail } = await putMail(mailbox);
  const named = byServerId(mail.folderId, `${mail.folderId}:${mail.id}`);
  const asked = (...options: Element[]) => fetchOf(...named, element(ItemOperations.Options, options));
  const prefer = (type: string, size?: string) =>
    element(AirSyncBase.BodyPreference, [
      element(AirSyncBase.Type, type),
      size === undefined ? undefined : element(AirSyncBase.TruncationSize, size),
    ]);
  t.is(dataOf(await propertiesOf(mailbox, asked(prefer('1', '7')))), 'Look at');
  t.is(dataOf(await propertiesOf(mailbox, asked(prefer('2')))), '<p>Look at the cat!</p>');
  const mime = dataOf(await propertiesOf(mailbox, asked(element(AirSync.MIMESupport, '2'), prefer('4'))));
  t.regex(mime!, /^From: .*eve@example\.org/m);
  const schema = element(ItemOperations.Schema, [element(Email.Subject), element(AirSyncBase.Attachments)]);
  const some = await propertiesOf(mailbox, asked(schema, prefer('1')));
  t.deepEqual(
    children(some).map(({ tag }) => tag),
    [Email.Subject, AirSyncBase.Attachments],
  );
  await mailbox.bench.close();
});

test('Fetch: finds an item by its LongId where it moved to', async (t) => {
  const mailbox = await openMailbox();
  const { mail } = await putMail(mailbox, {}, 'Sent Items');
  const [fetched] = await operate(mailbox, fetchOf(element(Search.LongId, `${mailbox.folders['Inbox']}:${mail.id}`)));
  t.is(text(fetched!, ItemOperations.Status), '1');
  t.is(text(fetched!, Search.LongId), `${mailbox.folders['Inbox']}:${mail.id}`);
  await mailbox.bench.close();
});

test('Fetch: refuses attachments that are not there or of somebody else, and ranges that they have not', async (t) => {
  const mailbox = await openMailbox();
  const { store } = mailbox.bench;
  const { fileReference } = await putMail(mailbox);
  const foreign = await store.transact(function* (tx) {
    const [user] = yield* run(
      tx.db
        .insert(tx.tables.users)
        .values({ address: 'x@example.com', domain: 'example.com', aliases: [], forwardTo: [], createdAt: noon })
        .returning(),
    );
    yield* createMailbox(tx, user!.id);
    const item = yield* addItem(tx, {
      userId: user!.id,
      folderId: 99,
      class: 'Email',
      from: '',
      to: '',
      text: '',
      date: 1,
    });
    const about = { name: 'secret', contentType: 'text/plain', contentId: undefined, isInline: false };
    return yield* addAttachment(tx, { itemId: item.id, ...about, octets: picture });
  });
  const named = (reference: string) => fetchOf(element(AirSyncBase.FileReference, reference));
  t.deepEqual(
    await statusesOf(mailbox, ...['', '0', '4711', 'a', '1e3', '9'.repeat(40), String(foreign)].map(named)),
    Array.from({ length: 7 }, () => '15'),
  );
  const ranged = (range: string) =>
    fetchOf(
      element(AirSyncBase.FileReference, fileReference),
      element(ItemOperations.Options, [element(ItemOperations.Range, range)]),
    );
  t.deepEqual(await statusesOf(mailbox, ...['', '5', '9-3', '300-301', '0-9999999999'].map(ranged)), [
    '8',
    '8',
    '8',
    '8',
    '8',
  ]);
  await mailbox.bench.close();
});

test('Fetch: gives an attachment in base64, whole or in ranges', async (t) => {
  const mailbox = await openMailbox();
  const { fileReference } = await putMail(mailbox);
  const reference = element(AirSyncBase.FileReference, fileReference);
  const whole = await propertiesOf(mailbox, fetchOf(reference));
  t.is(text(whole, AirSyncBase.ContentType), 'image/png');
  t.deepEqual(Buffer.from(text(whole, ItemOperations.Data)!, 'base64'), Buffer.from(picture));
  t.is(text(whole, ItemOperations.Range), undefined);
  const range = element(ItemOperations.Options, [element(ItemOperations.Range, '290-1000')]);
  const tail = await propertiesOf(mailbox, fetchOf(reference, range));
  t.is(text(tail, ItemOperations.Range), '290-299');
  t.is(text(tail, ItemOperations.Total), '300');
  t.deepEqual(Buffer.from(text(tail, ItemOperations.Data)!, 'base64'), Buffer.from(picture.subarray(290)));
  await mailbox.bench.close();
});

test('Fetch: gives an attachment that holds nothing as it is', async (t) => {
  const mailbox = await openMailbox();
  const { mail } = await putMail(mailbox);
  const about = { name: 'empty', contentType: 'text/plain', contentId: undefined, isInline: false };
  const empty = { itemId: mail.id, ...about, octets: new Uint8Array() };
  const id = await mailbox.bench.store.transact((tx) => addAttachment(tx, empty));
  const properties = await propertiesOf(mailbox, fetchOf(element(AirSyncBase.FileReference, String(id))));
  t.is(text(properties, ItemOperations.Data), '');
  await mailbox.bench.close();
});

test('Fetch: gives bodies and attachments as parts where the device takes them', async (t) => {
  const mailbox = await openMailbox();
  const { mail, fileReference } = await putMail(mailbox);
  const parts = await partsOf(
    mailbox,
    fetchOf(element(AirSyncBase.FileReference, fileReference)),
    fetchOf(...byServerId(mail.folderId, `${mail.folderId}:${mail.id}`)),
  );
  t.is(parts.length, 3);
  t.deepEqual(parts[1], Buffer.from(picture));
  t.is(parts[2]!.toString(), 'Look at the cat!');
  const [attachment, item] = children(child(decode(parts[0]!), ItemOperations.Response)!);
  t.is(text(child(attachment!, ItemOperations.Properties)!, ItemOperations.Part), '1');
  const body = child(child(item!, ItemOperations.Properties)!, AirSyncBase.Body)!;
  t.deepEqual(
    children(body).map(({ tag }) => tag),
    [AirSyncBase.Type, AirSyncBase.EstimatedDataSize, ItemOperations.Part],
  );
  t.is(text(body, ItemOperations.Part), '2');
  await mailbox.bench.close();
});

async function partsOf({ device }: Mailbox, ...operations: Element[]): Promise<Buffer[]> {
  const headers = { 'ms-asacceptmultipart': 'T' };
  const asked = element(ItemOperations.ItemOperations, operations);
  const answer = await device.post('ItemOperations', asked, { headers });
  return answer.headers['content-type'] === 'application/vnd.ms-sync.multipart' ? readParts(answer.octets) : [];
}

function readParts(octets: Buffer): Buffer[] {
  return Array.from({ length: octets.readUInt32LE(0) }, (_, index) => {
    const offset = octets.readUInt32LE(4 + 8 * index);
    return octets.subarray(offset, offset + octets.readUInt32LE(8 + 8 * index));
  });
}

test('Fetch: answers Status 11 to what no longer goes into the answer', async (t) => {
  const mailbox = await openMailbox();
  const { mail } = await putMail(mailbox);
  const half = Buffer.alloc(limits.fetchedOctets / 2 + 1);
  const about = { name: 'big', contentType: 'application/zip', contentId: undefined, isInline: false };
  const big = { itemId: mail.id, ...about, octets: half };
  const id = await mailbox.bench.store.transact((tx) => addAttachment(tx, big));
  const asked = fetchOf(element(AirSyncBase.FileReference, String(id)));
  const [document, ...parts] = await partsOf(mailbox, asked, asked);
  const response = child(decode(document!), ItemOperations.Response)!;
  t.deepEqual(
    children(response).map((each) => text(each, ItemOperations.Status)),
    ['1', '11'],
  );
  t.deepEqual(
    parts.map(({ length }) => length),
    [half.length],
  );
  await mailbox.bench.close();
});

test('GetAttachment: gives the octets as they are, and HTTP 500 for what is no longer there', async (t) => {
  const mailbox = await openMailbox('12.1');
  const { device, bench } = mailbox;
  const { mail, fileReference } = await putMail(mailbox);
  const get = (name: string) => device.post('GetAttachment', undefined, { query: `&AttachmentName=${name}` });
  t.is((await device.post('GetAttachment')).status, 400);
  t.is((await get('4711')).status, 500);
  t.is((await get('%27')).status, 500);
  const { status, octets, headers } = await get(fileReference);
  t.is(status, 200);
  t.is(headers['content-type'], 'image/png');
  t.deepEqual(octets, Buffer.from(picture));
  const about = { name: 'x', contentType: 'text/plain\r\nX-Evil: 1', contentId: undefined, isInline: false };
  const id = await bench.store.transact((tx) => addAttachment(tx, { itemId: mail.id, ...about, octets: picture }));
  t.is((await get(String(id))).headers['content-type'], 'application/octet-stream');
  await bench.close();
});
