import test from 'ava';
import { addItem, changeItem, getItem, removeItem } from '../../src/store/items.js';
import type { Item } from '../../src/store/tables.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { child, element, text } from '../../src/wbxml/element.js';
import { addText, type Bench, noon, openBench, readAnswer, syncOf, TalkingDevice } from './talking-device.js';

interface Ready {
  bench: Bench;
  device: TalkingDevice;
  inbox: string;
}

async function ready(): Promise<Ready> {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  const { Inbox } = await device.folders();
  return { bench, device, inbox: Inbox! };
}

/** A collection that has done its first Sync with class SMS; the key it holds now. */
async function primed({ device, inbox }: Ready, classes: ('SMS' | 'Email')[] = ['SMS']): Promise<string> {
  const [first] = readAnswer(await device.post('Sync', syncOf({ syncKey: '0', id: inbox })));
  const [next] = readAnswer(await device.post('Sync', syncOf({ syncKey: first!.syncKey!, id: inbox, classes })));
  return next?.syncKey ?? first!.syncKey!;
}

async function receive({ bench, inbox }: Ready, body: string) {
  return bench.store.transact((tx) =>
    addItem(tx, {
      userId: bench.user.id,
      folderId: Number(inbox),
      class: 'SMS',
      from: '"+12025550111" [MOBILE:+12025550111]',
      to: '"" [MOBILE:]',
      text: body,
      date: noon,
    }),
  );
}

test('answers Status 3 to a SyncKey it never issued', async (t) => {
  const { bench, device, inbox } = await ready();
  const [answer] = readAnswer(await device.post('Sync', syncOf({ syncKey: '77', id: inbox })));
  t.is(answer?.status, '3');
  await bench.close();
});

test('answers Status 8 to a CollectionId that the mailbox does not have, also to one of another user', async (t) => {
  const { bench, device } = await ready();
  for (const id of ['999', 'Inbox', '0']) {
    const [answer] = readAnswer(await device.post('Sync', syncOf({ syncKey: '0', id })));
    t.is(answer?.status, '8', id);
  }
  await bench.close();
});

test('answers Status 4 to GetChanges with SyncKey 0, two Options of one class, and a class it does not hold', async (t) => {
  const { bench, device, inbox } = await ready();
  const refused = [
    syncOf({ syncKey: '0', id: inbox, getChanges: true }),
    syncOf({ syncKey: '1', id: inbox, classes: ['SMS', 'SMS'] }),
    syncOf({ syncKey: '1', id: inbox, classes: ['Calendar' as 'SMS'] }),
  ];
  for (const request of refused) t.is(text((await device.post('Sync', request)).root!, AirSync.Status), '4');
  await bench.close();
});

test('answers Status 14 with the nearest Limit to a Wait out of range, and Status 4 to two ways of waiting', async (t) => {
  const { bench, device, inbox } = await ready();
  const sync = (...extra: ReturnType<typeof element>[]) =>
    element(AirSync.Sync, [...extra, ...(syncOf({ syncKey: '1', id: inbox }).content as [])]);
  const wait = await device.post('Sync', sync(element(AirSync.Wait, '60')));
  t.is(text(wait.root!, AirSync.Status), '14');
  t.is(text(wait.root!, AirSync.Limit), '59');
  const heartbeat = await device.post('Sync', sync(element(AirSync.HeartbeatInterval, '59')));
  t.is(text(heartbeat.root!, AirSync.Limit), '60');
  const both = sync(element(AirSync.Wait, '1'), element(AirSync.HeartbeatInterval, '60'));
  t.is(text((await device.post('Sync', both)).root!, AirSync.Status), '4');
  await bench.close();
});

test('answers Status 13 to an empty Sync when nothing is remembered, else runs the last one again', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  t.is(text((await device.post('Sync')).root!, AirSync.Status), '13');
  const key = await primed(setting);
  t.is((await device.post('Sync', syncOf({ syncKey: key, id: inbox }))).octets.length, 0);
  t.is((await device.post('Sync')).octets.length, 0);
  await receive(setting, 'news');
  t.is(readAnswer(await device.post('Sync'))[0]?.adds.length, 1);
  await bench.close();
});

