import test from 'ava';
import { patchDevice } from '../../src/accounts/devices.js';
import { changePolicy } from '../../src/accounts/policies.js';
import { documentFields } from '../../src/accounts/policy-fields.js';
import { putUser } from '../../src/accounts/users.js';
import { judging } from '../../src/eas/device-access.js';
import { hasCommonStatuses, protocolVersions } from '../../src/eas/versions.js';
import { getDevice } from '../../src/store/devices.js';
import type { DeviceState, DeviceWipe } from '../../src/store/states.js';
import { Provision } from '../../src/wbxml/airsync/provision.js';
import { child, children } from '../../src/wbxml/element.js';
import { acknowledgePolicy, askPolicy, policyIn, provisionWith, reportWipe, verdictOf } from './provisioning.js';
import {
  type Bench,
  folderSync,
  noon,
  openBench,
  policyKeyIn,
  readAnswer,
  syncOf,
  TalkingDevice,
} from './talking-device.js';

const address = 'ann@example.com';

const say = (bench: Bench, scope: string, document: Record<string, boolean | number | string[]>) =>
  changePolicy(bench.store, scope, (before) => ({ ...before, ...document }));

const order = (bench: Bench, change: { wipe?: DeviceWipe; state?: DeviceState | null }) =>
  patchDevice(
    bench.store,
    { address, deviceId: 'DEVICE1' },
    { ...change, ...judging({ store: bench.store, now: () => bench.clock.now }) },
  );

const rowOf = async (bench: Bench) =>
  (await bench.store.read((session) => getDevice(session, bench.user.id, 'DEVICE1')))!;

async function subjects({ store, user }: Bench, userId = user.id): Promise<string[]> {
  const { items } = store.tables;
  const all = await store.db.select().from(items);
  return all.filter((item) => item.userId === userId).map(({ subject }) => subject ?? '');
}

const sayFolderSync = async (device: TalkingDevice) => verdictOf(await device.post('FolderSync', folderSync('0')));

for (const [report, allowing, refusal] of [
  ['2', 'allowPartialCompliance', '139'],
  ['3', 'allowNonProvisionableDevices', '139'],
  ['4', 'allowExternallyManaged', '145'],
] as const)
  test(`takes an acknowledgement of Status ${report} only where ${allowing} says so`, async (t) => {
    const bench = await openBench();
    const device = new TalkingDevice(bench);
    t.is(verdictOf(await provisionWith(device, report)), refusal);
    t.is(await sayFolderSync(device), '142');
    await say(bench, 'server', { [allowing]: true });
    const accepted = await provisionWith(device, report);
    t.is(verdictOf(accepted), '1');
    device.policyKey = policyKeyIn(accepted.root);
    t.is(await sayFolderSync(device), '1');
    t.is((await rowOf(bench)).policyStatus, Number(report));
    await say(bench, 'server', { [allowing]: false });
    t.is(await sayFolderSync(device), refusal, 'what is allowed no longer counts at once');
    await bench.close();
  });

test('answers Status 2 to an acknowledgement whose Status is none', async (t) => {
  const bench = await openBench();
  t.is(verdictOf(await provisionWith(new TalkingDevice(bench), '7')), '2');
  await bench.close();
});

test('asks a device without any key for Provision, lets it in where that is allowed, and gives it up with 141', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  device.sendsPolicyKey = false;
  t.is(await sayFolderSync(device), '142');
  await say(bench, 'domain:example.com', { allowNonProvisionableDevices: true });
  t.is(await sayFolderSync(device), '1');
  device.sendsPolicyKey = true;
  t.is(await sayFolderSync(device), '142', 'who sends a key of 0 knows Provision');
  await say(bench, 'domain:example.com', { allowNonProvisionableDevices: false });
  t.is(verdictOf(await provisionWith(device, '3')), '139');
  device.sendsPolicyKey = false;
  t.is(await sayFolderSync(device), '141');
  await bench.close();
});

for (const version of protocolVersions)
  test(`leads a device of ${version} from FolderSync over Provision back to FolderSync, and ends there`, async (t) => {
    const bench = await openBench();
    const device = new TalkingDevice(bench);
    device.version = version;
    const asks = (status: string) => (hasCommonStatuses(version) ? status : '449');
    t.is(await sayFolderSync(device), asks('142'));
    await device.provision();
    t.is(await sayFolderSync(device), '1');
    const old = device.policyKey;
    for (const [scope, length] of [
      ['server', 4],
      ['domain:example.com', 5],
      ['user:ann@example.com', 6],
      ['device:ann@example.com:DEVICE1', 7],
    ] as const) {
      await say(bench, scope, { devicePasswordEnabled: true, minDevicePasswordLength: length });
      t.is(await sayFolderSync(device), asks('143'), scope);
      t.is(verdictOf(await device.post('Ping')), '3', 'Ping needs no key, and asks for its parameters');
      const first = await device.post('Provision', askPolicy());
      t.is(policyIn(first).get(Provision.MinDevicePasswordLength), String(length));
      await device.provision();
      t.is(await sayFolderSync(device), '1', scope);
      t.is(await sayFolderSync(device), '1');
    }
    device.policyKey = old;
    t.is(await sayFolderSync(device), asks('144'));
    await bench.close();
  });

