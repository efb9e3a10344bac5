import test from 'ava';
import { changeItem, getItem } from '../../src/store/items.js';
import { FolderType, getFolderOfType } from '../../src/store/mailboxes.js';
import { changeDevice, getDevicesOf } from '../../src/store/devices.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { Email2 } from '../../src/wbxml/airsync/email2.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { child, children, type Element, element, text } from '../../src/wbxml/element.js';
import { readAddresses, readTextRecipient } from '../../src/mail/address.js';
import { addText, noon, readAnswer, syncOf, TalkingDevice } from './talking-device.js';
import { bodyOf, open, preferring, Reader, wishing } from './reader.js';

const carol = '"" [MOBILE:+12025550122]';

for (const version of ['12.1', '14.0', '14.1', '16.0', '16.1'])
  test(`at ${version} a device that asks for no texts sees them as mail that can be answered`, async (t) => {
    const reader = await open(version);
    await reader.receive('Are you home?');
    const [add] = (await reader.sync())!.adds;
    t.is(add!.class, undefined);
    t.is(text(add!.data, Email.MessageClass), 'IPM.Note');
    t.is(text(add!.data, Email.Subject), 'Are you home?');
    const [from] = readAddresses(text(add!.data, Email.From)!);
    t.is(from!.name, 'Bob');
    t.is(readTextRecipient(from!.address)!.number, '+12025550111');
    t.is(bodyOf(add!.data)['data'], 'Are you home?');
    t.is(child(add!.data, Email2.ConversationId) !== undefined, version !== '12.1');
    await reader.bench.close();
  });

test('texts of one number are one conversation, those of another number another', async (t) => {
  const reader = await open();
  await reader.receive('one');
  await reader.receive('two', { from: '[MOBILE:+1 202 555 0111]' });
  await reader.receive('three', { from: carol });
  const { adds } = (await reader.sync())!;
  const ids = adds.map(({ data }) =>
    Buffer.from(child(data, Email2.ConversationId)!.content as Uint8Array).toString('hex'),
  );
  t.is(ids[0], ids[1]);
  t.not(ids[0], ids[2]);
  t.is(text(adds[0]!.data, Email.ThreadTopic), text(adds[1]!.data, Email.ThreadTopic));
  await reader.bench.close();
});

test('a device that begins to ask for texts lets go of the mails and gets the texts, and back', async (t) => {
  const reader = await open();
  const { id } = await reader.receive('hello');
  const asMail = `${reader.folder}:m${id}`;
  const asText = `${reader.folder}:${id}`;
  t.deepEqual(
    (await reader.sync())!.adds.map(({ serverId }) => serverId),
    [asMail],
  );
  const texts = (await reader.sync({ classes: ['SMS', 'Email'] }))!;
  t.deepEqual(texts.softDeletes, [asMail]);
  t.deepEqual(
    texts.adds.map((add) => [add.serverId, add.class]),
    [[asText, 'SMS']],
  );
  const mails = (await reader.sync({ classes: ['Email'] }))!;
  t.deepEqual([mails.softDeletes, mails.adds.map(({ serverId }) => serverId)], [[asText], [asMail]]);
  await reader.bench.close();
});

test('a text that a device moves to where it sees texts as mail is called there as it will be called later', async (t) => {
  const texts = await open('14.0');
  const { bench, device, folder: inbox } = texts;
  const folders = await device.folders();
  const deleted = new Reader(bench, device, folders['Deleted Items']!);
  const { id } = await texts.receive('hello');
  await texts.sync({ classes: ['SMS', 'Email'] });
  await deleted.sync({ classes: ['SMS', 'Email'] });
  const [asText, asMail] = [`${inbox}:${id}`, `${deleted.folder}:m${id}`];
  t.is(await move(device, asText, deleted.folder), asMail);
  // Its answer may be lost.
  t.is(await move(device, asText, deleted.folder), asMail);
  t.is(await deleted.sync(), undefined);

  await bench.store.transact(function* (tx) {
    yield* changeItem(tx, (yield* getItem(tx, Number(deleted.folder), id))!, { read: true });
  });
  t.deepEqual((await deleted.sync())!.changes, [asMail]);
  t.is(await move(device, asMail, inbox), asText);
  await bench.close();
});

