import test from 'ava';
import { limits } from '../../src/eas/limits.js';
import { readRequestLine } from '../../src/eas/request-line.js';
import { noParameters } from '../../src/eas/parameters.js';
import { EasError } from '../../src/eas/errors.js';
import { type Bench, folderSync, openBench, syncOf, TalkingDevice, until } from './talking-device.js';
import { addItem } from '../../src/store/items.js';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { element, text } from '../../src/wbxml/element.js';
import { encode } from '../../src/wbxml/encode.js';

const path = '/Microsoft-Server-ActiveSync';
const authorization = `Basic ${Buffer.from('ann@example.com:secret').toString('base64')}`;

test('asks for Basic authentication with 401, and says the same for a wrong name and a wrong password', async (t) => {
  const bench = await openBench();
  const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
  for (const headers of [
    {},
    basic('ann@example.com:wrong'),
    basic('nobody@example.com:secret'),
    { authorization: 'x' },
  ]) {
    const response = await bench.app.inject({ method: 'OPTIONS', url: path, headers });
    t.is(response.statusCode, 401);
    t.is(response.headers['www-authenticate'], 'Basic realm="easms", charset="UTF-8"');
    t.is(response.body, '');
  }
  await bench.close();
});

test('OPTIONS offers the versions and the commands that run', async (t) => {
  const bench = await openBench();
  const response = await bench.app.inject({ method: 'OPTIONS', url: path.toLowerCase(), headers: { authorization } });
  t.is(response.statusCode, 200);
  t.is(response.headers['ms-asprotocolversions'], '12.1,14.0,14.1,16.0,16.1');
  t.true(String(response.headers['ms-asprotocolcommands']).split(',').includes('Sync'));
  t.is(response.body, '');
  await bench.close();
});

test('refuses a query of neither form, a version it does not offer, an unknown command, a body in another coding', async (t) => {
  const bench = await openBench();
  const plain = '?Cmd=FolderSync&User=ann&DeviceId=D&DeviceType=P';
  const requests: [string, Record<string, string>, number][] = [
    ['', {}, 400],
    ['?Cmd=FolderSync', { 'ms-asprotocolversion': '14.1' }, 400],
    [`${plain}&Cmd=Ping`, { 'ms-asprotocolversion': '14.1' }, 400],
    [`?${'A'.repeat(4000)}`, { 'ms-asprotocolversion': '14.1' }, 400],
    ['?jQkJBBBOaW5l', {}, 400],
    [plain, {}, 400],
    [plain, { 'ms-asprotocolversion': '2.5' }, 400],
    [plain.replace('FolderSync', 'Explode'), { 'ms-asprotocolversion': '14.1' }, 501],
    [plain.replace('FolderSync', 'constructor'), { 'ms-asprotocolversion': '14.1' }, 501],
    [plain, { 'ms-asprotocolversion': '14.1', 'content-encoding': 'deflate' }, 415],
  ];
  for (const [query, headers, status] of requests) {
    const request = {
      method: 'POST',
      url: path + query,
      headers: { authorization, ...headers },
      payload: 'x',
    } as const;
    t.is((await bench.app.inject(request)).statusCode, status, query);
  }
  await bench.close();
});

test('answers Status 102 to malformed WBXML and 103 to the root of another command, and logs a line without content', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  const statusOf = async (body: Uint8Array) => {
    const { root } = await device.post('Sync', body);
    return text(root!, AirSync.Status);
  };
  t.is(await statusOf(Buffer.from('03016a0045', 'hex')), '102');
  t.is(await statusOf(Buffer.from('<Sync>secret text</Sync>')), '102');
  t.is(await statusOf(encode(folderSync('0'))), '103');
  t.is(bench.logged.filter((line) => line.includes('command refused')).length, 3);
  t.false(bench.logged.join().includes('secret text'));
  await bench.close();
});

test('refuses a body over the limit with 413', async (t) => {
  const bench = await openBench();
  const url = `${path}?Cmd=Sync&User=ann&DeviceId=D&DeviceType=P`;
  const headers = { authorization, 'ms-asprotocolversion': '14.1' };
  const payload = Buffer.alloc(limits.requestOctets + 1);
  t.is((await bench.app.inject({ method: 'POST', url, headers, payload })).statusCode, 413);
  await bench.close();
});

test('stops a device in a loop with 503 and Retry-After, and lets it in again after the minute', async (t) => {
  const bench = await openBench();
  const { settings } = bench.store;
  const device = { ...settings.current.device, loopLimitPerMinute: 3 };
  await settings.save(bench.store, { ...settings.current, device });
  const talking = new TalkingDevice(bench);
  const statuses = [];
  for (let n = 0; n < 5; n++) statuses.push((await talking.post('FolderSync', folderSync('0'))).status);
  t.deepEqual(statuses, [200, 200, 200, 503, 503]);
  t.is((await talking.post('FolderSync', folderSync('1'))).status, 200, 'another body is another request');
  bench.clock.now += 60_000;
  t.is((await talking.post('FolderSync', folderSync('0'))).status, 200);
  await bench.close();
});

async function limited(limitPerMinute: number) {
  const bench = await openBench();
  const { settings } = bench.store;
  const device = { ...settings.current.device, loopLimitPerMinute: limitPerMinute };
  await settings.save(bench.store, { ...settings.current, device });
  return { bench, talking: new TalkingDevice(bench) };
}

