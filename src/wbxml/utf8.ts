// Text on the wire: UTF-8, valid when it comes, made valid when it goes.
// MS-ASWBXML 2.1.1 WBXML Features (inline strings, UTF-8); RFC 3629

import { isUtf8 } from 'node:buffer';
import { WbxmlError } from './errors.js';

/** @throws WbxmlError BAD_UTF8 with that offset */
export function decodeUtf8(octets: Uint8Array, offset: number): string {
  if (!isUtf8(octets)) throw new WbxmlError('BAD_UTF8', { offset });
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('utf8');
}

/** One UTF-16 unit takes at most this many octets of UTF-8. */
export const OCTETS_PER_UNIT = 3;

/**
 * Writes text at a position, which must have room for OCTETS_PER_UNIT octets per unit, and gives the position behind.
 *
 * STR_I cannot hold NUL and XML 1.0, which devices make of it, no other C0 control than tab, LF and CR: they are left
 * out. Half of a surrogate pair becomes U+FFFD.
 */
export function writeText(octets: Uint8Array, start: number, text: string): number {
  let position = start;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      if (unit >= 0x20 || isBlank(unit)) octets[position++] = unit;
    } else if (unit < 0x800) {
      octets[position++] = 0xc0 | (unit >> 6);
      octets[position++] = 0x80 | (unit & 0x3f);
    } else {
      const point = text.codePointAt(index)!;
      if (point > 0xffff) index++;
      position = writeLongForm(octets, position, isSurrogate(point) ? 0xfffd : point);
    }
  }
  return position;
}

function writeLongForm(octets: Uint8Array, start: number, point: number): number {
  let position = start;
  if (point > 0xffff) {
    octets[position++] = 0xf0 | (point >> 18);
    octets[position++] = 0x80 | ((point >> 12) & 0x3f);
  } else {
    octets[position++] = 0xe0 | (point >> 12);
  }
  octets[position++] = 0x80 | ((point >> 6) & 0x3f);
  octets[position++] = 0x80 | (point & 0x3f);
  return position;
}

function isBlank(unit: number): boolean {
  return unit === 0x09 || unit === 0x0a || unit === 0x0d;
}

function isSurrogate(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff;
}
