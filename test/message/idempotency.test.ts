import test from 'ava';
import { submit, type Submission } from '../../src/message/submit.js';
import { deleteGateway } from '../../src/store/gateways.js';
import { keepHouse, requestsKeptMilliseconds } from '../../src/store/housekeeping.js';
import { listMessages } from '../../src/store/messages.js';
import { number, openStage, start } from '../gateway/stage.js';

const other = '+447700900124';

async function openWithKeys() {
  const stage = await openStage();
  await stage.addGateway('loop');
  const ask = (submission: Partial<Submission>) =>
    submit(stage.services, { origin: 'http', numbers: [number], text: 'Hello', ...submission });
  return {
    stage,
    withKey: (key: string, more: Partial<Submission> = {}) => ask({ idempotency: { key, isMsgid: false }, ...more }),
    withMsgid: (key: string, more: Partial<Submission> = {}) =>
      ask({ idempotency: { key, isMsgid: true }, msgid: key, ...more }),
    count: async () => (await listMessages(stage.store, { limit: 1000 })).length,
  };
}

test('refuses a key that stood for another message, for all numbers of the request', async (t) => {
  const { withKey, count } = await openWithKeys();
  await withKey('k');
  const conflict = { name: 'MessageError', code: 'IDEMPOTENCY_CONFLICT' };
  const others: Partial<Submission>[] = [
    { text: 'Goodbye' },
    { numbers: [other, number], text: 'Goodbye' },
    { sender: 'Ada' },
    { gateway: 'loop' },
    { dcs: 0x10 },
    { values: ['&a=b'] },
    { text: '', binary: { data: Uint8Array.of(1) } },
  ];
  for (const each of others) await t.throwsAsync(withKey('k', each), conflict);
  t.is(await count(), 1);
  t.is((await withKey('k', { numbers: [other], text: 'Goodbye' })).ids.length, 1, 'the key of another number is free');
});

test('gives the first answer to a request that comes again, number by number', async (t) => {
  const { withKey, withMsgid, count } = await openWithKeys();
  for (const again of [withKey, withMsgid]) {
    const first = await again('k', { text: 'x'.repeat(161) });
    t.deepEqual(await again('k', { text: 'x'.repeat(161) }), first);
    const both = await again('k', { numbers: [other, number], text: 'x'.repeat(161) });
    t.deepEqual(both, { ids: [both.ids[0]!, first.ids[0]!], parts: 2 });
    t.not(both.ids[0], first.ids[0]);
  }
  t.is(await count(), 4);
});

test('keeps the keys of users and kinds apart', async (t) => {
  const { stage, withKey, withMsgid } = await openWithKeys();
  const ada = await stage.addUser('ada@example.com');
  const bob = await stage.addUser('bob@example.com');
  const answers = [
    await withKey('k'),
    await withKey('k', { user: ada }),
    await withKey('k', { user: bob }),
    await withMsgid('k', { user: ada }),
  ];
  t.is(new Set(answers.flatMap(({ ids }) => ids)).size, 4);
});

test('takes a msgid that begins anew for another message, and still knows each of them', async (t) => {
  const { withMsgid, count } = await openWithKeys();
  const first = await withMsgid('1');
  const second = await withMsgid('1', { text: 'Goodbye' });
  t.deepEqual(second, { ids: second.ids, parts: 1, reusedMsgids: 1 });
  t.not(second.ids[0], first.ids[0]);
  t.deepEqual(await withMsgid('1'), first);
  t.deepEqual(await withMsgid('1', { text: 'Goodbye' }), { ids: second.ids, parts: 1 });
  t.is(await count(), 2);
});

test('makes one message of equal requests that share a commit', async (t) => {
  const { withKey, withMsgid, count, stage } = await openWithKeys();
  let announced = 0;
  stage.store.changes.listen('queue', () => announced++);
  for (const again of [withKey, withMsgid]) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => again('k')));
    t.is(new Set(answers.map(({ ids }) => ids[0])).size, 1);
  }
  t.is(await count(), 2);
  t.is(announced, 2);
});

test('leaves the key free where the request that took it came to nothing', async (t) => {
  const { withKey, count } = await openWithKeys();
  await withKey('k', { numbers: [other], text: 'Goodbye' });
  const [refused, accepted] = await Promise.allSettled([withKey('k', { numbers: [number, other] }), withKey('k')]);
  t.is(refused.status, 'rejected');
  t.is(accepted.status, 'fulfilled');
  t.is(await count(), 2);
});

test('gives the first answer also where the message would be refused by now', async (t) => {
  const { stage, withKey, withMsgid } = await openWithKeys();
  const first = await withKey('k');
  const reused = [await withMsgid('1'), await withMsgid('1', { text: 'Goodbye' })];
  await stage.store.transact((tx) => deleteGateway(tx, 'loop'));
  t.deepEqual(await withKey('k'), first);
  t.deepEqual((await withMsgid('1', { text: 'Goodbye' })).ids, reused[1]!.ids);
  await t.throwsAsync(withKey('other'), { code: 'NO_GATEWAY' });
  await t.throwsAsync(withKey('k', { text: 'Goodbye' }), { code: 'NO_GATEWAY' });
});

test('knows a request for seven days, whether or not the house was kept meanwhile', async (t) => {
  const { stage, withKey, withMsgid, count } = await openWithKeys();
  const first = await withKey('k');
  await withMsgid('k');
  stage.now = start + requestsKeptMilliseconds;
  await keepHouse(stage.store, stage.now);
  t.deepEqual(await withKey('k'), first);
  stage.now++;
  t.notDeepEqual(await withKey('k'), first);
  await keepHouse(stage.store, stage.now);
  await withMsgid('k');
  t.is(await count(), 4);
});
