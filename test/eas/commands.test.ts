import test from 'ava';
import { changeDevice, getDevice } from '../../src/store/devices.js';
import { addItem, type NewItem } from '../../src/store/items.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { Find } from '../../src/wbxml/airsync/find.js';
import { FolderHierarchy } from '../../src/wbxml/airsync/folder-hierarchy.js';
import { GetItemEstimate } from '../../src/wbxml/airsync/get-item-estimate.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { Provision } from '../../src/wbxml/airsync/provision.js';
import { Settings } from '../../src/wbxml/airsync/settings.js';
import { child, children, type Element, element, text } from '../../src/wbxml/element.js';
import {
  type Bench,
  folderSync,
  noon,
  openBench,
  policyKeyIn,
  readAnswer,
  syncOf,
  TalkingDevice,
  until,
} from './talking-device.js';

async function begin(): Promise<{ bench: Bench; device: TalkingDevice; folders: Record<string, string> }> {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  return { bench, device, folders: await device.folders() };
}

const statusOf = (root: Element | undefined) => {
  const first = root && children(root)[0];
  return typeof first?.content === 'string' ? first.content : undefined;
};

async function primeFolder(device: TalkingDevice, id: string, classes: ('SMS' | 'Email')[] = ['SMS']): Promise<string> {
  const [first] = readAnswer(await device.post('Sync', syncOf({ syncKey: '0', id })));
  await device.post('Sync', syncOf({ syncKey: first!.syncKey!, id, classes }));
  return first!.syncKey!;
}

async function receive({ store, user }: Bench, folderId: string, more: Partial<NewItem> = {}): Promise<void> {
  const addresses = { from: '"" [MOBILE:+12025550111]', to: '' };
  const item = { userId: user.id, folderId: Number(folderId), class: 'SMS' as const, text: 'hello', date: noon };
  await store.transact((tx) => addItem(tx, { ...item, ...addresses, ...more }));
}

test('Provision: answers policy Status 5 to a wrong temporary key and 3 to another PolicyType', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  const ask = (...policy: Element[]) =>
    device.post(
      'Provision',
      element(Provision.Provision, [element(Provision.Policies, [element(Provision.Policy, policy)])]),
    );
  const statusOfPolicy = (root: Element | undefined) =>
    text(child(child(root!, Provision.Policies)!, Provision.Policy)!, Provision.Status);
  const type = element(Provision.PolicyType, 'MS-EAS-Provisioning-WBXML');
  const wrong = await ask(type, element(Provision.PolicyKey, '4711'), element(Provision.Status, '1'));
  t.is(statusOfPolicy(wrong.root), '5');
  t.is(statusOfPolicy((await ask(element(Provision.PolicyType, 'MS-WAP-Provisioning-XML'))).root), '3');
  t.is(statusOf((await device.post('Provision')).root), '1');
  await bench.close();
});

test('Provision: asks for it with Status 142, for the right key with 144, and lets the device in with it', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  t.is(statusOf((await device.post('FolderSync', folderSync('0'))).root), '142');
  await device.provision();
  const key = device.policyKey;
  device.policyKey = '99';
  t.is(statusOf((await device.post('FolderSync', folderSync('0'))).root), '144');
  device.policyKey = key;
  t.is(statusOf((await device.post('FolderSync', folderSync('0'))).root), '1');
  await bench.close();
});

test('Provision: is not asked for where the setting makes it optional', async (t) => {
  const bench = await openBench();
  const { settings } = bench.store;
  const device = { ...settings.current.device, provisioning: 'optional' as const };
  await settings.save(bench.store, { ...settings.current, device });
  t.is(statusOf((await new TalkingDevice(bench).post('FolderSync', folderSync('0'))).root), '1');
  await bench.close();
});

