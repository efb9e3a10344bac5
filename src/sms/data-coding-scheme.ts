// What a data coding scheme says of the alphabet.
// TS 23.038 4 SMS Data Coding Scheme

import type { Alphabet } from './alphabet.js';

const generalAlphabets = ['gsm7', 'data', 'ucs2', 'gsm7'] as const;

/** `data` stands for octets that are no text. What is reserved is taken for GSM 7 bit, as the document asks. */
//
//    7  6  5  4   3  2   1  0
//    0  x  x  x   alph.  class      00 GSM 7 bit, 01 data, 10 UCS2
//    1  1  0  x                     a message waits; GSM 7 bit
//    1  1  1  0                     a message waits; UCS2
//    1  1  1  1   0  d   class      data where d is set
//
// 0x08: UCS2.  0x10: GSM 7 bit, class 0, shown at once.  0xF5: data, class 1.
export function alphabetOfScheme(scheme: number): Alphabet | 'data' {
  if (scheme < 0x80) return generalAlphabets[(scheme >> 2) & 0b11]!;
  const group = scheme >> 4;
  if (group === 0b1110) return 'ucs2';
  return group === 0b1111 && (scheme & 0b100) !== 0 ? 'data' : 'gsm7';
}
