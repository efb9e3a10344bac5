// What leaves through an HTTP gateway, before programs that nobody here wrote: wireshark reads the SUBMITs and the WSP and
// WBXML in them, libwbxml the documents, libsynthesis the notifications and their digests, openssl the MACs.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { pino } from 'pino';
import { keyOf } from '../../src/push/prov/security.js';
import { readPush, securityOf } from '../../src/push/read-push.js';
import { startServer } from '../../src/server.js';
import { addressOf } from '../../src/sms/tpdu/address.js';
import { encodeSubmit } from '../../src/sms/tpdu/submit.js';
import { readUserDataHeader } from '../../src/sms/user-data-header.js';
import { decode } from '../../src/wbxml/decode.js';
import { SyncMl11Document } from '../../src/wbxml/syncml/document.js';
import { toXml } from '../../src/wbxml/xml.js';
import { isAbsent } from './libwbxml.js';

const folder = mkdtempSync(join(tmpdir(), 'easms-push-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const sources = new URL('../../../test/peers/', import.meta.url);
const beside = (name: string): string => fileURLToPath(new URL(name, sources));
const number = '+447700900123';

/** One HTTP request of a part. */
interface Part {
  udh: Buffer;
  data: Buffer;
  parts: number;
  dcs: number;
}

interface Sent {
  parts: Part[];
  /** Joined: the WSP PDU. */
  pdu: Buffer;
}

const imsi = '466923103145252';
const device = {
  number,
  imei: '004999010640000',
  imsi,
  serverId: 'sync.example.com',
  password: 'secret',
  nonce: 'bm9uY2Ux',
  folders: [
    { uri: './Contacts', contentType: 7, syncType: 206 },
    { uri: './Calendar', contentType: 6, syncType: 209 },
  ],
};
const sync = { url: 'http://sync.example.com/sync', port: 80, user: 'user', password: 'pass', authType: 'HTTP-BASIC' };
const databases = [{ uri: './Contacts', name: 'Contacts', accept: 'text/x-vcard', syncType: 2 }];

interface Row {
  name: string;
  path: 'notify' | 'configure';
  body: object;
  /** What wireshark has to say of it. */
  wanted: readonly (string | RegExp)[];
}

const oma = (
  name: string,
  profile: string,
  parameters: object,
  security: object,
  ...wanted: (string | RegExp)[]
): Row => ({
  name,
  path: 'configure',
  body: { number, format: 'oma', profile, parameters, ...security },
  wanted: ['(2948)', 'application/vnd.wap.connectivity-wbxml', '</wap-provisioningdoc>', ...wanted],
});

const rows: readonly Row[] = [
  {
    name: 'notification of OMA DS 1.2',
    path: 'notify',
    body: { device: 'new', uiMode: 'informative', sessionId: 4660 },
    wanted: ['(2948)', 'media type identifier 0x4E', 'x-wap-application:push.syncml'],
  },
  {
    name: 'alert of SyncML 1.1',
    path: 'notify',
    body: { device: 'old' },
    wanted: ['media type identifier 0x303', '<Alert>', "'206'", "'./Contacts'", 'text/x-vcard'],
  },
  oma('w5, signed by a PIN', 'w5', { ...sync, databases }, { security: 'userpin', pin: '1234' }, 'SEC=USERPIN', "'w5'"),
  oma('w5, signed by the card', 'w5', { ...sync, databases }, { security: 'netwpin', imsi }, 'SEC=NETWPIN', 'APPAUTH'),
  oma(
    'w7, signed by both',
    'w7',
    { ...sync, serverId: 'dm' },
    { security: 'usernetwpin', imsi, pin: '1234' },
    'SEC=USERNETWPIN',
    "'w7'",
  ),
  oma('e-mail', 'email', { address: 'a@example.com', smtpServer: 's', imap4Server: 'i' }, {}, "'143'", "'25'"),
  oma(
    'browser',
    'browser',
    { name: 'Web', apn: 'internet', proxy: '192.0.2.1', proxyPort: 8080, homepage: 'http://x/' },
    {},
    "'w2'",
    'NAPDEF',
    'PXPHYSICAL',
  ),
  oma(
    'Exchange ActiveSync',
    'activesync',
    { server: 'mail.example.com', user: 'ann' },
    { security: 'usernetwpin', imsi, pin: '1234' },
    'Connection',
    'mail.example.com',
  ),
  {
    name: 'browser settings of Nokia',
    path: 'configure',
    body: {
      number,
      format: 'ota',
      profile: 'browser',
      parameters: { name: 'Web', bearer: 'GPRS', apn: 'internet', port: '9201', homepage: 'http://x/' },
    },
    wanted: ['(49999)', 'application/x-wap-prov.browser-settings', '</CHARACTERISTIC-LIST>', 'GPRS'],
  },
  {
    name: 'bookmark of Nokia',
    path: 'configure',
    body: { number, format: 'ota', profile: 'bookmark', parameters: { name: 'Web', url: 'http://x/' } },
    wanted: ['(49999)', 'application/x-wap-prov.browser-bookmarks', 'http://x/'],
  },
  {
    name: 'SyncML settings of Nokia',
    path: 'configure',
    body: {
      number,
      format: 'ota',
      profile: 'sync',
      parameters: {
        name: 'S',
        url: 'http://sync.example.com/sync',
        databases: [{ uri: './C', accept: 'text/x-vcard' }],
      },
    },
    wanted: ['(49996)', 'application/vnd.nokia.syncset+wbxml', 'http://sync.example.com/sync'],
  },
  {
    name: 'service indication',
    path: 'configure',
    body: {
      number,
      format: 'si',
      profile: 'link',
      parameters: { url: 'http://x/', text: 'You have mail', created: '2024-05-06T07:08:00Z' },
    },
    wanted: ['(2948)', 'application/vnd.wap.sic', 'You have mail', '<indication'],
  },
];

/** A server whose one gateway is an HTTP sink: what came there for each row, in the same order. */
async function sendAll(t: ExecutionContext): Promise<Sent[]> {
  const heard: Part[] = [];
  let wake = (): void => undefined;
  const sink = createServer((request, response) => {
    const { searchParams: query } = new URL(request.url!, 'http://sink');
    const udh = Buffer.from(query.get('udh')!, 'hex');
    t.is(udh[0], udh.length - 1, 'the header begins with its length');
    const data = Buffer.from(query.get('data')!, 'hex');
    heard.push({ udh: udh.subarray(1), data, parts: Number(query.get('parts')), dcs: Number(query.get('dcs')) });
    response.end('ok');
    wake();
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const log = pino({ level: 'silent' });
  const server = await startServer({
    dataDir: join(folder, 'data'),
    host: '127.0.0.1',
    port: 0,
    adminToken: 'token',
    log,
  });
  const ask = async (method: string, path: string, body: object): Promise<void> => {
    const headers = { authorization: 'Bearer token', 'content-type': 'application/json' };
    const answer = await fetch(`${server.http}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  try {
    const query = 'to=%number%&udh=%udh;len;hex%&data=%data;hex%&parts=%parts%&dcs=%dcs%';
    const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/?${query}`;
    await ask('PUT', '/gateways/sink', { type: 'http', url, method: 'GET', concurrency: 1 });
    await ask('PUT', '/push/devices/new', device);
    await ask('PUT', '/push/devices/old', { ...device, protocol: 'syncml-1.1', serverId: 'http://sync.example.com/' });
    const all: Sent[] = [];
    for (const { path, body } of rows) {
      heard.length = 0;
      await ask('POST', `/push/${path}`, body);
      while (heard.length === 0 || heard.length < heard[0]!.parts)
        await new Promise<void>((resolve) => (wake = resolve));
      const parts = [...heard];
      all.push({ parts, pdu: Buffer.concat(parts.map(({ data }) => data)) });
    }
    return all;
  } finally {
    await server.close();
    sink.close();
  }
}

let sent: Promise<Sent[]> | undefined;
const sentOnce = (t: ExecutionContext): Promise<Sent[]> => (sent ??= sendAll(t));

const quiet = { stdio: ['pipe', 'pipe', 'ignore'] as 'pipe'[], encoding: 'utf8' } as const;

function dissect({ parts }: Sent): string {
  const tpdus = parts.map(({ udh, data, dcs }) =>
    encodeSubmit({
      destination: addressOf(number),
      dataCodingScheme: dcs,
      header: readUserDataHeader(udh)!,
      text: '',
      data,
    }),
  );
  // I: from the phone to the centre.
  const input = tpdus
    .map((tpdu) => `I\n000000 ${Buffer.from(tpdu).toString('hex').match(/../g)!.join(' ')}\n`)
    .join('');
  const file = join(folder, 'push.pcapng');
  execFileSync('text2pcap', ['-q', '-D', '-P', 'gsm_sms', '-', file], { ...quiet, input });
  return execFileSync('tshark', ['-X', `lua_script:${beside('wap-ports.lua')}`, '-r', file, '-V'], quiet);
}

for (const [n, { name, wanted }] of rows.entries())
  test(`wireshark reads the SUBMITs of: ${name}`, async (t) => {
    if (isAbsent(t, 'tshark') || isAbsent(t, 'text2pcap')) return;
    const one = (await sentOnce(t))[n]!;
    t.true(one.parts.every(({ udh, data }) => 1 + udh.length + data.length <= 140));
    const tree = dissect(one);
    t.false(/Malformed|token not defined/.test(tree));
    t.is(tree.match(/^GSM SMS TPDU \(GSM 03\.40\) SMS-SUBMIT$/gm)?.length, one.parts.length);
    for (const each of wanted) t.true(typeof each === 'string' ? tree.includes(each) : each.test(tree), String(each));
  });

test('wireshark finds what is wrong in a configuration with a changed octet', async (t) => {
  if (isAbsent(t, 'tshark') || isAbsent(t, 'text2pcap')) return;
  const { parts, pdu } = (await sentOnce(t))[5]!;
  const broken = parts.map((part) => ({ ...part, data: Buffer.from(part.data) }));
  const at = pdu.indexOf(Buffer.from('030b6a00', 'hex')) + 5;
  broken[0]!.data[at] = 0x7f;
  t.regex(dissect({ parts: broken, pdu }), /Malformed|token not defined/);
});

const hasDocument = rows.flatMap(({ name }, n) => (/notification|SyncML settings/.test(name) ? [] : [n]));

for (const n of hasDocument)
  test(`libwbxml reads the document of: ${rows[n]!.name}`, async (t) => {
    if (isAbsent(t, 'wbxml2xml')) return;
    const push = readPush((await sentOnce(t))[n]!.pdu);
    const language = push.kind === 'settings' ? ['-l', 'OTA'] : [];
    const options = { input: push.body, encoding: 'utf8' as const, stdio: ['pipe', 'pipe', 'ignore'] as 'pipe'[] };
    const theirs = execFileSync('wbxml2xml', [...language, '-m', '0', '-o', '-', '-'], options);
    const ours = 'document' in push ? push.document : toXml(decode(push.body, SyncMl11Document), SyncMl11Document);
    t.deepEqual(words(theirs), words(ours));
    t.true(words(theirs).length > 2);
  });

// Names and values in their order, however the XML is laid out. A date is the one thing that is written otherwise.
function words(xml: string): string[] {
  const body = xml.slice(xml.search(/<[A-Za-z]/));
  return [...body.matchAll(/"([^"]*)"|>([^<>]*[^<>\s][^<>]*)</g)].map(([, value, text]) =>
    (value ?? text ?? '').trim(),
  );
}

test('openssl makes the same MAC of every signed document', async (t) => {
  if (isAbsent(t, 'openssl')) return;
  let signed = 0;
  for (const [n, { pdu }] of (await sentOnce(t)).entries()) {
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

test('libsynthesis reads the notifications, and finds the digest right, and wrong with another password', async (t) => {
  if (sanCheck === undefined) {
    t.log('skipped: g++, objcopy or libsynthesis-dev is not installed');
    return t.pass();
  }
  const [first, second] = (await sentOnce(t)).map(({ pdu }) => readPush(pdu));
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
});
