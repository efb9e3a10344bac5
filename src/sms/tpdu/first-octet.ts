// What every TPDU begins with.
// TS 23.040 9.2.3.1 TP-Message-Type-Indicator (TP-MTI)

import { TpduError } from '../errors.js';
import { limits } from '../limits.js';
import { OctetReader } from './octet-reader.js';

export function readTpdu(tpdu: Uint8Array): { reader: OctetReader; first: number } {
  if (tpdu.length > limits.pduOctets) throw new TpduError('PDU_TOO_LONG', { offset: limits.pduOctets });
  const reader = new OctetReader(tpdu);
  return { reader, first: reader.octet('TP-MTI') };
}

/** 0 to 3. */
export function messageType(first: number): number {
  return first & 0b11;
}

/** Throws TpduError BAD_VALUE for what is no octet. */
export function octetOf(value: number, field: string): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xff) throw new TpduError('BAD_VALUE', { field });
  return value;
}
