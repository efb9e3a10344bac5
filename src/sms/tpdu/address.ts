// Addresses: of the other side (TP-DA, TP-OA, TP-RA) and of the service centre.
// TS 23.040 9.1.2.5 Address fields
//
//    length  type   value                      semi-octets of the value are counted
//    0C      91     44 77 00 09 10 32          +447700900123
//    07      D0     C2 B0 7B 0D                a word, packed: Bank
//    03      81     21 F3                      123: a filler F where the number of digits is odd
//
//    7   6 5 4            3 2 1 0
//    1   type of number   numbering plan

import { packSeptets, unpackSeptets } from '../character-packing.js';
import { TpduError } from '../errors.js';
import { decodeGsm7, encodeGsm7 } from '../gsm7-text.js';
import type { OctetReader } from './octet-reader.js';

/** TS 23.040 9.1.2.5 Address fields, Type-of-number */
export const TypeOfNumber = {
  Unknown: 0,
  International: 1,
  National: 2,
  NetworkSpecific: 3,
  Subscriber: 4,
  Alphanumeric: 5,
  Abbreviated: 6,
  Reserved: 7,
} as const;

export interface Address {
  /** 0 to 7, a TypeOfNumber. */
  typeOfNumber: number;
  /** 0 to 15; 1 is E.164, which telephone numbers are of. */
  numberingPlan: number;
  /** Digits (`0-9*#abc`) without a plus, or the word of an alphanumeric address. May be empty. */
  value: string;
}

const semiOctets = '0123456789*#abc';
const filler = 0xf;
const mostSemiOctets = 20;
const plainNumber = /^\+?[0-9*#abc]{0,20}$/;

/** Of what people write: `+447700900123`, `12345`, or a word such as `Bank`. Throws TpduError BAD_ADDRESS. */
export function addressOf(written: string, field = 'TP-DA'): Address {
  if (plainNumber.test(written)) {
    const isInternational = written.startsWith('+');
    const typeOfNumber = isInternational ? TypeOfNumber.International : TypeOfNumber.Unknown;
    return { typeOfNumber, numberingPlan: 1, value: isInternational ? written.slice(1) : written };
  }
  const address = { typeOfNumber: TypeOfNumber.Alphanumeric, numberingPlan: 0, value: written };
  encodeValue(address, field);
  return address;
}

/** As people write it: with a plus where it is international. */
export function writtenAddress({ typeOfNumber, value }: Address): string {
  return typeOfNumber === TypeOfNumber.International && value !== '' ? `+${value}` : value;
}

/** Throws TpduError BAD_ADDRESS. */
export function encodeAddress(address: Address, field: string): Uint8Array {
  const { octets, semiOctetCount } = encodeValue(address, field);
  return Uint8Array.of(semiOctetCount, typeOctet(address), ...octets);
}

export function decodeAddress(reader: OctetReader, field: string): Address {
  const length = reader.octet(field);
  if (length > mostSemiOctets) throw reader.error('BAD_ADDRESS', field, 1);
  const type = reader.octet(field);
  return decodeValue(type, reader.take(Math.ceil(length / 2), field), length);
}

/** With the length octet that a PDU begins with, which counts octets, type included; 00 for none: the SIM's own. */
// TS 24.011 8.2.5.2 Destination address element
export function encodeServiceCentre(address: Address | undefined): Uint8Array {
  if (address === undefined) return Uint8Array.of(0);
  const { octets } = encodeValue(address, 'service centre');
  return Uint8Array.of(octets.length + 1, typeOctet(address), ...octets);
}

export function decodeServiceCentre(reader: OctetReader): Address | undefined {
  const length = reader.octet('service centre');
  if (length === 0) return undefined;
  if (length > 1 + mostSemiOctets / 2) throw reader.error('BAD_ADDRESS', 'service centre', 1);
  const type = reader.octet('service centre');
  return decodeValue(type, reader.take(length - 1, 'service centre'), (length - 1) * 2);
}

function typeOctet({ typeOfNumber, numberingPlan }: Address): number {
  return 0x80 | (typeOfNumber << 4) | numberingPlan;
}

function encodeValue(address: Address, field: string): { octets: Uint8Array; semiOctetCount: number } {
  const isWord = address.typeOfNumber === TypeOfNumber.Alphanumeric;
  const encoded = isWord ? encodeWord(address.value) : encodeDigits(address.value);
  if (encoded === undefined || encoded.semiOctetCount > mostSemiOctets) throw new TpduError('BAD_ADDRESS', { field });
  return encoded;
}

function encodeWord(word: string): { octets: Uint8Array; semiOctetCount: number } | undefined {
  const septets = encodeGsm7(word);
  return septets && { octets: packSeptets(septets), semiOctetCount: Math.ceil((septets.length * 7) / 4) };
}

function encodeDigits(digits: string): { octets: Uint8Array; semiOctetCount: number } | undefined {
  const values = [...digits].map((digit) => semiOctets.indexOf(digit));
  if (values.includes(-1)) return undefined;
  const octets = new Uint8Array(Math.ceil(values.length / 2));
  octets.forEach((_, n) => (octets[n] = values[2 * n]! | ((values[2 * n + 1] ?? filler) << 4)));
  return { octets, semiOctetCount: values.length };
}

function decodeValue(type: number, octets: Uint8Array, semiOctetCount: number): Address {
  const typeOfNumber = (type >> 4) & 0b111;
  const isWord = typeOfNumber === TypeOfNumber.Alphanumeric;
  const value = isWord ? decodeWord(octets, semiOctetCount) : decodeDigits(octets, semiOctetCount);
  return { typeOfNumber, numberingPlan: type & 0xf, value };
}

function decodeWord(octets: Uint8Array, semiOctetCount: number): string {
  return decodeGsm7(unpackSeptets(octets, Math.floor((semiOctetCount * 4) / 7)));
}

// A filler says nothing, wherever it stands.
function decodeDigits(octets: Uint8Array, semiOctetCount: number): string {
  const values = Array.from(octets).flatMap((octet) => [octet & 0xf, octet >> 4]);
  return values
    .slice(0, semiOctetCount)
    .map((value) => semiOctets[value] ?? '')
    .join('');
}
