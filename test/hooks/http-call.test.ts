import { createServer } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { HookError } from '../../src/hooks/errors.js';
import type { HttpCall, HttpCaller } from '../../src/hooks/http-call.js';
import { openCaller } from './callers.js';
import { type Hearing, listen, pem, written } from './strange-server.js';

const now = Date.parse('2026-11-23T00:00:00Z');

function open(t: ExecutionContext): HttpCaller {
  const caller = openCaller({ now: () => now });
  t.teardown(() => void caller.close());
  return caller;
}

function get(port: number, more: Partial<HttpCall> = {}): HttpCall {
  return { url: `http://127.0.0.1:${port}/`, method: 'GET', timeoutMilliseconds: 5_000, ...more };
}

async function codeOf(t: ExecutionContext, reply: Promise<unknown>): Promise<string | undefined> {
  const error = await t.throwsAsync(reply, { instanceOf: HookError });
  return error?.code;
}

/** An answered connection is free for the next call a turn later. */
async function aTurn(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A port that nobody listens on. */
async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('what cannot be written as HTTP is no call, and the error repeats nothing of it', async (t) => {
  const caller = open(t);
  for (const call of [
    get(1, { url: 'ftp://secret.example/' }),
    get(1, { url: 'secret' }),
    get(1, { url: 'http://secret:99999/' }),
    get(1, { headers: { 'X-A': 'secret\r\nX-B: 1' } }),
    get(1, { headers: { 'secret name': '1' } }),
    get(1, { headers: { 'Transfer-Encoding': 'secret' } }),
  ]) {
    const error = await t.throwsAsync(caller.call(call), { instanceOf: HookError });
    t.is(error?.code, 'BAD_CALL');
    t.false(JSON.stringify([error?.message, String(error?.cause)]).includes('secret'));
  }
});

test('a connection that is refused, a name without address and a closed caller leave nothing written', async (t) => {
  const caller = open(t);
  t.is(await codeOf(t, caller.call(get(await findClosedPort()))), 'NOT_CONNECTED');
  t.is(await codeOf(t, caller.call(get(1, { url: 'http://nobody.invalid/' }))), 'NOT_CONNECTED');
  await caller.close();
  t.is(await codeOf(t, caller.call(get(1))), 'NOT_CONNECTED');
});

test('a call given up before its connection stands leaves nothing written, then or later', async (t) => {
  // TLS that never answers the greeting.
  const server = await listen(t, () => undefined);
  const caller = open(t);
  const url = `https://127.0.0.1:${server.port}/`;
  t.is(await codeOf(t, caller.call(get(0, { url, timeoutMilliseconds: 50 }))), 'NOT_CONNECTED');
  const early = AbortSignal.abort();
  t.is(await codeOf(t, caller.call(get(server.port, { signal: early }))), 'NOT_CONNECTED');
  t.false(server.heard.some((heard) => heard.includes('GET')));
});

test('a call that gave up while it waited for a free connection is not written afterwards', async (t) => {
  let answer: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (answer = resolve));
  const server = await listen(t, ({ socket }) => void released.then(() => socket.write(written('200 OK'))));
  const caller = open(t);
  const held = Array.from({ length: 128 }, () => caller.call(get(server.port)));
  const late = get(0, { url: `http://127.0.0.1:${server.port}/late`, timeoutMilliseconds: 500 });
  t.is(await codeOf(t, caller.call(late)), 'NOT_CONNECTED');
  answer();
  await Promise.all(held);
  await aTurn();
  t.is(server.heard.length, 128);
  t.false(server.heard.some((heard) => heard.includes('/late')));
});

