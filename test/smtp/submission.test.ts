import { readFileSync } from 'node:fs';
import test from 'ava';
import { watchCertificate } from '../../src/certificate-watch.js';
import { isLoopback } from '../../src/smtp/conversation.js';
import { limits } from '../../src/smtp/limits.js';
import { hasBareLineBreak } from '../../src/smtp/mail-data.js';
import { listMails } from '../../src/store/mails.js';
import { SmtpPorts } from '../../src/smtp/smtp-ports.js';
import { anna, bert, MailProgram, mailOf, number, openOffice, password } from './mail-program.js';

const here = '127.0.0.1';
const toNumber = `"sms:${number}"@example.com`;

function pem(name: string): string {
  return readFileSync(new URL(`../../../fixtures/tls/${name}`, import.meta.url), 'utf8');
}

const tls = { cert: pem('server.pem'), key: pem('server.key.pem') };

test('takes nothing from somebody who did not say who it is', async (t) => {
  const { call, texts, inbox } = await openOffice(t);
  const program = await call();
  await program.greet();
  t.is(await program.say(`MAIL FROM:<${anna}>`), '250 2.1.0 Accepted');
  for (const to of [toNumber, anna, 'eve@elsewhere.test'])
    t.is(await program.say(`RCPT TO:<${to}>`), '530 5.7.0 Authentication required', to);
  t.regex(await program.say('DATA'), /^503 /);
  t.deepEqual([...(await texts()), ...(await inbox(anna))], []);
});

test('refuses a wrong password, a name that nobody has, and to act for somebody else', async (t) => {
  const { call, logged } = await openOffice(t);
  const program = await call();
  const wrong = '535 5.7.8 The name or the password is wrong';
  t.is(await program.greet(anna, 'guess'), wrong);
  t.is(await program.greet('nobody@example.com'), wrong);
  const forBert = Buffer.from(`${bert}\0${anna}\0${password}`).toString('base64');
  t.is(await program.say(`AUTH PLAIN ${forBert}`), wrong);
  t.regex(await program.say('AUTH CRAM-MD5'), /^504 /);
  t.false(logged.join('').includes('guess'));
});

test('hangs up on whoever guesses on', async (t) => {
  const { call } = await openOffice(t);
  const program = await call();
  await program.greet();
  let last = '';
  for (let n = 0; n <= limits.wrongPasswords && !last.startsWith('421'); n++)
    last = await program.greet(anna, `guess ${n}`);
  t.regex(last, /^(?:421 4\.7\.0|454 4\.7\.0) /);
});

test('lets a user log in by PLAIN and by LOGIN, under every form of the name', async (t) => {
  const { call } = await openOffice(t);
  for (const name of [anna, 'anna', 'anna%example.com', 'a@example.com']) {
    t.is(await (await call()).greet(name), '235 2.7.0 Authentication successful', name);
  }
  const program = await call();
  await program.greet();
  t.is(await program.say('AUTH LOGIN'), '334 VXNlcm5hbWU6');
  t.is(await program.say(Buffer.from(anna).toString('base64')), '334 UGFzc3dvcmQ6');
  t.is(await program.say(Buffer.from(password).toString('base64')), '235 2.7.0 Authentication successful');
});

test('refuses the address of another user as sender, and no address elsewhere', async (t) => {
  const { call } = await openOffice(t);
  const program = await call();
  await program.greet(anna);
  const foreign = '550 5.7.1 The sender is somebody else than who logged in';
  t.is(await program.say(`MAIL FROM:<${bert}>`), foreign);
  t.is(await program.say('MAIL FROM:<nobody@EXAMPLE.com>'), foreign);
  for (const from of [anna, 'A@Example.com', '', 'anna@elsewhere.test']) {
    t.is(await program.say(`MAIL FROM:<${from}>`), '250 2.1.0 Accepted', from);
    await program.say('RSET');
  }
});

test('makes a text of a mail, and says so when it is on disk', async (t) => {
  const { call, texts, logged } = await openOffice(t);
  const program = await call();
  await program.greet(anna);
  const replies = await program.give({ to: [toNumber], octets: mailOf({ Subject: 'tonight' }) });
  const [text] = await texts();
  t.is(replies.at(-1), `250 2.0.0 Queued as ${text!.id}`);
  t.like(text, { recipient: number, text: 'Dinner at 8?', origin: 'smtp', state: 'queued', parts: 1 });
  t.is(logged.join(''), '', 'neither number nor text');
});

