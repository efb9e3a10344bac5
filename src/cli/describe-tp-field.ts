// The fields of short messages in words.
// TS 23.040 9.2.3 Definition of the TPDU parameters

import type { CodingScheme } from '../sms/data-coding-scheme.js';
import { NationalLanguage, nationalTablesOf } from '../sms/national/languages.js';
import { type Address, TypeOfNumber, writtenAddress } from '../sms/tpdu/address.js';
import type { TimeStamp } from '../sms/tpdu/time-stamp.js';
import type { ValidityPeriod } from '../sms/tpdu/validity-period.js';
import { concatenationOf, type HeaderElement, portsOf } from '../sms/user-data-header.js';

const alphabets = { gsm7: 'GSM 7 bit', ucs2: 'UCS2', data: '8 bit data' } as const;

export function describeScheme({
  alphabet,
  messageClass,
  compressed,
  deletedOnceRead,
  waiting,
  reserved,
}: CodingScheme): string {
  return [
    alphabets[alphabet],
    ...(messageClass === undefined ? [] : [`class ${messageClass}${messageClass === 0 ? ' (flash)' : ''}`]),
    ...(compressed ? ['compressed'] : []),
    ...(deletedOnceRead ? ['deleted once it was read'] : []),
    ...(waiting === undefined
      ? []
      : [
          `${waiting.active ? 'waiting' : 'none waiting any more'}: ${waiting.kind}`,
          waiting.kept ? 'kept' : 'not kept',
        ]),
    ...(reserved ? ['reserved'] : []),
  ].join(', ');
}

export function describeElement(element: HeaderElement): string {
  const octets =
    `${hexOctet(element.identifier)}: ${Buffer.from(element.data).toString('hex').toUpperCase()}`.trimEnd();
  const meaning = meaningOf(element);
  return meaning === undefined ? octets : `${octets}, ${meaning}`;
}

function meaningOf(element: HeaderElement): string | undefined {
  const concatenation = concatenationOf([element]);
  if (concatenation !== undefined)
    return `part ${concatenation.part} of ${concatenation.total}, reference ${concatenation.reference}`;
  const ports = portsOf([element]);
  if (ports !== undefined) return `from port ${ports.source} to port ${ports.destination}`;
  const { locking, single } = nationalTablesOf([element]);
  if (locking !== undefined) return `locking shift table: ${languageName(locking)}`;
  return single === undefined ? undefined : `single shift table: ${languageName(single)}`;
}

function languageName(identifier: number): string {
  return Object.entries(NationalLanguage).find(([, language]) => language === identifier)?.[0] ?? 'reserved';
}

const typesOfNumber = [
  'unknown',
  'international',
  'national',
  'network',
  'subscriber',
  'word',
  'abbreviated',
  'reserved',
];

export function describeAddress(address: Address): string {
  const written =
    address.typeOfNumber === TypeOfNumber.Alphanumeric ? quoted(address.value) : writtenAddress(address) || 'none';
  return `${written} (${typesOfNumber[address.typeOfNumber]}, plan ${address.numberingPlan})`;
}

export function describeTime(time: TimeStamp | undefined): string {
  if (time === undefined) return 'no time';
  const local = new Date(time.instant.getTime() + time.offsetMinutes * 60_000).toISOString().slice(0, 19);
  const minutes = Math.abs(time.offsetMinutes);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60].map((number) => String(number).padStart(2, '0'));
  return `${local}${time.offsetMinutes < 0 ? '-' : '+'}${hours}:${rest}`;
}

export function describeValidity(validity: ValidityPeriod | undefined): string {
  if (validity === undefined) return "none: the service centre's own";
  if (validity.format === 'absolute') return `until ${describeTime(validity.until)}`;
  if (validity.format === 'relative') return describePeriod(validity.minutes * 60);
  const period = validity.seconds === undefined ? 'nothing said' : describePeriod(validity.seconds);
  return validity.singleShot ? `${period}, tried once only` : period;
}

function describePeriod(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ] as const;
  const said = units.flatMap(([unit, size], n) => {
    const count = Math.floor((seconds % (units[n - 1]?.[1] ?? Infinity)) / size);
    return count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`];
  });
  return said.join(' ');
}

/** A text that came from outside, in quotes, with nothing in it that would command the terminal. */
export function quoted(text: string): string {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replaceAll(/\p{Cc}|\p{Bidi_Control}/gu, escaped);
}

/** Two hexadecimal digits. */
export function hexOctet(octet: number): string {
  return octet.toString(16).toUpperCase().padStart(2, '0');
}
