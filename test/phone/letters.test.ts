import test from 'ava';
import { addressesIn, writeMime } from '../../src/phone/mime.js';
import { packedQuery, plainQuery } from '../../src/phone/query.js';
import { ComposeMail } from '../../src/wbxml/airsync/compose-mail.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { child, element, text } from '../../src/wbxml/element.js';
import { folder } from './fake-server.js';
import type { Answer } from './fake-server.js';
import { live, stage, throwsCode } from './stage.js';
import type { Stage } from './stage.js';

const toBob = { to: ['bob@example.com'], subject: 'hi', text: 'hello' };

const status = (value: string): Answer => element(ComposeMail.SendMail, [element(ComposeMail.Status, value)]);

for (const [what, { answer, told }] of Object.entries({
  'Status 120': { answer: status('120'), told: { status: 120 } },
  'Status 129': { answer: status('129'), told: { status: 129 } },
  'HTTP 403': { answer: 403, told: { httpStatus: 403 } },
  'HTTP 500': { answer: 500, told: { httpStatus: 500 } },
})) {
  test(`gives up a mail that is refused with ${what}, and says so`, async (t) => {
    const { server, phone, log } = await stage(t);
    server.answer('SendMail', answer);
    void live(t, phone);
    await t.throwsAsync(phone.sendMail(toBob), { instanceOf: Error });
    await phone.sendMail(toBob);
    t.like(log.all('refused')[0], { command: 'SendMail', clientId: 'client-1', ...told });
    t.deepEqual(
      log.all('mail-sent').map(({ clientId }) => clientId),
      ['client-2'],
    );
    t.is(server.of('SendMail').length, 2);
  });
}

test('repeats a mail word for word until it is answered, provisions where it has to, and comes back when it is told', async (t) => {
  const { server, phone, log, slept } = await stage(t);
  void live(t, phone);
  await server.heard('Ping');
  server.answer('SendMail', 'cut', status('142'), { status: 503, headers: { 'Retry-After': '17' } });
  await phone.sendMail(toBob);
  const bodies = server.of('SendMail').map(({ body }) => body.toString('hex'));
  t.is(bodies.length, 4);
  t.is(new Set(bodies).size, 1);
  t.is(server.of('Provision').length, 4);
  t.true(slept.includes(17_000));
  t.is(log.all('mail-sent').length, 1);
});

test('does not answer an item that it does not hold', async (t) => {
  const { server, phone } = await stage(t);
  void live(t, phone);
  await server.heard('Ping');
  await t.throwsAsync(phone.reply({ serverId: '9', text: 'x' }), throwsCode('UNKNOWN_ITEM'));
  t.is(server.of('SmartReply').length, 0);
});

test('gives up what waits when it is stopped', async (t) => {
  const { server, phone } = await stage(t);
  server.answer('SendMail', ...Array.from({ length: 500 }, (): Answer => 'cut'));
  void live(t, phone);
  const sent = phone.sendMail(toBob);
  await server.heard('SendMail');
  void phone.stop();
  await t.throwsAsync(sent, throwsCode('STOPPED'));
  await t.throwsAsync(phone.sendMail(toBob), throwsCode('STOPPED'));
});

test('answers the sender, with ClientId, Source and a copy for Sent Items', async (t) => {
  const { server, phone } = await withText(await stage(t), t);
  await phone.reply({ serverId: 'm1', text: 'gladly' });
  const { document } = await server.heard('SmartReply');
  t.is(text(document!, ComposeMail.ClientId), 'client-1');
  t.not(child(document!, ComposeMail.SaveInSentItems), undefined);
  const source = child(document!, ComposeMail.Source)!;
  t.is(text(source, ComposeMail.FolderId), folder.inbox);
  t.is(text(source, ComposeMail.ItemId), 'm1');
  const mime = Buffer.from(child(document!, ComposeMail.Mime)!.content as Uint8Array).toString();
  t.true(mime.includes('\r\nTo: "sms:+447700900123"@example.com\r\n'));
  t.true(mime.includes('\r\nSubject: Re: dinner?\r\n'));
});

