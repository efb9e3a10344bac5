// A long conversation of one mail client with everything in it that its version knows: policy, folders, mail and texts,
// filters and classes, marks, moves and deletes, drafts, mail that is sent, answered and forwarded, and held requests.

import { putUser } from '../../src/accounts/users.js';
import { addAttachment, putContent } from '../../src/store/contents.js';
import { addFolder } from '../../src/store/folder-changes.js';
import { putGateway } from '../../src/store/gateways.js';
import { addItem, type NewItem } from '../../src/store/items.js';
import { FolderType, getFolderOfType } from '../../src/store/mailboxes.js';
import type { Item } from '../../src/store/tables.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { ComposeMail } from '../../src/wbxml/airsync/compose-mail.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { Email2 } from '../../src/wbxml/airsync/email2.js';
import { ItemOperations } from '../../src/wbxml/airsync/item-operations.js';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { Settings } from '../../src/wbxml/airsync/settings.js';
import { child, children, type Element, element, text } from '../../src/wbxml/element.js';
import type { MailClient } from './mail-client.js';
import { addText, type Answered, type Bench, noon } from './talking-device.js';

const day = 24 * 60 * 60 * 1000;

export interface Stage {
  bench: Bench;
  client: MailClient;
}

/** Ann, Bob of the same domain, and a way out for texts and mail. */
export async function furnish(bench: Bench): Promise<void> {
  const { store } = bench;
  await putUser(store, 'bob@example.com', { now: noon });
  const gateway = { id: 'loop', type: 'loopback', active: true, description: null, password: null } as const;
  await store.transact((tx) => putGateway(tx, { ...gateway, emailFrom: null, deliverTo: [], options: {}, now: noon }));
}

/** Comes into the Inbox of Ann. */
export async function arrive({ store, user }: Bench, subject: string, more: Partial<NewItem> = {}): Promise<Item> {
  return store.transact(function* (tx) {
    const { id: folderId } = yield* getFolderOfType(tx, user.id, FolderType.Inbox);
    const mail = {
      class: 'Email',
      from: 'Eve <eve@example.org>',
      to: 'ann@example.com',
      subject,
      text: subject,
    } as const;
    return yield* addItem(tx, { userId: user.id, folderId, ...mail, date: noon, ...more });
  });
}

const aText = { class: 'SMS', from: '"Bo" [MOBILE:+447700900789]', to: '', subject: undefined } as const;

async function arriveWithFile(bench: Bench, subject: string): Promise<void> {
  const item = await arrive(bench, subject, { properties: { hasContent: true, hasAttachments: true } });
  const about = { name: 'cat.png', contentType: 'image/png', contentId: undefined, isInline: false };
  await bench.store.transact(function* (tx) {
    yield* putContent(tx, { itemId: item.id, html: '<p>Look</p>', mime: undefined });
    yield* addAttachment(tx, { itemId: item.id, ...about, octets: Buffer.from('a picture') });
  });
}

export async function converse(stage: Stage): Promise<void> {
  const { client } = stage;
  await client.provision();
  await client.post('Settings', aboutItself);
  await client.refresh();
  const places = await arrangeFolders(stage);
  await readMail(stage, places);
  await lookBackLess(stage, places);
  if (client.version !== '12.1') await turnClasses(stage, places);
  await moveAround(stage, places);
  if (client.version >= '16') await writeDrafts(stage, places);
  await sendAndAnswer(stage, places);
  await tidy(stage, places);
  await wait(stage, places);
}

const aboutItself = element(Settings.Settings, [
  element(Settings.DeviceInformation, [element(Settings.Set, [element(Settings.Model, 'Any')])]),
  element(Settings.UserInformation, [element(Settings.Get)]),
]);

/** ServerIds of the folders that the conversation is about. */
interface Places {
  inbox: string;
  drafts: string;
  deleted: string;
  sent: string;
  family: string;
}

