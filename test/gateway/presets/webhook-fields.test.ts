import test from 'ava';
import { WebhookError } from '../../../src/gateway/errors.js';
import type { IncomingText, ReportedText, WebhookRequest } from '../../../src/gateway/presets/preset.js';
import { findPreset, presets } from '../../../src/gateway/presets/presets.js';
import { readFields } from '../../../src/gateway/presets/webhook-fields.js';
import { seeded } from '../../random.js';
import { formOf, formType, jsonOf, jsonType, webhook } from './webhook.js';

type Given = Parameters<typeof webhook>[0];

const incoming = (id: string, given: Given) => findPreset(id)!.webhooks!.readIncoming(webhook(given)) as IncomingText[];
const reports = (id: string, given: Given) => findPreset(id)!.webhooks!.readReport!(webhook(given)) as ReportedText[];

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const plain = (texts: readonly IncomingText[]) =>
  texts.map((text) => ({
    ...text,
    ...(text.data && { data: new Uint8Array(text.data) }),
    ...(text.udh && { udh: new Uint8Array(text.udh) }),
  }));

test('fields that are not UTF-8, not escaped, too many or no JSON are refused by name', (t) => {
  const refused: [field: string, given: Given][] = [
    ['charset', { query: 'a=%E9' }],
    ['charset', { query: '%E9=a' }],
    ['charset', { headers: formType, body: Buffer.from('a=\xe9', 'latin1') }],
    ['charset', { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=klingon' }, body: 'a=1' }],
    ['parameters', { query: 'a=%' }],
    ['parameters', { query: 'a=%zz' }],
    ['parameters', { query: 'a&'.repeat(301) }],
    ['parameters', { query: '&'.repeat(100_000) }],
    ['parameters', { headers: jsonType, body: JSON.stringify(Object.fromEntries(Array(301).fill(1).entries())) }],
    ['body', { headers: jsonType, body: '{' }],
    ['body', { headers: jsonType, body: '[]' }],
    ['body', { headers: jsonType, body: 'null' }],
    ['body', { headers: jsonType, body: '['.repeat(200_000) }],
    ['charset', { headers: jsonType, body: Buffer.from('{"a":"\xe9"}', 'latin1') }],
  ];
  for (const [field, given] of refused)
    t.throws(() => readFields(webhook(given)).all(), { instanceOf: WebhookError, code: 'BAD_WEBHOOK' as never }, field);
  for (const [field, given] of refused)
    t.like(
      t.throws(() => readFields(webhook(given)).all()),
      { field },
      JSON.stringify(given).slice(0, 80),
    );
});

test('the first value of a name counts, and one that nobody asks for may be unreadable', (t) => {
  const fields = readFields(webhook({ query: 'a=1&a=2&b=%E9&c&d=a+b%2Bc', headers: formType, body: 'a=3&e=%C3%A9' }));
  t.deepEqual(
    ['a', 'c', 'd', 'e', 'f', 'toString'].map((name) => fields.get(name)),
    ['1', '', 'a b+c', 'é', undefined, undefined],
  );
  t.is(fields.get('b', 'iso-8859-1'), 'é');
  t.throws(() => fields.get('b'), { instanceOf: WebhookError });
  const json = readFields(
    webhook({ query: 'a=1', ...jsonOf({ a: 2, b: true, c: null, d: {}, e: [], __proto__: 1, f: 'x' }) }),
  );
  t.deepEqual(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => json.get(name)),
    ['1', 'true', undefined, undefined, undefined, 'x'],
  );
});

const nesting: unknown = JSON.parse('{"results":'.repeat(2_000) + '[{"messageId":{}}]' + '}'.repeat(2_000));

test('what is not the provider’s form is refused by every preset, and nothing else is thrown', (t) => {
  const bodies = [
    ...[
      undefined,
      null,
      0,
      '',
      [],
      {},
      [null],
      [[]],
      [{}],
      { results: {} },
      { results: [1] },
      { results: [{}] },
      nesting,
    ],
    ...[{ event: 'sms:received' }, { event: 'sms:delivered', payload: [] }, { event: {}, payload: 1 }],
  ];
  for (const { id, webhooks } of presets)
    for (const given of [...bodies.map((body) => jsonOf(body ?? null)), formOf({ a: '1' }), { body: 'text' }, {}])
      for (const read of [webhooks?.readIncoming, webhooks?.readReport]) {
        const texts = attempt<object>(() => read?.(webhook(given)) ?? []);
        for (const text of texts)
          t.true(text instanceof WebhookError || 'reference' in text, `${id}: ${JSON.stringify(texts).slice(0, 100)}`);
      }
});

function attempt<T>(read: () => T[]): (T | WebhookError)[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof WebhookError) return [error];
    throw error;
  }
}

