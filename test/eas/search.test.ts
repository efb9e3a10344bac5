import test from 'ava';
import { putUser } from '../../src/accounts/users.js';
import { readKeywords } from '../../src/eas/commands/search/keywords.js';
import { limits } from '../../src/eas/limits.js';
import { getDevice } from '../../src/store/devices.js';
import { FolderType } from '../../src/store/mailboxes.js';
import { run } from '../../src/store/transaction.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { Email2 } from '../../src/wbxml/airsync/email2.js';
import { Find } from '../../src/wbxml/airsync/find.js';
import { GAL } from '../../src/wbxml/airsync/gal.js';
import { ItemOperations } from '../../src/wbxml/airsync/item-operations.js';
import { Search } from '../../src/wbxml/airsync/search.js';
import { child, children, type Element, element, text } from '../../src/wbxml/element.js';
import { type Mailbox, openMailbox, putItem, putMail, putText } from './mailbox.js';
import { noon } from './talking-device.js';

interface SearchWish {
  name?: string;
  query?: Element;
  options?: Element[];
}

async function search({ device }: Mailbox, { name = 'Mailbox', query, options }: SearchWish): Promise<Element> {
  const store = element(Search.Store, [element(Search.Name, name), query, options && element(Search.Options, options)]);
  const { root } = await device.post('Search', element(Search.Search, [store]));
  return child(child(root!, Search.Response)!, Search.Store)!;
}

const freeText = (words: string) => element(Search.FreeText, words);
const inFolder = (id: string | undefined) => element(AirSync.CollectionId, id);
const ofClass = (name: string) => element(AirSync.Class, name);
const query = (...conditions: Element[]) => element(Search.Query, [element(Search.And, conditions)]);
const range = (value: string) => element(Search.Range, value);

const resultsIn = (store: Element) => children(store, Search.Result).filter((each) => children(each).length > 0);
const bodiesIn = (store: Element) =>
  resultsIn(store).map((result) => {
    const body = child(child(result, Search.Properties)!, AirSyncBase.Body);
    return body && text(body, AirSyncBase.Data);
  });

async function statusOf(mailbox: Mailbox, wish: SearchWish): Promise<string | undefined> {
  return text(await search(mailbox, wish), Search.Status);
}

test('Search: refuses stores that are not there', async (t) => {
  const mailbox = await openMailbox();
  const { root } = await mailbox.device.post('Search', element(Search.Search));
  t.is(text(root!, Search.Status), '2');
  t.is(await statusOf(mailbox, { name: 'Attic', query: query(freeText('x')) }), '2');
  const link = element(Search.Query, [element(Search.EqualTo, [element(Search.Value, '\\\\server\\share')])]);
  t.is(await statusOf(mailbox, { name: 'DocumentLibrary', query: link }), '6');
  await mailbox.bench.close();
});

test('Search: answers Status 2 to malformed queries, and 8 to those that are no single And', async (t) => {
  const mailbox = await openMailbox();
  const later = (value: string, property: Element = element(Email.DateReceived)) =>
    element(Search.GreaterThan, [property, element(Search.Value, value)]);
  const conversation = element(Search.ConversationId, new Uint8Array(16));
  const invalid = [
    undefined,
    element(Search.Query, 'words'),
    query(),
    query(freeText('')),
    query(inFolder(mailbox.folders['Inbox'])),
    query(ofClass('Attic'), freeText('x')),
    query(freeText('x'.repeat(limits.searchCharacters + 1))),
    query(freeText('x '.repeat(limits.searchTerms + 1))),
    query(later('yesterday')),
    query(later('2026-01-28T11:00:00.000Z', element(Email.Subject))),
    query(later('2026-01-28T11:00:00.000Z'), later('2026-01-28T11:00:00.000Z')),
    query(conversation, conversation),
    query(element(Search.ConversationId, 'Cats')),
  ];
  for (const [index, each] of invalid.entries())
    t.is(await statusOf(mailbox, each ? { query: each } : {}), '2', `${index}`);
  const complex = [
    element(Search.Query, [freeText('x')]),
    element(Search.Query, [element(Search.Or, [freeText('x')])]),
    element(Search.Query, [element(Search.And, [freeText('x')]), element(Search.And, [freeText('x')])]),
    query(element(Search.Or, [freeText('x')])),
    query(freeText('cats OR dogs')),
  ];
  for (const each of complex) t.is(await statusOf(mailbox, { query: each }), '8');
  const options = [element(AirSyncBase.BodyPreference, [element(AirSyncBase.Type, '9')])];
  await putText(mailbox);
  t.is(await statusOf(mailbox, { query: query(freeText('way')), options }), '2');
  mailbox.device.version = '12.1';
  t.is(await statusOf(mailbox, { query: query(ofClass('SMS'), freeText('way')) }), '2');
  await mailbox.bench.close();
});

