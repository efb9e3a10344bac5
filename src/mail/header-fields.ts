// Header fields in 7 bit, folded. RFC 5322 2.2.3 Long Header Fields, RFC 2047 5 Use of encoded-words in message headers

import { domainToASCII } from 'node:url';
import { type MailAddress, readAddresses } from './address.js';
import { limits } from './limits.js';

// RFC 5322 2.1.1 Line Length Limits: 78 wanted, 998 forced.
const wantedColumns = 78;
// RFC 2047 2 Syntax of encoded-words: a line that holds one has 76 characters at most, the name of its field included.
const octetsOfWord = 39;
const longestWord = 60;
const longestSection = 50;

const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const printable = /^[ -~]*$/;
const dotAtom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;

/** A field of which each piece stays on one line; pieces after the first begin with the space that a fold breaks at. */
export function writeField(name: string, pieces: readonly string[]): string {
  let field = `${name}:`;
  let columns = field.length;
  for (const piece of pieces) {
    const spaced = piece.startsWith(' ') ? piece : ` ${piece}`;
    const isFolded = columns + spaced.length > wantedColumns && columns > name.length + 1;
    field += isFolded ? `\r\n${spaced}` : spaced;
    columns = (isFolded ? 0 : columns) + spaced.length;
  }
  return `${field}\r\n`;
}

/** The pieces of a subject. */
export function writeText(value: string): string[] {
  const clean = cleaned(value);
  return isPlain(clean) ? clean.split(/(?<=[^ ])(?= )/) : encodedWords(clean);
}

/** The pieces of an address list as people write it. @throws MailError TOO_MANY_ADDRESSES */
export function writeAddressList(list: string): string[] {
  const mailboxes = readAddresses(list).map(writeMailbox);
  return mailboxes.flatMap((pieces, at) => (at < mailboxes.length - 1 ? withComma(pieces) : pieces));
}

/** The pieces of Message-ID, In-Reply-To and References. RFC 5322 3.6.4 Identification Fields */
export function writeIds(ids: string): string[] {
  const written = ids.replace(/[^!-~]+/g, ' ').match(/<[^<>\s]+>|[^<>\s]+/g) ?? [];
  return written
    .map((id) => (id.startsWith('<') ? id : `<${id}>`))
    .filter((id) => id.length <= limits.messageIdCharacters);
}

/** The pieces of a parameter with its semicolon before it. RFC 2231 3 Parameter Value Continuations, 4 character set */
export function writeParameter(name: string, value: string): string[] {
  const clean = cleaned(value);
  if (printable.test(clean) && clean.length <= longestSection) return [`${name}="${escapeQuoted(clean)}"`];
  const octets = [...Buffer.from(clean)].map((octet) => {
    const character = String.fromCharCode(octet);
    return /[A-Za-z0-9.-]/.test(character) ? character : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  const chunks = chunksOf(octets, longestSection);
  return chunks.map((chunk, at) => {
    const section = chunks.length === 1 ? '*' : `*${at}*`;
    return `${name}${section}=${at === 0 ? "UTF-8''" : ''}${chunk}`;
  });
}

/** RFC 5322 3.3 Date and Time Specification */
export function writeMailDate(date: number): string {
  const instant = new Date(date);
  return (Number.isNaN(instant.getTime()) ? new Date(0) : instant).toUTCString().replace('GMT', '+0000');
}

function writeMailbox({ name, address }: MailAddress): string[] {
  const written = writeAddrSpec(address);
  // 7 bit has no form for it: the reader sees whom it was for, and nothing can be sent there.
  if (written === undefined) return [...encodedWords([name, address].filter(Boolean).join(' ')), ':;'];
  return name === undefined ? [`<${written}>`] : [...writePhrase(name), `<${written}>`];
}

function writePhrase(name: string): string[] {
  const clean = cleaned(name);
  return isPlain(clean) ? `"${escapeQuoted(clean)}"`.split(/(?<=[^ ])(?= )/) : encodedWords(clean);
}

function writeAddrSpec(address: string): string | undefined {
  const clean = cleaned(address);
  const at = clean.lastIndexOf('@');
  const local = at === -1 ? clean : clean.slice(0, at);
  if (clean.length > limits.messageIdCharacters || !printable.test(local) || local === '') return undefined;
  const quoted = dotAtom.test(local) || /^"(?:[^"\\]|\\.)*"$/.test(local) ? local : `"${escapeQuoted(local)}"`;
  if (at === -1) return quoted;
  const domain = writeDomain(clean.slice(at + 1));
  return domain === undefined ? undefined : `${quoted}@${domain}`;
}

function writeDomain(domain: string): string | undefined {
  if (/^\[[!-Z^-~]*\]$/.test(domain) || dotAtom.test(domain)) return domain;
  const ascii = domainToASCII(domain);
  return dotAtom.test(ascii) ? ascii : undefined;
}

function withComma(pieces: readonly string[]): string[] {
  return pieces.map((piece, at) => (at === pieces.length - 1 ? `${piece},` : piece));
}

// What only looks like an encoded word would be decoded by whoever reads it.
function isPlain(text: string): boolean {
  return printable.test(text) && !text.includes('=?') && text.split(' ').every((word) => word.length <= longestWord);
}

function encodedWords(text: string): string[] {
  const characters = [...text];
  const chunks: string[] = [];
  let chunk = '';
  let octets = 0;
  for (const character of characters) {
    const size = Buffer.byteLength(character);
    if (octets + size > octetsOfWord) {
      chunks.push(chunk);
      chunk = '';
      octets = 0;
    }
    chunk += character;
    octets += size;
  }
  return [...chunks, chunk].map((each) => `=?UTF-8?B?${Buffer.from(each).toString('base64')}?=`);
}

function chunksOf(written: readonly string[], columns: number): string[] {
  const chunks: string[] = [];
  let chunk = '';
  for (const each of written) {
    if (chunk.length + each.length > columns) {
      chunks.push(chunk);
      chunk = '';
    }
    chunk += each;
  }
  return [...chunks, chunk];
}

function escapeQuoted(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}

function cleaned(value: string): string {
  return value.replace(control, ' ').trim();
}
