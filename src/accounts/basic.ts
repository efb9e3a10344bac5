// The Authorization header of the Basic scheme.
// RFC 7617 2 The 'Basic' Authentication Scheme

import { isUtf8 } from 'node:buffer';

export interface NameAndPassword {
  name: string;
  password: string;
}

const basic = /^basic +([a-z0-9+/_-]+={0,2}) *$/i;

/** `undefined` where it is another scheme, or not one name and password. */
export function readBasic(header: string): NameAndPassword | undefined {
  const encoded = basic.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const octets = Buffer.from(encoded, 'base64');
  // The document leaves the charset open; older phones write what their keyboard gives them.
  const text = octets.toString(isUtf8(octets) ? 'utf8' : 'latin1');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}
