import test, { type ExecutionContext } from 'ava';
import { itemServerId } from '../../src/eas/server-id.js';
import { putDomain } from '../../src/store/domains.js';
import { addAttachment, listAttachments, putContent } from '../../src/store/contents.js';
import { putGateway } from '../../src/store/gateways.js';
import { listItems } from '../../src/store/item-pages.js';
import { addItem, getItem, type NewItem, removeItem } from '../../src/store/items.js';
import { FolderType, getFolderOfType } from '../../src/store/mailboxes.js';
import { listMails } from '../../src/store/mails.js';
import { listMessages } from '../../src/store/messages.js';
import type { Item } from '../../src/store/tables.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { ComposeMail } from '../../src/wbxml/airsync/compose-mail.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { child, type Element, element, text } from '../../src/wbxml/element.js';
import { type Answered, type Bench, noon, openBench, readAnswer, syncOf, TalkingDevice } from './talking-device.js';

const versions = ['12.1', '14.0', '14.1', '16.0', '16.1'] as const;

interface Scene {
  bench: Bench;
  device: TalkingDevice;
  mails: () => Promise<string[]>;
  texts: () => Promise<string[]>;
  items: (type: FolderType) => Promise<Item[]>;
  add: (item: Partial<NewItem>) => Promise<Item>;
}

async function openScene(t: ExecutionContext, version = '14.1', hasRelay = true): Promise<Scene> {
  const bench = await openBench({ hasRelay });
  t.teardown(() => bench.close());
  const device = new TalkingDevice(bench);
  device.version = version;
  await device.provision();
  const { store, user } = bench;
  const gateway = { id: 'loop', type: 'loopback', active: true, description: null, password: null } as const;
  await store.transact((tx) => putGateway(tx, { ...gateway, emailFrom: null, deliverTo: [], options: {}, now: noon }));
  const folderOf = async (type: FolderType) =>
    (await store.read((session) => getFolderOfType(session, user.id, type))).id;
  return {
    ...{ bench, device },
    mails: async () => (await listMails(store)).map(({ octets }) => octets.toString()),
    texts: async () => (await listMessages(store, { limit: 10 })).map(({ text: words }) => words),
    items: async (type) => listItems(store, { folderId: await folderOf(type), limit: 10 }),
    add: async (item) => {
      const folderId = await folderOf(FolderType.Inbox);
      const plain = { class: 'Email', from: 'bob@elsewhere.test', to: 'ann@example.com', text: 'old words' } as const;
      const whole = { userId: user.id, folderId, ...plain, date: noon, subject: 'Lunch', ...item };
      return store.transact((tx) => addItem(tx, whole));
    },
  };
}

const mail = 'From: ann@example.com\r\nTo: bob@elsewhere.test\r\nSubject: hi\r\nMessage-ID: <1@phone>\r\n\r\nhello\r\n';

interface Wish {
  mime?: string | undefined;
  clientId?: string | undefined;
  save?: boolean;
  replaceMime?: boolean;
  source?: string | undefined;
  also?: Element[];
}

type Command = 'SendMail' | 'SmartReply' | 'SmartForward';

/** In the words of the device's version. */
async function say(device: TalkingDevice, command: Command, wish: Wish = {}): Promise<Answered> {
  const { mime = mail, clientId = 'c-1', save = false, source } = wish;
  if (device.version === '12.1') {
    const place =
      source === undefined ? '' : `&CollectionId=${source.split(':')[0]}&ItemId=${encodeURIComponent(source)}`;
    const query = `${place}${save ? '&SaveInSent=T' : ''}`;
    return device.post(command, Buffer.from(mime), { query, headers: { 'content-type': 'message/rfc822' } });
  }
  return device.post(command, requestOf(command, { ...wish, mime, clientId, save }));
}

