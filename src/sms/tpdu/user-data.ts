// TP-UDL and TP-UD: an optional header, then a text or octets, as the coding scheme says.
// TS 23.040 9.2.3.16 TP-User-Data-Length (TP-UDL), 9.2.3.24 TP-User Data (TP-UD)
//
//    UDL   UDHL  elements …   fill bits   text or octets        at most 140 octets behind UDL
//    08    05    00 03 2A 02 01   .       D0 …                  septets are counted, from UDHL on: 7 of header, 1 of text

import type { Alphabet } from '../alphabet.js';
import { fillBitsBehind, packSeptets, unpackSeptets } from '../character-packing.js';
import { alphabetOfScheme } from '../data-coding-scheme.js';
import { TpduError } from '../errors.js';
import { decodeGsm7, encodeGsm7 } from '../gsm7-text.js';
import { nationalTablesOf } from '../national/languages.js';
import { type HeaderElement, readUserDataHeader, writeUserDataHeader } from '../user-data-header.js';
import type { OctetReader } from './octet-reader.js';

export interface UserData {
  /** TP-DCS, 0 to 255. It decides whether there is a text or are octets. */
  dataCodingScheme: number;
  /** TP-UDH: known elements and others, in order; empty where there is no header, or one that counts wrongly. */
  header: HeaderElement[];
  /** Empty where there are octets. */
  text: string;
  /** `undefined` where there is a text. */
  data: Uint8Array | undefined;
}

const mostOctets = 140;
const mostSeptets = 160;

/** TP-UDL and TP-UD. Throws TpduError NOT_IN_ALPHABET, TOO_MUCH_DATA, BAD_VALUE. */
export function encodeUserData({ dataCodingScheme, header, text, data }: UserData): Uint8Array {
  const alphabet = alphabetOfScheme(dataCodingScheme);
  if ((alphabet === 'data') !== (data !== undefined)) throw new TpduError('BAD_VALUE', { field: 'TP-DCS' });
  const headed = writeHeader(header);
  if (alphabet === 'gsm7') return encodeSeptets(text, header, headed);
  const content = data ?? encodeUcs2(text);
  const length = headed.length + content.length;
  if (length > mostOctets) throw new TpduError('TOO_MUCH_DATA', { field: 'TP-UD' });
  return Buffer.concat([Uint8Array.of(length), headed, content]);
}

// With its length octet in front; nothing at all where there is no element.
function writeHeader(header: readonly HeaderElement[]): Uint8Array {
  if (header.length === 0) return new Uint8Array();
  const elements = writeUserDataHeader(header);
  if (elements.length >= mostOctets) throw new TpduError('TOO_MUCH_DATA', { field: 'TP-UDH' });
  return Buffer.concat([Uint8Array.of(elements.length), elements]);
}

function encodeSeptets(text: string, header: readonly HeaderElement[], headed: Uint8Array): Uint8Array {
  const septets = encodeGsm7(text, nationalTablesOf(header));
  if (septets === undefined) throw new TpduError('NOT_IN_ALPHABET', { field: 'TP-UD' });
  const length = Math.ceil((headed.length * 8) / 7) + septets.length;
  if (length > mostSeptets) throw new TpduError('TOO_MUCH_DATA', { field: 'TP-UD' });
  return Buffer.concat([Uint8Array.of(length), headed, packSeptets(septets, fillBitsBehind(headed.length))]);
}

/** @param hasHeader TP-UDHI */
export function decodeUserData(reader: OctetReader, dataCodingScheme: number, hasHeader: boolean): UserData {
  const alphabet = alphabetOfScheme(dataCodingScheme);
  const length = reader.octet('TP-UDL');
  if (length > (alphabet === 'gsm7' ? mostSeptets : mostOctets)) throw reader.error('BAD_LENGTH', 'TP-UDL', 1);
  const octets = reader.take(alphabet === 'gsm7' ? Math.ceil((length * 7) / 8) : length, 'TP-UD');
  const headerOctets = hasHeader && octets.length > 0 ? 1 + octets[0]! : 0;
  if (headerOctets > octets.length) throw reader.error('BAD_HEADER', 'TP-UDHL', octets.length);
  // Too many or too few octets in the last element: all of the header is to be ignored.
  const header = readUserDataHeader(octets.subarray(1, headerOctets)) ?? [];
  return { dataCodingScheme, header, ...decodeContent({ alphabet, octets, length, headerOctets, header }) };
}

interface Content {
  alphabet: Alphabet | 'data';
  octets: Uint8Array;
  /** TP-UDL. */
  length: number;
  headerOctets: number;
  header: HeaderElement[];
}

function decodeContent({ alphabet, octets, length, headerOctets, header }: Content): Pick<UserData, 'text' | 'data'> {
  const content = octets.subarray(headerOctets);
  if (alphabet === 'data') return { text: '', data: content };
  if (alphabet === 'ucs2') return { text: decodeUcs2(content), data: undefined };
  const count = Math.max(0, length - Math.ceil((headerOctets * 8) / 7));
  const septets = unpackSeptets(content, count, fillBitsBehind(headerOctets));
  return { text: decodeGsm7(septets, nationalTablesOf(header)), data: undefined };
}

function encodeUcs2(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le').swap16();
}

// An octet that is left over says nothing.
function decodeUcs2(octets: Uint8Array): string {
  return Buffer.from(octets.subarray(0, octets.length & ~1))
    .swap16()
    .toString('utf16le');
}
