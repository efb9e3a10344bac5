// What a mailbox shows of an incoming message: its text, or words for what is no text.

import type { IncomingProperties } from '../store/states.js';
import type { Incoming } from '../store/tables.js';
import { limits } from './limits.js';

export function wordsOf({ text, properties }: Pick<Incoming, 'text' | 'properties'>): string {
  if (properties?.data === undefined) return text;
  return describe(Buffer.from(properties.data, 'base64'), properties);
}

function describe(octets: Buffer, { missing = [], parts = 1 }: IncomingProperties): string {
  const shown = octets.subarray(0, limits.octetsShown).toString('hex').toUpperCase();
  const isWhole = octets.length <= limits.octetsShown;
  const lack = missing.length > 0 ? `, ${missing.length} of ${parts} parts are missing` : '';
  return `[binary message of ${octets.length} octets${lack}] ${shown}${isWhole ? '' : '…'}`;
}
