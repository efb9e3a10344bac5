import test from 'ava';
import { findCommand, isPartOf, isRaw } from '../../src/eas/command-table.js';
import { EasError } from '../../src/eas/errors.js';
import { httpCodeOf } from '../../src/eas/http-codes.js';
import { noParameters } from '../../src/eas/parameters.js';
import { readRequestLine } from '../../src/eas/request-line.js';
import { hasCommonStatuses, isProtocolVersion, isSince, protocolVersions } from '../../src/eas/versions.js';
import { FolderHierarchy } from '../../src/wbxml/airsync/folder-hierarchy.js';
import { Search } from '../../src/wbxml/airsync/search.js';
import { element, text } from '../../src/wbxml/element.js';
import { type Bench, folderSync, openBench, syncOf, TalkingDevice } from './talking-device.js';

const path = '/Microsoft-Server-ActiveSync';

async function deviceOf(bench: Bench, version: string): Promise<TalkingDevice> {
  const device = new TalkingDevice(bench);
  device.version = version;
  await device.provision();
  return device;
}

test('knows 12.1 to 16.1, in their order, and common statuses since 14.0', (t) => {
  for (const version of ['2.5', '12.0', '14', '16.2', '']) t.false(isProtocolVersion(version), version);
  t.deepEqual([...protocolVersions], [...protocolVersions].sort());
  t.true(isSince('14.0', '12.1'));
  t.false(isSince('12.1', '14.0'));
  t.deepEqual(protocolVersions.filter(hasCommonStatuses), ['14.0', '14.1', '16.0', '16.1']);
});

test('Find came with 16.1, GetAttachment and raw mails went with 14.0', (t) => {
  const versionsOf = (name: string) => protocolVersions.filter((version) => isPartOf(findCommand(name)!, version));
  t.deepEqual(versionsOf('Find'), ['16.1']);
  t.deepEqual(versionsOf('GetAttachment'), ['12.1']);
  t.deepEqual(versionsOf('Sync'), [...protocolVersions]);
  for (const name of ['SendMail', 'SmartReply', 'SmartForward'])
    t.deepEqual(
      protocolVersions.filter((version) => isRaw(findCommand(name)!, version)),
      ['12.1'],
    );
});

test('a device that is not provisioned gets Status 142 since 14.0 and HTTP 449 at 12.1, and may choose its version anew', async (t) => {
  const bench = await openBench();
  for (const version of protocolVersions) {
    const device = new TalkingDevice(bench, `DEVICE${version}`);
    device.version = version;
    const answer = await device.post('FolderSync', folderSync('1'));
    t.is(answer.status, version === '12.1' ? 449 : 200, version);
    t.is(answer.root && text(answer.root, FolderHierarchy.Status), version === '12.1' ? undefined : '142');
    t.is(answer.headers['x-ms-rp'], '12.1,14.0,14.1,16.0,16.1');
    t.is(answer.headers['ms-asprotocolversions'], '12.1,14.0,14.1,16.0,16.1');
    t.true(String(answer.headers['ms-asprotocolcommands']).includes('FolderSync'));
  }
  await bench.close();
});

test('FolderSync with key 0 names the versions again, other answers do not', async (t) => {
  const bench = await openBench();
  const device = await deviceOf(bench, '14.1');
  t.is((await device.post('FolderSync', folderSync('0'))).headers['x-ms-rp'], '12.1,14.0,14.1,16.0,16.1');
  const later = await device.post('FolderSync', folderSync('1'));
  t.is(later.headers['x-ms-rp'], undefined);
  t.is(later.headers['ms-server-activesync'], '15.1');
  await bench.close();
});

test('12.1 is refused with HTTP codes and without a body where others read a Status above 100', async (t) => {
  const bench = await openBench();
  const device = await deviceOf(bench, '12.1');
  const codeOf = async (command: string, body?: Parameters<TalkingDevice['post']>[1]) => {
    const { status, octets } = await device.post(command, body);
    t.is(octets.length, 0);
    return status;
  };
  t.is(await codeOf('FolderSync'), 400, '101 without a body');
  t.is(await codeOf('FolderSync', Buffer.from('03016a0045', 'hex')), 400, '102');
  t.is(await codeOf('FolderSync', syncOf({ syncKey: '0', id: '1' })), 400, '103');
  t.is(await codeOf('Find', element(Search.Search)), 501, '137');
  device.policyKey = '77';
  t.is(await codeOf('FolderSync', folderSync('1')), 449, '144');
  await bench.close();
});

test('12.1 reads the statuses of a command itself as every version does', async (t) => {
  const bench = await openBench();
  const device = await deviceOf(bench, '12.1');
  const { status, root } = await device.post('FolderSync', folderSync('4711'));
  t.is(status, 200);
  t.is(text(root!, FolderHierarchy.Status), '9');
  await bench.close();
});

