import test from 'ava';
import { GatewayHealth } from '../../src/gateway/health.js';
import { Roster } from '../../src/gateway/roster.js';
import { routeBatch } from '../../src/gateway/routing.js';
import { FolderType } from '../../src/store/mailboxes.js';
import { enqueue } from '../../src/store/messages.js';
import { minute, openStage, type Stage } from './stage.js';

async function gatewaysOf(stage: Stage, ids: readonly string[]): Promise<(string | null)[]> {
  return Promise.all(ids.map(async (id) => (await stage.message(id)).gateway));
}

async function submitMany(stage: Stage, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push(await stage.submit());
  return ids;
}

test('a text that expired before a gateway had a place is told and never sent', async (t) => {
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  await stage.addGateway('loop');
  const id = await stage.submit({ user, expireMinutes: 3 });
  stage.now += 3 * minute;
  await stage.settle();
  t.is(await stage.state(id), 'expired');
  t.deepEqual(await stage.attempts(id), []);
  t.deepEqual(await stage.subjects(user), ['Text to +447700900123 was not sent in time']);
});

test('a gateway that failed is not asked while another one takes texts', async (t) => {
  const stage = await openStage();
  await stage.addGateway('dead', { answers: ['try-later'], concurrency: 1 });
  await stage.addGateway('well', { concurrency: 1 });
  const ids = await submitMany(stage, 20);
  await stage.settle();
  for (const id of ids) t.is(await stage.state(id), 'sent');
  const asked = (await Promise.all(ids.map((id) => stage.tries(id)))).flat();
  t.is(asked.filter((tried) => tried === 'dead try-later').length, 1);
});

test('texts that any gateway may carry wait with a reason where none can', async (t) => {
  const stage = await openStage();
  await stage.addGateway('dead', { answers: ['try-later'], concurrency: 1 });
  const ids = await submitMany(stage, 12);
  await stage.settle();
  for (const id of ids) {
    const { state, gateway, error } = await stage.message(id);
    t.deepEqual({ state, gateway, hasReason: error !== null }, { state: 'queued', gateway: null, hasReason: true });
  }
});

test('texts that come together are shared out by how much each gateway takes', async (t) => {
  const stage = await openStage();
  await stage.addGateway('large', { concurrency: 9 });
  await stage.addGateway('small', { concurrency: 3 });
  const ids = await submitMany(stage, 12);
  await stage.settle();
  const gateways = await gatewaysOf(stage, ids);
  t.is(gateways.filter((gateway) => gateway === 'large').length, 9);
  t.is(gateways.filter((gateway) => gateway === 'small').length, 3);
});

test("a text for its sender's own phone does not wait behind those for busy gateways", async (t) => {
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  const phone = await stage.addElectedPhone(user);
  await stage.outboxRound(phone);
  await stage.addGateway('loop', { concurrency: 1 });
  await submitMany(stage, 60);
  const id = await stage.submit({ user });
  await stage.settle();
  t.is(await stage.state(id), 'offered');
});

test('every text is begun once, its attempt is on disk with it, and its copy lies in Sent Items', async (t) => {
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  await stage.addGateway('loop', { concurrency: 4 });
  const ids: string[] = [];
  for (let n = 0; n < 60; n++) ids.push(await stage.submit({ user, text: `Text ${n}` }));
  await stage.settle();
  for (const id of ids) t.deepEqual(await stage.outcomes(id), ['sent']);
  const copies = await stage.items(user, FolderType.SentItems);
  t.deepEqual(copies.map(({ messageId }) => messageId).sort(), [...ids].sort());
  const sequences = copies.map(({ sequence }) => sequence);
  t.is(new Set(sequences).size, copies.length);
});

test('a text that is accepted with the commit that empties the common lane is not forgotten there', async (t) => {
  const stage = await openStage();
  const { services, store, now } = stage;
  const any = { isLeft: true };
  store.changes.listen('queue', () => (any.isLeft = true));
  const roster = new Roster(services, new GatewayHealth());
  const batch = { services, roster, any, claim: { by: 'x', until: now + minute, now }, limit: 50 };
  const text = { userId: undefined, origin: 'http', recipient: '+447700900123', text: 'Hi', parts: 1 };
  const accepting = store.transact(function* (tx) {
    yield* enqueue(tx, {
      ...text,
      id: 'late',
      sender: undefined,
      pinnedGateway: undefined,
      expiresAt: now + minute,
      now,
    });
    tx.announce({ topic: 'queue' });
  });
  const routing = store.transact((tx) => routeBatch(tx, { ...batch, claim: { ...batch.claim, now: now - 1 } }));
  await Promise.all([routing, accepting]);
  t.true(any.isLeft);
  await store.transact((tx) => routeBatch(tx, batch));
  t.false(any.isLeft);
});
