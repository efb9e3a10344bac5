import { join } from 'node:path';
import test from 'ava';
import { limits } from '../../src/message/limits.js';
import { submit, type Submission } from '../../src/message/submit.js';
import { deleteGateway } from '../../src/store/gateways.js';
import { findMessage, listMessages } from '../../src/store/messages.js';
import { FolderType } from '../../src/store/mailboxes.js';
import { openSqlite } from '../../src/store/open.js';
import { minute, number, openStage, start, type Stage } from '../gateway/stage.js';
import { afterCrash } from '../store/after-crash.js';
import { scratchFolder } from '../scratch-folder.js';

async function openWithGateway(): Promise<Stage> {
  const stage = await openStage();
  await stage.addGateway('loop');
  return stage;
}

const refusals: [string, Partial<Submission>, string, string?][] = [
  ['no number at all', { numbers: [] }, 'BAD_NUMBER', 'numbers'],
  ['a word for a number', { numbers: ['secret'] }, 'BAD_NUMBER', 'numbers'],
  ['one bad number among good ones', { numbers: [number, '1', number] }, 'BAD_NUMBER', 'numbers'],
  [
    'more numbers than one submission may have',
    { numbers: Array<string>(limits.numbers + 1).fill(number) },
    'BAD_PARAMETER',
    'numbers',
  ],
  ['a message without text', { text: '' }, 'EMPTY_MESSAGE', 'text'],
  ['a text of 129 parts', { text: 'x'.repeat(153 * 128 + 1) }, 'MESSAGE_TOO_LONG', 'text'],
  ['no parts', { maxParts: 0 }, 'BAD_PARAMETER', 'maxParts'],
  ['half a part', { maxParts: 1.5 }, 'BAD_PARAMETER', 'maxParts'],
  ['more parts than a message may have', { maxParts: 129 }, 'BAD_PARAMETER', 'maxParts'],
  ['parts that are no number', { maxParts: NaN }, 'BAD_PARAMETER', 'maxParts'],
  ['a lifetime of nothing', { expireMinutes: 0 }, 'BAD_PARAMETER', 'expireMinutes'],
  ['a lifetime without end', { expireMinutes: Infinity }, 'BAD_PARAMETER', 'expireMinutes'],
  ['a sender of any length', { sender: 'x'.repeat(101) }, 'BAD_PARAMETER', 'sender'],
  ['a protocol identifier of more than an octet', { pid: 256 }, 'BAD_PARAMETER', 'pid'],
  ['a coding scheme that is no number', { dcs: NaN }, 'BAD_PARAMETER', 'dcs'],
  ['a text that is to be no text', { dcs: 0xf5 }, 'BAD_PARAMETER', 'dcs'],
  ['a text of 129 parts in UCS2', { text: 'x'.repeat(67 * 128 + 1), dcs: 8 }, 'MESSAGE_TOO_LONG', 'text'],
  ['octets that are none', { text: '', binary: { data: new Uint8Array() } }, 'EMPTY_MESSAGE', 'text'],
  ['octets of 129 parts', { text: '', binary: { data: new Uint8Array(134 * 128 + 1) } }, 'MESSAGE_TOO_LONG', 'text'],
  ['megabytes of octets', { text: '', binary: { data: new Uint8Array(5_000_000) } }, 'MESSAGE_TOO_LONG', 'text'],
  [
    'octets of more parts than are wanted, which cannot be cut',
    { text: '', binary: { data: new Uint8Array(141) }, maxParts: 1 },
    'MESSAGE_TOO_LONG',
    'text',
  ],
  ['an address for answers of any length', { reply: 'x'.repeat(255) }, 'BAD_PARAMETER', 'reply'],
  ['a msgid of any length', { msgid: 'x'.repeat(256) }, 'BAD_PARAMETER', 'msgid'],
  ['a key that is empty', { idempotency: { key: '', isMsgid: false } }, 'BAD_PARAMETER', 'idempotency'],
  ['more values than go into a URL', { values: Array<string>(21).fill('&a=b') }, 'BAD_PARAMETER', 'values'],
  ['values that fill a URL', { values: ['a'.repeat(700), 'é'.repeat(300)] }, 'BAD_PARAMETER', 'values'],
  ['a warning before there was a text', { warningMinutes: -1 }, 'BAD_PARAMETER', 'warningMinutes'],
  ['a gateway that is not there', { gateway: 'none' }, 'UNKNOWN_GATEWAY', 'gateway'],
];

