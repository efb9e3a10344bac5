import test from 'ava';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { Credentials } from '../../src/accounts/credentials.js';
import { AccountError } from '../../src/accounts/errors.js';
import { patchUser } from '../../src/accounts/users.js';
import { StoreError } from '../../src/store/errors.js';
import { deleteGateway } from '../../src/store/gateways.js';
import { listMessages } from '../../src/store/messages.js';
import { openSqlite } from '../../src/store/open.js';
import { ada, number, password, putLoopback, setUp, start, text } from './set-up.js';

const right = { user: ada, pass: password, number, data: text };

const form = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString();

const get = (app: FastifyInstance, parameters: Record<string, string>, more: InjectOptions = {}) =>
  app.inject({ url: `/sms/?${form(parameters)}`, ...more });

function post(app: FastifyInstance, type: string, payload: string | Buffer, headers: Record<string, string> = {}) {
  return app.inject({ method: 'POST', url: '/sms/', payload, headers: { 'content-type': type, ...headers } });
}

const formType = 'application/x-www-form-urlencoded';

test('answers every mistake of the sender with its own code, and stores nothing', async (t) => {
  const { app, store, logged } = await setUp(t);
  const mistakes: [status: number, code: string, parameters: Record<string, string>][] = [
    [400, 'bad-number', { ...right, number: '' }],
    [400, 'bad-number', { ...right, number: 'ada' }],
    [400, 'bad-number', { ...right, number: `${number},` }],
    [400, 'bad-number', { ...right, number: `${number},1` }],
    [400, 'bad-number', { ...right, number: '123456789012345678901' }],
    [400, 'bad-number', { ...right, number: 'sms:' }],
    [400, 'bad-number', { ...right, number: `${number};ext=5` }],
    [400, 'bad-number', { ...right, number: `${number};interprefix=ab` }],
    [400, 'bad-parameter', { ...right, maxmsgs: '0' }],
    [400, 'bad-parameter', { ...right, maxmsgs: '-1' }],
    [400, 'bad-parameter', { ...right, maxmsgs: '1e3' }],
    [400, 'bad-parameter', { ...right, maxmsgs: '129' }],
    [400, 'bad-parameter', { ...right, binary: '2' }],
    [400, 'bad-parameter', { ...right, binary: '1' }],
    [400, 'bad-parameter', { ...right, binary: '1', data: 'AAA=', udh: 'AAMq' }],
    [400, 'bad-parameter', { ...right, udh: 'AAMqAgE=' }],
    [400, 'bad-parameter', { ...right, pid: '256' }],
    [400, 'bad-parameter', { ...right, dcs: '-1' }],
    [400, 'bad-parameter', { ...right, dcs: '0xf5' }],
    [400, 'bad-parameter', { ...right, dcs: '245' }],
    [400, 'bad-parameter', { ...right, authenticated: 'yes' }],
    [400, 'bad-parameter', { ...right, reply: 'x'.repeat(255) }],
    [400, 'bad-parameter', { ...right, value: '&a='.padEnd(2_001, 'b') }],
    [400, 'bad-parameter', { ...right, msgid: 'x'.repeat(256) }],
    [400, 'bad-parameter', { ...right, data: 'a\0b' }],
    [400, 'empty-message', { ...right, data: '' }],
    [401, 'authentication-required', { number, data: text }],
    [401, 'authentication-required', { number, data: text, user: ada }],
    [401, 'authentication-required', { number, data: text, pass: password }],
    [401, 'bad-credentials', { ...right, pass: 'a wrong password' }],
    [401, 'bad-credentials', { ...right, user: 'nobody@example.com' }],
    [404, 'unknown-gateway', { ...right, id: 'no-such' }],
    [400, 'empty-message', { ...right, binary: '1', data: '' }],
    [413, 'message-too-long', { ...right, binary: '1', data: 'A'.repeat(188), maxmsgs: '1' }],
    [413, 'message-too-long', { ...right, data: 'x'.repeat(128 * 153 + 1) }],
  ];
  for (const [status, code, parameters] of mistakes) {
    const said = `${code} for ${JSON.stringify(parameters).slice(0, 200)}`;
    const answer = await get(app, parameters);
    t.is(answer.statusCode, status, said);
    t.regex(answer.payload, new RegExp(`^ERROR ${code} [A-Z].*\\.$`), said);
    t.regex(answer.headers['content-type'] as string, /^text\/plain/);
    const inJson = await get(app, parameters, { headers: { accept: 'application/json' } });
    t.is(inJson.statusCode, status);
    t.is(inJson.json<{ error: { code: string } }>().error.code, code);
  }
  t.deepEqual(await listMessages(store, { limit: 10 }), []);
  t.is(logged.length, mistakes.length * 2);
});