async function move(device: TalkingDevice, serverId: string, to: string): Promise<string | undefined> {
  const names = [
    element(Move.SrcMsgId, serverId),
    element(Move.SrcFldId, serverId.split(':')[0]),
    element(Move.DstFldId, to),
  ];
  const { root } = await device.post('MoveItems', element(Move.MoveItems, [element(Move.Move, names)]));
  return text(child(root!, Move.Response)!, Move.DstMsgId);
}

test('a device that asks for texts alone lets go of its mail', async (t) => {
  const reader = await open();
  const mail = await reader.receive('for everybody', { class: 'Email', from: 'bob@example.net', subject: 'hi' });
  await reader.sync();
  t.deepEqual((await reader.sync({ classes: ['SMS'] }))!.softDeletes, [`${reader.folder}:${mail.id}`]);
  await reader.bench.close();
});

test('at 14.0 texts are texts in three folders and mail elsewhere, at 12.1 class SMS is refused', async (t) => {
  const drafts = await open('14.0', 'Deleted Items');
  await drafts.receive('thrown away');
  t.is((await drafts.sync({ classes: ['SMS', 'Email'] }))!.adds[0]!.class, undefined);
  await drafts.bench.close();
  const old = await open('12.1');
  const refused = await old.device.post('Sync', syncOf({ syncKey: '1', id: old.folder, classes: ['SMS'] }));
  t.is(text(refused.root!, AirSync.Status), '4');
  const added = await old.sync({ commands: [addText({ clientId: 'c1' })] });
  t.like(added!.responses, [{ clientId: 'c1', serverId: undefined, status: '6' }]);
  await old.bench.close();
});

test('a device that goes back to 12.1 sees its texts as mail from then on', async (t) => {
  const reader = await open();
  const item = await reader.receive('hello');
  await reader.sync({ classes: ['SMS', 'Email'] });
  reader.device.version = '12.1';
  await reader.receive('again');
  const { softDeletes, adds } = (await reader.sync())!;
  t.deepEqual(softDeletes, [`${reader.folder}:${item.id}`]);
  t.deepEqual(
    adds.map((each) => [each.class, text(each.data, Email.MessageClass)]),
    [
      [undefined, 'IPM.Note'],
      [undefined, 'IPM.Note'],
    ],
  );
  await reader.bench.close();
});

test('what a device does to a text that it sees as mail happens to the text', async (t) => {
  const reader = await open();
  const { id, folderId } = await reader.receive('mark me');
  const serverId = (await reader.sync())!.adds[0]!.serverId;
  const flag = element(Email.Flag, [element(Email.Status, '2'), element(Email.FlagType, 'Flag for follow up')]);
  const categories = element(Email.Categories, [element(Email.Category, 'family')]);
  const data = element(AirSync.ApplicationData, [element(Email.Read, '1'), flag, categories]);
  await reader.sync({ commands: [element(AirSync.Change, [element(AirSync.ServerId, serverId), data])] });
  const item = await reader.bench.store.read((session) => getItem(session, folderId, id));
  t.is(item!.read, true);
  t.deepEqual(item!.properties.categories, ['family']);
  t.is(item!.properties.flag?.status, 2);
  const cleared = element(AirSync.ApplicationData, [element(Email.Flag)]);
  await reader.sync({ commands: [element(AirSync.Change, [element(AirSync.ServerId, serverId), cleared])] });
  t.is((await reader.bench.store.read((session) => getItem(session, folderId, id)))!.properties.flag, undefined);
  await reader.sync({ commands: [element(AirSync.Delete, [element(AirSync.ServerId, serverId)])] });
  t.is(await reader.bench.store.read((session) => getItem(session, folderId, id)), undefined);
  await reader.bench.close();
});

