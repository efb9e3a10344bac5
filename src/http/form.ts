// Pairs of a query string or a form, read once and strictly: what two readers could take differently is refused.
// WHATWG URL 5.1 application/x-www-form-urlencoded parsing

import { HttpError } from './errors.js';
import { limits } from './limits.js';

/**
 * Calls `take` for each pair, decoded, in order. Throws HttpError BAD_PARAMETER for a percent escape that is none, for
 * octets that are not UTF-8, and beyond the limit.
 */
export function readPairs(text: string, take: (name: string, value: string) => void): void {
  let pairs = 0;
  for (let start = 0; start < text.length;) {
    const end = endOfPair(text, start);
    if (++pairs > limits.parameters) throw new HttpError('BAD_PARAMETER');
    if (end > start) takePair(text.slice(start, end), take);
    start = end + 1;
  }
}

function endOfPair(text: string, start: number): number {
  const ampersand = text.indexOf('&', start);
  return ampersand < 0 ? text.length : ampersand;
}

function takePair(pair: string, take: (name: string, value: string) => void): void {
  const equals = pair.indexOf('=');
  if (equals < 0) take(decode(pair), '');
  else take(decode(pair.slice(0, equals)), decode(pair.slice(equals + 1)));
}

function decode(written: string): string {
  const spaced = written.includes('+') ? written.replaceAll('+', ' ') : written;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw new HttpError('BAD_PARAMETER');
  }
}