async function arrangeFolders({ client, bench }: Stage): Promise<Places> {
  const family = await client.make('Family');
  const cousins = await client.make('Cousins', family);
  // By the server as it runs then: requests before this one may have ended others.
  await bench.store.transact((tx) => addFolder(tx, bench.user.id, { parentId: undefined, name: 'Made elsewhere' }));
  client.takeKey((await client.update(cousins, { name: 'Nephews' })).root!);
  client.view.set(cousins, { parent: '0', name: 'Nephews' });
  const old = await client.make('Old', cousins);
  client.takeKey((await client.delete(old)).root!);
  client.takeDeleted(old);
  await client.refresh();
  const named = (name: string) => [...client.view].find(([, known]) => known.name === name)![0];
  const [inbox, drafts, deleted] = [named('Inbox'), named('Drafts'), named('Deleted Items')];
  return { inbox, drafts, deleted, sent: named('Sent Items'), family };
}

const all = ({ inbox, drafts, deleted, sent, family }: Places) => [inbox, drafts, deleted, sent, family];

const optionsOf = (itemClass: 'Email' | 'SMS', filterType = 0): Element =>
  element(AirSync.Options, [
    // At 12.1 the class is the folder's own.
    itemClass === 'SMS' ? element(AirSync.Class, itemClass) : undefined,
    element(AirSync.FilterType, String(filterType)),
    element(AirSyncBase.BodyPreference, [element(AirSyncBase.Type, '1')]),
  ]);

const changeOf = (serverId: string, ...data: Element[]) =>
  element(AirSync.Change, [element(AirSync.ServerId, serverId), element(AirSync.ApplicationData, data)]);
const deleteOf = (serverId: string) => element(AirSync.Delete, [element(AirSync.ServerId, serverId)]);
const fetchOf = (serverId: string) => element(AirSync.Fetch, [element(AirSync.ServerId, serverId)]);

async function readMail({ client, bench }: Stage, places: Places): Promise<void> {
  const { inbox } = places;
  for (let days = 0; days < 5; days++) await arrive(bench, `mail ${days}`, { date: noon - days * day });
  await arriveWithFile(bench, 'a cat');
  for (let days = 0; days < 3; days++)
    await arrive(bench, '', { ...aText, text: `text ${days}`, date: noon - days * 2 * day });
  await client.sync(all(places), { options: [optionsOf('Email')] });
  await client.syncAll([inbox], { windowSize: 4 });
  const [first, second, third, fourth] = [0, 1, 2, 3].map((n) => client.idOf(inbox, `mail ${n}`));
  const flag = element(Email.Flag, [element(Email.Status, '2'), element(Email.FlagType, 'Follow up')]);
  const marks = [changeOf(first!, element(Email.Read, '1')), changeOf(second!, flag), fetchOf(first!)];
  await client.syncAll([inbox], { commands: marks });
  client.held(inbox).get(first!)!.read = '1';
  client.held(inbox).get(second!)!.flag = '2';
  await client.syncAll([inbox], { commands: [deleteOf(third!)], deletesAsMoves: true });
  client.held(inbox).delete(third!);
  await client.syncAll([inbox], { commands: [deleteOf(fourth!)], deletesAsMoves: false });
  client.held(inbox).delete(fourth!);
}

async function lookBackLess({ client, bench }: Stage, { inbox }: Places): Promise<void> {
  await client.syncAll([inbox], { options: [optionsOf('Email', 2)], windowSize: 1 });
  await arrive(bench, 'old as it comes', { date: noon - 10 * day });
  await client.syncAll([inbox], { options: [optionsOf('Email', 0)], windowSize: 2 });
}

async function turnClasses({ client }: Stage, { inbox }: Places): Promise<void> {
  await client.syncAll([inbox], { options: [optionsOf('Email'), optionsOf('SMS')], windowSize: 3 });
  const commands = [addText({ clientId: 't1', body: 'own text' })];
  await client.syncAll([inbox], { commands });
  client.held(inbox).set(client.added.get('t1')!, { text: 'own text', read: '0', flag: undefined });
  await client.syncAll([inbox], { options: [optionsOf('Email')], windowSize: 3 });
}

async function moveAround({ client }: Stage, places: Places): Promise<void> {
  const { inbox, family } = places;
  await client.move('mail 1', inbox, family);
  await client.move('mail 4', inbox, family);
  await client.syncAll([inbox, family]);
  await client.move('mail 1', family, inbox);
  await client.syncAll([inbox, family]);
}

interface Written {
  to?: string;
  subject?: string;
  body?: string;
  more?: Element[];
}