test('a malformed flag, category or Read mark is Status 6 for its item', async (t) => {
  const reader = await open();
  await reader.receive('stay as you are');
  const serverId = (await reader.sync())!.adds[0]!.serverId;
  const malformed = [
    element(Email.Read, 'yes'),
    element(Email.Flag, [element(Email.Status, '7')]),
    element(Email.Flag, [element(Email.Status, '1'), element(Email.CompleteTime, 'soon')]),
    element(Email.Categories, [element(Email.Category, 'x'.repeat(256))]),
  ];
  for (const property of malformed) {
    const data = element(AirSync.ApplicationData, [property]);
    const command = element(AirSync.Change, [element(AirSync.ServerId, serverId), data]);
    t.is((await reader.sync({ commands: [command] }))!.responses[0]!.status, '6');
  }
  await reader.bench.close();
});

test('a conflict is won by the server, or by the device where it asks for that', async (t) => {
  for (const [conflict, status, read] of [
    ['1', '7', false],
    ['0', undefined, true],
  ] as const) {
    const reader = await open();
    const { id, folderId } = await reader.receive('contended');
    const options = wishing(element(AirSync.Class, 'Email'), element(AirSync.Conflict, conflict));
    const serverId = (await reader.sync({ options }))!.adds[0]!.serverId;
    await reader.bench.store.transact(function* (tx) {
      yield* changeItem(tx, (yield* getItem(tx, folderId, id))!, { importance: 2 });
    });
    const data = element(AirSync.ApplicationData, [element(Email.Read, '1')]);
    const answer = await reader.sync({
      commands: [element(AirSync.Change, [element(AirSync.ServerId, serverId), data])],
    });
    t.is(answer!.responses[0]?.status, status);
    // Whoever wins, the device is told of what the other side changed beside it.
    t.deepEqual(answer!.changes, [serverId]);
    const item = (await reader.bench.store.read((session) => getItem(session, folderId, id)))!;
    t.like(item, { read, importance: 2 });
    t.is(await reader.sync(), undefined);
    await reader.bench.close();
  }
});

test('a change of what was about to be too old is told where the device keeps it after all', async (t) => {
  const reader = await open();
  const twoDaysAgo = noon - 48 * 60 * 60 * 1000;
  const lookingBack = (filterType: string) => wishing(element(AirSync.FilterType, filterType));
  const items = [];
  for (const body of ['one', 'two']) items.push(await reader.receive(body, { class: 'Email', date: twoDaysAgo }));
  await reader.sync({ options: lookingBack('0') });
  for (const item of items) await reader.bench.store.transact((tx) => changeItem(tx, item, { read: true }));
  const first = await reader.sync({ options: lookingBack('1'), windowSize: 1 });
  const then = await reader.sync({ options: lookingBack('0') });
  const told = [first!, then!].flatMap(({ changes, adds }) => [...changes, ...adds.map(({ serverId }) => serverId)]);
  t.deepEqual(
    told.toSorted(),
    items.map(({ id }) => `${reader.folder}:${id}`),
  );
  await reader.bench.close();
});

test('what changed and is too old is taken back without a word of the change', async (t) => {
  const reader = await open();
  const item = await reader.receive('one', { class: 'Email', date: noon - 48 * 60 * 60 * 1000 });
  await reader.sync();
  await reader.bench.store.transact((tx) => changeItem(tx, item, { read: true }));
  const told = await reader.sync({ options: wishing(element(AirSync.FilterType, '1')), windowSize: 1 });
  t.deepEqual([told?.softDeletes, told?.changes], [[`${reader.folder}:${item.id}`], []]);
  await reader.bench.close();
});

