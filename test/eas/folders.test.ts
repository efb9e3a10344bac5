import test from 'ava';
import { putUser } from '../../src/accounts/users.js';
import { addFolder } from '../../src/store/folder-changes.js';
import { addItem } from '../../src/store/items.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { child, element, text } from '../../src/wbxml/element.js';
import { seeded } from '../random.js';
import { begin, type FolderKeeper, statusOf, storedFolders } from './folder-keeper.js';
import { addText, type Bench, folderSync, noon, readAnswer, syncOf, TalkingDevice, until } from './talking-device.js';

const inbox = '1';
const outbox = '5';

async function receive({ store, user }: Bench, folderId: string): Promise<string> {
  const item = { userId: user.id, folderId: Number(folderId), class: 'SMS' as const, text: 'hello', date: noon };
  const addresses = { from: '"" [MOBILE:+12025550111]', to: '' };
  const { id } = await store.transact((tx) => addItem(tx, { ...item, ...addresses }));
  return `${folderId}:${id}`;
}

test('FolderCreate: refuses names, types, places and keys with the Status of each', async (t) => {
  const { bench, devices } = await begin('PHONE');
  const [phone] = devices as [FolderKeeper];
  await phone.make('Family');
  const before = await storedFolders(bench);
  t.is(statusOf(await phone.create('family')), '2', 'a name in other letters');
  t.is(statusOf(await phone.create('INBOX')), '2', 'the name of a folder that every mailbox has');
  t.is(statusOf(await phone.create('Below', { parent: outbox })), '3');
  t.is(statusOf(await phone.create('Below', { parent: '99' })), '5');
  t.is(statusOf(await phone.create('Late', { key: '77' })), '9');
  t.is(statusOf(await phone.create('Late', { key: '0' })), '9');
  t.is(statusOf(await phone.create('')), '10');
  t.is(statusOf(await phone.create('a\tb')), '10');
  t.is(statusOf(await phone.create('x'.repeat(257))), '10');
  for (const type of ['2', '6', '13', '14', '19', 'mail'])
    t.is(statusOf(await phone.create('Other', { type })), '10', `Type ${type}`);
  t.deepEqual(await storedFolders(bench), before);
  t.deepEqual(await phone.refresh(), []);
  await bench.close();
});

test('FolderUpdate: refuses what is not there, what every mailbox has, a taken name and a place below itself', async (t) => {
  const { bench, devices } = await begin('PHONE');
  const [phone] = devices as [FolderKeeper];
  const family = await phone.make('Family');
  const kids = await phone.make('Kids', family);
  const school = await phone.make('School', kids);
  const before = await storedFolders(bench);
  t.is(statusOf(await phone.update(inbox, { name: 'Mine' })), '2');
  t.is(statusOf(await phone.update(kids, { name: 'drafts' })), '2');
  t.is(statusOf(await phone.update(kids, { parent: outbox, name: 'Kids' })), '3');
  t.is(statusOf(await phone.update('99', { name: 'Mine' })), '4');
  t.is(statusOf(await phone.update(kids, { parent: '99', name: 'Kids' })), '5');
  t.is(statusOf(await phone.update(kids, { name: 'Kids', key: '77' })), '9');
  t.is(statusOf(await phone.update(kids, { name: ' ' })), '10');
  t.is(statusOf(await phone.update(kids, { parent: kids, name: 'Kids' })), '10');
  t.is(statusOf(await phone.update(family, { parent: school, name: 'Family' })), '10');
  t.deepEqual(await storedFolders(bench), before);
  await bench.close();
});

test('FolderDelete: refuses what is not there and what every mailbox has', async (t) => {
  const { bench, devices } = await begin('PHONE');
  const [phone] = devices as [FolderKeeper];
  t.is(statusOf(await phone.delete(inbox)), '3');
  t.is(statusOf(await phone.delete('99')), '4');
  t.is(statusOf(await phone.delete('a')), '4');
  t.is(statusOf(await phone.delete(inbox, '77')), '9');
  await bench.close();
});

