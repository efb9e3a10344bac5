import test from 'ava';
import { saveDeviceRules } from '../../src/accounts/device-rules.js';
import { patchDevice } from '../../src/accounts/devices.js';
import { patchDomain } from '../../src/accounts/domains.js';
import { deleteUser, putUser } from '../../src/accounts/users.js';
import { judging } from '../../src/eas/device-access.js';
import { hasCommonStatuses, protocolVersions } from '../../src/eas/versions.js';
import type { WrittenRule } from '../../src/store/device-rules.js';
import { getDevice } from '../../src/store/devices.js';
import type { DeviceState } from '../../src/store/states.js';
import { ComposeMail } from '../../src/wbxml/airsync/compose-mail.js';
import { GetItemEstimate } from '../../src/wbxml/airsync/get-item-estimate.js';
import { ItemOperations } from '../../src/wbxml/airsync/item-operations.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { Search } from '../../src/wbxml/airsync/search.js';
import { Settings } from '../../src/wbxml/airsync/settings.js';
import { child, children, element, text } from '../../src/wbxml/element.js';
import { askPolicy, verdictOf } from './provisioning.js';
import { type Bench, folderSync, noon, openBench, readAnswer, syncOf, TalkingDevice, until } from './talking-device.js';

const address = 'ann@example.com';

const judgingOf = ({ store, clock }: Bench) => judging({ store, now: () => clock.now });

const decide = (bench: Bench, state: DeviceState | null, deviceId = 'DEVICE1') =>
  patchDevice(bench.store, { address, deviceId }, { state, ...judgingOf(bench) });

const rule = (bench: Bench, ...rules: WrittenRule[]) => saveDeviceRules(bench.store, rules, judgingOf(bench));

async function defaultTo({ store }: Bench, defaultState: DeviceState): Promise<void> {
  const { current } = store.settings;
  await store.settings.save(store, { ...current, device: { ...current.device, defaultState } });
}

const rowOf = async (bench: Bench, deviceId = 'DEVICE1') =>
  (await bench.store.read((session) => getDevice(session, bench.user.id, deviceId)))!;

async function letters({ store }: Bench, userId: number) {
  const all = await store.db.select().from(store.tables.items);
  return all.filter((item) => item.userId === userId).map(({ subject, text }) => ({ subject, text }));
}

const sayModel = (model: string) =>
  element(Settings.Settings, [
    element(Settings.DeviceInformation, [element(Settings.Set, [element(Settings.Model, model)])]),
  ]);

const sayFolderSync = async (device: TalkingDevice) => verdictOf(await device.post('FolderSync', folderSync('0')));

const pingOf = (...ids: string[]) =>
  element(Ping.Ping, [
    element(Ping.HeartbeatInterval, '600'),
    element(
      Ping.Folders,
      ids.map((id) => element(Ping.Folder, [element(Ping.Id, id), element(Ping.Class, 'Email')])),
    ),
  ]);

const neverQuarantined = {
  SendMail: ComposeMail.SendMail,
  ItemOperations: ItemOperations.ItemOperations,
  Search: Search.Search,
};