test('Provision: insists on DeviceInformation with Status 165 from 14.1 on, only where the setting says so', async (t) => {
  const bench = await openBench();
  const { settings } = bench.store;
  const strict = { ...settings.current.device, requireDeviceInformation: true };
  await settings.save(bench.store, { ...settings.current, device: strict });
  const policies = element(Provision.Policies, [
    element(Provision.Policy, [element(Provision.PolicyType, 'MS-EAS-Provisioning-WBXML')]),
  ]);
  const device = new TalkingDevice(bench);
  t.is(statusOf((await device.post('Provision', element(Provision.Provision, [policies]))).root), '165');
  device.version = '14.0';
  t.is(statusOf((await device.post('Provision', element(Provision.Provision, [policies]))).root), '1');
  device.version = '14.1';
  const set = element(Settings.Set, [element(Settings.Model, 'Test'), element(Settings.EnableOutboundSMS, '1')]);
  const information = element(Settings.DeviceInformation, [set]);
  const told = await device.post('Provision', element(Provision.Provision, [information, policies]));
  t.is(text(child(told.root!, Settings.DeviceInformation)!, Settings.Status), '1');
  t.not(policyKeyIn(told.root), '');
  const row = await bench.store.read((session) => getDevice(session, bench.user.id, device.deviceId));
  t.is(row?.enableOutboundSms, true);
  await bench.close();
});

test('FolderSync: answers Status 9 to a key it never issued and 10 to a request without one', async (t) => {
  const { bench, device } = await begin();
  t.is(statusOf((await device.post('FolderSync', folderSync('5'))).root), '9');
  t.is(statusOf((await device.post('FolderSync', element(FolderHierarchy.FolderSync))).root), '10');
  await bench.close();
});

test('FolderSync: gives the five folders once, then nothing, and the lost answer again', async (t) => {
  const { bench, device, folders } = await begin();
  t.deepEqual(Object.keys(folders), ['Inbox', 'Drafts', 'Deleted Items', 'Sent Items', 'Outbox']);
  const same = await device.post('FolderSync', folderSync('1'));
  t.is(text(same.root!, FolderHierarchy.SyncKey), '1');
  t.is(text(child(same.root!, FolderHierarchy.Changes)!, FolderHierarchy.Count), '0');
  const first = await device.post('FolderSync', folderSync('0'));
  t.is(text(first.root!, FolderHierarchy.SyncKey), '2', 'keys never go back');
  await bench.close();
});

test('Settings: keeps what the device says, and what it leaves out as it was', async (t) => {
  const { bench, device } = await begin();
  const say = (...set: Element[]) =>
    device.post(
      'Settings',
      element(Settings.Settings, [element(Settings.DeviceInformation, [element(Settings.Set, set)])]),
    );
  const row = () => bench.store.read((session) => getDevice(session, bench.user.id, device.deviceId));
  const answer = await say(
    element(Settings.Model, 'Galaxy'),
    element(Settings.PhoneNumber, '+12025550100'),
    element(Settings.EnableOutboundSMS, '1'),
  );
  t.is(text(child(answer.root!, Settings.DeviceInformation)!, Settings.Status), '1');
  await say(element(Settings.FriendlyName, 'mine'));
  const { model, phoneNumber, enableOutboundSms, friendlyName } = (await row())!;
  t.deepEqual(
    { model, phoneNumber, enableOutboundSms, friendlyName },
    {
      model: 'Galaxy',
      phoneNumber: '+12025550100',
      enableOutboundSms: true,
      friendlyName: 'mine',
    },
  );
  const bad = await say(element(Settings.EnableOutboundSMS, 'yes'));
  t.is(text(child(bad.root!, Settings.DeviceInformation)!, Settings.Status), '5');
  await bench.close();
});

test('Settings: EnableOutboundSMS is nothing to 12.1, which knows no texts', async (t) => {
  const { bench, device } = await begin();
  device.version = '12.1';
  const set = element(Settings.Set, [element(Settings.EnableOutboundSMS, '1')]);
  const { root } = await device.post(
    'Settings',
    element(Settings.Settings, [element(Settings.DeviceInformation, [set])]),
  );
  t.is(text(child(root!, Settings.DeviceInformation)!, Settings.Status), '1');
  const row = await bench.store.read((session) => getDevice(session, bench.user.id, device.deviceId));
  t.false(row!.enableOutboundSms);
  await bench.close();
});