test('sends a mail to numbers, users and people elsewhere, each what is theirs', async (t) => {
  const { call, texts, inbox, store } = await openOffice(t);
  const program = await call();
  await program.greet(anna);
  const headers = { To: `${toNumber}, ${bert}`, Cc: 'eve@elsewhere.test', Bcc: 'secret@elsewhere.test', Subject: 'x' };
  const to = [toNumber, bert, 'eve@elsewhere.test', 'secret@elsewhere.test'];
  await program.give({ to, octets: mailOf({ ...headers, From: 'Boss <boss@example.com>' }) });
  t.deepEqual(
    (await texts()).map(({ recipient }) => recipient),
    [number],
  );
  const [item] = await inbox(bert);
  t.like(item, { class: 'Email', subject: 'x', text: 'Dinner at 8?\n', from: anna });
  const [mail] = await listMails(store);
  t.deepEqual(mail?.recipients, ['eve@elsewhere.test', 'secret@elsewhere.test']);
  t.is(mail?.sender, anna);
  const sent = mail!.octets.toString();
  t.regex(sent, /^Received: from laptop\.example\.com \(\[127\.0\.0\.1\]\)/);
  t.regex(sent, /^From: <anna@example\.com>\r$/m);
  t.notRegex(sent, /secret|boss/i);
});

test('relays for users alone, and only where a relay is configured', async (t) => {
  const { call } = await openOffice(t, { hasRelay: false, trusted: ['10.0.0.1'] });
  const program = await call();
  await program.greet('alerts', 'alertpwd');
  await program.say('MAIL FROM:<root@elsewhere.test>');
  t.is(
    await program.say('RCPT TO:<eve@elsewhere.test>'),
    '550 5.7.1 Relaying is for users of this server who logged in',
  );
  const other = await call();
  await other.greet(anna);
  await other.say(`MAIL FROM:<${anna}>`);
  t.regex(await other.say('RCPT TO:<eve@elsewhere.test>'), /^550 5\.4\.4 /);
});

test('refuses a mail with a line break that is half one, and takes nothing that hides behind it', async (t) => {
  const { call, texts } = await openOffice(t);
  const hidden = `MAIL FROM:<${anna}>\r\nRCPT TO:<${toNumber}>\r\nDATA\r\n${mailOf()}`;
  for (const ending of ['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r', '\n\n', '\rx']) {
    const program = await call();
    await program.greet(anna);
    await program.say(`MAIL FROM:<${anna}>`);
    await program.say(`RCPT TO:<${toNumber}>`);
    await program.say('DATA');
    program.write(`${mailOf()}${ending}${hidden}\r\n.\r\n`);
    t.is(await program.reply(), '554 5.5.2 A CR or LF that stands alone is not allowed', JSON.stringify(ending));
    t.is(await program.say('NOOP'), '250 2.0.0 OK');
  }
  t.deepEqual(await texts(), []);
});

test('knows a line break that is half one wherever it stands', (t) => {
  for (const octets of ['\n', '\r', 'a\nb\r\n', 'a\r\n\n', 'a\r\r\n', 'a\r\nb\r'])
    t.true(hasBareLineBreak(Buffer.from(octets)));
  for (const octets of ['', 'a', '\r\n', 'a\r\nb\r\n\r\n']) t.false(hasBareLineBreak(Buffer.from(octets)));
});

test('says how large a mail may be, and refuses a larger one before and after it came', async (t) => {
  const { call } = await openOffice(t);
  const program = await call();
  t.regex(await program.greet(), new RegExp(`SIZE ${limits.mailOctets}$`));
  await program.greet(anna);
  t.regex(await program.say(`MAIL FROM:<${anna}> SIZE=${limits.mailOctets + 1}`), /^552 5\.3\.4 /);
  await program.say(`MAIL FROM:<${anna}>`);
  await program.say(`RCPT TO:<${toNumber}>`);
  await program.say('DATA');
  const line = `${'x'.repeat(998)}\r\n`;
  for (let n = 0; n <= limits.mailOctets / line.length; n++) program.write(line);
  program.write('.\r\n');
  t.is(await program.reply(), '552 5.3.4 The mail is larger than is allowed here');
});

