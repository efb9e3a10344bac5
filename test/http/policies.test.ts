import test from 'ava';
import { findUser } from '../../src/accounts/users.js';
import { policyFields } from '../../src/accounts/policy-fields.js';
import { changeDevice, ensureDevice } from '../../src/store/devices.js';
import type { Store } from '../../src/store/open.js';
import { ada, call, type Listed, setUp, start } from './set-up.js';

async function putDevice(store: Store, protocolVersion = '16.1') {
  const { id: userId } = await findUser(store, ada);
  const device = { userId, deviceId: 'D1', type: 'Phone', protocolVersion, userAgent: 'Test/1' };
  return store.transact((tx) => ensureDevice(tx, { ...device, state: 'quarantined', now: start }));
}

const path = `/devices/${ada}/D1`;
const at = new Date(start).toISOString();

test('policies: refuses what is out of range, unknown, or may not be, by name', async (t) => {
  const { app } = await setUp(t);
  for (const [body, field, code = 'bad-field'] of [
    [{ minDevicePasswordLength: 17 }, 'minDevicePasswordLength'],
    [{ maxDevicePasswordFailedAttempts: 3 }, 'maxDevicePasswordFailedAttempts'],
    [{ allowBluetooth: 3 }, 'allowBluetooth'],
    [{ maxCalendarAgeFilter: 1 }, 'maxCalendarAgeFilter'],
    [{ maxEmailBodyTruncationSize: -2 }, 'maxEmailBodyTruncationSize'],
    [{ allowCamera: 1 }, 'allowCamera'],
    [{ refreshHours: 0.5 }, 'refreshHours'],
    [{ passwordRecoveryEnabled: true }, 'passwordRecoveryEnabled'],
    [{ approvedApplicationList: 'all' }, 'approvedApplicationList'],
    [{ AllowCamera: false }, 'AllowCamera', 'unknown-field'],
    [{ effective: {} }, 'effective', 'unknown-field'],
  ] as [object, string, string?][])
    for (const method of ['PUT', 'PATCH'] as const)
      t.like((await call(app, [method, '/policies/server'], body)).json, { error: { code, field } }, field);
  t.like(await call(app, ['PUT', '/policies/group:x'], {}), { status: 400, json: { error: { code: 'bad-scope' } } });
  t.is((await call(app, ['GET', '/policies/domain:example.org'])).status, 404);
  t.deepEqual((await call(app, ['GET', '/policies'])).json, { items: [], next: null });
});

test('policies: are written by scope, and read with what they come to', async (t) => {
  const { app, store } = await setUp(t);
  await putDevice(store);
  const put = await call(app, ['PUT', '/policies/server'], { allowCamera: false, approvedApplicationList: ['ab12'] });
  t.like(put.json, { scope: 'server', allowCamera: false, effective: { allowCamera: false, allowBrowser: true } });
  const patched = await call(app, ['PATCH', `/policies/user:${ada}`], {
    allowCamera: true,
    minDevicePasswordLength: 6,
  });
  t.like(patched.json, { effective: { allowCamera: true, approvedApplicationList: ['ab12'] } });
  const device = (await call(app, ['GET', `/policies/${encodeURIComponent(`device:${ada}:D1`)}`])).json;
  t.deepEqual(Object.keys(device), ['scope', 'effective'], 'it says nothing of its own');
  t.deepEqual(Object.keys(device['effective'] as object), Object.keys(policyFields));
  t.like(device, { effective: { allowCamera: true, minDevicePasswordLength: 6 } });
  const taken = await call(app, ['PATCH', `/policies/user:${ada}`], { allowCamera: null });
  t.like(taken.json, { minDevicePasswordLength: 6, effective: { allowCamera: false } });
  const { items } = (await call(app, ['GET', '/policies?limit=1'])).json as unknown as Listed;
  t.like(items, [{ scope: 'server', allowCamera: false }]);
  t.is((await call(app, ['DELETE', '/policies/server'])).status, 204);
  t.is(((await call(app, ['GET', '/policies'])).json as unknown as Listed).items.length, 1);
});