for (const [what, bad, code, field] of refusals)
  test(`refuses ${what}, stores nothing and repeats neither number nor text`, async (t) => {
    const { store, services } = await openWithGateway();
    const error = await t.throwsAsync(submit(services, { origin: 'http', numbers: [number], text: 'secret', ...bad }), {
      name: 'MessageError',
      code,
    });
    t.is((error as unknown as { field?: string }).field, field);
    t.notRegex(error.message, /secret|7700/);
    t.deepEqual(await listMessages(store, { limit: 10 }), []);
  });

test('refuses when no gateway is active and no phone of the user may send, and accepts as soon as one may', async (t) => {
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  const refused = { name: 'MessageError', code: 'NO_GATEWAY' };
  await t.throwsAsync(stage.submit({ user }), refused);
  await stage.addGateway('loop', {}, { active: false });
  await t.throwsAsync(stage.submit({ user }), refused);
  await t.throwsAsync(stage.submit({ user, gateway: 'loop' }), refused);
  const phone = await stage.addPhone(user, 'PHONE1', { state: 'quarantined' });
  await t.throwsAsync(stage.submit({ user }), refused);
  await stage.changePhone(phone, { state: 'allowed', enableOutboundSms: false });
  await t.throwsAsync(stage.submit({ user }), refused);
  await stage.changePhone(phone, { enableOutboundSms: true });
  await t.notThrowsAsync(stage.submit({ user }), 'nothing announces that a phone began to allow it');
  await t.throwsAsync(stage.submit(), refused, 'whoever has no phone');
});

test('remembers who may send only until a phone or a gateway changes', async (t) => {
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  const phone = await stage.addPhone(user, 'PHONE1');
  await stage.submit({ user });
  await stage.changePhone(phone, { enableOutboundSms: false });
  stage.store.changes.publish({ topic: 'device', userId: user.id });
  await t.throwsAsync(stage.submit({ user }), { code: 'NO_GATEWAY' });
  await stage.addGateway('loop');
  await stage.submit({ user, gateway: 'loop' });
  await stage.store.transact((tx) => deleteGateway(tx, 'loop'));
  await t.throwsAsync(stage.submit({ user, gateway: 'loop' }), { code: 'UNKNOWN_GATEWAY' });
  await t.throwsAsync(stage.submit({ user }), { code: 'NO_GATEWAY' });
});

test('accepts several numbers in one commit, one id each in their order, with one word to the dispatcher', async (t) => {
  const { store, services } = await openWithGateway();
  let announced = 0;
  store.changes.listen('queue', () => announced++);
  const numbers = ['+44 7700 900-001', '(071) 234', '*100#'];
  const { ids, parts } = await submit(services, { origin: 'api', numbers, text: 'x'.repeat(161) });
  t.is(parts, 2);
  t.is(announced, 1);
  const messages = await Promise.all(ids.map((id) => findMessage(store, id)));
  t.deepEqual(
    messages.map((message) => message?.recipient),
    ['+447700900001', '071234', '*100#'],
  );
});

test('keeps what it was told, and expires as the settings say unless told otherwise', async (t) => {
  const stage = await openWithGateway();
  const user = await stage.addUser('ada@example.com');
  const id = await stage.submit({ user, gateway: 'loop', sender: 'Ada', expireMinutes: 2.5 });
  const { userId, origin, sender, pinnedGateway, state, expiresAt, createdAt } = await stage.message(id);
  t.deepEqual(
    { userId, origin, sender, pinnedGateway, state, expiresAt, createdAt },
    {
      userId: user.id,
      origin: 'http',
      sender: 'Ada',
      pinnedGateway: 'loop',
      state: 'queued',
      expiresAt: start + 150_000,
      createdAt: start,
    },
  );
  t.is((await stage.message(await stage.submit())).expiresAt, start + 7200 * minute);
});

