import { createHmac } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import type { InjectOptions } from 'fastify';
import { findPreset, presets } from '../../src/gateway/presets/presets.js';
import type { HttpServices } from '../../src/http/services.js';
import { getEarlyReports } from '../../src/store/bearer-references.js';
import { StoreError } from '../../src/store/errors.js';
import { putGateway } from '../../src/store/gateways.js';
import { listIncoming } from '../../src/store/incoming.js';
import { openSqlite } from '../../src/store/open.js';
import type { Gateway } from '../../src/store/tables.js';
import { examples, shown } from '../gateway/presets/example.js';
import { call as ask, type Listed, setUp, start } from './set-up.js';

const secret = 'the secret of the gateway';
const peer = '+447700900123';
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const json = { 'content-type': 'application/json' };

async function open(t: ExecutionContext, gateway: Partial<Gateway>, services: Partial<HttpServices> = {}) {
  const { app, store, logged } = await setUp(t, services);
  const row = {
    id: 'in',
    type: 'http',
    active: true,
    webhookSecret: secret,
    options: {},
    ...gateway,
    now: start,
  } as const;
  await store.transact((tx) => putGateway(tx, row));
  return {
    ...{ app, store, logged },
    call: async (url: string, more: InjectOptions = {}) => app.inject({ method: 'POST', url, ...more }),
    texts: async () => (await listIncoming(store, { limit: 100, isUnplaced: false })).map(({ text }) => text).reverse(),
    reports: async (reference: string) =>
      (await store.read((session) => getEarlyReports(session, { gateway: 'in', reference, since: 0 }))).map(
        ({ outcome, reason }) => [outcome, reason],
      ),
  };
}

const generic = { options: { preset: 'generic-json' } };
const signed = (payload: string, key = secret): InjectOptions => ({
  payload,
  headers: { ...json, 'x-signature': createHmac('sha256', key).update(payload).digest('hex') },
});
const hello = JSON.stringify({ id: 'g-1', from: peer, text: 'Hello' });

test('a gateway that is not there, and a signature that is not right, get one answer, and nothing is stored', async (t) => {
  const { app, store, call, texts, logged } = await open(t, generic);
  const others: Partial<Gateway>[] = [
    { id: 'no-secret', ...generic, webhookSecret: null },
    { id: 'no-preset', options: {} },
    { id: 'strange-preset', options: { preset: 'constructor' } },
    { id: 'no-webhooks', options: { preset: 'o2' } },
    { id: 'loopback', type: 'loopback', ...generic },
  ];
  for (const other of others) {
    const row = { type: 'http', active: true, webhookSecret: secret, options: {}, ...other, now: start };
    await store.transact((tx) => putGateway(tx, row as never));
  }
  const answers = await Promise.all([
    call('/sms/receive/nowhere', signed(hello)),
    call('/sms/receive/in', signed(hello, 'a wrong secret')),
    call('/sms/receive/in', { payload: hello, headers: json }),
    call('/sms/receive/in', { payload: hello, headers: { ...json, 'x-signature': '' } }),
    call('/sms/receive/in?secret=%zz', { payload: hello, headers: json }),
    call('/sms/report/in', signed(hello, 'a wrong secret')),
    ...others.map(({ id }) => call(`/sms/receive/${id}`, signed(hello))),
  ]);
  for (const answer of answers) {
    t.is(answer.statusCode, 403);
    t.is(answer.payload, 'ERROR webhook-refused No gateway takes this webhook from you.');
  }
  t.deepEqual(await texts(), []);
  t.is(logged.length, answers.length, 'one line each');
  t.notRegex(logged.join(), /447700|Hello|secret of/);
  t.is((await app.inject({ method: 'PUT', url: '/sms/receive/in' })).statusCode, 404);
});

test('what a genuine provider writes wrongly is a 400, what is too large a 413, and what is packed is not read', async (t) => {
  const { call, texts, logged } = await open(t, generic);
  const notes = [
    [400, 'bad-webhook', signed('{')],
    [400, 'bad-webhook', signed('[1]')],
    [400, 'bad-webhook', signed('['.repeat(100_000) + ']'.repeat(100_000))],
    [400, 'bad-webhook', signed(JSON.stringify({ from: peer }))],
    [400, 'bad-parameter', signed(JSON.stringify({ from: 'x'.repeat(500), text: 'Hello' }))],
    [413, 'message-too-long', signed(JSON.stringify({ from: peer, text: 'x'.repeat(300_000) }))],
    [400, 'bad-parameter', { ...signed(hello), headers: { ...signed(hello).headers, 'content-encoding': 'gzip' } }],
  ] as const;
  for (const [status, code, request] of notes) {
    const answer = await call('/sms/receive/in', request);
    t.is(answer.statusCode, status, answer.payload);
    t.regex(answer.payload, new RegExp(`^ERROR ${code} `));
  }
  t.deepEqual(await texts(), []);
  t.is(logged.length, notes.length);
});

