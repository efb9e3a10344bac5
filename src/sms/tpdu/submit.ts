// SMS-SUBMIT: from a phone or modem to the service centre.
// TS 23.040 9.2.2.2 SMS-SUBMIT type
//
//    7      6        5       4   3   2      1   0
//    TP-RP  TP-UDHI  TP-SRR  TP-VPF  TP-RD  TP-MTI (01)
//
// 31 = 0011 0001: status report wanted, relative validity, no header. Then TP-MR, TP-DA, TP-PID, TP-DCS, TP-VP, TP-UDL, TP-UD.

import { TpduError } from '../errors.js';
import { type Address, decodeAddress, encodeAddress } from './address.js';
import { messageType, octetOf, readTpdu } from './first-octet.js';
import { decodeUserData, encodeUserData, type UserData } from './user-data.js';
import { decodeValidity, encodeValidity, validityFormats, type ValidityPeriod } from './validity-period.js';

export interface SubmitTpdu extends UserData {
  type: 'SMS-SUBMIT';
  /** TP-RD: the centre refuses a second one of the same reference to the same destination. */
  rejectDuplicates: boolean;
  /** TP-SRR. */
  reportWanted: boolean;
  /** TP-RP: an answer may go through the same centre. */
  replyPath: boolean;
  /** TP-MR, 0 to 255. Most modems put their own in its place and tell it after sending. */
  messageReference: number;
  /** TP-DA. */
  destination: Address;
  /** TP-PID, 0 to 255. */
  protocolIdentifier: number;
  /** TP-VP. */
  validity: ValidityPeriod | undefined;
}

/** The rest has its usual value: no flags, reference 0, protocol 0, the scheme of a plain GSM 7 bit text, no header. */
export type SubmitFields = Partial<Omit<SubmitTpdu, 'type'>> & Pick<SubmitTpdu, 'destination'>;

const type = 0b01;

/** Throws TpduError. */
export function encodeSubmit(fields: SubmitFields): Uint8Array {
  const { destination, validity } = fields;
  const { dataCodingScheme = 0, header = [], text = '', data, messageReference = 0, protocolIdentifier = 0 } = fields;
  const first =
    type |
    (fields.rejectDuplicates ? 0x04 : 0) |
    (validityFormats.indexOf(validity?.format) << 3) |
    (fields.reportWanted ? 0x20 : 0) |
    (header.length > 0 ? 0x40 : 0) |
    (fields.replyPath ? 0x80 : 0);
  return Buffer.concat([
    Uint8Array.of(first, octetOf(messageReference, 'TP-MR')),
    encodeAddress(destination, 'TP-DA'),
    Uint8Array.of(octetOf(protocolIdentifier, 'TP-PID'), octetOf(dataCodingScheme, 'TP-DCS')),
    validity === undefined ? new Uint8Array() : encodeValidity(validity),
    encodeUserData({ dataCodingScheme, header, text, data }),
  ]);
}

/** What stands behind TP-UD is ignored. Throws TpduError. */
export function decodeSubmit(tpdu: Uint8Array): SubmitTpdu {
  const { reader, first } = readTpdu(tpdu);
  if (messageType(first) !== type) throw new TpduError('WRONG_TYPE', { field: 'TP-MTI', offset: 0 });
  const messageReference = reader.octet('TP-MR');
  const destination = decodeAddress(reader, 'TP-DA');
  const protocolIdentifier = reader.octet('TP-PID');
  const dataCodingScheme = reader.octet('TP-DCS');
  const format = validityFormats[(first >> 3) & 0b11];
  const validity = format && decodeValidity(reader, format);
  return {
    type: 'SMS-SUBMIT',
    rejectDuplicates: (first & 0x04) !== 0,
    reportWanted: (first & 0x20) !== 0,
    replyPath: (first & 0x80) !== 0,
    messageReference,
    destination,
    protocolIdentifier,
    validity,
    ...decodeUserData(reader, dataCodingScheme, (first & 0x40) !== 0),
  };
}
