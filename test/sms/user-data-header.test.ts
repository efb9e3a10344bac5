import test from 'ava';
import fc from 'fast-check';
import { countBinaryParts, splitBinary } from '../../src/sms/binary-parts.js';
import {
  concatenationOf,
  readUserDataHeader,
  withoutLengthOctet,
  writeUserDataHeader,
} from '../../src/sms/user-data-header.js';
import { readBase64, readBinary } from '../../src/sms/written-binary.js';

const octets = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const hexOf = (written: Uint8Array): string => Buffer.from(written).toString('hex').toUpperCase();

// The head of src/sms/user-data-header.ts draws it.
const drawn = '05 04 0B 84 23 F0 00 03 2A 02 01';

test('reads no header whose last element is cut or has octets behind it', (t) => {
  for (const cut of ['00', '00 03', '00 03 2A 02', `${drawn} 00`, '00 00 01'])
    t.is(readUserDataHeader(octets(cut)), undefined, cut);
});

test('ignores a concatenation that counts wrongly or has another length', (t) => {
  for (const wrong of ['00 03 2A 00 00', '00 03 2A 02 00', '00 03 2A 02 03', '00 02 2A 02', '00 00', '08 03 00 02 01'])
    t.is(concatenationOf(readUserDataHeader(octets(wrong))!), undefined, wrong);
});

test('reads both kinds of concatenation, and of several the last that can be read', (t) => {
  const read = (hex: string) => concatenationOf(readUserDataHeader(octets(hex))!);
  t.deepEqual(read(drawn), { reference: 0x2a, total: 2, part: 1 });
  t.deepEqual(read('08 04 12 34 FF FF'), { reference: 0x1234, total: 255, part: 255 });
  t.deepEqual(read('00 03 01 02 01 08 04 00 02 03 03'), { reference: 2, total: 3, part: 3 });
  t.deepEqual(read('00 03 01 02 01 00 03 01 02 09'), { reference: 1, total: 2, part: 1 });
  t.is(read('05 04 0B 84 23 F0'), undefined);
  t.is(read(''), undefined);
});

test('takes the length octet off where there is one', (t) => {
  const forms: [written: string, read: string][] = [
    ['', ''],
    ['00', ''],
    ['05 00 03 2A 02 01', '00 03 2A 02 01'],
    ['00 03 2A 02 01', '00 03 2A 02 01'],
    ['06 05 04 0B 84 23 F0', '05 04 0B 84 23 F0'],
    // Begins with the count of what follows by chance, the second as a header as well: no port has three octets.
    ['05 04 0B 84 23 F0', '05 04 0B 84 23 F0'],
    ['05 04 03 E8 03 E9', '05 04 03 E8 03 E9'],
    [`0B ${drawn}`, drawn],
    [drawn, drawn],
  ];
  for (const [written, read] of forms) t.deepEqual(withoutLengthOctet(octets(written)), octets(read), written);
});

const element = fc.record({ identifier: fc.nat(255), data: fc.uint8Array({ maxLength: 40 }) });

