// The Received field that we put on a mail, and those that stand in it. RFC 5321 4.4 Trace Information, 6.3 Loop Detection

import type { SMTPServerSession } from 'smtp-server';
import { writeField, writeMailDate } from '../mail/header-fields.js';
import { SmtpError } from './errors.js';
import { limits } from './limits.js';

/** Without the recipient: of a mail to several nobody learns of the others. */
export function receivedField(session: SMTPServerSession, by: { name: string; now: number }): string {
  const helo = clean(session.hostNameAppearsAs || 'unknown');
  const address = session.remoteAddress.includes(':') ? `IPv6:${session.remoteAddress}` : session.remoteAddress;
  return writeField('Received', [
    `from ${helo} ([${clean(address)}])`,
    `by ${clean(by.name)}`,
    `with ${clean(session.transmissionType)} id ${clean(session.id)};`,
    writeMailDate(by.now),
  ]);
}

/** Throws SmtpError TOO_MANY_HOPS. */
export function checkHops(octets: Uint8Array): void {
  const end = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).indexOf('\r\n\r\n');
  const header = Buffer.from(octets.subarray(0, end === -1 ? octets.length : end)).toString('latin1');
  const hops = header.match(/^Received[ \t]*:/gim) ?? [];
  if (hops.length > limits.hops) throw new SmtpError('TOO_MANY_HOPS');
}

function clean(word: string): string {
  return word.replace(/[^!-~]/g, '?').slice(0, 200);
}