for (const version of protocolVersions) {
  const refused = hasCommonStatuses(version) ? '129' : '403';

  test(`refuses every command of a blocked device of ${version}, but OPTIONS`, async (t) => {
    const bench = await openBench();
    const device = new TalkingDevice(bench);
    device.version = version;
    await device.provision();
    await decide(bench, 'blocked');
    for (const [command, body] of [
      ['FolderSync', folderSync('0')],
      ['Sync', syncOf({ syncKey: '0', id: '1' })],
      ['Ping', pingOf('1')],
      ['Provision', undefined],
      ['Provision', askPolicy()],
      ['Settings', sayModel('M')],
      ['MoveItems', element(Move.MoveItems)],
    ] as const)
      t.is(verdictOf(await device.post(command, body)), refused, command);
    const authorization = `Basic ${Buffer.from(`${address}:secret`).toString('base64')}`;
    const url = '/Microsoft-Server-ActiveSync';
    t.is((await bench.app.inject({ method: 'OPTIONS', url, headers: { authorization } })).statusCode, 200);
    await bench.close();
  });

  test(`answers a quarantined device of ${version} what keeps it waiting, and refuses the rest`, async (t) => {
    const bench = await openBench();
    await defaultTo(bench, 'quarantined');
    const device = new TalkingDevice(bench);
    device.version = version;
    await device.provision();
    const folders = await device.folders();
    const inbox = folders['Inbox']!;
    t.is(readAnswer(await device.post('Sync', syncOf({ syncKey: '0', id: inbox })))[0]?.status, '1');
    t.is(verdictOf(await device.post('Settings', sayModel('M'))), '1');
    const estimate = await device.post('GetItemEstimate', element(GetItemEstimate.GetItemEstimate));
    t.not(verdictOf(estimate), refused);
    const move = element(Move.Move, [
      element(Move.SrcMsgId, `${inbox}:1`),
      element(Move.SrcFldId, inbox),
      element(Move.DstFldId, folders['Deleted Items']),
    ]);
    const { root } = await device.post('MoveItems', element(Move.MoveItems, [move, move]));
    t.deepEqual(
      children(root!, Move.Response).map((response) => text(response, Move.Status)),
      ['5', '5'],
    );
    for (const [command, tag] of Object.entries(neverQuarantined))
      t.is(verdictOf(await device.post(command, element(tag))), refused, command);
    await bench.close();
  });
}

test('tells the user and every administrator that a device waits, once, and the user that it waits no longer', async (t) => {
  const bench = await openBench();
  const { user: admin } = await putUser(bench.store, 'root@example.com', { admin: true, now: noon });
  await defaultTo(bench, 'quarantined');
  const device = new TalkingDevice(bench);
  await device.provision();
  await sayFolderSync(device);
  for (const { id } of [bench.user, admin]) {
    const [letter, ...others] = await letters(bench, id);
    t.is(letter?.subject, 'A phone waits to be let in');
    for (const named of ['ann@example.com', 'Phone', 'DEVICE1', 'lightMyRequest', 'Model: not told'])
      t.true(letter?.text.includes(named), named);
    t.deepEqual(others, []);
  }
  t.regex((await letters(bench, admin.id))[0]!.text, /easms device allow ann@example\.com DEVICE1/);
  await decide(bench, 'quarantined');
  t.is((await letters(bench, admin.id)).length, 1, 'the state is what it was');
  await decide(bench, 'allowed');
  await decide(bench, 'allowed');
  t.deepEqual(
    (await letters(bench, bench.user.id)).map(({ subject }) => subject),
    ['A phone waits to be let in', 'A phone may now sync'],
  );
  await decide(bench, 'quarantined');
  t.is((await letters(bench, admin.id)).length, 2, 'a new change');
  await bench.close();
});

test('an administrator with a phone that waits gets one mail', async (t) => {
  const bench = await openBench();
  await putUser(bench.store, address, { admin: true, now: noon });
  await defaultTo(bench, 'quarantined');
  await sayFolderSync(new TalkingDevice(bench));
  t.is((await letters(bench, bench.user.id)).length, 1);
  await bench.close();
});

for (const [field, pattern] of [
  ['type', 'ph?ne'],
  ['userAgent', 'LIGHT*'],
  ['user', '*@example.com'],
] as const)
  test(`judges a new device by its ${field}`, async (t) => {
    const bench = await openBench();
    await rule(bench, { field, pattern: 'other', state: 'allowed' }, { field, pattern, state: 'blocked' });
    t.is(await sayFolderSync(new TalkingDevice(bench)), '129');
    t.like(await rowOf(bench), { state: 'blocked', stateSource: 'rule' });
    await bench.close();
  });

test('judges a device again when it tells its model, and by the default when no rule fits any longer', async (t) => {
  const bench = await openBench();
  await rule(bench, { field: 'model', pattern: 'Galaxy *', state: 'quarantined' });
  const device = new TalkingDevice(bench);
  await device.provision();
  t.like(await rowOf(bench), { state: 'allowed', stateSource: 'default' }, 'a model that is not told fits nothing');
  await device.post('Settings', sayModel('Galaxy S9'));
  t.like(await rowOf(bench), { state: 'quarantined', stateSource: 'rule' });
  await device.post('Settings', sayModel('Pixel'));
  t.like(await rowOf(bench), { state: 'allowed', stateSource: 'default' });
  t.deepEqual(
    (await letters(bench, bench.user.id)).map(({ subject }) => subject),
    ['A phone waits to be let in', 'A phone may now sync'],
  );
  await bench.close();
});

