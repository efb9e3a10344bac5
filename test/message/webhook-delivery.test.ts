import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { HookError } from '../../src/hooks/errors.js';
import { type HttpCall, type HttpCaller, type HttpReply, openCaller } from '../../src/hooks/http-call.js';
import { limits } from '../../src/message/limits.js';
import { WebhookDelivery } from '../../src/message/webhook-delivery.js';
import { callsKept, keepHouse } from '../../src/store/housekeeping.js';
import { countCalls, listCalls } from '../../src/store/webhook-calls.js';
import { findWebhook, putWebhook, type WebhookRow } from '../../src/store/webhooks.js';
import { minute, openStage, type Stage } from '../gateway/stage.js';
import { Arrivals, peer } from './arrivals.js';
import { afterCrash } from '../store/after-crash.js';
import { scratchFolder } from '../scratch-folder.js';

type Answer = (call: HttpCall) => Partial<HttpReply> | HookError | Promise<Partial<HttpReply>>;

const untilBrokenOff: Answer = ({ signal }) =>
  new Promise((_resolve, reject) => {
    signal!.addEventListener('abort', () => reject(new HookError('NO_ANSWER')));
  });

const ok: Answer = () => ({ status: 200 });

class Scene {
  readonly stage: Stage;
  readonly arrivals: Arrivals;
  readonly delivery: WebhookDelivery;
  readonly made: HttpCall[] = [];
  readonly logged: string[] = [];
  answer: Answer = ok;