for (const [what, answer] of Object.entries({
  'says nothing': () => undefined,
  'hangs up': ({ socket }) => socket.end(),
  'resets the connection': ({ socket }) => socket.resetAndDestroy(),
  'stops after half a status line': ({ socket }) => socket.end('HTTP/1.1 2'),
  'stops within the header': ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Le'),
  'stops within the body': ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'),
  'stops within a chunk': ({ socket }) => socket.end('HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nha'),
  'never ends its body': ({ socket }) => socket.write('HTTP/1.1 503 No\r\nContent-Length: 10\r\n\r\nhalf'),
  'speaks another protocol': ({ socket }) => socket.write('220 mail.example.com ESMTP\r\n'),
  'sends a header without end': ({ socket }) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`),
} satisfies Record<string, (hearing: Hearing) => unknown>))
  test(`no outcome is known of a server that ${what}, and it is asked once`, async (t) => {
    const server = await listen(t, answer);
    t.is(await codeOf(t, open(t).call(get(server.port, { timeoutMilliseconds: 2_000 }))), 'NO_ANSWER');
    t.is(server.heard.length, 1);
    t.is(server.heard[0]!.split('GET ').length, 2);
  });

test('a call given up after it was written has no known outcome', async (t) => {
  const stop = new AbortController();
  const server = await listen(t, () => stop.abort());
  t.is(await codeOf(t, open(t).call(get(server.port, { signal: stop.signal }))), 'NO_ANSWER');
});

test('a connection closed while the next request is on its way leaves the outcome unknown, and is not tried again', async (t) => {
  const server = await listen(t, ({ socket, requests }) => {
    if (requests === 1) socket.write(written('200 OK', 'first'));
    else socket.destroy();
  });
  const caller = open(t);
  t.is((await caller.call(get(server.port))).status, 200);
  await aTurn();
  t.is(await codeOf(t, caller.call(get(server.port, { method: 'POST', body: 'second' }))), 'NO_ANSWER');
  t.is(server.heard.length, 1);
});

test('a connection that was closed while it lay idle is not used again', async (t) => {
  const server = await listen(t, ({ socket }) => socket.end(written('200 OK')));
  const caller = open(t);
  for (let n = 0; n < 5; n++) {
    t.is((await caller.call(get(server.port))).status, 200);
    await aTurn();
  }
  t.is(server.heard.length, 5);
});

test('an answer that comes twice is not taken for the answer to the next request', async (t) => {
  const server = await listen(t, ({ socket }) => socket.write(written('200 OK', 'one') + written('500 No', 'two')));
  const caller = open(t);
  for (let n = 0; n < 5; n++) {
    t.is((await caller.call(get(server.port))).status, 200);
    await aTurn();
  }
  t.is(server.heard.length, 5);
});

test('an answer longer than the limit is cut, and told to be', async (t) => {
  const server = await listen(t, ({ socket }) => socket.write(written('200 OK', 'x'.repeat(10_000_000))));
  const reply = await open(t).call(get(server.port));
  t.is(reply.status, 200);
  t.false(reply.isWhole);
  t.is(reply.body.length, 65_536);
});

test('a redirect is an answer like others', async (t) => {
  const server = await listen(t, ({ socket }) => socket.write(written('302 Found', '', ['Location: /elsewhere'])));
  const reply = await open(t).call(get(server.port));
  t.like(reply, { status: 302, isWhole: true, headers: { location: '/elsewhere' } });
  t.is(server.heard[0]!.split('GET ').length, 2);
});

test('Retry-After is read in seconds and as a date', async (t) => {
  for (const [field, seconds] of [
    ['120', 120],
    ['Mon, 23 Nov 2026 00:01:30 GMT', 90],
    ['Mon, 23 Nov 2020 00:01:30 GMT', 0],
    ['99999999999999', 86_400],
    ['soon', undefined],
  ] as const) {
    const server = await listen(t, ({ socket }) =>
      socket.write(written('429 Slow down', '', [`Retry-After: ${field}`])),
    );
    t.is((await open(t).call(get(server.port))).retryAfterSeconds, seconds);
  }
});

test('a request is written as given, on one connection after the other', async (t) => {
  const server = await listen(t, ({ socket }) => socket.write(written('200 OK', 'fine', ['X-Two: a', 'X-Two: b'])));
  const caller = open(t);
  const url = `http://user:p%40ss@127.0.0.1:${server.port}/a%20b?d=%2B1%27&e=%E4#f`;
  const first = await caller.call({
    ...get(0),
    url,
    method: 'POST',
    headers: { 'X-Own': 'é' },
    body: Buffer.from('ü'),
  });
  t.like(first, { status: 200, retryAfterSeconds: undefined, isWhole: true, headers: { 'x-two': 'a, b' } });
  t.is(Buffer.from(first.body).toString(), 'fine');
  await aTurn();
  await caller.call({ ...get(0), url, headers: { authorization: 'Bearer t', 'User-Agent': 'mine' } });
  t.is(server.heard.length, 1);
  t.is(
    server.heard[0],
    [
      'POST /a%20b?d=%2B1%27&e=%E4 HTTP/1.1',
      `host: 127.0.0.1:${server.port}`,
      'connection: keep-alive',
      'user-agent: easms',
      'authorization: Basic dXNlcjpwQHNz',
      'X-Own: é',
      'content-length: 2',
      '',
      '\u00c3\u00bcGET /a%20b?d=%2B1%27&e=%E4 HTTP/1.1',
      `host: 127.0.0.1:${server.port}`,
      'connection: keep-alive',
      'authorization: Bearer t',
      'User-Agent: mine',
      '',
      '',
    ].join('\r\n'),
  );
});

test.serial('many calls share few connections and one signal', async (t) => {
  const server = await listen(t, ({ socket }) => socket.write(written('200 OK')));
  const caller = open(t);
  const { signal } = new AbortController();
  const warnings: Error[] = [];
  const warn = (warning: Error): unknown => warnings.push(warning);
  process.on('warning', warn);
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 20 }, () => caller.call(get(server.port, { signal }))));
    await aTurn();
  }
  process.off('warning', warn);
  t.true(server.heard.length <= 20, `${server.heard.length} connections`);
  t.deepEqual(warnings, []);
});

