// The TPDUs that the service centre makes: DELIVER of what others sent, and STATUS-REPORT.
// TS 23.040 9.2.2.1 SMS-DELIVER type, 9.2.2.3 SMS-STATUS-REPORT type

import { addressOf } from '../sms/tpdu/address.js';
import { encodeDeliver } from '../sms/tpdu/deliver.js';
import { type MessageContent, messageParts } from '../sms/tpdu/message-parts.js';
import { encodeStatusReport } from '../sms/tpdu/status-report.js';
import type { TimeStamp } from '../sms/tpdu/time-stamp.js';
import type { SubmittedMessage } from './network.js';

/** When, in epoch milliseconds, and how far east of Greenwich the service centre is. */
export interface Moment {
  readonly at: number;
  readonly offsetMinutes: number;
}

/** One DELIVER for each part. Throws TpduError. */
export function incomingParts(content: MessageContent, from: string, when: Moment): Uint8Array[] {
  const originator = addressOf(from, 'TP-OA');
  return messageParts(content).map((part) => encodeDeliver({ ...part, originator, serviceCentreTime: timeOf(when) }));
}

/** The user data goes through as it came, octet by octet: a network does not read it. */
export function relayed({ at, from, submit, tpdu }: SubmittedMessage, offsetMinutes: number): Uint8Array {
  const head = encodeDeliver({
    originator: addressOf(from, 'TP-OA'),
    serviceCentreTime: timeOf({ at, offsetMinutes }),
    protocolIdentifier: submit.protocolIdentifier,
    replyPath: submit.replyPath,
    reportReturned: submit.reportWanted,
  });
  // Made with an empty text: its last octet is TP-UDL, and TP-DCS is put in its place behind TP-PID.
  const deliver = Buffer.concat([head.subarray(0, -1), tpdu.subarray(userDataAt(tpdu))]);
  deliver[0]! |= tpdu[0]! & userDataHeaderIndicator;
  deliver[deliver.length - (tpdu.length - userDataAt(tpdu)) - 8] = submit.dataCodingScheme;
  return deliver;
}

const userDataHeaderIndicator = 0x40;

// TP-VPF: none, enhanced, relative, absolute. TS 23.040 9.2.3.3 TP-Validity-Period-Format (TP-VPF)
const validityOctets = [0, 7, 1, 7] as const;

// Behind type, TP-MR, TP-DA (length and type of number first), TP-PID, TP-DCS and TP-VP.
function userDataAt(tpdu: Uint8Array): number {
  return 4 + Math.ceil(tpdu[2]! / 2) + 2 + validityOctets[(tpdu[0]! >> 3) & 0b11]!;
}

interface ReportOptions extends Moment {
  /** TP-ST. */
  readonly status: number;
  readonly isNational: boolean;
}

export function statusReport(message: SubmittedMessage, options: ReportOptions): Uint8Array {
  const { status, isNational, at, offsetMinutes } = options;
  const { destination } = message.submit;
  return encodeStatusReport({
    messageReference: message.reference,
    recipient: isNational ? addressOf(nationalForm(message.to), 'TP-RA') : destination,
    serviceCentreTime: timeOf({ at: message.at, offsetMinutes }),
    dischargeTime: timeOf({ at, offsetMinutes }),
    status,
  });
}

/** Without the country code, of which the two digits of most of Europe are taken: +447700900123 is 07700900123. */
function nationalForm(number: string): string {
  return number.replace(/^\+\d\d/, '0');
}

// To the second.
function timeOf({ at, offsetMinutes }: Moment): TimeStamp {
  return { instant: new Date(Math.floor(at / 1000) * 1000), offsetMinutes };
}
