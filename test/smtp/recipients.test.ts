import test from 'ava';
import { putSmsAccount } from '../../src/accounts/sms-accounts.js';
import { putUser } from '../../src/accounts/users.js';
import type { MailSettings } from '../../src/store/settings.js';
import type { Message } from '../../src/store/tables.js';
import { putLoopback, start } from '../http/set-up.js';
import { anna, bert, mailOf, number, openOffice } from './mail-program.js';

/** The last reply to a mail for this one recipient, and what became of it. */
async function giveTo(
  t: Parameters<typeof openOffice>[0],
  recipient: string,
  more: { as?: [name: string, secret: string]; octets?: string; from?: string } & Parameters<typeof openOffice>[1] = {},
) {
  const office = await openOffice(t, more);
  await putLoopback(office.store, 'modem1');
  const program = await office.call();
  await program.greet(...(more.as ?? []));
  const from = more.from ?? 'x@elsewhere.test';
  const replies = await program.give({ from, to: [recipient], octets: more.octets ?? mailOf() });
  return { ...office, program, reply: replies.at(-1)!, texts: await office.texts() };
}

const asAnna = ['anna@example.com', 'secret'] as [string, string];

// The document, *sms: Protocol*, *Outlook and Other Desktop Clients*, *XMPP Transport*; RFC 5724 2.2, RFC 5321 4.1.2.
const forms: [form: string, becomes: Partial<Message>][] = [
  [`sms:${number}@example.com`, { recipient: number }],
  [`"sms:${number}"@example.com`, { recipient: number }],
  [`"sms:${number}"@elsewhere.test`, { recipient: number }],
  [`"sms:+44 7700 900-123"@example.com`, { recipient: number }],
  [`"sms:+44 (7700) 900123"@example.com`, { recipient: number }],
  [`"SMS:${number}"@example.com`, { recipient: number }],
  [`smsto:${number}@example.com`, { recipient: number }],
  [`sms://${number}@example.com`, { recipient: number }],
  [`"sms\\:${number}"@example.com`, { recipient: number }],
  [`sms:07700900123@example.com`, { recipient: '07700900123' }],
  [`sms:*100#@example.com`, { recipient: '*100#' }],
  [`${number}@example.com`, { recipient: number }],
  [`07700900123@example.com`, { recipient: '07700900123' }],
  [`${number}@sms.example.net`, { recipient: number }],
  [`"${number}"@sms.example.net`, { recipient: number }],
  [`"${number}?maxmsgs=2"@sms.example.net`, { recipient: number }],
  [`sms:${number}?sender=Anna@example.com`, { sender: 'Anna' }],
  [`"sms:${number}?sender=Anna%20A."@example.com`, { sender: 'Anna A.' }],
  [`sms:${number}?id=modem1@example.com`, { pinnedGateway: 'modem1' }],
  [`sms:${number}?pid=65&dcs=16@example.com`, { properties: { pid: 65, dcs: 16 } }],
  [`"sms:${number}?reply=ada%40example.com"@example.com`, { properties: { reply: 'ada@example.com' } }],
  [`"sms:${number}?reply=ada@example.com"@example.com`, { properties: { reply: 'ada@example.com' } }],
  [`"sms:${number}?value=%26a%3D1"@example.com`, { properties: { values: ['&a=1'] } }],
  [`sms:${number}?maxmsgs=&id=&unheard=of@example.com`, { recipient: number }],
];

for (const [form, becomes] of forms) {
  test(`reads a text's recipient of <${form}>`, async (t) => {
    const { reply, texts } = await giveTo(t, form, { as: asAnna, mail: { smsDomains: ['sms.example.net'] } });
    t.regex(reply, /^250 2\.0\.0 Queued as /);
    t.like(texts[0], { text: 'Dinner at 8?', ...becomes });
  });
}

