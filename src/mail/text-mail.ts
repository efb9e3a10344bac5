// A text as the mail that devices without class SMS see, and what a mail says of itself.
// MS-ASEMAIL 2.2.2 Elements, MS-ASCON 2.2.2 Elements

import { type MobileAddress, readMobileAddresses } from '../sms/mobile-address.js';
import { comparable, type CountryCode, sameNumber } from '../sms/number.js';
import { FolderType } from '../store/mailboxes.js';
import type { Item, User } from '../store/tables.js';
import { addressOfNumber, type MailAddress, writeAddress } from './address.js';
import { mailSenderOf } from './email-from.js';
import {
  conversationIdOf,
  conversationIndexOf,
  conversationOfThread,
  normalisedSubject,
  threadMessageId,
} from './conversation.js';

export interface MailView {
  /** Address lists as RFC 5322 writes them, names in Unicode. */
  from: string;
  to: string;
  cc: string | undefined;
  replyTo: string | undefined;
  subject: string;
  threadTopic: string;
  /** 16 octets. */
  conversationId: Uint8Array;
  /** 5 octets. */
  conversationIndex: Uint8Array;
  messageId: string;
  references: string | undefined;
}

export type Owner = Pick<User, 'address' | 'domain' | 'displayName' | 'phoneNumber'>;

/** What helps to read a text and does not stand in it. */
export interface Surroundings {
  /** A `FolderType`. Where it is none that tells, the numbers do. */
  folderType?: number | undefined;
  /** Of numbers that are written without their country. */
  defaultCountry?: CountryCode | undefined;
}

export function mailViewOf(item: Item, owner: Owner, surroundings: Surroundings = {}): MailView {
  return item.class === 'SMS' ? textViewOf(item, owner, surroundings) : viewOfMail(item, owner);
}

/** What a text needs to be shown as mail. */
export type TextItem = Pick<Item, 'id' | 'from' | 'to' | 'text' | 'date' | 'messageId' | 'properties'>;

export function textViewOf(item: TextItem, owner: Owner, surroundings: Surroundings = {}): MailView {
  const { isOutgoing, peers } = readDirection(item, owner, surroundings);
  const user = writeAddress({ name: owner.displayName ?? undefined, address: owner.address });
  const others = isOutgoing ? writePeers(peers, owner.domain) : writeSender(item, peers, owner.domain);
  const topics = peers.map((peer) => comparable(targetOf(peer), surroundings.defaultCountry)).sort();
  const conversationId = conversationIdOf('texts', owner.address, ...new Set(topics));
  return {
    from: isOutgoing ? user : others,
    to: isOutgoing ? others : user,
    cc: undefined,
    replyTo: undefined,
    subject: subjectOf(item.text),
    threadTopic: topics.join(', '),
    conversationId,
    conversationIndex: conversationIndexOf(item.date),
    messageId: messageIdOf(item, owner.domain),
    references: [threadMessageId(conversationId, owner.domain), item.properties.inReplyTo].filter(Boolean).join(' '),
  };
}

function writePeers(peers: readonly MobileAddress[], domain: string): string {
  return peers.map((peer) => writeAddress(mailAddressOf(peer, domain))).join(', ');
}

// What a gateway brought is from whom its administrator wants it to be.
function writeSender({ properties }: TextItem, peers: readonly MobileAddress[], domain: string): string {
  const { mailFrom } = properties;
  const { number, name } = peers[0]!;
  if (mailFrom === undefined || number === undefined) return writePeers(peers, domain);
  return writeAddress(mailSenderOf({ mailFrom, number, name, domain }));
}

// A text of ours keeps the id of the message; that of a phone can only have the number of its row, and its date in case
// a new database counts from 1 again.
function messageIdOf({ id, messageId, date }: TextItem, domain: string): string {
  return messageId === null ? `<sms-${id}.${date}@${domain}>` : `<sms-${messageId}@${domain}>`;
}

const nobody: MobileAddress = { name: undefined, number: 'unknown', mail: undefined };

interface Direction {
  isOutgoing: boolean;
  /** Never empty. */
  peers: MobileAddress[];
}

function readDirection(item: TextItem, owner: Owner, surroundings: Surroundings): Direction {
  const from = reachable(item.from);
  const to = reachable(item.to);
  const isOutgoing = isSentByOwner({ item, from, to }, owner, surroundings);
  const peers = isOutgoing ? to : from;
  return { isOutgoing, peers: peers.length === 0 ? [nobody] : peers };
}

function reachable(written: string): MobileAddress[] {
  return (readMobileAddresses(written) ?? []).filter((address) => targetOf(address) !== '');
}

interface Ends {
  item: TextItem;
  from: readonly MobileAddress[];
  to: readonly MobileAddress[];
}

// The folder tells it where the text still lies in its own; else phones leave out the number that is theirs, or do not.
function isSentByOwner({ item, from, to }: Ends, owner: Owner, { folderType, defaultCountry }: Surroundings): boolean {
  if (folderType === FolderType.Inbox) return false;
  if (folderType === FolderType.SentItems || folderType === FolderType.Outbox) return true;
  if (item.messageId !== null) return true;
  if (from.length === 0 || to.length === 0) return to.length > 0;
  const own = owner.phoneNumber;
  return own !== null && from.some((each) => sameNumber(targetOf(each), own, defaultCountry));
}

function targetOf({ number, mail }: MobileAddress): string {
  return number ?? mail ?? '';
}

function mailAddressOf({ name, number, mail }: MobileAddress, domain: string): MailAddress {
  if (number === undefined) return { name, address: mail ?? '' };
  return addressOfNumber({ number, name: number === nobody.number ? 'Unknown' : name, domain });
}

const subjectCharacters = 60;
const textWithoutWords = 'Text message';

/** The first line of a text, cut at a word where it is long. */
export function subjectOf(text: string): string {
  const line = text
    .trimStart()
    .slice(0, 4 * subjectCharacters)
    .split(/[\r\n]/, 1)[0]!;

  const words = line.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();
  if (words === '') return textWithoutWords;
  const characters = [...words];
  if (characters.length <= subjectCharacters) return words;
  const cut = characters.slice(0, subjectCharacters - 1).join('');
  const space = characters[subjectCharacters - 1] === ' ' ? cut.length : cut.lastIndexOf(' ');
  // A first word of half a line, or a writing without spaces, is cut in the middle.
  return `${space > subjectCharacters / 2 ? cut.slice(0, space) : cut}…`;
}

function viewOfMail(item: Item, owner: Owner): MailView {
  const { properties } = item;
  const subject = item.subject ?? '';
  const threadTopic = normalisedSubject(subject);
  return {
    from: item.from,
    to: item.to,
    cc: properties.cc,
    replyTo: properties.replyTo,
    subject,
    threadTopic,
    conversationId: conversationOfMail(item, threadTopic),
    conversationIndex: conversationIndexOf(item.date),
    messageId: properties.messageId ?? `<mail-${item.id}.${item.date}@${owner.domain}>`,
    references: properties.references,
  };
}

// RFC 5322 3.6.4 Identification Fields: the first of References is the mail that began it.
function conversationOfMail({ properties }: Item, topic: string): Uint8Array {
  const { references, inReplyTo, messageId } = properties;
  const root = /<[^<>\s]+>/.exec(references ?? inReplyTo ?? messageId ?? '')?.[0];
  if (root === undefined) return conversationIdOf('subject', topic.toLowerCase());
  return conversationOfThread(root) ?? conversationIdOf('mail', root);
}