test('octets by chance are read or refused', (t) => {
  const chance = seeded(7);
  const types = [
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/x-www-form-urlencoded;charset=utf-16be',
  ];
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '%',
    '%41',
    '&',
    '=',
    '\\u0000',
    'results',
    'event',
    'payload',
    'sms:received',
    '\xff',
  ];
  const piece = () => pieces[Math.floor(chance() * pieces.length)]!;
  for (let turn = 0; turn < 2_000; turn++) {
    const body = Buffer.from(Array.from({ length: Math.floor(chance() * 30) }, piece).join(''), 'latin1');
    const headers = {
      'content-type': types[turn % types.length]!,
      'x-signature': piece(),
      authorization: `Basic ${piece()}`,
    };
    const request: WebhookRequest = webhook({ body, query: body.toString('latin1').slice(0, 9), headers });
    for (const { webhooks } of presets)
      for (const read of [webhooks?.readIncoming, webhooks?.readReport]) {
        attempt<object>(() => read?.(request) ?? []);
        attempt(() => [webhooks?.findDoubt(request, { webhookSecret: 'x', password: 'y' })]);
      }
  }
  t.pass();
});

test('Twilio: a text, and a picture whose address stands for it', (t) => {
  const shared = { MessageSid: 'SM1', From: '+447700900123', To: '+447700900999' };
  const of = (fields: Record<string, string>) => incoming('twilio', formOf({ ...shared, ...fields }));
  const text = { reference: 'SM1', sender: '+447700900123', recipient: '+447700900999' };
  t.deepEqual(of({ Body: 'Hi é\n', NumMedia: '0' }), [{ ...text, text: 'Hi é\n' }]);
  t.deepEqual(of({ Body: '', NumMedia: '2', MediaUrl0: 'https://a/0', MediaUrl1: 'https://a/1' }), [
    { ...text, text: 'https://a/0\nhttps://a/1' },
  ]);
  t.is(of({ Body: 'x', NumMedia: '1e9' })[0]!.text, 'x');
  t.is(of({ Body: 'x', NumMedia: '-1' })[0]!.text, 'x');
});

test('Twilio: what became of a text', (t) => {
  const of = (MessageStatus: string, ErrorCode = '') =>
    reports('twilio', formOf({ MessageSid: 'SM1', MessageStatus, ErrorCode }))[0];
  t.deepEqual(of('delivered'), { reference: 'SM1', outcome: 'delivered', reason: undefined });
  t.deepEqual(of('undelivered', '30003'), { reference: 'SM1', outcome: 'failed', reason: 'Twilio 30003: undelivered' });
  t.deepEqual(of('failed'), { reference: 'SM1', outcome: 'failed', reason: 'Twilio: failed' });
  for (const status of ['queued', 'sending', 'sent', 'something new']) t.is(of(status)!.outcome, 'pending', status);
});

const vonageText = {
  messageId: '0A',
  msisdn: '447700900123',
  to: '447700900999',
  'message-timestamp': '2018-10-25 12:10:29',
};

test('Vonage: a text, a binary one, and a part of a long one', (t) => {
  const sentAt = Date.parse('2018-10-25T12:10:29Z');
  const text = { reference: '0A', sender: '+447700900123', recipient: '+447700900999', sentAt };
  t.deepEqual(incoming('vonage', formOf({ ...vonageText, type: 'text', text: 'Hi' })), [{ ...text, text: 'Hi' }]);
  t.deepEqual(incoming('vonage', jsonOf({ ...vonageText, type: 'unicode', text: '€' })), [{ ...text, text: '€' }]);
  const binary = { ...vonageText, type: 'binary', data: 'DEAD', udh: '0605040B8423F0' };
  t.deepEqual(plain(incoming('vonage', formOf(binary))), [
    { ...text, text: '', data: bytes('dead'), udh: bytes('05040b8423f0') },
  ]);
  const part = { ...vonageText, type: 'text', text: 'one', concat: 'true', 'concat-ref': '258', 'concat-total': '3' };
  t.deepEqual(plain(incoming('vonage', formOf({ ...part, 'concat-part': '2' })))[0]!.udh, bytes('080401020302'));
  const word = { ...part, 'concat-ref': 'abc', 'concat-part': '1' };
  t.deepEqual(plain(incoming('vonage', formOf(word)))[0]!.udh?.subarray(4), bytes('0301'));
  t.is(incoming('vonage', formOf({ ...part, 'concat-part': '4' }))[0]!.udh, undefined, 'it counts wrongly');
  t.throws(() => incoming('vonage', formOf({ ...binary, data: 'xyz' })), { instanceOf: WebhookError });
});