function requestOf(command: Command, { mime, clientId, save, replaceMime, source, also = [] }: Wish): Element {
  return element(ComposeMail[command], [
    clientId === undefined ? undefined : element(ComposeMail.ClientId, clientId),
    ...also,
    save ? element(ComposeMail.SaveInSentItems) : undefined,
    replaceMime ? element(ComposeMail.ReplaceMime) : undefined,
    source === undefined
      ? undefined
      : element(ComposeMail.Source, [
          element(ComposeMail.FolderId, source.split(':')[0]),
          element(ComposeMail.ItemId, source),
        ]),
    mime === undefined ? undefined : element(ComposeMail.Mime, Buffer.from(mime)),
  ]);
}

const statusOf = ({ root }: Answered) => root && text(root, ComposeMail.Status);
/** A text goes by its name as mail. */
const serverId = (item: Item) => itemServerId(item, 'Email');

const refusals: [string, string, string, number][] = [
  ['that is none', 'no mail at all', '107', 400],
  ['for nobody', mail.replace('To', 'X-To'), '119', 400],
  ['for nobody of our domain', mail.replace('bob@elsewhere.test', 'carl@example.com'), '116', 400],
  ['to a number without a word', 'To: +447700900123\r\n\r\n\r\n', '120', 500],
  ['to a number of more parts than a text has', `To: +447700900123\r\n\r\n${'x'.repeat(20_000)}`, '122', 413],
  ['for half the world', `To: ${Array.from({ length: 501 }, (_, n) => `${n}@x.test`).join(', ')}\r\n\r\n`, '115', 403],
];

for (const [what, mime, status, http] of refusals)
  test(`SendMail: a mail ${what} is refused in the words of each version`, async (t) => {
    for (const version of versions) {
      const { device, mails, texts } = await openScene(t, version);
      const answer = await say(device, 'SendMail', { mime });
      if (version === '12.1') t.is(answer.status, http);
      else t.is(statusOf(answer), status, version);
      t.deepEqual([await mails(), await texts()], [[], []]);
    }
  });

test('SendMail: Status 120 without a relay, to a number without a way out, and to one where texts are denied', async (t) => {
  const { device, bench } = await openScene(t, '16.1', false);
  t.is(statusOf(await say(device, 'SendMail')), '120');
  const mime = 'To: +447700900123\r\n\r\nhello';
  await bench.store.transact((tx) => putDomain(tx, 'example.com', { smsAccess: 'denied' }));
  t.is(statusOf(await say(device, 'SendMail', { mime })), '120');
  await bench.store.transact((tx) => putDomain(tx, 'example.com', { smsAccess: 'allowed' }));
  t.is((await say(device, 'SendMail', { mime })).octets.length, 0);
});

test('SendMail: Status 166 to an account that is not there, 103 without ClientId, 107 without Mime', async (t) => {
  const { device, mails } = await openScene(t);
  const account = [element(ComposeMail.AccountId, 'other')];
  t.is(statusOf(await say(device, 'SendMail', { also: account })), '166');
  t.is(statusOf(await device.post('SendMail', requestOf('SendMail', { mime: mail }))), '103');
  t.is(statusOf(await say(device, 'SendMail', { clientId: 'x'.repeat(65) })), '103');
  t.is(statusOf(await device.post('SendMail', requestOf('SendMail', { clientId: 'c' }))), '107');
  t.is(statusOf(await device.post('SendMail', element(ComposeMail.SendMail))), '107');
  t.deepEqual(await mails(), []);
});

for (const version of versions)
  test(`SendMail ${version}: accepted is 200 without body, and the copy lies in Sent Items where it is asked for`, async (t) => {
    const { device, mails, items } = await openScene(t, version);
    const answer = await say(device, 'SendMail', { save: true });
    t.deepEqual([answer.status, answer.octets.length], [200, 0]);
    t.is((await mails()).length, 1);
    const [copy] = await items(FolderType.SentItems);
    t.like(copy, { class: 'Email', subject: 'hi', read: true });
    await say(device, 'SendMail', { mime: mail.replace('<1@', '<2@'), clientId: 'c-2' });
    t.is((await items(FolderType.SentItems)).length, 1);
  });