test('judges a device again when its User-Agent changes, before the command runs', async (t) => {
  const bench = await openBench();
  await rule(bench, { field: 'userAgent', pattern: 'Bad/*', state: 'blocked' });
  const device = new TalkingDevice(bench);
  await device.provision();
  const as = async (agent: string) =>
    verdictOf(await device.post('FolderSync', folderSync('0'), { headers: { 'user-agent': agent } }));
  t.is(await as('Good/1'), '1');
  t.is(await as(`Bad/${'1'.repeat(1000)}`), '129');
  t.is((await rowOf(bench)).userAgent?.length, 256);
  t.is(await as('Good/1'), '1');
  const said = element(Settings.Settings, [
    element(Settings.DeviceInformation, [element(Settings.Set, [element(Settings.UserAgent, 'Bad/2')])]),
  ]);
  await device.post('Settings', said, { headers: { 'user-agent': 'Good/1' } });
  t.is((await rowOf(bench)).userAgent, 'Good/1', 'what it says with every request counts');
  await bench.close();
});

test("never overrules an administrator's decision on a device, until it is given back", async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  await decide(bench, 'allowed');
  await rule(
    bench,
    { field: 'type', pattern: '*', state: 'blocked' },
    { field: 'model', pattern: '*', state: 'blocked' },
  );
  await device.post('Settings', sayModel('M'));
  t.like(await rowOf(bench), { state: 'allowed', stateSource: 'administrator' });
  await decide(bench, null);
  t.like(await rowOf(bench), { state: 'blocked', stateSource: 'rule' });
  await bench.close();
});

test('takes the default of the domain before that of the server, and only for new devices', async (t) => {
  const bench = await openBench();
  await sayFolderSync(new TalkingDevice(bench));
  await defaultTo(bench, 'blocked');
  await patchDomain(bench.store, 'example.com', { deviceDefaultState: 'quarantined' });
  await sayFolderSync(new TalkingDevice(bench, 'DEVICE2'));
  t.deepEqual([(await rowOf(bench)).state, (await rowOf(bench, 'DEVICE2')).state], ['allowed', 'quarantined']);
  await bench.close();
});

for (const [what, change] of Object.entries({
  'is blocked': (bench) => decide(bench, 'blocked'),
  'is to be wiped': (bench) =>
    patchDevice(bench.store, { address, deviceId: 'DEVICE1' }, { wipe: 'device', ...judgingOf(bench) }),
  'is caught by a new rule': (bench) => rule(bench, { field: 'type', pattern: '*', state: 'blocked' }),
  'loses its user': (bench) => deleteUser(bench.store, address),
} satisfies Record<string, (bench: Bench) => Promise<unknown>>))
  test(`ends what a device holds open when it ${what}, and nothing of another device`, async (t) => {
    const bench = await openBench();
    const devices = [new TalkingDevice(bench), new TalkingDevice(bench, 'DEVICE2')] as const;
    const pings = [];
    for (const device of devices) {
      await device.provision();
      const { Inbox } = await device.folders();
      await device.post('Sync', syncOf({ syncKey: '0', id: Inbox! }));
      pings.push(device.post('Ping', pingOf(Inbox!)));
    }
    await decide(bench, 'allowed', 'DEVICE2');
    await until(() => bench.eas.held() === 2);
    await change(bench);
    const { root } = (await pings[0])!;
    t.is(text(root!, Ping.Status), '1');
    t.is(bench.eas.held(), what === 'loses its user' ? 0 : 1);
    await bench.close();
    await Promise.all(pings);
  });

test('holds nothing for a device that lost its access while its command ran', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  const { Inbox } = await device.folders();
  await device.post('Sync', syncOf({ syncKey: '0', id: Inbox! }));
  await Promise.all([
    device.post('Ping', pingOf(Inbox!)).then(({ root }) => t.is(text(root!, Ping.Status), '1')),
    decide(bench, 'blocked'),
  ]);
  t.is(bench.eas.held(), 0);
  t.is(verdictOf(await device.post('Ping')), '129');
  t.is(child((await device.post('Ping')).root!, Ping.Folders), undefined);
  await bench.close();
});