test('asks nobody whose own policy did not change, and nobody at all where provisioning is optional', async (t) => {
  const bench = await openBench();
  await putUser(bench.store, 'bob@example.org', { now: noon });
  const device = new TalkingDevice(bench);
  await device.provision();
  await say(bench, 'domain:example.com', { allowCamera: true });
  await say(bench, 'user:bob@example.org', { allowCamera: false });
  await say(bench, 'server', { allowPartialCompliance: true });
  t.is(await sayFolderSync(device), '1', 'the same values, whoever says them');
  await say(bench, 'server', { allowBrowser: false });
  t.is(await sayFolderSync(device), '143');
  const { settings } = bench.store;
  await settings.save(bench.store, {
    ...settings.current,
    device: { ...settings.current.device, provisioning: 'optional' },
  });
  t.is(await sayFolderSync(device), '1');
  await bench.close();
});

test('has a policy fetched again after refreshHours, once in each period', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await say(bench, 'server', { refreshHours: 24 });
  await device.provision();
  for (let day = 0; day < 3; day++) {
    bench.clock.now += 24 * 3_600_000;
    t.is(await sayFolderSync(device), '143');
    await device.provision();
    t.is(await sayFolderSync(device), '1');
  }
  await bench.close();
});

test('sends every element of the policy, in the types of the document', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await say(bench, 'server', { unapprovedInROMApplicationList: ['Solitaire', 'Chess'], allowBluetooth: 1 });
  const policy = policyIn(await device.post('Provision', askPolicy()));
  t.is(policy.size, Object.keys(documentFields).length);
  t.is(policy.get(Provision.PasswordRecoveryEnabled), '0');
  t.is(policy.get(Provision.AllowBluetooth), '1');
  t.is(policy.get(Provision.MinDevicePasswordLength), '', 'no minimum is an empty tag');
  t.is(policy.get(Provision.MaxEmailBodyTruncationSize), '-1');
  await bench.close();
});

test('gives a good key to a repeated request of either phase, whose answer was lost', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.post('Provision', askPolicy());
  const temporary = policyKeyIn((await device.post('Provision', askPolicy())).root);
  await device.post('Provision', acknowledgePolicy(temporary, '1'));
  device.policyKey = policyKeyIn((await device.post('Provision', acknowledgePolicy(temporary, '1'))).root);
  t.is(await sayFolderSync(device), '1');
  await bench.close();
});

test('a policy that changes between the phases is asked for once more', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  const temporary = policyKeyIn((await device.post('Provision', askPolicy())).root);
  await say(bench, 'server', { allowCamera: false });
  device.policyKey = policyKeyIn((await device.post('Provision', acknowledgePolicy(temporary, '1'))).root);
  t.is(await sayFolderSync(device), '143');
  await device.provision();
  t.is(await sayFolderSync(device), '1');
  await bench.close();
});

test('takes no word of a wipe that was never ordered', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  t.is(verdictOf(await device.post('Provision', reportWipe('1'))), '2');
  t.is(await sayFolderSync(device), '1');
  await bench.close();
});

test('tells no device before 16.1 to wipe its account, and does not wipe it whole instead', async (t) => {
  for (const version of protocolVersions.filter((each) => each < '16.1')) {
    const bench = await openBench();
    const device = new TalkingDevice(bench);
    device.version = version;
    await device.provision();
    await order(bench, { wipe: 'account' });
    const refused = hasCommonStatuses(version) ? '129' : '403';
    t.is(await sayFolderSync(device), refused);
    for (const body of [undefined, askPolicy()]) {
      const answer = await device.post('Provision', body);
      t.is(verdictOf(answer), refused);
      t.is(answer.root && child(answer.root, Provision.RemoteWipe), undefined);
    }
    t.is((await rowOf(bench)).wipeSentAt, null);
    await bench.close();
  }
});

test('wipes an account alone at 16.1', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  device.version = '16.1';
  await device.provision();
  await order(bench, { wipe: 'account' });
  t.is(await sayFolderSync(device), '140');
  const { root } = await device.post('Provision');
  t.deepEqual(
    children(root!).map(({ tag }) => tag),
    [Provision.Status, Provision.AccountOnlyRemoteWipe],
  );
  t.is(verdictOf(await device.post('Provision', reportWipe('1', 'account'))), '1');
  t.is((await rowOf(bench)).wipedAt, noon);
  await bench.close();
});