const refused: [form: string, reply: string][] = [
  ['sms:Bank@example.com', '550 5.1.1 Nobody here has this address'],
  ['sms:@example.com', '550 5.1.1 Nobody here has this address'],
  ['"sms:"@example.com', '550 5.1.1 Nobody here has this address'],
  ['carl@example.com', '550 5.1.1 Nobody here has this address'],
  ['carl@sms.example.net', '550 5.1.1 Nobody here has this address'],
  [`sms:${number},${number}@example.com`, '550 5.1.1 Nobody here has this address'],
  [`sms:${number}?maxmsgs=0@example.com`, '553 5.1.3 A parameter of the address is malformed or out of range'],
  [`sms:${number}?maxmsgs=129@example.com`, '553 5.1.3 A parameter of the address is malformed or out of range'],
  [`sms:${number}?maxmsgs=many@example.com`, '553 5.1.3 A parameter of the address is malformed or out of range'],
  [`sms:${number}?pid=256@example.com`, '553 5.1.3 A parameter of the address is malformed or out of range'],
  [`sms:${number}?dcs=4@example.com`, '553 5.1.3 A parameter of the address is malformed or out of range'],
  [`sms:${number}?udh=BQ==@example.com`, '553 5.1.3 A parameter of the address is malformed or out of range'],
  [`sms:${number}?binary=maybe@example.com`, '553 5.1.3 A parameter of the address is malformed or out of range'],
  [`sms:${number}?id=nowhere@example.com`, '550 5.1.2 There is no gateway of this id: nowhere'],
  [`"sms:${number}?${'x'.repeat(2000)}"@example.com`, '550 5.1.1 Nobody here has this address'],
  [`sms:${number}`, '501 5.1.3 Error: Bad recipient address syntax'],
  ['', '501 5.1.3 Error: Bad recipient address syntax'],
];

for (const [form, reply] of refused) {
  test(`refuses the recipient <${form.slice(0, 60)}>`, async (t) => {
    const given = await giveTo(t, form, { as: asAnna, mail: { smsDomains: ['sms.example.net'] } });
    t.is(given.reply, reply);
    t.deepEqual(given.texts, []);
  });
}

const payers: [form: string, account: string | undefined][] = [
  [`sms:${number}?user=anna&pass=secret@example.com`, undefined],
  [`sms:${number}?user=anna%example.com&pass=secret@example.com`, undefined],
  [`sms:${number}?user=anna/example.com&pass=secret@example.com`, undefined],
  [`sms:${number}?user=anna%40example.com&pass=secret@example.com`, undefined],
  [`"sms:${number}?user=anna@example.com&pass=secret"@example.com`, undefined],
  [`sms:${number}?USER=anna&PASS=secret@example.com`, undefined],
  [`sms:${number}?user=alerts&pass=alertpwd@example.com`, 'alerts'],
];

for (const [form, account] of payers) {
  test(`lets somebody send who says so in the address <${form}>, without a log-in`, async (t) => {
    const { reply, texts, services } = await giveTo(t, form);
    t.regex(reply, /^250 2\.0\.0 Queued as /);
    const user = await services.credentials.lookUp(anna);
    t.is(texts[0]?.userId, account === undefined ? user!.id : null);
    t.is(texts[0]?.properties?.account, account);
  });
}

const unpaid: [form: string, reply: string][] = [
  [`sms:${number}?user=anna&pass=guess@example.com`, '535 5.7.8 The name or the password is wrong'],
  [`sms:${number}?user=nobody&pass=secret@example.com`, '535 5.7.8 The name or the password is wrong'],
  [`sms:${number}?user=anna@example.com`, '535 5.7.8 The name or the password is wrong'],
  [`sms:${number}?pass=secret@example.com`, '530 5.7.0 Authentication required'],
  [`sms:${number}?authenticated=1@example.com`, '530 5.7.0 Authentication required'],
  [`sms:${number}?user=anna&authenticated=1@example.com`, '535 5.7.8 The name or the password is wrong'],
];

for (const [form, reply] of unpaid) {
  test(`lets nobody send by <${form}> from outside`, async (t) => {
    const given = await giveTo(t, form);
    t.is(given.reply, reply);
    t.deepEqual(given.texts, []);
    t.false(given.logged.join('').includes('900123'));
  });
}

