// Writes tokens and primitive shapes into a buffer that grows and is kept for the next document.
// WAP-192-WBXML 5.1 Multi-byte Integers; WAP-192-WBXML 5.8.4 Global Tokens

import { GlobalToken, INTEGER_OCTETS } from './shapes.js';
import { OCTETS_PER_UNIT, writeText } from './utf8.js';

const FIRST_CAPACITY_OCTETS = 64 * 1024;
// A larger buffer served one large document and is not kept for the next.
const KEPT_CAPACITY_OCTETS = 1024 * 1024;

export class OctetWriter {
  #octets = Buffer.allocUnsafeSlow(FIRST_CAPACITY_OCTETS);
  #position = 0;
  #page = 0;

  start(header: Uint8Array, page = 0): void {
    this.#octets.set(header);
    this.#position = header.length;
    this.#page = page;
  }

  /** The page of the last tag. */
  get page(): number {
    return this.#page;
  }

  /** Elements that were written before, up to a tag of that page. */
  written(octets: Uint8Array, page: number): void {
    this.#reserve(octets.length);
    this.#octets.set(octets, this.#position);
    this.#position += octets.length;
    this.#page = page;
  }

  /** A tag's octet, after SWITCH_PAGE where the page is another one. */
  tag(page: number, octet: number): void {
    this.#reserve(3);
    if (page !== this.#page) {
      this.#octets[this.#position++] = GlobalToken.SWITCH_PAGE;
      this.#octets[this.#position++] = page;
      this.#page = page;
    }
    this.#octets[this.#position++] = octet;
  }

  octet(octet: number): void {
    this.#reserve(1);
    this.#octets[this.#position++] = octet;
  }

  /** STR_I with END behind it: the rest of an element that holds a text. */
  textAndEnd(text: string): void {
    this.#reserve(text.length * OCTETS_PER_UNIT + 3);
    const octets = this.#octets;
    let position = this.#position;
    octets[position++] = GlobalToken.STR_I;
    position = writeText(octets, position, text);
    octets[position++] = 0;
    octets[position++] = GlobalToken.END;
    this.#position = position;
  }

  /** STR_I: in the value of an attribute. */
  text(text: string): void {
    this.#reserve(text.length * OCTETS_PER_UNIT + 2);
    this.#octets[this.#position++] = GlobalToken.STR_I;
    this.#position = writeText(this.#octets, this.#position, text);
    this.#octets[this.#position++] = 0;
  }

  opaque(opaque: Uint8Array): void {
    this.#reserve(opaque.length + 1 + INTEGER_OCTETS);
    this.#octets[this.#position++] = GlobalToken.OPAQUE;
    this.#integer(opaque.length);
    this.#octets.set(opaque, this.#position);
    this.#position += opaque.length;
  }

  /** A copy of what was written, for now: it may share its memory with others, which are kept as long as it is. */
  finish(): Uint8Array {
    // Small ones are cut from one block: memory of its own costs more than a short document.
    const { buffer, byteOffset } = Buffer.allocUnsafe(this.#position);
    return this.#copyTo(new Uint8Array(buffer, byteOffset, this.#position));
  }

  /** The same in memory of its own. */
  finishToKeep(): Uint8Array {
    return this.#copyTo(new Uint8Array(this.#position));
  }

  #copyTo(document: Uint8Array): Uint8Array {
    document.set(this.#octets.subarray(0, this.#position));
    if (this.#octets.length > KEPT_CAPACITY_OCTETS) this.#octets = Buffer.allocUnsafeSlow(FIRST_CAPACITY_OCTETS);
    return document;
  }

  #integer(value: number): void {
    for (let shift = 7 * (INTEGER_OCTETS - 1); shift > 0; shift -= 7) {
      if (value >= 2 ** shift) this.#octets[this.#position++] = 0x80 | ((value / 2 ** shift) & 0x7f);
    }
    this.#octets[this.#position++] = value & 0x7f;
  }

  #reserve(octets: number): void {
    const needed = this.#position + octets;
    if (needed <= this.#octets.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#octets.length * 2));
    larger.set(this.#octets.subarray(0, this.#position));
    this.#octets = larger;
  }
}
