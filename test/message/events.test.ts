import test from 'ava';
import { eq } from 'drizzle-orm';
import { reportDelivered, reportExpired, reportFailed, reportSent, reportUnknown } from '../../src/message/report.js';
import { endMessage } from '../../src/store/attempts.js';
import { getMessage } from '../../src/store/messages.js';
import type { EventName } from '../../src/store/states.js';
import type { Message } from '../../src/store/tables.js';
import { run } from '../../src/store/transaction.js';
import { listCalls } from '../../src/store/webhook-calls.js';
import { deleteWebhook, putWebhook, type WebhookRow } from '../../src/store/webhooks.js';
import { number, openStage, type Stage, start } from '../gateway/stage.js';
import { Arrivals, peer } from './arrivals.js';

const all: EventName[] = ['received', 'sent', 'delivered', 'failed'];

async function putHook(stage: Stage, id: string, events: EventName[], more: Partial<WebhookRow> = {}): Promise<void> {
  const row = { id, url: 'http://hook.test/', events, secret: null, active: true, options: {}, now: stage.now };
  await stage.store.transact((tx) => putWebhook(tx, { ...row, ...more }));
}

const calls = (stage: Stage, webhook: string) => listCalls(stage.store, { webhook, limit: 100 });

const events = async (stage: Stage, webhook: string) => (await calls(stage, webhook)).map(({ event }) => event.id);

async function send(stage: Stage): Promise<Message> {
  const user = await stage.addUser('ada@example.com');
  await stage.addGateway('loop');
  const id = await stage.submit({ user, gateway: 'loop' });
  return stage.message(id);
}

test('nothing is written where nobody wants to hear it', async (t) => {
  const stage = await openStage();
  await putHook(stage, 'deaf', ['failed']);
  await putHook(stage, 'off', all, { active: false });
  const message = await send(stage);
  await stage.settle();
  t.is(await stage.state(message.id), 'sent');
  t.deepEqual([...(await calls(stage, 'deaf')), ...(await calls(stage, 'off'))], []);
});

test('an event is a row of the commit that makes it: with a commit that fails it is gone', async (t) => {
  const stage = await openStage();
  await putHook(stage, 'hook', all);
  const message = await send(stage);
  const failing = stage.store.transact(function* (tx) {
    yield* reportFailed(tx, { message, reason: 'refused', now: stage.now });
    throw new Error('the commit fails');
  });
  await t.throwsAsync(failing);
  t.deepEqual(await calls(stage, 'hook'), []);
  await stage.store.transact((tx) => reportFailed(tx, { message, reason: 'refused', now: stage.now }));
  t.deepEqual(await events(stage, 'hook'), [`${message.id}.failed`]);
});

test('a text that is sent and delivered is told to each webhook that wants it, due at once', async (t) => {
  const stage = await openStage();
  await putHook(stage, 'all', all);
  await putHook(stage, 'one', ['delivered']);
  const { id } = await send(stage);
  await stage.settle();
  await stage.store.transact(function* (tx) {
    const message = (yield* getMessage(tx, id))!;
    t.true(yield* reportDelivered(tx, { message, now: start + 1000 }));
  });
  t.deepEqual(await events(stage, 'all'), [`${id}.sent`, `${id}.delivered`]);
  const [call, ...others] = await calls(stage, 'one');
  t.deepEqual(others, []);
  t.like(call, { attempts: 0, dueAt: start + 1000 });
  t.deepEqual(call!.event, {
    id: `${id}.delivered`,
    event: 'delivered',
    at: new Date(start + 1000).toISOString(),
    message: {
      ...{ id, state: 'delivered', from: 'ada@example.com', to: number, text: 'Hello' },
      ...{ gateway: 'loop', parts: 1, error: null },
    },
  });
});

test('each end that is no good one is told as failed, with the state and the reason', async (t) => {
  const stage = await openStage();
  await putHook(stage, 'hook', ['failed']);
  const message = await send(stage);
  const reason = 'a reason in words';
  const now = stage.now;
  await stage.store.transact((tx) => reportExpired(tx, { message, reason, now }));
  const other = await stage.message(await stage.submit({ gateway: 'loop' }));
  await stage.store.transact(function* (tx) {
    yield* run(tx.db.update(tx.tables.messages).set({ state: 'sending' }).where(eq(tx.tables.messages.id, other.id)));
    yield* reportUnknown(tx, { message: other, reason, now });
  });
  t.deepEqual(
    (await calls(stage, 'hook')).map(({ event }) => [event.event, event.message.state, event.message.error]),
    [
      ['failed', 'expired', reason],
      ['failed', 'unknown', reason],
    ],
  );
});

test('a report that changes nothing tells nothing', async (t) => {
  const stage = await openStage();
  await putHook(stage, 'hook', all);
  const message = await send(stage);
  await stage.store.transact((tx) => endMessage(tx, message.id, { to: 'failed', reason: 'x', now: stage.now }));
  t.false(await stage.store.transact((tx) => reportSent(tx, { message, now: stage.now })));
  t.deepEqual(await calls(stage, 'hook'), []);
});

test('a text that came in is told once, whole, with what is binary in base64', async (t) => {
  const stage = await openStage();
  const arrivals = new Arrivals(stage);
  await putHook(stage, 'hook', ['received']);
  await arrivals.receive({ reference: 'r', recipient: '+447700900999', sentAt: start - 1000 });
  await arrivals.receive({ reference: 'r' });
  await arrivals.receive({ text: '', data: Uint8Array.of(1, 2), udh: Uint8Array.of(5, 0), dcs: 245 });
  const [text, binary, ...others] = (await calls(stage, 'hook')).map(({ event }) => event);
  t.deepEqual(others, []);
  const { id, ...message } = text!.message;
  t.is(text!.id, `${id as string}.received`);
  const sentAt = new Date(start - 1000).toISOString();
  t.deepEqual(message, { state: 'received', from: peer, to: '+447700900999', text: 'Hello', gateway: 'in', sentAt });
  t.like(binary!.message, { to: null, text: '', data: 'AQI=', udh: 'BQA=', dcs: 245 });
});

test('a webhook that is changed or deleted is heard of at once', async (t) => {
  const stage = await openStage();
  const arrivals = new Arrivals(stage);
  await putHook(stage, 'hook', ['received']);
  await putHook(stage, 'hook', ['sent']);
  await arrivals.receive();
  t.deepEqual(await calls(stage, 'hook'), []);
  await putHook(stage, 'hook', ['received']);
  await arrivals.receive();
  t.is((await calls(stage, 'hook')).length, 1);
  await stage.store.transact((tx) => deleteWebhook(tx, 'hook'));
  t.false(stage.store.wantedEvents.has('received'));
  await arrivals.receive();
  t.deepEqual(await calls(stage, 'hook'), []);
});
