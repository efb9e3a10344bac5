// Addresses of mail, and those that stand for a number: `"+12025550101" <"sms:+12025550101"@example.com>`.
// RFC 5322 3.4 Address Specification, RFC 5724 2.2 Formal Definition of the sms URI.

import { decodeWords } from 'postal-mime';
import { readNumber } from '../sms/number.js';
import { behindScheme, readSmsUri } from '../sms/sms-uri.js';
import { splitAddressList, type Word, type WrittenMailbox } from './address-list.js';

export interface MailAddress {
  name: string | undefined;
  /** As written: `"sms:+12025550101"@example.com` keeps its quotes, a bare number has no `@`. Empty where there is only a name. */
  address: string;
}

const plain = /^[^\s",;:<>()[\]\\]+$/;

const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/**
 * Reads one To, Cc or From: names and comments, quoted local parts, groups (their members), encoded words, bare numbers.
 * @throws MailError TOO_MANY_ADDRESSES
 */
export function readAddresses(header: string): MailAddress[] {
  return splitAddressList(header).map(readMailbox);
}

/** As RFC 5322 writes it, with the name in Unicode: what goes on the wire as MIME is encoded by `composeMail`. */
export function writeAddress({ name, address }: MailAddress): string {
  const clean = withoutControls(address);
  if (name === undefined || name === '') return plain.test(clean) ? clean : `<${clean}>`;
  return `"${withoutControls(name).replace(/["\\]/g, '\\$&')}" <${clean}>`;
}

/** The address at which a number, or a sender that is a word (`Bank`), is reached from a mail program. */
export function addressOfNumber(of: { number: string; name?: string | undefined; domain: string }): MailAddress {
  const number = withoutControls(of.number);
  // A mark that begins parameters, or that is not of ASCII, would not come back as it was.
  const written = encodeURIComponent(number.replace(/\p{Cs}/gu, '\ufffd')).replaceAll('%2B', '+');
  return { name: of.name || number, address: `"sms:${written}"@${of.domain}` };
}

export interface TextRecipient {
  /** As `readNumber` gives it; what an `sms:` address holds and is no number (`Bank`) stays as written. */
  number: string;
  /** What stands after `?`, names in lower case. */
  parameters: ReadonlyMap<string, string>;
}

const mobile = /^\[\s*MOBILE\s*:([^[\]]*)\]$/i;
const quotedLocal = /^"((?:[^"\\]|\\[^])*)"(?:@|$)/;
// An `@` outside quotes, with something on both sides.
const addressWord = /^(?:"(?:[^"\\]|\\[^])*"|[^"@])+@[^]/;
const encodedWord = /=\?[^?\s]+\?[BbQq]\?/;

/** The number behind an address, in each form people and programs write it; `undefined` for an address of mail. */
export function readTextRecipient(address: string): TextRecipient | undefined {
  const trimmed = address.trim();
  const inMobile = mobile.exec(trimmed);
  if (inMobile !== null) return recipientOf(inMobile[1]!);
  const local = localPart(trimmed);
  const behind = behindScheme(local);
  if (behind !== undefined) return recipientOf(behind);
  if (local !== trimmed) return undefined;
  const bare = recipientOf(trimmed);
  return readNumber(bare.number) === undefined ? undefined : bare;
}

function localPart(address: string): string {
  const quoted = quotedLocal.exec(address);
  if (quoted !== null) return unescaped(quoted[1]!);
  const at = address.lastIndexOf('@');
  return at === -1 ? address : address.slice(0, at);
}

function recipientOf(behindScheme: string): TextRecipient {
  const uri = readSmsUri(behindScheme);
  const number = uri.recipients.join(',').trim();
  const parameters = new Map<string, string>();
  for (const [name, value] of uri.parameters) if (name !== '' && !parameters.has(name)) parameters.set(name, value);
  return { number: readNumber(number) ?? number, parameters };
}

function readMailbox(mailbox: WrittenMailbox): MailAddress {
  const { words, comments, angle, written } = mailbox;
  if (angle !== undefined) return named(readName(words, comments), insideAngle(angle));
  if (readNumber(written) !== undefined) return { name: undefined, address: written };
  const at = words.findLastIndex(({ raw }) => addressWord.test(raw) && !encodedWord.test(raw));
  if (at !== -1) return named(readName(words.toSpliced(at, 1), comments), withoutScheme(words[at]!.raw));
  const inMobile = words.findLastIndex(({ raw }) => mobile.test(raw));
  if (inMobile === -1) return readWithoutAddress(words, comments);
  const number = mobile.exec(words[inMobile]!.raw)![1]!.trim();
  return named(readName(words.toSpliced(inMobile, 1), comments), number);
}

// Neither brackets nor `@`: what is not in quotes is a number or an alias, and in quotes alone even that may be one.
function readWithoutAddress(words: readonly Word[], comments: readonly string[]): MailAddress {
  const open = words.filter(({ isQuoted }) => !isQuoted);
  const inQuotes = words.filter(({ isQuoted }) => isQuoted);
  const target = joined(open.length > 0 ? open : inQuotes);
  // An address is never made of what an encoded word hides.
  if (encodedWord.test(target)) return { name: readName(words, comments), address: '' };
  return named(readName(open.length > 0 ? inQuotes : [], comments), target);
}

function named(name: string | undefined, address: string): MailAddress {
  const clean = withoutControls(address);
  return { name: name === clean ? undefined : name, address: clean };
}

function readName(words: readonly Word[], comments: readonly string[]): string | undefined {
  const name = words.length > 0 ? joined(words) : comments.join(' ').replace(/\\([^])/g, '$1');
  return withoutControls(decodeWords(name)).replace(/\s+/g, ' ').trim() || undefined;
}

function joined(words: readonly Word[]): string {
  return words.map(({ raw, isQuoted }) => (isQuoted ? unescaped(raw.slice(1, -1)) : raw)).join(' ');
}

// RFC 5322 4.4 Obsolete Addressing: a route before the address is ignored.
function insideAngle(angle: string): string {
  const inner = withoutScheme(angle.trim()).replace(/^@[^:"]*:/, '');
  return inner.includes('"') || !inner.includes('@') ? inner : inner.replace(/\s+/g, '');
}

function withoutScheme(address: string): string {
  return address.replace(/^mailto:/i, '');
}

function unescaped(text: string): string {
  return text.replace(/\\([^])/g, '$1');
}

function withoutControls(text: string): string {
  return text.replace(control, ' ').trim();
}