test('nobody reaches the folders of another user', async (t) => {
  const { bench, devices } = await begin('PHONE');
  const [phone] = devices as [FolderKeeper];
  const { user: bob } = await putUser(bench.store, 'bob@example.com', { password: 'secret', now: noon });
  const { id } = await bench.store.transact((tx) => addFolder(tx, bob.id, { parentId: undefined, name: 'Bob' }));
  t.is(statusOf(await phone.create('Below', { parent: String(id) })), '5');
  t.is(statusOf(await phone.update(String(id), { name: 'Mine' })), '4');
  t.is(statusOf(await phone.delete(String(id))), '4');
  await bench.close();
});

test('a mailbox with a thousand folders gets no other: Status 151', async (t) => {
  const { bench, devices } = await begin('PHONE');
  const [phone] = devices as [FolderKeeper];
  await bench.store.transact(function* (tx) {
    for (let each = 5; each < 1000; each++)
      yield* addFolder(tx, bench.user.id, { parentId: undefined, name: `Folder ${each}` });
  });
  t.is((await phone.refresh()).length, 995);
  t.is(statusOf(await phone.create('One more')), '151');
  await bench.close();
});

test('FolderSync: where nothing changed it writes nothing, and the key stays', async (t) => {
  const { bench, devices } = await begin('PHONE');
  const [phone] = devices as [FolderKeeper];
  const { store } = bench;
  const transact = store.transact.bind(store);
  let writes = 0;
  store.transact = (body) => {
    writes++;
    return transact(body);
  };
  const { key } = phone;
  t.deepEqual([await phone.refresh(), phone.key, writes], [[], key, 0]);
  await phone.make('Family');
  const after = writes;
  t.deepEqual([await phone.refresh(), writes], [[], after]);
  await bench.close();
});

test('FolderSync: a key that was issued before the device began anew is refused with Status 9', async (t) => {
  const { bench, devices } = await begin('PHONE');
  const [phone] = devices as [FolderKeeper];
  const old = phone.key;
  await phone.post('FolderSync', folderSync('0'));
  t.is(statusOf(await phone.post('FolderSync', folderSync(old))), '9');
  t.is(statusOf(await phone.create('Family', { key: old })), '9');
  await bench.close();
});

test('what a device does to the folders is told to the others, and not to itself', async (t) => {
  const { bench, devices } = await begin('PHONE', 'TABLET');
  const [phone, tablet] = devices as [FolderKeeper, FolderKeeper];
  const family = await phone.make('Family');
  const kids = await phone.make('Kids', family);
  t.deepEqual(await phone.refresh(), []);
  t.deepEqual(await tablet.refresh(), ['Add Family', 'Add Kids']);
  phone.takeKey((await phone.update(kids, { name: 'School' })).root!);
  t.deepEqual(await phone.refresh(), []);
  t.deepEqual(await tablet.refresh(), ['Update School']);
  t.deepEqual(tablet.view.get(kids), { parent: '0', name: 'School' });
  phone.takeKey((await phone.delete(family)).root!);
  t.deepEqual(await phone.refresh(), []);
  t.deepEqual(await tablet.refresh(), ['Delete Family']);
  t.deepEqual([...phone.faults, ...tablet.faults], []);
  await bench.close();
});

test('a device that has not heard of other changes yet still hears of them, and not of its own', async (t) => {
  const { bench, devices } = await begin('PHONE', 'TABLET');
  const [phone, tablet] = devices as [FolderKeeper, FolderKeeper];
  const work = await tablet.make('Work');
  const family = await phone.make('Family');
  phone.takeKey((await phone.delete(family)).root!);
  await phone.make('Kids');
  const told = await phone.refresh();
  t.deepEqual(told, ['Update Kids', 'Add Work'], 'its own folder again as it is, not as a new one');
  t.true(phone.view.has(work));
  t.deepEqual(phone.faults, []);
  await bench.close();
});

test('a folder moved below a younger one is told after it', async (t) => {
  const { bench, devices } = await begin('PHONE', 'TABLET');
  const [phone, tablet] = devices as [FolderKeeper, FolderKeeper];
  const older = await phone.make('Older');
  const younger = await phone.make('Younger');
  phone.takeKey((await phone.update(older, { parent: younger, name: 'Older' })).root!);
  t.deepEqual(await tablet.refresh(), ['Add Younger', 'Add Older']);
  tablet.key = '0';
  await tablet.refresh();
  t.deepEqual(tablet.faults, []);
  await bench.close();
});