test('refuses one bad Add with Status 6 and keeps the others of the same request', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  const key = await primed(setting);
  const commands = [
    addText({ clientId: 'a' }),
    addText({ clientId: 'b', date: 'yesterday' }),
    addText({ clientId: 'c' }),
  ];
  const [answer] = readAnswer(await device.post('Sync', syncOf({ syncKey: key, id: inbox, commands })));
  t.deepEqual(
    answer?.responses.map(({ clientId, status }) => [clientId, status]),
    [
      ['a', '1'],
      ['b', '6'],
      ['c', '1'],
    ],
  );
  await bench.close();
});

test('gives texts to a device that asks for class SMS by Options, and by sticky Options afterwards', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  const key = await primed(setting, ['Email', 'SMS']);
  await receive(setting, 'sticky');
  const [answer] = readAnswer(await device.post('Sync', syncOf({ syncKey: key, id: inbox })));
  t.deepEqual(
    answer?.adds.map((add) => [add.class, text(child(add.data, AirSyncBase.Body)!, AirSyncBase.Data)]),
    [['SMS', 'sticky']],
  );
  t.is(text(answer!.adds[0]!.data, Email.From), '"+12025550111" [MOBILE:+12025550111]');
  await bench.close();
});

test('gives no text to a device without class SMS, and all of them once it asks', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  await receive(setting, 'early');
  const key = await primed(setting, ['Email']);
  const without = await device.post('Sync', syncOf({ syncKey: key, id: inbox }));
  t.is(without.octets.length, 0);
  const [answer] = readAnswer(await device.post('Sync', syncOf({ syncKey: key, id: inbox, classes: ['SMS'] })));
  t.is(answer?.adds.length, 1);
  await bench.close();
});

test('keeps a text that a phone adds, gives it to another device and not back to the first', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  const key = await primed(setting);
  const commands = [addText({ clientId: 'SMS_1', body: 'héllo' })];
  const [answer] = readAnswer(await device.post('Sync', syncOf({ syncKey: key, id: inbox, commands })));
  t.is(answer?.responses[0]?.status, '1');
  t.is(answer?.adds.length, 0);
  const after = await device.post('Sync', syncOf({ syncKey: answer!.syncKey!, id: inbox }));
  t.is(after.octets.length, 0);

  const tablet = new TalkingDevice(bench, 'TABLET');
  await tablet.provision();
  await tablet.folders();
  const [first] = readAnswer(await tablet.post('Sync', syncOf({ syncKey: '0', id: inbox })));
  const [given] = readAnswer(
    await tablet.post('Sync', syncOf({ syncKey: first!.syncKey!, id: inbox, classes: ['SMS'] })),
  );
  t.deepEqual(
    given?.adds.map(({ serverId }) => serverId),
    [answer?.responses[0]?.serverId],
  );
  await bench.close();
});

test('gives a device its own texts back after it began anew with SyncKey 0', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  const key = await primed(setting);
  const commands = [addText({ clientId: 'SMS_1' })];
  const [answer] = readAnswer(await device.post('Sync', syncOf({ syncKey: key, id: inbox, commands })));
  const [anew] = readAnswer(await device.post('Sync', syncOf({ syncKey: '0', id: inbox })));
  const [given] = readAnswer(await device.post('Sync', syncOf({ syncKey: anew!.syncKey!, id: inbox })));
  t.deepEqual(
    given?.adds.map(({ serverId }) => serverId),
    [answer?.responses[0]?.serverId],
  );
  await bench.close();
});

test('answers a repeated previous key with the same octets; what came between follows with the next key', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  const key = await primed(setting);
  await receive(setting, 'one');
  const request = syncOf({ syncKey: key, id: inbox, commands: [addText({ clientId: 'x' })] });
  const lost = await device.post('Sync', request);
  await receive(setting, 'two');
  const again = await device.post('Sync', request);
  t.deepEqual(again.octets, lost.octets);
  const [answer] = readAnswer(again);
  t.deepEqual([answer?.adds.length, answer?.responses.length], [1, 1]);
  const [next] = readAnswer(await device.post('Sync', syncOf({ syncKey: answer!.syncKey!, id: inbox })));
  t.is(text(child(next!.adds[0]!.data, AirSyncBase.Body)!, AirSyncBase.Data), 'two');
  t.is(next?.adds.length, 1);
  await bench.close();
});