test('cuts a text to the parts that are wanted', async (t) => {
  const { store, services } = await openWithGateway();
  const { ids, parts } = await submit(services, {
    origin: 'http',
    numbers: [number],
    text: 'x'.repeat(500),
    maxParts: 2,
  });
  t.is(parts, 2);
  t.is((await findMessage(store, ids[0]!))?.text.length, 306);
});

test('has the message on disk when it answers', async (t) => {
  const file = join(scratchFolder(), 'store.db');
  const stage = await openStage({ file });
  await stage.addGateway('loop');
  const id = await stage.submit({ text: 'kept' });
  const other = await openSqlite(afterCrash(file));
  t.is((await findMessage(other, id))?.text, 'kept');
  await other.close();
  await stage.store.close();
});

test('keeps what few messages have, and nothing where there is nothing', async (t) => {
  const stage = await openWithGateway();
  const binary = { data: Uint8Array.of(1, 2, 3), udh: Uint8Array.of(5, 4, 0x0b, 0x84, 0x23, 0xf0) };
  const values = ['&unicode=1', 'type=Long SMS#?&a=%41%', '', 'x=ü+\ud800'];
  const more = { pid: 0, dcs: 0xf5, values, reply: 'ada@example.com', msgid: '7' };
  const id = await stage.submit({ text: '', binary, ...more });
  t.like(await stage.message(id), { text: '', parts: 1 });
  t.deepEqual((await stage.message(id)).properties, {
    data: 'AQID',
    udh: 'BQQLhCPw',
    pid: 0,
    dcs: 0xf5,
    values: ['&unicode=1', '&type=Long%20SMS%23?&a=%41%25', '&x=%C3%BC%2B%EF%BF%BD'],
    reply: 'ada@example.com',
    msgid: '7',
  });
  t.is((await stage.message(await stage.submit({ values: [''] }))).properties, null);
});

test('counts and cuts a text in the alphabet its coding scheme asks for', async (t) => {
  const { services } = await openWithGateway();
  const partsOf = async (text: string, dcs: number, maxParts?: number) =>
    (await submit(services, { origin: 'http', numbers: [number], text, dcs, maxParts })).parts;
  t.is(await partsOf('x'.repeat(71), 0x08), 2);
  t.is(await partsOf('x'.repeat(71), 0x18), 2, 'shown at once, in UCS2');
  t.is(await partsOf('x'.repeat(160), 0x10), 1, 'shown at once');
  t.is(await partsOf('ж'.repeat(71), 0x00), 2, 'what has no place in GSM 7 bit is UCS2 whatever is asked for');
  t.is(await partsOf('x'.repeat(500), 0x08, 2), 2);
});

test('has a time to warn a sender who is known, before the text expires', async (t) => {
  const stage = await openWithGateway();
  const user = await stage.addUser('ada@example.com');
  const warnAt = async (submission: Partial<Submission>) =>
    (await stage.message(await stage.submit(submission))).warnAt;
  t.is(await warnAt({ user }), start + 240 * minute);
  t.is(await warnAt({ user, warningMinutes: 1.5 }), start + 90_000);
  t.is(await warnAt({ user, warningMinutes: 0 }), null);
  t.is(await warnAt({ user, expireMinutes: 240 }), null);
  t.is(await warnAt({}), null);
});

test('takes octets only where something other than a phone could send them', async (t) => {
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  await stage.addElectedPhone(user);
  await stage.addGateway('hers', { user: 'ada@example.com' }, { type: 'activesync' });
  const binary = { data: Uint8Array.of(1) };
  const refused = { name: 'MessageError', code: 'NO_GATEWAY' };
  await t.throwsAsync(stage.submit({ user, text: '', binary }), refused);
  await stage.addGateway('loop');
  await t.throwsAsync(stage.submit({ user, text: '', binary, gateway: 'hers' }), refused);
  const id = await stage.submit({ user, text: '', binary });
  await stage.settle();
  t.like(await stage.message(id), { state: 'sent', gateway: 'loop' });
  t.deepEqual(await stage.items(user, FolderType.SentItems), []);
  t.is(await stage.state(await stage.submit({ user })), 'queued');
});