test('a repeated FolderCreate, FolderUpdate or FolderDelete is done once and answered the same', async (t) => {
  const { bench, devices } = await begin('PHONE');
  const [phone] = devices as [FolderKeeper];
  const created = await phone.create('Family');
  t.deepEqual((await phone.create('Family')).octets, created.octets);
  const id = phone.takeCreated(created, { parent: '0', name: 'Family' });
  t.is(statusOf(await phone.create('Family')), '2', 'with the key of the answer it is another request');
  const updated = await phone.update(id, { name: 'Friends' });
  t.deepEqual((await phone.update(id, { name: 'Friends' })).octets, updated.octets);
  phone.takeKey(updated.root!);
  const deleted = await phone.delete(id);
  t.deepEqual((await phone.delete(id)).octets, deleted.octets);
  phone.takeKey(deleted.root!);
  t.deepEqual(await phone.refresh(), []);
  t.is(Object.keys(await storedFolders(bench)).length, 5);
  await bench.close();
});

test('a device that lost the answer to its FolderCreate learns of the folder by FolderSync', async (t) => {
  const { bench, devices } = await begin('PHONE', 'TABLET');
  const [phone, tablet] = devices as [FolderKeeper, FolderKeeper];
  await tablet.make('Work');
  await phone.create('Family');
  const answer = await phone.post('FolderSync', folderSync(phone.key));
  t.deepEqual((await phone.post('FolderSync', folderSync(phone.key))).octets, answer.octets);
  t.deepEqual(phone.takeFolders(answer), ['Add Work', 'Add Family']);
  t.deepEqual(await phone.refresh(), []);
  await bench.close();
});

test('two devices that make, move and remove folders and lose answers end with the folders that are there', async (t) => {
  for (let seed = 1; seed <= 15; seed++) {
    const { bench, devices } = await begin('PHONE', 'TABLET');
    const next = seeded(seed);
    const random = (below: number) => Math.floor(next() * below);
    for (let step = 0; step < 60; step++) await act(devices[random(2)]!, random);
    for (const device of devices) await refreshAnyhow(device);
    const stored = await storedFolders(bench);
    for (const device of devices) {
      t.deepEqual(Object.fromEntries(device.view), stored, `seed ${seed}`);
      t.deepEqual(device.faults, [], `seed ${seed}`);
    }
    await bench.close();
  }
});

async function refreshAnyhow(device: FolderKeeper): Promise<void> {
  const answer = await device.post('FolderSync', folderSync(device.key));
  if (statusOf(answer) === '1') device.takeFolders(answer);
  else {
    device.key = '0';
    await device.refresh();
  }
}

/** Any command over any folder; some answers are lost, and then the device repeats itself or goes on otherwise. */
async function act(device: FolderKeeper, random: (below: number) => number): Promise<void> {
  const known = [...device.view.keys()];
  const id = known[random(known.length)]!;
  const parent = random(2) === 0 ? '0' : known[random(known.length)]!;
  const name = `Folder ${random(12)}`;
  const kind = random(5);
  const ask = () => {
    if (kind < 2) return device.create(name, { parent });
    if (kind === 2) return device.update(id, { parent, name });
    return kind === 3 ? device.delete(id) : device.post('FolderSync', folderSync(device.key));
  };
  if (random(3) === 0) {
    await ask();
    if (random(2) === 0) return;
  }
  const answer = await ask();
  if (statusOf(answer) === '9') device.key = '0';
  if (statusOf(answer) !== '1') return refreshAnyhow(device);
  if (kind > 3) return void device.takeFolders(answer);
  if (kind < 2) return void device.takeCreated(answer, { parent, name });
  if (kind === 2) device.view.set(id, { parent, name });
  else device.takeDeleted(id);
  device.takeKey(answer.root!);
}

test('a folder goes with what lies in it and below it, and with what devices know of it', async (t) => {
  const { bench, devices } = await begin('PHONE');
  const [phone] = devices as [FolderKeeper];
  const family = await phone.make('Family');
  const kids = await phone.make('Kids', family);
  await receive(bench, family);
  await receive(bench, kids);
  const kept = await receive(bench, inbox);
  const [first] = readAnswer(await phone.post('Sync', syncOf({ syncKey: '0', id: kids })));
  const commands = [addText({ clientId: 'a', body: 'own' })];
  await phone.post('Sync', syncOf({ syncKey: first!.syncKey!, id: kids, classes: ['SMS'], commands }));
  phone.takeKey((await phone.delete(family)).root!);
  const { items, collections, clientAdds, tombstones } = bench.store.tables;
  t.deepEqual(
    (await bench.store.db.select().from(items)).map(({ folderId, id }) => `${folderId}:${id}`),
    [kept],
  );
  for (const table of [collections, clientAdds, tombstones])
    t.false((await bench.store.db.select().from(table)).some(({ folderId }) => [family, kids].includes(`${folderId}`)));
  const [gone] = readAnswer(await phone.post('Sync', syncOf({ syncKey: '2', id: kids })));
  t.is(gone?.status, '12');
  await bench.close();
});

