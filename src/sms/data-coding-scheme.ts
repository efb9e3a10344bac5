// What a data coding scheme says of the content.
// TS 23.038 4 SMS Data Coding Scheme

import type { Alphabet } from './alphabet.js';

export interface CodingScheme {
  /** `data` stands for octets that are no text. Of what is compressed, the alphabet after it is inflated. */
  alphabet: Alphabet | 'data';
  /** 0: shown at once and kept nowhere (flash); 1: for the phone, 2: for the SIM, 3: for the terminal beside it. */
  messageClass: 0 | 1 | 2 | 3 | undefined;
  /** By TS 23.042, which is not read here: the content is octets. */
  compressed: boolean;
  /** The phone deletes it once it was read. */
  deletedOnceRead: boolean;
  /** Says that messages wait elsewhere, or that none do any more. */
  waiting: MessageWaiting | undefined;
  /** A coding group that means nothing yet; it is read as GSM 7 bit. */
  reserved: boolean;
}

export interface MessageWaiting {
  kind: 'voicemail' | 'fax' | 'mail' | 'other';
  active: boolean;
  /** Whether the phone keeps the message itself. */
  kept: boolean;
}

const generalAlphabets = ['gsm7', 'data', 'ucs2', 'gsm7'] as const;
const kinds = ['voicemail', 'fax', 'mail', 'other'] as const;

/** Of any octet. What is reserved is taken for GSM 7 bit, as the document asks. */
//
//    7  6  5  4   3  2   1  0
//    0  d  c  m   alph.  class      00 GSM 7 bit, 01 data, 10 UCS2; d deleted once read, c compressed, m has a class
//    1  1  0  k   a  0   kind       a message waits, or (a = 0) none any more; GSM 7 bit; k kept
//    1  1  1  0   a  0   kind       the same in UCS2, kept
//    1  1  1  1   0  d   class      data where d is set
//
// 0x08: UCS2.  0x10: GSM 7 bit, class 0, shown at once.  0xF5: data, class 1.
export function readCodingScheme(scheme: number): CodingScheme {
  if (scheme < 0x80) return readGeneral(scheme);
  const group = scheme >> 4;
  if (group === 0b1111) {
    const alphabet = (scheme & 0b100) === 0 ? 'gsm7' : 'data';
    return { ...plain, alphabet, messageClass: classIn(scheme) };
  }
  if (group < 0b1100) return { ...plain, reserved: true };
  return { ...plain, alphabet: group === 0b1110 ? 'ucs2' : 'gsm7', waiting: readWaiting(scheme) };
}

/** What is compressed is octets as well. */
export function alphabetOfScheme(scheme: number): Alphabet | 'data' {
  const { alphabet, compressed } = readCodingScheme(scheme);
  return compressed ? 'data' : alphabet;
}

/** The scheme of a text or of octets, of a class or of none. TS 23.038 4 SMS Data Coding Scheme, coding group 00xx */
export function codingScheme(alphabet: Alphabet | 'data', messageClass?: 0 | 1 | 2 | 3): number {
  const general = generalAlphabets.indexOf(alphabet) << 2;
  return messageClass === undefined ? general : general | 0x10 | messageClass;
}

const plain: CodingScheme = {
  alphabet: 'gsm7',
  messageClass: undefined,
  compressed: false,
  deletedOnceRead: false,
  waiting: undefined,
  reserved: false,
};

function readGeneral(scheme: number): CodingScheme {
  const alphabetBits = (scheme >> 2) & 0b11;
  return {
    ...plain,
    alphabet: generalAlphabets[alphabetBits]!,
    messageClass: (scheme & 0x10) === 0 ? undefined : classIn(scheme),
    compressed: (scheme & 0x20) !== 0,
    deletedOnceRead: (scheme & 0x40) !== 0,
    reserved: alphabetBits === 0b11,
  };
}

function readWaiting(scheme: number): MessageWaiting {
  return { kind: kinds[scheme & 0b11]!, active: (scheme & 0b1000) !== 0, kept: scheme >> 4 !== 0b1100 };
}

function classIn(scheme: number): CodingScheme['messageClass'] {
  return (scheme & 0b11) as CodingScheme['messageClass'];
}
