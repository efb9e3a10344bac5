import test from 'ava';
import { putUser } from '../../src/accounts/users.js';
import { parseMail } from '../../src/mail/parse.js';
import { getContent, listAttachments } from '../../src/store/contents.js';
import { listItems } from '../../src/store/item-pages.js';
import { FolderType, getFolderOfType } from '../../src/store/mailboxes.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { Email2 } from '../../src/wbxml/airsync/email2.js';
import { child, children, type Element, element, text } from '../../src/wbxml/element.js';
import {
  type Answered,
  type Bench,
  noon,
  openBench,
  type ReadCollection,
  readAnswer,
  syncOf,
  TalkingDevice,
} from './talking-device.js';

class Writer {
  readonly bench: Bench;
  readonly device: TalkingDevice;
  readonly drafts: string;
  key: string;

  constructor(bench: Bench, device: TalkingDevice, folder: { drafts: string; key: string }) {
    this.bench = bench;
    this.device = device;
    this.drafts = folder.drafts;
    this.key = folder.key;
  }

  async sync(...commands: Element[]): Promise<ReadCollection | undefined> {
    return readAnswer(await this.#post(commands))[0];
  }

  /** As `sync`, where there is something to answer: the whole Collection. */
  async post(...commands: Element[]): Promise<Element> {
    const { root } = await this.#post(commands);
    return children(child(root!, AirSync.Collections)!)[0]!;
  }

  async #post(commands: Element[]): Promise<Answered> {
    const wish = { syncKey: this.key, id: this.drafts };
    const answer = await this.device.post('Sync', syncOf(commands.length > 0 ? { ...wish, commands } : wish));
    const [collection] = readAnswer(answer);
    if (collection) this.key = collection.syncKey!;
    return answer;
  }

  async items(type: FolderType, userId = this.bench.user.id) {
    const { store } = this.bench;
    const folder = await store.read((session) => getFolderOfType(session, userId, type));
    return listItems(store, { folderId: folder.id, limit: 10 });
  }
}

async function open(version = '16.1'): Promise<Writer> {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  device.version = version;
  await device.provision();
  const drafts = (await device.folders())['Drafts']!;
  const [first] = readAnswer(await device.post('Sync', syncOf({ syncKey: '0', id: drafts })));
  return new Writer(bench, device, { drafts, key: first!.syncKey! });
}

interface Written {
  to?: string;
  subject?: string;
  body?: string;
  type?: string;
  more?: Element[];
}

function dataOf({ to, subject, body, type = '1', more = [] }: Written): Element {
  return element(AirSync.ApplicationData, [
    to === undefined ? undefined : element(Email.To, to),
    subject === undefined ? undefined : element(Email.Subject, subject),
    body === undefined
      ? undefined
      : element(AirSyncBase.Body, [element(AirSyncBase.Type, type), element(AirSyncBase.Data, body)]),
    ...more,
  ]);
}

const add = (clientId: string, written: Written, ...more: Element[]) =>
  element(AirSync.Add, [element(AirSync.ClientId, clientId), ...more, dataOf(written)]);
const change = (serverId: string, written: Written, ...more: Element[]) =>
  element(AirSync.Change, [element(AirSync.ServerId, serverId), ...more, dataOf(written)]);
const send = element(Email2.Send);

const file = (clientId: string, name: string, octets: string) =>
  element(AirSyncBase.Add, [
    element(AirSyncBase.ClientId, clientId),
    element(AirSyncBase.Content, Buffer.from(octets)),
    element(AirSyncBase.DisplayName, name),
    element(AirSyncBase.Method, '1'),
    element(AirSyncBase.ContentType, 'text/plain'),
  ]);

test('before 16.0, and in other folders, a mail is not added by Sync', async (t) => {
  const writer = await open('14.1');
  const refused = await writer.sync(add('1', { to: 'bob@example.com', subject: 'no', body: 'no' }));
  t.is(refused!.responses[0]!.status, '6');
  t.deepEqual(await writer.items(FolderType.Drafts), []);
  await writer.bench.close();
});

