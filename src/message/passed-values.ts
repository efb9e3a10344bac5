// What a sender passes on to the gateway's URL beside the message: pairs as they stand in a query, `&unicode=1`.
// RFC 3986 3.4 Query

import { MessageError } from './errors.js';
import { limits } from './limits.js';

const loneSurrogate = /\p{Surrogate}/gu;
const notOfQuery = /%(?![0-9a-f]{2})|[^\w\-.~!$'()*,;:@/?&=%]/giu;

/**
 * Each with the `&` in front, and every character that has no place in a query escaped: what is written here cannot end
 * the query, nor the URL. Throws MessageError BAD_PARAMETER for more than the limits allow.
 */
export function readPassedValues(written: readonly string[]): string[] {
  const values = written.filter((value) => value !== '').map(writeValue);
  const characters = values.reduce((sum, { length }) => sum + length, 0);
  if (values.length > limits.values || characters > limits.valueCharacters)
    throw new MessageError('BAD_PARAMETER', 'values');
  return values;
}

function writeValue(written: string): string {
  const escaped = written.replace(loneSurrogate, '\ufffd').replace(notOfQuery, encodeURIComponent);
  return escaped.startsWith('&') ? escaped : `&${escaped}`;
}
