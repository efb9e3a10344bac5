// The strings that a document keeps in its header and refers to by STR_T.
// WAP-192-WBXML 5.7 String Table

import { WbxmlError } from './errors.js';
import { limits } from './limits.js';
import { decodeUtf8 } from './utf8.js';

export class StringTable {
  readonly #octets: Uint8Array;
  #octetsLeft: number = limits.referencedOctets;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  /** The string at that place of the table; `offset` is where the document refers to it. */
  at(reference: number, offset: number): string {
    const end = reference < this.#octets.length ? this.#octets.indexOf(0, reference) : -1;
    if (end === -1) throw new WbxmlError('BAD_REFERENCE', { offset });
    this.#octetsLeft -= end - reference;
    if (this.#octetsLeft < 0) throw new WbxmlError('TEXT_TOO_LONG', { offset });
    return decodeUtf8(this.#octets.subarray(reference, end), offset);
  }
}
