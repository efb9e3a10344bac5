// Whole TPDUs and PDUs: what is refused, and what stands under fixtures/sms.

import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { TpduError } from '../../src/sms/errors.js';
import { addressOf, writtenAddress } from '../../src/sms/tpdu/address.js';
import { decodeDeliver } from '../../src/sms/tpdu/deliver.js';
import { type MessageContent, messageParts } from '../../src/sms/tpdu/message-parts.js';
import { decodeIncoming, readPdu, writePdu } from '../../src/sms/tpdu/pdu.js';
import { decodeStatusReport, encodeStatusReport } from '../../src/sms/tpdu/status-report.js';
import { decodeSubmit, encodeSubmit, type SubmitFields } from '../../src/sms/tpdu/submit.js';
import { encodeTimeStamp } from '../../src/sms/tpdu/time-stamp.js';
import { concatenationOf, portsElement, portsOf, writeUserDataHeader } from '../../src/sms/user-data-header.js';

const destination = addressOf('+447700900123');

function octets(hex: string): Uint8Array {
  return Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

// A DELIVER from +44 7700 900123 with a GSM 7 bit text, up to what stands behind TP-SCTS.
const deliverHead = '04 0C 91 447700091032 00 00 62110341000000';

type Refusal = [what: string, hex: string, code: string, field: string, offset: number];

const refusedDelivers: Refusal[] = [
  ['nothing', '', 'TRUNCATED', 'TP-MTI', 0],
  ['another type', '02 00', 'WRONG_TYPE', 'TP-MTI', 0],
  ['an address of 21 digits', '04 15 91 00', 'BAD_ADDRESS', 'TP-OA', 1],
  ['an address that is cut', '04 0C 91 4477', 'TRUNCATED', 'TP-OA', 3],
  ['no coding scheme', '04 00 81 00', 'TRUNCATED', 'TP-DCS', 4],
  ['a time that is cut', '04 00 81 00 00 621103', 'TRUNCATED', 'TP-SCTS', 5],
  ['no user data length', deliverHead, 'TRUNCATED', 'TP-UDL', 18],
  ['161 septets', `${deliverHead} A1`, 'BAD_LENGTH', 'TP-UDL', 18],
  ['141 octets', `${deliverHead.replace('00 6211', '04 6211')} 8D`, 'BAD_LENGTH', 'TP-UDL', 18],
  ['a text that is cut', `${deliverHead} 05 E832`, 'TRUNCATED', 'TP-UD', 19],
  ['a header longer than the user data', `4${deliverHead.slice(1)} 08 09 000300 020100`, 'BAD_HEADER', 'TP-UDHL', 19],
  ['more than the limit', '04'.repeat(513), 'PDU_TOO_LONG', '', 512],
];

for (const [what, hex, code, field, offset] of refusedDelivers) {
  test(`refuses a DELIVER with ${what}`, (t) => {
    const error = t.throws(() => decodeDeliver(octets(hex)), { instanceOf: TpduError });
    t.like(error, { code, field: field || undefined, offset });
    t.true(error.message.endsWith(field ? `(${field}, offset ${offset})` : `(offset ${offset})`));
  });
}

test('refuses a SUBMIT and a STATUS-REPORT that end before one of their fields does, and says which', (t) => {
  const { tpdu } = readPdu('0011000C914477000910320000A705E8329BFD06');
  for (let length = 0; length < tpdu.length; length++) {
    const error = t.throws(() => decodeSubmit(tpdu.subarray(0, length)), { instanceOf: TpduError });
    t.is(error.code, 'TRUNCATED');
    t.regex(error.field ?? '', /^TP-(MTI|MR|DA|PID|DCS|VP|UDL|UD)$/);
  }
  const report = octets('06 2A 0C 91 447700091032 62110341000000 62110341500000 00');
  for (let length = 0; length < report.length; length++)
    t.like(
      t.throws(() => decodeStatusReport(report.subarray(0, length)), { instanceOf: TpduError }),
      {
        code: 'TRUNCATED',
      },
    );
  t.throws(() => decodeSubmit(report), { instanceOf: TpduError, message: /another one \(TP-MTI/ });
  t.throws(() => decodeStatusReport(tpdu), { instanceOf: TpduError, message: /another one \(TP-MTI/ });
});

test('refuses a PDU that is no hexadecimal, too long, or of a service centre that is none', (t) => {
  const refused: [hex: string, code: string, offset: number][] = [
    ['00 11', 'BAD_HEX', 1],
    ['0011F', 'BAD_HEX', 2],
    ['00xx', 'BAD_HEX', 1],
    ['', 'TRUNCATED', 0],
    ['0C91447700091032FFFFFFFFFFFF', 'BAD_ADDRESS', 0],
    ['07914477', 'TRUNCATED', 2],
    ['00'.repeat(513), 'PDU_TOO_LONG', 512],
  ];
  for (const [hex, code, offset] of refused)
    t.like(
      t.throws(() => readPdu(hex), { instanceOf: TpduError }),
      { code, offset },
      hex.slice(0, 20),
    );
});

test('refuses to encode what no TPDU can say', (t) => {
  const refused: [fields: Partial<SubmitFields>, code: string, field: string][] = [
    [{ messageReference: 256 }, 'BAD_VALUE', 'TP-MR'],
    [{ protocolIdentifier: -1 }, 'BAD_VALUE', 'TP-PID'],
    [{ dataCodingScheme: 1.5 }, 'BAD_VALUE', 'TP-DCS'],
    [{ dataCodingScheme: 4, text: 'octets are wanted' }, 'BAD_VALUE', 'TP-DCS'],
    [{ data: new Uint8Array(2) }, 'BAD_VALUE', 'TP-DCS'],
    [{ text: 'я' }, 'NOT_IN_ALPHABET', 'TP-UD'],
    [{ text: '\x1b' }, 'NOT_IN_ALPHABET', 'TP-UD'],
    [{ text: 'a'.repeat(161) }, 'TOO_MUCH_DATA', 'TP-UD'],
    [{ text: '€'.repeat(81) }, 'TOO_MUCH_DATA', 'TP-UD'],
    [{ dataCodingScheme: 8, text: 'я'.repeat(71) }, 'TOO_MUCH_DATA', 'TP-UD'],
    [{ dataCodingScheme: 4, data: new Uint8Array(141) }, 'TOO_MUCH_DATA', 'TP-UD'],
    [{ header: [{ identifier: 0x70, data: new Uint8Array(138) }] }, 'TOO_MUCH_DATA', 'TP-UDH'],
    [{ destination: { ...destination, value: '1'.repeat(21) } }, 'BAD_ADDRESS', 'TP-DA'],
    [{ destination: { ...destination, value: '12x' } }, 'BAD_ADDRESS', 'TP-DA'],
    [{ validity: { format: 'relative', minutes: NaN } }, 'BAD_VALUE', 'TP-VP'],
    [{ validity: { format: 'absolute', until: undefined } }, 'BAD_VALUE', 'TP-VP'],
    [{ validity: { format: 'enhanced', seconds: 0, singleShot: false } }, 'BAD_VALUE', 'TP-VP'],
  ];
  for (const [fields, code, field] of refused) {
    const error = t.throws(() => encodeSubmit({ destination, ...fields }), { instanceOf: TpduError });
    t.like(error, { code, field, offset: undefined });
  }
  for (const word of ['twelve chars', 'я', 'Bank\x1b'])
    t.like(
      t.throws(() => addressOf(word), { instanceOf: TpduError }),
      { code: 'BAD_ADDRESS', field: 'TP-DA' },
    );
});

test('refuses a message that no parts can hold', (t) => {
  const ports = writeUserDataHeader([portsElement({ destination: 2948, source: 9200 })]);
  const part = octets('00 03 2A 02 01');
  const refused: [content: Omit<MessageContent, 'reference'> & { reference?: number }, code: string][] = [
    [{ text: 'a', reference: 256 }, 'BAD_VALUE'],
    [{ text: 'a', reference: 0x10000, referenceBits: 16 }, 'BAD_VALUE'],
    [{ text: 'a', dataCodingScheme: 0xf5 }, 'BAD_VALUE'],
    [{ data: ports, dataCodingScheme: 0 }, 'BAD_VALUE'],
    [{ text: 'a', udh: octets('05 04 0B 84') }, 'BAD_HEADER'],
    [{ data: ports, udh: octets('05 04 0B 84') }, 'BAD_HEADER'],
    [{ text: 'a'.repeat(255 * 153 + 1) }, 'TOO_MUCH_DATA'],
    [{ data: new Uint8Array(255 * 134 + 1) }, 'TOO_MUCH_DATA'],
    [{ text: 'a'.repeat(154), udh: part }, 'TOO_MUCH_DATA'],
    [
      { text: 'a'.repeat(9), udh: writeUserDataHeader([{ identifier: 0x70, data: new Uint8Array(133) }]) },
      'TOO_MUCH_DATA',
    ],
  ];
  for (const [content, code] of refused)
    t.like(
      t.throws(() => messageParts({ reference: 0, ...content }), { instanceOf: TpduError }),
      { code },
    );
});

test('refuses a time that a time stamp cannot say', (t) => {
  const instant = new Date('2026-11-30T14:00:00Z');
  const refused = [
    { instant: new Date('1989-12-31T23:59:59Z'), offsetMinutes: 0 },
    { instant: new Date('2090-01-01T00:00:00Z'), offsetMinutes: 0 },
    { instant: new Date(NaN), offsetMinutes: 0 },
    { instant, offsetMinutes: 10 },
    { instant, offsetMinutes: 20 * 60 },
  ];
  for (const time of refused)
    t.like(
      t.throws(() => encodeTimeStamp(time, 'TP-SCTS'), { instanceOf: TpduError }),
      { field: 'TP-SCTS' },
    );
});

test('leaves the text behind a header where its septets begin', (t) => {
  // 05 octets and their length are 48 bits: one fill bit.
  const { text, header } = decodeDeliver(octets(`4${deliverHead.slice(1)} 08 05 0003 2A0201 D0`));
  t.is(text, 'h');
  t.deepEqual(concatenationOf(header), { reference: 0x2a, total: 2, part: 1 });
});

test('asks for a class, a header and a wide reference in every part', (t) => {
  const udh = writeUserDataHeader([portsElement({ destination: 2948, source: 9200 })]);
  const flash = messageParts({
    text: `${'a'.repeat(160)}я`,
    dataCodingScheme: 0x10,
    reference: 0xabcd,
    referenceBits: 16,
    udh,
  });
  t.is(flash.length, 3);
  for (const [n, part] of flash.entries()) {
    t.is(part.dataCodingScheme, 0x18);
    t.deepEqual(portsOf(part.header), { destination: 2948, source: 9200 });
    t.deepEqual(concatenationOf(part.header), { reference: 0xabcd, total: 3, part: n + 1 });
    t.notThrows(() => encodeSubmit({ destination, ...part }));
  }
  t.is(messageParts({ text: 'я', dataCodingScheme: 0xd8, reference: 0 })[0]!.dataCodingScheme, 0xe8);
  t.is(messageParts({ text: 'a', dataCodingScheme: 0x18, reference: 0 })[0]!.dataCodingScheme, 0x18);
  const wide = messageParts({ data: new Uint8Array(256), reference: 0xabcd, referenceBits: 16, udh });
  t.deepEqual(
    wide.map((part) => part.data?.length),
    [127, 127, 2],
  );
});

test('finds a TPDU where the modem left the service centre out', (t) => {
  const tpdu = octets(`${deliverHead} 05 E8329BFD06`);
  t.deepEqual(readPdu(hexOf(tpdu), tpdu.length), { serviceCentre: undefined, tpdu });
  const written = writePdu({ serviceCentre: addressOf('+447785016005'), tpdu });
  t.is(written.hex, `0791447758100650${hexOf(tpdu)}`);
  t.is(written.length, tpdu.length);
  const read = readPdu(` ${written.hex.toLowerCase()}\r\n`, written.length);
  t.is(writtenAddress(read.serviceCentre!), '+447785016005');
  t.is(decodeIncoming(read.tpdu).type, 'SMS-DELIVER');
});

test('reads past the padding of a record of the SIM', (t) => {
  t.like(decodeIncoming(octets(`${deliverHead} 05 E8329BFD06 FFFFFFFFFFFF`)), { text: 'hello' });
});

interface Fixture {
  name: string;
  pdu: string;
  /** `data` in hexadecimal where it is not a text; the header without its length octet. */
  reads: { destination: string; dataCodingScheme: number; header: string; text?: string; data?: string };
}

const folder = new URL('../../../fixtures/sms/', import.meta.url);

for (const file of readdirSync(folder)) {
  test(`reads and writes every PDU of ${file} to the octet`, (t) => {
    const fixtures = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Fixture[];
    t.true(fixtures.length > 0);
    for (const { name, pdu, reads } of fixtures) {
      const { serviceCentre, tpdu } = readPdu(pdu);
      const submit = decodeSubmit(tpdu);
      const { header, text, data } = submit;
      t.is(writtenAddress(submit.destination), reads.destination, name);
      t.is(submit.dataCodingScheme, reads.dataCodingScheme, name);
      t.is(hexOf(writeUserDataHeader(header)), reads.header.toUpperCase(), name);
      t.is(data === undefined ? text : hexOf(data), reads.text ?? reads.data?.toUpperCase() ?? '', name);
      t.is(writePdu({ serviceCentre, tpdu: encodeSubmit(submit) }).hex, pdu.toUpperCase(), name);
    }
  });
}

test('writes a status report that reads as it was meant', (t) => {
  const time = { instant: new Date('2026-11-30T14:00:00Z'), offsetMinutes: -90 };
  const [userData] = messageParts({ text: 'я', reference: 0 });
  const fields = {
    messageReference: 7,
    recipient: addressOf('12345'),
    serviceCentreTime: time,
    dischargeTime: undefined,
  };
  const more = {
    status: 0x30,
    moreMessages: true,
    loopPrevention: true,
    aboutCommand: true,
    protocolIdentifier: 1,
    userData,
  };
  t.deepEqual(decodeIncoming(encodeStatusReport({ ...fields, ...more })), {
    type: 'SMS-STATUS-REPORT',
    meaning: 'trying',
    ...fields,
    ...more,
  });
});
