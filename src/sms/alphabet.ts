// Which alphabet a text needs, and what each of its characters costs there.
// TS 23.038 6.2.1 GSM 7 bit Default Alphabet, 6.2.1.1 GSM 7 bit default alphabet extension table

export type Alphabet = 'gsm7' | 'ucs2';

const ESCAPE = '\x1b';

// One row per column of the document's table, in the order of the codes.
// TS 23.038 6.2.1 GSM 7 bit Default Alphabet
export const defaultAlphabet = [
  '@£$¥èéùìòÇ\nØø\rÅå', // 0x00
  `Δ_ΦΓΛΩΠΨΣΘΞ${ESCAPE}ÆæßÉ`, // 0x10
  ' !"#¤%&\'()*+,-./', // 0x20
  '0123456789:;<=>?', // 0x30
  '¡ABCDEFGHIJKLMNO', // 0x40
  'PQRSTUVWXYZÄÖÑÜ§', // 0x50
  '¿abcdefghijklmno', // 0x60
  'pqrstuvwxyzäöñüà', // 0x70
].join('');

// Reached by 0x1B and a second septet.
// TS 23.038 6.2.1.1 GSM 7 bit default alphabet extension table
export const extensionTable: Readonly<Record<string, number>> = {
  '\f': 0x0a, // page break
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
};

// One octet for each UTF-16 unit there is: no bounds to check in the loops that walk a text.
const septetsByUnit = new Uint8Array(0x10000);
for (const character of defaultAlphabet) septetsByUnit[character.charCodeAt(0)] = 1;
for (const character of Object.keys(extensionTable)) septetsByUnit[character.charCodeAt(0)] = 2;
septetsByUnit[ESCAPE.charCodeAt(0)] = 0;

/** Septets that one UTF-16 unit takes in the GSM 7 bit alphabet; 0 where it has no place there. */
export function septetsOf(unit: number): number {
  return septetsByUnit[unit] ?? 0;
}

const plainAscii = /^[\n\r -Z_a-z]*$/;

/** Whether every character takes exactly one septet, told at a glance: the characters that ASCII and the table share. */
export function isPlainAscii(text: string): boolean {
  return plainAscii.test(text);
}

/** How many UTF-16 units at the start of `text` can be written in the GSM 7 bit alphabet. */
export function leadingGsm7(text: string): number {
  let at = 0;
  while (at < text.length && septetsOf(text.charCodeAt(at)) > 0) at++;
  return at;
}

/** One character outside the GSM 7 bit alphabet makes the whole message UCS2. */
export function alphabetOf(text: string): Alphabet {
  return leadingGsm7(text) === text.length ? 'gsm7' : 'ucs2';
}
