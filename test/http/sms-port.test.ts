import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import test, { type ExecutionContext } from 'ava';
import { Credentials } from '../../src/accounts/credentials.js';
import { AccountError } from '../../src/accounts/errors.js';
import { patchUser } from '../../src/accounts/users.js';
import { limits } from '../../src/http/limits.js';
import { PassedOnLog } from '../../src/http/passed-on-log.js';
import type { HttpServices } from '../../src/http/services.js';
import { acceptTexts } from '../../src/http/sms-acceptance.js';
import type { ThreadSettings } from '../../src/http/sms-batch.js';
import { SmsPort, type SmsPortOptions } from '../../src/http/sms-port.js';
import { openTrustedNetworks } from '../../src/http/trusted-networks.js';
import { canSharePort } from '../../src/node-version.js';
import { StoreError } from '../../src/store/errors.js';
import { deleteGateway } from '../../src/store/gateways.js';
import { listMessages } from '../../src/store/messages.js';
import { openSqlite } from '../../src/store/open.js';
import { ada, number, password, setUp, start, text } from './set-up.js';

const host = '127.0.0.1';
const right = { user: ada, pass: password, number, data: text };
const query = (parameters: Record<string, string>) => `/sms/?${new URLSearchParams(parameters).toString()}`;
const basic = { authorization: `Basic ${Buffer.from(`${ada}:${password}`).toString('base64')}` };
const inJson = { accept: 'application/json' };

function post(type: string, body: string, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', body, headers: { 'content-type': type, ...headers } };
}

/** A server that listens at its one port, and at one for `/sms/` with a thread of its own. */
async function openBoth(t: Pick<ExecutionContext, 'teardown'>, { overrides = {}, port = {} }: Overrides = {}) {
  const server = await setUp(t, overrides);
  await server.app.listen({ host, port: 0 });
  const threads: Worker[] = [];
  const startThread = (workerData: ThreadSettings): Worker => {
    const thread = new Worker(new URL('../../src/http/sms-thread.js', import.meta.url), { workerData });
    threads.push(thread);
    return thread;
  };
  const accept: SmsPortOptions['accept'] = (wish) => acceptTexts(server.services, wish);
  const { log } = server.services;
  const smsPort = await SmsPort.open({ host, port: 0, threads: 1, log, accept, startThread, ...port });
  t.teardown(() => smsPort.close());
  const main = (server.app.server.address() as AddressInfo).port;
  return { ...server, smsPort, threads, main, sms: smsPort.address.port };
}

// To start a thread takes half of the time of a test: those that change nothing for others share one, one after the other.
const ends: (() => unknown)[] = [];
let opened: ReturnType<typeof openBoth> | undefined;
const shared = () =>
  (opened ??= openBoth(
    { teardown: (end) => void ends.unshift(end) },
    { overrides: { trustedNetworks: openTrustedNetworks([host]) } },
  ));
test.after.always(async () => {
  for (const end of ends) await end();
});

interface Overrides {
  overrides?: Partial<HttpServices>;
  port?: Partial<SmsPortOptions>;
}

const ask = (port: number, path: string, request: RequestInit = {}) => fetch(`http://${host}:${port}${path}`, request);

/** What a peer sees of an answer; ids are counted on by each request. */
async function seen(answer: Response) {
  const { status, headers } = answer;
  const told = ['content-type', 'www-authenticate', 'retry-after'].map((name) => headers.get(name));
  return { status, told, body: (await answer.text()).replace(/m\d{4}/g, 'ID') };
}

/** Lines without their time and the place of what was thrown. */
function lines(logged: string[]): object[] {
  return logged.splice(0).map((line) => {
    const { error, ...rest } = JSON.parse(line) as { error?: { name: string; code?: string } };
    return { ...rest, time: 0, error: error && [error.name, error.code] };
  });
}

type Row = [status: number, path: string, request?: RequestInit];

