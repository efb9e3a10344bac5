// Reads a mail of anybody's making. RFC 5322 3 Syntax, RFC 2046 5 Composite Media Type Values

import PostalMime, { type Attachment, type Email } from 'postal-mime';
import { type MailAddress, readAddresses } from './address.js';
import { MailError } from './errors.js';
import { joinPartsInMemory } from './joined-parts.js';
import { limits } from './limits.js';
import { textOfHtml } from './plain-text.js';

export interface MailAttachment {
  name: string;
  contentType: string;
  /** Without angle brackets. */
  contentId: string | undefined;
  /** The HTML shows it: it is no file of its own. */
  isInline: boolean;
  octets: Uint8Array;
}

export interface ParsedMail {
  from: MailAddress | undefined;
  to: MailAddress[];
  cc: MailAddress[];
  bcc: MailAddress[];
  replyTo: MailAddress[];
  subject: string;
  /** Epoch milliseconds. */
  date: number | undefined;
  /** These three in angle brackets. */
  messageId: string | undefined;
  inReplyTo: string | undefined;
  references: string | undefined;
  /** 0 low, 1 normal, 2 high. MS-ASEMAIL 2.2.2.38 Importance */
  importance: 0 | 1 | 2;
  text: string;
  html: string | undefined;
  /** A mail in the mail is one of them, and is not looked into. */
  attachments: MailAttachment[];
  /** Signed or encrypted, by S/MIME or PGP/MIME. */
  isSecured: boolean;
  /** Signed beside a text that can be read without the signature. */
  isClearSigned: boolean;
}

joinPartsInMemory();

/** @throws MailError */
export async function parseMail(octets: Uint8Array): Promise<ParsedMail> {
  checkSize(octets);
  const email = await parse(octets);
  if (!email.headerLines.some(({ line }) => fieldLine.test(line))) throw new MailError('UNREADABLE');
  if (email.attachments.length > limits.attachments) throw new MailError('TOO_MANY_PARTS');
  return Object.assign(readHeaders(email), readBody(email), readSecurity(email));
}

const fieldLine = /^[!-9;-~]+[ \t]*:/;
const lineFeed = 0x0a;
const hyphen = 0x2d;

// Before anything is built of them: a part costs us a kilobyte, and its sender five octets.
function checkSize(octets: Uint8Array): void {
  if (octets.length > limits.mailOctets) throw new MailError('MAIL_TOO_LARGE');
  let lines = 1;
  let delimiters = 0;
  for (let at = octets.indexOf(lineFeed); at !== -1; at = octets.indexOf(lineFeed, at + 1)) {
    lines++;
    if (octets[at + 1] === hyphen && octets[at + 2] === hyphen) delimiters++;
    if (lines > limits.lines || delimiters > limits.delimiterLines) throw new MailError('TOO_MANY_PARTS');
  }
}

async function parse(octets: Uint8Array): Promise<Email> {
  try {
    return await PostalMime.parse(octets, {
      maxNestingDepth: limits.depth,
      maxHeadersSize: limits.headerOctets,
      forceRfc822Attachments: true,
    });
  } catch (error) {
    throw refusalOf(error);
  }
}

// The parser has no codes.
function refusalOf(error: unknown): MailError {
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('Maximum header size')) return new MailError('HEADERS_TOO_LONG');
  if (message.startsWith('Maximum MIME nesting depth')) return new MailError('TOO_DEEP');
  return new MailError('UNREADABLE', { cause: error });
}

function readHeaders(email: Email): Omit<ParsedMail, 'text' | 'html' | 'attachments' | 'isSecured' | 'isClearSigned'> {
  const list = (name: string): MailAddress[] => {
    const fields = fieldsOf(email, name);
    return fields.length === 0 ? [] : readAddresses(fields.join(', '));
  };
  return {
    from: list('from')[0],
    to: list('to'),
    cc: list('cc'),
    bcc: list('bcc'),
    replyTo: list('reply-to'),
    subject: oneLine(email.subject ?? ''),
    date: readDate(email.date),
    messageId: readIds(email.messageId).at(0),
    inReplyTo: readIds(email.inReplyTo).at(0),
    references: shortened(readIds(email.references)).join(' ') || undefined,
    importance: readImportance(email),
  };
}

