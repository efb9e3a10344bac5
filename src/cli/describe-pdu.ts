// PDUs of short messages in words: each field by its TP- name, and the whole text where all its parts are there.
// TS 23.040 9.2.2 PDU Type repertoire at SM-TL

import { readCodingScheme } from '../sms/data-coding-scheme.js';
import { TpduError } from '../sms/errors.js';
import { writtenAddress } from '../sms/tpdu/address.js';
import { type DeliverTpdu, decodeDeliver } from '../sms/tpdu/deliver.js';
import { decodeIncoming, type Pdu, readPdu } from '../sms/tpdu/pdu.js';
import { statusText } from '../sms/tpdu/status.js';
import type { StatusReportTpdu } from '../sms/tpdu/status-report.js';
import { decodeSubmit, type SubmitTpdu } from '../sms/tpdu/submit.js';
import type { UserData } from '../sms/tpdu/user-data.js';
import { concatenationOf, InformationElement } from '../sms/user-data-header.js';
import {
  describeAddress,
  describeElement,
  describeScheme,
  describeTime,
  describeValidity,
  hexOctet,
  quoted,
} from './describe-tp-field.js';

export type Direction = 'submit' | 'deliver';

export interface Reading {
  /** Told by the octets where it is not given. */
  direction: Direction | undefined;
  /** Whether the address of the service centre stands in front. */
  hasCentre: boolean;
}

type Tpdu = SubmitTpdu | DeliverTpdu | StatusReportTpdu;
type Line = readonly [name: string, value: string];

/** Each in hexadecimal digits. Throws TpduError. */
export function describePdus(pdus: readonly string[], reading: Reading): string {
  const read = pdus.map((hex) => {
    const pdu = readPdu(hex, reading.hasCentre ? undefined : hex.length / 2);
    return { pdu, tpdu: decodeEither(pdu.tpdu, reading.direction) };
  });
  const described = read.map(({ pdu, tpdu }) => describe(pdu, tpdu));
  return [...described, ...joinParts(read.map(({ tpdu }) => tpdu))].map((lines) => `${lines}\n`).join('\n');
}

// A STATUS-REPORT and a SUBMIT have types of their own; the other two types mean other things in the other direction.
function decodeEither(tpdu: Uint8Array, direction: Direction | undefined): Tpdu {
  const type = (tpdu[0] ?? 0) & 0b11;
  if (direction === undefined) return type === 0b01 ? decodeSubmit(tpdu) : decodeIncoming(tpdu);
  if (direction === 'submit') return decodeSubmit(tpdu);
  if (type === 0b01) throw new TpduError('WRONG_TYPE', { field: 'TP-MTI', offset: 0 });
  return type === 0b10 ? decodeIncoming(tpdu) : decodeDeliver(tpdu);
}

function describe({ serviceCentre, tpdu: octets }: Pdu, tpdu: Tpdu): string {
  const lines: Line[] = [
    ['service centre', serviceCentre === undefined ? "the SIM's own" : describeAddress(serviceCentre)],
    ['TPDU', `${octets.length} octets: ${Buffer.from(octets).toString('hex').toUpperCase()}`],
    ['TP-MTI', tpdu.type],
    ...linesOf(tpdu),
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd()).join('\n');
}

function linesOf(tpdu: Tpdu): Line[] {
  if (tpdu.type === 'SMS-SUBMIT') return submitLines(tpdu);
  return tpdu.type === 'SMS-DELIVER' ? deliverLines(tpdu) : reportLines(tpdu);
}

function submitLines(tpdu: SubmitTpdu): Line[] {
  return [
    ['TP-RD', tpdu.rejectDuplicates ? 'duplicates are refused' : 'duplicates are taken'],
    ['TP-SRR', tpdu.reportWanted ? 'a status report is wanted' : 'no status report'],
    ['TP-RP', replyPath(tpdu.replyPath)],
    ['TP-MR', String(tpdu.messageReference)],
    ['TP-DA', describeAddress(tpdu.destination)],
    ['TP-PID', hexOctet(tpdu.protocolIdentifier)],
    ['TP-VP', describeValidity(tpdu.validity)],
    ...userDataLines(tpdu),
  ];
}