test('refuses more recipients than a mail may have, for those that are too many', async (t) => {
  const { call } = await openOffice(t);
  const program = await call();
  await program.greet(anna);
  await program.say(`MAIL FROM:<${anna}>`);
  for (let n = 0; n < limits.recipients; n++)
    program.write(`RCPT TO:<"sms:+44770090${String(n).padStart(4, '0')}"@x.test>\r\n`);
  for (let n = 0; n < limits.recipients; n++) t.regex(await program.reply(), /^250 /);
  t.is(await program.say(`RCPT TO:<${toNumber}>`), '452 4.5.3 Error: too many recipients');
});

const refusedMails: [string, string, string][] = [
  ['without a word', mailOf({}, ''), '554 5.6.0 The mail has no words that could be a text'],
  ['without a header', 'Dinner at 8?\r\n', '554 5.6.0 This is no mail'],
  [
    'that went through too many servers',
    `${'Received: from a by b\r\n'.repeat(limits.hops + 1)}${mailOf()}`,
    '554 5.4.6 The mail went through too many servers: it runs in a circle',
  ],
];

for (const [what, octets, reply] of refusedMails) {
  test(`refuses a mail ${what}, for all of its recipients`, async (t) => {
    const { call, texts, inbox } = await openOffice(t);
    const program = await call();
    await program.greet(anna);
    t.is((await program.give({ to: [toNumber, bert], octets })).at(-1), reply);
    t.deepEqual([...(await texts()), ...(await inbox(bert))], []);
  });
}

test('takes a mail once that comes again, as it does after an answer was lost', async (t) => {
  const { call, texts, inbox, store } = await openOffice(t);
  const program = await call();
  await program.greet(anna);
  const again = (octets: string) => program.give({ to: [toNumber, bert, 'eve@elsewhere.test'], octets });
  const first = await again(mailOf());
  t.is((await again(mailOf())).at(-1), first.at(-1));
  t.deepEqual(
    [await texts(), await inbox(bert), await listMails(store)].map((each) => each.length),
    [1, 1, 1],
  );
  await again(mailOf({}, 'Dinner at 9?'));
  await again(mailOf({ Date: 'Tue, 01 Dec 2026 18:00:00 +0000' }));
  t.is((await texts()).length, 3, 'another text or date under the same id is another mail');
  await again(mailOf({ 'Message-ID': '<2@laptop.example.com>' }));
  t.is((await texts()).length, 4);
});

test('gives a number that is written twice one text', async (t) => {
  const { call, texts } = await openOffice(t);
  const program = await call();
  await program.greet(anna);
  const octets = 'From: anna@example.com\r\n\r\nhello\r\n';
  await program.give({ to: [toNumber, `sms:${number}@x.test`, `"sms:+44 7700 900123"@x.test`], octets });
  t.is((await texts()).length, 1);
});

test('knows the addresses of this machine, which alone log in without TLS', (t) => {
  for (const address of ['127.0.0.1', '127.1.2.3', '::1']) t.true(isLoopback(address));
  for (const address of ['10.0.0.1', '::', '::10', '128.127.0.1']) t.false(isLoopback(address));
});

test('takes a log-in and a mail behind STARTTLS', async (t) => {
  const { port } = await openOffice(t, { tls });
  const program = await MailProgram.connect(Number(port.address.split(':')[1]));
  t.regex(await program.greet(), /STARTTLS/);
  await program.startTls();
  t.regex(await program.greet(), /AUTH PLAIN LOGIN/);
  t.is(await program.greet(anna), '235 2.7.0 Authentication successful');
  t.regex((await program.give({ to: [toNumber], octets: mailOf() })).at(-1)!, /^250 2\.0\.0 Queued as /);
  program.end();
});

test('shows a renewed certificate to whoever comes from then on', async (t) => {
  const { call, port } = await openOffice(t, { tls });
  const secured = async (program: MailProgram): Promise<string | undefined> => {
    await program.greet();
    await program.startTls();
    await program.greet();
    return program.certificate;
  };
  const before = await call();
  t.is(await secured(before), tls.cert);
  port.renewCertificate({ cert: pem('stranger.pem'), key: pem('stranger.key.pem') });
  t.is(await secured(await call()), pem('stranger.pem'));
  t.regex(await before.greet(anna), /^235 /);
});

test('a certificate that cannot be used is not told as the one in use', async (t) => {
  const { services } = await openOffice(t);
  const ports = new SmtpPorts();
  t.teardown(() => ports.close());
  await ports.open(services, { kind: 'smtp', host: here, port: 0, tls });
  t.throws(() => ports.renewCertificate({ cert: pem('stranger.pem'), key: tls.key }));
  t.is(ports.certificate, tls);
});

