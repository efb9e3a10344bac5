// The header of a document: version, public id, character set and string table.
// WAP-192-WBXML 5.3 BNF for Document Structure; MS-ASWBXML 2.1 ActiveSync WBXML Algorithm Details

import { WbxmlError } from './errors.js';
import { limits } from './limits.js';
import { headerShape, type Header, type Integer } from './shapes.js';

/** Version 1.3, public id 1 (unknown), UTF-8, no string table: what every ActiveSync client writes. */
export const PLAIN_HEADER = Uint8Array.of(0x03, 0x01, 0x6a, 0x00);

const FIRST_VERSION = 0x01;
const LAST_VERSION = 0x03;
const UTF_8 = 106; // IANA MIBenum

/** Where the body begins, and the string table that STR_T refers to. */
export interface Preamble {
  readonly end: number;
  readonly stringTable: Uint8Array;
}

const PLAIN_PREAMBLE: Preamble = { end: PLAIN_HEADER.length, stringTable: new Uint8Array(0) };

/** @throws WbxmlError for a header that is not ours to read. */
export function readHeader(octets: Uint8Array): Preamble {
  if (octets.length === 0) throw new WbxmlError('EMPTY', { offset: 0 });
  if (octets.length > limits.documentOctets)
    throw new WbxmlError('DOCUMENT_TOO_LONG', { offset: limits.documentOctets });
  if (PLAIN_HEADER.every((octet, index) => octets[index] === octet)) return PLAIN_PREAMBLE;
  return checked(parsed(octets), octets.length);
}

function parsed(octets: Uint8Array): Header {
  try {
    return headerShape.parse(octets) as Header;
  } catch (error) {
    if (error instanceof RangeError) throw new WbxmlError('TRUNCATED', { offset: octets.length });
    throw error;
  }
}

function checked(header: Header, available: number): Preamble {
  const { version, publicId, publicIdReference, charset, length, stringTable } = header;
  if (version < FIRST_VERSION || version > LAST_VERSION) throw new WbxmlError('BAD_HEADER', { offset: 0 });
  for (const each of [publicId, publicIdReference, charset, length]) assertInteger(each);
  if (charset.value !== UTF_8) throw new WbxmlError('BAD_HEADER', { offset: charset.at });
  if (stringTable.length < length.value) throw new WbxmlError('TRUNCATED', { offset: available });
  if (publicIdReference && publicIdReference.value >= stringTable.length) {
    throw new WbxmlError('BAD_REFERENCE', { offset: publicIdReference.at });
  }
  return { end: header.end, stringTable };
}

function assertInteger(integer: Integer | undefined): void {
  if (integer && Number.isNaN(integer.value)) throw new WbxmlError('BAD_INTEGER', { offset: integer.at });
}
