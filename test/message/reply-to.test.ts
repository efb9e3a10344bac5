import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { addressesBetweenHashes } from '../../src/message/reply-to.js';
import { limits } from '../../src/message/limits.js';
import { putDomain } from '../../src/store/domains.js';
import { FolderType } from '../../src/store/mailboxes.js';
import { listMails } from '../../src/store/mails.js';
import { defaultSettings, type Settings } from '../../src/store/settings.js';
import type { Message, User } from '../../src/store/tables.js';
import { removeUser, updateUser } from '../../src/store/users.js';
import { listMessages } from '../../src/store/messages.js';
import { minute } from '../gateway/stage.js';
import { type Arrivals, openArrivals, peer } from './arrivals.js';

interface Bridge extends Arrivals {
  ada: User;
  bob: User;
  root: User;
}

async function openBridge(): Promise<Bridge> {
  const arrivals = await openArrivals();
  const ada = await arrivals.stage.addUser('ada@example.com');
  const bob = await arrivals.stage.addUser('bob@example.com');
  const root = await arrivals.addAdministrator('root@example.com');
  await arrivals.deliverTo();
  await arrivals.stage.store.transact((tx) => putDomain(tx, 'example.com'));
  return Object.assign(arrivals, { ada, bob, root });
}

async function write({ stage }: Bridge, user: User | undefined, more: object = {}): Promise<void> {
  await stage.submit({ user, numbers: [peer], ...more });
  await stage.settle();
}

function setIncoming({ stage }: Bridge, incoming: Partial<Settings['incoming']>, more: Partial<Settings> = {}) {
  return stage.saveSettings({ ...more, incoming: { ...defaultSettings.incoming, ...incoming } });
}

async function told({ stage }: Bridge): Promise<Message[]> {
  return (await listMessages(stage.store, { limit: 100 })).filter(({ origin }) => origin === 'conflict');
}

test('what stands between two # is an address or it is not', (t) => {
  const cases: [string, string[]][] = [
    ['', []],
    ['#', []],
    ['##', []],
    ['no # address # here', []],
    ['#ada@example.com', []],
    ['ada@example.com#', []],
    ['#ada@example.com#', ['ada@example.com']],
    ['Text for #Ada@Example.com#.', ['ada@example.com']],
    ['# ada@example.com # hello', ['ada@example.com']],
    ['we are #1 #ada@example.com#bob@example.com# ', ['ada@example.com', 'bob@example.com']],
    ['#a b@example.com#', []],
    [`#${'a'.repeat(300)}@example.com#`, []],
  ];
  for (const [text, found] of cases) t.deepEqual(addressesBetweenHashes(text), found, text);
  t.is(addressesBetweenHashes('#a@b'.repeat(1000) + '#').length, limits.hashes);
});

test('an answer to nobody goes where its gateway delivers', async (t) => {
  const bridge = await openBridge();
  await write(bridge, undefined);
  await bridge.receive();
  t.deepEqual(await bridge.texts(bridge.root), ['Hello']);
});

test('an answer goes to whoever wrote to its number, and to nobody else', async (t) => {
  const bridge = await openBridge();
  const { ada, bob, root } = bridge;
  await bridge.deliverTo(bob.address);
  await write(bridge, ada);
  await bridge.receive({ text: 'Yes' });
  t.deepEqual(await bridge.texts(ada), ['Yes']);
  t.deepEqual([...(await bridge.texts(bob)), ...(await bridge.texts(root))], []);
  t.deepEqual(bridge.logged, []);
});

test('national and international writing of one number are the same, and other numbers are others', async (t) => {
  const bridge = await openBridge();
  await setIncoming(bridge, {}, { defaultCountry: 'US' });
  await write(bridge, bridge.ada, { numbers: ['(202) 555-0123', '+1 202 555 0124'] });
  await bridge.receive({ sender: '+12025550123', text: 'one' });
  await bridge.receive({ sender: '202-555-0124', text: 'two' });
  await bridge.receive({ sender: '+12025550125', text: 'three' });
  await bridge.receive({ sender: 'Bank', text: 'four' });
  t.deepEqual(await bridge.texts(bridge.ada), ['one', 'two']);
  t.deepEqual(await bridge.texts(bridge.root), ['three', 'four']);
});