function dataOf({ to, subject, body, more = [] }: Written): Element {
  return element(AirSync.ApplicationData, [
    to === undefined ? undefined : element(Email.To, to),
    subject === undefined ? undefined : element(Email.Subject, subject),
    body === undefined
      ? undefined
      : element(AirSyncBase.Body, [element(AirSyncBase.Type, '1'), element(AirSyncBase.Data, body)]),
    ...more,
  ]);
}

const file = (clientId: string, octets: string) =>
  element(AirSyncBase.Attachments, [
    element(AirSyncBase.Add, [
      element(AirSyncBase.ClientId, clientId),
      element(AirSyncBase.Content, Buffer.from(octets)),
      element(AirSyncBase.DisplayName, `${clientId}.txt`),
      element(AirSyncBase.Method, '1'),
      element(AirSyncBase.ContentType, 'text/plain'),
    ]),
  ]);

const draftAdd = (clientId: string, written: Written, ...more: Element[]) =>
  element(AirSync.Add, [element(AirSync.ClientId, clientId), ...more, dataOf(written)]);
const draftChange = (serverId: string, written: Written, ...more: Element[]) =>
  element(AirSync.Change, [element(AirSync.ServerId, serverId), ...more, dataOf(written)]);
const send = element(Email2.Send);

async function writeDrafts({ client }: Stage, { drafts }: Places): Promise<void> {
  const say = (...commands: Element[]) => client.syncAll([drafts], { commands });
  const plan = { to: 'bob@example.com', subject: 'a plan', body: 'so be it', more: [file('one', 'step one')] };
  await say(draftAdd('d1', plan), draftAdd('d2', { subject: 'stays', body: 'for now' }));
  const [planned, stays] = ['d1', 'd2'].map((clientId) => client.added.get(clientId)!) as [string, string];
  client.held(drafts).set(planned, { text: 'a plan', read: '1', flag: undefined });
  client.held(drafts).set(stays, { text: 'stays', read: '1', flag: undefined });
  await say(draftChange(stays, { subject: 'stays here', more: [file('two', 'step two')] }));
  client.held(drafts).get(stays)!.text = 'stays here';
  await say(draftChange(planned, { body: 'so be it, then', more: [file('three', 'step three')] }));
  await say(draftChange(planned, { to: 'bob@example.com, carl@elsewhere.test' }, send));
  await say(draftAdd('d3', { to: '+447700900111', body: 'a text in a draft' }, send));
  await say(draftAdd('d4', { to: 'bob@example.com', subject: 'never kept', body: 'short' }, send));
}

interface Composing {
  command: 'SendMail' | 'SmartReply' | 'SmartForward';
  mime: string;
  source?: string;
}

/** In the words of the version. */
async function compose(client: MailClient, { command, mime, source }: Composing): Promise<void> {
  const answered = await (client.version === '12.1'
    ? composeRaw(client, { command, mime, ...(source ? { source } : {}) })
    : client.post(command, composeElements({ command, mime, ...(source ? { source } : {}) }, `c${client.asked}`)));
  if (answered.status !== 200 || answered.octets.length > 0) client.faults.push(`${command} was refused`);
}

function composeRaw(client: MailClient, { command, mime, source }: Composing): Promise<Answered> {
  const place = source ? `&CollectionId=${source.split(':')[0]}&ItemId=${encodeURIComponent(source)}` : '';
  const besides = { query: `${place}&SaveInSent=T`, headers: { 'content-type': 'message/rfc822' } };
  return client.post(command, Buffer.from(mime), besides);
}

function composeElements({ command, mime, source }: Composing, clientId: string): Element {
  const [folder] = source?.split(':') ?? [];
  return element(ComposeMail[command], [
    element(ComposeMail.ClientId, clientId),
    element(ComposeMail.SaveInSentItems),
    source
      ? element(ComposeMail.Source, [element(ComposeMail.FolderId, folder), element(ComposeMail.ItemId, source)])
      : undefined,
    element(ComposeMail.Mime, Buffer.from(mime)),
  ]);
}

const mimeOf = (to: string, subject: string) =>
  `From: ann@example.com\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replaceAll(' ', '')}@c>\r\n\r\n${subject}!\r\n`;

