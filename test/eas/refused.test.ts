// Requests that are refused: adding a file to fixtures/eas-refused adds a test. Each comes from a device that has done
// Provision and a Sync of its Inbox (SyncKey 1), where one text lies. Nothing of what they say is stored, and what the
// log says of them holds nothing of it.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { AirSyncDocument } from '../../src/wbxml/airsync/document.js';
import { decode } from '../../src/wbxml/decode.js';
import { children, type Element, textOf } from '../../src/wbxml/element.js';
import { fromXml } from '../../src/wbxml/xml.js';
import { addText, type Bench, openBench, syncOf, TalkingDevice } from './talking-device.js';

const folder = new URL('../../../fixtures/eas-refused/', import.meta.url);

interface Refused {
  command?: string;
  /** In place of the ordinary one. */
  query?: string;
  /** Over the ordinary ones; null leaves one out. */
  headers?: Record<string, string | null>;
  http?: number;
  /** Every Status of the answer, in its order. */
  statuses?: string[];
}

const names = readdirSync(folder).flatMap((file) => /^(.*)\.json$/.exec(file)?.[1] ?? []);

let bench: Bench;
test.before(async () => {
  bench = await openBench();
  const resident = await prepared('RESIDENT');
  await resident.post('Sync', syncOf({ syncKey: '1', id: '1', commands: [addText({ clientId: '1', body: 'stays' })] }));
});
test.after.always(() => bench.close());

for (const [index, name] of names.entries()) {
  test.serial(`refuses ${name.replaceAll('-', ' ')}`, async (t) => {
    const refused = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Refused;
    const device = await prepared(`DEVICE${index}`);
    const before = await stored();
    bench.logged.length = 0;
    const answer = await post(device, refused, bodyOf(name));
    t.is(answer.http, refused.http ?? 200);
    t.deepEqual(answer.octets.length === 0 ? undefined : statusesIn(decode(answer.octets)), refused.statuses);
    t.deepEqual(await stored(), before);
    checkLog(t);
  });
}

test('refused documents are what their readable twins say', (t) => {
  const written = names.filter((name) => existsSync(new URL(`${name}.xml`, folder)));
  t.true(written.length > 0);
  for (const name of written) {
    const twin = fromXml(readFileSync(new URL(`${name}.xml`, folder), 'utf8'));
    t.deepEqual(decode(readFileSync(new URL(`${name}.wbxml`, folder))), twin, name);
  }
});

async function prepared(deviceId: string): Promise<TalkingDevice> {
  const device = new TalkingDevice(bench, deviceId);
  await device.provision();
  await device.post('Sync', syncOf({ syncKey: '0', id: '1' }));
  return device;
}

async function stored(): Promise<unknown[]> {
  const { items, messages, tombstones, mailboxes, folders, clientAdds } = bench.store.tables;
  const tables = [items, messages, tombstones, mailboxes, folders, clientAdds];
  return Promise.all(tables.map((table) => bench.store.db.select().from(table)));
}

function bodyOf(name: string): Buffer | undefined {
  const octets = new URL(`${name}.wbxml`, folder);
  if (existsSync(octets)) return readFileSync(octets);
  const hex = new URL(`${name}.hex`, folder);
  return existsSync(hex) ? Buffer.from(readFileSync(hex, 'utf8').replaceAll(/\s/g, ''), 'hex') : undefined;
}

async function post(
  { deviceId, policyKey }: TalkingDevice,
  { command, query, headers }: Refused,
  payload: Buffer | undefined,
): Promise<{ http: number; octets: Buffer }> {
  const ordinary = `?Cmd=${command}&User=ann%40example.com&DeviceId=${deviceId}&DeviceType=Phone`;
  const sent: Record<string, string | null> = {
    authorization: `Basic ${Buffer.from('ann@example.com:secret').toString('base64')}`,
    'ms-asprotocolversion': '14.1',
    'x-ms-policykey': policyKey,
    ...(payload ? { 'content-type': 'application/vnd.ms-sync.wbxml' } : {}),
    ...headers,
  };
  const response = await bench.app.inject({
    method: 'POST',
    url: `/Microsoft-Server-ActiveSync${query === undefined ? ordinary : query && `?${query}`}`,
    headers: Object.fromEntries(
      Object.entries(sent).filter((header): header is [string, string] => header[1] !== null),
    ),
    ...(payload ? { payload } : {}),
  });
  return { http: response.statusCode, octets: response.rawPayload };
}

function statusesIn(element: Element): string[] {
  const own = AirSyncDocument.nameOf(element.tag) === 'Status' ? [textOf(element) ?? ''] : [];
  return [...own, ...children(element).flatMap(statusesIn)];
}

function checkLog(t: ExecutionContext): void {
  t.is(bench.logged.length, 1, 'one log line');
  for (const said of ['secret', '447700900', 'Nimbus', 'drop table', 'yesterday', 'ann@example.com'])
    t.false(bench.logged.join().includes(said), said);
}
