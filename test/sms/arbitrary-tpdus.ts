// TPDUs of every kind with any content that fits, for tests by chance.

import fc from 'fast-check';
import { defaultAlphabet, extensionTable } from '../../src/sms/alphabet.js';
import { codesOf } from '../../src/sms/gsm7-text.js';
import type { Address } from '../../src/sms/tpdu/address.js';
import type { DeliverTpdu } from '../../src/sms/tpdu/deliver.js';
import { statusMeaning } from '../../src/sms/tpdu/status.js';
import type { StatusReportTpdu } from '../../src/sms/tpdu/status-report.js';
import type { SubmitTpdu } from '../../src/sms/tpdu/submit.js';
import type { TimeStamp } from '../../src/sms/tpdu/time-stamp.js';
import type { UserData } from '../../src/sms/tpdu/user-data.js';
import type { ValidityPeriod } from '../../src/sms/tpdu/validity-period.js';

const octet = fc.nat(0xff);
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((data) => Uint8Array.from(data));

export const gsm7Characters = [...defaultAlphabet, ...Object.keys(extensionTable)].filter(
  (character) => character !== '\x1b',
);
export const gsm7Text = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...gsm7Characters), maxLength });
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.oneof(fc.constantFrom(...'aя你😀€'), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })),
    maxLength,
  });

export const number: fc.Arbitrary<Address> = fc.record({
  typeOfNumber: fc.constantFrom(0, 1, 2, 3, 4, 6, 7),
  numberingPlan: fc.nat(15),
  value: fc.string({ unit: fc.constantFrom(...'0123456789*#abc'), maxLength: 20 }),
});
const word = gsm7Text(11)
  .filter((value) => [...value].reduce((sum, each) => sum + codesOf({}).get(each)!.length, 0) <= 11)
  .map((value): Address => ({ typeOfNumber: 5, numberingPlan: 0, value }));
const address: fc.Arbitrary<Address> = fc.oneof(number, word);

export const time: fc.Arbitrary<TimeStamp> = fc.record({
  instant: fc
    .integer({ min: Date.UTC(1990, 0, 2) / 1000, max: Date.UTC(2089, 11, 30) / 1000 })
    .map((at) => new Date(at * 1000)),
  offsetMinutes: fc.integer({ min: -79, max: 79 }).map((quarters) => quarters * 15 || 0),
});
const maybeTime = fc.option(time, { nil: undefined });

// Elements that say nothing of the text: none is a national language.
const header = fc.array(
  fc.record({ identifier: fc.constantFrom(0x00, 0x05, 0x08, 0x0b, 0x70, 0xff), data: bytes(6) }),
  { maxLength: 3 },
);
const userData: fc.Arbitrary<UserData> = fc.oneof(
  fc.record({
    dataCodingScheme: fc.constantFrom(0x00, 0x10, 0xc8, 0xf1, 0x0c, 0x8f),
    header,
    text: gsm7Text(60),
    data: fc.constant(undefined),
  }),
  fc.record({
    dataCodingScheme: fc.constantFrom(0x08, 0x18, 0xe0),
    header,
    text: anyText(28),
    data: fc.constant(undefined),
  }),
  fc.record({ dataCodingScheme: fc.constantFrom(0x04, 0xf5, 0x20), header, text: fc.constant(''), data: bytes(110) }),
);

const validity: fc.Arbitrary<ValidityPeriod | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom(5, 60, 720, 1410, 2880, 50_400).map((minutes): ValidityPeriod => ({ format: 'relative', minutes })),
  time.map((until): ValidityPeriod => ({ format: 'absolute', until })),
  fc.record({
    format: fc.constant('enhanced' as const),
    seconds: fc.option(fc.integer({ min: 1, max: 359_999 }), { nil: undefined }),
    singleShot: fc.boolean(),
  }),
);

export const submitTpdu: fc.Arbitrary<SubmitTpdu> = merged(
  fc.record({
    type: fc.constant('SMS-SUBMIT' as const),
    rejectDuplicates: fc.boolean(),
    reportWanted: fc.boolean(),
    replyPath: fc.boolean(),
    messageReference: octet,
    destination: address,
    protocolIdentifier: octet,
    validity,
  }),
);

export const deliverTpdu: fc.Arbitrary<DeliverTpdu> = merged(
  fc.record({
    type: fc.constant('SMS-DELIVER' as const),
    moreMessages: fc.boolean(),
    loopPrevention: fc.boolean(),
    reportReturned: fc.boolean(),
    replyPath: fc.boolean(),
    originator: address,
    protocolIdentifier: octet,
    serviceCentreTime: maybeTime,
  }),
);

export const statusReportTpdu: fc.Arbitrary<StatusReportTpdu> = fc
  .record({
    type: fc.constant('SMS-STATUS-REPORT' as const),
    moreMessages: fc.boolean(),
    loopPrevention: fc.boolean(),
    aboutCommand: fc.boolean(),
    messageReference: octet,
    recipient: address,
    serviceCentreTime: maybeTime,
    dischargeTime: maybeTime,
    status: octet,
    protocolIdentifier: fc.option(octet, { nil: undefined }),
    userData: fc.option(userData, { nil: undefined }),
  })
  .map((said) => ({ ...said, meaning: statusMeaning(said.status) }));

function merged<T extends object>(said: fc.Arbitrary<T>): fc.Arbitrary<T & UserData> {
  return fc.tuple(said, userData).map(([fields, content]) => ({ ...fields, ...content }));
}