test('device rules: refuses a list that is none, and keeps the one before', async (t) => {
  const { app } = await setUp(t);
  const rules = [{ field: 'type', pattern: 'iP*', state: 'allowed' }];
  t.deepEqual((await call(app, ['PUT', '/device-rules'], rules)).json, rules);
  for (const [body, field] of [
    [[{ ...rules[0], pattern: '' }], '0.pattern'],
    [[{ ...rules[0], pattern: 'x'.repeat(101) }], '0.pattern'],
    [[{ ...rules[0], field: 'os' }], '0.field'],
    [[rules[0], { ...rules[0], state: 'lost' }], '1.state'],
    [[{ field: 'type', pattern: '*' }], '0.state'],
    [[{ ...rules[0], note: 'x' }], '0.note'],
    [{ items: rules }, undefined],
    [Array.from({ length: 501 }, () => rules[0]), undefined],
  ] as [object, string | undefined][]) {
    const { status, json } = await call(app, ['PUT', '/device-rules'], body);
    t.is(status, 400, field);
    t.is((json['error'] as { field?: string }).field, field);
  }
  t.deepEqual((await call(app, ['GET', '/device-rules'])).json, rules);
});

test('device rules: judge the devices that are there before the answer comes', async (t) => {
  const { app, store } = await setUp(t);
  await putDevice(store);
  await call(app, ['PUT', '/device-rules'], [{ field: 'userAgent', pattern: 'test/?', state: 'blocked' }]);
  t.like((await call(app, ['GET', path])).json, { state: 'blocked', stateSource: 'rule' });
  await call(app, ['PUT', '/device-rules'], []);
  t.like((await call(app, ['GET', path])).json, { state: 'allowed', stateSource: 'default' });
});

test('devices: are let in, and given back to rules and defaults', async (t) => {
  const { app, store } = await setUp(t);
  await putDevice(store);
  t.like((await call(app, ['PATCH', path], { state: 'allowed' })).json, {
    state: 'allowed',
    stateSource: 'administrator',
  });
  const inbox = (await call(app, ['GET', `/users/${ada}/messages?folder=inbox`])).json as unknown as Listed;
  t.like(inbox.items, [{ subject: 'A phone may now sync', class: 'Email' }]);
  await call(app, ['PATCH', '/domains/example.com'], { deviceDefaultState: 'blocked' });
  t.like((await call(app, ['PATCH', path], { state: null })).json, { state: 'blocked', stateSource: 'default' });
  t.is((await call(app, ['PATCH', path], { state: 'lost' })).status, 400);
  t.is((await call(app, ['PATCH', path], { wipe: null })).status, 400);
});

test('devices: show a wipe from its order to its end, and whether the device can be told', async (t) => {
  const { app, store } = await setUp(t);
  const { id } = await putDevice(store, '14.1');
  const nothing = { wipe: 'none', wipeRequestedAt: null, wipeSentAt: null, wipedAt: null, wipeDeliverable: null };
  t.like((await call(app, ['GET', path])).json, nothing);
  const ordered = await call(app, ['PATCH', path], { wipe: 'account' });
  t.like(ordered.json, {
    wipe: 'account',
    wipeRequestedAt: at,
    wipeSentAt: null,
    wipedAt: null,
    wipeDeliverable: false,
  });
  t.like((await call(app, ['PATCH', path], { wipe: 'device' })).json, { wipe: 'device', wipeDeliverable: true });
  t.like((await call(app, ['PATCH', path], { wipe: 'none' })).json, nothing);
  await call(app, ['PATCH', path], { wipe: 'device' });
  await store.transact((tx) => changeDevice(tx, id, { wipeSentAt: start, wipedAt: start, policyStatus: 2 }));
  t.like((await call(app, ['GET', path])).json, {
    wipe: 'device',
    wipeSentAt: at,
    wipedAt: at,
    wipeDeliverable: null,
    policyReport: 'partial',
  });
});
