import test from 'ava';
import { confirmationModes } from '../../src/phone/events.js';
import { protocolVersions } from '../../src/phone/options.js';
import { anna, bob, stage } from './stage.js';

const texts = (items: readonly { text: string }[]): string[] => items.map(({ text }) => text);

test.serial('a phone that vanishes is replaced by the second one, with the right mails', async (t) => {
  const house = await stage(t);
  const first = await house.phone('FIRST');
  await house.elected('FIRST');
  const second = await house.phone('SECOND');
  await house.until(async () => (await house.held()) === 2);
  t.deepEqual((await house.gateway()).deviceId, 'FIRST');

  first.phone.vanish();
  await house.until(async () => (await house.held()) === 1);
  house.later(31);
  t.is((await house.gateway()).valid, false);

  // Any round of the second phone over its Outbox is the trigger.
  await second.phone.receive({ from: bob, text: 'anybody there?' });
  await house.elected('SECOND');
  const id = await house.webPageSends('yes, on my other phone');
  await second.log.until('confirmed');
  await house.ended(id, 'sent');

  const mails = (await house.folder('inbox')).filter((item) => item.class === 'Email');
  t.deepEqual(
    mails.map(({ subject }) => subject),
    ['New SMS gateway is set', 'New SMS gateway is set'],
  );
  t.is(first.log.all('sms-sent').length, 0);
});

test.serial('a phone that vanishes without a successor is mailed about once', async (t) => {
  const house = await stage(t);
  const first = await house.phone('FIRST');
  await house.elected('FIRST');
  const reader = await house.phone('READER', { outbound: false });
  await house.until(async () => (await house.held()) === 2);
  first.phone.vanish();
  await house.until(async () => (await house.held()) === 1);
  house.later(31);
  await reader.phone.receive({ from: bob, text: 'anybody there?' });
  await reader.log.until('received', ({ subject }) => subject?.startsWith('No SMS gateway') === true);
  await reader.phone.receive({ from: bob, text: 'hello?' });
  const subjects = (await house.folder('inbox')).flatMap(({ subject }) => subject ?? []);
  t.is(subjects.filter((subject) => subject.startsWith('No SMS gateway')).length, 1);
});

test.serial('a blocked phone is told so, and sends nothing', async (t) => {
  const house = await stage(t);
  const { phone, log } = await house.phone('FIRST');
  await house.elected('FIRST');
  await house.api.patch(`/devices/${anna.address}/FIRST`, { state: 'blocked' });
  phone.receive({ from: bob, text: 'let me in' }).catch(() => undefined);
  await log.until('blocked');
  t.is((await house.gateway())?.valid ?? false, false);
  t.deepEqual(
    texts(await house.folder('inbox')).filter((text) => text === 'let me in'),
    [],
  );
});

for (const mode of confirmationModes) {
  test.serial(`a text from a web page leaves through the elected phone, which confirms by ${mode}`, async (t) => {
    const house = await stage(t);
    const { phone, log } = await house.phone('FIRST', { mode });
    const other = await house.phone('SECOND', { outbound: false });
    await house.elected('FIRST');

    const id = await house.webPageSends('dinner at eight?');
    t.like(await log.until('sms-sent'), { to: bob, text: 'dinner at eight?' });
    t.is((await log.until('confirmed')).way, mode);
    await house.ended(id, 'sent');
    t.deepEqual(texts(await house.folder('sent')), ['dinner at eight?']);
    t.deepEqual(texts(await house.folder('outbox')), []);

    await phone.receive({ from: bob, text: 'gladly' });
    t.like(await other.log.until('received', (event) => event.text === 'gladly'), { class: 'SMS', from: bob });
    t.is(log.all('sms-sent').length, 1);
    t.is(other.log.all('sms-sent').length, 0);
  });

  test.serial(`a text leaves once when every answer is lost once and the phone confirms by ${mode}`, async (t) => {
    const house = await stage(t);
    const { phone, log } = await house.phone('FIRST', { mode });
    await house.elected('FIRST');
    await house.until(async () => (await house.held()) === 1);
    for (const command of ['Ping', 'Sync', 'MoveItems'] as const) phone.dropAnswer(command);
    const id = await house.webPageSends('only once');
    await log.until('confirmed');
    await house.ended(id, 'sent');
    t.is(log.all('sms-sent').length, 1);
    t.deepEqual(texts(await house.folder('sent')), ['only once']);
  });
}

for (const protocolVersion of protocolVersions.filter((version) => version !== '12.1')) {
  test.serial(`a phone of ${protocolVersion} with the packed query sends and receives`, async (t) => {
    const house = await stage(t);
    const { phone, log } = await house.phone('FIRST', { protocolVersion, query: 'base64' });
    await house.elected('FIRST');
    await house.webPageSends('out');
    await log.until('confirmed');
    await phone.receive({ from: bob, text: 'in' });
    await phone.write({ to: bob, text: 'written on the phone' });
    t.deepEqual(texts(await house.folder('sent')).sort(), ['out', 'written on the phone']);
    t.true(texts(await house.folder('inbox')).includes('in'));
  });
}

test.serial('a received text whose answer was lost lies once in the Inbox', async (t) => {
  const house = await stage(t);
  const { phone } = await house.phone('FIRST');
  await house.until(async () => (await house.held()) === 1);
  phone.dropAnswer('Sync');
  await phone.receive({ from: bob, text: 'only once' });
  t.deepEqual(
    texts(await house.folder('inbox')).filter((text) => text === 'only once'),
    ['only once'],
  );
});

test.serial('a phone that asks for mail alone gets the texts as mail', async (t) => {
  const house = await stage(t);
  const { phone } = await house.phone('FIRST');
  await house.elected('FIRST');
  const plain = await house.phone('PLAIN', { noSms: true, outbound: false });
  await phone.receive({ from: bob, text: 'for phones with texts' });
  await plain.log.until('received', (event) => event.subject === 'for phones with texts');
  t.deepEqual([...new Set(plain.log.all('received').map((event) => event.class))], ['Email']);
});

test.serial('a phone whose owner forbids it to send is no longer the gateway', async (t) => {
  const house = await stage(t);
  const { phone } = await house.phone('FIRST');
  await house.elected('FIRST');
  const second = await house.phone('SECOND');
  await phone.setOutbound({ enabled: false });
  await house.elected('SECOND');
  await house.webPageSends('through the other one');
  t.is((await second.log.until('sms-sent')).text, 'through the other one');
});

test.serial('an answer to a colleague, received by the phone of a gateway, reaches that colleague once', async (t) => {
  const house = await stage(t);
  const { phone, log } = await house.phone('FIRST');
  await house.elected('FIRST');
  await house.api.put('/gateways/annas', { type: 'activesync', user: anna.address });
  const carol = { address: 'carol@example.com', password: 'c' };
  await house.api.put(`/users/${carol.address}`, { password: carol.password });
  const query = { number: bob, data: 'dinner at eight?', user: carol.address, pass: carol.password };
  await fetch(`${house.url}/sms/?${new URLSearchParams(query).toString()}`);
  t.like(await log.until('sms-sent'), { to: bob, text: 'dinner at eight?' });

  phone.dropAnswer('Sync');
  await phone.receive({ from: bob, text: 'gladly' });
  await house.until(async () => (await house.folder('inbox', carol.address)).length > 0);
  const inboxes = [await house.folder('inbox', carol.address), await house.folder('inbox')];
  const texts = inboxes.map((items) => items.filter((item) => item.class === 'SMS').map(({ text }) => text));
  t.deepEqual(texts, [['gladly'], ['gladly']]);
});
