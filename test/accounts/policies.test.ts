import test from 'ava';
import { deleteDevice } from '../../src/accounts/devices.js';
import { deleteDomain } from '../../src/accounts/domains.js';
import { changePolicy, deletePolicy, effectivePolicy, findPolicy } from '../../src/accounts/policies.js';
import { permissivePolicy } from '../../src/accounts/policy-fields.js';
import { scopesOf } from '../../src/accounts/policy-scope.js';
import { deleteUser, putUser } from '../../src/accounts/users.js';
import { ensureDevice } from '../../src/store/devices.js';
import { openSqlite } from '../../src/store/open.js';
import { listPolicies, PolicyCache } from '../../src/store/policies.js';
import { Changes } from '../../src/store/changes.js';
import { getUser } from '../../src/store/users.js';
import type { PolicyDocument } from '../../src/store/states.js';

const now = 1_800_000_000_000;
const ada = 'ada@example.com';
const ofPhone = `device:${ada}:a:b`;

async function setUp() {
  const store = await openSqlite(':memory:');
  const { user } = await putUser(store, ada, { aliases: ['countess'], now });
  const device = { userId: user.id, deviceId: 'a:b', type: 'T', protocolVersion: '16.1', userAgent: null, now };
  await store.transact((tx) => ensureDevice(tx, { ...device, state: 'allowed' }));
  const say = (scope: string, document: PolicyDocument) =>
    changePolicy(store, scope, (before) => ({ ...before, ...document }));
  const scopes = async () => (await listPolicies(store, { limit: 10 })).map(({ scope }) => scope);
  return { store, user, say, scopes };
}

test('knows no scope that is none, and none of what is not there', async (t) => {
  const { say, scopes } = await setUp();
  for (const scope of [
    '',
    'Server',
    'server:x',
    'domain',
    'domain:',
    'user:a:b',
    `device:${ada}`,
    'group:x',
    'device::d',
  ])
    await t.throwsAsync(say(scope, { allowCamera: false }), { code: 'BAD_SCOPE' }, scope);
  await t.throwsAsync(say('domain:example.org', {}), { code: 'NO_SUCH_DOMAIN' });
  await t.throwsAsync(say('user:bob@example.com', {}), { code: 'NO_SUCH_USER' });
  await t.throwsAsync(say(`device:${ada}:A:B`, {}), { code: 'NO_SUCH_DEVICE' });
  t.deepEqual(await scopes(), []);
});

test('lets each scope change what it names of the wider one', async (t) => {
  const { store, user, say, scopes } = await setUp();
  await say('server', { allowCamera: false, minDevicePasswordLength: 4, allowBrowser: false });
  await say('domain:Example.COM', { minDevicePasswordLength: 5 });
  await say('user:countess@example.com', { minDevicePasswordLength: 6, allowCamera: true });
  t.like((await say(ofPhone, { refreshHours: 1 })).effective, {
    allowCamera: true,
    allowBrowser: false,
    minDevicePasswordLength: 6,
    refreshHours: 1,
  });
  t.deepEqual(await scopes(), [ofPhone, 'domain:example.com', 'server', `user:${ada}`]);
  t.like((await findPolicy(store, 'domain:example.com')).effective, { allowCamera: false, minDevicePasswordLength: 5 });
  await deletePolicy(store, `user:${ada}`);
  t.like((await findPolicy(store, ofPhone)).effective, { allowCamera: false, minDevicePasswordLength: 5 });
  for (const scope of ['server', 'domain:example.com', ofPhone]) await deletePolicy(store, scope);
  t.deepEqual(effectivePolicy(store.policies, scopesOf(user, { deviceId: 'a:b' })), permissivePolicy);
});

test('reads again after a restart what it knew before', async (t) => {
  const { store, say } = await setUp();
  await say('server', { allowCamera: false });
  const cache = new PolicyCache(new Changes());
  await cache.load(store);
  t.deepEqual(cache.get('server'), { allowCamera: false });
});

test('leaves no policy of a device, user or domain that is gone', async (t) => {
  const { store, say, scopes } = await setUp();
  for (const scope of [ofPhone, `user:${ada}`, 'domain:example.com', 'server'])
    await say(scope, { allowCamera: false });
  await putUser(store, 'ada@example.comm', { now });
  await say('user:ada@example.comm', { allowCamera: false });
  await deleteDevice(store, { address: ada, deviceId: 'a:b' });
  t.deepEqual(await scopes(), ['domain:example.com', 'server', `user:${ada}`, 'user:ada@example.comm']);
  await store.transact(function* (tx) {
    const { id: userId } = (yield* getUser(tx, ada))!;
    yield* ensureDevice(tx, {
      userId,
      deviceId: 'a:b',
      type: 'T',
      protocolVersion: '16.1',
      userAgent: null,
      state: 'allowed',
      now,
    });
  });
  await say(ofPhone, { allowCamera: false });
  await deleteUser(store, ada);
  t.deepEqual(await scopes(), ['domain:example.com', 'server', 'user:ada@example.comm']);
  await deleteDomain(store, 'example.com');
  t.deepEqual(await scopes(), ['server', 'user:ada@example.comm']);
  t.is(store.policies.get(ofPhone), undefined);
});
