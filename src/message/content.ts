// What a submission wants sent, checked and counted: a text, cut to the parts that are wanted, or octets.

import type { Alphabet } from '../sms/alphabet.js';
import { type BinaryMessage, countBinaryParts } from '../sms/binary-parts.js';
import { alphabetOfScheme } from '../sms/data-coding-scheme.js';
import { limits as smsLimits } from '../sms/limits.js';
import { countParts, truncateToParts } from '../sms/parts.js';
import type { Message } from '../store/tables.js';
import { MessageError } from './errors.js';
import { limits } from './limits.js';

export interface Written {
  /** Empty where there are octets. */
  text: string;
  /** Octets in place of the text, with the header that stands before them. */
  binary?: BinaryMessage | undefined;
  /** TP-PID, 0 to 255. */
  pid?: number | undefined;
  /** TP-DCS, 0 to 255: UCS2 for any text, the class, or what the octets are. */
  dcs?: number | undefined;
  /** A text is cut to so many parts; without it, one of too many parts is refused. */
  maxParts?: number | undefined;
}

export interface Content {
  text: string;
  parts: number;
}

/** Throws MessageError EMPTY_MESSAGE, MESSAGE_TOO_LONG, BAD_PARAMETER. */
export function readContent(written: Written): Content {
  const { binary } = written;
  const maxParts = readMaxParts(written.maxParts);
  const content = binary === undefined ? readText(written, maxParts) : readOctets(binary, maxParts);
  if (content.parts > smsLimits.parts) throw new MessageError('MESSAGE_TOO_LONG', 'text');
  return content;
}

/** Octets, which no phone can be given to send. */
export function isBinary({ properties }: Pick<Message, 'properties'>): boolean {
  return properties?.data !== undefined;
}

/** What may be told of its octets. Those of push messages hold passwords, or digests by which passwords can be tried. */
export function octetsTold({ origin, properties }: Pick<Message, 'origin' | 'properties'>): string | undefined {
  return origin === 'push' ? undefined : properties?.data;
}

function readText({ text, dcs }: Written, maxParts: number | undefined): Content {
  if (text === '') throw new MessageError('EMPTY_MESSAGE', 'text');
  const alphabet = dcs === undefined ? undefined : readAlphabet(dcs);
  const cut = maxParts === undefined ? text : truncateToParts(text, maxParts, alphabet);
  return { text: cut, parts: countParts(cut, alphabet) };
}

// The scheme may ask for more than the text needs, never for less: what has no place in GSM 7 bit goes as UCS2.
function readAlphabet(dcs: number): Alphabet | undefined {
  const alphabet = alphabetOfScheme(dcs);
  if (alphabet === 'data') throw new MessageError('BAD_PARAMETER', 'dcs');
  return alphabet === 'ucs2' ? alphabet : undefined;
}

// Never cut: the beginning of a picture or of a configuration is worth nothing.
function readOctets(binary: BinaryMessage, maxParts: number = smsLimits.parts): Content {
  const { data, udh } = binary;
  if (data.length === 0 && udh === undefined) throw new MessageError('EMPTY_MESSAGE', 'text');
  const parts = data.length > limits.dataOctets ? Infinity : countBinaryParts(binary);
  if (parts > maxParts) throw new MessageError('MESSAGE_TOO_LONG', 'text');
  return { text: '', parts };
}

function readMaxParts(maxParts: number | undefined): number | undefined {
  if (maxParts === undefined) return undefined;
  if (Number.isInteger(maxParts) && maxParts >= 1 && maxParts <= smsLimits.parts) return maxParts;
  throw new MessageError('BAD_PARAMETER', 'maxParts');
}