  constructor(stage: Stage, more: { caller?: HttpCaller; graceMilliseconds?: number } = {}) {
    this.stage = stage;
    this.arrivals = new Arrivals(stage);
    const log = { warn: this.#note, error: this.#note } as never;
    const { caller = { call: (call) => this.#take(call), close: async () => undefined } } = more;
    this.delivery = new WebhookDelivery({ ...stage.services, log, caller }, more);
  }

  readonly #note = (details: object, sentence: string): void =>
    void this.logged.push(`${sentence} ${JSON.stringify(details)}`);

  async #take(call: HttpCall): Promise<HttpReply> {
    this.made.push(call);
    const answer = await this.answer(call);
    if (answer instanceof HookError) throw answer;
    const rest = { headers: {}, body: new Uint8Array(), isWhole: true, retryAfterSeconds: undefined };
    return { status: 200, ...rest, ...answer };
  }

  async put(id = 'hook', more: Partial<WebhookRow> = {}): Promise<void> {
    const row = { id, url: `http://${id}.test/`, events: ['received' as const], secret: null, active: true };
    await this.stage.store.transact((tx) => putWebhook(tx, { ...row, options: {}, now: this.stage.now, ...more }));
  }

  async after(seconds: number): Promise<void> {
    this.stage.now += seconds * 1000;
    await this.delivery.settle();
  }

  async counts(id = 'hook') {
    return (await countCalls(this.stage.store, [id])).get(id) ?? { waiting: 0, givenUp: 0 };
  }

  async lastError(id = 'hook') {
    return (await findWebhook(this.stage.store, id))!.lastError;
  }

  ids(): string[] {
    return this.made.map(({ headers }) => headers!['x-easms-event-id']!);
  }
}

async function openScene(options: ConstructorParameters<typeof Scene>[1] = {}, file?: string): Promise<Scene> {
  return new Scene(await openStage(file === undefined ? {} : { file }), options);
}

const troubles: [string, ReturnType<Answer>][] = [
  ['it answered with HTTP 500', { status: 500 }],
  ['it answered with HTTP 404', { status: 404 }],
  ['it answered with HTTP 410', { status: 410 }],
  ['it answered with HTTP 302', { status: 302 }],
  ['no connection stood: nothing of the request was written', new HookError('NOT_CONNECTED')],
  ['the request was written, and no complete answer came', new HookError('NO_ANSWER')],
];
for (const [reason, answer] of troubles)
  test(`an event is told again after a pause where ${reason}`, async (t) => {
    const scene = await openScene();
    await scene.put();
    await scene.arrivals.receive();
    scene.answer = () => answer;
    await scene.after(0);
    t.is(scene.made.length, 1);
    t.is(await scene.lastError(), reason);
    t.deepEqual(await scene.counts(), { waiting: 1, givenUp: 0 });
    t.is(scene.logged.length, 1);
    t.notRegex(scene.logged[0]!, /Hello|4477|hook\.test/);
    await scene.after(4);
    t.is(scene.made.length, 1, 'not before the pause of the settings is over');
    scene.answer = ok;
    await scene.after(1);
    t.is(scene.made.length, 2);
    t.is(new Set(scene.ids()).size, 1, 'under the same id');
    t.is(await scene.lastError(), null);
    t.deepEqual(await scene.counts(), { waiting: 0, givenUp: 0 });
    await scene.after(100_000);
    t.is(scene.made.length, 2);
  });

test('pauses grow up to the longest, Retry-After is heard, and after the limit the event is given up and kept', async (t) => {
  const scene = await openScene();
  await scene.put();
  const webhooks = { firstSeconds: 10, maxSeconds: 60, factor: 3, jitter: 0, giveUpAfterMinutes: 5 };
  await scene.stage.saveSettings({ webhooks });
  await scene.arrivals.receive();
  scene.answer = () => ({ status: 503 });
  const calls: number[] = [];
  for (let second = 0; second <= 400; second++) {
    const before = scene.made.length;
    if (second === 100) scene.answer = () => ({ status: 503, retryAfterSeconds: 100 });
    await scene.after(second === 0 ? 0 : 1);
    if (scene.made.length > before) calls.push(second);
  }
  t.deepEqual(calls, [0, 10, 40, 100, 200, 300]);
  t.deepEqual(await scene.counts(), { waiting: 0, givenUp: 1 });
  t.regex(scene.logged.at(-1)!, /given up/);
  const [call] = await listCalls(scene.stage.store, { webhook: 'hook', limit: 1 });
  t.like(call, { attempts: 6, lastError: 'it answered with HTTP 503', dueAt: null });
});

test('a receiver that is down is tried by one event at a time and holds up no other', async (t) => {
  const scene = await openScene();
  await scene.put('dead');
  await scene.put('alive');
  for (let n = 0; n < 20; n++) await scene.arrivals.receive();
  scene.answer = ({ url }) => ({ status: url.includes('dead') ? 500 : 200 });
  await scene.after(0);
  const toDead = () => scene.made.filter(({ url }) => url.includes('dead')).length;
  t.is(toDead(), limits.callsPerWebhook);
  t.is(scene.made.length - toDead(), 20);
  t.is(scene.logged.length, 1);
  await scene.after(4);
  t.is(toDead(), limits.callsPerWebhook);
  await scene.after(1);
  t.is(toDead(), limits.callsPerWebhook + 1);
  await scene.after(10);
  t.is(toDead(), limits.callsPerWebhook + 2);
  scene.answer = ok;
  await scene.after(20);
  t.deepEqual(await scene.counts('dead'), { waiting: 0, givenUp: 0 });
});

test('a receiver that never answers holds up no other, and so many calls at once are its share', async (t) => {
  const scene = await openScene();
  await scene.put('slow');
  await scene.put('swift');
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  scene.answer = async ({ url }) => {
    if (url.includes('slow')) await released;
    return { status: 200 };
  };
  for (let n = 0; n < 20; n++) await scene.arrivals.receive();
  scene.delivery.start();
  await until(async () => (await scene.counts('swift')).waiting === 0);
  t.is(scene.made.filter(({ url }) => url.includes('slow')).length, limits.callsPerWebhook);
  release();
  await until(async () => (await scene.counts('slow')).waiting === 0);
  await scene.delivery.stop();
  t.is(scene.made.length, 40);
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

test('events of one webhook are told in their order, as long as each is taken', async (t) => {
  const scene = await openScene();
  await scene.put();
  const receipts: string[] = [];
  for (let n = 0; n < 30; n++) receipts.push(((await scene.arrivals.receive()) as { id: string }).id);
  await scene.after(0);
  t.deepEqual(
    scene.ids(),
    receipts.map((id) => `${id}.received`),
  );
});

test('the attempt is on disk before it begins, and what a crash leaves is told again', async (t) => {
  const file = join(scratchFolder(), 'easms.db');
  const before = await openScene({ graceMilliseconds: 0 }, file);
  await before.put();
  await before.arrivals.receive();
  before.answer = untilBrokenOff;
  t.teardown(() => before.delivery.stop());
  before.delivery.start();
  await until(async () => before.made.length === 1);
  // Without an end: as a crash leaves it.
  const after = await openScene({}, afterCrash(file));
  await after.after(0);
  t.is(after.made.length, 0, 'the first pause is foreseen');
  await after.after(5);
  t.deepEqual(after.ids(), before.ids());
  t.deepEqual(await after.counts(), { waiting: 0, givenUp: 0 });
});

test('the end of the server breaks off what takes too long, and it is told after the next start', async (t) => {
  const scene = await openScene({ graceMilliseconds: 0 });
  await scene.put();
  await scene.arrivals.receive();
  scene.answer = untilBrokenOff;
  scene.delivery.start();
  await until(async () => scene.made.length === 1);
  await scene.delivery.stop();
  t.is(await scene.lastError(), null);
  t.deepEqual(scene.logged, []);
  const next = new Scene(scene.stage);
  await next.after(5);
  t.deepEqual(next.ids(), scene.ids());
});

test('a webhook that is switched off is told nothing, and what waited goes out when it is changed', async (t) => {
  const scene = await openScene();
  await scene.put();
  await scene.arrivals.receive();
  scene.answer = () => ({ status: 500 });
  await scene.after(0);
  await scene.put('hook', { active: false });
  await scene.after(1000);
  t.is(scene.made.length, 1);
  scene.answer = ok;
  await scene.put('hook', { url: 'http://elsewhere.test/' });
  await scene.after(0);
  t.is(scene.made[1]!.url, 'http://elsewhere.test/');
  t.deepEqual(await scene.counts(), { waiting: 0, givenUp: 0 });
});

test('an event that does not fit into the URL is given up and holds up no other', async (t) => {
  const scene = await openScene();
  await scene.put('hook', { url: 'http://hook.test/?data=%data;len%' });
  await scene.arrivals.receive({ text: 'x'.repeat(256) });
  await scene.arrivals.receive({ text: 'fits' });
  await scene.after(0);
  t.is(scene.made.length, 1);
  t.deepEqual(await scene.counts(), { waiting: 0, givenUp: 1 });
});

test('what waited too long for nobody is given up by the housekeeping, and little of that is kept', async (t) => {
  const scene = await openScene();
  await scene.put();
  for (let n = 0; n < callsKept + 2; n++) await scene.arrivals.receive();
  await scene.put('hook', { active: false });
  await keepHouse(scene.stage.store, scene.stage.now + 24 * 60 * minute);
  t.deepEqual(await scene.counts(), { waiting: callsKept + 2, givenUp: 0 });
  await keepHouse(scene.stage.store, scene.stage.now + 24 * 60 * minute + 1);
  t.deepEqual(await scene.counts(), { waiting: 0, givenUp: callsKept });
  await keepHouse(scene.stage.store, scene.stage.now + 9 * 24 * 60 * minute);
  t.deepEqual(await scene.counts(), { waiting: 0, givenUp: 0 });
});

async function listen(t: ExecutionContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('over the wire a receiver gets the event as JSON with a signature that it can check', async (t) => {
  const heard: { request: IncomingMessage; body: string }[] = [];
  const origin = await listen(t, (request, response) => {
    void buffer(request).then((body) => {
      heard.push({ request, body: String(body) });
      response.writeHead(204).end();
    });
  });
  const caller = openCaller();
  const scene = await openScene({ caller });
  await scene.put('hook', { url: `${origin}/hook?a=1`, secret: 'a secret', options: { headers: { 'x-own': 'yes' } } });
  await scene.arrivals.receive();
  await scene.after(0);
  await caller.close();
  const { request, body } = heard[0]!;
  const { headers } = request;
  t.is(`${request.method} ${request.url}`, 'POST /hook?a=1');
  t.like(headers, { 'content-type': 'application/json', 'x-own': 'yes', 'x-easms-event': 'received' });
  t.is(headers['x-easms-timestamp'], String(Math.floor(scene.stage.now / 1000)));
  const signed = createHmac('sha256', 'a secret').update(`${headers['x-easms-timestamp'] as string}.${body}`);
  t.is(headers['x-easms-signature'], `sha256=${signed.digest('hex')}`);
  t.like(JSON.parse(body), {
    id: headers['x-easms-event-id'],
    event: 'received',
    message: { from: peer, text: 'Hello' },
  });
  t.deepEqual(await scene.counts(), { waiting: 0, givenUp: 0 });
});

test('a webhook called by GET says all in its URL, and without a secret nothing is signed', async (t) => {
  const scene = await openScene();
  const url =
    'http://a.test/sms/deliver.html?id=24&pass=1&number=%from%&data=%data%&binary=%binary%&udh=%udh%&msgid=%msgid%';
  await scene.put('hook', { url, options: { method: 'GET' } });
  await scene.arrivals.receive({ text: 'a & ü' });
  await scene.arrivals.receive({ text: '', data: Uint8Array.of(0xff, 0xef), udh: Uint8Array.of(5, 1, 1) });
  await scene.after(0);
  const [text, binary] = scene.made;
  t.like(text, { method: 'GET', body: undefined });
  t.false('x-easms-signature' in text!.headers!);
  const id = encodeURIComponent(text!.headers!['x-easms-event-id']!);
  const start = 'http://a.test/sms/deliver.html?id=24&pass=1&number=%2B447700900123&data=';
  t.is(text!.url, `${start}a%20%26%20%C3%BC&binary=0&udh=&msgid=${id}`);
  t.true(binary!.url.startsWith(`${start}%2F%2B8%3D&binary=1&udh=BQEB&msgid=`));
});
