// What goes over the line in another form than octets of one document: gzip both ways, answers in parts, raw mails.

import { gunzipSync, gzipSync } from 'node:zlib';
import test from 'ava';
import { acceptsGzip } from '../../src/eas/accept-encoding.js';
import { type Command, findCommand } from '../../src/eas/command-table.js';
import { SyncMemory } from '../../src/eas/commands/sync/memory.js';
import type { Answer, Exchange } from '../../src/eas/exchange.js';
import { DevicePolicies } from '../../src/eas/device-policies.js';
import { KnownDevices } from '../../src/eas/known-devices.js';
import { limits } from '../../src/eas/limits.js';
import { LoopLimit } from '../../src/eas/loop-limit.js';
import { noParameters } from '../../src/eas/parameters.js';
import { runCommand } from '../../src/eas/run-command.js';
import type { ProtocolVersion } from '../../src/eas/versions.js';
import { writeAnswer } from '../../src/eas/write-answer.js';
import { addItem } from '../../src/store/items.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { ComposeMail } from '../../src/wbxml/airsync/compose-mail.js';
import { ItemOperations } from '../../src/wbxml/airsync/item-operations.js';
import { decode } from '../../src/wbxml/decode.js';
import { type Element, element, text } from '../../src/wbxml/element.js';
import { encode } from '../../src/wbxml/encode.js';
import { addText, folderSync, openBench, readAnswer, syncOf, TalkingDevice, until } from './talking-device.js';

const gzipped = { headers: { 'content-encoding': 'gzip' } };

test('refuses a gzip bomb with 413, and a body that is no gzip with 400', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  t.true(bomb.length < 100_000);
  t.is((await device.post('FolderSync', bomb, gzipped)).status, 413);
  const ratio = gzipSync(Buffer.alloc(2 * 1024 * 1024));
  t.true(ratio.length < 20_000, 'within the octets of a body, but far beyond its own length');
  t.is((await device.post('FolderSync', ratio, gzipped)).status, 413);
  for (const broken of [Buffer.from('x'), gzipSync('whole').subarray(0, 12), Buffer.from('1f8b0800', 'hex')])
    t.is((await device.post('FolderSync', broken, gzipped)).status, 400);
  t.is(bench.logged.length, 5, 'one line each');
  await bench.close();
});

test('reads a gzip body, under either name and in any case', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  for (const coding of ['gzip', 'x-gzip', 'GZip', ' gzip ']) {
    const body = gzipSync(encode(folderSync('0')));
    const answer = await device.post('FolderSync', body, { headers: { 'content-encoding': coding } });
    t.is(answer.status, 200, coding);
    t.truthy(answer.root);
  }
  t.is(
    (await device.post('FolderSync', encode(folderSync('0')), { headers: { 'content-encoding': 'br' } })).status,
    415,
  );
  await bench.close();
});

test('weighs what a device accepts', (t) => {
  for (const header of ['gzip', 'deflate, gzip', 'x-gzip', '*', 'GZIP;q=1.0', 'br;q=1, gzip;q=0.001', 'gzip ; q=0.5'])
    t.true(acceptsGzip(header), header);
  for (const header of [
    undefined,
    '',
    'identity',
    'gzip;q=0',
    '*;q=0',
    'gzip;q=0, *',
    'deflate',
    'gzip;q=x',
    'gzipped',
  ])
    t.false(acceptsGzip(header), String(header));
  t.false(acceptsGzip('gzip,'.repeat(1000)), 'a header without end');
});

