import test from 'ava';
import { deleteDevice, patchDevice } from '../../src/accounts/devices.js';
import { deleteUser } from '../../src/accounts/users.js';
import { judging } from '../../src/eas/device-access.js';
import { KnownDevices } from '../../src/eas/known-devices.js';
import { changeDevice, getDevice } from '../../src/store/devices.js';
import { noon, openBench, TalkingDevice } from './talking-device.js';

const name = { address: 'ann@example.com', deviceId: 'DEVICE1' };

async function remembered() {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  const known = new KnownDevices(bench.store.changes);
  const read = () => bench.store.read((session) => getDevice(session, bench.user.id, device.deviceId));
  await known.load(read);
  return { bench, device, known, read, get: () => known.get(bench.user.id, device.deviceId) };
}

test('a change that comes while a row is read keeps it from being remembered', async (t) => {
  const { bench, known, read, get } = await remembered();
  const row = get()!;
  await known.load(async () => {
    const before = await read();
    await bench.store.transact((tx) => changeDevice(tx, row.id, { model: 'newer' }));
    return before;
  });
  t.is(get(), undefined);
  await bench.close();
});

for (const [what, change] of Object.entries({
  'a changed row': ({ bench, get }) => bench.store.transact((tx) => changeDevice(tx, get()!.id, { model: 'newer' })),
  'a blocked device': ({ bench }) =>
    patchDevice(bench.store, name, { state: 'blocked', ...judging({ store: bench.store, now: () => noon }) }),
  'a deleted device': ({ bench }) => deleteDevice(bench.store, name),
  'a deleted user': ({ bench }) => deleteUser(bench.store, name.address),
} satisfies Record<string, (setting: Awaited<ReturnType<typeof remembered>>) => Promise<unknown>>))
  test(`forgets ${what}`, async (t) => {
    const setting = await remembered();
    t.is(setting.get()?.deviceId, name.deviceId);
    await change(setting);
    t.is(setting.get(), undefined);
    await setting.bench.close();
  });
