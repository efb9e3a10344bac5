// A text as septets, one code each, and back.
// TS 23.038 6.2.1 GSM 7 bit Default Alphabet, 6.2.1.1 GSM 7 bit default alphabet extension table

import type { NationalTables } from './national/languages.js';
import { tablesFor } from './national/shift-tables.js';

const escapeCode = 0x1b;

/** The septets of the text; `undefined` where a character is in neither table. */
export function encodeGsm7(text: string, languages: NationalTables = {}): Uint8Array | undefined {
  const codes = codesOf(languages);
  const septets: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = codes.get(text[at]!);
    if (code === undefined) return undefined;
    septets.push(...code);
  }
  return Uint8Array.from(septets);
}

/**
 * Reads whatever there is. What the single shift table lacks is read by the main one; what has no character there, and an
 * escape before another escape or before nothing, is a space.
 */
// TS 23.038 6.2.1.1 GSM 7 bit default alphabet extension table
export function decodeGsm7(septets: Uint8Array, languages: NationalTables = {}): string {
  const { locking, single } = tablesFor(languages);
  let text = '';
  for (let n = 0; n < septets.length; n++) {
    const isEscaped = septets[n] === escapeCode && n + 1 < septets.length && septets[n + 1] !== escapeCode;
    if (isEscaped) n++;
    const code = septets[n]!;
    text += (isEscaped ? single[code] : undefined) ?? locking[code] ?? ' ';
  }
  return text;
}

const known = new Map<string, ReadonlyMap<string, readonly number[]>>();

/** The codes of each UTF-16 unit: one, or an escape and one. */
export function codesOf({ locking = 0, single = 0 }: NationalTables): ReadonlyMap<string, readonly number[]> {
  const key = `${locking},${single}`;
  let codes = known.get(key);
  if (codes === undefined) known.set(key, (codes = turned({ locking, single })));
  return codes;
}

// What stands in both tables takes one septet, and of two codes the first: so the better ones come last.
function turned(languages: NationalTables): ReadonlyMap<string, readonly number[]> {
  const { locking, single } = tablesFor(languages);
  const codes = new Map<string, readonly number[]>();
  const put = (character: string | undefined, code: readonly number[]): void => {
    if (character !== undefined) codes.set(character, code);
  };
  for (let code = 0x7f; code >= 0; code--) put(single[code], [escapeCode, code]);
  for (let code = 0x7f; code >= 0; code--) put(locking[code], [code]);
  return codes;
}
