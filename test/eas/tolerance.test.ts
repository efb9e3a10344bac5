// What clients do that no document asks for, and that is taken all the same.

import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import test from 'ava';
import { areEqual } from '../../src/eas/commands/sync/options.js';
import type { StickyOptions } from '../../src/store/states.js';
import { AirSync, AirSyncLegacy } from '../../src/wbxml/airsync/air-sync.js';
import { FolderHierarchy } from '../../src/wbxml/airsync/folder-hierarchy.js';
import { child, element, text } from '../../src/wbxml/element.js';
import { encode } from '../../src/wbxml/encode.js';
import { type Bench, folderSync, openBench, TalkingDevice } from './talking-device.js';

const path = '/Microsoft-Server-ActiveSync';
const query = '?Cmd=FolderSync&User=ann%40example.com&DeviceId=D&DeviceType=P';
const body = Buffer.from(encode(folderSync('4711')));

interface Wire {
  target?: string;
  /** Whole lines. */
  headers?: string[];
  name?: string;
  body?: Buffer;
}

/** The status line of the answer to a request that is written word for word, because a library would tidy it. */
async function statusOf(bench: Bench, wire: Wire): Promise<string> {
  const { target = path + query, headers = ['MS-ASProtocolVersion: 14.1'], name = 'ann@example.com' } = wire;
  const payload = wire.body ?? body;
  if (!bench.app.server.listening) await bench.app.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((bench.app.server.address() as AddressInfo).port, '127.0.0.1');
  const authorization = Buffer.from(`${name}:secret`).toString('base64');
  const head = [
    `POST ${target} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    `aUTHORIZATION: bASIC ${authorization}`,
    `content-LENGTH: ${payload.length}`,
    ...headers,
  ];
  socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), payload]));
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
  await once(socket, 'close');
  return answer.slice(0, answer.indexOf('\r\n'));
}

const version = 'MS-ASProtocolVersion: 14.1';

const taken: Record<string, Wire> = {
  'header names in odd case': { headers: ['ms-asPROTOCOLversion: 14.1', 'x-ms-POLICYKEY: 0'] },
  'a Content-Type with a character set': {
    headers: [version, 'Content-Type: application/vnd.ms-sync.wbxml; charset="UTF-8"'],
  },
  'another Content-Type': { headers: [version, 'Content-Type: text/html'] },
  'a Content-Type that is none': { headers: [version, 'Content-Type: wbxml'] },
  'an empty Content-Type': { headers: [version, 'Content-Type:'] },
  'a trailing slash': { target: `${path}/${query}` },
  'the path in odd case': { target: path.toUpperCase() + query },
  'the target in absolute form': { target: `http://mail.example.com${path}${query}` },
  'names of the query in odd case': { target: `${path}?cmd=FolderSync&USER=ann&deviceid=D&deviceType=P` },
  'a User in another case than the name': { target: path + query.replace('ann%40example', 'ANN@Example') },
  'a User that is escaped twice': { target: path + query.replace('%40', '%2540') },
  'a name in odd case': { name: 'Ann@Example.COM' },
  'a name with an escaped @': { name: 'ann%40example.com' },
  'no body with a Content-Type': {
    target: path + query.replace('FolderSync', 'Ping'),
    headers: [version, 'Content-Type: application/vnd.ms-sync.wbxml'],
    body: Buffer.alloc(0),
  },
};

for (const [title, wire] of Object.entries(taken))
  test(`takes ${title}`, async (t) => {
    const bench = await openBench();
    t.is(await statusOf(bench, wire), 'HTTP/1.1 200 OK');
    await bench.close();
  });

test('refuses a name of the query that stands twice, in whatever case', async (t) => {
  const bench = await openBench();
  t.is(await statusOf(bench, { target: `${path}${query}&CMD=Sync` }), 'HTTP/1.1 400 Bad Request');
  await bench.close();
});

test('reads past elements of protocol 2.5 in a Sync, and refuses those that nobody knows', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  const collection = element(AirSync.Collection, [
    element(AirSync.Class, 'Email'),
    element(AirSyncLegacy.Version, '2.5'),
    element(AirSync.SyncKey, '0'),
    element(AirSyncLegacy.NotifyGUID, 'x'),
    element(AirSync.CollectionId, '1'),
    element(AirSyncLegacy.Truncation, '4'),
    element(AirSync.Options, [element(AirSyncLegacy.RTFTruncation, '4'), element(AirSync.FilterType, '0')]),
  ]);
  const sync = element(AirSync.Sync, [element(AirSync.Collections, [collection])]);
  const { root } = await device.post('Sync', sync);
  t.is(text(child(child(root!, AirSync.Collections)!, AirSync.Collection)!, AirSync.Status), '1');
  const unknown = await device.post('Sync', Buffer.from('03016a00456a01', 'hex'));
  t.is(text(unknown.root!, AirSync.Status), '102');
  await bench.close();
});

test('reads a body that names its public id in a string table', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  const table = Buffer.from('-//AIRSYNC//DTD AirSync//EN\0');
  const head = Buffer.concat([Buffer.from([0x03, 0x00, 0x00, 0x6a, table.length]), table]);
  const { root } = await device.post('FolderSync', Buffer.concat([head, encode(folderSync('0')).subarray(4)]));
  t.is(text(root!, FolderHierarchy.Status), '1');
  await bench.close();
});

test('Options that differ in one wish are others, and in another order of words the same', (t) => {
  const body = { type: 1, truncationSize: 512, allOrNone: true, preview: 80 };
  const { class: itemClass, ...wishes } = {
    class: 'SMS',
    filterType: 2,
    clientWins: true,
    mimeSupport: 1,
    bodyPreferences: [body],
    bodyPartPreference: { type: 2 },
  } as const;
  const asked = { class: itemClass, ...wishes } as unknown as StickyOptions;
  const without = (of: object, name: string) => ({ ...of, [name]: undefined }) as unknown as StickyOptions;
  t.true(areEqual([asked], [{ ...wishes, class: itemClass } as unknown as StickyOptions]));
  for (const name of Object.keys(asked)) t.false(areEqual([asked], [without(asked, name)]), name);
  for (const name of Object.keys(body))
    t.false(
      areEqual([asked], [{ ...asked, bodyPreferences: [without(body, name)] } as unknown as StickyOptions]),
      name,
    );
  t.false(areEqual([asked], [asked, { class: 'Email' }]));
});
