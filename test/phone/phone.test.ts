import test from 'ava';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { FolderHierarchy } from '../../src/wbxml/airsync/folder-hierarchy.js';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { Settings } from '../../src/wbxml/airsync/settings.js';
import { Phone } from '../../src/phone/phone.js';
import { packedQuery } from '../../src/phone/query.js';
import { child, children, element, text } from '../../src/wbxml/element.js';
import { collection, commandsTo, failedCollection, folder, mailAdd, pinged, smsAdd, synced } from './fake-server.js';
import { live, stage, throwsCode } from './stage.js';
import type { FakeServer } from './fake-server.js';
import type { PhoneOptions } from '../../src/phone/options.js';

const wrongOptions: Record<string, Partial<PhoneOptions>> = {
  'a server that is no web address': { server: 'ftp://example.com' },
  'a device id of more than 32 characters': { deviceId: 'A'.repeat(33) },
  'a device id with a dash': { deviceId: 'a-b' },
  'a heartbeat of no time': { heartbeatSeconds: 0 },
  'texts in no Inbox': { smsFolders: ['outbox'] },
  'texts in a folder that is none': { smsFolders: ['inbox', 'drafts' as 'sent'] },
  'copies for Sent Items where it synchronizes no texts': { smsFolders: ['inbox', 'outbox'], mode: 'add' },
};

for (const [what, wrong] of Object.entries(wrongOptions)) {
  test(`does not start with ${what}`, (t) => {
    const right = { server: 'http://127.0.0.1:1', user: 'ann', password: 'x' };
    t.throws(() => new Phone({ ...right, ...wrong }), throwsCode('BAD_OPTIONS'));
  });
}

test('starts over with key 0 at Sync Status 3, and takes what it knew for no news', async (t) => {
  const { server, phone, log } = await stage(t);
  const greeting = smsAdd('a1', { from: '"" [MOBILE:+447700900123]', text: 'hello' });
  void live(t, phone);
  await server.heard('Ping');
  server.change(folder.inbox, greeting);
  await log.until('received');
  await server.heard('Ping', 2);
  server.answer('Sync', synced(failedCollection(folder.inbox, 3)), synced(collection(folder.inbox, 'new-1')));
  server.answer('Sync', synced(collection(folder.inbox, 'new-2', { commands: [greeting] })));
  server.wake(pinged(2, [folder.inbox]));
  await log.until('synced', ({ collection: name, added }) => name === 'Inbox' && added === 1);
  await server.heard('Ping', 3);
  t.is(log.all('started-over').length, 1);
  t.deepEqual(keysAsked(server, folder.inbox).slice(-2), ['0', 'new-1']);
  t.is(log.all('received').length, 1);
});

test('reads the folders again at Sync Status 12', async (t) => {
  const { server, phone, log } = await stage(t);
  server.answer('Sync', synced(failedCollection(folder.inbox, 12)));
  void live(t, phone);
  await server.heard('Ping');
  t.is(server.of('FolderSync').length, 2);
  t.is(text(server.of('FolderSync')[1]!.document!, FolderHierarchy.SyncKey), 'folders-1');
  t.deepEqual(log.all('error'), []);
});

test('starts the folder list over at FolderSync Status 9', async (t) => {
  const { server, phone, log } = await stage(t);
  void live(t, phone);
  await server.heard('Ping');
  server.answer('FolderSync', element(FolderHierarchy.FolderSync, [element(FolderHierarchy.Status, '9')]));
  server.wake(pinged(7));
  await server.heard('FolderSync', 3);
  await server.heard('Ping', 2);
  t.deepEqual(
    server.of('FolderSync').map(({ document }) => text(document!, FolderHierarchy.SyncKey)),
    ['0', 'folders-1', '0'],
  );
  t.is(log.all('folders').length, 2);
});

