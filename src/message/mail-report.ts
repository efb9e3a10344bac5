// Tells a user which of the recipients did not get a mail, and why.
// RFC 5321 6.1 Reliable Delivery and Replies by Email

import { parseMail } from '../mail/parse.js';
import type { Undelivered } from '../mail/relay.js';
import type { Transaction } from '../store/session.js';
import type { Steps } from '../store/transaction.js';
import { getUserRow } from '../store/users.js';
import { deliverLetter } from './letter.js';

/** Reads the subject before the commit: to parse a mail takes longer than a transaction may. */
export async function prepareUndelivered(undelivered: Undelivered): Promise<(tx: Transaction) => Steps<void>> {
  const subject = await subjectOf(undelivered.mail.octets);
  return (tx) => reportUndelivered(tx, { ...undelivered, userId: undelivered.mail.userId, subject });
}

export interface UndeliveredMail {
  /** The sender; whoever is no user any longer is not told. */
  userId: number | null;
  subject: string;
  failures: Undelivered['failures'];
  now: number;
}

export function* reportUndelivered(tx: Transaction, { userId, subject, failures, now }: UndeliveredMail): Steps<void> {
  const to = userId === null ? undefined : yield* getUserRow(tx, userId);
  if (!to) return;
  const list = failures.map(({ recipient, reason }) => `  ${recipient}\n    ${reason}\n`).join('\n');
  yield* deliverLetter(tx, {
    to,
    subject: `Mail was not delivered: ${subject}`,
    text: `Your mail "${subject}" was not delivered to:\n\n${list}\nIt is not tried again for them.\n`,
    now,
  });
}

async function subjectOf(octets: Uint8Array): Promise<string> {
  try {
    return (await parseMail(octets)).subject;
  } catch {
    return '';
  }
}