test('Search: answers Status 2 to a malformed Range, and 12 to one that is too wide or behind the end', async (t) => {
  const mailbox = await openMailbox();
  await putText(mailbox);
  const ranged = (value: string) => statusOf(mailbox, { query: query(freeText('way')), options: [range(value)] });
  t.is(await ranged('x'), '2');
  t.is(await ranged('5-4'), '2');
  t.is(await ranged('0-100'), '12');
  t.is(await ranged('1-9'), '12');
  t.is(await ranged('0-99'), '1');
  await mailbox.bench.close();
});

test('Search: answers Status 11 to a folder that is not there', async (t) => {
  const mailbox = await openMailbox();
  t.is(await statusOf(mailbox, { query: query(inFolder('4711'), freeText('x')) }), '11');
  t.is(await statusOf(mailbox, { query: query(inFolder('nonsense'), freeText('x')) }), '11');
  await mailbox.bench.close();
});

test('Search: answers one empty Result where nothing is found', async (t) => {
  const mailbox = await openMailbox();
  const found = await search(mailbox, { query: query(freeText('nowhere')) });
  t.deepEqual(children(found), [element(Search.Status, '1'), { tag: Search.Result, content: undefined }]);
  await putText(mailbox);
  t.deepEqual(bodiesIn(await search(mailbox, { query: query(ofClass('Calendar'), freeText('way')) })), []);
  await mailbox.bench.close();
});

test('Search: finds mail and texts by their words, newest first, a page at a time', async (t) => {
  const mailbox = await openMailbox();
  for (let minute = 0; minute < 5; minute++)
    await putText(mailbox, { text: `On my way ${minute}`, date: noon + minute * 60_000 });
  await putText(mailbox, { text: 'not this one' });
  const found = await search(mailbox, { query: query(freeText('MY way')), options: [range('1-2')] });
  t.deepEqual(bodiesIn(found), ['On my way 3', 'On my way 2']);
  t.is(text(found, Search.Range), '1-2');
  t.is(text(found, Search.Total), '5');
  await mailbox.bench.close();
});

test('Search: shows a text as mail, and as text to who asks for class SMS since 14.0', async (t) => {
  const mailbox = await openMailbox();
  const { id, folderId } = await putText(mailbox);
  const namesFor = async (...conditions: Element[]) => {
    const [result] = resultsIn(await search(mailbox, { query: query(...conditions, freeText('way')) }));
    return [text(result!, AirSync.Class), text(result!, Search.LongId), text(result!, AirSync.CollectionId)];
  };
  const asMail = ['Email', `${folderId}:m${id}`, `${folderId}`];
  t.deepEqual(await namesFor(), asMail);
  t.deepEqual(await namesFor(ofClass('Email')), asMail);
  t.deepEqual(await namesFor(ofClass('SMS')), ['SMS', `${folderId}:${id}`, `${folderId}`]);
  mailbox.device.version = '12.1';
  t.deepEqual(await namesFor(ofClass('Email')), asMail);
  await mailbox.bench.close();
});

test('Search: a text on its way is not found, as text or as mail, by any device', async (t) => {
  const mailbox = await openMailbox();
  const { bench, device } = mailbox;
  const row = await bench.store.read((session) => getDevice(session, bench.user.id, device.deviceId));
  await putText(mailbox, { offeredTo: row!.id, fetchedAt: noon }, 'Outbox');
  t.deepEqual(bodiesIn(await search(mailbox, { query: query(freeText('way')) })), []);
  t.deepEqual(bodiesIn(await search(mailbox, { query: query(ofClass('SMS'), freeText('way')) })), []);
  await bench.close();
});