test('a text moves into a folder that was made and syncs there with class SMS, in 14.0 not', async (t) => {
  const { bench, devices } = await begin('PHONE', 'TABLET');
  const [phone, tablet] = devices as [FolderKeeper, FolderKeeper];
  const family = await phone.make('Family');
  const source = await receive(bench, inbox);
  const moved = await phone.post(
    'MoveItems',
    element(Move.MoveItems, [
      element(Move.Move, [
        element(Move.SrcMsgId, source),
        element(Move.SrcFldId, inbox),
        element(Move.DstFldId, family),
      ]),
    ]),
  );
  const target = text(child(moved.root!, Move.Response)!, Move.DstMsgId);
  t.is(target, source.replace(/^1:/, `${family}:`));
  const [first] = readAnswer(await tablet.post('Sync', syncOf({ syncKey: '0', id: family })));
  const wish = { id: family, classes: ['SMS' as const] };
  const [second] = readAnswer(await tablet.post('Sync', syncOf({ ...wish, syncKey: first!.syncKey! })));
  t.deepEqual(
    second!.adds.map(({ serverId, class: itemClass }) => [serverId, itemClass]),
    [[target, 'SMS']],
  );
  const commands = [addText({ clientId: 'a', body: 'kept by hand' })];
  const [third] = readAnswer(await tablet.post('Sync', syncOf({ ...wish, syncKey: second!.syncKey!, commands })));
  t.is(third!.responses[0]!.status, '1');
  const old = new TalkingDevice(bench, 'OLD');
  old.version = '14.0';
  await old.provision();
  const [begun] = readAnswer(await old.post('Sync', syncOf({ syncKey: '0', id: family })));
  const [shown] = readAnswer(await old.post('Sync', syncOf({ ...wish, syncKey: begun!.syncKey! })));
  t.deepEqual(
    shown!.adds.map((add) => add.class),
    [undefined, undefined],
    'as mail',
  );
  await bench.close();
});

const pingOf = (id: string) =>
  element(Ping.Ping, [
    element(Ping.HeartbeatInterval, '600'),
    element(Ping.Folders, [element(Ping.Folder, [element(Ping.Id, id), element(Ping.Class, 'Email')])]),
  ]);

test('held requests of the other devices are told to do FolderSync, those of the device itself go on', async (t) => {
  const { bench, devices } = await begin('PHONE', 'TABLET', 'WATCH');
  const [phone, tablet, watch] = devices as [FolderKeeper, FolderKeeper, FolderKeeper];
  const [first] = readAnswer(await watch.post('Sync', syncOf({ syncKey: '0', id: inbox })));
  const { syncKey } = first!;
  const waiting = element(AirSync.Sync, [
    element(AirSync.Collections, [
      element(AirSync.Collection, [element(AirSync.SyncKey, syncKey), element(AirSync.CollectionId, inbox)]),
    ]),
    element(AirSync.HeartbeatInterval, '600'),
  ]);
  const own = phone.post('Ping', pingOf(inbox));
  const others = [tablet.post('Ping', pingOf(inbox)), watch.post('Sync', waiting)];
  await until(() => bench.eas.held() === 3);
  const family = await phone.make('Family');
  t.deepEqual((await Promise.all(others)).map(statusOf), ['7', '12']);
  t.is(bench.eas.held(), 1);
  t.is(statusOf(await tablet.post('Ping', pingOf(inbox))), '7', 'as long as it has not done so');
  await tablet.refresh();
  const again = tablet.post('Ping', pingOf(family));
  await until(() => bench.eas.held() === 2);
  await phone.delete(family);
  t.is(statusOf(await again), '7');
  await bench.app.close();
  t.is(statusOf(await own), '1');
  await bench.store.close();
});