test('keeps its certificate while the files hold none, and says so once', (t) => {
  const told: string[] = [];
  const log = {
    info: (_: object, line: string) => told.push(line),
    warn: (_: object, line: string) => told.push(line),
  };
  const renewed = { cert: 'new cert', key: 'new key' };
  const found: (typeof tls | Error | undefined)[] = [tls, new Error('no PEM'), new Error('no PEM'), renewed, renewed];
  const read = (): typeof tls | undefined => {
    const next = found.shift();
    if (next instanceof Error) throw next;
    return next;
  };
  const used: (typeof tls)[] = [];
  const look = watchCertificate({ current: () => used.at(-1) ?? tls, read, use: (each) => used.push(each), log });
  for (let n = 0; n < 5; n++) look();
  t.deepEqual(used, [renewed]);
  t.deepEqual(told, ['the certificate for mail stays what it was', 'the certificate for mail was renewed']);
});

test('forgets behind STARTTLS who logged in before it', async (t) => {
  const { call } = await openOffice(t, { tls });
  const program = await call();
  await program.greet(anna);
  await program.startTls();
  await program.greet();
  await program.say(`MAIL FROM:<${anna}>`);
  t.is(await program.say(`RCPT TO:<${toNumber}>`), '530 5.7.0 Authentication required');
});

test('believes a mail server in a trusted network who sends, and nobody else', async (t) => {
  const { call, texts, inbox } = await openOffice(t, { trusted: [here] });
  const program = await call();
  await program.greet();
  const replies = await program.give({ to: [toNumber], octets: mailOf() });
  t.regex(replies.at(-1)!, /^250 2\.0\.0 Queued/);
  await program.say('MAIL FROM:<stranger@elsewhere.test>');
  t.is(await program.say(`RCPT TO:<${toNumber}>`), '530 5.7.0 Authentication required');
  t.is(
    await program.say('RCPT TO:<eve@elsewhere.test>'),
    '550 5.7.1 Relaying is for users of this server who logged in',
  );
  await program.say('RSET');
  const from = { From: 'stranger@elsewhere.test', 'Return-Path': '<x@y.test>' };
  await program.give({ from: 'stranger@elsewhere.test', to: [anna], octets: mailOf(from) });
  t.is((await texts()).length, 1);
  t.like((await inbox(anna))[0], { from: 'stranger@elsewhere.test' });
});

test('speaks LMTP with trusted networks alone', async (t) => {
  const { port } = await openOffice(t, { kind: 'lmtp' });
  const program = await MailProgram.connect(Number(port.address.split(':')[1]));
  t.is(program.greeting, '554 5.7.1 This address is in no network that is trusted');
  t.is(await program.say('LHLO mail.example.com'), 'hung up');
});

test('answers each recipient by itself over LMTP', async (t) => {
  const { call, texts, inbox } = await openOffice(t, { kind: 'lmtp', trusted: [here] });
  const program = await call();
  await program.say('LHLO mail.example.com');
  await program.say(`MAIL FROM:<${anna}>`);
  await program.say(`RCPT TO:<"sms:${number}?binary=1"@example.com>`);
  await program.say(`RCPT TO:<${bert}>`);
  await program.say(`RCPT TO:<${toNumber}>`);
  await program.say('DATA');
  program.write(`${mailOf()}.\r\n`);
  t.is(await program.reply(), '553 5.1.3 A parameter of the address is malformed or out of range');
  t.is(await program.reply(), '250 2.0.0 Accepted');
  t.regex(await program.reply(), /^250 2\.0\.0 Queued as /);
  t.deepEqual([(await texts()).length, (await inbox(bert)).length], [1, 1]);
});

test('answers what is on its way when it closes, and hangs up on the others', async (t) => {
  const { call, port, texts } = await openOffice(t);
  const [idle, busy] = [await call(), await call()];
  await busy.greet(anna);
  await busy.say(`MAIL FROM:<${anna}>`);
  await busy.say(`RCPT TO:<${toNumber}>`);
  await busy.say('DATA');
  busy.write(mailOf());
  const closed = port.close();
  t.regex(await idle.reply(), /^421 /);
  busy.write('.\r\n');
  t.regex(await busy.reply(), /^250 2\.0\.0 Queued as /);
  busy.end();
  await closed;
  t.is((await texts()).length, 1);
});