test('Search: looks in the folders named, and below them where it is deep', async (t) => {
  const mailbox = await openMailbox();
  const { bench, folders } = mailbox;
  const parentId = Number(folders['Inbox']);
  const [below] = await bench.store.transact((tx) =>
    run(
      tx.db
        .insert(tx.tables.folders)
        .values({
          userId: bench.user.id,
          type: FolderType.UserMail,
          name: 'Old',
          parentId,
          sequence: 9,
          enteredSequence: 9,
        })
        .returning(),
    ),
  );
  await putText(mailbox, { text: 'deep', folderId: below!.id });
  await putText(mailbox, { text: 'deep down' }, 'Sent Items');
  const found = async (conditions: Element[], ...options: Element[]) =>
    bodiesIn(await search(mailbox, { query: query(...conditions, freeText('deep')), options }));
  const deep = element(Search.DeepTraversal);
  t.deepEqual(await found([inFolder(folders['Inbox'])]), []);
  t.deepEqual(await found([inFolder(folders['Inbox'])], deep), ['deep']);
  t.deepEqual(await found([inFolder(folders['Inbox']), inFolder(folders['Sent Items'])]), ['deep down']);
  t.deepEqual(await found([], deep), ['deep down', 'deep']);
  t.deepEqual(await found([inFolder('0')]), ['deep down', 'deep']);
  await bench.close();
});

test('Search: compares the date, and knows conversations', async (t) => {
  const mailbox = await openMailbox();
  for (const hour of [0, 1, 2]) await putText(mailbox, { text: `${hour}`, date: noon + hour * 3_600_000 });
  await putText(mailbox, { text: 'another', from: '"Eve" [MOBILE:+447700900111]' });
  const date = (tag: number, value: string) =>
    element(tag, [element(Email.DateReceived), element(Search.Value, value)]);
  const between = [
    date(Search.GreaterThan, '2026-01-28T12:00:00.000Z'),
    date(Search.LessThan, '2026-01-28T14:00:00.000Z'),
  ];
  const found = await search(mailbox, { query: query(...between) });
  t.deepEqual(bodiesIn(found), ['1']);
  const conversationId = child(child(resultsIn(found)[0]!, Search.Properties)!, Email2.ConversationId)!.content;
  const same = await search(mailbox, { query: query(element(Search.ConversationId, conversationId)) });
  t.deepEqual(bodiesIn(same), ['2', '1', '0']);
  await mailbox.bench.close();
});

test('Search: gives no more than one answer carries, and says how many', async (t) => {
  const mailbox = await openMailbox();
  const long = 'way '.repeat(limits.answerCharacters / 8);
  for (let count = 0; count < 4; count++) await putText(mailbox, { text: long });
  const found = await search(mailbox, { query: query(freeText('way')) });
  t.is(resultsIn(found).length, 2);
  t.is(text(found, Search.Range), '0-1');
  t.is(text(found, Search.Total), '4');
  await mailbox.bench.close();
});

async function openAddressList(version?: string): Promise<Mailbox> {
  const mailbox = await openMailbox(version);
  const { store } = mailbox.bench;
  const bo = { displayName: 'Bo Anders', phoneNumber: '+447700900789', aliases: ['sales@example.com'] };
  await putUser(store, 'bo@example.com', { now: noon, ...bo });
  await putUser(store, 'bo@example.org', { now: noon, displayName: 'Bo Elsewhere' });
  return mailbox;
}

const gal = (words: string, ...options: Element[]) => ({
  name: 'GAL',
  query: element(Search.Query, words),
  options,
});

const addressesIn = (store: Element) =>
  resultsIn(store).map((result) => text(child(result, Search.Properties)!, GAL.EmailAddress));

test('Search: the address list refuses to be searched for nothing', async (t) => {
  const mailbox = await openAddressList();
  t.is(await statusOf(mailbox, { name: 'GAL' }), '2');
  t.is(await statusOf(mailbox, gal('  ')), '2');
  t.is(await statusOf(mailbox, gal('x'.repeat(limits.searchCharacters + 1))), '2');
  const found = await search(mailbox, gal('nobody'));
  t.deepEqual(children(found), [element(Search.Status, '1'), { tag: Search.Result, content: undefined }]);
  await mailbox.bench.close();
});

