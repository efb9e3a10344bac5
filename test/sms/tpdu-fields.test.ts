// The fields of a TPDU one by one: addresses, times, periods, statuses, schemes, headers.

import test from 'ava';
import { readCodingScheme } from '../../src/sms/data-coding-scheme.js';
import { decodeGsm7 } from '../../src/sms/gsm7-text.js';
import { addressOf, type Address, encodeAddress, TypeOfNumber, writtenAddress } from '../../src/sms/tpdu/address.js';
import { decodeDeliver, encodeDeliver } from '../../src/sms/tpdu/deliver.js';
import { type StatusMeaning, statusMeaning, statusText } from '../../src/sms/tpdu/status.js';
import { decodeStatusReport } from '../../src/sms/tpdu/status-report.js';
import { decodeSubmit, encodeSubmit } from '../../src/sms/tpdu/submit.js';
import { encodeTimeStamp } from '../../src/sms/tpdu/time-stamp.js';
import { relativeValidity, validityUntil } from '../../src/sms/tpdu/validity-period.js';
import { concatenationOf, portsElement, portsOf } from '../../src/sms/user-data-header.js';

const destination = addressOf('+447700900123');

function octets(hex: string): Uint8Array {
  return Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

// A DELIVER from +44 7700 900123 with a GSM 7 bit text, up to what stands behind TP-SCTS.
const deliverHead = '04 0C 91 447700091032 00 00 62110341000000';

const addresses: [hex: string, written: string, address: Partial<Address>][] = [
  ['0C 91 447700091032', '+447700900123', { typeOfNumber: TypeOfNumber.International, numberingPlan: 1 }],
  ['0B 91 1346610089F6', '+31641600986', {}],
  ['05 81 2143F5', '12345', { typeOfNumber: TypeOfNumber.Unknown }],
  ['0B A1 7007900021F3', '07700900123', { typeOfNumber: TypeOfNumber.National }],
  ['03 C9 21F3', '123', { typeOfNumber: TypeOfNumber.Subscriber, numberingPlan: 9 }],
  ['07 81 BA10DCFE', '*#01abc', {}],
  ['00 81', '', {}],
  ['00 91', '', {}],
  ['00 D0', '', {}],
  ['07 D0 C2B07B0D', 'Bank', { typeOfNumber: TypeOfNumber.Alphanumeric, numberingPlan: 0 }],
  // 49 bits are 13 semi-octets: what is left of the last octet is no eighth letter.
  ['0D D0 D4321B4B978701', 'TelXtra', {}],
  ['14 D0 C8329BFD6681EE6F391B', 'Hello, worl', {}],
];

test('reads and writes addresses of every type', (t) => {
  for (const [hex, written, expected] of addresses) {
    const deliver = decodeDeliver(octets(`04 ${hex} 00 00 62110341000000 00`));
    t.is(writtenAddress(deliver.originator), written);
    t.deepEqual({ ...deliver.originator, ...expected }, deliver.originator);
    t.is(hexOf(encodeAddress(deliver.originator, 'TP-OA')), hexOf(octets(hex)));
  }
});

test('takes numbers and words as people write them for addresses', (t) => {
  t.deepEqual(addressOf('+447700900123'), { typeOfNumber: 1, numberingPlan: 1, value: '447700900123' });
  t.deepEqual(addressOf('07700900123'), { typeOfNumber: 0, numberingPlan: 1, value: '07700900123' });
  t.deepEqual(addressOf('*100#'), { typeOfNumber: 0, numberingPlan: 1, value: '*100#' });
  t.deepEqual(addressOf('Bank 24'), { typeOfNumber: 5, numberingPlan: 0, value: 'Bank 24' });
});

test('reads a number past fillers where none should stand', (t) => {
  t.is(writtenAddress(decodeDeliver(octets('04 06 91 44F7F7 00 00 62110341000000 00')).originator), '+4477');
});

const times: [hex: string, iso: string | undefined, offsetMinutes?: number][] = [
  ['FFFFFFFFFFFFFF', undefined],
  ['00000000000000', undefined],
  ['62310341000000', undefined], // the 13th month
  ['62601341000000', undefined], // the 31st of June
  ['62110041000000', undefined], // the 0th
  ['62110342000000', undefined], // 24 h
  ['62110341060000', undefined], // 60 min
  ['62110341000600', undefined], // 60 s
  ['621103410000FF', undefined], // no zone
  ['62110341000000', '2026-11-30T14:00:00.000Z', 0],
  ['62110341000040', '2026-11-30T13:00:00.000Z', 60],
  ['6211034100008A', '2026-11-30T21:00:00.000Z', -7 * 60],
  ['62110341000022', '2026-11-30T08:30:00.000Z', 330],
  ['6211034100009F', '2026-12-01T09:45:00.000Z', -79 * 15],
  ['99211332959500', '1999-12-31T23:59:59.000Z', 0],
  ['00209200000000', '2000-02-29T00:00:00.000Z', 0],
];

test('reads and writes times with their zone, and no time where there is none', (t) => {
  for (const [hex, iso, offsetMinutes] of times) {
    const { serviceCentreTime } = decodeDeliver(octets(`04 00 81 00 00 ${hex} 00`));
    t.is(serviceCentreTime?.instant.toISOString(), iso, hex);
    t.is(serviceCentreTime?.offsetMinutes, offsetMinutes, hex);
    if (serviceCentreTime !== undefined) t.is(hexOf(encodeTimeStamp(serviceCentreTime, 'TP-SCTS')), hex);
  }
});

test('writes zeros for a time that is not known', (t) => {
  const deliver = encodeDeliver({ originator: destination, serviceCentreTime: undefined });
  t.is(hexOf(deliver), '040C91447700091032' + '0000' + '00'.repeat(7) + '00');
  t.is(decodeDeliver(deliver).serviceCentreTime, undefined);
});

const periods: [minutes: number, octet: number][] = [
  [-Infinity, 0],
  [0, 0],
  [4, 0],
  [5, 0],
  [9.9, 0],
  [10, 1],
  [719, 142],
  [720, 143],
  [749, 143],
  [750, 144],
  [1439, 166],
  [1440, 167],
  [2879, 167],
  [2880, 168],
  [4 * 1440, 170], // AA
  [30 * 1440, 196],
  [35 * 1440 - 1, 196],
  [35 * 1440, 197],
  [63 * 7 * 1440, 255],
  [Infinity, 255],
];

test('rounds a validity period down to one that an octet can say', (t) => {
  for (const [minutes, octet] of periods) t.is(relativeValidity(minutes), octet, String(minutes));
  const now = Date.parse('2026-11-30T14:00:00Z');
  t.deepEqual(validityUntil(now + 26 * 3_600_000, now), { format: 'relative', minutes: 1440 });
});

test('reads the validity of a SUBMIT in every format', (t) => {
  const read = (first: string, validity: string) =>
    decodeSubmit(octets(`${first} 00 00 81 00 00 ${validity} 00`)).validity;
  t.is(read('01', ''), undefined);
  t.deepEqual(read('11', 'AA'), { format: 'relative', minutes: 4 * 1440 });
  t.deepEqual(read('19', '62110341000040'), {
    format: 'absolute',
    until: { instant: new Date('2026-11-30T13:00:00Z'), offsetMinutes: 60 },
  });
  t.deepEqual(read('19', 'FFFFFFFFFFFFFF'), { format: 'absolute', until: undefined });
  const enhanced: [hex: string, seconds: number | undefined, singleShot: boolean][] = [
    ['00000000000000', undefined, false],
    ['41A70000000000', 86_400, true],
    ['022D0000000000', 45, false],
    ['02000000000000', undefined, false],
    ['03211234000000', 12 * 3600 + 21 * 60 + 43, false],
    ['032112F4000000', undefined, false],
    ['03210634000000', undefined, false],
    ['07FF0000000000', undefined, false],
    ['8200 2D00000000', 45, false],
  ];
  for (const [hex, seconds, singleShot] of enhanced)
    t.deepEqual(read('09', hex), { format: 'enhanced', seconds, singleShot }, hex);
});

test('writes an enhanced validity in the format that says it best', (t) => {
  const written = (seconds: number | undefined, singleShot = false) =>
    hexOf(encodeSubmit({ destination: addressOf(''), validity: { format: 'enhanced', seconds, singleShot } })).slice(
      12,
      26,
    );
  t.is(written(undefined, true), '40000000000000');
  t.is(written(45), '022D0000000000');
  t.is(written(255.9, true), '42FF0000000000');
  t.is(written(12 * 3600 + 21 * 60 + 43), '03211234000000');
  t.is(written(8 * 86_400), '01AE0000000000');
});

test('knows every status of a status report', (t) => {
  const statuses: [status: number, meaning: StatusMeaning, words: RegExp][] = [
    [0x00, 'done', /^received/],
    [0x02, 'done', /^replaced/],
    [0x1f, 'done', /centre itself/],
    [0x20, 'trying', /^congestion/],
    [0x25, 'trying', /error/],
    [0x30, 'trying', /centre itself/],
    [0x3f, 'trying', /centre itself/],
    [0x2f, 'trying', /reserved/],
    [0x40, 'permanent', /procedure/],
    [0x46, 'permanent', /expired/],
    [0x5f, 'permanent', /centre itself/],
    [0x60, 'gave-up', /congestion/],
    [0x7f, 'gave-up', /centre itself/],
    [0x80, 'gave-up', /reserved/],
    [0xff, 'gave-up', /reserved/],
  ];
  for (const [status, meaning, words] of statuses) {
    t.is(statusMeaning(status), meaning, status.toString(16));
    t.regex(statusText(status), words, status.toString(16));
  }
});

test('reads flags of a DELIVER, and takes the reserved type for one', (t) => {
  const plain = decodeDeliver(octets(`${deliverHead} 05 E8329BFD06`));
  t.like(plain, { moreMessages: false, loopPrevention: false, reportReturned: false, replyPath: false, text: 'hello' });
  const flagged = decodeDeliver(octets(`AB ${deliverHead.slice(3)} 05 E8329BFD06`));
  t.like(flagged, { moreMessages: true, loopPrevention: true, reportReturned: true, replyPath: true, text: 'hello' });
});

test('reads a status report with and without what may stand behind it', (t) => {
  const head = '06 2A 0C 91 447700091032 62110341000040 62110341500040 46';
  const bare = decodeStatusReport(octets(head));
  t.like(bare, { messageReference: 42, status: 0x46, meaning: 'permanent', aboutCommand: false, moreMessages: false });
  t.is(writtenAddress(bare.recipient), '+447700900123');
  t.deepEqual(bare.dischargeTime, { instant: new Date('2026-11-30T13:05:00Z'), offsetMinutes: 60 });
  t.is(bare.protocolIdentifier, undefined);
  t.is(bare.userData, undefined);
  const full = decodeStatusReport(octets(`46 ${head.slice(3)} 87 00 40 08 08 05 0003AA0201 0441 FF`));
  t.is(full.protocolIdentifier, 0x40);
  t.like(full.userData, { dataCodingScheme: 8, text: '\u0441' });
  t.deepEqual(concatenationOf(full.userData?.header ?? []), { reference: 0xaa, total: 2, part: 1 });
  for (const cut of ['01', '07 00', '04 A1', '04 05 E832', '80'])
    t.like(decodeStatusReport(octets(`${head} ${cut}`)), { status: 0x46, userData: undefined }, cut);
});

test('reads what every other alphabet and an unknown one says', (t) => {
  const read = (scheme: string, rest: string) =>
    decodeDeliver(octets(`${deliverHead.replace('00 6211', `${scheme} 6211`)} ${rest}`));
  t.is(read('08', '04 D83DDE00').text, '😀');
  t.is(read('08', '03 044F00').text, 'я');
  t.is(read('E8', '02 044F').text, 'я');
  t.is(read('0C', '05 E8329BFD06').text, 'hello');
  t.is(read('8F', '05 E8329BFD06').text, 'hello');
  t.deepEqual(read('F5', '02 0102').data, octets('0102'));
  t.deepEqual(read('04', '00').data, octets(''));
  t.like(read('20', '02 0102'), { text: '', data: octets('0102') });
});

test('tells what a coding scheme says besides', (t) => {
  t.like(readCodingScheme(0x10), { messageClass: 0, compressed: false, reserved: false });
  t.like(readCodingScheme(0x6a), {
    alphabet: 'ucs2',
    messageClass: undefined,
    compressed: true,
    deletedOnceRead: true,
  });
  t.like(readCodingScheme(0xf7), { alphabet: 'data', messageClass: 3 });
  t.deepEqual(readCodingScheme(0xc8).waiting, { kind: 'voicemail', active: true, kept: false });
  t.deepEqual(readCodingScheme(0xd1).waiting, { kind: 'fax', active: false, kept: true });
  t.deepEqual(readCodingScheme(0xea).waiting, { kind: 'mail', active: true, kept: true });
  t.deepEqual(readCodingScheme(0xef).waiting, { kind: 'other', active: true, kept: true });
  t.true(readCodingScheme(0x9f).reserved);
});

test('reads escapes without a character as the document asks', (t) => {
  t.is(decodeGsm7(Uint8Array.of(0x1b, 0x65)), '€');
  t.is(decodeGsm7(Uint8Array.of(0x1b, 0x41)), 'A');
  t.is(decodeGsm7(Uint8Array.of(0x61, 0x1b)), 'a ');
  t.is(decodeGsm7(Uint8Array.of(0x1b, 0x1b, 0x65)), ' €');
  t.is(decodeGsm7(Uint8Array.of(0x1b, 0x67), { single: 1 }), 'ğ');
  t.is(decodeGsm7(Uint8Array.of(0x1b, 0x67), { single: 200, locking: 2 }), 'g');
  t.is(decodeGsm7(Uint8Array.of(0x00, 0x61), { locking: 7 }), ' a');
});

test('keeps unknown elements of a header, and reads on behind one that counts wrongly', (t) => {
  const headed = `4${deliverHead.slice(1).replace('00 6211', '04 6211')}`;
  const kept = decodeDeliver(octets(`${headed} 0B 08 7001FF 0003AB0201 4142`));
  t.is(kept.header.length, 2);
  t.like(kept.header[0], { identifier: 0x70 });
  const wrong = decodeDeliver(octets(`${headed} 06 03 00 03 01 4142`));
  t.deepEqual(wrong.header, []);
  t.deepEqual(wrong.data, octets('4142'));
});

test('reads the ports of either width, and the last where there are several', (t) => {
  t.is(portsOf([]), undefined);
  t.is(portsOf([{ identifier: 5, data: octets('0B84') }]), undefined);
  t.deepEqual(portsOf([{ identifier: 4, data: octets('F02A') }]), { destination: 0xf0, source: 0x2a });
  t.deepEqual(portsOf([{ identifier: 4, data: octets('F02A') }, portsElement({ destination: 2948, source: 9200 })]), {
    destination: 2948,
    source: 9200,
  });
});