test('the link lives from when the text is sent, each its own time, and the next text renews it', async (t) => {
  const bridge = await openBridge();
  const { stage, ada, bob } = bridge;
  await stage.addGateway('in', { answers: ['try-later', 'sent'] });
  await write(bridge, ada);
  await bridge.receive({ text: 'before it is sent' });
  t.deepEqual(await bridge.texts(bridge.root), ['before it is sent']);
  await stage.after(2);
  await write(bridge, bob, { numbers: ['+447700900199'] });
  stage.now += 29 * minute;
  await bridge.receive({ text: 'in time' });
  t.deepEqual(await bridge.texts(ada), ['in time']);
  await write(bridge, ada);
  stage.now += 29 * minute;
  await bridge.receive({ text: 'renewed' });
  await bridge.receive({ sender: '+447700900199', text: 'too late' });
  t.deepEqual(await bridge.texts(ada), ['in time', 'renewed']);
  t.deepEqual(await bridge.texts(bob), []);
  stage.now += 2 * minute;
  await bridge.receive({ text: 'over' });
  t.deepEqual(await bridge.texts(bridge.root), ['before it is sent', 'too late', 'over']);
});

test('an answer that overtakes the word that the text was sent finds whoever wrote, and several are none', async (t) => {
  const bridge = await openBridge();
  const { stage, ada, bob, root } = bridge;
  await stage.addGateway('in', { delaySeconds: 3600, concurrency: 20 });
  const both = '+447700900188';
  const ids = [
    await stage.submit({ user: ada, numbers: [peer] }),
    await stage.submit({ user: ada, numbers: [both] }),
    await stage.submit({ user: bob, numbers: [both] }),
  ];
  stage.dispatcher.start();
  t.teardown(() => stage.dispatcher.stop());
  for (const id of ids) while ((await stage.state(id)) !== 'sending') await nextTurn();
  await bridge.receive({ text: 'already?' });
  await bridge.receive({ sender: '+447700900199', text: 'somebody else' });
  await bridge.receive({ sender: both, text: 'to both?' });
  t.deepEqual(await bridge.texts(ada), ['already?']);
  t.deepEqual(await bridge.texts(bob), []);
  t.deepEqual(await bridge.texts(root), ['somebody else', 'to both?']);
  t.deepEqual(await told(bridge), [], 'nobody is asked while nothing is known to be sent');
});

test('keepMinutes says how long, and without deliverToOriginalSender nothing is remembered', async (t) => {
  const bridge = await openBridge();
  const { stage, ada, root } = bridge;
  await setIncoming(bridge, { keepMinutes: 120 });
  await write(bridge, ada);
  stage.now += 119 * minute;
  await bridge.receive({ text: 'long' });
  await setIncoming(bridge, { deliverToOriginalSender: false });
  await bridge.receive({ text: 'off' });
  await write(bridge, ada);
  await setIncoming(bridge, {});
  stage.now += 2 * minute;
  await bridge.receive({ text: 'on again' });
  t.deepEqual(await bridge.texts(ada), ['long']);
  t.deepEqual(await bridge.texts(root), ['off', 'on again']);
});

test('where several wrote, its sender is told so and none of them has it', async (t) => {
  const bridge = await openBridge();
  const { stage, ada, bob, root } = bridge;
  await write(bridge, ada);
  await write(bridge, bob);
  await bridge.receive({ text: 'Which of you?' });
  t.deepEqual([...(await bridge.texts(ada)), ...(await bridge.texts(bob))], []);
  t.deepEqual(await bridge.texts(root), ['Which of you?']);
  const [message, ...others] = await told(bridge);
  t.deepEqual(others, []);
  const { conflictMessage: text } = defaultSettings.incoming;
  t.like(message, { recipient: peer, text, parts: 1, userId: null, pinnedGateway: 'in', state: 'queued' });
  await stage.settle();
  t.is(await stage.state(message!.id), 'sent');
});

test('#email# decides between several, and needs no link', async (t) => {
  const bridge = await openBridge();
  await write(bridge, bridge.ada);
  await write(bridge, bridge.bob);
  await bridge.receive({ text: 'I mean you, #Bob@Example.com#' });
  t.deepEqual(await bridge.texts(bridge.bob), ['I mean you, #Bob@Example.com#'], 'the mark stays');
  await bridge.receive({ text: '#root@example.com# hello' });
  t.deepEqual(await bridge.texts(bridge.root), ['#root@example.com# hello']);
  t.deepEqual(await told(bridge), []);
});

test('#email# of nobody here is no address, an alias is one, and without deliverByHash it is words', async (t) => {
  const bridge = await openBridge();
  await write(bridge, bridge.ada);
  await bridge.receive({ text: '#mallory@elsewhere.example# #nobody@example.com#' });
  await setIncoming(bridge, { deliverByHash: false });
  await bridge.receive({ text: '#bob@example.com#' });
  t.deepEqual((await bridge.texts(bridge.ada)).length, 2);
  t.deepEqual(await bridge.texts(bridge.bob), []);
});

