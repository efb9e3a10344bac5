// Reads octets one after the other, and never beyond their end.

import { PushError } from './errors.js';

export class Octets {
  position = 0;
  readonly #octets: Uint8Array;
  readonly #end: number;

  constructor(octets: Uint8Array, { position = 0, end = octets.length } = {}) {
    this.#octets = octets;
    this.position = position;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.position >= this.#end;
  }

  get rest(): Uint8Array {
    return this.take(this.#end - this.position);
  }

  /** The next octet, which stays the next. */
  peek(): number {
    if (this.isAtEnd) throw this.truncated();
    return this.#octets[this.position]!;
  }

  octet(): number {
    const octet = this.peek();
    this.position++;
    return octet;
  }

  /** The first octet is the highest. */
  integer(octets: number): number {
    return this.take(octets).reduce((value, octet) => value * 0x100 + octet, 0);
  }

  take(count: number): Uint8Array {
    if (this.position + count > this.#end) throw this.truncated();
    this.position += count;
    return this.#octets.subarray(this.position - count, this.position);
  }

  /** Up to the next NUL, which is read as well. */
  text(): string {
    const end = this.#octets.indexOf(0, this.position);
    if (end === -1 || end >= this.#end) throw this.truncated();
    const text = utf8(this.take(end - this.position));
    this.position++;
    return text;
  }

  /** A reader of the next octets alone. */
  part(count: number): Octets {
    const position = this.position;
    this.take(count);
    return new Octets(this.#octets, { position, end: this.position });
  }

  truncated(): PushError {
    return new PushError('TRUNCATED', { offset: this.#end });
  }
}

/** What is broken becomes U+FFFD: a name is shown, never acted on. */
export function utf8(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('utf8');
}
