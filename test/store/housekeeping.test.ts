import test from 'ava';
import { putUser } from '../../src/accounts/users.js';
import { getClientAdd, putClientAdd } from '../../src/store/client-adds.js';
import { ensureDevice } from '../../src/store/devices.js';
import { clientAddsKeptMilliseconds, incomingKeptMilliseconds, keepHouse } from '../../src/store/housekeeping.js';
import { addIncoming, listIncoming, markPlaced } from '../../src/store/incoming.js';
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
