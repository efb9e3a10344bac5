import test from 'ava';
import type { AccountError } from '../../src/accounts/errors.js';
import { RateLimits } from '../../src/accounts/rate-limits.js';
import { deleteUser, putUser } from '../../src/accounts/users.js';
import { putDomain } from '../../src/store/domains.js';
import { limits } from '../../src/message/limits.js';
import { type OutgoingMail, prepareMail, submitMail, submitMailSteps } from '../../src/message/mail.js';
import { getContent, listAttachments } from '../../src/store/contents.js';
import { deleteGateway } from '../../src/store/gateways.js';
import { FolderType } from '../../src/store/mailboxes.js';
import { listMails } from '../../src/store/mails.js';
import { listMessages } from '../../src/store/messages.js';
import type { Device, Message, User } from '../../src/store/tables.js';
import { openStage, type Stage, start } from '../gateway/stage.js';

interface Office {
  stage: Stage;
  anna: User;
  bert: User;
  phone: Device;
  send: (mail: string, more?: Partial<OutgoingMail> & { hasRelay?: boolean }) => ReturnType<typeof submitMail>;
  texts: () => Promise<Message[]>;
}

async function openOffice(): Promise<Office> {
  const stage = await openStage();
  await stage.addGateway('loop');
  const { user: anna } = await putUser(stage.store, 'anna@example.com', {
    displayName: 'Anna Á',
    aliases: ['a@example.com'],
    now: start,
  });
  const { user: bert } = await putUser(stage.store, 'bert@example.com', { aliases: ['b@example.com'], now: start });
  const phone = await stage.addPhone(anna, 'PHONE1');
  return {
    ...{ stage, anna, bert, phone },
    send: (mail, { hasRelay = true, ...more } = {}) =>
      submitMail({ ...stage.services, hasRelay }, { user: anna, octets: Buffer.from(mail), saveInSent: true, ...more }),
    texts: async () => (await listMessages(stage.store, { limit: 100 })).reverse(),
  };
}