test('a draft with a malformed value or a MIME body is refused for itself', async (t) => {
  const writer = await open();
  const refused: [Written, string][] = [
    [{ more: [element(Email.Importance, '9')] }, '6'],
    [{ subject: 'x'.repeat(5000) }, '6'],
    [{ body: 'Subject: x\r\n\r\nx', type: '4' }, '178'],
    [
      { more: [element(AirSyncBase.Attachments, [element(AirSyncBase.Add, [element(AirSyncBase.ClientId, 'a')])])] },
      '6',
    ],
  ];
  for (const [written, status] of refused) t.is((await writer.sync(add('1', written)))!.responses[0]!.status, status);
  t.deepEqual(await writer.items(FolderType.Drafts), []);
  const { serverId } = (await writer.sync(add('1', { subject: 'good' })))!.responses[0]!;
  const empty = element(AirSync.Change, [element(AirSync.ServerId, serverId)]);
  t.is((await writer.sync(empty))?.responses[0]?.status, '6');
  await writer.bench.close();
});

test('a draft is kept, changed on another device and seen as a draft', async (t) => {
  const writer = await open();
  const { drafts } = writer;
  const written = { to: 'bob@example.com', subject: 'A plan', body: '<p>So be it</p>', type: '2' };
  const attachments = element(AirSyncBase.Attachments, [file('f1', 'plan.txt', 'step one')]);
  const answer = await writer.sync(
    add('1', { ...written, more: [attachments, element(Email2.Bcc, 'eve@example.com')] }),
  );
  const { serverId, status } = answer!.responses[0]!;
  t.is(status, '1');
  const tablet = new TalkingDevice(writer.bench, 'TABLET');
  tablet.version = '16.0';
  await tablet.provision();
  const [first] = readAnswer(await tablet.post('Sync', syncOf({ syncKey: '0', id: drafts })));
  const [seen] = readAnswer(await tablet.post('Sync', syncOf({ syncKey: first!.syncKey!, id: drafts })));
  const { data } = seen!.adds[0]!;
  t.is(text(data, Email2.IsDraft), '1');
  t.is(text(data, Email2.Bcc), 'eve@example.com');
  const [attachment] = children(child(data, AirSyncBase.Attachments)!);
  t.is(text(attachment!, AirSyncBase.DisplayName), 'plan.txt');
  const reference = text(attachment!, AirSyncBase.FileReference)!;
  const removal = element(AirSyncBase.Attachments, [
    element(AirSyncBase.Delete, [element(AirSyncBase.FileReference, reference)]),
  ]);
  await tablet.post(
    'Sync',
    syncOf({
      syncKey: seen!.syncKey!,
      id: drafts,
      commands: [change(serverId!, { subject: 'Another plan', more: [removal] })],
    }),
  );
  t.deepEqual((await writer.sync())!.changes, [serverId]);
  const [item] = await writer.items(FolderType.Drafts);
  t.like(item, { subject: 'Another plan', to: 'bob@example.com', text: 'So be it' });
  const { store } = writer.bench;
  t.is((await store.read((session) => getContent(session, item!.id)))!.html, '<p>So be it</p>');
  t.deepEqual(await store.read((session) => listAttachments(session, item!.id)), []);
  await writer.bench.close();
});

test('an Add whose answer was lost is one draft', async (t) => {
  const writer = await open();
  const before = writer.key;
  const first = await writer.sync(add('1', { subject: 'once', body: 'only' }));
  writer.key = before;
  const again = await writer.sync(add('1', { subject: 'once', body: 'only' }), add('2', { subject: 'second' }));
  t.is(again!.responses[0]!.serverId, first!.responses[0]!.serverId);
  t.is((await writer.items(FolderType.Drafts)).length, 2);
  await writer.bench.close();
});

