import test, { type ExecutionContext } from 'ava';
import type { FastifyInstance } from 'fastify';
import { patchUser } from '../../src/accounts/users.js';
import { StoreError } from '../../src/store/errors.js';
import { putGateway } from '../../src/store/gateways.js';
import { listIncoming } from '../../src/store/incoming.js';
import { openSqlite, type Store } from '../../src/store/open.js';
import type { GatewayType } from '../../src/store/states.js';
import { ada, number, setUp, start, text } from './set-up.js';

const pass = 'the PIN of the gateway';
const right = { id: '24', pass, number, data: text };
const formType = 'application/x-www-form-urlencoded';

const form = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString();

const get = (app: FastifyInstance, parameters: Record<string, string>) =>
  app.inject({ url: `/sms/deliver.html?${form(parameters)}` });

const post = (app: FastifyInstance, payload: string | Buffer, type = formType) =>
  app.inject({ method: 'POST', url: '/sms/deliver.html', payload, headers: { 'content-type': type } });

const rows = async (store: Store) => (await listIncoming(store, { limit: 100, isUnplaced: false })).reverse();

async function open(t: ExecutionContext, given?: Store) {
  const setting = await setUp(t, given && { store: given });
  const { store } = setting;
  const put = (id: string, password: string | null, type: GatewayType = 'http') =>
    store.transact((tx) => putGateway(tx, { id, type, active: true, options: {}, password, now: start }));
  await put('24', pass);
  await put('open', null);
  await put('empty', '');
  await put('modem', pass, 'gsm-modem');
  await patchUser(store, ada, { admin: true });
  return setting;
}

test('a wrong id, a wrong password and a gateway without one get the same answer, and nothing is stored', async (t) => {
  const { app, store, logged } = await open(t);
  const wrong = [
    { ...right, id: '25' },
    { ...right, id: '' },
    { ...right, pass: 'guessed' },
    { ...right, pass: '' },
    { number, data: text },
    { ...right, id: 'open', pass: '' },
    { ...right, id: 'empty', pass: '' },
    { ...right, id: 'modem' },
    { ...right, pass: 'guessed', number: '' },
  ] as Record<string, string>[];
  const answers = await Promise.all(wrong.map((parameters) => get(app, parameters)));
  t.deepEqual(
    [...new Set(answers.map(({ statusCode, payload }) => `${statusCode} ${payload}`))],
    ['403 ERROR access-denied The id of the gateway or its password is wrong.'],
  );
  t.deepEqual(await rows(store), []);
  t.is(logged.length, wrong.length);
  for (const secret of [pass, 'guessed', number.slice(1), text]) t.false(logged.join('').includes(secret), secret);
});

test('what the parameters say wrongly is refused', async (t) => {
  const { app, store } = await open(t);
  const mistakes: Record<string, string>[] = [
    { number: '' },
    { number: ' ' },
    { number: '1'.repeat(101) },
    { binary: '2' },
    { binary: 'true' },
    { binary: '1', data: 'no base64!' },
    { udh: '%' },
    { dcs: '256' },
    { dcs: '-1' },
    { pid: '0x10' },
    { msgid: 'm'.repeat(257) },
  ];
  for (const mistake of mistakes) {
    const answer = await get(app, { ...right, ...mistake });
    t.is(answer.statusCode, 400, JSON.stringify(mistake));
    t.regex(answer.payload, /^ERROR bad-parameter /);
  }
  t.is((await app.inject({ url: `/sms/deliver.html?${form(right)}&number=1` })).statusCode, 400);
  t.is((await app.inject({ url: `/sms/deliver.html?${form(right)}&x=%zz` })).statusCode, 400);
  t.is((await post(app, JSON.stringify(right), 'application/json')).statusCode, 400);
  t.is((await post(app, Buffer.from([0x64, 0xff]))).statusCode, 400);
  t.is((await app.inject({ method: 'HEAD', url: `/sms/deliver.html?${form(right)}` })).statusCode, 404);
  t.deepEqual(await rows(store), []);
});

test('says that it is not stored, and when to come again, where the commit fails', async (t) => {
  const store = await openSqlite(':memory:');
  const { app, logged } = await open(t, store);
  store.transact = () => Promise.reject(new StoreError('STORAGE_UNAVAILABLE'));
  const answer = await get(app, right);
  t.is(answer.statusCode, 503);
  t.regex(answer.payload, /^ERROR storage-unavailable /);
  t.regex(String(answer.headers['retry-after']), /^\d+$/);
  t.false(logged.join('').includes(text));
});

test('takes a text by GET and by form, and answers OK', async (t) => {
  const { app, store } = await open(t);
  const answers = [
    await get(app, right),
    await app.inject({ url: `/SMS/Deliver.html?${form({ ...right, binary: '', udh: '', msgid: '', unknown: '1' })}` }),
    await post(app, form(right)),
    await app.inject({
      url: `/sms/deliver.html?id=24&pass=${encodeURIComponent(pass)}&number=+447700900123&data=${text}`,
    }),
  ];
  for (const { statusCode, payload, headers } of answers) {
    t.deepEqual([statusCode, payload], [200, 'OK']);
    t.regex(headers['content-type'] as string, /^text\/plain/);
  }
  const stored = await rows(store);
  t.is(stored.length, 4);
  for (const row of stored) t.like(row, { gateway: '24', reference: null, sender: number, text });
});

test('a text of no characters is dropped and said to be', async (t) => {
  const { app, store } = await open(t);
  const answer = await get(app, { ...right, data: '' });
  t.deepEqual([answer.statusCode, answer.payload], [200, 'OK dropped: the text is empty']);
  t.deepEqual(await rows(store), []);
});

test('the same msgid again is answered OK and not taken twice', async (t) => {
  const { app, store } = await open(t);
  for (const data of [text, text, 'other words']) t.is((await get(app, { ...right, data, msgid: 'e1' })).payload, 'OK');
  t.is((await rows(store)).length, 1);
});

test('binary data and headers are base64, the header with or without its length octet', async (t) => {
  const { app, store } = await open(t);
  const binary = { ...right, binary: '1', dcs: '245', pid: '0' };
  t.is((await get(app, { ...binary, data: '++//', udh: 'BQQLhCPw' })).payload, 'OK');
  t.is((await get(app, { ...binary, data: '--__', udh: 'BgUEC4Qj8A==' })).payload, 'OK');
  const raw = `id=24&pass=${encodeURIComponent(pass)}&number=Bank&binary=1&data=++//`;
  t.is((await app.inject({ url: `/sms/deliver.html?${raw}` })).payload, 'OK');
  const stored = await rows(store);
  for (const row of stored.slice(0, 2))
    t.deepEqual(row.properties, { data: '++//', udh: 'BQQLhCPw', dcs: 245, pid: 0 });
  t.like(stored[2], { sender: 'Bank', text: '', properties: { data: '++//' } });
});

test('parts of a long text that come by themselves become one', async (t) => {
  const { app, store } = await open(t);
  const part = (n: number) => Buffer.from([0, 3, 9, 2, n]).toString('base64');
  t.is((await get(app, { ...right, data: 'b', udh: part(2) })).payload, 'OK');
  t.deepEqual(await rows(store), []);
  t.is((await get(app, { ...right, data: 'a', udh: part(1) })).payload, 'OK');
  t.deepEqual(
    (await rows(store)).map(({ text }) => text),
    ['ab'],
  );
});
