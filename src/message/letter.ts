// Mail that the server itself writes into a user's Inbox, or to somebody elsewhere whom a text names.

import { reportFields } from '../mail/automatic.js';
import { composeReport, type DeliveryReport } from '../mail/delivery-report.js';
import { mailViewOf } from '../mail/text-mail.js';
import { putContent } from '../store/contents.js';
import { addItem } from '../store/items.js';
import { FolderType, getFolderOfType } from '../store/mailboxes.js';
import type { Transaction } from '../store/session.js';
import type { Item, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { forwardItem, sendOn } from './forward.js';

export interface Letter {
  to: User;
  subject: string;
  text: string;
  now: number;
  /** For machines as well, of what did not arrive. */
  report?: LetterReport | undefined;
  /** It goes to no address that the user has mail sent to: it tells that one of them takes none. */
  staysHere?: boolean | undefined;
}

export interface LetterReport extends Omit<DeliveryReport, 'mail' | 'reporter'> {
  /** Message-ID of what it is about, and before it those of its conversation. */
  references?: string | undefined;
  inReplyTo?: string | undefined;
}

export function* deliverLetter(tx: Transaction, letter: Letter): Steps<void> {
  const { to, subject, text, now, report } = letter;
  const inbox = yield* getFolderOfType(tx, to.id, FolderType.Inbox);
  const item = yield* addItem(tx, {
    userId: to.id,
    folderId: inbox.id,
    class: 'Email',
    from: postmasterOf(to.domain),
    to: to.address,
    subject,
    text,
    date: now,
    ...(report && { properties: propertiesOf(report) }),
  });
  const octets = report && composeLetter(item, { ...letter, report });
  if (octets) yield* putContent(tx, { itemId: item.id, html: undefined, mime: octets });
  if (!letter.staysHere) yield* forwardItem(tx, { user: to, item, octets, now });
}

function postmasterOf(domain: string): string {
  return `postmaster@${domain}`;
}

function propertiesOf({ references, inReplyTo }: LetterReport): Item['properties'] {
  return {
    ...(references !== undefined && { references }),
    ...(inReplyTo !== undefined && { inReplyTo }),
    hasContent: true,
  };
}

function composeLetter(item: Item, { to, report }: Letter & { report: LetterReport }): Uint8Array {
  const { messageId } = mailViewOf(item, to);
  return compose({ ...item, to: to.address, domain: to.domain, messageId, subject: item.subject ?? '', report });
}

interface Written extends Pick<Item, 'date' | 'text'> {
  to: string;
  domain: string;
  subject: string;
  messageId: string;
  report: LetterReport;
}

function compose({ to, domain, subject, date, messageId, text, report }: Written): Uint8Array {
  const { references, inReplyTo } = report;
  const threading = { messageId, references, inReplyTo };
  const mail = { from: postmasterOf(domain), to, subject, date, text, ...threading, fields: reportFields };
  return composeReport({ ...report, mail, reporter: domain });
}

export interface LetterElsewhere {
  to: string;
  /** Of ours, from which it comes. */
  domain: string;
  subject: string;
  text: string;
  now: number;
  report: LetterReport;
}

/** By the relay, to somebody who has no mailbox here. */
export function* mailLetter(tx: Transaction, letter: LetterElsewhere): Steps<void> {
  const { to, domain, now, report } = letter;
  const name = `report-${report.envelopeId}-${now}`;
  const octets = compose({ ...letter, date: now, messageId: `<${name}@${domain}>` });
  yield* sendOn(tx, { user: undefined, item: { id: name }, addresses: [to], octets, now });
}