test('Search: the address list shows users of the own domain, and what is known of them', async (t) => {
  const mailbox = await openAddressList();
  t.deepEqual(addressesIn(await search(mailbox, gal('example'))), []);
  t.deepEqual(addressesIn(await search(mailbox, gal('sales'))), ['bo@example.com']);
  t.deepEqual(addressesIn(await search(mailbox, gal('+44 7700 900'))), ['bo@example.com']);
  const found = await search(mailbox, gal('an'));
  t.deepEqual(addressesIn(found), ['ann@example.com', 'bo@example.com']);
  t.is(text(found, Search.Range), '0-1');
  t.is(text(found, Search.Total), '2');
  t.deepEqual(children(child(resultsIn(found)[1]!, Search.Properties)!), [
    element(GAL.DisplayName, 'Bo Anders'),
    element(GAL.Phone, '+447700900789'),
    element(GAL.Alias, 'bo'),
    element(GAL.MobilePhone, '+447700900789'),
    element(GAL.EmailAddress, 'bo@example.com'),
  ]);
  await mailbox.bench.close();
});

test('Search: the address list has no pictures, and says so since 14.1', async (t) => {
  const mailbox = await openAddressList('14.0');
  const pictureOf = async () => {
    const [result] = resultsIn(await search(mailbox, gal('bo', element(Search.Picture))));
    return child(child(result!, Search.Properties)!, GAL.Picture);
  };
  t.is(await pictureOf(), undefined);
  mailbox.device.version = '14.1';
  t.deepEqual(await pictureOf(), element(GAL.Picture, [element(GAL.Status, '173')]));
  await mailbox.bench.close();
});

async function find({ device }: Mailbox, ...criteria: Element[]): Promise<Element> {
  const asked = [element(Find.SearchId, '1'), element(Find.ExecuteSearch, criteria)];
  return (await device.post('Find', element(Find.Find, asked))).root!;
}

function items(words: string | undefined, conditions: Element[] = [], options: Element[] = []): Element {
  return element(Find.MailBoxSearchCriterion, [
    element(Find.Query, [...conditions, words === undefined ? undefined : element(Find.FreeText, words)]),
    element(Find.Options, options),
  ]);
}

function users(words: string, ...options: Element[]): Element {
  return element(Find.GALSearchCriterion, [element(Find.Query, words), element(Find.Options, options)]);
}

test('Find: answers Status 2 to what is malformed and 3 to a folder that is not there', async (t) => {
  const mailbox = await openMailbox('16.1');
  const status = async (...criteria: Element[]) => text(await find(mailbox, ...criteria), Find.Status);
  t.is(text((await mailbox.device.post('Find', element(Find.Find))).root!, Find.Status), '2');
  t.is(await status(), '2');
  t.is(await status(items('x'), users('x')), '2');
  t.is(await status(element(Find.Options)), '2');
  t.is(await status(items(undefined)), '2');
  t.is(await status(items('" "')), '2');
  t.is(await status(items('a OR b')), '2');
  t.is(await status(items('x', [ofClass('Attic')])), '2');
  t.is(await status(items('x', [], [element(Find.Range, '9')])), '2');
  t.is(await status(users('')), '2');
  t.is(await status(items('x', [inFolder('4711')])), '3');
  await mailbox.bench.close();
});

test('Find: lists what it finds with its first words', async (t) => {
  const mailbox = await openMailbox('16.1');
  const properties = { cc: 'Bo <bo@example.com>, cy@example.com' };
  const { mail } = await putMail(mailbox, { to: '"Ann B" <ann@example.com>, dee@example.com', properties });
  await putText(mailbox, { date: noon - 1000 });
  const root = await find(mailbox, items('from:eve "the cat"', [ofClass('Email'), inFolder(mailbox.folders['Inbox'])]));
  const response = child(root, Find.Response)!;
  t.is(text(response, ItemOperations.Store), 'Mailbox');
  t.is(text(response, Find.Range), '0-0');
  t.is(text(response, Find.Total), '1');
  const [result] = children(response, Find.Result);
  t.is(text(result!, AirSync.ServerId), `${mail.folderId}:${mail.id}`);
  t.deepEqual(children(child(result!, Find.Properties)!), [
    element(Email.Subject, 'Cats'),
    element(Email.DateReceived, '2026-01-28T12:00:00.000Z'),
    element(Email.DisplayTo, 'Ann B; dee@example.com'),
    element(Find.DisplayCc, 'Bo; cy@example.com'),
    element(Email.Importance, '1'),
    element(Email.Read, '0'),
    element(Email2.IsDraft, '0'),
    element(Find.Preview, 'Look at the cat!'),
    element(Find.HasAttachments, '1'),
    element(Email.From, 'Eve <eve@example.org>'),
  ]);
  await mailbox.bench.close();
});

