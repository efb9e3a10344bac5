// SMS-DELIVER: from the service centre to a phone or modem.
// TS 23.040 9.2.2.1 SMS-DELIVER type
//
//    7      6        5       4  3      2       1   0
//    TP-RP  TP-UDHI  TP-SRI     TP-LP  TP-MMS  TP-MTI (00)
//
// 44 = 0100 0100: a header, and no more messages wait (TP-MMS is 0 where more do). Then TP-OA, TP-PID, TP-DCS, TP-SCTS,
// TP-UDL, TP-UD.

import { TpduError } from '../errors.js';
import { type Address, decodeAddress, encodeAddress } from './address.js';
import { messageType, octetOf, readTpdu } from './first-octet.js';
import { decodeTimeStamp, encodeTimeStamp, invalidTime, type TimeStamp } from './time-stamp.js';
import { decodeUserData, encodeUserData, type UserData } from './user-data.js';

export interface DeliverTpdu extends UserData {
  type: 'SMS-DELIVER';
  /** TP-MMS: more wait in the centre. */
  moreMessages: boolean;
  /** TP-LP: was forwarded, or made by the network; never to be answered by a machine. */
  loopPrevention: boolean;
  /** TP-SRI: a status report goes back to the sender. */
  reportReturned: boolean;
  /** TP-RP. */
  replyPath: boolean;
  /** TP-OA. */
  originator: Address;
  /** TP-PID, 0 to 255. */
  protocolIdentifier: number;
  /** TP-SCTS; `undefined` where it is no time. */
  serviceCentreTime: TimeStamp | undefined;
}

/** The rest has its usual value: no flags, protocol 0, the scheme of a plain GSM 7 bit text, no header. */
export type DeliverFields = Partial<Omit<DeliverTpdu, 'type'>> & Pick<DeliverTpdu, 'originator' | 'serviceCentreTime'>;

const type = 0b00;
// To be taken for SMS-DELIVER as well. TS 23.040 9.2.3.1 TP-Message-Type-Indicator (TP-MTI)
const reservedType = 0b11;

/** A time that is `undefined` is written as seven octets of 0. Throws TpduError. */
export function encodeDeliver(fields: DeliverFields): Uint8Array {
  const { originator, serviceCentreTime } = fields;
  const { dataCodingScheme = 0, header = [], text = '', data, protocolIdentifier = 0 } = fields;
  const first =
    type |
    (fields.moreMessages ? 0 : 0x04) |
    (fields.loopPrevention ? 0x08 : 0) |
    (fields.reportReturned ? 0x20 : 0) |
    (header.length > 0 ? 0x40 : 0) |
    (fields.replyPath ? 0x80 : 0);
  return Buffer.concat([
    Uint8Array.of(first),
    encodeAddress(originator, 'TP-OA'),
    Uint8Array.of(octetOf(protocolIdentifier, 'TP-PID'), octetOf(dataCodingScheme, 'TP-DCS')),
    serviceCentreTime === undefined ? invalidTime : encodeTimeStamp(serviceCentreTime, 'TP-SCTS'),
    encodeUserData({ dataCodingScheme, header, text, data }),
  ]);
}

/** What stands behind TP-UD is ignored. Throws TpduError. */
export function decodeDeliver(tpdu: Uint8Array): DeliverTpdu {
  const { reader, first } = readTpdu(tpdu);
  const isDeliver = messageType(first) === type || messageType(first) === reservedType;
  if (!isDeliver) throw new TpduError('WRONG_TYPE', { field: 'TP-MTI', offset: 0 });
  const originator = decodeAddress(reader, 'TP-OA');
  const protocolIdentifier = reader.octet('TP-PID');
  const dataCodingScheme = reader.octet('TP-DCS');
  const serviceCentreTime = decodeTimeStamp(reader, 'TP-SCTS');
  return {
    type: 'SMS-DELIVER',
    moreMessages: (first & 0x04) === 0,
    loopPrevention: (first & 0x08) !== 0,
    reportReturned: (first & 0x20) !== 0,
    replyPath: (first & 0x80) !== 0,
    originator,
    protocolIdentifier,
    serviceCentreTime,
    ...decodeUserData(reader, dataCodingScheme, (first & 0x40) !== 0),
  };
}
