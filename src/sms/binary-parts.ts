// How a binary message is laid out over the parts of a concatenated one.
// TS 23.040 9.2.3.24 TP-User Data (TP-UD), 9.2.3.24.1 Concatenated Short Messages (8-bit reference number)
//
// A part has 140 octets. A header takes its own octets and one that counts them; where there are several parts, five more
// say which one it is:
//
//    no header         140        134 in each of several
//    ports (6 octets)  133        128 in each of several
//
// One less in each of several where the reference has 16 bits.

import {
  concatenationElement,
  concatenationOctets,
  concatenationOf,
  readUserDataHeader,
  type ReferenceBits,
  writeUserDataHeader,
} from './user-data-header.js';

/** Octets of one part, header included. */
const partOctets = 140;
// Counted in one octet. TS 23.040 9.2.3.24.1
const mostParts = 255;

export interface BinaryMessage {
  data: Uint8Array;
  /** Without its length octet; it stands in every part. */
  udh?: Uint8Array | undefined;
  /** 8 where nothing is said. */
  referenceBits?: ReferenceBits | undefined;
}

export interface BinaryPart {
  data: Uint8Array;
  /** Without its length octet; empty where there is none. */
  udh: Uint8Array;
}

/** Parts that the message takes; `Infinity` where its header leaves no room, or where it is one part itself and too long. */
export function countBinaryParts(message: BinaryMessage): number {
  return layOut(message).count;
}

/**
 * The parts in order, each of 140 octets at most. A message that is itself one part of several stays one.
 *
 * @param reference the same in each part: 0 to 255, or to 65535 where it is of 16 bits, and another one for the next message to the same number
 * @throws RangeError for more than 255 parts, which no header can count
 */
export function splitBinary(message: BinaryMessage & { reference: number }): BinaryPart[] {
  const { data, udh = new Uint8Array(), reference, referenceBits } = message;
  const { room, count } = layOut(message);
  if (count > mostParts) throw new RangeError('a binary message has at most 255 parts');
  if (count === 1) return [{ data, udh }];
  return Array.from({ length: count }, (_, n) => {
    const element = concatenationElement({ reference, total: count, part: n + 1 }, referenceBits);
    const header = Buffer.concat([udh, writeUserDataHeader([element])]);
    return { data: data.subarray(n * room, (n + 1) * room), udh: header };
  });
}

interface Layout {
  /** Octets of data in each part but the last. */
  room: number;
  count: number;
}

function layOut({ data, udh = new Uint8Array(), referenceBits }: BinaryMessage): Layout {
  const alone = roomBeside(udh.length);
  if (data.length <= alone) return { room: alone, count: 1 };
  const room = roomBeside(udh.length + concatenationOctets(referenceBits));
  const isPart = concatenationOf(readUserDataHeader(udh) ?? []) !== undefined;
  return { room, count: isPart || room < 1 ? Infinity : Math.ceil(data.length / room) };
}

function roomBeside(headerOctets: number): number {
  return headerOctets === 0 ? partOctets : partOctets - 1 - headerOctets;
}
