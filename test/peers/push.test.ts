// What leaves through a modem and through an HTTP gateway, before programs that nobody here wrote: wireshark reads the SUBMITs and
// the WSP and WBXML in them, libwbxml the documents, libsynthesis the notifications and their digests, openssl the MACs. At the
// end the table says of each message which of them accepted it, and on which way.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { keyOf } from '../../src/push/prov/security.js';
import { readPush, securityOf } from '../../src/push/read-push.js';
import { decode } from '../../src/wbxml/decode.js';
import { SyncMl11Document } from '../../src/wbxml/syncml/document.js';
import { toXml } from '../../src/wbxml/xml.js';
import { isAbsent } from './libwbxml.js';
import { imsi, rows } from './push-rows.js';
import { sendAll, type Sent, type Way, ways } from './push-sent.js';

const folder = mkdtempSync(join(tmpdir(), 'easms-push-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const sources = new URL('../../../test/peers/', import.meta.url);
const beside = (name: string): string => fileURLToPath(new URL(name, sources));

let sent: Promise<Record<Way, Sent[]>> | undefined;
const sentOnce = async (way: Way): Promise<Sent[]> => (await (sent ??= sendAll()))[way];

const verifiers = ['tshark', 'libwbxml', 'libsynthesis', 'openssl'] as const;
type Verifier = (typeof verifiers)[number];
const accepted = new Set<string>();

function accept(n: number, way: Way, verifier: Verifier): void {
  accepted.add(`${n} ${way} ${verifier}`);
}

test.after.always('the table', (t) => {
  const cell = (n: number, verifier: Verifier): string =>
    ways.filter((way) => accepted.has(`${n} ${way} ${verifier}`)).join(' ') || '-';
  const lines = rows.map(({ name }, n) => [name, ...verifiers.map((verifier) => cell(n, verifier))]);
  const line = ([name = '', ...cells]: string[]): string =>
    name.padEnd(34) + cells.map((each) => each.padEnd(14)).join('');
  t.log([line(['message', ...verifiers]), ...lines.map(line)].join('\n'));
});

const quiet = { stdio: ['pipe', 'pipe', 'ignore'] as 'pipe'[], encoding: 'utf8' } as const;

function dissect(tpdus: readonly Uint8Array[]): string {
  // I: from the phone to the centre.
  const input = tpdus
    .map((tpdu) => `I\n000000 ${Buffer.from(tpdu).toString('hex').match(/../g)!.join(' ')}\n`)
    .join('');
  const file = join(folder, 'push.pcapng');
  execFileSync('text2pcap', ['-q', '-D', '-P', 'gsm_sms', '-', file], { ...quiet, input });
  return execFileSync('tshark', ['-X', `lua_script:${beside('wap-ports.lua')}`, '-r', file, '-V'], quiet);
}

const eachWay = rows.flatMap((row, n) => ways.map((way) => ({ ...row, n, way })));

for (const { n, way, name, wanted } of eachWay)
  test(`wireshark reads the SUBMITs of: ${name}, through ${way}`, async (t) => {
    if (isAbsent(t, 'tshark') || isAbsent(t, 'text2pcap')) return;
    const { tpdus } = (await sentOnce(way))[n]!;
    const tree = dissect(tpdus);
    t.false(/Malformed|token not defined/.test(tree));
    t.is(tree.match(/^GSM SMS TPDU \(GSM 03\.40\) SMS-SUBMIT$/gm)?.length, tpdus.length);
    for (const each of wanted) t.true(typeof each === 'string' ? tree.includes(each) : each.test(tree), String(each));
    accept(n, way, 'tshark');
  });

test('wireshark finds what is wrong in a configuration with a changed octet', async (t) => {
  if (isAbsent(t, 'tshark') || isAbsent(t, 'text2pcap')) return;
  const [tpdu, ...others] = (await sentOnce('modem'))[5]!.tpdus;
  const broken = Buffer.from(tpdu!);
  broken[broken.indexOf(Buffer.from('030b6a00', 'hex')) + 5] = 0x7f;
  t.regex(dissect([broken, ...others]), /Malformed|token not defined/);
});

const withDocument = eachWay.filter(({ name }) => !/notification|SyncML settings/.test(name));

for (const { n, way, name } of withDocument)
  test(`libwbxml reads the document of: ${name}, through ${way}`, async (t) => {
    if (isAbsent(t, 'wbxml2xml')) return;
    const push = readPush((await sentOnce(way))[n]!.pdu);
    const language = push.kind === 'settings' ? ['-l', 'OTA'] : [];
    const options = { input: push.body, encoding: 'utf8' as const, stdio: ['pipe', 'pipe', 'ignore'] as 'pipe'[] };
    const theirs = execFileSync('wbxml2xml', [...language, '-m', '0', '-o', '-', '-'], options);
    const ours = 'document' in push ? push.document : toXml(decode(push.body, SyncMl11Document), SyncMl11Document);
    t.deepEqual(words(theirs), words(ours));
    t.true(words(theirs).length > 2);
    accept(n, way, 'libwbxml');
  });

// Names and values in their order, however the XML is laid out. A date is the one thing that is written otherwise.
function words(xml: string): string[] {
  const body = xml.slice(xml.search(/<[A-Za-z]/));
  return [...body.matchAll(/"([^"]*)"|>([^<>]*[^<>\s][^<>]*)</g)].map(([, value, text]) =>
    (value ?? text ?? '').trim(),
  );
}

for (const way of ways)
  test(`openssl makes the same MAC of every signed document, through ${way}`, async (t) => {
    if (isAbsent(t, 'openssl')) return;
    let signed = 0;
    for (const [n, { pdu }] of (await sentOnce(way)).entries()) {
      const push = readPush(pdu);
      const { mac } = push.contentType;
      if (mac === undefined) continue;
      signed++;
      const { pin } = rows[n]!.body as { pin?: string };
      const key = expectedKey(securityOf(push.contentType)!, pin);
      t.is(key, Buffer.from(keyOf(securityOf(push.contentType) as 'userpin', { pin, imsi })).toString('hex'));
      const words = ['dgst', '-sha1', '-mac', 'HMAC', '-macopt', `hexkey:${key}`];
      const said = execFileSync('openssl', words, { input: push.body, encoding: 'utf8' });
      t.is(said.trim().split(' ').at(-1)!.toUpperCase(), mac);
      accept(n, way, 'openssl');
    }
    t.is(signed, 4);
  });

// Written out: 466923103145252 as the card keeps it, and the digits of 1234.
function expectedKey(security: string, pin: string | undefined): string {
  const card = security === 'userpin' ? '' : '4966291330412525';
  return card + (pin === undefined || security === 'netwpin' ? '' : '31323334');
}

/** Built once; `undefined` where something for it is missing. */
const sanCheck = ((): string | undefined => {
  const archive = spawnSync('g++', ['-print-file-name=libsynthesissdk.a'], { encoding: 'utf8' }).stdout?.trim() ?? '';
  if (!archive.startsWith('/') || spawnSync('objcopy', ['--version']).error) return undefined;
  const [library, program] = [join(folder, 'sdk.a'), join(folder, 'san-check')];
  // Debian's archive calls smlLibMemcpy as a function, which the library beside it has as a pointer.
  execFileSync('objcopy', ['--redefine-sym', 'smlLibMemcpy=memcpy', archive, library]);
  execFileSync('g++', ['-std=c++14', '-w', '-o', program, beside('san-check.cpp'), library, '-lsmltk', '-lpthread']);
  return program;
})();

for (const way of ways)
  test(`libsynthesis reads the notifications, and finds the digest right, and wrong with another password, through ${way}`, async (t) => {
    if (sanCheck === undefined) {
      t.log('skipped: g++, objcopy or libsynthesis-dev is not installed');
      return t.pass();
    }
    const [first, second] = (await sentOnce(way)).map(({ pdu }) => readPush(pdu));
    const ask = (...more: string[]): string => execFileSync(sanCheck, more, { encoding: 'utf8' });
    const digits = Buffer.from(first!.body).toString('hex');
    const read = ask('2', digits, 'sync.example.com', 'secret', 'bm9uY2Ux');
    t.is(
      read,
      'version 12\nui 2 initiator 1 session 4660\nserver sync.example.com\n' +
        'sync 206 0x7 ./Contacts\nsync 209 0x6 ./Calendar\ndigest right\n',
    );
    t.regex(ask('2', digits, 'sync.example.com', 'other', 'bm9uY2Ux'), /digest wrong/);
    const alert = ask('1', Buffer.from(second!.body).toString('hex'));
    t.regex(alert, /^version 11\n/);
    t.regex(alert, /sync 206 0x\w+ \.\/Contacts\n/);
    for (const n of [0, 1]) accept(n, way, 'libsynthesis');
  });
