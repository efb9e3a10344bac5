// Whom an incoming text is from, or was written to.

import { readNumber } from '../sms/number.js';
import { storable } from './storable-text.js';

/** A number where it is one, else the word it is. */
export function peerOf(written: string): string {
  return (
    readNumber(written) ??
    storable(written)
      .replaceAll(/\p{Cc}/gu, ' ')
      .trim()
  );
}
