// Which alphabet and tables a text is written in, beside a header, and what stands in each part.
// TS 23.040 9.2.3.24 TP-User Data (TP-UD), 9.2.3.24.15 National Language Single Shift, 9.2.3.24.16 National Language Locking Shift
//
//    header of          part alone              part of several, with the five octets that say which
//    nothing            160 septets, 70 units   153 septets, 67 units
//    one table (3)      155 septets             149 septets
//    two tables (6)     152 septets             146 septets
//
// So 80 Turkish letters are two parts in UCS2 and one by Turkish tables, and 150 Hindi ones three and one.

import { type Alphabet, alphabetOf } from './alphabet.js';
import { TpduError } from './errors.js';
import { codesOf } from './gsm7-text.js';
import { type NationalLanguage, nationalElements, type NationalTables } from './national/languages.js';
import { lockingTables } from './national/locking-tables.js';
import { singleTables } from './national/single-tables.js';
import { endOfCountedPart, gsm7, type Layout, splitBy, ucs2 } from './parts.js';
import { writeUserDataHeader } from './user-data-header.js';

export interface TextLayoutOptions {
  /** UCS2 whatever the text holds. */
  alphabet?: 'ucs2' | undefined;
  /** Whose tables may be used where that makes fewer parts. */
  languages?: readonly NationalLanguage[] | undefined;
  /** Octets of a header that stands in every part, without its length octet. */
  headerOctets?: number | undefined;
  /** Octets that say which part it is, where there are several: 5, or 6 with a reference of 16 bits. */
  concatenationOctets?: number | undefined;
}

export interface TextLayout {
  alphabet: Alphabet;
  /** Empty for the default alphabet and for UCS2. */
  tables: NationalTables;
  /** At least one. Joined they are the text. */
  parts: string[];
}

/** Throws TpduError TOO_MUCH_DATA where the header leaves no room. */
export function layOutText(text: string, options: TextLayoutOptions = {}): TextLayout {
  const alphabet = options.alphabet ?? alphabetOf(text);
  const plain = { alphabet, tables: {}, parts: split(text, alphabet === 'gsm7' ? gsm7 : ucs2, { alphabet, options }) };
  if (options.alphabet !== undefined || plain.parts.length === 1) return plain;
  return withFewerParts(text, plain, options);
}

// The tables whose elements take least room come first, and others take their place only for fewer parts still.
function withFewerParts(text: string, plain: TextLayout, options: TextLayoutOptions): TextLayout {
  const units = countUnits(text);
  let best = plain;
  for (const tables of combinations(options.languages ?? [])) {
    const codes = codesOf(tables);
    const septets = (unit: string): number => codes.get(unit)?.length ?? Infinity;
    const sum = units.reduce((total, { unit, count }) => total + septets(unit) * count, 0);
    if (sum > (best.parts.length - 1) * gsm7.alone) continue;
    const layout = { ...gsm7, endOfPart: endBy((unit) => septets(String.fromCharCode(unit))) };
    const parts = split(text, layout, { alphabet: 'gsm7', options, tables });
    if (parts.length < best.parts.length) best = { alphabet: 'gsm7', tables, parts };
  }
  return best;
}

function endBy(septets: (unit: number) => number): Layout['endOfPart'] {
  return (text, start, room) => endOfCountedPart(text, { start, room, septets });
}

function countUnits(text: string): { unit: string; count: number }[] {
  const counts = new Map<string, number>();
  for (let at = 0; at < text.length; at++) counts.set(text[at]!, (counts.get(text[at]!) ?? 0) + 1);
  return Array.from(counts, ([unit, count]) => ({ unit, count }));
}

function combinations(languages: readonly NationalLanguage[]): NationalTables[] {
  const singles = languages.filter((language) => singleTables[language] !== undefined);
  const lockings = languages.filter((language) => lockingTables[language] !== undefined);
  return [
    ...singles.map((single) => ({ single })),
    ...lockings.map((locking) => ({ locking })),
    ...lockings.filter((locking) => singles.includes(locking)).map((locking) => ({ locking, single: locking })),
    ...lockings.flatMap((locking) => singles.map((single) => ({ locking, single }))),
  ];
}

interface Beside {
  alphabet: Alphabet;
  options: TextLayoutOptions;
  tables?: NationalTables;
}

function split(text: string, layout: Layout, { alphabet, options, tables = {} }: Beside): string[] {
  const own = (options.headerOctets ?? 0) + writeUserDataHeader(nationalElements(tables)).length;
  const room = alphabet === 'gsm7' ? septetsBeside : unitsBeside;
  const rooms = { alone: room(own), ofSeveral: room(own + (options.concatenationOctets ?? 5)) };
  // Two septets or units, an escape or a surrogate pair, are the least that a part has to hold.
  const isEnough = rooms.ofSeveral >= 2 || (rooms.alone >= 0 && layout.endOfPart(text, 0, rooms.alone) === text.length);
  if (!isEnough) throw new TpduError('TOO_MUCH_DATA', { field: 'TP-UDH' });
  return splitBy(text, { ...layout, ...rooms });
}

function septetsBeside(headerOctets: number): number {
  return gsm7.alone - (headerOctets === 0 ? 0 : Math.ceil(((headerOctets + 1) * 8) / 7));
}

function unitsBeside(headerOctets: number): number {
  return ucs2.alone - (headerOctets === 0 ? 0 : Math.ceil((headerOctets + 1) / 2));
}