test('takes what a repeated request says beyond the lost one, and answers its Adds with the same ServerIds', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  const key = await primed(setting);
  await receive(setting, 'one');
  const commands = [addText({ clientId: 'x' })];
  const [lost] = readAnswer(await device.post('Sync', syncOf({ syncKey: key, id: inbox, commands })));
  commands.push(addText({ clientId: 'y', body: 'second' }));
  const [answer] = readAnswer(await device.post('Sync', syncOf({ syncKey: key, id: inbox, commands })));
  t.is(answer?.syncKey, lost?.syncKey);
  t.deepEqual(answer?.adds, lost?.adds);
  t.is(answer?.responses[0]?.serverId, lost?.responses[0]?.serverId);
  t.is(answer?.responses[1]?.status, '1');
  const next = await device.post('Sync', syncOf({ syncKey: answer!.syncKey!, id: inbox }));
  t.is(readAnswer(next).flatMap(({ adds }) => adds).length, 0, 'neither Add comes back to the device');
  await bench.close();
});

test('takes the Options of a repeated request as those that are meant from now on', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  const key = await primed(setting, ['Email']);
  await receive(setting, 'one');
  const lost = { syncKey: key, id: inbox, classes: ['Email' as const] };
  const [mail] = readAnswer(await device.post('Sync', syncOf(lost)))[0]!.adds;
  const [again] = readAnswer(await device.post('Sync', syncOf({ ...lost, classes: ['SMS', 'Email'] })));
  t.is(again?.adds[0]?.serverId, mail!.serverId, 'the answer stays what it was');
  const [next] = readAnswer(await device.post('Sync', syncOf({ syncKey: again!.syncKey!, id: inbox })));
  t.deepEqual(next?.softDeletes, [mail!.serverId]);
  t.is(next?.adds[0]?.class, 'SMS');
  await bench.close();
});

test('recognises a replayed ClientId with the same content under any key, and takes other content as a new text', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  const add = async (syncKey: string, body: string) => {
    const commands = [addText({ clientId: '1', body })];
    return readAnswer(await device.post('Sync', syncOf({ syncKey, id: inbox, commands })))[0]!;
  };
  const first = await add(await primed(setting), 'same');
  const replayed = await add(first.syncKey!, 'same');
  const other = await add(replayed.syncKey!, 'other');
  t.is(replayed.responses[0]?.serverId, first.responses[0]?.serverId);
  t.not(other.responses[0]?.serverId, first.responses[0]?.serverId);
  await bench.close();
});

test('does not give a device what it moved into a folder between SyncKey 0 and the first changes', async (t) => {
  const { bench, device, inbox } = await ready();
  const { 'Deleted Items': deleted } = await device.folders();
  const { id } = await receive({ bench, device, inbox }, 'moved');
  await primed({ bench, device, inbox });
  const [first] = readAnswer(await device.post('Sync', syncOf({ syncKey: '0', id: deleted!, classes: ['SMS'] })));
  const names = [
    element(Move.SrcMsgId, `${inbox}:${id}`),
    element(Move.SrcFldId, inbox),
    element(Move.DstFldId, deleted),
  ];
  await device.post('MoveItems', element(Move.MoveItems, [element(Move.Move, names)]));
  const [next] = readAnswer(await device.post('Sync', syncOf({ syncKey: first!.syncKey!, id: deleted! })));
  t.is(next, undefined);
  await bench.close();
});

test('says MoreAvailable while more remains than WindowSize, and gives every text once', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  let syncKey = await primed(setting);
  const sent = Array.from({ length: 7 }, (_, n) => `text ${n}`);
  for (const body of sent) await receive(setting, body);
  const given: string[] = [];
  const windows: [number, boolean][] = [];
  for (;;) {
    const [answer] = readAnswer(await device.post('Sync', syncOf({ syncKey, id: inbox, windowSize: 3 })));
    for (const { data } of answer!.adds) given.push(text(child(data, AirSyncBase.Body)!, AirSyncBase.Data)!);
    windows.push([answer!.adds.length, answer!.isMore]);
    syncKey = answer!.syncKey!;
    if (!answer!.isMore) break;
  }
  t.deepEqual(given, sent);
  t.deepEqual(windows, [
    [3, true],
    [3, true],
    [1, false],
  ]);
  await bench.close();
});

test('gives an item that changes between two windows once, as it is then', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  const syncKey = await primed(setting);
  const items: Item[] = [];
  for (const body of ['a', 'b', 'c']) items.push(await receive(setting, body));
  await bench.store.transact((tx) => changeItem(tx, items[0]!, { text: 'a2' }));
  const [first] = readAnswer(await device.post('Sync', syncOf({ syncKey, id: inbox, windowSize: 1 })));
  await bench.store.transact((tx) => changeItem(tx, items[2]!, { text: 'c2' }));
  const [rest] = readAnswer(await device.post('Sync', syncOf({ syncKey: first!.syncKey!, id: inbox })));
  const bodies = [...first!.adds, ...rest!.adds].map(({ data }) =>
    text(child(data, AirSyncBase.Body)!, AirSyncBase.Data),
  );
  t.deepEqual(bodies, ['a2', 'b', 'c2']);
  t.deepEqual(rest?.changes, []);
  await bench.close();
});