function deliverLines(tpdu: DeliverTpdu): Line[] {
  return [
    ['TP-MMS', moreMessages(tpdu.moreMessages)],
    ['TP-LP', loopPrevention(tpdu.loopPrevention)],
    ['TP-SRI', tpdu.reportReturned ? 'a status report goes back' : 'no status report'],
    ['TP-RP', replyPath(tpdu.replyPath)],
    ['TP-OA', describeAddress(tpdu.originator)],
    ['TP-PID', hexOctet(tpdu.protocolIdentifier)],
    ['TP-SCTS', describeTime(tpdu.serviceCentreTime)],
    ...userDataLines(tpdu),
  ];
}

function reportLines(tpdu: StatusReportTpdu): Line[] {
  const { protocolIdentifier, userData } = tpdu;
  return [
    ['TP-MMS', moreMessages(tpdu.moreMessages)],
    ['TP-LP', loopPrevention(tpdu.loopPrevention)],
    ['TP-SRQ', tpdu.aboutCommand ? 'about an SMS-COMMAND' : 'about an SMS-SUBMIT'],
    ['TP-MR', String(tpdu.messageReference)],
    ['TP-RA', describeAddress(tpdu.recipient)],
    ['TP-SCTS', describeTime(tpdu.serviceCentreTime)],
    ['TP-DT', describeTime(tpdu.dischargeTime)],
    ['TP-ST', `${hexOctet(tpdu.status)}: ${tpdu.meaning}, ${statusText(tpdu.status)}`],
    ...(protocolIdentifier === undefined ? [] : [['TP-PID', hexOctet(protocolIdentifier)] as const]),
    ...(userData === undefined ? [] : userDataLines(userData)),
  ];
}

const replyPath = (isSet: boolean): string => (isSet ? 'an answer may go through the same centre' : 'no reply path');
const moreMessages = (more: boolean): string => (more ? 'more messages wait' : 'no more messages wait');
const loopPrevention = (isSet: boolean): string => (isSet ? 'forwarded, or made by the network' : 'not forwarded');

function userDataLines({ dataCodingScheme, header, text, data }: UserData): Line[] {
  const scheme = readCodingScheme(dataCodingScheme);
  const content: Line =
    data === undefined
      ? ['TP-UD', quoted(text)]
      : ['TP-UD', `${data.length} octets: ${Buffer.from(data).toString('hex').toUpperCase()}`];
  return [
    ['TP-DCS', `${hexOctet(dataCodingScheme)}: ${describeScheme(scheme)}`],
    ...header.map((element): Line => ['TP-UDH', describeElement(element)]),
    content,
  ];
}

/** The text of each long message all of whose parts are there. */
function joinParts(tpdus: readonly Tpdu[]): string[] {
  const messages = new Map<string, Part[]>();
  for (const part of tpdus.flatMap((tpdu) => partOf(tpdu) ?? []))
    messages.set(part.key, [...(messages.get(part.key) ?? []), part]);
  return [...messages.values()].flatMap((parts) => {
    const inOrder = new Map(parts.toSorted((a, b) => a.part - b.part).map((each) => [each.part, each.content]));
    if (inOrder.size !== parts[0]!.total) return [];
    return [`all ${inOrder.size} parts together  ${parts[0]!.show([...inOrder.values()])}`];
  });
}

interface Part {
  key: string;
  total: number;
  part: number;
  content: string;
  show: (contents: string[]) => string;
}

function partOf(tpdu: Tpdu): Part | undefined {
  if (tpdu.type === 'SMS-STATUS-REPORT') return undefined;
  const concatenation = concatenationOf(tpdu.header);
  if (concatenation === undefined || concatenation.total < 2) return undefined;
  const { reference, total, part } = concatenation;
  const other = writtenAddress(tpdu.type === 'SMS-SUBMIT' ? tpdu.destination : tpdu.originator);
  const isWide = tpdu.header.some(({ identifier }) => identifier === InformationElement.Concatenation16);
  const key = [tpdu.type, other, reference, total, isWide].join(' ');
  if (tpdu.data === undefined) return { key, total, part, content: tpdu.text, show: (texts) => quoted(texts.join('')) };
  const content = Buffer.from(tpdu.data).toString('hex').toUpperCase();
  return { key, total, part, content, show: (all) => `${all.join('').length / 2} octets: ${all.join('')}` };
}