/** Both ports say the same to the peer and to the log. */
async function compare(t: ExecutionContext, both: Awaited<ReturnType<typeof openBoth>>, rows: Row[]) {
  for (const [status, path, request] of rows) {
    const said = `${request?.method ?? 'GET'} ${path.slice(0, 200)}`;
    both.logged.length = 0;
    const atMain = await seen(await ask(both.main, path, request));
    const loggedAtMain = lines(both.logged);
    const atSms = await seen(await ask(both.sms, path, request));
    // The line of what a thread refuses comes after its answer.
    while (both.logged.length < loggedAtMain.length) await new Promise((resolve) => setImmediate(resolve));
    t.is(atMain.status, status, said);
    t.deepEqual(atSms, atMain, said);
    t.deepEqual(lines(both.logged), loggedAtMain, said);
  }
}

test.serial('answers and logs what it refuses as the main port does', async (t) => {
  const both = await shared();
  await compare(t, both, [
    [400, query({ ...right, number: 'ada' })],
    [400, query({ ...right, maxmsgs: '0' }), { headers: inJson }],
    [400, query({ ...right, binary: '1', data: 'AAA=', udh: 'AAMq' })],
    [400, `${query(right)}&number=1234`],
    [400, '/sms/?data=%zz'],
    [400, query({ ...right, data: '' })],
    [401, query({ number, data: text })],
    [401, query({ ...right, pass: 'a wrong password' }), { headers: inJson }],
    [401, query({ number, data: text }), { headers: { authorization: 'Basic eDp5' } }],
    [404, query({ ...right, id: 'no-such' })],
    [404, '/other'],
    [404, '/sms/deliver', { method: 'POST' }],
    [404, query(right), { method: 'DELETE' }],
    [404, query(right), { method: 'HEAD' }],
    [400, '/sms/', post('text/plain', 'number=1234')],
    [400, '/sms/', post('application/json', '{"number":')],
    [400, '/sms/', post('application/json', JSON.stringify(right), { 'content-encoding': 'gzip' })],
    [400, '/sms/%zz'],
    [413, query({ ...right, data: 'x'.repeat(128 * 153 + 1) })],
    [413, '/sms/', post('application/json', JSON.stringify({ ...right, data: 'x'.repeat(limits.bodyOctets) }))],
    [413, query({ ...right, data: 'x'.repeat(limits.headerOctets) })],
  ]);
});

test.serial('has nothing of the other routes', async (t) => {
  const { sms } = await shared();
  for (const path of ['/api/v1/users', '/metrics', '/readyz', '/sms/deliver.html', '/Microsoft-Server-ActiveSync', '/'])
    t.is((await ask(sms, path)).status, 404, path);
  t.is((await ask(sms, '/healthz')).status, 200);
});

test('refuses senders without access, and asks to come again, as the main port does', async (t) => {
  const store = await openSqlite(':memory:');
  const credentials = new Credentials({ store, now: () => start });
  const both = await openBoth(t, { overrides: { store, credentials } });
  await compare(t, both, [[200, query(right)]]);
  const transact = store.transact.bind(store);
  for (const failure of [new StoreError('STORAGE_UNAVAILABLE'), new TypeError(`cannot store ${text}`)]) {
    store.transact = () => Promise.reject(failure);
    await compare(t, both, [[failure instanceof StoreError ? 503 : 500, query(right)]]);
  }
  store.transact = transact;
  await store.transact((tx) => deleteGateway(tx, 'loop'));
  await compare(t, both, [[503, query(right), { headers: inJson }]]);
  await patchUser(store, ada, { smsAccess: 'denied' });
  await compare(t, both, [[403, query(right)]]);
  credentials.senders.verify = () => Promise.reject(new AccountError('TOO_MANY_REQUESTS'));
  await compare(t, both, [[429, query(right)]]);
});

