// Messages in text mode: +CMGF=1.
// TS 27.005 3.1 Parameter Definitions <data>, 3.4 Message Receiving and Reading Commands

import { TpduError } from '../sms/errors.js';
import { decodeGsm7, encodeGsm7 } from '../sms/gsm7-text.js';
import { type Address, writtenAddress } from '../sms/tpdu/address.js';
import type { DeliverTpdu } from '../sms/tpdu/deliver.js';
import { decodeIncoming, readPdu } from '../sms/tpdu/pdu.js';
import type { StatusReportTpdu } from '../sms/tpdu/status-report.js';
import { decodeSubmit, type SubmitTpdu } from '../sms/tpdu/submit.js';
import type { TimeStamp } from '../sms/tpdu/time-stamp.js';
import type { UserData } from '../sms/tpdu/user-data.js';
import { alphabetOfScheme } from '../sms/data-coding-scheme.js';
import { Stat, type StoredMessage } from './memories.js';
import type { Offer } from './network.js';
import type { Settings } from './settings.js';
import { fromUcs2Hex, ucs2Hex } from './ussd.js';

/** TS 27.005 3.1 <stat>, text mode; ALL is for +CMGL. */
export const textStats: readonly string[] = ['REC UNREAD', 'REC READ', 'STO UNSENT', 'STO SENT'];

/** As +CMGR and +CMGL write it: what stands behind the status, and the line below. */
export function storedText({ stat, pdu }: StoredMessage, settings: Settings): { head: string; body: string } {
  const { tpdu } = readPdu(Buffer.from(pdu).toString('hex'));
  if (stat === Stat.Unsent || stat === Stat.Sent) return submitText(decodeSubmit(tpdu), settings);
  const found = decodeIncoming(tpdu);
  return found.type === 'SMS-DELIVER' ? deliverText(found, settings) : { head: reportText(found, settings), body: '' };
}

/** +CMT and +CDS. TS 27.005 3.4.1 New Message Indications to TE +CNMI */
export function routedText({ tpdu }: Offer, settings: Settings): string {
  try {
    const found = decodeIncoming(tpdu);
    if (found.type === 'SMS-STATUS-REPORT') return `+CDS: ${reportText(found, settings)}`;
    const { head, body } = deliverText(found, settings);
    return `+CMT: ${head}\n${body}`;
  } catch (error) {
    if (!(error instanceof TpduError)) throw error;
    return `+CMT: "",,\n${Buffer.from(tpdu).toString('hex').toUpperCase()}`;
  }
}

function deliverText(found: DeliverTpdu, settings: Settings): { head: string; body: string } {
  const { originator, serviceCentreTime, protocolIdentifier, dataCodingScheme } = found;
  const body = contentText(found, settings);
  const firstOctet = found.header.length > 0 ? 68 : 4;
  const more = [typeOf(originator), firstOctet, protocolIdentifier, dataCodingScheme, '""', 145, body.length];
  const head = `"${inCharset(writtenAddress(originator), settings)}",,"${timeText(serviceCentreTime)}"`;
  return { head: settings.csdh === 1 ? `${head},${more.join(',')}` : head, body };
}

function submitText(found: SubmitTpdu, settings: Settings): { head: string; body: string } {
  const { destination } = found;
  return { head: `"${inCharset(writtenAddress(destination), settings)}",`, body: contentText(found, settings) };
}

// <fo>,<mr>,[<ra>],[<tora>],<scts>,<dt>,<st>
function reportText(found: StatusReportTpdu, settings: Settings): string {
  const { messageReference, recipient, serviceCentreTime, dischargeTime, status } = found;
  const number = `"${inCharset(writtenAddress(recipient), settings)}",${typeOf(recipient)}`;
  return `6,${messageReference},${number},"${timeText(serviceCentreTime)}","${timeText(dischargeTime)}",${status}`;
}

/** Octets, and UCS2, in hexadecimal digits; a GSM 7 bit text in the character set of +CSCS. */
function contentText({ text, data, dataCodingScheme }: UserData, settings: Settings): string {
  if (data) return Buffer.from(data).toString('hex').toUpperCase();
  return alphabetOfScheme(dataCodingScheme) === 'ucs2' ? ucs2Hex(text) : inCharset(text, settings);
}

/** TS 27.007 5.5 Select TE character set +CSCS */
export function inCharset(text: string, { cscs }: Pick<Settings, 'cscs'>): string {
  if (cscs === 'UCS2') return ucs2Hex(text);
  if (cscs === 'IRA') return text.replace(/[^\x00-\x7f]/g, '?');
  if (cscs === '8859-1') return text.replace(/[^\x00-\xff]/g, '?');
  const octets = Buffer.from(encodeGsm7(text) ?? Buffer.from(text, 'latin1'));
  return octets.toString(cscs === 'HEX' ? 'hex' : 'latin1');
}

export function fromCharset(written: string, { cscs }: Pick<Settings, 'cscs'>): string {
  if (cscs === 'UCS2') return fromUcs2Hex(written);
  if (cscs === 'GSM') return decodeGsm7(Buffer.from(written, 'latin1'));
  return cscs === 'HEX' ? decodeGsm7(Buffer.from(written, 'hex')) : written;
}

function typeOf({ typeOfNumber, numberingPlan }: Address): number {
  return 0x80 | (typeOfNumber << 4) | numberingPlan;
}

// yy/MM/dd,hh:mm:ss±zz, the zone in quarters of an hour
function timeText(time: TimeStamp | undefined): string {
  if (time === undefined) return '';
  const local = new Date(time.instant.getTime() + time.offsetMinutes * 60_000).toISOString();
  const quarters = String(Math.abs(time.offsetMinutes / 15)).padStart(2, '0');
  const date = local.slice(2, 10).replaceAll('-', '/');
  return `${date},${local.slice(11, 19)}${time.offsetMinutes < 0 ? '-' : '+'}${quarters}`;
}
