// The user data of each part of a message: what a SUBMIT or a DELIVER carries.
// TS 23.040 9.2.3.24.1 Concatenated Short Messages (8-bit reference number)
//
// A driver sends a message so:
//
//    const parts = messageParts({ text, reference: 42 });              // or { data, udh } for octets
//    for (const part of parts) {
//      const tpdu = encodeSubmit({ ...part, destination: addressOf('+447700900123'), reportWanted: true,
//        validity: validityUntil(expiresAt, now) });
//      const { hex, length } = writePdu({ serviceCentre: undefined, tpdu });   // AT+CMGS=<length>, then <hex>
//    }
//
// and reads what a modem gives it so:
//
//    const { tpdu } = readPdu(hex, length);                  // +CMT: ,<length>, then <hex>
//    const found = decodeIncoming(tpdu);                     // SMS-DELIVER or SMS-STATUS-REPORT
//    if (found.type === 'SMS-DELIVER')
//      [writtenAddress(found.originator), found.text, found.data, concatenationOf(found.header), portsOf(found.header)]
//    else
//      [found.messageReference, writtenAddress(found.recipient), found.meaning];
//
// An emulator does the reverse: decodeSubmit(readPdu(hex).tpdu), encodeDeliver({ ...part, originator, serviceCentreTime }),
// encodeStatusReport. Everything throws TpduError and nothing else.

import type { Alphabet } from '../alphabet.js';
import { alphabetOf } from '../alphabet.js';
import { splitBinary } from '../binary-parts.js';
import { alphabetOfScheme, codingScheme, readCodingScheme } from '../data-coding-scheme.js';
import { TpduError } from '../errors.js';
import { splitParts } from '../parts.js';
import { concatenationElement, readUserDataHeader } from '../user-data-header.js';
import { octetOf } from './first-octet.js';
import type { UserData } from './user-data.js';

export interface MessageContent {
  /** Without it there are octets. */
  text?: string | undefined;
  /** Octets in place of a text. */
  data?: Uint8Array | undefined;
  /** A header that stands in every part of octets, without its length octet. */
  udh?: Uint8Array | undefined;
  /** TP-DCS; without it a text has the alphabet that it needs and no class, and octets are data of no class. */
  dataCodingScheme?: number | undefined;
  /** The same in each part of one message, 0 to 255, and another one for the next message to the same number. */
  reference: number;
}

/** In order. Throws TpduError BAD_VALUE, BAD_HEADER, NOT_IN_ALPHABET, TOO_MUCH_DATA. */
export function messageParts(content: MessageContent): UserData[] {
  return content.data === undefined ? textParts(content) : octetParts(content, content.data);
}

function textParts({ text = '', dataCodingScheme, reference }: MessageContent): UserData[] {
  const scheme = schemeFor(text, dataCodingScheme);
  const alphabet = alphabetOfScheme(scheme);
  if (alphabet === 'data') throw new TpduError('BAD_VALUE', { field: 'TP-DCS' });
  const texts = splitParts(text, alphabet === 'ucs2' ? alphabet : undefined);
  return texts.map((part, n) => ({
    dataCodingScheme: scheme,
    header:
      texts.length === 1
        ? []
        : [concatenationElement({ reference: octetOf(reference, 'TP-UDH'), total: texts.length, part: n + 1 })],
    text: part,
    data: undefined,
  }));
}

/** The scheme that was asked for, or its like in UCS2 where the text needs that. */
function schemeFor(text: string, asked: number | undefined): number {
  const needed: Alphabet = alphabetOf(text);
  if (asked === undefined) return codingScheme(needed);
  if (needed === 'gsm7' || alphabetOfScheme(asked) !== 'gsm7') return asked;
  const { messageClass, waiting } = readCodingScheme(asked);
  return waiting === undefined ? codingScheme('ucs2', messageClass) : 0xe0 | (asked & 0xf);
}

function octetParts({ udh, reference, dataCodingScheme }: MessageContent, data: Uint8Array): UserData[] {
  const scheme = dataCodingScheme ?? codingScheme('data');
  if (alphabetOfScheme(scheme) !== 'data') throw new TpduError('BAD_VALUE', { field: 'TP-DCS' });
  const split = splitOctets({ data, udh, reference: octetOf(reference, 'TP-UDH') });
  return split.map((part) => {
    const header = readUserDataHeader(part.udh);
    if (header === undefined) throw new TpduError('BAD_HEADER', { field: 'TP-UDH' });
    return { dataCodingScheme: scheme, header, text: '', data: part.data };
  });
}

function splitOctets(message: Parameters<typeof splitBinary>[0]): ReturnType<typeof splitBinary> {
  try {
    return splitBinary(message);
  } catch (error) {
    if (error instanceof RangeError) throw new TpduError('TOO_MUCH_DATA', { field: 'TP-UD' });
    throw error;
  }
}
