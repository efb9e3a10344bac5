// The primitive values of WSP headers.
// WAP-230-WSP 8.1.2 Variable Length Unsigned Integers; WAP-230-WSP 8.4.1.2 Field values; WAP-230-WSP 8.4.2.1 Basic rules
//
// The first octet of a value says how long it is:
//
//    00 to 1E   so many octets follow
//    1F         a variable length integer says how many follow
//    20 to 7F   a text up to NUL
//    80 to FF   this octet is the value, of 7 bits

import { PushError } from '../errors.js';
import type { Octets } from '../octets.js';

const LENGTH_FOLLOWS = 0x1f;
const LONGEST_INTEGER = 4;

/** Seven bits an octet, the highest first; all but the last have the high bit. */
export function writeUintvar(value: number): Uint8Array {
  const octets = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) octets.unshift(0x80 | (rest & 0x7f));
  return Uint8Array.from(octets);
}

/** @throws PushError BAD_PDU for more than five octets */
export function readUintvar(octets: Octets): number {
  const offset = octets.position;
  let value = 0;
  for (let count = 0; count < 5; count++) {
    const octet = octets.octet();
    value = value * 0x80 + (octet & 0x7f);
    if (octet < 0x80) return value;
  }
  throw new PushError('BAD_PDU', { offset });
}

/** The length in front of a value. */
export function writeLength(length: number): Uint8Array {
  return length < LENGTH_FOLLOWS
    ? Uint8Array.of(length)
    : Buffer.concat([Uint8Array.of(LENGTH_FOLLOWS), writeUintvar(length)]);
}

export function readLength(octets: Octets): number {
  const first = octets.octet();
  return first === LENGTH_FOLLOWS ? readUintvar(octets) : first;
}

export function writeLongInteger(value: number): Uint8Array {
  const digits = value.toString(16);
  const octets = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return Buffer.concat([Uint8Array.of(octets.length), octets]);
}

/** Short or long. */
export function readInteger(octets: Octets): number {
  const offset = octets.position;
  const first = octets.octet();
  if (first >= 0x80) return first & 0x7f;
  if (first === 0 || first > LONGEST_INTEGER) throw new PushError('BAD_PDU', { offset });
  return octets.integer(first);
}

/** A value of whatever kind. */
export function skipValue(octets: Octets): void {
  const first = octets.peek();
  if (first >= 0x80) octets.octet();
  else if (first > LENGTH_FOLLOWS) octets.text();
  else octets.take(readLength(octets));
}
