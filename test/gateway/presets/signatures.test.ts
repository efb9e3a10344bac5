import { createHash, createHmac } from 'node:crypto';
import test from 'ava';
import { WebhookError } from '../../../src/gateway/errors.js';
import type { Doubt, WebhookKeys, WebhookRequest } from '../../../src/gateway/presets/preset.js';
import { findPreset, presets } from '../../../src/gateway/presets/presets.js';
import { writeCall } from '../../../src/message/webhook-request.js';
import type { EventDocument } from '../../../src/store/states.js';
import { formOf, formType, jsonType, noon, webhook } from './webhook.js';

const secret = 'the secret of the gateway';
const password = 'the password of the gateway';

function doubt(
  id: string,
  request: WebhookRequest,
  keys: Partial<WebhookKeys> = { webhookSecret: secret },
): Doubt | undefined {
  return findPreset(id)!.webhooks!.findDoubt(request, { webhookSecret: null, password: null, ...keys });
}

const sign = (algorithm: string, key: string, content: string | Buffer) => createHmac(algorithm, key).update(content);

test('without a secret no webhook of any preset is believed, whatever it brings', (t) => {
  const everything = webhook({
    query: `secret=&pass=`,
    headers: {
      ...formType,
      authorization: `Basic ${Buffer.from(':').toString('base64')}`,
      'x-twilio-signature': sign('sha1', '', '').digest('base64'),
      'x-signature': sign('sha256', '', 'sig=').digest('hex'),
    },
    body: 'sig=',
    urls: [''],
  });
  for (const { id, webhooks } of presets)
    for (const webhookSecret of webhooks ? [null, ''] : [])
      t.is(doubt(id, everything, { webhookSecret, password: '' }), 'no secret is set', id);
});

test('an empty request is not believed by any preset', (t) => {
  for (const { id, webhooks } of presets) if (webhooks) t.not(doubt(id, webhook()), undefined, id);
});

// Twilio's libraries and documents: Validating requests are coming from Twilio.
const published = {
  ...{ url: 'https://mycompany.com/myapp.php?foo=1&bar=2', token: '12345' },
  fields: {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  },
  signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
};

function fromTwilio(
  fields: Record<string, string> | string,
  signature: string | undefined,
  url = published.url,
): WebhookRequest {
  const body = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString();
  const query = new URL(url).search.slice(1);
  return webhook({ urls: [url], query, body, headers: { ...formType, 'x-twilio-signature': signature } });
}

test('Twilio: nothing may be changed, added or left out', (t) => {
  const { fields, signature, token } = published;
  const keys = { webhookSecret: token };
  t.is(doubt('twilio', fromTwilio(fields, undefined), keys), 'signature');
  t.is(doubt('twilio', fromTwilio(fields, ''), keys), 'signature');
  t.is(doubt('twilio', fromTwilio(fields, signature.slice(0, -1)), keys), 'signature');
  t.is(doubt('twilio', fromTwilio(fields, signature), { webhookSecret: '12346' }), 'signature');
  t.is(doubt('twilio', fromTwilio({ ...fields, Digits: '1235' }, signature), keys), 'signature');
  t.is(doubt('twilio', fromTwilio({ ...fields, Body: 'more' }, signature), keys), 'signature');
  const { To, ...fewer } = fields;
  t.truthy(To);
  t.is(doubt('twilio', fromTwilio(fewer, signature), keys), 'signature');
  t.is(
    doubt('twilio', fromTwilio(fields, signature, 'https://mycompany.com/myapp.php?foo=1&bar=3'), keys),
    'signature',
  );
});

test('Twilio: what is not signed is not read', (t) => {
  const url = 'https://sms.example.com/sms/receive/tw';
  const signature = sign('sha1', secret, url).digest('base64');
  const { webhooks } = findPreset('twilio')!;
  const headers = { ...jsonType, 'x-twilio-signature': signature };
  const request = webhook({ urls: [url], headers, body: '{"MessageSid":"SM1","From":"+1","Body":"forged"}' });
  t.is(doubt('twilio', request), undefined, 'the address is signed');
  t.throws(() => webhooks!.readIncoming(request), { instanceOf: WebhookError });
});

