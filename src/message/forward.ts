// What lies in a user's Inbox goes on to the addresses that the user has it sent to: by the relay, to phones as a text.

import { hash } from 'node:crypto';
import { automaticFields, loopField, wasPassedOnBy } from '../mail/automatic.js';
import { composeMail } from '../mail/compose.js';
import { editHeaders } from '../mail/edit-headers.js';
import {
  type MailView,
  mailViewOf,
  type Owner,
  type Surroundings,
  type TextItem,
  textViewOf,
} from '../mail/text-mail.js';
import { isCountry } from '../sms/number.js';
import { allDomains } from '../store/domains.js';
import { FolderType } from '../store/mailboxes.js';
import { enqueueMail } from '../store/mails.js';
import type { Transaction } from '../store/session.js';
import type { Item, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { forwardAsText, isForwardText } from './forward-text.js';
import { hopsOfMail } from './hops.js';

export interface Forwarding {
  user: User;
  item: Item;
  /** The mail as it came; what has none is composed. */
  octets?: Uint8Array | undefined;
  /** How many rules, forwards and servers a text has behind it; a mail says so itself. */
  hops?: number | undefined;
  now: number;
}

/** Part of the commit that puts the item there: it is on disk for both or for neither. */
export function* forwardItem(tx: Transaction, forwarding: Forwarding): Steps<void> {
  const { user, octets } = forwarding;
  if (user.forwardTo.length === 0) return;
  if (octets !== undefined && wasPassedOnBy(octets, user.address)) return;
  const phones = user.forwardTo.filter(isForwardText);
  const addresses = user.forwardTo.filter((address) => !isForwardText(address));
  const { hops = octets === undefined ? 0 : hopsOfMail(octets) } = forwarding;
  if (phones.length > 0) yield* forwardAsText(tx, { ...forwarding, addresses: phones, hops });
  if (addresses.length > 0) yield* sendOn(tx, { ...forwarding, addresses, octets: octetsOf(tx, forwarding) });
}

function octetsOf(tx: Transaction, { user, item, octets }: Forwarding): Uint8Array {
  if (octets !== undefined) return editHeaders(octets, { without: [], fields: [loopField(user.address)] });
  return compose(item, mailViewOf(item, user, surroundingsOf(tx)), user);
}

/** A text that lies in no mailbox of ours, as the mail that leaves. */
export function composeText(tx: Transaction, text: TextItem, owner: Owner): Uint8Array {
  return compose(text, textViewOf(text, owner, surroundingsOf(tx)), owner);
}

export function surroundingsOf(tx: Transaction): Surroundings {
  const { defaultCountry } = tx.settings.current;
  const isKnown = defaultCountry !== undefined && isCountry(defaultCountry);
  return { folderType: FolderType.Inbox, ...(isKnown && { defaultCountry }) };
}

function compose(item: Pick<Item, 'date' | 'text' | 'properties'>, view: MailView, { address }: Owner): Uint8Array {
  return composeMail({
    from: view.from,
    to: view.to,
    subject: view.subject,
    date: item.date,
    messageId: view.messageId,
    inReplyTo: item.properties.inReplyTo,
    references: view.references,
    fields: [...automaticFields, loopField(address)],
    text: item.text,
  });
}

export interface SentOn {
  /** Who is told where it does not arrive; nobody where there is none. */
  user: Pick<User, 'id'> | undefined;
  /** Tells this copy from all others. */
  item: { id: number | string };
  addresses: readonly string[];
  octets: Uint8Array;
  now: number;
}

/** A mail for each address, so that one that is refused holds up no other. Its return path is empty: no bounce comes back. */
export function* sendOn(tx: Transaction, { user, item, addresses, octets, now }: SentOn): Steps<void> {
  const expiresAt = now + Math.round(tx.settings.current.expireMinutes * 60_000);
  for (const address of addresses)
    yield* enqueueMail(tx, {
      id: mailIdOf(`${item.id} ${address}`, now),
      userId: user?.id,
      sender: '',
      recipients: [address],
      octets,
      expiresAt,
      now,
    });
}

/**
 * Grows with time as all ids do, and is the same again for the same copy.
 * RFC 9562 5.7 UUID Version 7
 *
 *   48 bits of time | version 7 | 12 bits | variant 10 | 62 bits
 */
function mailIdOf(copy: string, now: number): string {
  const time = now.toString(16).padStart(12, '0');
  const rest = hash('sha256', copy);
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}

/** That of mail which is of no user here. */
export function* getOwnDomain(tx: Transaction): Steps<string> {
  return (yield* allDomains(tx))[0]?.name ?? 'localhost';
}
