// Addresses of the SMS class in To and From: `"display name" [MOBILE:number]`.
// MS-ASEMAIL 2.2.2.79 To; that of a text has `[MOBILE:…]` where that of a mail has `<…>`, as Samsung phones write it.

import { limits } from './limits.js';

export interface MobileAddress {
  name: string | undefined;
  /** As written, spaces around it dropped: not yet known to be a number, a sender may be a word (`Bank`). */
  number: string | undefined;
  /** Stands where the number should: phones let people send a text to a contact's mail address. */
  mail: string | undefined;
}

// A quoted name, then anything up to a comma or semicolon that stands outside brackets. What is opened and
// not closed is an ordinary character. Linear: a bracket is searched up to the next one only, and after a quote
// that nothing closes every other is escaped, so that no later address starts with one.
const quoted = String.raw`"(?<quoted>(?:[^"\\]|\\[^])*)"`;
const bracketed = String.raw`\[[^[\]]*\]|<[^<>]*>`;
const oneAddress = new RegExp(String.raw`\s*(?:${quoted})?(?<rest>(?:[^,;[<]+|${bracketed}|[[<])*)`, 'gy');

const mobile = /\[\s*MOBILE\s*:([^[\]]*)/i;
const angled = /<([^<>]*)/;

/**
 * Reads one To or From: bare numbers, `[MOBILE:…]` and `<…>` with or without a name, several separated by commas or
 * semicolons. `"" [MOBILE:]`, a phone that does not know its number, is an address with nothing in it.
 * `undefined` where the value is longer, or holds more addresses, than the limits allow.
 */
export function readMobileAddresses(value: string): MobileAddress[] | undefined {
  if (value.length > limits.addressCharacters) return undefined;
  const addresses: MobileAddress[] = [];
  for (const { groups } of value.matchAll(oneAddress)) {
    const address = readOne(groups?.quoted, groups?.rest ?? '');
    if (address === undefined) continue;
    if (addresses.length === limits.recipients) return undefined;
    addresses.push(address);
  }
  return addresses;
}

/** Writes one address. Where there is no name the number stands for it, as phones do. */
export function writeMobileAddress(address: { name?: string | undefined; number?: string | undefined }): string {
  const number = address.number ?? '';
  const name = (address.name || number).replace(/["\\]/g, '\\$&');
  // A sender that is a word may hold brackets. The form has no escape for them, and nobody can answer it anyway.
  return `"${name}" [MOBILE:${number.replace(/[[\]]/g, '')}]`;
}

function readOne(quotedName: string | undefined, rest: string): MobileAddress | undefined {
  const name = quotedName?.replace(/\\(["\\])/g, '$1');
  const inMobile = mobile.exec(rest);
  if (inMobile !== null) return withNumber(name ?? rest.slice(0, inMobile.index), inMobile[1]);
  const inAngles = angled.exec(rest);
  if (inAngles !== null) return withEither(name ?? rest.slice(0, inAngles.index), inAngles[1]);
  // Not a name but the quoted local part of a mail address: "sms:+15551234567"@example.com
  if (quotedName !== undefined && rest.startsWith('@')) return withEither('', `"${quotedName}"${rest}`);
  return name === undefined && rest.trim() === '' ? undefined : withEither(name ?? '', rest);
}

function withEither(name: string, target = ''): MobileAddress {
  if (!target.includes('@')) return withNumber(name, target);
  return { name: name.trim() || undefined, number: undefined, mail: target.trim() };
}

function withNumber(writtenName: string, writtenNumber = ''): MobileAddress {
  const name = writtenName.trim();
  const number = writtenNumber.trim();
  return { name: name === number ? undefined : name || undefined, number: number || undefined, mail: undefined };
}