test('tells of changes and deletes on the server, and not of what came and went unseen', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  const key = await primed(setting);
  const kept = await receive(setting, 'kept');
  const gone = await receive(setting, 'gone');
  const [given] = readAnswer(await device.post('Sync', syncOf({ syncKey: key, id: inbox })));
  await bench.store.transact(function* (tx) {
    yield* changeItem(tx, kept, { read: true });
    yield* removeItem(tx, gone);
  });
  const unseen = await receive(setting, 'unseen');
  await bench.store.transact((tx) => removeItem(tx, unseen));
  const [answer] = readAnswer(await device.post('Sync', syncOf({ syncKey: given!.syncKey!, id: inbox })));
  t.deepEqual(answer?.changes, [`${inbox}:${kept.id}`]);
  t.deepEqual(answer?.deletes, [`${inbox}:${gone.id}`]);
  await bench.close();
});

test('lets the server win where both sides changed an item, and says Status 7', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  const key = await primed(setting);
  const item = await receive(setting, 'contested');
  const [given] = readAnswer(await device.post('Sync', syncOf({ syncKey: key, id: inbox })));
  await bench.store.transact((tx) => changeItem(tx, item, { text: 'ours' }));
  const data = element(AirSync.ApplicationData, [element(Email.Read, '1')]);
  const commands = [element(AirSync.Change, [element(AirSync.ServerId, `${inbox}:${item.id}`), data])];
  const [answer] = readAnswer(await device.post('Sync', syncOf({ syncKey: given!.syncKey!, id: inbox, commands })));
  t.is(answer?.responses[0]?.status, '7');
  t.deepEqual(answer?.changes, [`${inbox}:${item.id}`]);
  await bench.close();
});

test('applies a Change of the Read mark and leaves everything else as it is', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  const key = await primed(setting);
  const item = await receive(setting, 'mark me');
  const [given] = readAnswer(await device.post('Sync', syncOf({ syncKey: key, id: inbox })));
  const data = element(AirSync.ApplicationData, [element(Email.Read, '1')]);
  const commands = [element(AirSync.Change, [element(AirSync.ServerId, `${inbox}:${item.id}`), data])];
  const [answer] = readAnswer(await device.post('Sync', syncOf({ syncKey: given!.syncKey!, id: inbox, commands })));
  t.deepEqual(answer?.responses, []);
  const now = await bench.store.read((session) => getItem(session, Number(inbox), item.id));
  t.deepEqual([now?.read, now?.text, now?.from], [true, 'mark me', item.from]);
  await bench.close();
});

test('moves a deleted text to Deleted Items, or removes it where DeletesAsMoves is 0', async (t) => {
  const setting = await ready();
  const { bench, device, inbox } = setting;
  const folders = await device.folders();
  let syncKey = await primed(setting);
  const moved = await receive(setting, 'moved');
  const removed = await receive(setting, 'removed');
  syncKey = readAnswer(await device.post('Sync', syncOf({ syncKey, id: inbox })))[0]!.syncKey!;
  const deleteOf = (id: number) => element(AirSync.Delete, [element(AirSync.ServerId, `${inbox}:${id}`)]);
  const first = syncOf({ syncKey, id: inbox, commands: [deleteOf(moved.id)] });
  syncKey = readAnswer(await device.post('Sync', first))[0]!.syncKey!;
  const asRemoval = element(AirSync.Sync, [
    element(AirSync.Collections, [
      element(AirSync.Collection, [
        element(AirSync.SyncKey, syncKey),
        element(AirSync.CollectionId, inbox),
        element(AirSync.DeletesAsMoves, '0'),
        element(AirSync.Commands, [deleteOf(removed.id)]),
      ]),
    ]),
  ]);
  t.is(readAnswer(await device.post('Sync', asRemoval))[0]?.status, '1');
  const bin = Number(folders['Deleted Items']);
  t.truthy(await bench.store.read((session) => getItem(session, bin, moved.id)));
  t.falsy(await bench.store.read((session) => getItem(session, bin, removed.id)));
  await bench.close();
});