test('Vonage: what became of a text', (t) => {
  const of = (status: string) => reports('vonage', jsonOf({ messageId: '0A', status, 'err-code': '3' }))[0];
  t.deepEqual(of('failed'), { reference: '0A', outcome: 'failed', reason: 'Vonage 3: failed' });
  for (const [status, outcome] of Object.entries({ delivered: 'delivered', expired: 'failed', rejected: 'failed' }))
    t.is(of(status)!.outcome, outcome as never);
  for (const status of ['accepted', 'buffered', 'unknown']) t.is(of(status)!.outcome, 'pending', status);
});

test('Infobip: several at once, of which the unreadable one keeps no other back', (t) => {
  const result = {
    messageId: 'ib-1',
    from: '41793026727',
    to: '41793026700',
    text: 'Hi',
    receivedAt: '2019-11-09T16:00:00.000+0000',
  };
  const given = jsonOf({
    results: [result, { messageId: 'ib-2' }, 'x', { ...result, messageId: 'ib-3', from: 'Bank' }],
  });
  const [first, second, third, fourth] = incoming('infobip', given);
  const sentAt = Date.parse('2019-11-09T16:00:00Z');
  t.deepEqual(first, { reference: 'ib-1', sender: '+41793026727', recipient: '+41793026700', text: 'Hi', sentAt });
  t.true((second as unknown) instanceof WebhookError && (third as unknown) instanceof WebhookError);
  t.is(fourth!.sender, 'Bank');
  t.throws(() => incoming('infobip', jsonOf({ results: Array(1_001).fill(result) })), { instanceOf: WebhookError });
});

test('Infobip: delivered to the operator is not delivered', (t) => {
  const of = (groupName: string, name: string, error?: object) =>
    reports('infobip', jsonOf({ results: [{ messageId: 'ib-1', status: { groupName, name }, error }] }))[0];
  t.is(of('DELIVERED', 'DELIVERED_TO_HANDSET')!.outcome, 'delivered');
  t.is(of('DELIVERED', 'DELIVERED_TO_OPERATOR')!.outcome, 'pending');
  t.is(of('PENDING', 'PENDING_ENROUTE')!.outcome, 'pending');
  const reason = 'Infobip: UNDELIVERABLE_NOT_DELIVERED: EC_ABSENT_SUBSCRIBER';
  t.deepEqual(of('UNDELIVERABLE', 'UNDELIVERABLE_NOT_DELIVERED', { name: 'EC_ABSENT_SUBSCRIBER' }), {
    ...{ reference: 'ib-1', outcome: 'failed', reason },
  });
  t.is(of('EXPIRED', 'EXPIRED_EXPIRED')!.outcome, 'failed');
  t.is(of('REJECTED', 'REJECTED_NETWORK')!.outcome, 'failed');
});

test('MessageBird: a number and a short code, and what became of a text, asked for by GET', (t) => {
  const createdDatetime = '2016-05-03T14:26:57+00:00';
  const number = { id: 'mb-1', originator: '31612345678', recipient: '31687654321', body: 'Hi', createdDatetime };
  const text = { reference: 'mb-1', sender: '+31612345678', recipient: '+31687654321', text: 'Hi' };
  t.deepEqual(incoming('messagebird', formOf(number)), [{ ...text, sentAt: Date.parse(createdDatetime) }]);
  const short = {
    mid: 'mb-2',
    originator: '31612345678',
    shortcode: '1008',
    message: 'JOIN',
    receive_datetime: '20160503142657',
  };
  const [joined] = incoming('messagebird', { query: new URLSearchParams(short).toString() });
  t.like(joined, { reference: 'mb-2', recipient: '1008', text: 'JOIN' });
  const of = (status: string, more = '') =>
    reports('messagebird', { query: `id=mb-1&reference=m-1&status=${status}${more}` })[0];
  t.is(of('delivered')!.outcome, 'delivered');
  t.is(of('expired')!.outcome, 'failed');
  t.is(of('delivery_failed', '&statusErrorCode=5')!.reason, 'MessageBird 5: delivery_failed');
  for (const status of ['scheduled', 'sent', 'buffered']) t.is(of(status)!.outcome, 'pending');
});