test('bodies come in the type and length that the device asked for', async (t) => {
  const reader = await open();
  const body = 'Zürich <& Genf>\nBern';
  await reader.receive(body);
  const asked = async (...wish: Element[]) => {
    reader.key = '0';
    return bodyOf((await reader.sync({ options: wishing(element(AirSync.Class, 'Email'), ...wish) }))!.adds[0]!.data);
  };
  t.is((await asked())['data'], body);
  t.like(await asked(preferring('1', element(AirSyncBase.TruncationSize, '3'))), {
    truncated: '1',
    data: 'Zü',
    size: '21',
  });
  t.like(await asked(preferring('1', element(AirSyncBase.TruncationSize, '2'))), { data: 'Z' });
  t.like(await asked(preferring('1', element(AirSyncBase.TruncationSize, '0'))), { truncated: '1', data: undefined });
  t.like(await asked(preferring('1', element(AirSyncBase.Preview, '6'))), { preview: 'Zürich' });
  const html = await asked(preferring('2'));
  t.is(html['type'], '2');
  t.true(html['data']!.includes('Zürich &lt;&amp; Genf&gt;'));
  const whole = element(AirSyncBase.AllOrNone, '1');
  const short = element(AirSyncBase.TruncationSize, '30');
  t.is((await asked(preferring('2', short, whole), preferring('1')))['type'], '1');
  const mime = await asked(element(AirSync.MIMESupport, '2'), preferring('1'), preferring('4'));
  t.is(mime['type'], '4');
  t.regex(mime['data']!, /^From: .*\r\n/);
  t.is((await asked(element(AirSync.MIMESupport, '1'), preferring('1'), preferring('4')))['type'], '1');
  await reader.bench.close();
});

test('MIMETruncation cuts a mail that has no TruncationSize of its own', async (t) => {
  const reader = await open();
  await reader.receive('long '.repeat(2000));
  const asked = async (value: string, ...more: Element[]) => {
    reader.key = '0';
    const options = wishing(
      element(AirSync.MIMESupport, '2'),
      element(AirSync.MIMETruncation, value),
      preferring('4', ...more),
    );
    const answer = (await reader.sync({ options }))!;
    const [add] = answer.adds;
    return add ? bodyOf(add.data) : { status: answer.status };
  };
  t.is((await asked('1'))['data']!.length, 4096);
  t.is((await asked('1', element(AirSyncBase.TruncationSize, '100')))['data']!.length, 100);
  t.like(await asked('0'), { truncated: '1', data: undefined });
  t.is((await asked('8'))['truncated'], undefined);
  await reader.bench.close();
});

test('Fetch gives whole what the Options cut', async (t) => {
  const reader = await open();
  const body = 'long '.repeat(20);
  const item = await reader.receive(body);
  const part = element(AirSyncBase.BodyPartPreference, [element(AirSyncBase.Type, '2')]);
  const options = wishing(preferring('1', element(AirSyncBase.TruncationSize, '10')), part);
  t.is(bodyOf((await reader.sync({ options }))!.adds[0]!.data)['truncated'], '1');
  const serverId = element(AirSync.ServerId, `${reader.folder}:m${item.id}`);
  const commands = [element(AirSync.Fetch, [serverId])];
  const { root } = await reader.device.post('Sync', syncOf({ syncKey: reader.key, id: reader.folder, commands }));
  const [collection] = children(child(root!, AirSync.Collections)!);
  const [fetched] = children(child(collection!, AirSync.Responses)!);
  const data = child(fetched!, AirSync.ApplicationData)!;
  t.like(bodyOf(data), { truncated: undefined, data: body });
  t.is(child(data, AirSyncBase.BodyPart), undefined);
  await reader.bench.close();
});

test('DisplayTo lists the names of the recipients, and addresses where there is none', async (t) => {
  const reader = await open();
  await reader.receive('hello', { class: 'Email', to: '"Ann, A." <ann@example.com>, bob@example.com' });
  const [add] = (await reader.sync())!.adds;
  t.is(text(add!.data, Email.DisplayTo), 'Ann, A.; bob@example.com');
  await reader.bench.close();
});

test('a BodyPart is HTML, and any other type of it is Status 164', async (t) => {
  const reader = await open();
  await reader.receive('part of a conversation');
  const part = (type: string) =>
    wishing(
      element(AirSyncBase.BodyPartPreference, [element(AirSyncBase.Type, type)]),
      element(AirSync.Class, 'Email'),
    );
  const { data } = (await reader.sync({ options: part('2') }))!.adds[0]!;
  t.is(text(child(data, AirSyncBase.BodyPart)!, AirSyncBase.Status), '1');
  const refused = await reader.device.post(
    'Sync',
    syncOf({ syncKey: reader.key, id: reader.folder, options: part('1') }),
  );
  t.is(text(refused.root!, AirSync.Status), '164');
  await reader.bench.close();
});

