// A template with the values of one message in it. Steps of a value, whatever the order in which attributes are written:
// condition, interprefix, octets in the character set, length, hex or base64, escape of the place, appended text.

import { HookError } from '../errors.js';
import { type Escape, escapeOctets, escapeText } from './escape.js';
import type { Condition, Reference, Template, Variable } from './parse.js';

export interface TemplateValues {
  number?: string | undefined;
  /** The text, or the octets of a binary message. */
  data?: string | Uint8Array | undefined;
  /** The user who sends. */
  from?: string | undefined;
  /** `&name=value` pairs, as the sender wrote them. */
  value?: readonly string[] | undefined;
  /** Without its length octet. */
  udh?: Uint8Array | undefined;
  pid?: number | undefined;
  dcs?: number | undefined;
  sender?: string | undefined;
  /** The phone number of the user who sends. */
  senderPhoneAlias?: string | undefined;
  parts?: number | undefined;
  msgid?: string | undefined;
}

const valueOf: Readonly<Record<Variable, (values: TemplateValues) => string | Uint8Array | undefined>> = {
  number: ({ number }) => number,
  data: ({ data }) => data,
  from: ({ from }) => from,
  value: ({ value }) => value?.join(''),
  udh: ({ udh }) => udh,
  binary: ({ data }) => (isBinary(data) ? '1' : '0'),
  pid: ({ pid }) => pid?.toString(),
  dcs: ({ dcs }) => dcs?.toString(),
  sender: ({ sender }) => sender,
  sender_phonealias: ({ senderPhoneAlias }) => senderPhoneAlias,
  parts: ({ parts }) => parts?.toString(),
  msgid: ({ msgid }) => msgid,
  condition: () => '',
};

const conditions: Readonly<Record<Condition, (data: TemplateValues['data']) => boolean>> = {
  isunicode: isUnicode,
  isascii: (data) => !isUnicode(data),
  isbinary: isBinary,
};

function isBinary(data: TemplateValues['data']): data is Uint8Array {
  return data instanceof Uint8Array;
}

function isUnicode(data: TemplateValues['data']): boolean {
  return typeof data === 'string' && /[^\x00-\x7f]/.test(data);
}

/** @throws HookError BAD_VALUE */
export function renderTemplate(template: Template, values: TemplateValues, escape: Escape): string {
  let rendered = '';
  for (const piece of template) rendered += typeof piece === 'string' ? piece : renderReference(piece, values, escape);
  return rendered;
}

function renderReference(reference: Reference, values: TemplateValues, escape: Escape): string {
  const holds = (condition: Condition): boolean => conditions[condition](values.data);
  if (reference.conditions.length > 0 && !reference.conditions.some(holds)) return '';
  return renderValue(reference, values, escape) + reference.appended;
}

function renderValue(reference: Reference, values: TemplateValues, escape: Escape): string {
  const value = valueOf[reference.variable](values) ?? '';
  if (typeof value !== 'string')
    return escapeText(encode(withLength(value, reference), reference.encoding ?? 'b64'), escape);
  const text = withInterPrefix(value, reference.interPrefix);
  if (isPlain(reference)) {
    const isOfUrl = escape === 'url' || escape === 'form';
    return reference.variable === 'value' && isOfUrl ? writePairs(text) : escapeText(text, escape);
  }
  const octets = withLength(reference.charset?.encode(text) ?? new TextEncoder().encode(text), reference);
  if (reference.encoding !== undefined) return escapeText(encode(octets, reference.encoding), escape);
  if (escape === 'url' || escape === 'form') return escapeOctets(octets, escape);
  // A place for characters, whose own character set is not ours to choose: what the set does not have is replaced all the same.
  const length = reference.isLengthPrefixed && text !== '' ? String.fromCharCode(octets[0]!) : '';
  return escapeText(length + (reference.charset?.fit(text) ?? text), escape);
}

const notOfQuery = /%(?![0-9a-f]{2})|[^\w\-.~!$'()*,;:@/?&=%+]/giu;

/** Pairs stay pairs; whatever would end the query, or is not of it, is escaped. RFC 3986 3.4 Query */
function writePairs(written: string): string {
  return written.replace(notOfQuery, (character) => escapeText(character, 'url'));
}

function isPlain({ charset, encoding, isLengthPrefixed }: Reference): boolean {
  return charset === undefined && encoding === undefined && !isLengthPrefixed;
}

function withInterPrefix(text: string, interPrefix: string | undefined): string {
  return interPrefix !== undefined && text.startsWith('+') ? interPrefix + text.slice(1) : text;
}

/** @throws HookError BAD_VALUE: an octet tells no more than 255 */
function withLength(octets: Uint8Array, { variable, isLengthPrefixed }: Reference): Uint8Array {
  if (!isLengthPrefixed || octets.length === 0) return octets;
  if (octets.length > 0xff) throw new HookError('BAD_VALUE', `${variable} is too long for the attribute len`);
  return Uint8Array.of(octets.length, ...octets);
}

function encode(octets: Uint8Array, encoding: 'hex' | 'b64'): string {
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  return encoding === 'hex' ? buffer.toString('hex').toUpperCase() : buffer.toString('base64');
}
