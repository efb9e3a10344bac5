import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { HookError } from '../../../src/hooks/errors.js';
import type { HttpCall } from '../../../src/hooks/http-call.js';
import { CallerThread, type CallerThreadOptions } from '../../../src/hooks/thread/caller-thread.js';
import { listen, type StrangeServer, written } from '../strange-server.js';

const faulty = new URL('./faulty-worker.js', import.meta.url);

function open(t: ExecutionContext, options: Partial<CallerThreadOptions> = {}) {
  const deaths: Error[] = [];
  const thread = new CallerThread({ onDeath: (error) => deaths.push(error), ...options });
  t.teardown(() => thread.close());
  return { thread, deaths };
}

function get({ port }: Pick<StrangeServer, 'port'>, path: string, more: Partial<HttpCall> = {}): HttpCall {
  return { url: `http://127.0.0.1:${port}${path}`, method: 'GET', timeoutMilliseconds: 20_000, ...more };
}

const healthy = new CallerThread({ onDeath: (error) => assert.fail(error) });

/** `answered`, or the code of what came instead. */
async function outcomeOf(reply: Promise<unknown>): Promise<string> {
  return reply.then(
    () => 'answered',
    (error: unknown) => (error instanceof HookError ? error.code : String(error)),
  );
}

/** A server that answers all but what asks it to be silent; `silent` resolves when one such request has come. */
async function listenHalf(t: ExecutionContext) {
  let note: () => void = () => undefined;
  const silent = new Promise<void>((resolve) => (note = resolve));
  const server = await listen(t, ({ socket, heard }) => {
    if (heard.includes('/silent')) note();
    else socket.write(written('200 OK'));
  });
  return { server, silent };
}

for (const fault of ['exit', 'throw'])
  test.serial(
    `of a thread that dies (${fault}) the calls it had begun are unknown, the others are not written`,
    async (t) => {
      const { server, silent } = await listenHalf(t);
      const { thread, deaths } = open(t, { entry: faulty });
      const caller = thread.open();
      const begun = outcomeOf(caller.call(get(server, '/silent')));
      await silent;
      const given = ['/', `/before-${fault}`, '/'].map((path) => outcomeOf(caller.call(get(server, path))));
      t.deepEqual(await Promise.all(given), ['NOT_CONNECTED', 'NOT_CONNECTED', 'NOT_CONNECTED']);
      t.is(await begun, 'NO_ANSWER');
      t.is(deaths.length, 1);
      t.regex(deaths[0]!.message, fault === 'exit' ? /ended with 3/ : /is broken/);
      t.is(server.heard.length, 1);
    },
  );

test.serial('the call with which a thread dies is unknown, and the next one gets another thread', async (t) => {
  const { server } = await listenHalf(t);
  const { thread, deaths } = open(t, { entry: faulty });
  const caller = thread.open();
  for (let n = 1; n <= 2; n++) {
    t.is(await outcomeOf(caller.call(get(server, '/after-exit'))), 'NO_ANSWER');
    t.is(await outcomeOf(caller.call(get(server, '/'))), 'answered');
    t.is(deaths.length, n);
  }
});

/** A thread that hangs with one call written and one not begun. */
async function openHanging(t: ExecutionContext, more: Partial<HttpCall> = {}) {
  const { server, silent } = await listenHalf(t);
  const { thread, deaths } = open(t, { entry: faulty, overdueMilliseconds: 40 });
  const caller = thread.open();
  const begun = outcomeOf(caller.call(get(server, '/silent', more)));
  await silent;
  const given = outcomeOf(caller.call(get(server, '/before-hang', more)));
  return { server, thread, deaths, caller, outcomes: Promise.all([begun, given]) };
}

test.serial('a thread that hangs is ended, and no call waits for it longer than its time and a moment', async (t) => {
  const { server, deaths, caller, outcomes } = await openHanging(t, { timeoutMilliseconds: 500 });
  t.deepEqual(await outcomes, ['NO_ANSWER', 'NOT_CONNECTED']);
  t.regex(deaths[0]!.message, /did not keep the time/);
  t.is(await outcomeOf(caller.call(get(server, '/'))), 'answered');
});

test.serial('a call given up while its thread hangs does not wait for its own time', async (t) => {
  const stop = new AbortController();
  const { outcomes } = await openHanging(t, { timeoutMilliseconds: 600_000, signal: stop.signal });
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  t.deepEqual(await outcomes, ['NO_ANSWER', 'NOT_CONNECTED']);
});

test.serial('closing ends a thread that hangs', async (t) => {
  const { thread, deaths, outcomes } = await openHanging(t, { timeoutMilliseconds: 600_000 });
  await thread.close();
  t.deepEqual(await outcomes, ['NO_ANSWER', 'NOT_CONNECTED']);
  t.deepEqual(deaths, []);
});