test('accepts what the main port accepts', async (t) => {
  const both = await openBoth(t);
  const form = 'application/x-www-form-urlencoded';
  const several = { ...right, number: [number, '+447700900124'], data: 'x'.repeat(161), maxmsgs: 2, msgid: 'a' };
  const whole = { ...right, id: 'loop', sender: 'Ada', reply: 'sms:+447700900999', pid: '1', dcs: '8', msgid: 'b' };
  const octets = { user: ada, pass: password, number, binary: '1', udh: 'BgUEFYEAAA==', data: 'AkpNWVGVkhFAQA==' };
  const rows: Row[] = [
    [200, query(right)],
    [200, '/SMS', post(form, new URLSearchParams(right).toString())],
    [200, query({ number, data: text }), { headers: { ...basic, ...inJson } }],
    [200, '/sms/', post('application/json', JSON.stringify(several), inJson)],
    [200, `${query(whole)}&value=%26unicode%3D1`],
    [200, query(octets)],
  ];
  await compare(t, both, rows);
  // Those with a msgid were the same again; of the others each port stored one.
  const stored = await listMessages(both.store, { limit: 100 });
  const counts = new Map<string, number>();
  for (const { id, ...rest } of stored) {
    t.regex(id, /^m\d{4}$/);
    const kept = JSON.stringify(rest);
    counts.set(kept, (counts.get(kept) ?? 0) + 1);
  }
  t.deepEqual([...counts.values()].sort(), [1, 1, 1, 2, 6]);
});

test.serial('knows a request with a key whichever port it came to first', async (t) => {
  const { main, sms, store } = await shared();
  const headers = { 'idempotency-key': 'key-1' };
  const first = await (await ask(sms, query(right), { headers })).text();
  t.is(await (await ask(main, query(right), { headers })).text(), first);
  t.is(await (await ask(sms, query(right), { headers })).text(), first);
  const other = await ask(sms, query({ ...right, data: 'Bye' }), { headers });
  t.is(other.status, 409);
  t.regex(await other.text(), /^ERROR idempotency-conflict /);
  const stored = (await listMessages(store, { limit: 100 })).map(({ id }) => `OK ${id}`);
  t.is(stored.filter((id) => id === first).length, 1);
});

test.serial('believes trusted networks, and no proxy in them', async (t) => {
  const both = await shared();
  const vouched = query({ number, data: text, user: ada, authenticated: '1' });
  await compare(t, both, [
    [200, vouched],
    [200, query({ number, data: text, authenticated: '1' })],
    [401, vouched, { headers: { 'x-forwarded-for': host } }],
    [401, vouched, { headers: { forwarded: `for=${host}` } }],
  ]);
});

