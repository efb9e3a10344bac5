// The primitive shapes read by hand: a 40 KB answer holds some 1 400 of them.
// WAP-192-WBXML 5.1 Multi-byte Integers; WAP-192-WBXML 5.8.4.1 Strings; WAP-192-WBXML 5.8.4.6 Opaque Data

import { isUtf8 } from 'node:buffer';
import { WbxmlError } from './errors.js';
import { limits } from './limits.js';
import { INTEGER_OCTETS, MAX_UINT32 } from './shapes.js';

// V8 copies a slice shorter than this and otherwise keeps the whole source alive behind it.
const SLICE_IS_A_VIEW = 13;

/** Reads from `position` on and moves it; every read is checked against the end. */
export class OctetReader {
  position: number;
  readonly octets: Uint8Array;
  readonly #buffer: Buffer;
  #latin1: string | undefined = undefined;

  constructor(octets: Uint8Array, position: number) {
    this.octets = octets;
    this.position = position;
    this.#buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
  }

  octet(): number {
    if (this.position >= this.octets.length) this.#truncated();
    return this.octets[this.position++]!;
  }

  /** Moves past the next octet if it is that one. */
  skip(octet: number): boolean {
    if (this.position >= this.octets.length || this.octets[this.position] !== octet) return false;
    this.position++;
    return true;
  }

  /** The text up to the next NUL, which is read as well. */
  text(): string {
    const { octets, position: start } = this;
    let seen = 0;
    let end = start;
    for (; end < octets.length; end++) {
      const octet = octets[end]!;
      if (octet === 0) break;
      seen |= octet;
    }
    if (end === octets.length) this.#truncated();
    if (end - start > limits.textOctets) throw new WbxmlError('TEXT_TOO_LONG', { offset: start });
    this.position = end + 1;
    return seen < 0x80 ? this.#ascii(start, end) : this.#utf8(start, end);
  }

  // Making a string costs a call into C++ each time; for the short ones a slice of one string of everything is cheaper.
  #ascii(start: number, end: number): string {
    if (end - start >= SLICE_IS_A_VIEW) return this.#buffer.toString('latin1', start, end);
    this.#latin1 ??= this.#buffer.toString('latin1');
    return this.#latin1.slice(start, end);
  }

  // Decoding puts U+FFFD where the octets are broken: only then is it worth asking whether it stood there itself.
  #utf8(start: number, end: number): string {
    const text = this.#buffer.toString('utf8', start, end);
    if (text.includes('\uFFFD') && !isUtf8(this.octets.subarray(start, end))) {
      throw new WbxmlError('BAD_UTF8', { offset: start });
    }
    return text;
  }

  integer(): number {
    const start = this.position;
    let value = 0;
    for (let count = 0; count < INTEGER_OCTETS; count++) {
      const octet = this.octet();
      value = value * 128 + (octet & 0x7f);
      if (octet < 0x80 && value <= MAX_UINT32) return value;
    }
    throw new WbxmlError('BAD_INTEGER', { offset: start });
  }

  /** A view on the octets after their length. */
  opaque(): Uint8Array {
    const start = this.position;
    const length = this.integer();
    if (length > limits.opaqueOctets) throw new WbxmlError('OPAQUE_TOO_LONG', { offset: start });
    if (this.position + length > this.octets.length) this.#truncated();
    this.position += length;
    return this.octets.subarray(this.position - length, this.position);
  }

  #truncated(): never {
    throw new WbxmlError('TRUNCATED', { offset: this.octets.length });
  }
}