test('a file whose Add or Change was answered in vain is there once, and is named again', async (t) => {
  const writer = await open();
  const before = writer.key;
  const planned = add('1', { subject: 'Plan', more: [element(AirSyncBase.Attachments, [file('f1', 'a.txt', 'one')])] });
  const first = await writer.post(planned);
  const referencesIn = (collection: Element) =>
    children(child(child(collection, AirSync.Responses)!, AirSync.Add)!, AirSync.ApplicationData);
  writer.key = before;
  // More than the request whose answer was lost, so that the answer is made anew.
  const again = await writer.post(planned, add('2', { subject: 'another' }));
  t.is(referencesIn(first).length, 1);
  t.deepEqual(referencesIn(again), referencesIn(first));
  const item = (await writer.items(FolderType.Drafts)).find(({ subject }) => subject === 'Plan');
  const files = element(AirSyncBase.Attachments, [file('f2', 'b.txt', 'two')]);
  const changed = change(`${writer.drafts}:${item!.id}`, { more: [files] });
  const between = writer.key;
  const named = child(child(await writer.post(changed), AirSync.Responses)!, AirSync.Change)!;
  t.is(text(named, AirSync.Status), '1');
  writer.key = between;
  const namedAgain = await writer.post(changed, add('3', { subject: 'a third' }));
  t.deepEqual(child(child(namedAgain, AirSync.Responses)!, AirSync.Change), named);
  const { store } = writer.bench;
  const [attachment] = children(child(child(named, AirSync.ApplicationData)!, AirSyncBase.Attachments)!);
  const there = await store.read((session) => listAttachments(session, item!.id));
  t.is(text(attachment!, AirSyncBase.ClientId), 'f2');
  t.is(text(attachment!, AirSyncBase.FileReference), String(there.find(({ name }) => name === 'b.txt')!.id));
  const names = async () => (await store.read((session) => listAttachments(session, item!.id))).map(({ name }) => name);
  t.deepEqual(await names(), ['a.txt', 'b.txt']);
  await writer.bench.close();
});

test('a draft that is sent goes to its recipients once, into Sent Items, and out of Drafts', async (t) => {
  const writer = await open();
  const { bench } = writer;
  const { user: bob } = await putUser(bench.store, 'bob@example.com', { now: noon });
  const attachments = element(AirSyncBase.Attachments, [file('f1', 'plan.txt', 'step one')]);
  const written = { to: 'Bob <bob@example.com>', subject: 'Plan', body: 'So be it', more: [attachments] };
  const { serverId } = (await writer.sync(add('1', written)))!.responses[0]!;
  const before = writer.key;
  const command = change(serverId!, { body: 'So be it, then' }, send);
  const sent = await writer.sync(command);
  t.deepEqual([sent!.responses, sent!.deletes], [[], [serverId]]);
  writer.key = before;
  t.deepEqual((await writer.sync(command))!.deletes, [serverId], 'the answer was lost');
  const [received, ...others] = await writer.items(FolderType.Inbox, bob.id);
  t.like(received, { subject: 'Plan', text: 'So be it, then' });
  t.deepEqual(others, []);
  t.is((await writer.items(FolderType.SentItems)).length, 1);
  t.deepEqual(await writer.items(FolderType.Drafts), []);
  const { mime } = (await bench.store.read((session) => getContent(session, received!.id)))!;
  t.is(Buffer.from((await parseMail(mime!)).attachments[0]!.octets).toString(), 'step one');
  await bench.close();
});

