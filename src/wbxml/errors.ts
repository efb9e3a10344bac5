// What is wrong with a document: the one error class of this room.

import type { Tag } from './element.js';

/** The codes with what the log says; docs/errors.md lists them with what the peer is told. */
export const wbxmlErrors = {
  EMPTY: 'the document holds no octets',
  DOCUMENT_TOO_LONG: 'the document is longer than the limit',
  BAD_HEADER: 'version, public id, character set or string table is not one this server reads',
  TRUNCATED: 'the document ends before its root element does',
  BAD_INTEGER: 'a multi-octet integer exceeds five octets or 32 bits',
  BAD_REFERENCE: 'a string reference leads outside the string table',
  BAD_UTF8: 'a text is not valid UTF-8',
  UNKNOWN_PAGE: 'the document type has no such code page',
  UNKNOWN_TOKEN: 'the code page has no such tag, attribute or value',
  UNSUPPORTED_TOKEN:
    'attributes, entities, extensions, literals and processing instructions are not part of the document type',
  UNEXPECTED_TOKEN: 'content or END stands outside the root element',
  MIXED_CONTENT: 'an element holds more than one of children, text and opaque octets',
  TOO_DEEP: 'elements nest deeper than the limit',
  TOO_MANY_NODES: 'the document holds more elements than the limit',
  TEXT_TOO_LONG: 'a text is longer than the limit',
  OPAQUE_TOO_LONG: 'opaque content is longer than the limit',
  TRAILING_BYTES: 'octets follow the root element',
  BAD_XML: 'the readable form is not well-formed, or declares entities',
  UNKNOWN_NAME: 'the document type has no element of that namespace and name',
} as const;

export type WbxmlErrorCode = keyof typeof wbxmlErrors;

/**
 * Where it happened: the offset counts octets from the start of the document; page and token are those of the tag that
 * is wrong, or of the last one before what is wrong. The readable form has names instead.
 */
export interface WbxmlErrorPlace {
  readonly offset?: number;
  readonly page?: number;
  readonly token?: number;
  readonly name?: string;
}

export class WbxmlError extends Error {
  override readonly name = 'WbxmlError';
  readonly code: WbxmlErrorCode;
  readonly offset: number | undefined;
  readonly page: number | undefined;
  readonly token: number | undefined;

  constructor(code: WbxmlErrorCode, place: WbxmlErrorPlace = {}) {
    super(wbxmlErrors[code] + describe(place));
    this.code = code;
    this.offset = place.offset;
    this.page = place.page;
    this.token = place.token;
  }
}

function describe({ offset, page, token, name }: WbxmlErrorPlace): string {
  const parts: string[] = [];
  if (offset !== undefined) parts.push(`offset ${offset}`);
  if (page !== undefined) parts.push(`page ${page}`);
  if (token !== undefined) parts.push(`token 0x${token.toString(16).padStart(2, '0')}`);
  if (name !== undefined) parts.push(name);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** Page and token of a tag, for the place of an error. */
export function placeOf(tag: Tag): WbxmlErrorPlace {
  return { page: tag >> 8, token: tag & 0xff };
}
