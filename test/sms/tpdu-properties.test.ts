// What holds for every TPDU: read back as it was written, laid out as other programs lay it out, and nothing thrown but TpduError.

import test from 'ava';
import fc from 'fast-check';
import { Deliver, parse, Report, Submit } from 'node-pdu';
import { SegmentedMessage } from 'sms-segments-calculator';
import { codingScheme } from '../../src/sms/data-coding-scheme.js';
import { TpduError } from '../../src/sms/errors.js';
import { codesOf } from '../../src/sms/gsm7-text.js';
import { NationalLanguage } from '../../src/sms/national/languages.js';
import { lockingTables } from '../../src/sms/national/locking-tables.js';
import { singleTables } from '../../src/sms/national/single-tables.js';
import { splitParts } from '../../src/sms/parts.js';
import { layOutText } from '../../src/sms/text-layout.js';
import { addressOf, writtenAddress } from '../../src/sms/tpdu/address.js';
import { type DeliverFields, encodeDeliver } from '../../src/sms/tpdu/deliver.js';
import { messageParts } from '../../src/sms/tpdu/message-parts.js';
import { decodeIncoming, readPdu, writePdu } from '../../src/sms/tpdu/pdu.js';
import { encodeStatusReport } from '../../src/sms/tpdu/status-report.js';
import { decodeSubmit, encodeSubmit, type SubmitFields } from '../../src/sms/tpdu/submit.js';
import type { UserData } from '../../src/sms/tpdu/user-data.js';
import { concatenationOf } from '../../src/sms/user-data-header.js';
import { seeded } from '../random.js';
import {
  anyText,
  deliverTpdu,
  gsm7Characters,
  gsm7Text,
  number,
  statusReportTpdu,
  submitTpdu,
  time,
} from './arbitrary-tpdus.js';

const languages = Object.values(NationalLanguage);
test('reads back every SUBMIT as it was written', (t) => {
  const property = fc.property(submitTpdu, fc.option(number, { nil: undefined }), (submit, serviceCentre) => {
    const { hex, length } = writePdu({ serviceCentre, tpdu: encodeSubmit(submit) });
    t.deepEqual(plain(decodeSubmit(readPdu(hex, length).tpdu)), plain(submit));
  });
  t.notThrows(() => fc.assert(property, { numRuns: 300 }));
});

test('reads back every DELIVER and STATUS-REPORT as it was written', (t) => {
  const delivers = fc.property(deliverTpdu, (deliver) => {
    t.deepEqual(plain(decodeIncoming(encodeDeliver(deliver))), plain(deliver));
  });
  const reports = fc.property(statusReportTpdu, (report) => {
    t.deepEqual(plain(decodeIncoming(encodeStatusReport(report))), plain(report));
  });
  t.notThrows(() => fc.assert(delivers, { numRuns: 300 }));
  t.notThrows(() => fc.assert(reports, { numRuns: 300 }));
});

// Buffers and Uint8Arrays of the same octets are the same.
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return [...(value as Uint8Array)];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

// Lone halves of surrogate pairs among them: what a text holds is not ours to mend here.
test('parts of a text joined are the text, whatever alphabet and tables they are in', (t) => {
  const scripts = languages.flatMap((language) => [lockingTables[language], singleTables[language]]);
  const characters = scripts.map((table) => (table ?? []).filter((character) => character !== undefined));
  const scripted = fc
    .constantFrom(...characters.filter(({ length }) => length > 0))
    .chain((table) => fc.string({ unit: fc.constantFrom(...table), maxLength: 400 }));
  const text = fc.oneof(scripted, gsm7Text(500), anyText(250));
  const allowed = fc.constantFrom(undefined, [], languages);
  const property = fc.property(
    text,
    allowed,
    fc.constantFrom(8 as const, 16 as const),
    (written, nationalLanguages, referenceBits) => {
      const parts = messageParts({ text: written, reference: 7, referenceBits, nationalLanguages });
      const read = parts.map((part) => decodeSubmit(encodeSubmit({ destination: addressOf('12345'), ...part })));
      t.is(read.map((part) => part.text).join(''), written);
      for (const [n, part] of read.entries())
        t.deepEqual(
          concatenationOf(part.header),
          read.length === 1 ? undefined : { reference: 7, total: read.length, part: n + 1 },
        );
      t.true(parts.length <= messageParts({ text: written, reference: 7, referenceBits }).length);
      if (nationalLanguages === undefined && referenceBits === 8)
        t.deepEqual(
          parts.map((part) => part.text),
          splitParts(written),
        );
    },
  );
  t.notThrows(() => fc.assert(property, { numRuns: 400 }));
});

test('takes national tables only where they are allowed and make fewer parts', (t) => {
  const rows: [text: string, tables: object, parts: number, without: number][] = [
    ['ş'.repeat(70), {}, 1, 1],
    ['ş'.repeat(80), { locking: NationalLanguage.Turkish }, 1, 2],
    [`${'a'.repeat(140)}ğ`, { single: NationalLanguage.Turkish }, 1, 3],
    ['á'.repeat(77), { single: NationalLanguage.Spanish }, 1, 2],
    ['क'.repeat(155), { locking: NationalLanguage.Hindi }, 1, 3],
    [`${'क'.repeat(140)} OK`, { locking: NationalLanguage.Hindi, single: NationalLanguage.Hindi }, 1, 3],
    ['€'.repeat(100), { locking: NationalLanguage.Turkish }, 1, 2],
    ['你'.repeat(100), {}, 2, 2],
    ['a'.repeat(200), {}, 2, 2],
  ];
  for (const [text, tables, parts, without] of rows) {
    const laidOut = layOutText(text, { languages });
    t.deepEqual(laidOut.tables, tables, text.slice(-3));
    t.is(laidOut.parts.length, parts);
    t.is(layOutText(text).parts.length, without);
    t.deepEqual(layOutText(text, { alphabet: 'ucs2', languages }).tables, {});
  }
  t.deepEqual(layOutText('ş'.repeat(80), { languages: [NationalLanguage.Spanish] }).alphabet, 'ucs2');
});