test('Settings: EnableOutboundSMS 0 wakes the election, 1 does not', async (t) => {
  const { bench, device } = await begin();
  const woken: number[] = [];
  bench.store.changes.listen('device', ({ userId }) => woken.push(userId));
  const enable = (value: string) =>
    device.post(
      'Settings',
      element(Settings.Settings, [
        element(Settings.DeviceInformation, [element(Settings.Set, [element(Settings.EnableOutboundSMS, value)])]),
      ]),
    );
  await enable('1');
  t.deepEqual(woken, []);
  await enable('0');
  t.deepEqual(woken, [bench.user.id]);
  await bench.close();
});

test('Settings: tells the addresses of the user, in an Account from 14.1 on', async (t) => {
  const { bench, device } = await begin();
  const ask = element(Settings.Settings, [element(Settings.UserInformation, [element(Settings.Get)])]);
  const get = async () => {
    const { root } = await device.post('Settings', ask);
    return child(child(root!, Settings.UserInformation)!, Settings.Get)!;
  };
  t.truthy(child(await get(), Settings.Accounts));
  device.version = '14.0';
  t.is(text(child(await get(), Settings.EmailAddresses)!, Settings.SMTPAddress), 'ann@example.com');
  await bench.close();
});

test('GetItemEstimate: tells how much a Sync would give, and refuses each Collection for itself', async (t) => {
  const { bench, device, folders } = await begin();
  const inbox = folders['Inbox']!;
  const key = await primeFolder(device, inbox);
  await receive(bench, inbox);
  await receive(bench, inbox);
  const ask = (syncKey: string, id: string) =>
    element(GetItemEstimate.Collection, [element(AirSync.SyncKey, syncKey), element(GetItemEstimate.CollectionId, id)]);
  const collections = [
    ask(key, inbox),
    ask('9', inbox),
    ask('0', inbox),
    ask('1', folders['Drafts']!),
    ask('1', '999'),
  ];
  const { root } = await device.post(
    'GetItemEstimate',
    element(GetItemEstimate.GetItemEstimate, [element(GetItemEstimate.Collections, collections)]),
  );
  const responses = children(root!, GetItemEstimate.Response);
  t.deepEqual(
    responses.map((each) => text(each, GetItemEstimate.Status)),
    ['1', '4', '3', '3', '2'],
  );
  t.is(text(child(responses[0]!, GetItemEstimate.Collection)!, GetItemEstimate.Estimate), '2');
  await bench.close();
});

test('GetItemEstimate: counts what a lost answer held, for the key that comes again', async (t) => {
  const { bench, device, folders } = await begin();
  const inbox = folders['Inbox']!;
  const key = await primeFolder(device, inbox);
  await receive(bench, inbox);
  await device.post('Sync', syncOf({ syncKey: key, id: inbox }));
  await receive(bench, inbox);
  t.deepEqual(await estimate(device, { id: inbox, syncKey: key }), ['1', '2']);
  t.deepEqual(await estimate(device, { id: inbox, syncKey: String(Number(key) + 1) }), ['1', '1']);
  t.deepEqual(await estimate(device, { id: inbox, syncKey: '9' }), ['4', undefined]);
  await bench.close();
});

test('GetItemEstimate: takes the FilterType of the Collection itself at 12.1', async (t) => {
  const { bench, device, folders } = await begin();
  device.version = '12.1';
  const inbox = folders['Inbox']!;
  const [{ syncKey = '' } = {}] = readAnswer(await device.post('Sync', syncOf({ syncKey: '0', id: inbox })));
  await receive(bench, inbox, { date: noon - 10 * 24 * 3_600_000 });
  await receive(bench, inbox);
  t.deepEqual(await estimate(device, { id: inbox, syncKey }), ['1', '2']);
  t.deepEqual(await estimate(device, { id: inbox, syncKey, filter: element(AirSync.FilterType, '2') }), ['1', '1']);
  await bench.close();
});

