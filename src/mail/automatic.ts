// Mail that no person wrote as mail: how it says so, so that machines do not answer it, and how it is known again.
// RFC 3834 5 Auto-Submitted header field

import { writeField } from './header-fields.js';

/** The fields of texts as mail, notices and reports; Exchange reads the second one. An answer of a machine to a text would be a text that costs money. */
export const automaticFields: readonly string[] = [
  writeField('Auto-Submitted', ['auto-generated']),
  writeField('X-Auto-Response-Suppress', ['All']),
];

/** Those of a report, which answers what somebody sent. */
export const reportFields: readonly string[] = [
  writeField('Auto-Submitted', ['auto-replied']),
  writeField('X-Auto-Response-Suppress', ['All']),
];

/** Names each mailbox that passed the mail on: one that comes back to it goes no further. */
export function loopField(address: string): string {
  return writeField('X-Loop', [address]);
}

const headerOctets = 64 * 1024;

/** Whether this mailbox has passed the mail on before. */
export function wasPassedOnBy(octets: Uint8Array, address: string): boolean {
  const start = Buffer.from(octets.subarray(0, headerOctets)).toString('latin1');
  const header = start.slice(0, Math.max(0, start.search(/\r?\n\r?\n/)) || undefined);
  return [...header.matchAll(/^x-loop:[ \t]*(\S+)[ \t]*$/gim)].some(([, by]) => by!.toLowerCase() === address);
}