test('tells the log of a loop once a minute, not with each request', async (t) => {
  const { bench, talking } = await limited(3);
  const lines = () => bench.logged.filter((line) => line.includes('device in a loop')).length;
  for (let n = 0; n < 3; n++) await talking.post('FolderSync', folderSync('0'));
  bench.logged.length = 0;
  for (let n = 0; n < 20; n++) {
    const { status, headers } = await talking.post('FolderSync', folderSync('0'));
    t.is(status, 503);
    t.is(headers['retry-after'], '60');
  }
  t.is(lines(), 1);
  t.is(bench.logged.length, 1, 'and of nothing else');
  bench.clock.now += 60_000;
  for (let n = 0; n < 10; n++) await talking.post('FolderSync', folderSync('0'));
  t.is(lines(), 2);
  await bench.close();
});

test('stops a loop that takes turns between two requests, and not a device that asks for one thing after the other', async (t) => {
  const { bench, talking } = await limited(3);
  const statuses = [];
  for (let n = 0; n < 10; n++) statuses.push((await talking.post('FolderSync', folderSync(String(n % 2)))).status);
  t.deepEqual(statuses, [200, 200, 200, 200, 200, 200, 503, 503, 503, 503]);
  const other = new TalkingDevice(bench, 'DEVICE2');
  for (let n = 0; n < 20; n++) t.is((await other.post('FolderSync', folderSync(`9${n}`))).status, 200);
  other.version = '12.1';
  for (let n = 0; n < 20; n++)
    t.not((await other.post('GetAttachment', undefined, { query: `&AttachmentName=${n}` })).status, 503);
  await bench.close();
});

/** Keeps the next read of the store waiting. */
function holdNextRead({ store }: Bench): { isReached: () => boolean; letGo: () => void } {
  const read = store.read.bind(store);
  let go = () => {};
  let isReached = false;
  const gate = new Promise<void>((resolve) => (go = resolve));
  store.read = async (steps) => {
    store.read = read;
    isReached = true;
    await gate;
    return read(steps);
  };
  return { isReached: () => isReached, letGo: () => go() };
}

test('of two Pings in flight at once the one that came last is held, and the other gets Status 1 at once', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  const { Inbox: inbox } = await device.folders();
  await device.post('Sync', syncOf({ syncKey: '0', id: inbox! }));
  const ping = () =>
    device.post(
      'Ping',
      element(Ping.Ping, [
        element(Ping.HeartbeatInterval, '300'),
        element(Ping.Folders, [element(Ping.Folder, [element(Ping.Id, inbox), element(Ping.Class, 'Email')])]),
      ]),
    );
  const first = ping();
  await until(() => bench.eas.held() === 1);
  const second = ping();
  t.is(text((await first).root!, Ping.Status), '1', 'the ordinary case');
  await until(() => bench.eas.held() === 1);

  const next = holdNextRead(bench);
  const older = ping();
  await until(next.isReached);
  const newer = ping();
  t.is(text((await second).root!, Ping.Status), '1');
  await until(() => bench.eas.held() === 1);
  next.letGo();
  t.is(text((await older).root!, Ping.Status), '1');
  t.is(bench.eas.held(), 1);
  await bench.store.transact(function* (tx) {
    const folderId = Number(inbox);
    const wish = { userId: bench.user.id, folderId, from: 'a', to: 'b', text: 'c', date: bench.clock.now };
    yield* addItem(tx, { ...wish, class: 'Email' });
  });
  t.is(text((await newer).root!, Ping.Status), '2', 'the newer one still waits for what it asked for');
  await bench.close();
});

test('reads the base64 query of MS-ASHTTP and of a real client, raw and escaped', (t) => {
  const head = { version: undefined, policyKey: undefined };
  t.deepEqual(readRequestLine({ ...head, url: `${path}?jAAJBAp2MTQwRGV2aWNlAApTbWFydFBob25l` }), {
    command: 'Sync',
    deviceId: 'v140Device',
    deviceType: 'SmartPhone',
    version: '14.0',
    policyKey: 0,
    hasPolicyKey: false,
    parameters: noParameters,
  });
  for (const end of ['==', '%3D%3D', '%3d%3D'])
    t.deepEqual(readRequestLine({ ...head, url: `${path}?jQAJBBBOaW5lNDM4M0FGMzQ2ODYwBAAAAAAHQW5kcm9pZAcBAA${end}` }), {
      command: 'Sync',
      deviceId: 'Nine4383AF346860',
      deviceType: 'Android',
      version: '14.1',
      policyKey: 0,
      hasPolicyKey: true,
      parameters: noParameters,
    });
});

test('refuses every cut base64 query instead of reading short values', (t) => {
  const octets = Buffer.from('jQAJBBBOaW5lNDM4M0FGMzQ2ODYwBAAAAAAHQW5kcm9pZAcBAA==', 'base64');
  for (let length = 0; length < octets.length; length++) {
    // What ends behind DeviceType is whole: the parameters after it may be absent.
    if (length === octets.length - 3) continue;
    const url = `${path}?${octets.subarray(0, length).toString('base64')}`;
    t.throws(() => readRequestLine({ url, version: undefined, policyKey: undefined }), { instanceOf: EasError });
  }
});

test('makes a device’s DeviceId of a GUID in octets', (t) => {
  const guid = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  const octets = Buffer.concat([Buffer.from([141, 18, 9, 4, 16]), guid, Buffer.from([0, 2, 0x57, 0x50])]);
  const line = readRequestLine({
    url: `${path}?${octets.toString('base64')}`,
    version: undefined,
    policyKey: undefined,
  });
  t.is(line.deviceId, guid.toString('hex'));
  t.is(line.command, 'Ping');
});
