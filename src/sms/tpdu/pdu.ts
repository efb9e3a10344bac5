// A PDU as modems take and give it: the service centre's address, then the TPDU, as hexadecimal digits.
// TS 27.005 3.1 Parameter Definitions, <pdu> and <length>

import { TpduError } from '../errors.js';
import { limits } from '../limits.js';
import { type Address, decodeServiceCentre, encodeServiceCentre } from './address.js';
import { type DeliverTpdu, decodeDeliver } from './deliver.js';
import { messageType } from './first-octet.js';
import { OctetReader } from './octet-reader.js';
import { decodeStatusReport, type StatusReportTpdu } from './status-report.js';

export interface Pdu {
  /** `undefined`: the one that the SIM knows. */
  serviceCentre: Address | undefined;
  tpdu: Uint8Array;
}

/** The digits, and the length that `AT+CMGS` and `AT+CMGW` are given: octets of the TPDU alone. */
export function writePdu({ serviceCentre, tpdu }: Pdu): { hex: string; length: number } {
  const octets = Buffer.concat([encodeServiceCentre(serviceCentre), tpdu]);
  return { hex: octets.toString('hex').toUpperCase(), length: tpdu.length };
}

/**
 * @param length octets of the TPDU, as `+CMGR` and `+CMT` tell them: some modems leave the service centre out, and only that
 * says so
 *
 * Throws TpduError BAD_HEX, PDU_TOO_LONG, TRUNCATED, BAD_ADDRESS.
 */
export function readPdu(hex: string, length?: number): Pdu {
  const octets = readHex(hex);
  if (octets.length === length) return { serviceCentre: undefined, tpdu: octets };
  const reader = new OctetReader(octets);
  const serviceCentre = decodeServiceCentre(reader);
  return { serviceCentre, tpdu: octets.subarray(reader.offset) };
}

/** Of what a service centre sends. Throws TpduError. */
export function decodeIncoming(tpdu: Uint8Array): DeliverTpdu | StatusReportTpdu {
  return messageType(tpdu[0] ?? 0) === 0b10 ? decodeStatusReport(tpdu) : decodeDeliver(tpdu);
}

function readHex(hex: string): Uint8Array {
  const digits = hex.trim();
  if (digits.length > limits.pduOctets * 2) throw new TpduError('PDU_TOO_LONG', { offset: limits.pduOctets });
  const valid = /^(?:[0-9a-f]{2})*/i.exec(digits)![0];
  if (valid.length !== digits.length) throw new TpduError('BAD_HEX', { offset: valid.length / 2 });
  return Buffer.from(digits, 'hex');
}