test('Twilio: the published requests are believed', (t) => {
  t.is(doubt('twilio', fromTwilio(published.fields, published.signature), { webhookSecret: '12345' }), undefined);
  const other = { ...published.fields, Caller: '+12349013030', From: '+12349013030' };
  t.is(doubt('twilio', fromTwilio(other, '0/KCTR6DLpKmkAf8muzZqo1nDgQ='), { webhookSecret: '12345' }), undefined);
});

test('Twilio: the address counts with and without its port, and any of those it may have called', (t) => {
  const request = (url: string, signedUrl: string) => {
    const { urls, ...others } = fromTwilio(
      { B: '2', A: '1' },
      sign('sha1', secret, `${signedUrl}A1B2`).digest('base64'),
      url,
    );
    return { ...others, urls: ['http://elsewhere.example.com/', ...urls] };
  };
  const [bare, ported] = ['https://sms.example.com/sms/receive/tw', 'https://sms.example.com:443/sms/receive/tw'];
  t.is(doubt('twilio', request(bare, bare)), undefined);
  t.is(doubt('twilio', request(bare, ported)), undefined);
  t.is(doubt('twilio', request('https://sms.example.com:8443/x', 'https://sms.example.com/x')), undefined);
  t.is(doubt('twilio', request('http://sms.example.com/x', 'http://sms.example.com:80/x')), undefined);
  t.is(doubt('twilio', request(bare, 'https://sms.example.org/sms/receive/tw')), 'signature');
});

test('Twilio: a parameter that comes twice is signed with both values, once each', (t) => {
  const url = 'https://sms.example.com/x';
  const signature = sign('sha1', secret, `${url}MediaUrlaMediaUrlb`).digest('base64');
  t.is(doubt('twilio', fromTwilio('MediaUrl=b&MediaUrl=a&MediaUrl=b', signature, url)), undefined);
});

function signedByVonage(
  fields: Record<string, string>,
  algorithm: string,
  change: Record<string, string> = {},
): WebhookRequest {
  const names = Object.keys(fields).sort();
  const signed = names.map((name) => `&${name}=${fields[name]!.replaceAll(/[&=]/g, '_')}`).join('');
  const sig = sign(algorithm, secret, signed).digest('hex');
  return webhook(formOf({ ...fields, sig, ...change }));
}

const seconds = String(noon / 1_000);
const inbound = {
  msisdn: '447700900123',
  to: '447700900999',
  messageId: '0A',
  text: 'a=1&b=2 é',
  type: 'text',
  timestamp: seconds,
};

test('Vonage: a wrong, a weak and an old signature are not believed', (t) => {
  t.is(doubt('vonage', signedByVonage(inbound, 'sha256', { text: 'a_1_b_2 è' })), 'signature');
  t.is(doubt('vonage', signedByVonage(inbound, 'sha256', { more: '1' })), 'signature');
  t.is(doubt('vonage', signedByVonage(inbound, 'sha256', { sig: '' })), 'signature');
  t.is(doubt('vonage', signedByVonage(inbound, 'sha256', { sig: 'é' })), 'signature');
  const names = Object.keys(inbound).sort() as (keyof typeof inbound)[];
  const plain = names.map((name) => `&${name}=${inbound[name].replaceAll(/[&=]/g, '_')}`).join('') + secret;
  const sig = createHash('md5').update(plain).digest('hex');
  t.is(doubt('vonage', webhook(formOf({ ...inbound, sig }))), 'signature', 'the plain MD5 hash');
  const of = (timestamp: number) =>
    doubt('vonage', signedByVonage({ ...inbound, timestamp: String(timestamp) }, 'sha256'));
  t.is(of(noon / 1_000 - 26 * 3_600), 'time');
  t.is(of(noon / 1_000 + 10 * 60), 'time');
  const { timestamp, ...timeless } = inbound;
  t.truthy(timestamp);
  t.is(doubt('vonage', signedByVonage(timeless, 'sha256')), 'time');
});