for (const [when, isRepeated] of [
  ['', false],
  [', also where the answer to the first was lost', true],
] as const)
  test(`a draft that is changed and sent by one request leaves with both changes${when}`, async (t) => {
    const writer = await open();
    const { user: bob } = await putUser(writer.bench.store, 'bob@example.com', { now: noon });
    const { serverId } = (await writer.sync(add('1', { to: 'bob@example.com', subject: 'Plan' })))!.responses[0]!;
    const files = element(AirSyncBase.Attachments, [file('f1', 'plan.txt', 'step one')]);
    const changed = change(serverId!, { subject: 'Another plan', body: 'So be it', more: [files] });
    const malformed = change(serverId!, { subject: '', more: [element(Email.Importance, '9')] });
    const before = writer.key;
    if (isRepeated) await writer.sync(changed);
    writer.key = before;
    const answer = await writer.sync(changed, malformed, change(serverId!, { body: 'So be it, then' }, send));
    t.deepEqual(
      answer!.responses.map(({ status }) => status),
      ['1', '6'],
    );
    t.deepEqual((isRepeated ? await writer.sync() : answer)!.deletes, [serverId]);
    const [received] = await writer.items(FolderType.Inbox, bob.id);
    t.like(received, { subject: 'Another plan', text: 'So be it, then' });
    const { mime } = (await writer.bench.store.read((session) => getContent(session, received!.id)))!;
    t.is((await parseMail(mime!)).attachments.length, 1);
    t.deepEqual(await writer.items(FolderType.Drafts), []);
    await writer.bench.close();
  });

test('a draft that was sent in vain of an answer is answered the same, whatever else the device says', async (t) => {
  const writer = await open();
  const { user: bob } = await putUser(writer.bench.store, 'bob@example.com', { now: noon });
  const { serverId } = (await writer.sync(add('1', { to: 'bob@example.com', subject: 'Plan' })))!.responses[0]!;
  const before = writer.key;
  const command = change(serverId!, { body: 'So be it' }, send);
  await writer.sync(command);
  writer.key = before;
  const again = await writer.sync(command, add('2', { subject: 'another' }));
  t.deepEqual(
    again!.responses.map(({ clientId, status }) => [clientId, status]),
    [['2', '1']],
  );
  t.deepEqual(again!.deletes, [serverId]);
  t.is((await writer.items(FolderType.Inbox, bob.id)).length, 1);
  const other = await writer.sync(change(serverId!, { body: 'Something else' }, send));
  t.is(other!.responses[0]!.status, '8', 'what was never said of a draft that is gone');
  await writer.bench.close();
});

test('a ClientId stands for one Add of one request, so two mails may leave under the same', async (t) => {
  const writer = await open();
  const { user: bob } = await putUser(writer.bench.store, 'bob@example.com', { now: noon });
  for (const body of ['first', 'second']) {
    const answer = await writer.sync(add('1', { to: 'bob@example.com', body }, send));
    t.is(answer!.responses[0]!.status, '1', body);
  }
  t.is((await writer.items(FolderType.Inbox, bob.id)).length, 2);
  await writer.bench.close();
});

test('a draft that was never kept is sent with its Add, once', async (t) => {
  const writer = await open();
  const { user: bob } = await putUser(writer.bench.store, 'bob@example.com', { now: noon });
  const command = add('1', { to: 'bob@example.com', subject: 'Short', body: 'cut' }, send);
  const before = writer.key;
  t.is((await writer.sync(command))!.responses[0]!.status, '1');
  writer.key = before;
  // More than the request whose answer was lost, so that the answer is made anew.
  const again = await writer.sync(command, add('2', { subject: 'another' }));
  t.deepEqual(
    again!.responses.map(({ status }) => status),
    ['1', '1'],
  );
  t.is((await writer.items(FolderType.Inbox, bob.id)).length, 1);
  await writer.bench.close();
});

test('a draft that cannot be sent stays a draft and says why', async (t) => {
  const writer = await open();
  const { serverId } = (await writer.sync(add('1', { subject: 'To nobody', body: 'x' })))!.responses[0]!;
  t.is((await writer.sync(change(serverId!, {}, send)))!.responses[0]!.status, '119');
  t.is((await writer.sync(change(serverId!, { to: 'x@example.org' }, send)))!.responses[0]!.status, '120', 'no relay');
  t.is((await writer.items(FolderType.Drafts)).length, 1);
  await writer.bench.close();
});