test('Clickatell: a text in its own character set, a header, and the time two hours east', (t) => {
  const query = 'api_id=1&moMsgId=c-1&from=447700900123&to=447700900999&timestamp=2008-08-06+09:43:50';
  const [text] = plain(incoming('clickatell', { query: `${query}&text=caf%E9&charset=ISO-8859-1&udh=` }));
  t.deepEqual(text, {
    ...{ reference: 'c-1', sender: '+447700900123', recipient: '+447700900999', text: 'café' },
    sentAt: Date.parse('2008-08-06T07:43:50Z'),
  });
  t.is(incoming('clickatell', { query: `${query}&text=%00%E4%20%AC&charset=UTF-16BE` })[0]!.text, 'ä€');
  const [part] = plain(incoming('clickatell', { query: `${query}&text=one&udh=050003CC0201` }));
  t.deepEqual(part!.udh, bytes('0003cc0201'));
  t.throws(() => incoming('clickatell', { query: `${query}&text=%E9` }), { instanceOf: WebhookError });
  t.throws(() => incoming('clickatell', { query: `${query}&text=a&charset=none` }), { instanceOf: WebhookError });
});

test('Clickatell: what became of a text', (t) => {
  const of = (status: string) => reports('clickatell', { query: `apiMsgId=c-1&to=1&status=${status}&charge=0.3` })[0]!;
  t.deepEqual(of('004'), { reference: 'c-1', outcome: 'delivered' });
  t.deepEqual(of('010'), { reference: 'c-1', outcome: 'failed', reason: 'Clickatell 010: expired' });
  for (const status of ['001', '002', '003', '008', '011', '099']) t.is(of(status).outcome, 'pending', status);
  t.throws(() => of('x'), { instanceOf: WebhookError });
});

test('RoutoMessaging and another server bring texts as the document says', (t) => {
  t.deepEqual(
    incoming(
      'routomessaging',
      formOf({ user: 'u', pass: 'p', org: '5511999999999', dest: '447700900999', message: 'Hi' }),
    ),
    [{ sender: '+5511999999999', recipient: '+447700900999', text: 'Hi' }],
  );
  t.deepEqual(incoming('easms', { query: 'id=58&number=+447700900123&data=Hi&pass=1' }), [
    { sender: '+447700900123', text: 'Hi' },
  ]);
  t.is(incoming('easms', { query: 'number=12345&data=' })[0]!.text, '', 'an empty one is dropped later');
  const binary = formOf({ number: '+447700900123', binary: '1', data: '3q2+7w==', udh: 'BQQLhCPw' });
  t.deepEqual(plain(incoming('easms', binary)), [
    { sender: '+447700900123', text: '', data: bytes('deadbeef'), udh: bytes('05040b8423f0') },
  ]);
  t.throws(() => incoming('easms', { query: 'number=1234&binary=1&data=*' }), { instanceOf: WebhookError });
});

test('easms: what another server received, and what became of a text it took', (t) => {
  const headers = { ...jsonType, 'x-easms-signature': 'checked before' };
  const event = (event: string, message: object): Given => ({
    headers,
    body: JSON.stringify({ id: 'x', event, message }),
  });
  const text = { id: 'e1', from: '+447700900123', to: '+447700900999', text: 'Hi', sentAt: '2026-01-02T03:04:05.000Z' };
  t.deepEqual(incoming('easms', event('received', text)), [
    {
      ...{ reference: 'e1', sender: '+447700900123', recipient: '+447700900999', text: 'Hi' },
      sentAt: Date.parse('2026-01-02T03:04:05Z'),
    },
  ]);
  const binary = { id: 'e2', from: '12345', text: '', data: '3q0=', udh: 'BQQLhCPw' };
  t.like(plain(incoming('easms', event('received', binary)))[0], { data: bytes('dead'), udh: bytes('05040b8423f0') });
  t.deepEqual(incoming('easms', event('delivered', text)), []);
  t.deepEqual(reports('easms', event('delivered', { id: 'e3', state: 'delivered' })), [
    { reference: 'e3', outcome: 'delivered' },
  ]);
  const failed = { id: 'e3', state: 'expired', error: 'nobody was there' };
  t.deepEqual(reports('easms', event('failed', failed)), [
    { reference: 'e3', outcome: 'failed', reason: 'nobody was there' },
  ]);
  for (const [name, state] of Object.entries({ failed: 'unknown', sent: 'sent', received: 'received' }))
    t.deepEqual(reports('easms', event(name, { id: 'e3', state })), [], state);
  t.throws(() => reports('easms', { query: 'pass=1' }), { instanceOf: WebhookError });
});