test('Vonage: each HMAC is believed, in forms, queries and JSON, for as long as a webhook is repeated', (t) => {
  for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512'])
    t.is(doubt('vonage', signedByVonage(inbound, algorithm)), undefined, algorithm);
  const { body } = signedByVonage(inbound, 'sha256');
  const fields = new URLSearchParams(Buffer.from(body).toString());
  t.is(doubt('vonage', webhook({ method: 'GET', query: fields.toString() })), undefined);
  const upper = { ...Object.fromEntries(fields), sig: fields.get('sig')!.toUpperCase() };
  t.is(doubt('vonage', webhook({ headers: jsonType, body: JSON.stringify(upper) })), undefined);
  const yesterday = { ...inbound, timestamp: String(noon / 1_000 - 24 * 3_600) };
  t.is(doubt('vonage', signedByVonage(yesterday, 'sha256')), undefined);
  t.is(
    doubt('vonage', webhook({ ...formOf(inbound), query: `secret=${encodeURIComponent(secret)}` })),
    undefined,
    'unsigned',
  );
});

// lib/testdata/webhook-signature-jwt-reference.json of MessageBird's libraries.
const key = '36efdd1aace2e26cd490f0d951138253bef2f7c6d34d18981da781555cc4cebb';
const ofAddress =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiJjOTQ2YWY3Ny1lMTgyLTRlYWEtYjJmZi0xYTU0NWI1ZTk5MWEiLCJ1cmxfaGFzaCI6IjQxZjA1ZjBkZGQwYTIyYWIyMDlhYzQ2ZjQ3YzQ1NzJkOWNlZmEyNTdlZDc0YjI0MDA0YmFlNzUzZWNlNmMyNjAifQ.huo2ou6JDoDc7sV25d75UMWeYhBeavQlLsqIibSZuac';
const ofBody =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI5M2U1NTAwNi1hMGU4LTQ1MjYtYTE5MC1mYTVmZjAwZWExMTYiLCJ1cmxfaGFzaCI6IjQxZjA1ZjBkZGQwYTIyYWIyMDlhYzQ2ZjQ3YzQ1NzJkOWNlZmEyNTdlZDc0YjI0MDA0YmFlNzUzZWNlNmMyNjAiLCJwYXlsb2FkX2hhc2giOiJkZmZkNjAyMWJiMmJkNWIwYWY2NzYyOTA4MDllYzNhNTMxOTFkZDgxYzdmNzBhNGIyODY4OGEzNjIxODI5ODZmIn0._H--TOuYFLpeEH39-rg5E3IHVkjHozBcaKVWPRC5m9I';

function fromMessageBird(token: string | undefined, more: Parameters<typeof webhook>[0] = {}): WebhookRequest {
  const headers = { 'messagebird-signature-jwt': token };
  return webhook({ urls: ['https://example.com/path?bar=1&foo=2'], headers, ...more });
}

