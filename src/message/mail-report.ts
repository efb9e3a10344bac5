// Tells a user which of the recipients did not get a mail, and why.
// RFC 5321 6.1 Reliable Delivery and Replies by Email

import type { ReportedOriginal, ReportedRecipient } from '../mail/delivery-report.js';
import { type ParsedMail, parseMail } from '../mail/parse.js';
import type { Undelivered } from '../mail/relay.js';
import type { Transaction } from '../store/session.js';
import type { Steps } from '../store/transaction.js';
import { getUserRow } from '../store/users.js';
import { deliverLetter, type LetterReport } from './letter.js';

/** Reads the subject before the commit: to parse a mail takes longer than a transaction may. */
export async function prepareUndelivered(undelivered: Undelivered): Promise<(tx: Transaction) => Steps<void>> {
  const { mail, failures, now } = undelivered;
  const parsed = await parsedOf(mail.octets);
  const about = {
    envelopeId: mail.id,
    arrivedAt: mail.createdAt,
    original: { kind: 'headers', octets: mail.octets } as const,
  };
  // What goes on by itself has no return path: that it did not is told here and goes nowhere.
  const staysHere = mail.sender === '';
  return (tx) => reportUndelivered(tx, { userId: mail.userId, ...parsed, ...about, failures, staysHere, now });
}

export interface UndeliveredMail {
  /** The sender; whoever is no user any longer is not told. */
  userId: number | null;
  subject: string;
  messageId?: string | undefined;
  envelopeId: string;
  arrivedAt: number;
  original: ReportedOriginal;
  failures: Undelivered['failures'];
  staysHere?: boolean;
  now: number;
}

export function* reportUndelivered(tx: Transaction, undelivered: UndeliveredMail): Steps<void> {
  const { userId, subject, failures, staysHere, now } = undelivered;
  const to = userId === null ? undefined : yield* getUserRow(tx, userId);
  if (!to) return;
  const list = failures.map(({ recipient, reason }) => `  ${recipient}\n    ${reason}\n`).join('\n');
  const whose = staysHere
    ? `"${subject}" lies in your mailbox here. It was not delivered to where you have it sent:`
    : `Your mail "${subject}" was not delivered to:`;
  yield* deliverLetter(tx, {
    to,
    subject: `Mail was not delivered: ${subject}`,
    text: `${whose}\n\n${list}\nIt is not tried again for them.\n`,
    now,
    report: reportOf(undelivered),
    staysHere,
  });
}

function reportOf({ failures, messageId, envelopeId, arrivedAt, original, now }: UndeliveredMail): LetterReport {
  const recipients = failures.map(({ recipient, reason }): ReportedRecipient => {
    const about = { address: recipient, action: 'failed', reason, lastAttemptAt: now } as const;
    return { ...about, status: statusOf(reason) };
  });
  return { envelopeId, arrivedAt, recipients, original, references: messageId, inReplyTo: messageId };
}

/** What the mail server said, where it said so. RFC 2034 4 Status Code Values */
function statusOf(reason: string): string {
  return /\b5\.\d{1,3}\.\d{1,3}\b/.exec(reason)?.[0] ?? '5.0.0';
}

async function parsedOf(octets: Uint8Array): Promise<Pick<ParsedMail, 'subject' | 'messageId'>> {
  try {
    const { subject, messageId } = await parseMail(octets);
    return { subject, messageId };
  } catch {
    return { subject: '', messageId: undefined };
  }
}
