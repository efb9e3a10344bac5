// What encode() writes, octet by octet, and what it makes of text that the wire cannot hold.

import test from 'ava';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { ComposeMail } from '../../src/wbxml/airsync/compose-mail.js';
import { FolderHierarchy } from '../../src/wbxml/airsync/folder-hierarchy.js';
import { decode } from '../../src/wbxml/decode.js';
import { child, element, text, type Element } from '../../src/wbxml/element.js';
import { encode } from '../../src/wbxml/encode.js';
import { WbxmlError } from '../../src/wbxml/errors.js';
import { limits } from '../../src/wbxml/limits.js';

function hexOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

function nested(depth: number): Element {
  let inner = element(AirSync.Sync);
  for (let level = 1; level < depth; level++) inner = element(AirSync.Sync, [inner]);
  return inner;
}

test('refuses a tag that the document type does not have, wherever it stands', (t) => {
  const place = { code: 'UNKNOWN_TOKEN', page: 0, token: 0x2a };
  t.like(
    t.throws(() => encode(element(0x002a)), { instanceOf: WbxmlError }),
    place,
  );
  t.like(
    t.throws(() => encode(element(AirSync.Sync, [element(0x002a)])), { instanceOf: WbxmlError }),
    place,
  );
});

test('refuses numbers that are no tag at all', (t) => {
  for (const tag of [0x0045, 0x0004, 0x0305, 0x1a05, 0x10005, -1, 0.5, Number.NaN]) {
    t.throws(() => encode(element(tag)), { instanceOf: WbxmlError, code: 'UNKNOWN_TOKEN' }, String(tag));
  }
});

test('refuses a tree deeper than decode would read', (t) => {
  t.deepEqual(decode(encode(nested(limits.depth))), nested(limits.depth));
  t.throws(() => encode(nested(limits.depth + 1)), { instanceOf: WbxmlError, code: 'TOO_DEEP' });
});

test('writes the next document whole after one that was refused', (t) => {
  t.throws(() => encode(element(AirSyncBase.Body, [element(0x002a)])));
  t.is(hexOf(encode(element(AirSync.Sync))), '03016a0005');
});

test('writes the request that two other programs wrote', (t) => {
  const request = element(FolderHierarchy.FolderSync, [element(FolderHierarchy.SyncKey, '0')]);
  t.is(hexOf(encode(request)), '03016a000007565203300001' + '01');
});

test('switches the page where the next tag needs it and not before END', (t) => {
  const tree = element(AirSync.ApplicationData, [
    element(AirSyncBase.Body, [element(AirSyncBase.Type, '1')]),
    element(AirSync.Class, 'SMS'),
  ]);
  t.is(
    hexOf(encode(tree)),
    '03016a00' + '5d' + '0011' + '4a' + '46033100' + '01' + '01' + '0000' + '5003534d5300' + '01' + '01',
  );
});

test('writes the empty forms of content as an empty tag', (t) => {
  for (const content of ['', [], new Uint8Array(0), undefined]) {
    t.is(hexOf(encode(element(AirSync.GetChanges, content))), '03016a0013');
  }
});

test('writes the length of opaque octets as mb_u_int32', (t) => {
  const headOf = (length: number) =>
    hexOf(encode(element(ComposeMail.Mime, new Uint8Array(length))).subarray(6, 12)).slice(0, 12);
  t.true(headOf(1).startsWith('50c301'));
  t.true(headOf(127).startsWith('50c37f'));
  t.true(headOf(128).startsWith('50c38100'));
  t.true(headOf(160).startsWith('50c38120'));
  t.true(headOf(16_384).startsWith('50c3818000'));
  t.true(headOf(2_097_152).startsWith('50c381808000'));
});

test('grows for a document beyond its buffer and is whole again for the next', (t) => {
  const clientId = 'é'.repeat(100_000);
  const mime = new Uint8Array(3_000_000).fill(7);
  const long = element(ComposeMail.SendMail, [
    element(ComposeMail.ClientId, clientId),
    element(ComposeMail.Mime, mime),
  ]);
  const back = decode(encode(long));
  t.true(text(back, ComposeMail.ClientId) === clientId);
  t.is(Buffer.compare(child(back, ComposeMail.Mime)?.content as Uint8Array, mime), 0);
  t.is(hexOf(encode(element(AirSync.Sync))), '03016a0005');
});

test('leaves opaque octets as they are, whatever they hold', (t) => {
  const octets = Uint8Array.from({ length: 256 }, (_, octet) => octet);
  t.deepEqual(decode(encode(element(ComposeMail.Mime, octets))).content, octets);
});

test('gives each document octets of its own', (t) => {
  const first = encode(element(AirSync.SyncKey, '1'));
  encode(element(AirSync.SyncKey, '2'));
  t.is(hexOf(first), '03016a004b03310001');
});

const written = (dirty: string) =>
  text(decode(encode(element(AirSync.Sync, [element(AirSync.SyncKey, dirty)]))), AirSync.SyncKey);

test('leaves out NUL, controls and U+FFFE and U+FFFF, which XML cannot hold, and keeps tab, LF and CR', (t) => {
  t.is(written('a\uFFFEb\uFFFFc\uFFFD'), 'abc\uFFFD');
  t.is(written('long '.repeat(100) + '\0\uFFFF!'), 'long '.repeat(100) + '!');
  t.is(written('a\0b\u0001\u0008\u000B\u000C\u001Fc'), 'abc');
  t.is(written('a\tb\r\nc\u007F'), 'a\tb\r\nc\u007F');
  t.is(written('\0'), '');
});

test('writes U+FFFD for half of a surrogate pair', (t) => {
  t.is(written('a\uD83Db'), 'a\uFFFDb');
  t.is(written('\uDC4B\uD83D'), '\uFFFD\uFFFD');
  t.is(written('👋\uD83D👋'), '👋\uFFFD👋');
});

test('writes the shortest and the longest character of each length of UTF-8', (t) => {
  const edges = ' \u007F\u0080\u07FF\u0800\uD7FF\uE000\uFFFD\u{10000}\u{10FFFF}';
  t.deepEqual(encode(element(AirSync.SyncKey, edges)).slice(6, -2), new Uint8Array(Buffer.from(edges)));
});
