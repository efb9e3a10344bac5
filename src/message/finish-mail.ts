// A user's mail as it leaves and is kept. RFC 6409 6.1 Enforce Submission Rights, 8.2 Add 'Date', 8.3 'Message-ID'

import { type MailAddress, writeAddress } from '../mail/address.js';
import { editHeaders } from '../mail/edit-headers.js';
import { writeAddressList, writeField, writeIds, writeMailDate } from '../mail/header-fields.js';
import type { ParsedMail } from '../mail/parse.js';
import type { User } from '../store/tables.js';

export interface UnfinishedMail {
  parsed: ParsedMail;
  octets: Uint8Array;
  /** Who sends it. */
  user: User;
  /** Whole fields put at the top. */
  trace?: readonly string[] | undefined;
}

export interface FinishedMail {
  mail: ParsedMail;
  octets: Uint8Array;
}

/** Bcc never leaves, nor does a From that is not the sender's. */
export function finishMail(unfinished: UnfinishedMail, given: { newId: () => string; now: number }): FinishedMail {
  const { parsed, user, trace = [] } = unfinished;
  const from = isOwnAddress(parsed.from, user) ? parsed.from : ownAddress(user);
  const date = parsed.date === undefined ? given.now : undefined;
  const messageId = parsed.messageId === undefined ? `<${given.newId()}@${user.domain}>` : undefined;
  const fields = [
    // Written anew in any case: behind the first address, or in a second field, may stand another.
    writeField('From', writeAddressList(writeAddress(from))),
    date !== undefined && writeField('Date', [writeMailDate(date)]),
    messageId && writeField('Message-ID', writeIds(messageId)),
  ].filter((each) => typeof each === 'string');
  const replaced = fields.map((field) => field.slice(0, field.indexOf(':')).toLowerCase());
  const without = ['bcc', 'resent-bcc', 'sender', 'return-path', ...replaced];
  const mail = { ...parsed, from, ...(date !== undefined && { date }), ...(messageId && { messageId }) };
  return { mail, octets: editHeaders(unfinished.octets, { without, fields: [...trace, ...fields] }) };
}

/** A mail that others brought: only what tells of its way changes. */
export function finishForeignMail({ parsed, octets, trace = [] }: Omit<UnfinishedMail, 'user'>): FinishedMail {
  return {
    mail: parsed,
    octets: editHeaders(octets, { without: ['bcc', 'resent-bcc', 'return-path'], fields: trace }),
  };
}

function isOwnAddress(from: MailAddress | undefined, { address, aliases }: User): from is MailAddress {
  const written = from?.address.toLowerCase();
  return written !== undefined && (written === address || aliases.includes(written));
}

function ownAddress({ address, displayName }: User): MailAddress {
  return { name: displayName ?? undefined, address };
}