test('writes what it reads, and reads any octets or says that they are no header', (t) => {
  fc.assert(
    fc.property(fc.array(element), (elements) => {
      const read = readUserDataHeader(writeUserDataHeader(elements))!;
      t.deepEqual(read.map(plainly), elements.map(plainly));
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (any) => {
      const elements = readUserDataHeader(any);
      if (elements) t.is(hexOf(writeUserDataHeader(elements)), hexOf(any));
    }),
  );
});

function plainly({ identifier, data }: { identifier: number; data: Uint8Array }): [number, string] {
  return [identifier, hexOf(data)];
}

const bytes = (length: number) => Uint8Array.from({ length }, (_, n) => n);
const ports = octets('05 04 0B 84 23 F0');

test('counts the parts of a binary message', (t) => {
  const counted: [length: number, udh: Uint8Array | undefined, parts: number][] = [
    [0, undefined, 1],
    [140, undefined, 1],
    [141, undefined, 2],
    [268, undefined, 2],
    [269, undefined, 3],
    [133, ports, 1],
    [134, ports, 2],
    [256, ports, 2],
    [257, ports, 3],
    // Already a part, which cannot become two.
    [134, octets('00 03 2A 02 01'), 1],
    [135, octets('00 03 2A 02 01'), Infinity],
    [133, octets('08 04 00 2A 02 01'), 1],
    // A header that leaves no room.
    [0, bytes(139), 1],
    [1, bytes(139), Infinity],
    [0, bytes(140), Infinity],
    [6, bytes(134), Infinity],
  ];
  for (const [length, udh, parts] of counted)
    t.is(countBinaryParts({ data: bytes(length), udh }), parts, `${length} octets beside ${udh?.length ?? 0}`);
});

test('refuses to lay out what takes more parts than a header can count', (t) => {
  t.throws(() => splitBinary({ data: bytes(134 * 255 + 1), reference: 1 }), { instanceOf: RangeError });
  t.throws(() => splitBinary({ data: bytes(135), udh: octets('00 03 2A 02 01'), reference: 1 }), {
    instanceOf: RangeError,
  });
});

test('lays a binary message out over parts that tell their place', (t) => {
  const parts = splitBinary({ data: bytes(257), udh: ports, reference: 0x2a });
  t.deepEqual(
    parts.map(({ udh, data }) => [hexOf(udh), data.length]),
    [
      ['05040B8423F000032A0301', 128],
      ['05040B8423F000032A0302', 128],
      ['05040B8423F000032A0303', 1],
    ],
  );
  t.deepEqual(splitBinary({ data: bytes(140), reference: 1 }), [{ data: bytes(140), udh: new Uint8Array() }]);
  t.deepEqual(splitBinary({ data: bytes(133), udh: ports, reference: 1 }), [{ data: bytes(133), udh: ports }]);
});

test('loses no octet of any message, and fills no part beyond 140 octets', (t) => {
  const message = fc.record({
    data: fc.uint8Array({ maxLength: 3000 }),
    udh: fc.option(fc.array(element, { maxLength: 3 }).map(writeUserDataHeader), { nil: undefined }),
    reference: fc.nat(255),
  });
  fc.assert(
    fc.property(message, (each) => {
      const count = countBinaryParts(each);
      if (count > 255) return;
      const parts = splitBinary(each);
      t.is(parts.length, count);
      t.is(hexOf(Buffer.concat(parts.map(({ data }) => data))), hexOf(each.data));
      for (const [n, { data, udh }] of parts.entries()) {
        t.true(data.length + (udh.length > 0 ? 1 + udh.length : 0) <= 140);
        const place = concatenationOf(readUserDataHeader(udh)!);
        if (count > 1) t.deepEqual(place, { reference: each.reference, total: count, part: n + 1 });
      }
    }),
  );
});

test('reads base64 in either alphabet, and a plus that came as a space', (t) => {
  for (const bad of ['A', 'AAAAA', 'AA=A', 'A===', '!!!!', 'AA\0A', '«»', 'two words'])
    t.is(readBase64(bad), undefined, bad);
  for (const [written, hex] of [
    ['', ''],
    ['+/8=', 'FBFF'],
    ['-_8', 'FBFF'],
    [' /8=', 'FBFF'],
    ['AAA+', '00003E'],
    ['AAA ', '00003E'],
    ['AAA\r\nA', '000000'],
  ] as const)
    t.is(hexOf(readBase64(written)!), hex, written);
});

test('reads a binary message with its header, or none', (t) => {
  const base64 = (hex: string) => Buffer.from(octets(hex)).toString('base64');
  t.is(readBinary({ data: 'no base64!' }), undefined);
  t.is(readBinary({ data: '', udh: '?' }), undefined);
  t.is(readBinary({ data: '', udh: base64('00 03 2A') }), undefined);
  const data = octets('01 02');
  t.deepEqual(readBinary({ data: base64('01 02'), udh: '' }), { data });
  t.deepEqual(readBinary({ data: base64('01 02'), udh: base64('00') }), { data });
  for (const udh of ['06 05 04 0B 84 23 F0', '05 04 0B 84 23 F0'])
    t.deepEqual(readBinary({ data: base64('01 02'), udh: base64(udh) }), { data, udh: Buffer.from(ports) });
});
