// Phone numbers: what is taken for one, and when two are the same.

import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CountryCode } from 'libphonenumber-js/max';
import { limits } from './limits.js';
import { isAsDialled } from './trunk-prefix.js';

export type { CountryCode };

const number = /^\+?[0-9*#]{2,20}$/;
// ITU-T E.164 6.2.1: at most 15 digits.
const international = /^\+[1-9][0-9]{6,14}$/;
const leadingSpace = /^\p{Zs}+(?!\p{Zs}|\+)/u;
const punctuation = /[\p{Zs}\p{Pd}\u2212.()[\]{}]/gu;

/**
 * The number as it is kept and sent: an optional `+`, then 2 to 20 of `0-9*#`; `undefined` where it is none.
 * Spaces, dashes, dots and brackets are dropped. A leading space is read as `+`: so a raw `+` arrives in a query.
 */
export function readNumber(written: string): string | undefined {
  if (number.test(written)) return written;
  if (written.length > limits.writtenNumberCharacters) return undefined;
  const cleaned = written.replace(leadingSpace, '+').replace(punctuation, '');
  return number.test(cleaned) ? cleaned : undefined;
}

/** Whether numbers may be national to this country: an ISO 3166-1 code of two upper-case letters. */
export function isCountry(code: string): code is CountryCode {
  return isSupportedCountry(code);
}

/** Whether both reach the same subscriber, as far as their writing tells. */
export function sameNumber(a: string, b: string, defaultCountry?: CountryCode): boolean {
  return a === b || comparable(a, defaultCountry) === comparable(b, defaultCountry);
}

/**
 * The country whose numbers begin so: of a number that no country has given out, the main one of its calling code.
 * `undefined` where it is no international number and no country is given.
 */
export function countryOf(written: string, defaultCountry?: CountryCode): CountryCode | undefined {
  if (written.length > limits.writtenNumberCharacters) return undefined;
  const cleaned = readNumber(written);
  if (cleaned === undefined) return undefined;
  const options = { extract: false, ...(defaultCountry !== undefined && { defaultCountry }) };
  const parsed = parsePhoneNumberFromString(cleaned, options);
  return parsed?.country ?? parsed?.getPossibleCountries()[0];
}

const remembered = new Map<string, string>();

/**
 * The form to compare and to index by: international (`+12025550123`) where the number is valid, else as `readNumber`
 * gives it. Senders that are no numbers (`Bank`) stay as they are.
 */
export function comparable(written: string, defaultCountry?: CountryCode): string {
  if (written.length > limits.writtenNumberCharacters) return written;
  if (international.test(written) && isAsDialled(written)) return written;
  const key = `${defaultCountry ?? ''} ${written}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const form = internationalForm(written, defaultCountry);
  remember(key, form);
  return form;
}

function internationalForm(written: string, defaultCountry: CountryCode | undefined): string {
  const cleaned = readNumber(written);
  if (cleaned === undefined) return written;
  const options = { extract: false, ...(defaultCountry !== undefined && { defaultCountry }) };
  const parsed = parsePhoneNumberFromString(cleaned, options);
  // Unless asked whether it is valid, it makes +4671234 of the Swedish short code 71234.
  return parsed?.isValid() === true ? parsed.number : cleaned;
}

function remember(key: string, form: string): void {
  // All at once: to find the oldest each time costs more than to work a number out again.
  if (remembered.size >= limits.rememberedNumbers) remembered.clear();
  remembered.set(key, form);
}