test('nothing is said to be received where it could not be stored, and the provider is asked to come again', async (t) => {
  const real = await openSqlite(':memory:');
  let isFailing = false;
  const transact: typeof real.transact = (steps) =>
    isFailing ? Promise.reject(new StoreError('STORAGE_UNAVAILABLE')) : real.transact(steps);
  const store = new Proxy(real, {
    get: (target, name) => (name === 'transact' ? transact : (Reflect.get(target, name) as unknown)),
  });
  const { call, texts } = await open(t, generic, { store });
  isFailing = true;
  for (const path of ['receive', 'report']) {
    const answer = await call(
      `/sms/${path}/in`,
      signed(JSON.stringify({ id: 'g-1', from: peer, text: 'x', status: 'delivered' })),
    );
    t.is(answer.statusCode, 503);
    t.regex(answer.payload, /^ERROR storage-unavailable /);
    t.truthy(answer.headers['retry-after']);
  }
  isFailing = false;
  t.is((await call('/sms/receive/in', signed(hello))).statusCode, 200);
  t.deepEqual(await texts(), ['Hello']);
});

test('a text that comes again is taken once, and answered as before', async (t) => {
  const { call, texts } = await open(t, generic);
  for (let time = 0; time < 3; time++) {
    const answer = await call('/sms/receive/in', signed(hello));
    t.deepEqual([answer.statusCode, answer.payload], [200, 'OK']);
  }
  t.deepEqual(await texts(), ['Hello']);
});

test('of several texts the unreadable ones keep no other from being stored', async (t) => {
  const { call, texts, reports } = await open(t, generic);
  const list = [
    { from: peer },
    { from: peer, text: 'one' },
    { from: 'x'.repeat(500), text: 'two' },
    { from: peer, text: 'three' },
  ];
  t.is((await call('/sms/receive/in', signed(JSON.stringify(list)))).statusCode, 400);
  t.deepEqual(await texts(), ['one', 'three']);
  const words = [{ id: 'r-1', status: 'delivered' }, { id: 'r-2' }, { id: 'r-3', status: 'failed', reason: 'no' }];
  t.is((await call('/sms/report/in', signed(JSON.stringify(words)))).statusCode, 400);
  t.deepEqual(
    [await reports('r-1'), await reports('r-2'), await reports('r-3')],
    [[['delivered', null]], [], [['failed', 'no']]],
  );
});

test('a report that is not the end changes nothing, and a preset without reports has no such address', async (t) => {
  const { call, reports } = await open(t, generic);
  const answer = await call('/sms/report/in', signed(JSON.stringify({ id: 'r-1', status: 'sent' })));
  t.deepEqual([answer.statusCode, answer.payload], [200, 'OK']);
  t.deepEqual(await reports('r-1'), []);
  const routo = await open(t, { options: { preset: 'routomessaging' }, webhookSecret: null, password: 'pin' });
  t.is((await routo.call('/sms/report/in?pass=pin')).statusCode, 404);
  t.is((await routo.call('/sms/report/in?pass=wrong')).statusCode, 403);
});

test('an inactive gateway still takes what its provider brings', async (t) => {
  const { call, texts } = await open(t, { ...generic, active: false });
  t.is((await call('/sms/receive/in', signed(hello))).statusCode, 200);
  t.deepEqual(await texts(), ['Hello']);
});

function byTwilio(url: string, fields: Record<string, string>): InjectOptions {
  const names = Object.keys(fields).sort();
  const content = url + names.map((name) => name + fields[name]).join('');
  const signature = createHmac('sha1', secret).update(content).digest('base64');
  return { payload: new URLSearchParams(fields).toString(), headers: { ...form, 'x-twilio-signature': signature } };
}

const twilioText = { MessageSid: 'SM1', From: peer, To: '+447700900999', Body: 'Hello' };

test('Twilio is answered in TwiML, and its signature is of the address that the outside knows', async (t) => {
  const twilio = { options: { preset: 'twilio' } };
  const { call, texts } = await open(t, twilio, { publicUrl: 'https://sms.example.com/easms/' });
  const elsewhere = byTwilio('https://sms.example.org/sms/receive/in', twilioText);
  t.is(
    (await call('/sms/receive/in', { ...elsewhere, headers: { ...elsewhere.headers, host: 'sms.example.org' } }))
      .statusCode,
    403,
  );
  const answer = await call('/sms/receive/in', byTwilio('https://sms.example.com/easms/sms/receive/in', twilioText));
  t.is(answer.statusCode, 200);
  t.is(answer.headers['content-type'], 'text/xml; charset=utf-8');
  t.is(answer.payload, '<?xml version="1.0" encoding="UTF-8"?><Response/>');
  t.deepEqual(await texts(), ['Hello']);
  const whole = await call(
    '/sms/receive/in?a=1',
    byTwilio('https://sms.example.com/sms/receive/in?a=1', { ...twilioText, MessageSid: 'SM2' }),
  );
  t.is(whole.statusCode, 200, 'where the proxy passes the path as it is');
});