test('a partial request is completed from the last one, also from one that was answered', async (t) => {
  const reader = await open();
  const partial = (...more: Element[]) => element(AirSync.Sync, [element(AirSync.Partial), ...more]);
  const wait = element(AirSync.HeartbeatInterval, '60');
  t.is(text((await reader.device.post('Sync', partial(wait))).root!, AirSync.Status), '13');
  await reader.receive('one');
  await reader.sync();
  const list = syncOf({ syncKey: reader.key, id: reader.folder }).content as Element[];
  t.is((await reader.device.post('Sync', partial(...list))).octets.length, 0);
  await reader.receive('two');
  const named = readAnswer(await reader.device.post('Sync', partial(element(AirSync.WindowSize, '5'))));
  t.is(text(named[0]!.adds[0]!.data, Email.Subject), 'two');
  const alone = await reader.device.post('Sync', partial());
  t.is(text(alone.root!, AirSync.Status), '4');
  await reader.bench.close();
});

test('an item that cannot be written holds up no other, is noted, and comes when it can be written', async (t) => {
  const reader = await open();
  const { id, folderId } = await reader.receive('before its time', { date: 9e15 });
  await reader.receive('in time');
  t.deepEqual(
    (await reader.sync())!.adds.map(({ data }) => text(data, Email.Subject)),
    ['in time'],
  );
  const { skippedItems } = reader.bench.store.tables;
  t.deepEqual(
    (await reader.bench.store.db.select().from(skippedItems)).map(({ itemId }) => itemId),
    [id],
  );
  t.true(reader.bench.logged.some((line) => line.includes('cannot be written') && !line.includes('before its time')));
  await reader.bench.store.transact(function* (tx) {
    yield* changeItem(tx, (yield* getItem(tx, folderId, id))!, { date: noon });
  });
  t.deepEqual(
    (await reader.sync())!.adds.map(({ data }) => text(data, Email.Subject)),
    ['before its time'],
  );
  t.deepEqual(await reader.bench.store.db.select().from(skippedItems), []);
  await reader.bench.close();
});

test('a quarantined device sees the notice alone and changes nothing; allowed, it begins with the mailbox', async (t) => {
  const reader = await open();
  const { bench, folder } = reader;
  const own = await reader.receive('not for everybody');
  await reader.sync();
  const become = (state: 'quarantined' | 'allowed') =>
    bench.store.transact(function* (tx) {
      const [device] = yield* getDevicesOf(tx, bench.user.id);
      yield* changeDevice(tx, device!.id, { state });
    });
  await become('quarantined');
  t.is((await reader.sync())!.status, '3');
  reader.key = '0';
  const { adds } = (await reader.sync())!;
  t.is(adds.length, 1);
  t.false(JSON.stringify(adds).includes('not for everybody'));
  t.is(await reader.sync(), undefined);
  const remove = (id: string) => element(AirSync.Delete, [element(AirSync.ServerId, id)]);
  const commands = [remove(`${folder}:m${own.id}`), addText({ clientId: 'x' }), remove(adds[0]!.serverId)];
  const refused = (await reader.sync({ commands }))!;
  t.deepEqual(
    refused.responses.map(({ status }) => status),
    ['6', '6', '6'],
  );
  const inbox = await bench.store.read((session) => getFolderOfType(session, bench.user.id, FolderType.Inbox));
  t.truthy(await bench.store.read((session) => getItem(session, inbox.id, own.id)));
  await become('allowed');
  t.is((await reader.sync())!.status, '3');
  reader.key = '0';
  t.deepEqual(
    (await reader.sync())!.adds.map(({ data }) => text(data, Email.Subject)),
    ['not for everybody'],
  );
  t.is(children(adds[0]!.data, Email.Subject).length, 1);
  await bench.close();
});