test.serial('refuses octets that are not HTTP as the main port does', async (t) => {
  const { main, sms } = await shared();
  const said = async (port: number): Promise<string> => {
    const socket = connect({ host, port }).setEncoding('latin1');
    socket.write('what is this?\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    return answer;
  };
  const answer = await said(main);
  t.regex(answer, /^HTTP\/1\.1 400 /);
  t.is(await said(sms), answer);
});

/** A port on which texts are held up until they are let go, each with all that came so far. */
async function openHeldUp(t: ExecutionContext) {
  const mostWaiting = 100;
  let letGo = (): void => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  let came = 0;
  let noteFirst = (): void => {};
  const first = new Promise<void>((resolve) => (noteFirst = resolve));
  const server = await setUp(t);
  const opened = await openBoth(t, {
    overrides: { store: server.store, log: server.services.log },
    port: {
      mostWaiting,
      accept: async (wish) => {
        came++;
        noteFirst();
        await gate;
        return acceptTexts(server.services, wish);
      },
    },
  });
  return { ...opened, logged: server.logged, letGo, first, came: () => came, mostWaiting };
}

test('refuses what is more than may wait', async (t) => {
  const { sms, logged, letGo, came, mostWaiting } = await openHeldUp(t);
  const beyond = 20;
  const socket = connect({ host, port: sms }).setEncoding('latin1');
  const request = `GET ${query(right)} HTTP/1.1\r\nHost: sms.example.com\r\n\r\n`;
  socket.write(request.repeat(mostWaiting + beyond - 1));
  socket.write(request.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  const told = () => logged.filter((line) => line.includes('too-busy')).length;
  while (told() < beyond) await new Promise((resolve) => setImmediate(resolve));
  t.is(came(), mostWaiting);
  letGo();
  let answers = '';
  for await (const chunk of socket) answers += String(chunk);
  t.is(answers.match(/HTTP\/1\.1 200 /g)?.length, mostWaiting);
  t.is(answers.match(/HTTP\/1\.1 503 [^]*?retry-after: \d[^]*?ERROR too-busy /g)?.length, beyond);
});

test('counts the lines that its log has no room for', (t) => {
  let calls = 0;
  const log = new PassedOnLog(() => void calls++);
  for (let each = 0; each < limits.waitingLines + 7; each++) log.info({ each }, 'request refused');
  const passedOn = log.take();
  t.is(passedOn.length, limits.waitingLines);
  t.deepEqual(passedOn[1], ['info', { each: 1 }, 'request refused']);
  t.is(calls, limits.waitingLines);
  log.noteRead(limits.waitingLines);
  t.deepEqual(log.take(), [['warn', { requests: 7 }, 'more requests were refused than could be told one by one']]);
  log.noteRead(1);
  t.deepEqual(log.take(), []);
});

test('starts a thread anew that is gone, and what it had brought is kept', async (t) => {
  const { sms, threads, logged, store, letGo, first } = await openHeldUp(t);
  const headers = { 'idempotency-key': 'key-1' };
  const cut = ask(sms, query(right), { headers });
  await first;
  await threads[0]!.terminate();
  await t.throwsAsync(cut);
  letGo();
  let again: Response | undefined;
  while (!again) again = await ask(sms, query(right), { headers }).catch(() => undefined);
  t.is(again.status, 200);
  const stored = await listMessages(store, { limit: 10 });
  t.deepEqual(
    stored.map(({ id }) => `OK ${id}`),
    [await again.text()],
  );
  t.is(threads.length, 2);
  t.regex(logged.join(''), /a thread of the port for \/sms\/ is gone/);
});

test('answers what is in flight when it closes, and takes no connection more', async (t) => {
  const { sms, smsPort, letGo, first } = await openHeldUp(t);
  const held = ask(sms, query(right));
  await first;
  const closed = smsPort.close();
  while (
    await ask(sms, '/healthz').then(
      () => true,
      () => false,
    )
  );
  letGo();
  t.is((await held).status, 200);
  await closed;
});

test('closes in bounded time where an answer never comes', async (t) => {
  const { sms, smsPort, threads, first } = await openHeldUp(t);
  const cut = ask(sms, query(right));
  await first;
  await Promise.all([smsPort.close(), t.throwsAsync(cut)]);
  t.is(threads.length, 1);
});

test.serial('refuses a port that is taken', async (t) => {
  const { main, services } = await shared();
  const { log } = services;
  const accept: SmsPortOptions['accept'] = (wish) => acceptTexts(services, wish);
  const threads = canSharePort() ? [1, 2] : [1];
  for (const count of threads)
    await t.throwsAsync(SmsPort.open({ host, port: main, threads: count, log, accept }), { code: 'EADDRINUSE' });
});

(canSharePort() ? test : test.skip)('several threads serve one port', async (t) => {
  const { sms, threads, smsPort } = await openBoth(t, { port: { threads: 2 } });
  t.is(threads.length, 2);
  const answers = Array.from({ length: 16 }, () => ask(sms, query(right), { headers: { connection: 'close' } }));
  for (const answer of await Promise.all(answers)) t.is(answer.status, 200);
  const [gone] = await Promise.all([once(threads[0]!, 'exit'), threads[0]!.terminate()]);
  t.truthy(gone);
  t.is((await ask(sms, query(right), { headers: { connection: 'close' } })).status, 200);
  await smsPort.close();
  await t.throwsAsync(ask(sms, '/healthz'));
});
