// Writes a mail as MIME in 7 bit; the same mail gives the same octets each time.
// RFC 5322 3.6 Field Definitions, RFC 2045 3 MIME Header Fields, RFC 2046 5 Composite Media Type Values

import { hash } from 'node:crypto';
import { writeAddressList, writeField, writeIds, writeMailDate, writeParameter, writeText } from './header-fields.js';
import type { MailAttachment } from './parse.js';
import { encodeOctets, encodeText, type EncodedBody } from './transfer-encoding.js';

/** Address lists are as `writeAddress` gives them, separated by commas. */
export interface ComposedMail {
  from: string;
  to: string;
  cc?: string | undefined;
  bcc?: string | undefined;
  replyTo?: string | undefined;
  subject: string;
  /** Epoch milliseconds. */
  date: number;
  messageId: string;
  inReplyTo?: string | undefined;
  references?: string | undefined;
  /** 0 low, 1 normal, 2 high. MS-ASEMAIL 2.2.2.38 Importance */
  importance?: number | undefined;
  /** Whole fields in 7 bit with their line ends, put before `MIME-Version`. */
  fields?: readonly string[] | undefined;
  text: string;
  html?: string | undefined;
  attachments?: readonly MailAttachment[] | undefined;
}

interface Entity {
  /** Fields that describe the content. */
  fields: string;
  body: string;
}

// RFC 5322 2.1.1 Line Length Limits
const longestLine = 998;

const importances: Readonly<Record<number, string>> = { 0: 'low', 2: 'high' };

/** @throws MailError TOO_MANY_ADDRESSES */
export function composeMail(mail: ComposedMail): Uint8Array {
  const content = writeContent(mail);
  return Buffer.from(`${writeHeader(mail)}${content.fields}\r\n${content.body}`, 'latin1');
}

/** All fields but those of the content. @throws MailError TOO_MANY_ADDRESSES */
export function writeHeader(mail: Omit<ComposedMail, 'text'>): string {
  return [
    addressField('From', mail.from),
    addressField('To', mail.to),
    addressField('Cc', mail.cc),
    addressField('Bcc', mail.bcc),
    addressField('Reply-To', mail.replyTo),
    writeField('Subject', writeText(mail.subject)),
    writeField('Date', [writeMailDate(mail.date)]),
    idField('Message-ID', mail.messageId, 1),
    idField('In-Reply-To', mail.inReplyTo),
    idField('References', mail.references),
    importanceField(mail.importance),
    ...(mail.fields ?? []),
    'MIME-Version: 1.0\r\n',
  ].join('');
}

function addressField(name: string, list: string | undefined): string {
  const pieces = list === undefined ? [] : writeAddressList(list);
  return pieces.length === 0 ? '' : writeField(name, pieces);
}

function idField(name: string, ids: string | undefined, atMost?: number): string {
  const pieces = ids === undefined ? [] : writeIds(ids).slice(0, atMost);
  return pieces.length === 0 ? '' : writeField(name, pieces);
}

function importanceField(importance = 1): string {
  const word = importances[importance];
  return word === undefined ? '' : writeField('Importance', [word]);
}

// A mixed of the body and the files; the body an alternative of the text and of the page with its pictures.
function writeContent({ messageId, text, html, attachments = [] }: ComposedMail): Entity {
  const mark = boundaryMark(messageId);
  const isShown = (each: MailAttachment): boolean => html !== undefined && isPicture(each);
  const pictures = attachments.filter(isShown).map((each) => writeAttachment(each, mark));
  const files = attachments.filter((each) => !isShown(each)).map((each) => writeAttachment(each, mark));
  const page = html === undefined ? [] : [multipart('related', [writeWords('html', html), ...pictures], `${mark}_3`)];
  const body = multipart('alternative', [writeWords('plain', text), ...page], `${mark}_2`);
  return multipart('mixed', [body, ...files], `${mark}_1`);
}

/** One part alone stands for itself. */
function multipart(subtype: string, parts: readonly Entity[], boundary: string): Entity {
  if (parts.length === 1) return parts[0]!;
  const body = parts.map((part) => `--${boundary}\r\n${part.fields}\r\n${part.body}\r\n`).join('');
  const fields = writeField('Content-Type', [`multipart/${subtype};`, `boundary="${boundary}"`]);
  return { fields, body: `${body}--${boundary}--\r\n` };
}

// Unlike chance it is the same each time. `=_` stands in no text that `encodeText` leaves as it is, and in nothing encoded:
// no line of a part is a boundary. RFC 2046 5.1.1 Common Syntax
export function boundaryMark(messageId: string): string {
  return `=_${hash('sha256', messageId).slice(0, 32)}`;
}

function isPicture({ isInline, contentId }: MailAttachment): boolean {
  return isInline && contentId !== undefined;
}

function writeWords(subtype: 'plain' | 'html', words: string): Entity {
  return entity([`text/${subtype};`, 'charset=UTF-8'], encodeText(words));
}

function writeAttachment(attachment: MailAttachment, mark: string): Entity {
  const { contentId, octets } = attachment;
  const mail = isMail(attachment) ? sevenBitMail(octets, mark) : undefined;
  const type = mail === undefined ? attachmentType(attachment.contentType) : 'message/rfc822';
  const name = withSemicolons(writeParameter('name', attachment.name));
  const { fields, body } = entity([`${type};`, ...name], mail ?? encodeOctets(octets));
  return { fields: fields + writeDisposition(attachment) + idField('Content-ID', contentId, 1), body };
}

// RFC 2183 2 The Content-Disposition Header Field
function writeDisposition(attachment: MailAttachment): string {
  const disposition = isPicture(attachment) ? 'inline;' : 'attachment;';
  return writeField('Content-Disposition', [
    disposition,
    ...withSemicolons(writeParameter('filename', attachment.name)),
  ]);
}

function isMail({ contentType }: MailAttachment): boolean {
  return contentType.toLowerCase() === 'message/rfc822';
}

// RFC 2046 5.2.1: a message/rfc822 may not be base64. What does not fit into 7 bit travels as a file.
function sevenBitMail(octets: Uint8Array, mark: string): EncodedBody | undefined {
  const text = Buffer.from(octets)
    .toString('latin1')
    .replace(/\r\n?|\n/g, '\r\n');
  const isSevenBit = !/[^\t\r\n -~]/.test(text) && text.split('\r\n').every((line) => line.length <= longestLine);
  const fits = isSevenBit && !text.includes(mark);
  return fits ? { encoding: '7bit', body: text } : undefined;
}

// RFC 2046 5.1 Multipart Media Type: it may not be base64 either.
function attachmentType(contentType: string): string {
  const isWritable = /^[\w!#$&^.+-]{1,63}\/[\w!#$&^.+-]{1,63}$/.test(contentType);
  return isWritable && !/^(?:multipart|message)\//i.test(contentType) ? contentType : 'application/octet-stream';
}

function withSemicolons(parameters: readonly string[]): string[] {
  return parameters.map((parameter, at) => (at < parameters.length - 1 ? `${parameter};` : parameter));
}

function entity(type: readonly string[], { encoding, body }: EncodedBody): Entity {
  const fields = writeField('Content-Type', type) + writeField('Content-Transfer-Encoding', [encoding]);
  return { fields, body };
}