for (const version of versions)
  test(`SendMail ${version}: repeated because the answer was lost, it sends once and is answered the same`, async (t) => {
    const { device, mails, texts, items } = await openScene(t, version);
    const mime = mail.replace('To: ', 'To: +447700900123, ');
    for (let n = 0; n < 3; n++) {
      const answer = await say(device, 'SendMail', { mime, save: true });
      t.deepEqual([answer.status, answer.octets.length], [200, 0]);
    }
    t.is((await mails()).length, 1);
    t.deepEqual(await texts(), ['hello']);
    t.is((await items(FolderType.SentItems)).length, 1);
  });

test('SendMail: a ClientId that stood for another mail is answered 118, on another device it is another one', async (t) => {
  const { device, bench, mails } = await openScene(t);
  await say(device, 'SendMail');
  t.is(statusOf(await say(device, 'SendMail', { mime: mail.replace('hello', 'good bye') })), '118');
  const other = new TalkingDevice(bench, 'DEVICE2');
  await other.provision();
  t.is((await say(other, 'SendMail')).octets.length, 0);
  t.is((await mails()).length, 2);
});

test('a source that is not there, is another’s, or is named in no way we know', async (t) => {
  const { device, bench, add } = await openScene(t);
  const item = await add({});
  const source = (...parts: Element[]) => [element(ComposeMail.Source, parts)];
  const itemId = (value: string) => element(ComposeMail.ItemId, value);
  const reply = async (also: Element[]) => statusOf(await say(device, 'SmartReply', { also }));
  t.is(await reply([]), '103');
  t.is(await reply(source(itemId('7:99999'))), '150');
  t.is(await reply(source(itemId('nonsense'))), '150');
  t.is(await reply(source()), '105');
  t.is(await reply(source(itemId(serverId(item)), element(ComposeMail.LongId, 'x'))), '105');
  const instance = (value: string) => source(itemId(serverId(item)), element(ComposeMail.InstanceId, value));
  t.is(await reply(instance('yesterday')), '104');
  t.is(await reply(instance('2026-01-28T12:00:00.000Z')), '146');
  const elsewhere = serverId({ ...item, folderId: item.folderId + 1 });
  t.is(await reply(source(itemId(elsewhere))), '150');
  t.is(await reply(source(element(ComposeMail.LongId, elsewhere))), undefined, 'a search found it before it was moved');
  await bench.store.db.delete(bench.store.tables.mails);
  const offered = await add({ offeredTo: 4711 });
  t.is(await reply(source(itemId(serverId(offered)))), '150', 'offered to another phone');
  t.deepEqual(await listMails(bench.store), []);
});

for (const version of versions)
  test(`SmartReply ${version}: adds what is answered, threads it, and the item remembers it`, async (t) => {
    const { device, bench, mails, items, add } = await openScene(t, version);
    const item = await add({ properties: { messageId: '<old@elsewhere.test>', references: '<first@elsewhere.test>' } });
    const answer = await say(device, 'SmartReply', { source: serverId(item), save: true });
    t.deepEqual([answer.status, answer.octets.length], [200, 0]);
    const [sent] = await mails();
    t.regex(
      sent!,
      /\r\n\r\nhello\r\n[^]*-----Original Message-----\r\nFrom: bob@elsewhere\.test\r\nDate: [^\r]+\r\nTo: ann@example\.com\r\nSubject: Lunch\r\n\r\nold words/,
    );
    t.regex(sent!, /^In-Reply-To: <old@elsewhere\.test>\r$/m);
    t.regex(sent!, /^References: <first@elsewhere\.test>\s+<old@elsewhere\.test>\r$/m);
    const after = await bench.store.read((session) => getItem(session, item.folderId, item.id));
    t.like(after?.properties, { lastVerb: 1, lastVerbAt: noon, messageId: '<old@elsewhere.test>' });
    t.regex((await items(FolderType.SentItems))[0]!.text, /hello[^]*old words/);
    await say(device, 'SmartReply', { source: serverId(item), save: true });
    t.is((await mails()).length, 1, 'repeated');
  });

