// The header and the primitive shapes of WBXML, described; decode() reads the frequent ones by hand and is held equal to this.
// WAP-192-WBXML 5.3 BNF for Document Structure

import { Parser } from 'binary-parser';

// WAP-192-WBXML 7.1 Global Tokens
export const GlobalToken = {
  SWITCH_PAGE: 0x00,
  END: 0x01,
  ENTITY: 0x02,
  STR_I: 0x03,
  LITERAL: 0x04,
  PI: 0x43,
  STR_T: 0x83,
  OPAQUE: 0xc3,
} as const;

// The octet of a tag: whether attributes and content follow, and which tag of the page it is.
//
//    7           6        5 4 3 2 1 0
//  attributes  content    token
//
// 0x56 = 0101 0110: content follows, token 0x16.
// WAP-192-WBXML 5.8.2 Tag Code Space
export const TagOctet = {
  ATTRIBUTES: 0x80,
  CONTENT: 0x40,
  TOKEN: 0x3f,
} as const;

/** A mb_u_int32 takes at most this many octets. */
export const INTEGER_OCTETS = 5;
export const MAX_UINT32 = 0xffff_ffff;

/** What integerShape reads: where it began, and its value or NaN when it exceeds five octets or 32 bits. */
export interface Integer {
  readonly at: number;
  readonly value: number;
}

// mb_u_int32: seven bits per octet, the highest first; the high bit says that another octet follows.
//
//   1 0000001   0 0100000
//   0x81        0x20        = 1 << 7 | 0x20 = 160
//
// A chain of single octets, because an array "until the high bit is clear" would read a megabyte of 0x80.
// WAP-192-WBXML 5.1 Multi-byte Integers
function octetsFrom(index: number): Parser {
  const octet = new Parser().uint8(`octet${index}`);
  if (index === INTEGER_OCTETS) return octet;
  return octet.choice({
    tag(this: Record<string, number>) {
      return this[`octet${index}`]! >> 7;
    },
    choices: { 0: new Parser(), 1: octetsFrom(index + 1) },
  });
}

function integerOf(read: Record<string, number>): Integer {
  let value = 0;
  let last = 0;
  for (let index = 1; read[`octet${index}`] !== undefined; index++) {
    last = read[`octet${index}`]!;
    value = value * 128 + (last & 0x7f);
  }
  return { at: read['at']!, value: last > 0x7f || value > MAX_UINT32 ? Number.NaN : value };
}

const integer = { type: new Parser().saveOffset('at').nest({ type: octetsFrom(1) }), formatter: integerOf };
const nothing = new Parser();

// A buffer past the end is silently short: whoever parses compares its length with the one announced.
const announced = {
  length(this: { length: Integer }) {
    return this.length.value || 0;
  },
};

/** What headerShape reads. */
export interface Header {
  readonly version: number;
  readonly publicId: Integer;
  readonly publicIdReference?: Integer;
  readonly charset: Integer;
  readonly length: Integer;
  readonly stringTable: Uint8Array;
  readonly end: number;
}

// start = version publicid charset strtbl; a public id of 0 is followed by its place in the string table.
// WAP-192-WBXML 5.4 Version Number; WAP-192-WBXML 5.5 Document Public Identifier
// WAP-192-WBXML 5.6 Charset; WAP-192-WBXML 5.7 String Table
export const headerShape = new Parser()
  .uint8('version')
  .nest('publicId', integer)
  .choice({
    tag(this: { publicId: Integer }) {
      return this.publicId.value === 0 ? 1 : 0;
    },
    choices: { 0: nothing, 1: new Parser().nest('publicIdReference', integer) },
  })
  .nest('charset', integer)
  .nest('length', integer)
  .buffer('stringTable', announced)
  .saveOffset('end');

/** What tokenShape reads: the token, the fields of its kind, and where the next token begins. */
export interface Token {
  readonly token: number;
  readonly page?: number;
  readonly textAt?: number;
  readonly text?: Uint8Array;
  readonly reference?: Integer;
  readonly length?: Integer;
  readonly opaque?: Uint8Array;
  readonly end: number;
}

// A string ends with its NUL; without one the shape runs past the end and throws.
// WAP-192-WBXML 5.8.4.1 Strings
const stringShape = new Parser()
  .saveOffset('textAt')
  .buffer('text', { readUntil: (octet) => octet === 0 })
  .uint8('terminator');

// WAP-192-WBXML 5.8.4.6 Opaque Data
const opaqueShape = new Parser().nest('length', integer).buffer('opaque', announced);

export const tokenShape = new Parser()
  .uint8('token')
  .choice({
    tag: 'token',
    choices: {
      [GlobalToken.SWITCH_PAGE]: new Parser().uint8('page'),
      [GlobalToken.STR_I]: stringShape,
      [GlobalToken.STR_T]: new Parser().nest('reference', integer),
      [GlobalToken.OPAQUE]: opaqueShape,
    },
    defaultChoice: nothing,
  })
  .saveOffset('end');
