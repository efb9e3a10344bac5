import test from 'ava';
import { putUser } from '../../src/accounts/users.js';
import { getClientAdd, putClientAdd } from '../../src/store/client-adds.js';
import { ensureDevice } from '../../src/store/devices.js';
import { clientAddsKeptMilliseconds, keepHouse } from '../../src/store/housekeeping.js';
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