const tls = { key: pem('server.key'), cert: pem('server') };
const ca = pem('authority');
const ours = { cert: pem('client'), key: pem('client.key'), ca };

test('a server that nobody vouches for, or for another name, gets nothing', async (t) => {
  const server = await listen(t, ({ socket }) => socket.write(written('200 OK')), tls);
  const caller = open(t);
  const url = `https://127.0.0.1:${server.port}/`;
  t.is(await codeOf(t, caller.call(get(0, { url }))), 'NOT_CONNECTED');
  t.is((await caller.call(get(0, { url, tls: { ca } }))).status, 200);
  t.is((await caller.call(get(0, { url: url.replace('127.0.0.1', 'localhost'), tls: { ca } }))).status, 200);
  const other = await listen(t, ({ socket }) => socket.write(written('200 OK')), {
    key: pem('client.key'),
    cert: pem('client'),
  });
  const misnamed = get(0, { url: `https://localhost:${other.port}/`, tls: { ca } });
  t.is(await codeOf(t, caller.call(misnamed)), 'NOT_CONNECTED');
  t.deepEqual(
    other.heard.filter((heard) => heard !== ''),
    [],
  );
  t.true(server.heard.every((heard) => heard.startsWith('GET / ')));
});

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  const strict = { ...tls, ca, requestCert: true, rejectUnauthorized: true, maxVersion: version };

  test(`a client certificate opens the door (${version})`, async (t) => {
    const server = await listen(t, ({ socket }) => socket.write(written('200 OK', 'in')), strict);
    const caller = open(t);
    const call = get(0, { url: `https://localhost:${server.port}/`, tls: ours });
    t.is(Buffer.from((await caller.call(call)).body).toString(), 'in');
    await aTurn();
    t.is(Buffer.from((await caller.call(call)).body).toString(), 'in');
    t.is(server.heard.length, 1);
    const inOne = { ...call, tls: { cert: `${ours.cert}${ours.key}`, key: `${ours.cert}${ours.key}`, ca } };
    t.is((await caller.call(inOne)).status, 200);
  });

  test(`a client certificate that the server refuses leaves nothing written (${version})`, async (t) => {
    const server = await listen(t, ({ socket }) => socket.write(written('200 OK')), strict);
    const stranger = { cert: pem('stranger'), key: pem('stranger.key'), ca };
    const call = get(0, { url: `https://localhost:${server.port}/`, tls: stranger });
    t.is(await codeOf(t, open(t).call(call)), 'NOT_CONNECTED');
    t.deepEqual(
      server.heard.filter((heard) => heard !== ''),
      [],
    );
  });
}

test('a client certificate that is none leaves nothing written', async (t) => {
  const server = await listen(t, ({ socket }) => socket.write(written('200 OK')), tls);
  const call = get(0, { url: `https://localhost:${server.port}/`, tls: { cert: 'none', key: 'none', ca } });
  t.is(await codeOf(t, open(t).call(call)), 'NOT_CONNECTED');
});