test('packs an answer that is large enough, for a device that takes it', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  const { Inbox: id } = await device.folders();
  await device.post('Sync', syncOf({ syncKey: '0', id: id! }));
  const other = new TalkingDevice(bench, 'DEVICE2');
  await other.provision();
  const commands = [addText({ clientId: '1', body: 'a long text '.repeat(200) })];
  await device.post('Sync', syncOf({ syncKey: '1', id: id!, commands }));
  await other.post('Sync', syncOf({ syncKey: '0', id: id! }));
  const accept = { headers: { 'accept-encoding': 'gzip, deflate' } };
  const ask = (besides = {}) => other.post('Sync', syncOf({ syncKey: '1', id: id!, classes: ['SMS'] }), besides);

  const packed = await ask(accept);
  t.is(packed.headers['content-encoding'], 'gzip');
  t.is(packed.headers['vary'], 'Accept-Encoding');
  t.is(Number(packed.headers['content-length']), packed.octets.length);
  const plain = await ask();
  t.is(plain.headers['content-encoding'], undefined);
  t.is(plain.headers['vary'], 'Accept-Encoding');
  t.deepEqual(gunzipSync(packed.octets), plain.octets);
  t.is(readAnswer(plain)[0]!.adds.length, 1);

  const small = await other.post('FolderSync', folderSync('4711'), accept);
  t.is(small.headers['content-encoding'], undefined);
  const empty = await other.post('Sync', syncOf({ syncKey: '2', id: id! }), accept);
  t.is(empty.octets.length, 0);
  t.is(empty.headers['content-encoding'], undefined);
  t.is(empty.headers['content-type'], undefined);
  await bench.close();
});

test('packs the answer to a held Sync when there is one, and leaves it without body when there is none', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  const { Inbox: id } = await device.folders();
  await device.post('Sync', syncOf({ syncKey: '0', id: id!, classes: ['SMS'] }));
  const wait = (syncKey: string) => {
    const { tag, content } = syncOf({ syncKey, id: id! });
    const interval = element(AirSync.HeartbeatInterval, '300');
    const body = element(tag, [...(content as readonly Element[]), interval]);
    return device.post('Sync', body, { headers: { 'accept-encoding': 'gzip' } });
  };
  await device.post('Sync', syncOf({ syncKey: '1', id: id!, classes: ['SMS'] }));
  const held = wait('1');
  await until(() => bench.eas.held() === 1);
  const text = { userId: bench.user.id, folderId: Number(id), from: 'a', to: 'b', date: bench.clock.now };
  await bench.store.transact((tx) => addItem(tx, { ...text, class: 'SMS', text: 'a long text '.repeat(200) }));
  const answer = await held;
  t.is(answer.headers['content-encoding'], 'gzip');
  t.is(Number(answer.headers['content-length']), answer.octets.length);
  t.is(decode(gunzipSync(answer.octets)).tag, AirSync.Sync);

  const idle = wait('2');
  await until(() => bench.eas.held() === 1);
  const newer = wait('2');
  t.is((await idle).octets.length, 0);
  t.is((await idle).headers['content-encoding'], undefined);
  t.is((await idle).headers['content-length'], '0');
  await bench.close();
  t.is((await newer).octets.length, 0);
});

test('writes an answer in parts: count, offsets and lengths in little-endian, then the parts', async (t) => {
  const root = element(ItemOperations.ItemOperations, [element(ItemOperations.Status, '1')]);
  const parts = [Buffer.from('first'), Buffer.alloc(0), Buffer.alloc(300, 7)];
  const { headers, octets, status } = await writeAnswer({ kind: 'multipart', root, parts }, { isWanted: true });
  t.is(status, 200);
  t.is(headers['Content-Type'], 'application/vnd.ms-sync.multipart');
  t.is(headers['Content-Encoding'], undefined);
  t.is(octets.readUInt32LE(0), 4);
  const partAt = (index: number) => {
    const offset = octets.readUInt32LE(4 + 8 * index);
    return octets.subarray(offset, offset + octets.readUInt32LE(8 + 8 * index));
  };
  t.is(octets.readUInt32LE(4), 4 + 8 * 4, 'the first part follows the table');
  t.deepEqual(decode(partAt(0)), root);
  for (const [index, part] of parts.entries()) t.deepEqual(partAt(index + 1), part);
  t.is(octets.length, 36 + partAt(0).length + 305);
});

test('writes octets of another kind, and an HTTP code, as they are', async (t) => {
  const octets = Uint8Array.of(1, 2, 3);
  const written = await writeAnswer({ kind: 'octets', contentType: 'image/png', octets }, { isWanted: true });
  t.is(written.headers['Content-Type'], 'image/png');
  t.deepEqual([...written.octets], [1, 2, 3]);
  const refused = await writeAnswer({ kind: 'http', status: 503 }, { isWanted: true });
  t.like(refused, { status: 503, headers: { 'Retry-After': '60' } });
  t.is(refused.octets.length, 0);
});