function forge(header: object, claims: object, algorithm = 'sha256', with_ = key): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${sign(algorithm, with_, signed).digest('base64url')}`;
}

test('MessageBird: the published tokens are believed, for their address, body and minute alone', (t) => {
  const of = (request: WebhookRequest) => doubt('messagebird', request, { webhookSecret: key });
  t.is(of(fromMessageBird(ofAddress)), undefined);
  t.is(of(fromMessageBird(ofBody, { body: 'Hello, World!' })), undefined);
  t.is(of(fromMessageBird(ofAddress, { at: noon + 60_000 })), undefined, 'clocks differ by seconds');
  t.is(of(fromMessageBird(ofAddress, { at: noon + 66_000 })), 'time');
  t.is(of(fromMessageBird(ofAddress, { at: noon - 6_000 })), 'time');
  t.is(of(fromMessageBird(ofBody, { body: 'Hello, World?' })), 'signature');
  t.is(of(fromMessageBird(ofBody)), 'signature', 'the body is gone');
  t.is(of(fromMessageBird(ofAddress, { body: 'Hello, World!' })), 'signature', 'a body that is not signed');
  t.is(of(fromMessageBird(ofAddress, { urls: ['https://example.com/path?foo=1&bar=2'] })), 'signature');
  t.is(doubt('messagebird', fromMessageBird(ofAddress), { webhookSecret: `${key}0` }), 'signature');
});

test('MessageBird: a token that is none, or was made otherwise, is not believed', (t) => {
  const of = (token: string) => doubt('messagebird', fromMessageBird(token), { webhookSecret: key });
  const claims = JSON.parse(Buffer.from(ofAddress.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
  t.is(of(forge({ alg: 'HS256' }, claims)), undefined, 'this is how they are made');
  t.is(of(forge({ alg: 'HS512' }, claims, 'sha512')), undefined);
  const unsigned = `${forge({ alg: 'none' }, claims).split('.').slice(0, 2).join('.')}.`;
  for (const token of ['', 'a.b.c', '..', 'a'.repeat(100_000), ofAddress.replace('.', ''), unsigned])
    t.is(of(token), 'signature', token.slice(0, 40));
  for (const alg of ['none', 'HS1', 'RS256', '__proto__', 256, null])
    t.is(of(forge({ alg }, claims)), 'signature', String(alg));
  t.is(of(forge({ alg: 'HS512' }, claims)), 'signature', 'another algorithm than it says');
  t.is(of(forge([] as never, claims)), 'signature');
  t.is(of(forge({ alg: 'HS256' }, { ...claims, iss: 'Somebody' })), 'signature');
  t.is(of(forge({ alg: 'HS256' }, { ...claims, url_hash: undefined })), 'signature');
  t.is(of(forge({ alg: 'HS256' }, { ...claims, exp: undefined })), 'time', 'without an end');
  t.is(of(forge({ alg: 'HS256' }, { ...claims, exp: 'never' })), 'time');
  const unsignedAt = (query: string) =>
    doubt('messagebird', fromMessageBird(undefined, { query }), { webhookSecret: key });
  t.is(unsignedAt(`secret=${key}`), undefined);
  t.is(unsignedAt('secret=another'), 'secret');
  const both = fromMessageBird('a.b.c', { query: `secret=${key}` });
  t.is(doubt('messagebird', both, { webhookSecret: key }), 'signature', 'a token that is there has to be right');
});

const event = JSON.stringify({ event: 'sms:received', payload: { message: 'é', phoneNumber: '+447700900123' } });

function signedBody(
  body: string,
  time: string | undefined,
  more: Record<string, string | undefined> = {},
): WebhookRequest {
  const signature = sign('sha256', secret, Buffer.from(body + (time ?? ''))).digest('hex');
  return webhook({ body, headers: { ...jsonType, 'x-signature': signature, 'x-timestamp': time, ...more } });
}

test('sms-gate: the body and its time are signed, and an old one is not believed', (t) => {
  t.is(doubt('sms-gate', signedBody(event, seconds)), undefined);
  t.is(doubt('sms-gate', signedBody(event, seconds, { 'x-signature': undefined })), 'signature');
  t.is(doubt('sms-gate', signedBody(event, seconds, { 'x-timestamp': String(noon / 1_000 + 1) })), 'signature');
  t.is(doubt('sms-gate', signedBody(event, undefined)), 'signature', 'it always tells the time');
  t.is(doubt('sms-gate', { ...signedBody(event, seconds), body: Buffer.from(`${event} `) }), 'signature');
  t.is(doubt('sms-gate', signedBody(event, seconds), { webhookSecret: 'another' }), 'signature');
  t.is(doubt('sms-gate', { ...signedBody(event, seconds), at: noon + 5 * 60_000 }), undefined);
  t.is(doubt('sms-gate', { ...signedBody(event, seconds), at: noon + 5 * 60_000 + 1 }), 'time', 'it is played again');
  t.is(doubt('sms-gate', { ...signedBody(event, seconds), at: noon - 6 * 60_000 }), 'time');
  for (const time of ['', '-1', '1e9', 'now', '9'.repeat(20)])
    t.is(doubt('sms-gate', signedBody(event, time)), 'time', time);
});

test('generic: a signature holds with or without a time, and where there is one the secret does not count', (t) => {
  t.is(doubt('generic-json', signedBody(event, undefined)), undefined);
  t.is(doubt('generic-json', signedBody(event, seconds)), undefined);
  t.is(doubt('generic-json', { ...signedBody(event, seconds), at: noon + 3_600_000 }), 'time');
  const query = `secret=${encodeURIComponent(secret)}`;
  t.is(doubt('generic-json', { ...signedBody(event, undefined, { 'x-signature': '00' }), query }), 'signature');
  t.is(doubt('generic-json', webhook({ query, body: event })), undefined);
  const prefixed = `SHA256=${sign('sha256', secret, event).digest('hex').toUpperCase()}`;
  t.is(doubt('generic-json', signedBody(event, undefined, { 'x-signature': prefixed })), undefined);
});

const told = {
  id: 'e1.received',
  event: 'received',
  at: '2021-07-05T10:00:00Z',
  message: { id: 'e1', from: '+447700900123', text: 'Hi' },
};

function fromEasms(key: string, more: Partial<WebhookRequest> = {}): WebhookRequest {
  const receiver = { url: 'https://a.example.com/sms/receive/b', secret: key, options: {} };
  const { headers, body } = writeCall(receiver, told as EventDocument, noon);
  return { ...webhook({ headers: headers!, body: body! }), ...more };
}

test('easms: its own webhooks are believed as they are written, for minutes', (t) => {
  t.is(doubt('easms', fromEasms(secret)), undefined);
  t.is(doubt('easms', fromEasms(secret), { password }), 'no secret is set', 'a password is no key');
  t.is(doubt('easms', fromEasms('another')), 'signature');
  t.is(doubt('easms', fromEasms(secret, { body: Buffer.from('{}') })), 'signature');
  t.is(doubt('easms', fromEasms(secret, { at: noon + 6 * 60_000 })), 'time');
  const { headers } = fromEasms(secret);
  const later = { ...headers, 'x-easms-timestamp': String(noon / 1_000 + 60) };
  t.is(doubt('easms', fromEasms(secret, { headers: later })), 'signature');
  const query = `secret=${encodeURIComponent(secret)}`;
  t.is(doubt('easms', fromEasms('another', { query })), 'signature', 'a signature that is there has to be right');
});

test('easms: beside a signed body nothing else is read', (t) => {
  const query = 'number=+447700900999&data=forged';
  const headers = { ...fromEasms(secret).headers, ...formType };
  const request = fromEasms(secret, { query, headers });
  t.is(doubt('easms', request), undefined);
  t.like(findPreset('easms')!.webhooks!.readIncoming(request), [{ sender: '+447700900123', text: 'Hi' }]);
});

const basic = (name: string, word: string) => `Basic ${Buffer.from(`${name}:${word}`).toString('base64')}`;

test('a secret counts in the address or as password of Basic authentication, never in the body', (t) => {
  for (const id of ['infobip', 'clickatell', 'easms', 'routomessaging', 'generic-json']) {
    const of = (request: Parameters<typeof webhook>[0]) => doubt(id, webhook(request));
    t.is(of({ query: `secret=${encodeURIComponent(secret)}` }), undefined, id);
    t.is(
      of({ query: `a=%E9&secret=${encodeURIComponent(secret)}` }),
      undefined,
      `${id}: a text in another character set`,
    );
    t.is(of({ headers: { authorization: basic('anybody', secret) } }), undefined, id);
    t.is(of({ headers: { authorization: basic('any', `${secret}:`) } }), 'secret', id);
    t.is(of({ headers: { authorization: `Bearer ${secret}` } }), 'secret', id);
    t.is(of({ headers: { authorization: 'Basic ????' } }), 'secret', id);
    t.is(of({ query: 'secret=' }), 'secret', id);
    t.is(of({ query: `secret=wrong&secret=${encodeURIComponent(secret)}` }), 'secret', id);
    t.is(of({ headers: formType, body: `secret=${encodeURIComponent(secret)}` }), 'secret', id);
  }
});

test('where a caller knows parameters alone, the gateway’s password counts until a secret is set', (t) => {
  const pass = `pass=${encodeURIComponent(password)}`;
  for (const id of ['easms', 'routomessaging']) {
    t.is(doubt(id, webhook({ query: pass }), { password }), undefined);
    t.is(doubt(id, webhook({ headers: formType, body: pass }), { password }), undefined);
    t.is(doubt(id, webhook({ query: pass, headers: formType, body: 'pass=theirs' }), { password }), undefined);
    t.is(doubt(id, webhook({ query: 'pass=wrong' }), { password }), 'secret');
    t.is(doubt(id, webhook({ query: pass }), { password, webhookSecret: secret }), 'secret');
  }
  for (const id of ['infobip', 'clickatell', 'generic-json'])
    t.is(doubt(id, webhook({ query: pass }), { password }), 'no secret is set');
});