async function sendAndAnswer({ client }: Stage, { inbox, sent }: Places): Promise<void> {
  const number = '+447700900456';
  await compose(client, { command: 'SendMail', mime: mimeOf(number, 'to a number') });
  await compose(client, { command: 'SendMail', mime: mimeOf('bob@example.com', 'to bob') });
  const both = `bob@example.com, ${number}, carl@elsewhere.test`;
  await compose(client, { command: 'SendMail', mime: mimeOf(both, 'to all of them') });
  const asMail = [...client.held(inbox).keys()].find((id) => id.includes('m'))!;
  const sender = '"sms:+447700900789"@example.com';
  await compose(client, { command: 'SmartReply', mime: mimeOf(sender, 'an answer'), source: asMail });
  const cat = client.idOf(inbox, 'a cat');
  await compose(client, { command: 'SmartForward', mime: mimeOf('bob@example.com', 'see a cat'), source: cat });
  await client.syncAll([inbox, sent]);
}

const operation = (content: Element) => element(ItemOperations.ItemOperations, [content]);

async function tidy({ client }: Stage, places: Places): Promise<void> {
  const { inbox, deleted, family } = places;
  if (client.version !== '12.1') {
    const id = client.idOf(inbox, 'mail 0');
    const fetch = element(ItemOperations.Fetch, [
      element(ItemOperations.Store, 'Mailbox'),
      element(AirSync.CollectionId, inbox),
      element(AirSync.ServerId, id),
    ]);
    const conversationId = conversationIn(await client.post('ItemOperations', operation(fetch)));
    const move = element(ItemOperations.Move, [
      element(ItemOperations.ConversationId, conversationId),
      element(ItemOperations.DstFldId, family),
      element(ItemOperations.Options, [element(ItemOperations.MoveAlways)]),
    ]);
    await client.post('ItemOperations', operation(move));
  }
  await client.syncAll(all(places));
  const empty = element(ItemOperations.EmptyFolderContents, [element(AirSync.CollectionId, deleted)]);
  await client.post('ItemOperations', operation(empty));
  await client.syncAll(all(places));
}

function conversationIn({ root }: Answered): Uint8Array {
  const fetched = children(child(root!, ItemOperations.Response)!)[0]!;
  return child(child(fetched, ItemOperations.Properties)!, Email2.ConversationId)!.content as Uint8Array;
}

async function wait({ client, bench }: Stage, places: Places): Promise<void> {
  const { inbox } = places;
  const ping = element(Ping.Ping, [
    element(Ping.HeartbeatInterval, '600'),
    element(Ping.Folders, [element(Ping.Folder, [element(Ping.Id, inbox), element(Ping.Class, 'Email')])]),
  ]);
  const pinged = await client.postHeld('Ping', ping, async () => void (await arrive(bench, 'it pings')));
  if (text(pinged.root!, Ping.Status) !== '2') client.faults.push('Ping was woken for nothing');
  await client.syncAll([inbox]);
  const waiting = (body: Element) =>
    element(AirSync.Sync, [...children(body), element(AirSync.HeartbeatInterval, '600')]);
  const held = waiting(client.requestOf([inbox]));
  client.take(await client.postHeld('Sync', held, async () => void (await arrive(bench, 'it waits'))));
  await client.syncAll(all(places));
  await sayLess({ client, bench }, places);
}

/** An empty Sync means the same again, a partial one names what is new; where the server has forgotten, all is said. */
async function sayLess({ client, bench }: Pick<Stage, 'client' | 'bench'>, places: Places): Promise<void> {
  const { inbox, family } = places;
  const whole = () => client.requestOf([inbox, family]);
  const sayOrSayAll = async (body: Element | undefined) => {
    const answered = await client.post('Sync', body);
    const isForgotten = answered.root && text(answered.root, AirSync.Status) === '13';
    client.take(isForgotten ? await client.post('Sync', whole()) : answered);
  };
  await client.sync([inbox, family]);
  await arrive(bench, 'after an empty one');
  await sayOrSayAll(undefined);
  await arrive(bench, 'after a partial one');
  await sayOrSayAll(element(AirSync.Sync, [element(AirSync.Partial), ...children(client.requestOf([inbox]))]));
}