test('tells a browser and a script how to authenticate', async (t) => {
  const { app } = await setUp(t);
  t.regex((await get(app, {})).headers['www-authenticate'] as string, /^Basic realm=/);
});

test('refuses whom the domain or the user keeps from sending', async (t) => {
  const { app, store } = await setUp(t);
  await patchUser(store, ada, { smsAccess: 'denied' });
  const answer = await get(app, right);
  t.is(answer.statusCode, 403);
  t.regex(answer.payload, /^ERROR access-denied /);
});

test('asks to come again where nothing could send, and where too many wait', async (t) => {
  const store = await openSqlite(':memory:');
  const credentials = new Credentials({ store, now: () => start });
  const { app } = await setUp(t, { store, credentials });
  await store.transact((tx) => deleteGateway(tx, 'loop'));
  const without = await get(app, right);
  t.is(without.statusCode, 503);
  t.regex(without.payload, /^ERROR no-gateway /);
  t.regex(String(without.headers['retry-after']), /^\d+$/);
  await putLoopback(store, 'loop', false);
  t.regex((await get(app, right)).payload, /^ERROR no-gateway /);
  credentials.senders.verify = () => Promise.reject(new AccountError('TOO_MANY_REQUESTS'));
  const tooMany = await get(app, right);
  t.is(tooMany.statusCode, 429);
  t.regex(tooMany.payload, /^ERROR too-many-requests /);
  t.regex(String(tooMany.headers['retry-after']), /^\d+$/);
});

test('says that the message is not stored when the commit fails', async (t) => {
  const store = await openSqlite(':memory:');
  const { app, logged } = await setUp(t, { store });
  await get(app, right);
  const failures = [new StoreError('STORAGE_UNAVAILABLE'), Object.assign(new Error(text), { code: 'SQLITE_FULL' })];
  for (const failure of failures) {
    store.transact = () => Promise.reject(failure);
    const answer = await get(app, right);
    t.is(answer.statusCode, 503);
    t.regex(answer.payload, /^ERROR storage-unavailable /);
    t.regex(String(answer.headers['retry-after']), /^\d+$/);
  }
  t.false(logged.join('').includes(text));
});

test('answers a fault of its own with 500, and logs where it was', async (t) => {
  const store = await openSqlite(':memory:');
  const { app, logged } = await setUp(t, { store });
  store.transact = () => Promise.reject(new TypeError(`cannot store ${text}`));
  const answer = await get(app, right);
  t.is(answer.statusCode, 500);
  t.regex(answer.payload, /^ERROR internal-error /);
  t.regex(logged.join(''), /TypeError/);
  t.regex(logged.join(''), /set-up|sms\.test/);
  t.false(logged.join('').includes(text));
});

test('refuses a parameter that comes twice, wherever it stands', async (t) => {
  const { app } = await setUp(t);
  const twice = [
    await app.inject({ url: `/sms/?${form(right)}&number=1234` }),
    await app.inject({ url: `/sms/?${form(right)}&p%61ss=other` }),
    await app.inject({
      method: 'POST',
      url: `/sms/?number=1234`,
      payload: form(right),
      headers: { 'content-type': formType },
    }),
    await post(app, formType, `${form(right)}&data=again`),
  ];
  for (const answer of twice) {
    t.is(answer.statusCode, 400);
    t.regex(answer.payload, /^ERROR bad-parameter /);
  }
});

test('refuses percent escapes that are none, and octets that are not UTF-8', async (t) => {
  const { app } = await setUp(t);
  for (const bad of ['data=%', 'data=%z1', 'data=%ff%fe', 'data=%ed%a0%80', '%c3=1'])
    t.regex((await app.inject({ url: `/sms/?${bad}` })).payload, /^ERROR bad-parameter /, bad);
  const octets = Buffer.concat([Buffer.from('data='), Buffer.from([0xff, 0xfe])]);
  t.regex((await post(app, formType, octets)).payload, /^ERROR bad-parameter /);
});

test('refuses bodies it cannot read with one code', async (t) => {
  const { app } = await setUp(t);
  const json = JSON.stringify(right);
  const unreadable = [
    await post(app, 'application/json', '{"number":'),
    await post(app, 'application/json', '[]'),
    await post(app, 'application/json', 'null'),
    await post(app, 'application/json', '"text"'),
    await post(app, 'application/json', JSON.stringify({ ...right, number: [[number]] })),
    await post(app, 'application/json', JSON.stringify({ ...right, data: { a: 1 } })),
    await post(app, 'application/json', `{"data":"\\ud800"}`),
    await post(app, 'application/json', Buffer.from([0x7b, 0xff, 0x7d])),
    await post(app, 'application/json', json, { 'content-encoding': 'gzip' }),
    await post(app, 'text/plain', form(right)),
    await post(app, 'multipart/form-data; boundary=x', form(right)),
    await post(app, 'no type at all', form(right)),
    await app.inject({ method: 'POST', url: '/sms/', payload: Buffer.from(form(right)) }),
  ];
  for (const [n, answer] of unreadable.entries()) {
    t.is(answer.statusCode, 400, String(n));
    t.regex(answer.payload, /^ERROR bad-parameter /, String(n));
  }
});