for (const version of protocolVersions)
  test(`wipes a device of ${version}, forgets what it was given, and keeps it out until it is allowed again`, async (t) => {
    const bench = await openBench();
    const admin = (await putUser(bench.store, 'root@example.com', { admin: true, now: noon })).user;
    const device = new TalkingDevice(bench);
    device.version = version;
    await device.provision();
    const folders = await device.folders();
    const inbox = { id: folders['Inbox']! };
    const [primed] = readAnswer(await device.post('Sync', syncOf({ ...inbox, syncKey: '0' })));
    await order(bench, { wipe: 'device' });
    t.like(await rowOf(bench), { wipeRequestedAt: noon, wipeSentAt: null });
    const isSaid = hasCommonStatuses(version);
    for (const [command, body] of [
      ['Sync', syncOf({ ...inbox, syncKey: primed!.syncKey! })],
      ['Ping', undefined],
      ['FolderSync', folderSync('1')],
    ] as const)
      t.is(verdictOf(await device.post(command, body)), isSaid ? '140' : '449', command);
    device.sendsPolicyKey = false;
    t.is(await sayFolderSync(device), isSaid ? '140' : '403');
    device.sendsPolicyKey = true;
    for (const body of [undefined, askPolicy()]) {
      const { root } = await device.post('Provision', body);
      t.deepEqual(
        children(root!).map(({ tag }) => tag),
        [Provision.Status, Provision.RemoteWipe],
        'and no policy',
      );
    }
    t.is((await rowOf(bench)).wipeSentAt, noon);
    const keys = device.policyKey;
    t.is(verdictOf(await device.post('Provision', reportWipe('1'))), '1');
    t.is(verdictOf(await device.post('Provision', reportWipe('1'))), '1', 'its answer was lost');
    t.like(await rowOf(bench), { wipedAt: noon, state: 'blocked', stateSource: 'administrator', policyKey: null });
    t.deepEqual(await subjects(bench), ['A phone was wiped']);
    t.deepEqual(await subjects(bench, admin.id), ['A phone was wiped']);
    for (const command of ['FolderSync', 'Provision'])
      t.is(
        verdictOf(await device.post(command, command === 'Provision' ? askPolicy() : folderSync('0'))),
        isSaid ? '129' : '403',
      );

    await order(bench, { state: 'allowed' });
    device.policyKey = keys;
    t.is(await sayFolderSync(device), isSaid ? '142' : '449');
    await device.provision();
    t.is(verdictOf(await device.post('FolderSync', folderSync('1'))), '9', 'the folder list begins anew');
    t.is(await sayFolderSync(device), '1');
    t.is(readAnswer(await device.post('Sync', syncOf({ ...inbox, syncKey: primed!.syncKey! })))[0]?.status, '3');
    await bench.close();
  });

test('a wipe that fails stays ordered, is told again, and people hear of it once', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  await order(bench, { wipe: 'device' });
  await device.post('Provision');
  for (let n = 0; n < 3; n++) {
    const { root } = await device.post('Provision', reportWipe('2'));
    t.deepEqual(
      children(root!).map(({ tag, content }) => [tag, content]),
      [
        [Provision.Status, '2'],
        [Provision.RemoteWipe, undefined],
      ],
    );
  }
  t.is(await sayFolderSync(device), '140');
  t.deepEqual(await subjects(bench), ['A phone could not be wiped']);
  await order(bench, { wipe: 'none' });
  bench.clock.now += 1;
  await order(bench, { wipe: 'device' });
  await device.post('Provision');
  await device.post('Provision', reportWipe('2'));
  t.is((await subjects(bench)).length, 2, 'another order is told again');
  await bench.close();
});

test('a wipe that is taken back before it was told leaves nothing; afterwards it may have happened', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  await order(bench, { wipe: 'device' });
  await order(bench, { wipe: 'none' });
  t.like(await rowOf(bench), { wipe: 'none', wipeRequestedAt: null, wipeSentAt: null });
  t.is(await sayFolderSync(device), '1');

  await order(bench, { wipe: 'device' });
  await device.post('Provision');
  await order(bench, { wipe: 'none' });
  t.like(await rowOf(bench), { wipe: 'none', wipeRequestedAt: noon, wipeSentAt: noon });
  t.is(await sayFolderSync(device), '1');
  t.is(verdictOf(await device.post('Provision', reportWipe('1'))), '1');
  t.like(await rowOf(bench), { wipedAt: noon, state: 'allowed', policyKey: null });
  t.deepEqual(await subjects(bench), ['A phone was wiped']);
  await bench.close();
});

test('takes the report of an order that was taken back and given anew in the meantime', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  await order(bench, { wipe: 'device' });
  await device.post('Provision');
  await order(bench, { wipe: 'none' });
  await order(bench, { wipe: 'device' });
  t.is(verdictOf(await device.post('Provision', reportWipe('1'))), '1');
  t.like(await rowOf(bench), { wipedAt: noon, state: 'blocked' });
  await bench.close();
});

test('an order that is given twice is one; one that was carried out may be given anew', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  await order(bench, { wipe: 'device' });
  await device.post('Provision');
  bench.clock.now += 1000;
  await order(bench, { wipe: 'device' });
  t.like(await rowOf(bench), { wipeRequestedAt: noon, wipeSentAt: noon });
  await device.post('Provision', reportWipe('1'));
  await order(bench, { wipe: 'device', state: 'allowed' });
  t.like(await rowOf(bench), { wipeRequestedAt: noon + 1000, wipeSentAt: null, wipedAt: null });
  t.is(await sayFolderSync(device), '140');
  await bench.close();
});