test.serial('a thread that never comes up leaves nothing written, and each call tries again', async (t) => {
  const { thread, deaths } = open(t, { entry: new URL('./nowhere.js', import.meta.url) });
  const caller = thread.open();
  t.is(await outcomeOf(caller.call(get({ port: 1 }, '/'))), 'NOT_CONNECTED');
  t.is(await outcomeOf(caller.call(get({ port: 1 }, '/'))), 'NOT_CONNECTED');
  t.is(deaths.length, 2);
});

test('a call given up in the turn in which it was made is never handed over', async (t) => {
  const { server } = await listenHalf(t);
  const caller = healthy.open();
  const stop = new AbortController();
  const others = [outcomeOf(caller.call(get(server, '/before')))];
  const given = outcomeOf(caller.call(get(server, '/given-up', { signal: stop.signal })));
  others.push(outcomeOf(caller.call(get(server, '/after'))));
  stop.abort();
  t.is(await given, 'NOT_CONNECTED');
  t.deepEqual(await Promise.all(others), ['answered', 'answered']);
  t.false(server.heard.some((heard) => heard.includes('given-up')));
});

test('one signal gives up all its calls, and no other', async (t) => {
  const { server, silent } = await listenHalf(t);
  const caller = healthy.open();
  const stop = new AbortController();
  const stopped = Array.from({ length: 20 }, () =>
    outcomeOf(caller.call(get(server, '/silent', { signal: stop.signal }))),
  );
  const last = new AbortController();
  const other = outcomeOf(caller.call(get(server, '/silent', { signal: last.signal })));
  let otherIsOver = false;
  void other.then(() => (otherIsOver = true));
  await silent;
  stop.abort();
  const came = await Promise.all(stopped);
  t.false(otherIsOver);
  t.true(came.every((outcome) => outcome === 'NO_ANSWER' || outcome === 'NOT_CONNECTED'));
  t.is(came[0], 'NO_ANSWER');
  last.abort();
  t.not(await other, 'answered');
});

test('of many calls at once each gets its own outcome, cut connections among them', async (t) => {
  const server = await listen(t, ({ socket, heard }) => {
    const number = Number(/\/n(\d+) HTTP\/1\.1\r\n(?![^]*\/n)/.exec(heard)![1]);
    if (number % 5 === 0) socket.destroy();
    else if (number % 7 === 0) socket.write(written('503 No', '', ['Retry-After: 7']));
    else socket.write(written('200 OK', 'x'.repeat(number), [`X-Number: ${number}`]));
  });
  const caller = healthy.open();
  const calls = Array.from({ length: 400 }, async (_, number) => {
    const call = caller.call(get(server, `/n${number}`));
    if (number % 5 === 0) return t.is(await outcomeOf(call), 'NO_ANSWER');
    const reply = await call;
    if (number % 7 === 0) return t.like(reply, { status: 503, retryAfterSeconds: 7 });
    t.is(reply.headers['x-number'], String(number));
    return t.is(Buffer.from(reply.body).toString(), 'x'.repeat(number));
  });
  await Promise.all(calls);
});

test('a body is written as it was when the call was made, without what lies beside it in memory', async (t) => {
  const server = await listen(t, ({ socket, heard }) => {
    if (heard.endsWith('body')) socket.write(written('200 OK'));
  });
  const body = Buffer.from('around the body around').subarray(11, 15);
  const call = open(t)
    .thread.open()
    .call(get(server, '/', { method: 'POST', body }));
  body.fill(0);
  t.is((await call).status, 200);
  t.regex(server.heard[0]!, /content-length: 4\r\n\r\nbody$/);
});

test('a caller closes when its calls have ended, and the others go on', async (t) => {
  const { server, silent } = await listenHalf(t);
  const { thread } = open(t);
  const [closing, other] = [thread.open(), thread.open()];
  const held = outcomeOf(closing.call(get(server, '/silent', { timeoutMilliseconds: 500 })));
  await silent;
  let isClosed = false;
  const closed = closing.close().then(() => (isClosed = true));
  t.is(await outcomeOf(closing.call(get(server, '/'))), 'NOT_CONNECTED');
  t.false(isClosed);
  t.is(await held, 'NO_ANSWER');
  await closed;
  t.is(await outcomeOf(other.call(get(server, '/'))), 'answered');
  await thread.close();
  t.is(await outcomeOf(other.call(get(server, '/'))), 'NOT_CONNECTED');
});

test.serial('a process ends of itself beside an idle thread, once all it asked for is answered', async (t) => {
  const { server } = await listenHalf(t);
  const entry = new URL('../../../src/hooks/thread/caller-thread.js', import.meta.url).href;
  const program = `import(${JSON.stringify(entry)}).then(async ({ CallerThread }) => {
      const caller = new CallerThread({ onDeath: console.error }).open();
      console.log((await caller.call(${JSON.stringify(get(server, '/'))})).status);
    });`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { timeout: 30_000 });
  t.is(stdout, '200\n');
});