test('two machines that answer each other come to an end, until a person writes again', async (t) => {
  const bridge = await openBridge();
  await write(bridge, bridge.ada);
  await write(bridge, bridge.bob);
  for (let n = 0; n < 10; n++) await bridge.receive({ text: 'I am on holiday' });
  t.is((await told(bridge)).length, limits.conflictTexts);
  await bridge.stage.settle();
  await bridge.receive({ text: 'still' });
  t.is((await told(bridge)).length, limits.conflictTexts, 'to be told is no reason to be told');
  await write(bridge, bridge.bob);
  await bridge.receive({ text: 'again' });
  t.is((await told(bridge)).length, limits.conflictTexts + 1);
});

test('one user of two addresses is one, and one who is gone is nobody', async (t) => {
  const bridge = await openBridge();
  const { stage, ada, bob, root } = bridge;
  await write(bridge, ada);
  await write(bridge, undefined, { reply: 'Ada@example.com' });
  await bridge.receive({ text: 'to both' });
  t.deepEqual(await bridge.texts(ada), ['to both']);
  await write(bridge, bob, { numbers: ['+447700900124'] });
  await stage.store.transact((tx) => removeUser(tx, bob.id));
  await bridge.receive({ sender: '+447700900124', text: 'gone' });
  t.deepEqual(await bridge.texts(root), ['gone']);
});

test('an answer to a text with a reply address goes there: to its user, or by mail to an address elsewhere', async (t) => {
  const bridge = await openBridge();
  const { stage, ada, bob } = bridge;
  await write(bridge, ada, { reply: bob.address });
  await bridge.receive({ text: 'for Bob' });
  t.deepEqual([await bridge.texts(ada), await bridge.texts(bob)], [[], ['for Bob']]);
  await write(bridge, undefined, { numbers: ['+447700900124'], reply: 'carol@elsewhere.example' });
  await bridge.receive({ sender: '+447700900124', text: 'for Carol' });
  t.deepEqual(await bridge.texts(bridge.root), []);
  const [mail, ...others] = await listMails(stage.store);
  t.deepEqual(others, []);
  t.like(mail, { sender: '', recipients: ['carol@elsewhere.example'], userId: null });
  const written = mail!.octets.toString();
  t.regex(written, /^From: "\+447700900124" <"sms:\+447700900124"@example\.com>\r\nTo: <carol@elsewhere\.example>\r\n/);
  t.regex(written, /\r\n\r\nfor Carol$/);
  t.deepEqual(bridge.logged, []);
  t.is((await bridge.unplacedIds()).length, 0);
});

test('what is no address of mail is no reply address', async (t) => {
  const bridge = await openBridge();
  for (const reply of ['+447700900199', 'sms:+447700900199@example.com', 'a@b@c', 'Ada <ada@example.com>', '"x"@y']) {
    await write(bridge, undefined, { reply });
    await bridge.receive({ text: reply });
  }
  t.is((await bridge.texts(bridge.root)).length, 5);
  t.deepEqual(await listMails(bridge.stage.store), []);
});

test('an incoming text goes on by mail to every address its user has it sent to, in the same commit', async (t) => {
  const bridge = await openBridge();
  const { stage } = bridge;
  const forwardTo = ['ada@mail.example', 'second@mail.example'];
  const ada = await stage.store.transact((tx) => updateUser(tx, bridge.ada.id, { forwardTo, displayName: 'Ada' }));
  await write(bridge, ada);
  await bridge.receive({ text: 'Grüße aus Köln 🌍' });
  await bridge.receive({ text: 'second' });
  const mails = await listMails(stage.store);
  t.deepEqual(mails.map(({ recipients }) => recipients[0]).sort(), [...forwardTo, ...forwardTo].sort());
  t.true(mails.every(({ sender, userId }) => sender === '' && userId === ada.id));
  const first = mails.find(({ octets }) => octets.includes('=?UTF-8?B?'))!.octets.toString();
  const second = mails.find(({ octets }) => octets.includes('second'))!.octets.toString();
  t.regex(first, /^From: "\+447700900123" <"sms:\+447700900123"@example\.com>\r\nTo: "Ada" <ada@example\.com>\r\n/);
  for (const field of [/\r\nAuto-Submitted: auto-generated\r\n/, /\r\nX-Loop: ada@example\.com\r\n/, /\r\nDate: /])
    t.regex(first, field);
  const idOf = (mail: string) => /\r\nMessage-ID: (<[^>]+>)\r\n/.exec(mail)![1];
  const threadOf = (mail: string) => /\r\nReferences: (<[^>]+>)\r\n/.exec(mail)![1];
  t.not(idOf(first), idOf(second));
  t.is(threadOf(first), threadOf(second));
  t.is(new Set(mails.map(({ octets }) => idOf(octets.toString()))).size, 2, 'both copies of a text are the same mail');
  t.is((await stage.items(ada, FolderType.Inbox)).length, 2);
});