test('a blocked device gets 403 at 12.1', async (t) => {
  const bench = await openBench();
  const device = await deviceOf(bench, '12.1');
  const { devices } = bench.store.tables;
  await bench.store.transact(function* (tx) {
    yield tx.db.update(devices).set({ state: 'blocked' });
    tx.announce({ topic: 'access', userId: bench.user.id });
  });
  t.is((await device.post('FolderSync', folderSync('0'))).status, 403);
  await bench.close();
});

test('GetAttachment is refused with an HTTP code at every version, because it has no root', async (t) => {
  const bench = await openBench();
  for (const version of protocolVersions) {
    const device = await deviceOf(bench, version);
    const { status, octets } = await device.post('GetAttachment', undefined, { query: '&AttachmentName=7' });
    t.true(status >= 400 && status < 600, version);
    t.is(octets.length, 0);
  }
  await bench.close();
});

test('each common status has the HTTP code of its own command', (t) => {
  const codeOf = (status: number, command = 'Sync', hasPolicyKey = true) =>
    httpCodeOf({ command, status, hasPolicyKey });
  t.deepEqual(
    [101, 102, 103, 105, 108, 110, 111, 112, 113, 125, 126, 129, 130, 137, 141, 142, 143, 144, 177].map((status) =>
      codeOf(status),
    ),
    [400, 400, 400, 400, 400, 500, 503, 403, 507, 403, 403, 403, 403, 501, 449, 449, 449, 449, 403],
  );
  t.deepEqual([codeOf(106), codeOf(106, 'SendMail')], [400, 500]);
  t.deepEqual([codeOf(132), codeOf(132, 'Provision')], [403, 500]);
  t.deepEqual([codeOf(140), codeOf(140, 'Sync', false)], [449, 403]);
});

const head = { version: '12.1', policyKey: undefined };
const plain = `${path}?Cmd=SmartReply&User=ann&DeviceId=D&DeviceType=P`;

test('reads the parameters of the plain query and the header', (t) => {
  const query =
    '&ItemId=1%3A5&CollectionId=1&LongId=L&Occurrence=2026-01-28T13%3A07%3A40.000Z&AttachmentName=9&SaveInSent=T';
  t.deepEqual(readRequestLine({ ...head, url: plain + query }).parameters, {
    itemId: '1:5',
    collectionId: '1',
    longId: 'L',
    occurrence: '2026-01-28T13:07:40.000Z',
    attachmentName: '9',
    saveInSent: true,
    acceptMultiPart: false,
  });
  t.is(readRequestLine({ ...head, url: plain }).parameters, noParameters);
  t.is(readRequestLine({ ...head, url: plain }), readRequestLine({ ...head, url: plain }), 'a line is remembered');
  t.false(readRequestLine({ ...head, url: `${plain}&SaveInSent=F` }).parameters.saveInSent);
  t.true(readRequestLine({ ...head, url: plain, acceptMultiPart: 't' }).parameters.acceptMultiPart);
  t.false(readRequestLine({ ...head, url: plain, acceptMultiPart: 'F' }).parameters.acceptMultiPart);
});

test('does not remember a line that names an item', (t) => {
  const url = `${plain}&AttachmentName=9`;
  t.not(readRequestLine({ ...head, url }), readRequestLine({ ...head, url }));
});

const field = (tag: number, value: string | Buffer) =>
  Buffer.concat([Buffer.from([tag, value.length]), Buffer.from(value)]);

function base64Line(...fields: Buffer[]) {
  const octets = Buffer.concat([Buffer.from([141, 19, 9, 4, 1, 0x44, 0, 1, 0x50]), ...fields]);
  return readRequestLine({ version: undefined, policyKey: undefined, url: `${path}?${octets.toString('base64')}` });
}

test('reads the tagged fields of the base64 query', (t) => {
  const fields = [field(0, '9'), field(1, '1'), field(3, '1:5'), field(4, 'L'), field(6, 'O'), field(8, 'ann')];
  t.deepEqual(base64Line(...fields, field(7, Buffer.of(3))).parameters, {
    attachmentName: '9',
    collectionId: '1',
    itemId: '1:5',
    longId: 'L',
    occurrence: 'O',
    saveInSent: true,
    acceptMultiPart: true,
  });
  t.deepEqual(base64Line(field(7, Buffer.of(2))).parameters, { saveInSent: false, acceptMultiPart: true });
  t.is(base64Line(field(8, 'ann'), field(7, Buffer.of(0))).parameters, noParameters);
  t.is(base64Line(field(9, 'x')).parameters, noParameters, 'a tag that nobody knows');
});

test('refuses a tagged field without its length or value', (t) => {
  for (const cut of [Buffer.of(0), Buffer.of(0, 2, 0x39)])
    t.throws(() => base64Line(cut), { instanceOf: EasError, code: 'BAD_QUERY' });
});