test('SmartReply and SmartForward: repeated when the source is gone, they are answered as before', async (t) => {
  for (const version of versions)
    for (const command of ['SmartReply', 'SmartForward'] as const) {
      const { device, bench, mails, add } = await openScene(t, version);
      const item = await add({});
      const wish = { source: serverId(item), save: true };
      await say(device, command, wish);
      await bench.store.transact(function* (tx) {
        yield* removeItem(tx, (yield* getItem(tx, item.folderId, item.id))!);
      });
      const again = await say(device, command, wish);
      t.deepEqual([again.status, again.octets.length], [200, 0], `${command} ${version}`);
      t.is((await mails()).length, 1);
      const another = await say(device, command, { ...wish, mime: mail.replace('<1@', '<2@'), clientId: 'c-2' });
      t.true(another.status !== 200 || statusOf(another) === '150');
    }
});

test('SmartReply to a page quotes a page, with the pictures it shows; to all is remembered as such', async (t) => {
  const { device, bench, mails, add } = await openScene(t);
  const item = await add({ properties: { hasContent: true, hasAttachments: true } });
  await bench.store.transact(function* (tx) {
    const html = '<html><body class="x"><p>old <b>page</b></p></body></html>';
    yield* putContent(tx, { itemId: item.id, html, mime: undefined });
    const file = { itemId: item.id, contentType: 'image/png', octets: Buffer.from('PNG') };
    yield* addAttachment(tx, { ...file, name: 'shown.png', contentId: 'p1', isInline: true });
    yield* addAttachment(tx, { ...file, name: 'file.png', contentId: undefined, isInline: false });
  });
  const page = '<html><body><p>new</p></body></html>';
  const mime = mail.replace('To:', 'Cc: eve@elsewhere.test\r\nContent-Type: text/html\r\nTo:').replace('hello', page);
  await say(device, 'SmartReply', { mime, source: serverId(item) });
  const [sent] = await mails();
  t.regex(sent!, /<p>new<\/p>[^]*Original Message[^]*<p>old <b>page<\/b><\/p>[^]*<\/body><\/html>/);
  t.is(sent!.match(/<body/g)?.length, 1);
  t.regex(sent!, /shown\.png/);
  t.notRegex(sent!, /file\.png/);
  const after = await bench.store.read((session) => getItem(session, item.folderId, item.id));
  t.is(after?.properties.lastVerb, 2);
});

test('SmartForward takes the files along; ReplaceMime and what is signed stay as they are', async (t) => {
  const { device, bench, mails, items, add } = await openScene(t);
  const item = await add({ properties: { hasAttachments: true } });
  const file = { name: 'plan.pdf', contentType: 'application/pdf', contentId: undefined, isInline: false };
  await bench.store.transact((tx) => addAttachment(tx, { itemId: item.id, ...file, octets: Buffer.from('PDF') }));
  const source = serverId(item);
  await say(device, 'SmartForward', { source, save: true });
  t.regex((await mails())[0]!, /old words[^]*plan\.pdf/);
  t.notRegex((await mails())[0]!, /In-Reply-To/);
  const [copy] = await items(FolderType.SentItems);
  t.is((await bench.store.read((session) => listAttachments(session, copy!.id))).length, 1);
  await say(device, 'SmartForward', { source, clientId: 'c-2', replaceMime: true });
  t.is((await mails())[1]!.split('\r\n\r\n')[1], 'hello\r\n');
  const signed = mail.replace(
    '\r\n\r\nhello',
    '\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b--',
  );
  await say(device, 'SmartForward', { source, clientId: 'c-3', mime: signed });
  t.notRegex((await mails())[2]!, /old words/);
  const after = await bench.store.read((session) => getItem(session, item.folderId, item.id));
  t.is(after?.properties.lastVerb, 3);
});

