// The user data of each part of a message: what a SUBMIT or a DELIVER carries.
// TS 23.040 9.2.3.24.1 Concatenated Short Messages (8-bit reference number)
//
// A driver sends a message so:
//
//    const parts = messageParts({ text, reference: 42, nationalLanguages: gateway.nationalLanguages });   // or { data, udh }
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
// Which languages may have their own tables depends on the network and on those who receive: it belongs to the gateway, is none
// by default, and can only make the parts fewer that `countParts` says.
//
// An emulator does the reverse: decodeSubmit(readPdu(hex).tpdu), encodeDeliver({ ...part, originator, serviceCentreTime }),
// encodeStatusReport. Everything throws TpduError and nothing else.

import { splitBinary } from '../binary-parts.js';
import { alphabetOfScheme, codingScheme, readCodingScheme } from '../data-coding-scheme.js';
import { TpduError } from '../errors.js';
import { type NationalLanguage, nationalElements } from '../national/languages.js';
import { layOutText } from '../text-layout.js';
import {
  concatenationElement,
  concatenationOctets,
  concatenationOf,
  type HeaderElement,
  readUserDataHeader,
  type ReferenceBits,
} from '../user-data-header.js';
import type { UserData } from './user-data.js';

export interface MessageContent {
  /** Without it there are octets. */
  text?: string | undefined;
  /** Octets in place of a text. */
  data?: Uint8Array | undefined;
  /** A header that stands in every part, without its length octet. */
  udh?: Uint8Array | undefined;
  /** TP-DCS; without it a text has the alphabet that it needs and no class, and octets are data of no class. */
  dataCodingScheme?: number | undefined;
  /** The same in each part of one message, and another one for the next message to the same number. */
  reference: number;
  /** 8 where nothing is said: the reference is 0 to 255. */
  referenceBits?: ReferenceBits | undefined;
  /** Whose tables may be used where that makes fewer parts; none where nothing is said. */
  nationalLanguages?: readonly NationalLanguage[] | undefined;
}

// Counted in one octet. TS 23.040 9.2.3.24.1 Concatenated Short Messages (8-bit reference number)
const mostParts = 255;

/** In order. Throws TpduError BAD_VALUE, BAD_HEADER, NOT_IN_ALPHABET, TOO_MUCH_DATA. */
export function messageParts(content: MessageContent): UserData[] {
  const { reference, referenceBits = 8, data, udh = new Uint8Array() } = content;
  if (!Number.isInteger(reference) || reference < 0 || reference >= 2 ** referenceBits)
    throw new TpduError('BAD_VALUE', { field: 'TP-UDH' });
  return data === undefined ? textParts(content, readHeader(udh)) : octetParts({ ...content, data });
}

function readHeader(udh: Uint8Array): HeaderElement[] {
  const elements = readUserDataHeader(udh);
  if (elements === undefined) throw new TpduError('BAD_HEADER', { field: 'TP-UDH' });
  return elements;
}

function textParts(content: MessageContent, own: HeaderElement[]): UserData[] {
  const { text = '', udh, dataCodingScheme: asked, referenceBits, nationalLanguages } = content;
  const askedAlphabet = asked === undefined ? undefined : alphabetOfScheme(asked);
  if (askedAlphabet === 'data') throw new TpduError('BAD_VALUE', { field: 'TP-DCS' });
  const { alphabet, tables, parts } = layOutText(text, {
    alphabet: askedAlphabet === 'ucs2' ? askedAlphabet : undefined,
    languages: nationalLanguages,
    headerOctets: udh?.length,
    concatenationOctets: concatenationOctets(referenceBits),
  });
  const isPart = concatenationOf(own) !== undefined;
  if (parts.length > (isPart ? 1 : mostParts)) throw new TpduError('TOO_MUCH_DATA', { field: 'TP-UD' });
  const dataCodingScheme = schemeFor(alphabet, asked);
  return parts.map((part, n) => {
    const place = { reference: content.reference, total: parts.length, part: n + 1 };
    const concatenation = parts.length === 1 ? [] : [concatenationElement(place, referenceBits)];
    const header = [...own, ...concatenation, ...nationalElements(tables)];
    return { dataCodingScheme, header, text: part, data: undefined };
  });
}

/** The scheme that was asked for, or its like in UCS2 where the text needs that. */
function schemeFor(alphabet: 'gsm7' | 'ucs2', asked: number | undefined): number {
  if (asked === undefined) return codingScheme(alphabet);
  if (alphabetOfScheme(asked) === alphabet) return asked;
  const { messageClass, waiting } = readCodingScheme(asked);
  return waiting === undefined ? codingScheme(alphabet, messageClass) : 0xe0 | (asked & 0xf);
}

function octetParts(content: MessageContent & { data: Uint8Array }): UserData[] {
  const dataCodingScheme = content.dataCodingScheme ?? codingScheme('data');
  if (alphabetOfScheme(dataCodingScheme) !== 'data') throw new TpduError('BAD_VALUE', { field: 'TP-DCS' });
  return splitOctets(content).map(({ udh, data }) => ({ dataCodingScheme, header: readHeader(udh), text: '', data }));
}

function splitOctets(message: Parameters<typeof splitBinary>[0]): ReturnType<typeof splitBinary> {
  try {
    return splitBinary(message);
  } catch (error) {
    if (error instanceof RangeError) throw new TpduError('TOO_MUCH_DATA', { field: 'TP-UD' });
    throw error;
  }
}
