// A text as septets, one code each, and back.
// TS 23.038 6.2.1 GSM 7 bit Default Alphabet, 6.2.1.1 GSM 7 bit default alphabet extension table

import type { NationalTables } from './national-languages.js';
import { type CodeTable, tablesFor } from './shift-tables.js';

const escapeCode = 0x1b;

/** The septets of the text; `undefined` where a character is in neither table. */
export function encodeGsm7(text: string, languages: NationalTables = {}): Uint8Array | undefined {
  const codes = codesOf(languages);
  const septets: number[] = [];
  for (const character of text) {
    const code = codes.get(character);
    if (code === undefined) return undefined;
    septets.push(...code);
  }
  return Uint8Array.from(septets);
}

/**
 * Reads whatever there is. What the extension table lacks is read by the main one; an escape before another escape, or before
 * nothing, is a space.
 */
// TS 23.038 6.2.1.1 GSM 7 bit default alphabet extension table
export function decodeGsm7(septets: Uint8Array, languages: NationalTables = {}): string {
  const { locking, single } = tablesFor(languages);
  let text = '';
  for (let n = 0; n < septets.length; n++) {
    const isEscaped = septets[n] === escapeCode && n + 1 < septets.length && septets[n + 1] !== escapeCode;
    if (isEscaped) n++;
    const code = septets[n]!;
    text += (isEscaped ? single[code] : undefined) ?? readMain(locking, code);
  }
  return text;
}

function readMain(locking: CodeTable, code: number): string {
  return code === escapeCode ? ' ' : (locking[code] ?? ' ');
}

const known = new Map<string, ReadonlyMap<string, readonly number[]>>();

function codesOf({ locking, single }: NationalTables): ReadonlyMap<string, readonly number[]> {
  const key = `${locking ?? 0},${single ?? 0}`;
  let codes = known.get(key);
  if (codes === undefined) known.set(key, (codes = turned(tablesFor({ locking, single }))));
  return codes;
}

// The main table last: what stands in both takes one septet.
function turned({ locking, single }: ReturnType<typeof tablesFor>): ReadonlyMap<string, readonly number[]> {
  const codes = new Map<string, readonly number[]>();
  single.forEach((character, code) => character !== undefined && codes.set(character, [escapeCode, code]));
  locking.forEach((character, code) => character !== undefined && codes.set(character, [code]));
  codes.delete('\x1b');
  return codes;
}