test('Find: names a text as it is shown, keeps to the Range, and finds nothing without an error', async (t) => {
  const mailbox = await openMailbox('16.1');
  const texts = [];
  for (const second of [0, 1, 2]) texts.push(await putText(mailbox, { date: noon + second * 1000 }));
  const found = async (criterion: Element) => child(await find(mailbox, criterion), Find.Response)!;
  const names = (response: Element) => children(response, Find.Result).map((each) => text(each, AirSync.ServerId));
  const folder = mailbox.folders['Inbox'];
  const asMail = await found(items('way', [], [element(Find.Range, '1-999')]));
  t.deepEqual(names(asMail), [`${folder}:m${texts[1]!.id}`, `${folder}:m${texts[0]!.id}`]);
  t.is(text(asMail, Find.Range), '1-2');
  t.is(text(asMail, Find.Total), '3');
  const asText = await found(items('way', [ofClass('SMS')], [element(Find.Range, '0-0')]));
  t.deepEqual(names(asText), [`${folder}:${texts[2]!.id}`]);
  const nothing = await found(items('nowhere'));
  t.is(text(nothing, Find.Status), '1');
  t.is(text(nothing, Find.Total), '0');
  t.is(text(nothing, Find.Range), undefined);
  await mailbox.bench.close();
});

test('Find: searches the address list', async (t) => {
  const mailbox = await openAddressList('16.1');
  const response = child(await find(mailbox, users('bo', element(Find.Picture))), Find.Response)!;
  t.is(text(response, ItemOperations.Store), 'GAL');
  const [result] = children(response, Find.Result);
  const properties = child(result!, Find.Properties)!;
  t.is(text(properties, GAL.EmailAddress), 'bo@example.com');
  t.is(text(child(properties, GAL.Picture)!, GAL.Status), '173');
  await mailbox.bench.close();
});

test('keywords are words, phrases, fields by their name, and what is not wanted', (t) => {
  t.deepEqual(readKeywords('  '), []);
  t.deepEqual(readKeywords('cats AND "two dogs" bird*'), [{ text: 'cats' }, { text: 'two dogs' }, { text: 'bird' }]);
  t.deepEqual(readKeywords('From:eve subject:"a cat" body:x'), [
    { text: 'eve', field: 'from' },
    { text: 'a cat', field: 'subject' },
    { text: 'x', field: 'text' },
  ]);
  t.deepEqual(readKeywords('NOT cats -dogs -to:bo'), [
    { text: 'cats', isExcluded: true },
    { text: 'dogs', isExcluded: true },
    { text: 'bo', field: 'to', isExcluded: true },
  ]);
  t.deepEqual(readKeywords('12:30 https://example.com re: "open'), [
    { text: '12:30' },
    { text: 'https://example.com' },
    { text: 're:' },
    { text: 'open' },
  ]);
  t.is(readKeywords('x '.repeat(limits.searchTerms + 1)), undefined);
});

test('a draft is found by whom it goes to', async (t) => {
  const mailbox = await openMailbox('16.1');
  const properties = { isDraft: true, bcc: 'cy@example.com' };
  await putItem(mailbox, { subject: 'Plans', to: 'dee@example.com', text: 'soon', properties }, 'Drafts');
  const response = child(await find(mailbox, items('to:dee')), Find.Response)!;
  const listed = child(children(response, Find.Result)[0]!, Find.Properties)!;
  t.is(text(listed, Email2.IsDraft), '1');
  t.is(text(listed, Find.DisplayBcc), 'cy@example.com');
  await mailbox.bench.close();
});