function mailOf(headers: Record<string, string>, body = 'hello'): string {
  const lines = Object.entries({ From: 'anna@example.com', ...headers }).map(([name, value]) => `${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}\r\n`;
}

async function nothingKept({ stage, anna, bert, texts }: Office): Promise<boolean> {
  const kept = [
    ...(await texts()),
    ...(await listMails(stage.store)),
    ...(await stage.items(bert, FolderType.Inbox)),
    ...(await stage.items(anna, FolderType.SentItems)),
  ];
  return kept.length === 0;
}

const many = Array.from({ length: limits.mailRecipients + 1 }, (_, n) => `u${n}@elsewhere.test`).join(', ');
const good = 'bert@example.com, eve@elsewhere.test, +447700900123';

const refusals: [string, string, string][] = [
  ['for nobody', mailOf({ Subject: 'hi' }), 'NO_RECIPIENT'],
  ['for more people than a mail may have', mailOf({ To: many }), 'TOO_MANY_RECIPIENTS'],
  ['for nobody of our domain', mailOf({ To: `${good}, carl@example.com` }), 'RECIPIENT_UNRESOLVED'],
  ['for an address without a domain', mailOf({ To: `${good}, carl` }), 'RECIPIENT_UNRESOLVED'],
  ['for a word where a number should be', mailOf({ To: `${good}, sms:Bank@example.com` }), 'RECIPIENT_UNRESOLVED'],
  ['to a number and without a word', mailOf({ To: good }, ''), 'EMPTY_MESSAGE'],
  [
    'to a number that asks for no parts',
    mailOf({ To: `${good}, "sms:+447700900124?maxmsgs=0"@x.test` }),
    'BAD_PARAMETER',
  ],
  [
    'to a number that asks for half a part',
    mailOf({ To: `${good}, "sms:+447700900124?maxmsgs=.5"@x.test` }),
    'BAD_PARAMETER',
  ],
  [
    'to a number by a gateway that is not there',
    mailOf({ To: `${good}, "sms:+447700900124?id=no"@x.test` }),
    'UNKNOWN_GATEWAY',
  ],
  ['to a number of more parts than a text has', mailOf({ To: good }, 'x'.repeat(153 * 128 + 1)), 'MESSAGE_TOO_LONG'],
  ['that is none', '\r\n\r\n', 'UNREADABLE'],
];

for (const [what, mail, code] of refusals)
  test(`a mail ${what} is refused for all its recipients`, async (t) => {
    const office = await openOffice();
    await t.throwsAsync(office.send(mail), { code });
    t.true(await nothingKept(office));
  });

test('a mail for other domains is refused where no relay is configured, and for nobody kept', async (t) => {
  const office = await openOffice();
  await t.throwsAsync(office.send(mailOf({ To: good }), { hasRelay: false }), { code: 'NO_RELAY' });
  t.true(await nothingKept(office));
  await t.notThrowsAsync(office.send(mailOf({ To: 'bert@example.com' }), { hasRelay: false }));
});

test('who may not send texts sends mail, but not to a number; and nobody where nothing could carry it', async (t) => {
  const office = await openOffice();
  const { store } = office.stage;
  await store.transact((tx) => deleteGateway(tx, 'loop'));
  await office.stage.changePhone(office.phone, { enableOutboundSms: false });
  store.changes.publish({ topic: 'device', userId: office.anna.id });
  await t.throwsAsync(office.send(mailOf({ To: good })), { code: 'NO_GATEWAY' });
  await store.transact((tx) => putDomain(tx, 'example.com', { smsAccess: 'denied' }));
  await t.throwsAsync(office.send(mailOf({ To: good })), { code: 'ACCESS_DENIED' });
  t.true(await nothingKept(office));
  await t.notThrowsAsync(office.send(mailOf({ To: 'bert@example.com, eve@elsewhere.test' })));
});

test('one mail goes to numbers as a text, to users into their Inbox, to others by the relay, each once', async (t) => {
  const office = await openOffice();
  const { stage, anna, bert, texts, send } = office;
  const to = 'Bert <bert@example.com>, B@example.com, eve@elsewhere.test, EVE@Elsewhere.test';
  const numbers = '+44 7700 900123, "sms:+447700900123"@example.com, +447700900456@example.com';
  await send(mailOf({ To: to, Cc: numbers, Bcc: 'dora@elsewhere.test', Subject: 'All' }, 'hello\r\n\r\n-- \r\nAnna'));
  t.deepEqual(
    (await texts()).map(({ recipient, text, origin, userId }) => ({ recipient, text, origin, userId })),
    ['+447700900123', '+447700900456'].map((recipient) => ({
      recipient,
      text: 'hello',
      origin: 'eas',
      userId: anna.id,
    })),
  );
  const [received, ...more] = await stage.items(bert, FolderType.Inbox);
  t.deepEqual(more, []);
  t.like(received, { class: 'Email', from: 'anna@example.com', subject: 'All', read: false, date: start });
  t.is(received?.properties.bcc, undefined);
  const [mail] = await listMails(stage.store);
  t.deepEqual(mail?.recipients, ['eve@elsewhere.test', 'dora@elsewhere.test']);
  t.like(mail, { sender: 'anna@example.com', userId: anna.id, expiresAt: start + 7200 * 60_000 });
  const [copy] = await stage.items(anna, FolderType.SentItems);
  t.like(copy, { class: 'Email', read: true, subject: 'All' });
  t.is(copy?.properties.bcc, 'dora@elsewhere.test');
});

test('Bcc and Sender never leave; Date and Message-ID are there when it does; From is the sender’s', async (t) => {
  const { stage, bert, anna, send } = await openOffice();
  const headers = { Bcc: 'dora@elsewhere.test,\r\n secret@elsewhere.test', Sender: 'x@y.test', Subject: 'S' };
  await send(mailOf({ From: 'Boss <boss@elsewhere.test>', To: 'bert@example.com', ...headers }));
  const written = (await listMails(stage.store))[0]!.octets.toString();
  t.notRegex(written, /bcc|dora|secret|boss|sender/i);
  t.regex(written, /^From: =\?UTF-8\?B\?[^\r\n]+\?= <anna@example\.com>\r\n/);
  t.regex(written, /^Date: Fri, 15 Jan 2027 08:00:00 \+0000\r$/m);
  t.regex(written, /^Message-ID: <id-\d+@example\.com>\r$/m);
  t.regex(written, /\r\n\r\nhello\r\n$/);
  const [received] = await stage.items(bert, FolderType.Inbox);
  const content = await stage.store.read((session) => getContent(session, received!.id));
  t.is(Buffer.from(content!.mime!).toString(), written);
  t.is(received?.from, '"Anna Á" <anna@example.com>');
  t.regex(received?.properties.messageId ?? '', /^<id-/);
  t.is((await stage.items(anna, FolderType.SentItems)).length, 1);
});

test('a second address in From, or a second From, does not leave', async (t) => {
  const { stage, send } = await openOffice();
  await send(mailOf({ From: 'anna@example.com, boss@elsewhere.test', To: 'eve@elsewhere.test' }));
  await send(`From: boss@elsewhere.test\r\n${mailOf({ To: 'eve@elsewhere.test' })}`);
  await send(mailOf({ To: 'eve@elsewhere.test', from: 'boss@elsewhere.test' }));
  const written = (await listMails(stage.store)).map(({ octets }) => octets.toString());
  t.is(written.length, 3);
  for (const each of written) {
    t.notRegex(each, /boss/);
    t.is(each.match(/^From:/gim)?.length, 1);
  }
});

test('From may be an alias, and what the device says of date and id stays', async (t) => {
  const { stage, send } = await openOffice();
  const mail = mailOf({
    From: 'A@Example.com',
    To: 'eve@elsewhere.test',
    Date: 'Thu, 14 Jan 2027 08:00:00 +0100',
    'Message-ID': '<mine@phone>',
  });
  await send(mail);
  const written = (await listMails(stage.store))[0]!.octets.toString();
  t.is(written, mail.replace('From: A@Example.com', 'From: <A@Example.com>'));
});

test('a mail to numbers alone leaves no copy in Sent Items: the text will lie there', async (t) => {
  const { stage, anna, send } = await openOffice();
  await send(mailOf({ To: '+447700900123' }));
  t.deepEqual(await stage.items(anna, FolderType.SentItems), []);
  await stage.settle();
  t.deepEqual(
    (await stage.items(anna, FolderType.SentItems)).map((item) => item.class),
    ['SMS'],
  );
});

test('no copy is kept where none is asked for', async (t) => {
  const { stage, anna, send } = await openOffice();
  await send(mailOf({ To: 'bert@example.com' }), { saveInSent: false });
  t.deepEqual(await stage.items(anna, FolderType.SentItems), []);
});

test('a text from a mail is as long as it was written, unless its address says otherwise', async (t) => {
  const { send, texts } = await openOffice();
  const long = 'x'.repeat(500);
  await send(mailOf({ To: '+447700900123, "sms:+447700900456?maxmsgs=1&sender=Anna"@example.com' }, long));
  const [whole, cut] = await texts();
  t.like(whole, { parts: 4, text: long });
  t.like(cut, { parts: 1, text: 'x'.repeat(160), sender: 'Anna', properties: null });
});

test('what an sms: address says of coding, answers and values goes with the text', async (t) => {
  const { send, texts } = await openOffice();
  const parameters = 'dcs=16&pid=0&reply=anna%40example.com&value=%26unicode%3D1';
  await send(mailOf({ To: `"sms:+447700900456?${parameters}"@example.com` }));
  const properties = { dcs: 16, pid: 0, reply: 'anna@example.com', values: ['&unicode=1'] };
  t.deepEqual((await texts())[0]?.properties, properties);
});

function mailWithFile(text: string): string {
  return [
    'From: anna@example.com',
    'To: +447700900123, bert@example.com',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    `--b\r\nContent-Type: text/plain\r\n\r\n${text}`,
    '--b\r\nContent-Type: image/png; name=cat.png\r\nContent-Disposition: attachment; filename=cat.png\r\n\r\nPNG',
    '--b--\r\n',
  ].join('\r\n');
}

test('files stay behind when a mail becomes a text; they are named only where nothing else is said', async (t) => {
  const { stage, bert, send, texts } = await openOffice();
  await send(mailWithFile('look'));
  await send(mailWithFile(''));
  t.deepEqual(
    (await texts()).map(({ text }) => text),
    ['look', 'cat.png'],
  );
  const [received] = await stage.items(bert, FolderType.Inbox);
  t.true(received?.properties.hasAttachments);
  const heads = await stage.store.read((session) => listAttachments(session, received!.id));
  t.like(heads[0], { name: 'cat.png', contentType: 'image/png', isInline: false });
});

test('the same ClientId and content is one mail, however often and at whatever time it is said', async (t) => {
  const office = await openOffice();
  const { stage, phone, send, texts } = office;
  const request = { deviceId: phone.id, clientId: 'c-1', digest: 'd-1' };
  const mail = mailOf({ To: good });
  const sent = await Promise.all([send(mail, { request }), send(mail, { request })]);
  t.deepEqual(
    sent.map(({ isRepeated }) => isRepeated),
    [false, true],
  );
  await stage.store.transact((tx) => deleteGateway(tx, 'loop'));
  const again = await send(mail, { request, hasRelay: false });
  t.true(again.isRepeated, 'what was accepted is not refused because something changed');
  t.is((await texts()).length, 1);
  t.is((await listMails(stage.store)).length, 1);
  await t.throwsAsync(send(mail, { request: { ...request, digest: 'd-2' } }), { code: 'CLIENT_ID_REUSED' });
});

test('without ClientId a mail with date or id is the same for ever, another one for an hour', async (t) => {
  const { stage, phone, send } = await openOffice();
  const count = async () => (await listMails(stage.store)).length;
  const request = (digest: string) => ({ deviceId: phone.id, clientId: undefined, digest });
  const plain = mailOf({ To: 'eve@elsewhere.test' });
  const dated = mailOf({ To: 'eve@elsewhere.test', Date: 'Thu, 14 Jan 2027 08:00:00 +0100' });
  for (let n = 0; n < 2; n++) await send(plain, { request: request('plain') });
  for (let n = 0; n < 2; n++) await send(dated, { request: request('dated') });
  t.is(await count(), 2);
  stage.now += limits.sameMailMilliseconds + 1;
  await send(plain, { request: request('plain') });
  await send(dated, { request: request('dated') });
  t.is(await count(), 3);
});

test('a caller with a transaction of its own takes the steps into it: all of it is kept, or nothing', async (t) => {
  const office = await openOffice();
  const { stage, anna } = office;
  const services = { ...stage.services, hasRelay: true };
  const prepared = await prepareMail(services, {
    user: anna,
    octets: Buffer.from(mailOf({ To: good })),
    saveInSent: true,
  });
  const failing = stage.store.transact(function* (tx) {
    yield* submitMailSteps(tx, prepared);
    throw new Error('the rest of it failed');
  });
  await t.throwsAsync(failing, { message: 'the rest of it failed' });
  t.true(await nothingKept(office));
});

test('a user who is removed while a mail is on its way to them: the sender is told', async (t) => {
  const { stage, anna, bert } = await openOffice();
  const services = { ...stage.services, hasRelay: false };
  const outgoing = {
    user: anna,
    octets: Buffer.from(mailOf({ To: 'bert@example.com', Subject: 'S' })),
    saveInSent: false,
  };
  const prepared = await prepareMail(services, outgoing);
  await deleteUser(stage.store, bert.address);
  await stage.store.transact((tx) => submitMailSteps(tx, prepared));
  t.deepEqual(await stage.subjects(anna), ['Mail was not delivered: S']);
});

test('bounds how often one sender may send texts in a minute, and mail not at all', async (t) => {
  const { stage, anna, texts } = await openOffice();
  const rates = new RateLimits({ store: stage.store, now: () => stage.now });
  const { current } = stage.store.settings;
  await stage.store.settings.save(stage.store, {
    ...current,
    rateLimits: { ...current.rateLimits, sendsPerSender: 2 },
  });
  const services = { ...stage.services, hasRelay: true, credentials: { rates } };
  const send = (to: string, n: number) =>
    submitMail(services, { user: anna, octets: Buffer.from(mailOf({ To: to }, `text ${n}`)), saveInSent: true });
  await send('+447700900123', 1);
  await send('+447700900123, +447700900124', 2);
  const error = await t.throwsAsync<AccountError>(send('+447700900123', 3), { code: 'RATE_EXCEEDED' });
  t.is(error.retryAfterSeconds, 30);
  await t.notThrowsAsync(send('bert@example.com', 4));
  t.is((await texts()).length, 3);
});
