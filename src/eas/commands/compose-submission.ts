// Hands a mail of a device to the middle, and says in Statuses why it is not taken.
// MS-ASCMD 2.2.2 Common Status Codes

import { AccountError, type AccountErrorCode } from '../../accounts/errors.js';
import { MailError } from '../../mail/errors.js';
import { type ParsedMail, parseMail } from '../../mail/parse.js';
import { MessageError, type MessageErrorCode } from '../../message/errors.js';
import { type OutgoingMail, submitMail } from '../../message/mail.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { CommonStatus } from '../statuses.js';

const statuses: Record<MessageErrorCode, number> = {
  BAD_NUMBER: CommonStatus.MessageRecipientUnresolved,
  BAD_PARAMETER: CommonStatus.MessageRecipientUnresolved, // what an address of a number says after its question mark
  RECIPIENT_UNRESOLVED: CommonStatus.MessageRecipientUnresolved,
  NO_RECIPIENT: CommonStatus.MessageHasNoRecipient,
  TOO_MANY_RECIPIENTS: CommonStatus.SendQuotaExceeded,
  EMPTY_MESSAGE: CommonStatus.MailSubmissionFailed,
  MESSAGE_TOO_LONG: CommonStatus.AttachmentIsTooLarge,
  NO_GATEWAY: CommonStatus.MailSubmissionFailed,
  UNKNOWN_GATEWAY: CommonStatus.MailSubmissionFailed,
  REJECTED_BY_RULE: CommonStatus.MailSubmissionFailed, // the reason is a letter in the mailbox
  RULES_UNAVAILABLE: CommonStatus.MailSubmissionFailed,
  NO_RELAY: CommonStatus.MailSubmissionFailed,
  CLIENT_ID_REUSED: CommonStatus.MessagePreviouslySent,
  IDEMPOTENCY_CONFLICT: CommonStatus.MessagePreviouslySent,
};

/** Resolves when it is on disk. Throws StatusError. */
export async function submitComposed(exchange: Exchange, mail: Omit<OutgoingMail, 'user'>): Promise<void> {
  try {
    await submitMail(exchange.services, { ...mail, user: exchange.user });
  } catch (error) {
    throw statusErrorOf(error);
  }
}

/** Throws StatusError. */
export async function parseComposed(octets: Uint8Array): Promise<ParsedMail> {
  try {
    return await parseMail(octets);
  } catch (error) {
    throw statusErrorOf(error);
  }
}

/** What has no Status stays what it is. */
export function statusErrorOf(error: unknown): unknown {
  if (error instanceof MessageError) return new StatusError(statuses[error.code], error.message);
  if (error instanceof MailError) return new StatusError(statusOfMail(error), error.message);
  const status = error instanceof AccountError ? refusals[error.code] : undefined;
  return status === undefined ? error : new StatusError(status, (error as AccountError).message);
}

const refusals: Partial<Record<AccountErrorCode, number>> = {
  ACCESS_DENIED: CommonStatus.MailSubmissionFailed,
  ACCOUNT_INACTIVE: CommonStatus.MailSubmissionFailed,
  ACCOUNT_EXPIRED: CommonStatus.MailSubmissionFailed,
  MONTHLY_LIMIT_REACHED: CommonStatus.SendQuotaExceeded,
};

function statusOfMail({ code }: MailError): number {
  if (code === 'MAIL_TOO_LARGE') return CommonStatus.AttachmentIsTooLarge;
  return code === 'TOO_MANY_ADDRESSES' ? CommonStatus.SendQuotaExceeded : CommonStatus.InvalidMIME;
}