interface Estimating {
  id: string;
  syncKey: string;
  filter?: Element;
}

async function estimate(device: TalkingDevice, { id, syncKey, filter }: Estimating) {
  const collection = element(GetItemEstimate.Collection, [
    element(GetItemEstimate.CollectionId, id),
    filter,
    element(AirSync.SyncKey, syncKey),
  ]);
  const { root } = await device.post(
    'GetItemEstimate',
    element(GetItemEstimate.GetItemEstimate, [element(GetItemEstimate.Collections, [collection])]),
  );
  const response = child(root!, GetItemEstimate.Response)!;
  const counted = child(response, GetItemEstimate.Collection)!;
  return [text(response, GetItemEstimate.Status), text(counted, GetItemEstimate.Estimate)];
}

test('MoveItems: tells a bad source, a bad destination and one that is the source', async (t) => {
  const { bench, device, folders } = await begin();
  const inbox = folders['Inbox']!;
  await receive(bench, inbox);
  const move = (source: string, from: string, to: string) =>
    element(Move.Move, [element(Move.SrcMsgId, source), element(Move.SrcFldId, from), element(Move.DstFldId, to)]);
  const { root } = await device.post(
    'MoveItems',
    element(Move.MoveItems, [
      move(`${inbox}:99`, inbox, folders['Drafts']!),
      move(`${inbox}:1`, inbox, '999'),
      move(`${inbox}:1`, inbox, inbox),
      move(`${inbox}:1`, inbox, folders['Outbox']!),
      move(`${inbox}:1`, inbox, folders['Deleted Items']!),
    ]),
  );
  const statuses = children(root!, Move.Response).map((each) => text(each, Move.Status));
  t.deepEqual(statuses, ['1', '2', '4', '2', '3']);
  await bench.close();
});

const pingOf = (seconds: number | undefined, ...ids: string[]) =>
  element(Ping.Ping, [
    seconds === undefined ? undefined : element(Ping.HeartbeatInterval, String(seconds)),
    ids.length === 0
      ? undefined
      : element(
          Ping.Folders,
          ids.map((id) => element(Ping.Folder, [element(Ping.Id, id), element(Ping.Class, 'Email')])),
        ),
  ]);

test('Ping: answers 3 without parameters, 5 with the nearest heartbeat, 6 with MaxFolders, 7 to an unknown folder', async (t) => {
  const { bench, device, folders } = await begin();
  t.is(statusOf((await device.post('Ping')).root), '3');
  t.is(statusOf((await device.post('Ping', pingOf(300))).root), '3');
  const short = await device.post('Ping', pingOf(59, folders['Inbox']!));
  t.deepEqual([statusOf(short.root), text(short.root!, Ping.HeartbeatInterval)], ['5', '60']);
  const long = await device.post('Ping', pingOf(3541, folders['Inbox']!));
  t.is(text(long.root!, Ping.HeartbeatInterval), '3540');
  const many = Array.from({ length: 301 }, (_, n) => String(n + 1));
  t.is(text((await device.post('Ping', pingOf(300, ...many))).root!, Ping.MaxFolders), '300');
  t.is(statusOf((await device.post('Ping', pingOf(300, '999'))).root), '7');
  await bench.close();
});

test('Ping: wakes with the folder that holds something new, and only then', async (t) => {
  const { bench, device, folders } = await begin();
  const inbox = folders['Inbox']!;
  const key = await primeFolder(device, inbox);
  const waiting = device.post('Ping', pingOf(300, inbox, folders['Drafts']!));
  await until(() => bench.eas.held() === 1);
  await receive(bench, folders['Outbox']!);
  await receive(bench, inbox);
  const { root } = await waiting;
  t.is(statusOf(root), '2');
  t.deepEqual(
    children(child(root!, Ping.Folders)!).map((each) => each.content),
    [inbox],
  );
  t.is(bench.eas.held(), 0);
  t.is(readAnswer(await device.post('Sync', syncOf({ syncKey: key, id: inbox })))[0]?.adds.length, 1);
  await bench.close();
});

