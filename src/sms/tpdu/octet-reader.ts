// Reads the fields of a TPDU one behind the other, and says which one is cut off.

import { TpduError, type TpduErrorCode } from '../errors.js';

export class OctetReader {
  readonly #octets: Uint8Array;
  /** Of the next octet. */
  offset = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  get left(): number {
    return this.#octets.length - this.offset;
  }

  octet(field: string): number {
    return this.take(1, field)[0]!;
  }

  take(count: number, field: string): Uint8Array {
    if (count > this.left) throw this.error('TRUNCATED', field);
    this.offset += count;
    return this.#octets.subarray(this.offset - count, this.offset);
  }

  /** Where the next octet is, or the one before where it is that which is wrong. */
  error(code: TpduErrorCode, field: string, back = 0): TpduError {
    return new TpduError(code, { field, offset: this.offset - back });
  }
}