test('takes the word of a trusted mail server for a user, and for nobody in particular', async (t) => {
  const trusted = ['127.0.0.1'];
  const named = await giveTo(t, `sms:${number}?user=bert&authenticated=1@example.com`, { trusted });
  t.is(named.texts[0]?.userId, (await named.services.credentials.lookUp(bert))!.id);
  const unnamed = await giveTo(t, `sms:${number}?authenticated=1@example.com`, { trusted });
  t.is(unnamed.texts[0]?.userId, null);
});

test('holds a user to what the user may, and an account to what it may', async (t) => {
  const { store, call } = await openOffice(t);
  await putUser(store, anna, { smsAccess: 'denied', now: start });
  await putSmsAccount(store, 'alerts', { password: 'alertpwd', active: false, now: start });
  await putSmsAccount(store, 'old', { password: 'pw', expires: '2020-01-01', now: start });
  const program = await call();
  await program.greet(anna);
  await program.say(`MAIL FROM:<${anna}>`);
  const rcpt = (parameters: string) => program.say(`RCPT TO:<sms:${number}${parameters}@example.com>`);
  t.is(await rcpt(''), '550 5.7.1 This user may not send texts: refused by the access of the user');
  t.regex(await rcpt('?user=alerts&pass=alertpwd'), /^550 5\.7\.1 The account is not active/);
  t.regex(await rcpt('?user=old&pass=pw'), /^550 5\.7\.1 The account has expired/);
  await putSmsAccount(store, 'alerts', { password: 'alertpwd', now: start });
  t.regex(await rcpt('?user=alerts&pass=alertpwd'), /^250 /, 'an account may that the user has besides');
});

test('refuses the mail whose parts are more than the month has left, for all of its recipients', async (t) => {
  const { store, call, texts } = await openOffice(t);
  await putUser(store, anna, { smsSettings: { monthlyLimit: 1 }, now: start });
  const program = await call();
  await program.greet(anna);
  const to = [`sms:${number}@example.com`, 'sms:+447700900124@example.com'];
  t.is(
    (await program.give({ to, octets: mailOf() })).at(-1),
    '550 5.7.1 This month has too few texts left for it: refused by the SMS settings of the user',
  );
  t.deepEqual(await texts(), []);
  t.regex((await program.give({ to: to.slice(1), octets: mailOf() })).at(-1)!, /^250 /);
});

test('says when nothing could carry a text, so that it is tried again', async (t) => {
  const { store, call } = await openOffice(t);
  await putLoopback(store, 'loop', false);
  const program = await call();
  await program.greet(anna);
  await program.say(`MAIL FROM:<${anna}>`);
  t.is(
    await program.say(`RCPT TO:<sms:${number}@example.com>`),
    '451 4.4.4 Nothing is there that could send this message',
  );
});

test('says when more came in a minute than is allowed', async (t) => {
  const { store, call } = await openOffice(t);
  const rateLimits = { sendsPerSender: 2, requestsPerDevice: 0, requestsPerAddress: 0 };
  await store.settings.save(store, { ...store.settings.current, rateLimits });
  const program = await call();
  await program.greet(anna);
  await program.say(`MAIL FROM:<${anna}>`);
  const replies = [];
  for (let n = 0; n < 3; n++) replies.push(await program.say(`RCPT TO:<sms:+44770090012${n}@example.com>`));
  t.deepEqual(
    replies.map((each) => each.slice(0, 9)),
    ['250 2.1.5', '250 2.1.5', '450 4.7.1'],
  );
});