test('at 12.1 sends the mail as it is, and says the rest in the query', async (t) => {
  const { server, phone } = await withText(await stage(t, { protocolVersion: '12.1' }), t);
  await phone.reply({ serverId: 'm1', text: 'gladly' });
  const { headers, query, body } = await server.heard('SmartReply');
  t.is(headers['content-type'], 'message/rfc822');
  t.is(headers['ms-asprotocolversion'], '12.1');
  t.true(query.endsWith('&CollectionId=1&ItemId=m1&SaveInSent=T'));
  t.true(body.toString().startsWith('From: ann@example.com\r\nTo: "sms:+447700900123"@example.com\r\n'));
});

test('packs what a mail says in the query behind the DeviceType', (t) => {
  const sender = { user: 'x', deviceId: 'v140Device', deviceType: 'SmartPhone', protocolVersion: '12.1' } as const;
  const parameters = { saveInSent: true, source: { collectionId: '5', itemId: '5:m1' } };
  const packed = Buffer.from(packedQuery('SmartReply', { ...sender, policyKey: '0' }, parameters), 'base64');
  t.deepEqual([...packed.subarray(0, 2)], [121, 3]);
  // CollectionId 1, ItemId 3, Options 7 with SaveInSent.
  t.is(packed.subarray(31).toString('hex'), '010135' + '0304353a6d31' + '070101');
  t.true(plainQuery('SendMail', sender, { saveInSent: true }).endsWith('&SaveInSent=T'));
});

test('lets nothing written into a header begin another one, and cuts no character of a subject', (t) => {
  const mail = {
    from: 'a@b',
    to: ['c@d\r\nBcc: e@f'],
    subject: `x\r\nBcc: ${'Zoë '.repeat(40)}`,
    text: 'Zoë',
    date: 0,
  };
  const [head, body] = Buffer.from(writeMime({ ...mail, id: 'i' }))
    .toString()
    .split('\r\n\r\n');
  t.false(/^Bcc/m.test(head!));
  t.true(head!.split('\r\n').every((line) => line.length <= 78));
  const words = [...head!.matchAll(/=\?utf-8\?B\?([^?]*)\?=/g)].map(([, word]) => Buffer.from(word!, 'base64'));
  t.is(Buffer.concat(words).toString(), `x Bcc: ${'Zoë '.repeat(40)}`.trim());
  t.true(words.every((word) => !word.toString().includes('\ufffd')));
  t.is(Buffer.from(body!, 'base64').toString(), 'Zoë');
  t.true(head!.includes('Date: Thu, 01 Jan 1970 00:00:00 +0000'));
});

for (const [list, addresses] of Object.entries({
  '': [],
  'a@b': ['a@b'],
  '"B, <x>" <a@b>, c@d': ['a@b', 'c@d'],
  '"+44" <"sms:+44"@example.com>': ['"sms:+44"@example.com'],
  '"sms:+44"@example.com': ['"sms:+44"@example.com'],
  '"never closed <a@b>': ['a@b'],
  '<never closed': ['<never closed'],
})) {
  test(`finds the addresses in ${list === '' ? 'nothing' : list}`, (t) => {
    t.deepEqual(addressesIn(list), addresses);
  });
}

async function withText(acting: Stage, t: Parameters<typeof live>[0]): Promise<Stage> {
  const { server, phone, log } = acting;
  void live(t, phone);
  await server.heard('Ping');
  const data = element(AirSync.ApplicationData, [
    element(Email.From, '"Bob, +44…" <"sms:+447700900123"@example.com>'),
    element(Email.Subject, 'dinner?'),
    element(AirSyncBase.Body, [element(AirSyncBase.Type, '1'), element(AirSyncBase.Data, 'dinner?')]),
  ]);
  server.change(folder.inbox, element(AirSync.Add, [element(AirSync.ServerId, 'm1'), data]));
  await log.until('received');
  return acting;
}