interface Trial {
  version?: ProtocolVersion;
  body?: Uint8Array;
  command: Partial<Command>;
}

/** What a command of the table makes of a body, with its `run` in place of the real one. */
async function tried({ version = '12.1', body = Buffer.alloc(0), command }: Trial): Promise<Answer> {
  const bench = await openBench();
  const { store, user } = bench;
  await store.settings.save(store, {
    ...store.settings.current,
    device: { ...store.settings.current.device, provisioning: 'optional' },
  });
  const services = {
    store,
    now: () => bench.clock.now,
    log: { info: () => {}, warn: () => {} },
  } as unknown as Exchange['services'];
  const running = {
    services,
    devices: new KnownDevices(store.changes),
    policies: new DevicePolicies(store),
    loops: new LoopLimit(),
    memory: new SyncMemory(),
  };
  const keys = { policyKey: 0, hasPolicyKey: false };
  const line = { command: 'SendMail', deviceId: 'D', deviceType: 'P', version, ...keys, parameters: noParameters };
  const call = { user, line, command: { ...findCommand('SendMail')!, ...command }, userAgent: undefined };
  const { answer } = await runCommand(running, { ...call, body: Buffer.from(body) });
  await bench.close();
  return answer;
}

const status = (value: string) => element(ComposeMail.SendMail, [element(ComposeMail.Status, value)]);

test('gives a command of 12.1 the mail as it is, and since 14.0 the document', async (t) => {
  const seen: Pick<Exchange, 'body' | 'rawBody'>[] = [];
  const command = {
    run: (exchange: Exchange) => {
      seen.push(exchange);
      return undefined;
    },
  };
  const mail = Buffer.from('To: ann@example.com\r\n\r\nhello');
  await tried({ body: mail, command });
  t.is(seen[0]!.body, undefined);
  t.deepEqual(Buffer.from(seen[0]!.rawBody), mail);
  await tried({ version: '14.0', body: encode(status('1')), command });
  t.truthy(seen[1]!.body);
  t.is(seen[1]!.rawBody.length, 0);
});

test('refuses a mail where WBXML belongs, WBXML where a mail belongs, and nothing where a mail belongs', async (t) => {
  const command = { run: () => undefined };
  const mail = Buffer.from('To: ann@example.com\r\n\r\nhello');
  t.deepEqual(await tried({ body: encode(status('1')), command }), { kind: 'http', status: 400 });
  t.deepEqual(await tried({ command }), { kind: 'http', status: 400 });
  const refused = await tried({ version: '14.0', body: mail, command });
  t.is(text(refused as ReturnType<typeof status>, ComposeMail.Status), '102');
});

test('says the refusal of a mail of 12.1 by an HTTP code, and nothing where it was sent', async (t) => {
  const body = Buffer.from('To: ann@example.com\r\n\r\nhello');
  const answerTo = (value: string) => tried({ body, command: { run: () => status(value) } });
  t.deepEqual(await answerTo('115'), { kind: 'http', status: 403 });
  t.deepEqual(await answerTo('106'), { kind: 'http', status: 500 });
  t.is(await answerTo('1'), undefined);
});

test('refuses an answer in parts that is longer than the limit', async (t) => {
  const parts = [new Uint8Array(limits.multipartOctets), Uint8Array.of(1)];
  const run = (): Answer => ({ kind: 'multipart', root: status('1'), parts });
  const answer = await tried({ version: '14.1', body: encode(status('1')), command: { run } });
  t.is(text(answer as ReturnType<typeof status>, ComposeMail.Status), '110');
});

test('says by Status what Sync itself refuses, at 12.1 too', async (t) => {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  device.version = '12.1';
  await device.provision();
  const answer = await device.post('Sync', syncOf({ syncKey: '4711', id: '1' }));
  t.is(answer.status, 200);
  t.is(answer.root!.tag, AirSync.Sync);
  await bench.close();
});
