// Whom a mail is for: numbers, users of this server, and everybody else.

import { domainToASCII } from 'node:url';
import { isDomainName } from '../accounts/names.js';
import type { MailAddress } from '../mail/address.js';
import { readTextRecipient, type TextRecipient } from '../mail/address.js';
import { fillExtension, isForExtension } from '../mail/extension.js';
import { comparable, isCountry, readNumber } from '../sms/number.js';
import { getDomain } from '../store/domains.js';
import type { Store } from '../store/open.js';
import type { Session } from '../store/session.js';
import type { Steps } from '../store/transaction.js';
import { getUser } from '../store/users.js';
import { findAddressed } from './addressed.js';
import { MessageError } from './errors.js';
import { limits } from './limits.js';

export interface MailRecipients {
  texts: readonly TextRecipient[];
  /** Rows of users, each once however many of their addresses are named. */
  userIds: readonly number[];
  /** Each once, the domain in the form that goes on the wire. */
  others: readonly string[];
  /** Of lists and notification accounts here, whose members nobody has looked at. */
  lists: readonly string[];
}

/** What one address stands for; an other one has its domain in the form that goes on the wire. */
export type Found = { text: TextRecipient } | { userId: number } | { other: string };

/** Domains of this server that have no users. */
type SmsDomains = readonly string[];

/** Throws MessageError NO_RECIPIENT, TOO_MANY_RECIPIENTS, RECIPIENT_UNRESOLVED. */
export async function sortRecipients(store: Store, addresses: readonly MailAddress[]): Promise<MailRecipients> {
  const written = [...new Set(addresses.map(({ address }) => address))];
  if (written.length === 0) throw new MessageError('NO_RECIPIENT');
  if (written.length > limits.mailRecipients) throw new MessageError('TOO_MANY_RECIPIENTS');
  const { smsDomains } = store.settings.current.mail;
  const found = await store.read((session) => findEach(session, written, smsDomains));
  return gather(found, store.settings.current.defaultCountry);
}

type FoundAny = Found | { list: string };

function* findEach(session: Session, addresses: readonly string[], smsDomains: SmsDomains): Steps<FoundAny[]> {
  const all: FoundAny[] = [];
  for (const address of addresses) all.push(yield* findAny(session, address, smsDomains));
  return all;
}

// Most are for numbers, which are known by themselves.
function* findAny(session: Session, address: string, smsDomains: SmsDomains): Steps<FoundAny> {
  const isList = !isOfNumber(address) && (yield* findAddressed(session, address)) !== undefined;
  return isList ? { list: address } : yield* findRecipient(session, address, smsDomains);
}

/** In whatever form, and with whatever parameters. */
export function isOfNumber(address: string): boolean {
  return readTextRecipient(address) !== undefined;
}

/** Throws MessageError RECIPIENT_UNRESOLVED. */
export function* findRecipient(session: Session, address: string, smsDomains: SmsDomains): Steps<Found> {
  const text = readTextRecipient(address);
  if (text) return { text: checkNumber(text) };
  const { local, domain } = splitAddress(address);
  const user = yield* getUser(session, `${local}@${domain}`.toLowerCase());
  if (user) return { userId: user.id };
  if (!smsDomains.includes(domain) && !(yield* getDomain(session, domain)))
    return { other: `${local}@${domainToASCII(domain)}` };
  return { text: checkNumber(textOfLocal(local)) };
}

/** `+12025550101`, also in quotes and with parameters behind a question mark. */
function textOfLocal(local: string): TextRecipient {
  return readTextRecipient(`sms:${unquoted(local)}`) ?? { number: local, parameters: new Map() };
}

function unquoted(local: string): string {
  return local.startsWith('"') ? local.slice(1, -1).replace(/\\([^])/g, '$1') : local;
}

/** The address of a number in whatever form; `undefined` for any other. */
export function readTextAddress(address: string): TextRecipient | undefined {
  const text = readTextRecipient(address);
  return text && readNumber(text.number) !== undefined ? text : undefined;
}

/** `sms:%%extensionnosep%%`, with parameters or without. */
export function isOfExtension(target: string): boolean {
  return isForExtension(target) && fillExtension(target, '') !== undefined;
}

/** Throws MessageError RECIPIENT_UNRESOLVED. */
export function checkNumber(text: TextRecipient): TextRecipient {
  const number = readNumber(text.number);
  if (number === undefined) throw new MessageError('RECIPIENT_UNRESOLVED');
  return { ...text, number };
}

// RFC 5321 4.1.2 Command Argument Syntax: what the relay could not be told is not accepted.
const mailbox = /^("(?:[^"\\<>\p{Cc}]|\\[^<>\p{Cc}])*"|[^\s"(),:;<>@[\\\]\p{Cc}]+)@([^\s@]+)$/u;

function splitAddress(address: string): { local: string; domain: string } {
  const [, local = '', domain = ''] = mailbox.exec(address) ?? [];
  if (!isDomainName(domain) || address.length > limits.mailAddressCharacters)
    throw new MessageError('RECIPIENT_UNRESOLVED');
  return { local, domain: domain.toLowerCase() };
}

function gather(found: readonly (Found | { list: string })[], country: string | undefined): MailRecipients {
  const defaultCountry = country !== undefined && isCountry(country) ? country : undefined;
  const texts = new Map<string, TextRecipient>();
  const userIds = new Set<number>();
  const others = new Map<string, string>();
  const lists = new Map<string, string>();
  for (const each of found) {
    if ('userId' in each) userIds.add(each.userId);
    else if ('list' in each) addOnce(lists, each.list.toLowerCase(), each.list);
    else if ('other' in each) addOnce(others, each.other.toLowerCase(), each.other);
    else addOnce(texts, comparable(each.text.number, defaultCountry), each.text);
  }
  return {
    texts: [...texts.values()],
    userIds: [...userIds],
    others: [...others.values()],
    lists: [...lists.values()],
  };
}

function addOnce<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value);
}
