import test from 'ava';
import { putUser } from '../../src/accounts/users.js';
import { beginAudited, listAudited } from '../../src/store/audit.js';
import { getClientAdd, putClientAdd } from '../../src/store/client-adds.js';
import { ensureDevice } from '../../src/store/devices.js';
import { clientAddsKeptMilliseconds, incomingKeptMilliseconds, keepHouse } from '../../src/store/housekeeping.js';
import { addIncoming, listIncoming, markPlaced } from '../../src/store/incoming.js';
import { defaultSettings } from '../../src/store/settings.js';
import { freshStore } from './fresh-store.js';

test('remembered ClientIds are forgotten after their time, and not before', async (t) => {
  const store = await freshStore();
  const now = 10 * clientAddsKeptMilliseconds;
  const { user } = await putUser(store, 'ann@example.com', { now });
  const add = await store.transact(function* (tx) {
    const device = { userId: user.id, deviceId: 'D', type: 'P', protocolVersion: '14.1', userAgent: null, now };
    const { id } = yield* ensureDevice(tx, { ...device, state: 'allowed' });
    const remembered = { deviceId: id, folderId: 1, clientId: 'c', digest: 'd' };
    yield* putClientAdd(tx, { ...remembered, itemId: 7, now });
    return remembered;
  });
  const itemOf = () => store.read((session) => getClientAdd(session, add));
  await keepHouse(store, now + clientAddsKeptMilliseconds);
  t.is(await itemOf(), 7);
  await keepHouse(store, now + clientAddsKeptMilliseconds + 1);
  t.is(await itemOf(), undefined);
});

test('incoming texts are forgotten after their time, but for those that nobody has', async (t) => {
  const store = await freshStore();
  const text = { gateway: 'in', recipient: undefined, sender: '+447700900123', text: 'Hello', properties: {}, now: 0 };
  await store.transact((tx) => addIncoming(tx, { ...text, id: 'placed', reference: 'a' }));
  const waiting = await store.transact((tx) => addIncoming(tx, { ...text, id: 'waiting', reference: 'b' }));
  await store.transact((tx) => markPlaced(tx, waiting!, false));
  const left = async () => (await listIncoming(store, { limit: 10, isUnplaced: false })).map(({ id }) => id);
  await keepHouse(store, incomingKeptMilliseconds);
  t.deepEqual(await left(), ['waiting', 'placed']);
  await keepHouse(store, incomingKeptMilliseconds + 1);
  t.deepEqual(await left(), ['waiting']);
});

test('what administrators changed is forgotten after the days of the settings, or never', async (t) => {
  const store = await freshStore();
  const day = 24 * 60 * 60 * 1000;
  const asked = { actor: 'the token', origin: null, action: 'PATCH', change: null };
  await store.transact(function* (tx) {
    for (let n = 0; n <= 12_000; n++)
      yield* beginAudited(tx, { ...asked, at: n < 12_000 ? n : day, resource: `/users/${n}` });
  });
  const left = async () => (await listAudited(store, { limit: 20_000 })).length;
  await store.settings.save(store, { ...defaultSettings, audit: { keepDays: 0 } });
  await keepHouse(store, 1000 * day);
  t.is(await left(), 12_001);
  await store.settings.save(store, { ...defaultSettings, audit: { keepDays: 30 } });
  await keepHouse(store, 30 * day + 6000);
  t.is(await left(), 6001, 'the last of those that are just as old stays');
  await keepHouse(store, 31 * day);
  t.is(await left(), 1, 'however many there are');
  await keepHouse(store, 31 * day + 1);
  t.is(await left(), 0);
});