test('says when the server refuses a received text, and does not add it again', async (t) => {
  const { server, phone, log } = await stage(t);
  void live(t, phone);
  await server.heard('Ping');
  const refusal = element(AirSync.Add, [element(AirSync.ClientId, 'client-1'), element(AirSync.Status, '6')]);
  server.answer('Sync', synced(collection(folder.inbox, 'refused', { responses: [refusal] })));
  await t.throwsAsync(phone.receive({ from: '+447700900123', text: 'hello' }), throwsCode('REFUSED'));
  t.is(log.all('error').length, 1);
  t.is(server.of('Sync').flatMap((asked) => commandsTo(asked, folder.inbox)).length, 1);
});

test('repeats a received text with the same keys and ClientId when the answer was lost', async (t) => {
  const { server, phone, log } = await stage(t);
  void live(t, phone);
  await server.heard('Ping');
  phone.dropAnswer('Sync');
  t.deepEqual(await phone.receive({ from: '+447700900123', text: 'hello' }), {
    clientId: 'client-1',
    serverId: 'server-client-1',
  });
  const [first, second] = server.of('Sync').slice(-2);
  t.deepEqual(first?.body, second?.body);
  t.is(log.all('uploaded').length, 1);
});

test('takes the heartbeat and the number of folders that the server allows', async (t) => {
  const { server, phone } = await stage(t, { heartbeatSeconds: 30 });
  server.answer('Ping', pinged(5, [], element(Ping.HeartbeatInterval, '60')));
  server.answer('Ping', pinged(6, [], element(Ping.MaxFolders, '1')));
  void live(t, phone);
  const { document } = await server.heard('Ping', 3);
  t.is(text(document!, Ping.HeartbeatInterval), '60');
  const watched = children(child(document!, Ping.Folders)!, Ping.Folder);
  t.deepEqual(
    watched.map((each) => text(each, Ping.Id)),
    [folder.outbox],
  );
});

test('writes its folders out again when the server forgot them', async (t) => {
  const { server, phone } = await stage(t);
  server.answer('Ping', pinged(2, [folder.inbox]), pinged(3));
  void live(t, phone);
  await server.heard('Ping', 3);
  t.deepEqual(
    server.of('Ping').map(({ document }) => document !== undefined),
    [true, false, true],
  );
});

test('is provisioned, says who it is, reads its folders and primes them, before it sleeps in Ping', async (t) => {
  const { server, phone, log } = await stage(t);
  void live(t, phone);
  await server.heard('Ping');
  t.deepEqual(
    server.asked.map(({ command }) => command),
    ['Provision', 'Provision', 'Settings', 'FolderSync', 'Sync', 'Sync', 'Ping'],
  );
  const set = child(child(server.of('Settings')[0]!.document!, Settings.DeviceInformation)!, Settings.Set)!;
  t.is(text(set, Settings.EnableOutboundSMS), '1');
  t.is(text(set, Settings.PhoneNumber), '+447700900001');
  t.deepEqual(
    server.of('Provision').map(({ headers }) => headers['x-ms-policykey']),
    ['0', '1111'],
  );
  t.deepEqual([...new Set(log.events.map(({ event }) => event))], ['provisioned', 'settings', 'folders', 'synced']);
});

test('goes on asking while the server has more', async (t) => {
  const { server, phone, log } = await stage(t, { windowSize: 1 });
  void live(t, phone);
  await server.heard('Ping');
  const page = (key: string, moreAvailable: boolean) =>
    synced(collection(folder.inbox, key, { commands: [smsAdd(key, { text: key })], moreAvailable }));
  server.answer('Sync', page('one', true), page('two', true), page('three', false));
  server.wake(pinged(2, [folder.inbox]));
  await server.heard('Ping', 2);
  t.deepEqual(
    log.all('received').map((event) => event.text),
    ['one', 'two', 'three'],
  );
});

test('tells mails and texts apart', async (t) => {
  const { server, phone, log } = await stage(t);
  void live(t, phone);
  await server.heard('Ping');
  const mail = mailAdd('m1', { from: 'bob@example.com', subject: 'hi', text: 'a mail' });
  server.change(folder.inbox, smsAdd('s1', { from: '"Bob" [MOBILE:+447700900123]', text: 'a text' }), mail);
  await log.until('received', ({ serverId }) => serverId === 'm1');
  t.deepEqual(log.all('received'), [
    { event: 'received', class: 'SMS', from: '+447700900123', text: 'a text', serverId: 's1' },
    { event: 'received', class: 'Email', from: 'bob@example.com', subject: 'hi', text: 'a mail', serverId: 'm1' },
  ]);
});