test('refuses what is larger than any message, and more parameters than there are', async (t) => {
  const { app } = await setUp(t);
  const large = await post(app, 'application/json', JSON.stringify({ ...right, data: 'x'.repeat(10 * 1024 * 1024) }));
  t.is(large.statusCode, 413);
  t.regex(large.payload, /^ERROR message-too-long /);
  t.regex((await app.inject({ url: `/sms/?${'a&'.repeat(1_000)}` })).payload, /^ERROR bad-parameter /);
});

test('sends nothing on a HEAD, and knows no other methods', async (t) => {
  const { app, store } = await setUp(t);
  for (const method of ['HEAD', 'PUT', 'DELETE', 'OPTIONS'] as const)
    t.is((await get(app, right, { method })).statusCode, 404, method);
  t.deepEqual(await listMessages(store, { limit: 10 }), []);
});

test('writes neither passwords nor texts nor numbers nor tokens into its log', async (t) => {
  const { app, logged } = await setUp(t);
  const basic = `Basic ${Buffer.from(`${ada}:a wrong secret`).toString('base64')}`;
  await get(app, right);
  await get(app, { ...right, pass: 'another secret' });
  await get(app, { ...right, id: text });
  await app.inject({ url: `/sms/${number}?${form(right)}` });
  await app.inject({ url: `/sms/%zz?${form(right)}` });
  await app.inject({ url: `/sms/?number=${number}`, headers: { authorization: basic } });
  await post(app, 'application/json', `{"data":"${text}"`);
  await app.inject({ url: '/api/v1/users', headers: { authorization: 'Bearer a stolen-token' } });
  const lines = logged.join('');
  t.is(logged.length, 7);
  for (const secret of [password, 'secret', text, number, number.slice(1), 'stolen', encodeURIComponent(text)])
    t.false(lines.includes(secret), secret);
});

test('accepts a text by GET, form and JSON, in any letter case and with or without the last slash', async (t) => {
  const { app, store } = await setUp(t);
  const basic = { authorization: `Basic ${Buffer.from(`${ada}:${password}`).toString('base64')}` };
  const answers = [
    await get(app, right),
    await app.inject({ url: `/SMS?${form(right)}` }),
    await post(app, formType, form(right)),
    await post(app, 'Application/JSON; charset=utf-8', JSON.stringify(right)),
    await get(app, { number, data: text }, { headers: basic }),
    await app.inject({ method: 'POST', url: `/sms/?${form({ ...right, unknown: '1' })}&unknown=2` }),
  ];
  for (const answer of answers) {
    t.is(answer.statusCode, 200, answer.payload);
    t.regex(answer.payload, /^OK m\d{4}$/);
    t.regex(answer.headers['content-type'] as string, /^text\/plain/);
  }
  const stored = await listMessages(store, { limit: 10 });
  t.is(stored.length, answers.length);
  for (const message of stored) t.like(message, { recipient: number, text, parts: 1, state: 'queued', userId: 1 });
});

test('answers JSON to who accepts it, with an id for each number', async (t) => {
  const { app } = await setUp(t);
  const headers = { accept: 'application/json' };
  const several = { ...right, number: `${number}, +44 7700 900-124,(0770)0900125`, data: 'x'.repeat(161) };
  t.deepEqual((await get(app, several, { headers })).json(), {
    id: 'm0001',
    ids: ['m0001', 'm0002', 'm0003'],
    parts: 2,
  });
  t.is((await get(app, several)).payload, 'OK m0004,m0005,m0006');
});

test('reads a plus that arrived as a space, cuts to maxmsgs parts, and keeps gateway and sender', async (t) => {
  const { app, store } = await setUp(t);
  const rest = form({ user: ada, pass: password, data: 'x'.repeat(400), maxmsgs: '1', id: 'loop', sender: 'Ada' });
  t.is((await app.inject({ url: `/sms/?number=+447700900123&${rest}` })).payload, 'OK m0001');
  const [message] = await listMessages(store, { limit: 1 });
  t.like(message, { recipient: number, parts: 1, pinnedGateway: 'loop', sender: 'Ada' });
  t.is(message?.text.length, 160);
});

test('takes an empty parameter for one that is not there', async (t) => {
  const { app } = await setUp(t);
  t.is((await get(app, { ...right, id: '', sender: '', maxmsgs: '' })).payload, 'OK m0001');
});
