// What a mailbox shows of an incoming message: its text, or words for what is no text.

import type { Incoming } from '../store/tables.js';
import { limits } from './limits.js';

export function wordsOf({ text, properties }: Pick<Incoming, 'text' | 'properties'>): string {
  return properties?.data === undefined ? text : describe(Buffer.from(properties.data, 'base64'));
}

function describe(octets: Uint8Array): string {
  const shown = Buffer.from(octets.subarray(0, limits.octetsShown)).toString('hex').toUpperCase();
  const isWhole = octets.length <= limits.octetsShown;
  return `[binary message of ${octets.length} octets] ${shown}${isWhole ? '' : '…'}`;
}
