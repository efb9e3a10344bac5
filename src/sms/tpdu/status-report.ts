// SMS-STATUS-REPORT: what became of a message that was submitted.
// TS 23.040 9.2.2.3 SMS-STATUS-REPORT type
//
//    7  6        5       4  3      2       1   0
//       TP-UDHI  TP-SRQ     TP-LP  TP-MMS  TP-MTI (10)
//
// Then TP-MR, TP-RA, TP-SCTS, TP-DT, TP-ST, and where there is more TP-PI, which says what of TP-PID, TP-DCS and TP-UD follows:
//
//    7          6 5 4 3   2       1       0
//    extension  reserved  TP-UDL  TP-DCS  TP-PID      TS 23.040 9.2.3.27 TP-Parameter-Indicator (TP-PI)

import { TpduError } from '../errors.js';
import { type Address, decodeAddress, encodeAddress } from './address.js';
import { messageType, octetOf, readTpdu } from './first-octet.js';
import type { OctetReader } from './octet-reader.js';
import { statusMeaning, type StatusMeaning } from './status.js';
import { decodeTimeStamp, encodeTimeStamp, invalidTime, type TimeStamp } from './time-stamp.js';
import { decodeUserData, encodeUserData, type UserData } from './user-data.js';

export interface StatusReportTpdu {
  type: 'SMS-STATUS-REPORT';
  /** TP-MMS: more wait in the centre. */
  moreMessages: boolean;
  /** TP-LP. */
  loopPrevention: boolean;
  /** TP-SRQ: about an SMS-COMMAND, not about an SMS-SUBMIT. */
  aboutCommand: boolean;
  /** TP-MR of what it is about. */
  messageReference: number;
  /** TP-RA; it may be written otherwise than when the message was sent. */
  recipient: Address;
  /** TP-SCTS: when the centre got the message; `undefined` where it is no time. */
  serviceCentreTime: TimeStamp | undefined;
  /** TP-DT: when it was delivered, or last tried; `undefined` where it is no time. */
  dischargeTime: TimeStamp | undefined;
  /** TP-ST, 0 to 255. */
  status: number;
  meaning: StatusMeaning;
  /** TP-PID, 0 to 255. */
  protocolIdentifier: number | undefined;
  /** TP-DCS, TP-UDHI and TP-UD. */
  userData: UserData | undefined;
}

/** The rest has its usual value: no flags, nothing behind TP-ST. */
export type StatusReportFields = Partial<Omit<StatusReportTpdu, 'type' | 'meaning'>> &
  Pick<StatusReportTpdu, 'messageReference' | 'recipient' | 'serviceCentreTime' | 'dischargeTime' | 'status'>;

const type = 0b10;
const extension = 0x80;
const indicated = { protocolIdentifier: 0x01, dataCodingScheme: 0x02, userData: 0x04 } as const;

/** A time that is `undefined` is written as seven octets of 0. Throws TpduError. */
export function encodeStatusReport(fields: StatusReportFields): Uint8Array {
  const { recipient, serviceCentreTime, dischargeTime, userData } = fields;
  const first =
    type |
    (fields.moreMessages ? 0 : 0x04) |
    (fields.loopPrevention ? 0x08 : 0) |
    (fields.aboutCommand ? 0x20 : 0) |
    ((userData?.header.length ?? 0) > 0 ? 0x40 : 0);
  return Buffer.concat([
    Uint8Array.of(first, octetOf(fields.messageReference, 'TP-MR')),
    encodeAddress(recipient, 'TP-RA'),
    serviceCentreTime === undefined ? invalidTime : encodeTimeStamp(serviceCentreTime, 'TP-SCTS'),
    dischargeTime === undefined ? invalidTime : encodeTimeStamp(dischargeTime, 'TP-DT'),
    Uint8Array.of(octetOf(fields.status, 'TP-ST')),
    encodeOptional(fields),
  ]);
}

function encodeOptional({ protocolIdentifier, userData }: StatusReportFields): Uint8Array {
  if (protocolIdentifier === undefined && userData === undefined) return new Uint8Array();
  const indicator =
    (protocolIdentifier === undefined ? 0 : indicated.protocolIdentifier) |
    (userData === undefined ? 0 : indicated.dataCodingScheme | indicated.userData);
  return Buffer.concat([
    Uint8Array.of(indicator),
    protocolIdentifier === undefined ? new Uint8Array() : Uint8Array.of(octetOf(protocolIdentifier, 'TP-PID')),
    userData === undefined ? new Uint8Array() : Uint8Array.of(octetOf(userData.dataCodingScheme, 'TP-DCS')),
    userData === undefined ? new Uint8Array() : encodeUserData(userData),
  ]);
}

/** Throws TpduError. */
export function decodeStatusReport(tpdu: Uint8Array): StatusReportTpdu {
  const { reader, first } = readTpdu(tpdu);
  if (messageType(first) !== type) throw new TpduError('WRONG_TYPE', { field: 'TP-MTI', offset: 0 });
  const messageReference = reader.octet('TP-MR');
  const recipient = decodeAddress(reader, 'TP-RA');
  const serviceCentreTime = decodeTimeStamp(reader, 'TP-SCTS');
  const dischargeTime = decodeTimeStamp(reader, 'TP-DT');
  const status = reader.octet('TP-ST');
  return {
    type: 'SMS-STATUS-REPORT',
    moreMessages: (first & 0x04) === 0,
    loopPrevention: (first & 0x08) !== 0,
    aboutCommand: (first & 0x20) !== 0,
    messageReference,
    recipient,
    serviceCentreTime,
    dischargeTime,
    status,
    meaning: statusMeaning(status),
    ...decodeOptional(reader, (first & 0x40) !== 0),
  };
}

// What is said of the message is not worth losing for what stands behind it: that is left out where it is cut or wrong.
function decodeOptional(
  reader: OctetReader,
  hasHeader: boolean,
): Pick<StatusReportTpdu, 'protocolIdentifier' | 'userData'> {
  const found: Pick<StatusReportTpdu, 'protocolIdentifier' | 'userData'> = {
    protocolIdentifier: undefined,
    userData: undefined,
  };
  try {
    const indicator = readIndicator(reader);
    if (indicator & indicated.protocolIdentifier) found.protocolIdentifier = reader.octet('TP-PID');
    const scheme = indicator & indicated.dataCodingScheme ? reader.octet('TP-DCS') : 0;
    if (indicator & indicated.userData) found.userData = decodeUserData(reader, scheme, hasHeader);
  } catch (error) {
    if (!(error instanceof TpduError)) throw error;
  }
  return found;
}

function readIndicator(reader: OctetReader): number {
  if (reader.left === 0) return 0;
  const indicator = reader.octet('TP-PI');
  for (let next = indicator; next & extension;) next = reader.octet('TP-PI');
  return indicator;
}
