// Reads the attributes of an element up to their END.
// WAP-192-WBXML 5.8.3 Attribute Code Space (ATTRSTART and ATTRVALUE); WAP-192-WBXML 5.8.4 Global Tokens

import type { AttributeSpace, AttributeStart } from './attribute-space.js';
import type { Attribute } from './element.js';
import { WbxmlError } from './errors.js';
import { limits } from './limits.js';
import type { OctetReader } from './octet-reader.js';
import { GlobalToken } from './shapes.js';
import type { StringTable } from './string-table.js';

const FIRST_VALUE = 0x80;
const LAST_CODE_POINT = 0x10ffff;

interface Open {
  readonly name: string;
  value: string | Uint8Array;
}

/** One per document: the attribute code page lasts beyond the element. */
export class AttributeReader {
  readonly #space: AttributeSpace;
  readonly #reader: OctetReader;
  readonly #strings: StringTable;
  #page = 0;
  #count = 0;

  constructor(space: AttributeSpace, reader: OctetReader, strings: StringTable) {
    this.#space = space;
    this.#reader = reader;
    this.#strings = strings;
  }

  /** @throws WbxmlError */
  read(): Attribute[] {
    const attributes: Open[] = [];
    while (!this.#reader.skip(GlobalToken.END)) this.#readToken(attributes);
    return attributes;
  }

  #readToken(attributes: Open[]): void {
    const reader = this.#reader;
    const at = reader.position;
    const octet = reader.octet();
    if (octet === GlobalToken.SWITCH_PAGE) return this.#switchPage(reader.octet(), at);
    if (octet < FIRST_VALUE && (octet & 0x3f) > GlobalToken.LITERAL) {
      const { name, beginning } = this.#startOf(octet, at);
      if (++this.#count > limits.attributes) throw this.#error('TOO_MANY_NODES', at, octet);
      attributes.push({ name, value: beginning });
      return;
    }
    const open = attributes.at(-1);
    if (open === undefined) throw this.#error('UNEXPECTED_TOKEN', at, octet);
    if (octet === GlobalToken.OPAQUE) this.#addOctets(open, reader.opaque(), at);
    else this.#addText(open, this.#textOf(octet, at), at);
  }

  #switchPage(page: number, offset: number): void {
    if (!this.#space.hasPage(page))
      throw new WbxmlError('UNKNOWN_PAGE', { offset, page, token: GlobalToken.SWITCH_PAGE });
    this.#page = page;
  }

  #startOf(octet: number, at: number): AttributeStart {
    const start = this.#space.startOf((this.#page << 8) | octet);
    if (start === undefined) throw this.#error('UNKNOWN_TOKEN', at, octet);
    return start;
  }

  #textOf(octet: number, at: number): string {
    switch (octet) {
      case GlobalToken.STR_I:
        return this.#reader.text();
      case GlobalToken.STR_T:
        return this.#strings.at(this.#reader.integer(), at);
      case GlobalToken.ENTITY:
        return this.#character(this.#reader.integer(), at);
    }
    if (octet < FIRST_VALUE || (octet & 0x3f) <= GlobalToken.LITERAL) throw this.#error('UNSUPPORTED_TOKEN', at, octet);
    const value = this.#space.valueOf((this.#page << 8) | octet);
    if (value === undefined) throw this.#error('UNKNOWN_TOKEN', at, octet);
    return value;
  }

  #character(codePoint: number, at: number): string {
    if (codePoint > LAST_CODE_POINT) throw this.#error('BAD_INTEGER', at, GlobalToken.ENTITY);
    return String.fromCodePoint(codePoint);
  }

  #addText(open: Open, text: string, at: number): void {
    if (typeof open.value !== 'string') throw this.#error('MIXED_CONTENT', at, GlobalToken.STR_I);
    if (open.value.length + text.length > limits.textOctets) throw this.#error('TEXT_TOO_LONG', at, GlobalToken.STR_I);
    open.value += text;
  }

  #addOctets(open: Open, octets: Uint8Array, at: number): void {
    if (open.value !== '') throw this.#error('MIXED_CONTENT', at, GlobalToken.OPAQUE);
    open.value = octets;
  }

  #error(code: WbxmlError['code'], offset: number, token: number): WbxmlError {
    return new WbxmlError(code, { offset, page: this.#page, token });
  }
}