function fieldsOf({ headers }: Email, name: string): string[] {
  const fields: string[] = [];
  for (const { key, value } of headers) if (key === name) fields.push(value);
  return fields;
}

function readDate(date: string | undefined): number | undefined {
  const instant = date === undefined ? Number.NaN : Date.parse(date);
  // Beyond the year 9999 no date of the protocol reaches.
  return instant >= 0 && instant < Date.UTC(10_000, 0) ? instant : undefined;
}

// RFC 5322 3.6.4 Identification Fields; some programs forget the brackets.
function readIds(field = ''): string[] {
  const bracketed = field.match(/<[^<>\s]+>/g) ?? (field.match(/[^<>\s]+/g) ?? []).map((id) => `<${id}>`);
  return bracketed.filter((id) => id.length <= limits.messageIdCharacters);
}

// The first one names the thread, the last ones the mails it answers.
function shortened(ids: readonly string[]): readonly string[] {
  return ids.length <= limits.references ? ids : [ids[0]!, ...ids.slice(1 - limits.references)];
}

const importanceWords: Readonly<Record<string, 0 | 2>> = {
  low: 0,
  'non-urgent': 0,
  '5': 0,
  '4': 0,
  high: 2,
  urgent: 2,
  '2': 2,
  '1': 2,
};

// RFC 2156 5.3.4 Importance and Priority; X-Priority is `1 (Highest)` to `5`.
function readImportance(email: Email): 0 | 1 | 2 {
  for (const name of ['importance', 'x-priority', 'priority']) {
    const word = /^[a-z0-9-]+/.exec(fieldsOf(email, name)[0]?.toLowerCase() ?? '')?.[0];
    if (word !== undefined) return importanceWords[word] ?? 1;
  }
  return 1;
}

function readBody({ text, html, attachments }: Email): Pick<ParsedMail, 'text' | 'html' | 'attachments'> {
  return {
    text: text === undefined && html !== undefined ? textOfHtml(html) : cleaned(text ?? ''),
    html: html === undefined ? undefined : cleaned(html),
    attachments: attachments.map((each, at) => readAttachment(each, { position: at + 1, html })),
  };
}

function readAttachment(of: Attachment, { position, html }: { position: number; html?: string | undefined }) {
  const contentId = of.contentId?.replace(/[<>\s]/g, '') || undefined;
  const isShown = contentId !== undefined && (of.related === true || of.disposition === 'inline');
  return {
    name: readName(of, position),
    contentType: /^[\w!#$&^.+-]{1,63}\/[\w!#$&^.+-]{1,63}$/.test(of.mimeType)
      ? of.mimeType
      : 'application/octet-stream',
    contentId,
    isInline: isShown && of.disposition !== 'attachment' && html !== undefined,
    octets: typeof of.content === 'string' ? Buffer.from(of.content) : new Uint8Array(of.content),
  };
}

// Of a name with folders in it the last part is the file's.
function readName({ filename, mimeType }: Attachment, position: number): string {
  const last = oneLine(filename ?? '')
    .split(/[/\\]/)
    .at(-1)!
    .trim();
  const ending = mimeType === 'message/rfc822' ? '.eml' : '';
  return last.slice(-limits.nameCharacters).replace(/^\p{Cs}/u, '') || `attachment-${position}${ending}`;
}

// RFC 8551 3.2 The application/pkcs7-mime Media Type, RFC 3156 4 to 6 OpenPGP data and signed data
const securedType = /^(?:multipart\/(?:signed|encrypted)|application\/(?:x-)?pkcs7-mime)(?![\w.+-])/i;

function readSecurity(email: Email): Pick<ParsedMail, 'isSecured' | 'isClearSigned'> {
  const [type = ''] = fieldsOf(email, 'content-type');
  const isSecured = securedType.test(type);
  return { isSecured, isClearSigned: isSecured && /^multipart\/signed/i.test(type) };
}

function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim();
}

// NUL is no character for a database; the last line break belongs to the boundary.
function cleaned(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', '').replace(/\n$/, '');
}