test('Ping: reports no change that the following Sync would not give', async (t) => {
  const { bench, device, folders } = await begin();
  const outbox = folders['Outbox']!;
  await primeFolder(device, outbox, ['Email']);
  const waiting = device.post('Ping', pingOf(300, outbox));
  await until(() => bench.eas.held() === 1);
  await receive(bench, outbox, { offeredTo: 99 });
  t.is(bench.eas.held(), 1);
  await bench.app.close();
  t.is(statusOf((await waiting).root), '1', 'and is answered when the server closes');
  await bench.store.close();
});

test('Ping: the newest takes the place of the older one, which is answered at once', async (t) => {
  const { bench, device, folders } = await begin();
  await primeFolder(device, folders['Inbox']!);
  const older = device.post('Ping', pingOf(300, folders['Inbox']!));
  await until(() => bench.eas.held() === 1);
  const newer = device.post('Ping');
  t.is(statusOf((await older).root), '1');
  await until(() => bench.eas.held() === 1);
  await bench.app.close();
  t.is(statusOf((await newer).root), '1');
  await bench.store.close();
});

test('a Sync with Wait is held, and answered with the change that comes', async (t) => {
  const { bench, device, folders } = await begin();
  const inbox = folders['Inbox']!;
  const key = await primeFolder(device, inbox);
  const collections = syncOf({ syncKey: key, id: inbox }).content as readonly Element[];
  const waiting = device.post('Sync', element(AirSync.Sync, [...collections, element(AirSync.Wait, '5')]));
  await until(() => bench.eas.held() === 1);
  await receive(bench, inbox);
  t.is(readAnswer(await waiting)[0]?.adds.length, 1);
  await bench.close();
});

test('an Outbox round with class SMS is noted and wakes the election; one without is not', async (t) => {
  const { bench, device, folders } = await begin();
  const woken: number[] = [];
  bench.store.changes.listen('device', ({ userId }) => woken.push(userId));
  const row = (await bench.store.read((session) => getDevice(session, bench.user.id, device.deviceId)))!;
  const last = () => bench.store.presence.lastOutboxSync(row, bench.clock.now);
  const key = await primeFolder(device, folders['Outbox']!, ['Email']);
  t.deepEqual([woken.length, last()], [0, undefined]);
  await device.post('Sync', syncOf({ syncKey: key, id: folders['Outbox']!, classes: ['SMS'] }));
  t.deepEqual([woken.length, last()], [1, noon]);
  bench.clock.now += 1000;
  const estimate = element(GetItemEstimate.Collection, [
    element(AirSync.SyncKey, key),
    element(GetItemEstimate.CollectionId, folders['Outbox']),
  ]);
  await device.post(
    'GetItemEstimate',
    element(GetItemEstimate.GetItemEstimate, [element(GetItemEstimate.Collections, [estimate])]),
  );
  t.deepEqual([woken.length, last()], [2, noon + 1000]);
  const waiting = device.post('Ping', pingOf(300, folders['Outbox']!));
  await until(() => bench.eas.held() === 1);
  bench.clock.now += 1_800_000;
  t.is(last(), bench.clock.now, 'a held one counts until it ends');
  await bench.app.close();
  await waiting;
  await bench.store.close();
});

test('a blocked device is refused with Status 129, whatever it asks', async (t) => {
  const { bench, device, folders } = await begin();
  const row = (await bench.store.read((session) => getDevice(session, bench.user.id, device.deviceId)))!;
  await bench.store.transact((tx) => changeDevice(tx, row.id, { state: 'blocked' }));
  t.is(statusOf((await device.post('Sync', syncOf({ syncKey: '0', id: folders['Inbox']! }))).root), '129');
  t.is(statusOf((await device.post('Provision')).root), '129');
  await bench.close();
});

test('a command that this server has no part for is answered with Status 137 below its own root', async (t) => {
  const { bench, device } = await begin();
  const answer = await device.post('Find', element(Find.Find));
  t.is(answer.root?.tag, Find.Find);
  t.is(statusOf(answer.root), '137');
  await bench.close();
});
