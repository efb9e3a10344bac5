// A report on what did not arrive, or not yet, as other mail programs read it: words for people, fields for machines, and what
// it is about.
// RFC 6522 3 The Multipart/Report Media Type, RFC 3464 2 Format of a Delivery Status Notification

import { boundaryMark, type ComposedMail, writeHeader } from './compose.js';
import { writeField, writeMailDate } from './header-fields.js';
import { encodeText } from './transfer-encoding.js';

export interface DeliveryReport {
  /** The mail that tells it; its text is for people. */
  mail: Omit<ComposedMail, 'html' | 'attachments'>;
  /** Domain of whoever reports. RFC 3464 2.2.2 The Reporting-MTA DSN field */
  reporter: string;
  /** By which the log knows what it is about. */
  envelopeId: string;
  /** Epoch milliseconds. */
  arrivedAt: number;
  recipients: readonly ReportedRecipient[];
  original: ReportedOriginal;
}

export interface ReportedRecipient {
  /** An address of mail. */
  address: string;
  /** RFC 3464 2.3.3 Action field */
  action: 'failed' | 'delayed';
  /** RFC 3463 2 Status Code Structure */
  status: string;
  /** In words. */
  reason: string;
  lastAttemptAt?: number | undefined;
  /** Of what is only delayed. */
  retryUntil?: number | undefined;
}

/** A whole mail of ours, or the head of one of any size. */
export type ReportedOriginal = { kind: 'mail'; octets: Uint8Array } | { kind: 'headers'; octets: Uint8Array };

export function composeReport(report: DeliveryReport): Uint8Array {
  const { mail, original } = report;
  const boundary = `${boundaryMark(mail.messageId)}_r`;
  const { encoding, body } = encodeText(mail.text);
  const words = `Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`;
  const parts = [words, `Content-Type: message/delivery-status\r\n\r\n${writeStatus(report)}`, writeOriginal(original)];
  const type = writeField('Content-Type', [
    'multipart/report;',
    'report-type=delivery-status;',
    `boundary="${boundary}"`,
  ]);
  const written = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('');
  return Buffer.from(`${writeHeader(mail)}${type}\r\n${written}--${boundary}--\r\n`, 'latin1');
}

// RFC 3464 2.2 Per-Message DSN Fields, 2.3 Per-Recipient DSN fields
function writeStatus({ reporter, envelopeId, arrivedAt, recipients }: DeliveryReport): string {
  const message = [
    field('Original-Envelope-Id', envelopeId),
    field('Reporting-MTA', `dns; ${reporter}`),
    field('Arrival-Date', writeMailDate(arrivedAt)),
  ];
  return [message, ...recipients.map(recipientFields)].map((group) => group.join('')).join('\r\n');
}

function recipientFields(recipient: ReportedRecipient): string[] {
  const { address, action, status, reason, lastAttemptAt, retryUntil } = recipient;
  return [
    field('Final-Recipient', `rfc822; ${address}`),
    field('Action', action),
    field('Status', status),
    // What a mail server said begins with its reply code. RFC 3464 2.3.6 Diagnostic-Code field
    field('Diagnostic-Code', `${/^[245]\d\d\b/.test(reason) ? 'smtp' : 'x-easms'}; ${reason}`),
    lastAttemptAt === undefined ? '' : field('Last-Attempt-Date', writeMailDate(lastAttemptAt)),
    retryUntil === undefined ? '' : field('Will-Retry-Until', writeMailDate(retryUntil)),
  ];
}

// One folded line of printable ASCII, whatever stands in it.
function field(name: string, value: string): string {
  const plain = value.replace(/[^ -~]+/g, '?').split(/(?<=[^ ])(?= )/);
  return writeField(
    name,
    plain.flatMap((word) => word.match(/.{1,900}/g) ?? []),
  );
}

// RFC 6522 4 The Text/RFC822-Headers Media Type
function writeOriginal({ kind, octets }: ReportedOriginal): string {
  const text = Buffer.from(octets).toString('latin1');
  if (kind === 'mail') return `Content-Type: message/rfc822\r\n\r\n${text}`;
  const [, head = ''] = /^([^]*?)(?:\r?\n){2}/.exec(`${text.slice(0, headOctets)}\n\n`) ?? [];
  return `Content-Type: text/rfc822-headers\r\n\r\n${sevenBit(head)}\r\n`;
}

const headOctets = 32 * 1024;

function sevenBit(head: string): string {
  return head
    .split(/\r?\n/)
    .map((line) => line.replace(/[^\t -~]/g, '?').slice(0, 990))
    .join('\r\n');
}