test('sms-gate: one text told twice has one reference, the same words later another', (t) => {
  const payload = {
    ...{ messageId: 'abc123', message: 'Android is a treat', phoneNumber: '6505551212', simNumber: 1 },
    receivedAt: '2024-06-22T15:46:11.000+07:00',
  };
  const of = (event: string, more: object = {}) =>
    incoming('sms-gate', jsonOf({ deviceId: 'd', id: 'e', event, payload: { ...payload, ...more } }));
  const [text] = of('sms:received');
  t.deepEqual(text, {
    ...{ reference: 'abc123@2024-06-22T15:46:11.000+07:00', sender: '+6505551212', recipient: undefined },
    ...{ text: 'Android is a treat', sentAt: Date.parse('2024-06-22T08:46:11Z') },
  });
  t.not(of('sms:received', { receivedAt: '2024-06-22T15:47:11.000+07:00' })[0]!.reference, text!.reference);
  t.like(of('sms:received', { sender: '+19998887777', recipient: '+11112223333' })[0], {
    sender: '+19998887777',
    recipient: '+11112223333',
  });
  t.deepEqual(plain(of('sms:data-received', { message: undefined, data: '3q0=' }))[0]!.data, bytes('dead'));
  t.is(of('mms:downloaded', { message: undefined, body: 'a picture' })[0]!.text, 'a picture');
  for (const event of ['system:ping', 'app:started', 'sms:delivered', 'mms:received'])
    t.deepEqual(of(event), [], event);
  const batch = incoming('sms-gate', jsonOf({ event: 'sms:batch:received', payload: [payload, {}] }));
  t.is(batch[0]!.text, 'Android is a treat');
  t.true((batch[1] as unknown) instanceof WebhookError);
});

test('sms-gate: what became of a text', (t) => {
  const of = (event: string) =>
    reports('sms-gate', jsonOf({ event, payload: { messageId: 'sg-1', reason: 'no\nservice' } }));
  t.deepEqual(of('sms:delivered'), [{ reference: 'sg-1', outcome: 'delivered', reason: undefined }]);
  t.deepEqual(of('sms:failed'), [{ reference: 'sg-1', outcome: 'failed', reason: 'no service' }]);
  t.is(of('sms:sent')[0]!.outcome, 'pending');
  t.deepEqual(of('sms:received'), []);
});

test('generic: one object or a list, text or octets, and a reason of one short line', (t) => {
  const message = { id: 'g-1', from: '+447700900123', to: '12345', text: 'Hi', date: '2026-01-02T03:04:05Z' };
  const text = {
    reference: 'g-1',
    sender: '+447700900123',
    recipient: '12345',
    text: 'Hi',
    sentAt: Date.parse(message.date),
  };
  t.deepEqual(incoming('generic-json', jsonOf(message)), [text]);
  const octets = { ...message, id: undefined, text: undefined, date: 'yesterday', data: '3q0=', udh: '0003cc0201' };
  t.deepEqual(plain(incoming('generic-json', jsonOf([message, octets]))), [
    text,
    { ...text, reference: undefined, text: '', sentAt: undefined, data: bytes('dead'), udh: bytes('0003cc0201') },
  ]);
  const [failed] = reports(
    'generic-json',
    jsonOf({ id: 'g-1', status: 'Failed', reason: `a\0b\r\n${'x'.repeat(500)}` }),
  );
  t.is(failed!.reason!.length, 200);
  t.regex(failed!.reason!, /^a b x+$/);
  t.is(reports('generic-json', jsonOf({ id: 'g-1', status: 'on its way' }))[0]!.outcome, 'pending');
});
