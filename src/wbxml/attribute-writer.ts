// Writes the attributes of elements: the most telling token, then what it leaves to say.
// WAP-192-WBXML 5.8.3 Attribute Code Space (ATTRSTART and ATTRVALUE)

import type { AttributeSpace, Token } from './attribute-space.js';
import type { Attribute } from './element.js';
import { WbxmlError } from './errors.js';
import type { OctetWriter } from './octet-writer.js';
import { GlobalToken } from './shapes.js';

/** One per document: the attribute code page lasts beyond the element. */
export class AttributeWriter {
  readonly #space: AttributeSpace;
  readonly #writer: OctetWriter;
  #page = 0;

  constructor(space: AttributeSpace, writer: OctetWriter) {
    this.#space = space;
    this.#writer = writer;
  }

  /** With the END behind them. @throws WbxmlError UNKNOWN_NAME */
  write(attributes: readonly Attribute[]): void {
    for (const { name, value } of attributes) {
      if (typeof value === 'string') this.#writeText(name, value);
      else this.#writeOctets(name, value);
    }
    this.#writer.octet(GlobalToken.END);
  }

  #writeText(name: string, value: string): void {
    const { token, rest } = this.#space.bestStart(name, value) ?? unknown(name);
    this.#token(token);
    if (rest === '') return;
    const whole = this.#space.wholeValue(rest);
    if (whole === undefined) this.#writer.text(rest);
    else this.#token(whole);
  }

  #writeOctets(name: string, octets: Uint8Array): void {
    this.#token(this.#space.bareStart(name) ?? unknown(name));
    this.#writer.opaque(octets);
  }

  #token(token: Token): void {
    const page = token >> 8;
    if (page !== this.#page) {
      this.#writer.octet(GlobalToken.SWITCH_PAGE);
      this.#writer.octet(page);
      this.#page = page;
    }
    this.#writer.octet(token & 0xff);
  }
}

function unknown(name: string): never {
  throw new WbxmlError('UNKNOWN_NAME', { name });
}