test('cuts a text to one part, or to as many as the address or the settings ask for', async (t) => {
  const octets = mailOf({}, 'x'.repeat(400));
  const partsOf = async (parameters: string, maxParts?: number) => {
    const form = `sms:${number}${parameters}@example.com`;
    const mail = maxParts === undefined ? {} : { maxParts };
    return (await giveTo(t, form, { as: asAnna, octets, mail })).texts[0]!;
  };
  t.like(await partsOf(''), { parts: 1, text: 'x'.repeat(160) });
  t.like(await partsOf('?maxmsgs=2'), { parts: 2, text: 'x'.repeat(306) });
  t.like(await partsOf('?maxmsgs=9'), { parts: 3, text: 'x'.repeat(400) });
  t.like(await partsOf('', 7), { parts: 3 });
});

test('sends octets that are written in base64', async (t) => {
  const form = `sms:${number}?binary=1&udh=BQQLhCPw&dcs=4@example.com`;
  const { reply, texts } = await giveTo(t, form, { as: asAnna, octets: mailOf({ Subject: 'x' }, 'AQID\r\nBAU=') });
  t.regex(reply, /^250 /);
  t.like(texts[0], { text: '', properties: { data: 'AQIDBAU=', udh: 'BQQLhCPw', dcs: 4 } });
});

test('gives the answer to the sender of the mail where no user sent it', async (t) => {
  const form = `sms:${number}?user=alerts&pass=alertpwd@example.com`;
  const ofAccount = await giveTo(t, form, { from: 'root@elsewhere.test' });
  t.is(ofAccount.texts[0]?.properties?.reply, 'root@elsewhere.test');
  const ofUser = await giveTo(t, `sms:${number}@example.com`, { as: asAnna });
  t.is(ofUser.texts[0]?.properties?.reply, undefined);
});

const html = { 'Content-Type': 'text/html; charset=utf-8' };
const mixed = { 'Content-Type': 'multipart/mixed; boundary=b' };
const withFile = (text: string) =>
  `--b\r\nContent-Type: text/plain\r\n\r\n${text}\r\n--b\r\nContent-Type: image/jpeg; name=cat.jpg\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--`;
const alternative = [
  '--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe',
  '--b\r\nContent-Type: text/html\r\n\r\n<b>not this</b>\r\n--b--',
].join('\r\n');
const answer = 'Yes\r\n-- \r\nBob\r\n\r\nOn 2 Jan 2026, Ann wrote:\r\n> No?';

const words: [what: string, octets: string, settings: Partial<MailSettings>, text: string][] = [
  ['its plain text', mailOf({ 'Content-Type': 'multipart/alternative; boundary=b' }, alternative), {}, 'Grüße'],
  [
    'its HTML as text, where there is no other',
    mailOf(html, '<p>Hello <b>you</b></p><script>x</script>'),
    {},
    'Hello you',
  ],
  ['its subject, where it has no words', mailOf({ Subject: '=?utf-8?q?=C3=84rger?=' }, ''), {}, 'Ärger'],
  ['the names of its files, where it has nothing else', mailOf(mixed, withFile('')), {}, 'cat.jpg'],
  ['its words and the names of its files', mailOf(mixed, withFile('look')), {}, 'look\n[cat.jpg]'],
  ['its words without the names of files', mailOf(mixed, withFile('look')), { nameAttachments: false }, 'look'],
  ['its subject before its words', mailOf({ Subject: 'Tonight' }), { prefixSubject: true }, 'Tonight\nDinner at 8?'],
  ['its words, where it has no subject to put before', mailOf(), { prefixSubject: true }, 'Dinner at 8?'],
  ['the words of an answer', mailOf({}, answer), {}, 'Yes'],
  ['the words of an answer with its signature', mailOf({}, answer), { cutSignature: false }, 'Yes\n-- \nBob'],
  [
    'an answer with all that it answers',
    mailOf({}, answer),
    { cutHistory: false, cutSignature: false },
    'Yes\n-- \nBob\n\nOn 2 Jan 2026, Ann wrote:\n> No?',
  ],
];

for (const [what, octets, mail, text] of words) {
  test(`sends of a mail ${what}`, async (t) => {
    const { texts } = await giveTo(t, `sms:${number}@example.com`, { as: asAnna, octets, mail });
    t.is(texts[0]?.text, text);
  });
}
