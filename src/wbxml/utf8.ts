// Text on the wire: UTF-8, valid when it comes, made valid when it goes.
// MS-ASWBXML 2.1 ActiveSync WBXML Algorithm Details; RFC 3629 3 UTF-8 definition

import { isUtf8 } from 'node:buffer';
import { WbxmlError } from './errors.js';

/** @throws WbxmlError BAD_UTF8 with that offset */
export function decodeUtf8(octets: Uint8Array, offset: number): string {
  if (!isUtf8(octets)) throw new WbxmlError('BAD_UTF8', { offset });
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('utf8');
}

/** One UTF-16 unit takes at most this many octets of UTF-8. */
export const OCTETS_PER_UNIT = 3;

// Below this many units the call into C++ costs more than writing by hand.
const SHORT_UNITS = 100;

/**
 * Writes text at a position, which must have room for OCTETS_PER_UNIT octets per unit, and gives the position behind.
 *
 * The one place where text is made valid. STR_I cannot hold NUL and XML 1.0, which devices make of it, no other C0
 * control than tab, LF and CR and neither U+FFFE nor U+FFFF: they are left out. Half of a surrogate pair becomes U+FFFD.
 */
export function writeText(buffer: Buffer, start: number, text: string): number {
  if (text.length < SHORT_UNITS && writePlain(buffer, start, text)) return start + text.length;
  // Node writes U+FFFD for half of a pair.
  return start + buffer.write(isClean(text) ? text : text.replaceAll(forbidden, ''), start);
}

// Printable ASCII only; anything else is left to the long way.
function writePlain(octets: Uint8Array, start: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit >= 0x80) return false;
    octets[start + index] = unit;
  }
  return true;
}

const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

function isClean(text: string): boolean {
  return text.search(forbidden) < 0;
}
