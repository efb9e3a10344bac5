// Binary messages as people write them in requests: base64, and a header with or without its length octet.
// RFC 4648 4 Base 64 Encoding, 5 Base 64 Encoding with URL and Filename Safe Alphabet

import type { BinaryMessage } from './binary-parts.js';
import { readUserDataHeader, withoutLengthOctet } from './user-data-header.js';

// A plus that was not escaped arrives from a query as a space.
const base64 = /^[A-Za-z0-9+/_ -]*={0,2}$/;

/** Either alphabet, with or without padding, in one line or several. `undefined` where it is no base64. */
export function readBase64(written: string): Uint8Array | undefined {
  const text = written.replace(/[\r\n]/g, '');
  const digits = text.replace(/=+$/, '');
  // Words are no base64: where there are spaces, at least the length has to be one an encoder gives.
  const isOdd = text.includes(' ') ? text.length % 4 !== 0 : digits.length % 4 === 1;
  if (!base64.test(text) || isOdd) return undefined;
  return Buffer.from(digits.replaceAll(' ', '+'), 'base64');
}

/** `undefined` where either is no base64, or the header is none. */
export function readBinary(written: { data: string; udh?: string | undefined }): BinaryMessage | undefined {
  const data = readBase64(written.data);
  const header = readBase64(written.udh ?? '');
  if (data === undefined || header === undefined) return undefined;
  const udh = withoutLengthOctet(header);
  if (readUserDataHeader(udh) === undefined) return undefined;
  return udh.length === 0 ? { data } : { data, udh };
}
