import test from 'ava';
import { listDeviceRules, saveDeviceRules } from '../../src/accounts/device-rules.js';
import { putUser } from '../../src/accounts/users.js';
import { matchesWildcard } from '../../src/accounts/wildcard.js';
import type { StateChange } from '../../src/accounts/device-state.js';
import { changeDevice, ensureDevice, getDevicesOf } from '../../src/store/devices.js';
import { openSqlite } from '../../src/store/open.js';
import type { DeviceState, DeviceStateSource } from '../../src/store/states.js';

const now = 1_800_000_000_000;

async function setUp() {
  const store = await openSqlite(':memory:');
  const { user } = await putUser(store, 'ada@example.com', { now });
  const told: string[] = [];
  const judging = {
    defaultState: 'allowed' as const,
    now,

    *tell(_: unknown, { device, before }: StateChange) {
      told.push(`${device.deviceId} ${before} ${device.state}`);
    },
  };
  const put = (deviceId: string, state: DeviceState, stateSource: DeviceStateSource, model: string | null = null) =>
    store.transact(function* (tx) {
      const device = { userId: user.id, deviceId, type: 'T', protocolVersion: '16.1', userAgent: null };
      const row = yield* ensureDevice(tx, { ...device, state, stateSource, now });
      yield* changeDevice(tx, row.id, { model });
    });
  const states = async () => {
    const devices = await store.read((session) => getDevicesOf(session, user.id));
    return Object.fromEntries(devices.map(({ deviceId, state, stateSource }) => [deviceId, `${state} ${stateSource}`]));
  };
  return { store, judging, told, put, states };
}

test('compares patterns and values whatever their case', (t) => {
  for (const [pattern, value] of [
    ['*', ''],
    ['**', 'x'],
    ['iPhone', 'IPHONE'],
    ['iphone?c*', 'iPhone12C1'.replace('12', '1')],
    ['*phone*', 'Apple-iPhone/1'],
    ['*a*b*c', 'xaxbxbxc'],
    ['Straße?', 'STRAßE7'],
    ['?', '👋'],
    ['*?', 'x👋'],
    ['.*[a]', '.x[A]'],
  ] as const)
    t.true(matchesWildcard(pattern, value), `${pattern} ${value}`);
  for (const [pattern, value] of [
    ['', 'x'],
    ['?', ''],
    ['?', 'ab'],
    ['*??', '👋'],
    ['*a', 'ab'],
    ['a*a', 'a'],
    ['i.hone', 'iPhone'],
    ['*ab?', 'xab'],
  ] as const)
    t.false(matchesWildcard(pattern, value), `${pattern} ${value}`);
});

test('is not held up by a pattern of many stars', (t) => {
  // To try every way to share 20,000 characters among 49 stars would take longer than any test may run.
  const value = 'a'.repeat(20_000);
  t.false(matchesWildcard(`${'*a'.repeat(49)}*b`, value));
  t.true(matchesWildcard('*a'.repeat(49), value));
});

test('judges the devices that are there by a new list, but for those an administrator decided on', async (t) => {
  const { store, judging, told, put, states } = await setUp();
  await put('byDefault', 'quarantined', 'default');
  await put('byAdministrator', 'blocked', 'administrator', 'M1');
  await put('byRule', 'blocked', 'rule', 'M2');
  await put('fits', 'allowed', 'default', 'M3');
  await saveDeviceRules(store, [{ field: 'model', pattern: 'm3', state: 'quarantined' }], judging);
  t.deepEqual(await states(), {
    byDefault: 'quarantined default',
    byAdministrator: 'blocked administrator',
    byRule: 'allowed default',
    fits: 'quarantined rule',
  });
  t.deepEqual(told, ['byRule blocked allowed', 'fits allowed quarantined']);
  await saveDeviceRules(store, [], judging);
  t.deepEqual(await listDeviceRules(store), []);
  t.is((await states())['fits'], 'allowed default');
});

test('reaches every device, however many there are, and the first rule that fits decides', async (t) => {
  const { store, judging, told, put, states } = await setUp();
  for (let n = 0; n < 401; n++) await put(`d${n}`, 'allowed', 'default');
  const rules = [
    { field: 'user', pattern: 'nobody@*', state: 'allowed' },
    { field: 'user', pattern: 'ADA@*', state: 'blocked' },
    { field: 'type', pattern: '*', state: 'quarantined' },
  ] as const;
  await saveDeviceRules(store, rules, judging);
  t.deepEqual(await listDeviceRules(store), [...rules]);
  t.deepEqual(new Set(Object.values(await states())), new Set(['blocked rule']));
  t.is(told.length, 401);
});
