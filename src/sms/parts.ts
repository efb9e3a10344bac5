// How a text is laid out over the parts of a concatenated message.
// TS 23.040 9.2.3.24.1 Concatenated Short Messages (8-bit reference number)
//
// A part has 140 octets. Where there are several, each spends six on its header and has 134 left:
//
//              one part          of several
//    gsm7      160 septets       153 septets   (134 * 8 / 7)
//    ucs2       70 units          67 units     (134 / 2)

import { type Alphabet, alphabetOf, isPlainAscii, leadingGsm7, septetsOf } from './alphabet.js';

/** How a text fills its parts, in septets or UTF-16 units. */
export interface Layout {
  /** Room of a part that is alone. */
  alone: number;
  ofSeveral: number;
  /** Where a part with this much room ends that starts at `start`. */
  endOfPart: (text: string, start: number, room: number) => number;
}

export const gsm7: Layout = { alone: 160, ofSeveral: 153, endOfPart: endOfGsm7Part };
export const ucs2: Layout = { alone: 70, ofSeveral: 67, endOfPart: endOfUcs2Part };
// Most texts: GSM 7 bit where no septet needs counting.
const plainAscii: Layout = { ...gsm7, endOfPart: endOfPlainPart };

// All of these take the alphabet the text needs, unless told that it is to be written in UCS2 whatever it holds.

/** Parts the text takes; 1 for the empty text. More than `limits.parts` are counted, and are the caller's to refuse. */
export function countParts(text: string, alphabet?: Alphabet): number {
  return layOut(text, layoutOf(text, alphabet)).length;
}

/** The text of each part, in order. Joined they are the text. */
export function splitParts(text: string, alphabet?: Alphabet): string[] {
  return splitBy(text, layoutOf(text, alphabet));
}

export function splitBy(text: string, layout: Layout): string[] {
  const ends = layOut(text, layout);
  return ends.map((end, part) => text.slice(ends[part - 1] ?? 0, end));
}

/** The longest beginning of the text that takes at most `maxParts` parts (1 or more). */
export function truncateToParts(text: string, maxParts: number, alphabet?: Alphabet): string {
  const layout = layoutOf(text, alphabet);
  const end = layOut(text, layout, maxParts).at(-1) ?? 0;
  if (layout !== ucs2 || alphabet === 'ucs2') return text.slice(0, end);
  // Where the character that asked for UCS2 is itself cut off, the rest is GSM 7 bit and has more room.
  const gsm7Units = leadingGsm7(text);
  return end > gsm7Units ? text.slice(0, end) : truncateToParts(text.slice(0, gsm7Units), maxParts);
}

function layoutOf(text: string, alphabet: Alphabet | undefined): Layout {
  if (alphabet === 'ucs2') return ucs2;
  if (isPlainAscii(text)) return plainAscii;
  return alphabetOf(text) === 'gsm7' ? gsm7 : ucs2;
}

// Not a division: a part that would cut an escape or a surrogate pair ends one early, which moves all that follow.
function layOut(text: string, { alone, ofSeveral, endOfPart }: Layout, maxParts = Infinity): number[] {
  let end = endOfPart(text, 0, alone);
  if (end === text.length || maxParts === 1) return [end];
  const ends: number[] = [];
  end = 0;
  while (end < text.length && ends.length < maxParts) {
    end = endOfPart(text, end, ofSeveral);
    ends.push(end);
  }
  return ends;
}

function endOfPlainPart(text: string, start: number, room: number): number {
  return Math.min(start + room, text.length);
}

function endOfGsm7Part(text: string, start: number, room: number): number {
  return endOfCountedPart(text, { start, room, septets: septetsOf });
}

interface CountedPart {
  start: number;
  room: number;
  /** What one UTF-16 unit takes. */
  septets: (unit: number) => number;
}

/** Where a part ends whose characters take one septet or, with their escape, two, which are never parted. */
export function endOfCountedPart(text: string, { start, room, septets }: CountedPart): number {
  let left = room;
  for (let at = start; at < text.length; at++) {
    left -= septets(text.charCodeAt(at));
    if (left < 0) return at;
  }
  return text.length;
}

function endOfUcs2Part(text: string, start: number, room: number): number {
  const end = start + room;
  if (end >= text.length) return text.length;
  return isInsidePair(text, end) ? end - 1 : end;
}

function isInsidePair(text: string, at: number): boolean {
  const isHigh = (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
  return isHigh && (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}