test('SmartForward: Forwardees are recipients too; malformed ones are answered 179', async (t) => {
  const { device, bench, add } = await openScene(t, '16.1');
  const source = serverId(await add({}));
  const forward = (...forwardees: Element[]) =>
    say(device, 'SmartForward', { source, also: [element(ComposeMail.Forwardees, forwardees)] });
  const forwardee = (...parts: Element[]) => element(ComposeMail.Forwardee, parts);
  t.is(statusOf(await forward()), '179');
  t.is(statusOf(await forward(forwardee(element(ComposeMail.ForwardeeName, 'Eve')))), '179');
  t.is((await forward(forwardee(element(ComposeMail.ForwardeeEmail, 'eve@elsewhere.test')))).octets.length, 0);
  t.deepEqual((await listMails(bench.store))[0]?.recipients, ['bob@elsewhere.test', 'eve@elsewhere.test']);
});

for (const version of versions)
  test(`a text that is answered as a mail at ${version}: to the number go the new words alone`, async (t) => {
    const { device, bench, texts, mails, items, add } = await openScene(t, version);
    const item = await add({ class: 'SMS', from: '"" [MOBILE:+447700900123]', to: '', text: 'are you there?' });
    const to = 'To: "+447700900123" <"sms:+447700900123"@example.com>';
    const mime = `From: ann@example.com\r\n${to}\r\nSubject: RE: are you there?\r\n\r\nyes\r\n\r\nSent from my phone\r\n`;
    await say(device, 'SmartReply', { mime, source: serverId(item), save: true });
    t.deepEqual(await texts(), ['yes']);
    t.deepEqual([await mails(), await items(FolderType.SentItems)], [[], []]);
    const after = await bench.store.read((session) => getItem(session, item.folderId, item.id));
    t.is(after?.properties.lastVerb, 1);
    const forward = {
      mime: mime.replace('yes\r\n\r\nSent from my phone\r\n', ''),
      source: serverId(item),
      clientId: 'c-2',
    };
    await say(device, 'SmartForward', forward);
    t.deepEqual(await texts(), ['are you there?', 'yes'], 'passed on without a word, the text itself');
  });

test('a mail to a user of this server lies in their Inbox at once', async (t) => {
  const { device, items, bench } = await openScene(t, '14.1', false);
  await say(device, 'SendMail', { mime: mail.replace('bob@elsewhere.test', 'ann@example.com') });
  t.like((await items(FolderType.Inbox))[0], { subject: 'hi', read: false });
  t.notRegex(bench.logged.join(''), /elsewhere|hello/);
});

for (const [type, messageClass] of [
  ['multipart/signed; protocol="application/pkcs7-signature"; boundary=b', 'IPM.Note.SMIME.MultipartSigned'],
  ['application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m', 'IPM.Note.SMIME'],
] as const)
  test(`a mail of ${type.split(';')[0]} comes as ${messageClass}, and as it was secured where MIMESupport is 1`, async (t) => {
    const { device } = await openScene(t);
    const secured = `To: ann@example.com\r\nContent-Type: ${type}\r\n\r\n--b\r\n\r\nhello\r\n--b--\r\n`;
    await say(device, 'SendMail', { mime: secured });
    await say(device, 'SendMail', { mime: 'To: ann@example.com\r\n\r\nplain\r\n', clientId: 'c-2' });
    const { Inbox: id = '' } = await device.folders();
    const [first] = readAnswer(await device.post('Sync', syncOf({ syncKey: '0', id })));
    const preferring = (value: string) => element(AirSyncBase.BodyPreference, [element(AirSyncBase.Type, value)]);
    const support = element(AirSync.MIMESupport, '1');
    const options = [element(AirSync.Options, [support, preferring('1'), preferring('4')])];
    const [given] = readAnswer(await device.post('Sync', syncOf({ syncKey: first!.syncKey!, id, options })));
    const told = given!.adds.map(({ data }) => [
      text(data, Email.MessageClass),
      text(child(data, AirSyncBase.Body)!, AirSyncBase.Type),
    ]);
    t.deepEqual(told, [
      [messageClass, '4'],
      ['IPM.Note', '1'],
    ]);
    t.true(text(child(given!.adds[0]!.data, AirSyncBase.Body)!, AirSyncBase.Data)!.endsWith(secured.slice(-40)));
  });