test('never parts an escape from its character in national tables either', (t) => {
  const text = `ş${'x'.repeat(146)}ğğ${'x'.repeat(150)}`;
  const { parts, tables } = layOutText(text, { languages: [NationalLanguage.Turkish] });
  const codes = codesOf(tables);
  for (const part of parts) t.true([...part].reduce((sum, character) => sum + codes.get(character)!.length, 0) <= 149);
  t.is(parts.join(''), text);
});

test('counts the parts that sms-segments-calculator counts', (t) => {
  // Without characters that join others: the calculator keeps what a person sees as one character in one part.
  const characters = [...gsm7Characters.filter((character) => !'\r\n\f'.includes(character)), 'я', '你', '😀', '”'];
  const text = fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 600 });
  const property = fc.property(
    fc.oneof(
      text,
      gsm7Text(600).map((each) => each.replaceAll(/[\r\n\f]/g, 'x')),
    ),
    (written) => {
      fc.pre(written !== '');
      const judged = new SegmentedMessage(written);
      t.is(splitParts(written).length, judged.segmentsCount, written);
    },
  );
  t.notThrows(() => fc.assert(property, { numRuns: 300 }));
});

test('node-pdu reads what we write', (t) => {
  // It takes the section sign for a backquote and the page break for nothing.
  const text = gsm7Text(300).map((each) => each.replaceAll(/[§\f]/g, 'x'));
  const texts = fc.oneof(text, fc.string({ unit: fc.constantFrom(...'aя你ж '), maxLength: 150 }));
  // It reads no year as one before 2000.
  const thisCentury = time.filter(({ instant }) => instant.getUTCFullYear() >= 2001 && instant.getUTCFullYear() < 2069);
  const property = fc.property(texts, thisCentury, (text, serviceCentreTime) => {
    for (const part of messageParts({ text, reference: 9 })) {
      const submit = parse(hexOfPdu(encodeSubmit({ destination: addressOf('+447700900123'), ...part })));
      t.true(submit instanceof Submit);
      judge(submit as Submit, part);
      const deliver = parse(
        hexOfPdu(encodeDeliver({ originator: addressOf('+447700900123'), serviceCentreTime, ...part })),
      );
      t.true(deliver instanceof Deliver);
      judge(deliver as Deliver, part);
      t.is((deliver as Deliver).serviceCenterTimeStamp.time * 1000, serviceCentreTime.instant.getTime());
    }
  });
  const judge = ({ address, data }: Submit | Deliver, part: UserData): void => {
    t.is(address.phone, '447700900123');
    t.is(data.getText(), part.text);
  };
  t.notThrows(() => fc.assert(property, { numRuns: 100 }));
  const times = { serviceCentreTime: undefined, dischargeTime: undefined };
  const report = parse(
    hexOfPdu(
      encodeStatusReport({ messageReference: 42, recipient: addressOf('+447700900123'), status: 0x46, ...times }),
    ),
  );
  t.true(report instanceof Report);
  t.like(report, { reference: 42, status: 0x46 });
});

function hexOfPdu(tpdu: Uint8Array): string {
  return writePdu({ serviceCentre: addressOf('+447785016005'), tpdu }).hex;
}

test('throws TpduError and nothing else for 20,000 changed TPDUs', (t) => {
  const random = seeded(20_261_130);
  const below = (bound: number): number => Math.floor(random() * bound);
  const time = { instant: new Date('2026-11-30T14:00:00Z'), offsetMinutes: 0 };
  const parts = messageParts({ text: 'я'.repeat(100), reference: 1 }).concat(
    messageParts({ text: 'ş'.repeat(80), reference: 1, nationalLanguages: languages }),
    messageParts({ data: new Uint8Array(200), reference: 1 }),
  );
  const other = addressOf('+447700900123');
  const seeds = parts.flatMap((part) => [
    encodeSubmit({ ...part, destination: other } satisfies SubmitFields),
    encodeDeliver({ ...part, originator: addressOf('Bank'), serviceCentreTime: time } satisfies DeliverFields),
    encodeStatusReport({
      messageReference: 1,
      recipient: other,
      serviceCentreTime: time,
      dischargeTime: time,
      status: 0,
      userData: part,
    }),
  ]);
  let refused = 0;
  for (let n = 0; n < 20_000; n++) {
    const seed = seeds[below(seeds.length)]!;
    const changed = Uint8Array.from(seed.subarray(0, random() < 0.3 ? below(seed.length) : seed.length));
    for (let change = below(4); change >= 0 && changed.length > 0; change--)
      changed[below(Math.min(changed.length, 40))] = below(256);
    for (const decode of [decodeSubmit, decodeIncoming]) {
      try {
        const read = decode(changed);
        writtenAddress(
          'destination' in read ? read.destination : 'originator' in read ? read.originator : read.recipient,
        );
      } catch (error) {
        if (!(error instanceof TpduError)) return t.fail(`${Buffer.from(changed).toString('hex')}: ${String(error)}`);
        refused++;
      }
    }
  }
  t.true(refused > 5_000 && refused < 35_000, String(refused));
});

test('an empty scheme is that of a plain text', (t) => {
  t.is(codingScheme('gsm7'), 0);
  t.is(codingScheme('data', 1), 0x15);
  t.is(codingScheme('ucs2', 0), 0x18);
});