test('asks for mail alone when it knows no texts', async (t) => {
  const { server, phone } = await stage(t, { noSms: true });
  void live(t, phone);
  const { document } = await server.heard('Sync');
  const [first] = children(child(document!, AirSync.Collections)!, AirSync.Collection);
  t.deepEqual(
    children(first!, AirSync.Options).map((options) => text(options, AirSync.Class)),
    ['Email'],
  );
});

test('at 12.1 asks for mail alone, without a Class, and says nothing of outbound texts', async (t) => {
  const { server, phone } = await stage(t, { protocolVersion: '12.1' });
  void live(t, phone);
  const { document } = await server.heard('Sync');
  const [first] = children(child(document!, AirSync.Collections)!, AirSync.Collection);
  t.deepEqual(
    children(first!, AirSync.Options).map((options) => text(options, AirSync.Class)),
    [undefined],
  );
  const set = child(child(server.of('Settings')[0]!.document!, Settings.DeviceInformation)!, Settings.Set)!;
  t.is(text(set, Settings.EnableOutboundSMS), undefined);
  t.is(children(server.of('Provision')[0]!.document!).length, 1);
  await t.throwsAsync(phone.setSms({ enabled: true }), throwsCode('BAD_OPTIONS'));
});

test('adds a text that its owner wrote to Sent Items', async (t) => {
  const { server, phone } = await stage(t);
  void live(t, phone);
  await phone.write({ to: '+447700900123', text: 'on my way' });
  t.is(server.of('Sync').flatMap((asked) => commandsTo(asked, folder.sent, AirSync.Add)).length, 1);
});

test('tells the server when its owner forbids it to send for others', async (t) => {
  const { server, phone, log } = await stage(t);
  void live(t, phone);
  await server.heard('Ping');
  await phone.setOutbound({ enabled: false });
  t.deepEqual(
    log.all('settings').map(({ outbound }) => outbound),
    [true, false],
  );
});

test('packs the query into base64 and then sends neither version nor policy key as headers', async (t) => {
  const { server, phone } = await stage(t, { query: 'base64', protocolVersion: '16.1' });
  void live(t, phone);
  const { query, headers } = await server.heard('Sync');
  const packed = Buffer.from(query, 'base64');
  t.is(packed[0], 161);
  t.is(packed.subarray(5, 5 + packed[4]!).toString(), 'PHONE1');
  t.is(packed.readUInt32LE(5 + packed[4]! + 1), 2222);
  t.is(headers['ms-asprotocolversion'], undefined);
  t.is(headers['x-ms-policykey'], undefined);
});

test('packs the query of the document as the document does', (t) => {
  const sender = { user: 'x', deviceId: 'v140Device', deviceType: 'SmartPhone', protocolVersion: '14.0' } as const;
  const packed = Buffer.from(packedQuery('Sync', { ...sender, policyKey: '0' }), 'base64');
  // The document's phone leaves its policy key out, this one always sends it.
  const withoutKey = Buffer.concat([packed.subarray(0, 15), Buffer.from([0]), packed.subarray(20)]);
  t.is(withoutKey.toString('base64'), 'jAAJBAp2MTQwRGV2aWNlAApTbWFydFBob25l');
});

test('finishes what is under way and hangs up when it is stopped', async (t) => {
  const { server, phone } = await stage(t);
  const life = live(t, phone);
  await server.heard('Ping');
  await phone.stop();
  await t.notThrowsAsync(life);
});

function keysAsked(server: FakeServer, collectionId: string): (string | undefined)[] {
  return server.of('Sync').map(({ document }) => {
    const collections = children(child(document!, AirSync.Collections)!, AirSync.Collection);
    return text(
      collections.find((each) => text(each, AirSync.CollectionId) === collectionId)!,
      AirSync.SyncKey,
    );
  });
}