test('without a public address the Host counts, behind TLS or not', async (t) => {
  const { call, texts, reports } = await open(t, { options: { preset: 'twilio' } });
  const at = (scheme: string, fields: Record<string, string>, path = 'receive') => {
    const { headers, ...rest } = byTwilio(`${scheme}://sms.example.com/sms/${path}/in`, fields);
    return call(`/sms/${path}/in`, { ...rest, headers: { ...headers, host: 'sms.example.com' } });
  };
  t.is((await at('https', twilioText)).statusCode, 200);
  t.is((await at('http', { ...twilioText, MessageSid: 'SM2' })).statusCode, 200);
  t.deepEqual(await texts(), ['Hello', 'Hello']);
  t.is(
    (await at('https', { MessageSid: 'SM9', MessageStatus: 'undelivered', ErrorCode: '30003' }, 'report')).statusCode,
    200,
  );
  t.deepEqual(await reports('SM9'), [['failed', 'Twilio 30003: undelivered']]);
});

test('providers that know GET alone are heard, also in another character set', async (t) => {
  const { app, texts, reports } = await open(t, { options: { preset: 'clickatell' } });
  const word = `secret=${encodeURIComponent(secret)}`;
  const text = `moMsgId=c-1&from=447700900123&text=caf%E9&charset=ISO-8859-1`;
  t.is((await app.inject(`/sms/receive/in?${word}&${text}`)).payload, 'OK');
  t.deepEqual(await texts(), ['café']);
  t.is((await app.inject(`/sms/report/in?${word}&apiMsgId=a-1&status=004`)).payload, 'OK');
  t.deepEqual(await reports('a-1'), [['delivered', null]]);
});

test('another server delivers with the gateway’s password, as to deliver.html', async (t) => {
  const { app, call, texts } = await open(t, { options: { preset: 'easms' }, webhookSecret: null, password: 'pin' });
  t.is((await app.inject('/sms/receive/in?id=in&number=+447700900123&data=Hello&pass=pin')).statusCode, 200);
  const posted = { payload: 'id=in&number=%2B447700900123&data=again&pass=pin', headers: form };
  t.is((await call('/sms/receive/in', posted)).statusCode, 200);
  t.is((await call('/sms/receive/in', { ...posted, payload: posted.payload.replace('=pin', '=pi') })).statusCode, 403);
  t.deepEqual(await texts(), ['Hello', 'again']);
});

test('a long text that comes in parts is joined', async (t) => {
  const { app, texts } = await open(t, { options: { preset: 'vonage' } });
  const shared = {
    msisdn: '447700900123',
    type: 'text',
    concat: 'true',
    'concat-ref': '7',
    'concat-total': '2',
    secret,
  };
  const part = (messageId: string, number: string, text: string) =>
    app.inject(
      `/sms/receive/in?${new URLSearchParams({ ...shared, messageId, 'concat-part': number, text }).toString()}`,
    );
  t.is((await part('v-2', '2', 'world')).statusCode, 200);
  t.is((await part('v-1', '1', 'Hello ')).statusCode, 200);
  t.is((await part('v-2', '2', 'world')).statusCode, 200, 'it is told again');
  t.deepEqual(await texts(), ['Hello world']);
});

test('the admin API tells which presets there are and what each asks for', async (t) => {
  const { app } = await setUp(t);
  const { items, next } = (await ask(app, ['GET', '/presets'])).json as unknown as Listed;
  t.is(next, null);
  const twilio = items.find(({ id }) => id === 'twilio');
  t.like(twilio, { title: 'Twilio', webhooks: { secret: 'the Auth Token of the account', reports: true } });
  const secrets = twilio!.parameters as { name: string; secret: boolean; optional: boolean }[];
  t.deepEqual(
    secrets.map(({ name, secret, optional }) => [name, secret, optional]),
    [
      ['accountSid', false, false],
      ['authToken', true, false],
      ['from', false, false],
      ['reportUrl', false, true],
    ],
  );
  t.is(items.find(({ id }) => id === 'o2')!.webhooks, null);
  t.is((await app.inject('/api/v1/presets')).statusCode, 401);
});

test('every preset can be saved with its parameters, and a gateway that was saved so is the provider’s', async (t) => {
  const { app, store } = await setUp(t);
  for (const { id: preset } of presets) {
    const gateway = { type: 'http', preset, parameters: examples[preset], webhookSecret: secret };
    const saved = await ask(app, ['PUT', `/gateways/${preset}`], gateway);
    t.is(saved.status, 200, JSON.stringify(saved.json));
    t.notRegex(JSON.stringify(saved.json), /"secret"|secret of/, preset);
  }
  const request = { number: '+447700900123', text: 'Hi €', dryRun: true };
  const tried = await ask(app, ['POST', '/gateways/twilio/test'], request);
  const [{ method, url, headers, body }] = tried.json.requests as [Record<string, string>];
  const fields = Object.entries(headers as never as Record<string, string>).map(([name, value]) => `${name}: ${value}`);
  t.is([`${method} ${url}`, ...fields, '', body].join('\n'), shown(findPreset('twilio')!));
  const texted = await app.inject({ method: 'POST', url: '/sms/receive/generic-json', ...signed(hello) });
  t.is(texted.statusCode, 200);
  t.is((await listIncoming(store, { limit: 9, isUnplaced: false })).length, 1);
});
