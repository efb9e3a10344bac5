// What the document's parameters and examples come to.

import test from 'ava';
import { findMessage, listMessages } from '../../src/store/messages.js';
import { ada, number, password, setUp, text } from './set-up.js';

const right = { user: ada, pass: password, number, data: text };
const urlOf = (parameters: Record<string, string>) => `/sms/?${new URLSearchParams(parameters).toString()}`;

// The chapter HTTP Request, word for word behind the host; quotes and spaces as a browser sends them.
const examples: [query: string, expected: object][] = [
  ['number=+15551234567&data="hello world"', { text: '"hello world"' }],
  ['number=+15551234567&data="hello world"&user=ada&pass=the%20password%20of%20ada', { text: '"hello world"' }],
  [
    'number=+15551234567&data=hello&user=ada&pass=the%20password%20of%20ada&maxmsgs=2binary=0&udh=&pid=&dcs=',
    { code: 'bad-parameter' },
  ],
  [
    'number=+15551234567&data=hello&user=ada%40example.com&pass=the%20password%20of%20ada&maxmsgs=2&binary=0&udh=&pid=0&dcs=0' +
      '&sender=Support&authenticated=0&reply=ada%40example.com&id=loop',
    {
      text: 'hello',
      sender: 'Support',
      pinnedGateway: 'loop',
      properties: { pid: 0, dcs: 0, reply: 'ada@example.com' },
    },
  ],
  ['number=+15551234567&data=hello&value=&unicode=1', { properties: { values: ['&unicode=1'] } }],
  // A gateway of another server, as its template leaves it for a text.
  [
    'user=ada&pass=the%20password%20of%20ada&number=+15551234567&data=hello&udh=&binary=&pid=&dcs=&sender=&msgid=42',
    { text: 'hello', sender: null, properties: { msgid: '42' } },
  ],
];

for (const [query, expected] of examples)
  test(`takes ${query} as the document means it`, async (t) => {
    const { app, store } = await setUp(t);
    const basic = `Basic ${Buffer.from(`${ada}:${password}`).toString('base64')}`;
    const headers = query.includes('user=') ? {} : { authorization: basic };
    const url = `/sms/?${query.replaceAll('"', '%22').replaceAll(' ', '%20')}`;
    const { payload } = await app.inject({ url, headers });
    if ('code' in expected) return t.regex(payload, new RegExp(`^ERROR ${String(expected.code)} `));
    t.like(await findMessage(store, payload.slice(3)), { recipient: '+15551234567', ...expected });
  });

test('takes an sms: URI as the document writes it, in full', async (t) => {
  const { app, store } = await setUp(t);
  const uri = 'sms:+15551234567?user=ada%40example.com&pass=the%20password%20of%20ada&maxmsgs=1&sender=Ada&id=loop';
  const { payload } = await app.inject({ url: urlOf({ number: uri, data: 'x'.repeat(400) }) });
  const expected = { recipient: '+15551234567', parts: 1, sender: 'Ada', pinnedGateway: 'loop', userId: 1 };
  t.like(await findMessage(store, payload.slice(3)), expected);
  const raw = `/sms/?data=Hi&number=${uri}`;
  t.like(await findMessage(store, (await app.inject({ url: raw })).payload.slice(3)), expected);
});

test('leaves short codes and senders that are words as they are', async (t) => {
  const { app, store } = await setUp(t);
  for (const [recipient, sender] of [
    ['12345', 'My Bank'],
    ['*100#', '+15551234567'],
    ['82', 'Ärzte 24'],
    ['112', '12345'],
  ]) {
    const { payload } = await app.inject({ url: urlOf({ ...right, number: recipient!, sender: sender! }) });
    t.like(await findMessage(store, payload.slice(3)), { recipient, sender });
  }
});

test('keeps octets and their header, with or without a length octet, in each way to send them', async (t) => {
  const { app, store } = await setUp(t);
  const binary = { ...right, binary: '1', data: '+/8=', pid: '0', dcs: '245' };
  const kept = { data: '+/8=', udh: 'BQQLhCPw', pid: 0, dcs: 245 };
  const json = { ...binary, binary: true, pid: 0, dcs: 245, udh: 'BgUEC4Qj8A' };
  const answers = [
    await app.inject({ url: urlOf({ ...binary, udh: 'BgUEC4Qj8A==' }) }),
    await app.inject({ url: urlOf({ ...binary, udh: 'BQQLhCPw' }).replace('%2B%2F8', '+/8') }),
    await app.inject({ method: 'POST', url: '/sms/', payload: json }),
  ];
  for (const { payload } of answers) {
    t.regex(payload, /^OK m\d+$/);
    t.like(await findMessage(store, payload.slice(3)), { text: '', parts: 1, properties: kept });
  }
});

test('counts the parts of octets', async (t) => {
  const { app } = await setUp(t);
  const headers = { accept: 'application/json' };
  const data = Buffer.alloc(141).toString('base64');
  const answer = await app.inject({ url: urlOf({ ...right, binary: '1', data }), headers });
  t.like(answer.json(), { id: 'm0001', parts: 2 });
});

test('answers 409 where an Idempotency-Key stood for another text', async (t) => {
  const { app } = await setUp(t);
  const headers = { 'idempotency-key': '"8e03978e"', accept: 'application/json' };
  await app.inject({ url: urlOf(right), headers });
  const conflict = await app.inject({ url: urlOf({ ...right, data: 'another' }), headers });
  t.is(conflict.statusCode, 409);
  t.like(conflict.json(), { error: { code: 'idempotency-conflict' } });
  const empty = await app.inject({ url: urlOf(right), headers: { 'idempotency-key': '' } });
  t.regex(empty.payload, /^ERROR bad-parameter /);
});

test('gives the first answer again for the same key, and for the same msgid', async (t) => {
  const { app, store } = await setUp(t);
  const several = { ...right, number: `${number},+447700900124` };
  const headers = { accept: 'application/json' };
  const keyed = { ...headers, 'idempotency-key': 'k' };
  const first = { id: 'm0001', ids: ['m0001', 'm0002'], parts: 1 };
  for (let n = 0; n < 3; n++) t.deepEqual((await app.inject({ url: urlOf(several), headers: keyed })).json(), first);
  const named = { ...several, msgid: '7' };
  const second = (await app.inject({ url: urlOf(named), headers })).json<{ ids: string[] }>();
  t.deepEqual((await app.inject({ method: 'POST', url: '/sms/', payload: named, headers })).json(), second);
  t.is((await listMessages(store, { limit: 10 })).length, 4);
});

test('takes a msgid for another text as another text, with a line in the log that names neither', async (t) => {
  const { app, logged, store } = await setUp(t);
  await app.inject({ url: urlOf({ ...right, msgid: 'secret-7' }) });
  t.is(logged.length, 0);
  const { payload } = await app.inject({ url: urlOf({ ...right, msgid: 'secret-7', data: 'other words' }) });
  t.regex(payload, /^OK /);
  t.is((await listMessages(store, { limit: 10 })).length, 2);
  t.is(logged.length, 1);
  t.notRegex(logged.join(''), /secret|other words|7700/);
});

test('makes one text of requests that are repeated at once', async (t) => {
  const { app, store } = await setUp(t);
  const headers = { 'idempotency-key': 'k' };
  const answers = await Promise.all(Array.from({ length: 32 }, () => app.inject({ url: urlOf(right), headers })));
  t.is(new Set(answers.map(({ payload }) => payload)).size, 1);
  t.is((await listMessages(store, { limit: 10 })).length, 1);
});
