// What was typed at a prompt, as the PDU it stands for.
// TS 27.005 4.3 Send Message +CMGS, PDU mode; 3.5.1, text mode

import { alphabetOfScheme } from '../sms/data-coding-scheme.js';
import { TpduError } from '../sms/errors.js';
import { addressOf, writtenAddress } from '../sms/tpdu/address.js';
import { readPdu, writePdu } from '../sms/tpdu/pdu.js';
import { decodeSubmit, encodeSubmit, type SubmitTpdu } from '../sms/tpdu/submit.js';
import { validityFormats } from '../sms/tpdu/validity-period.js';
import type { Settings } from './settings.js';
import { fromCharset } from './text-mode.js';
import { fromUcs2Hex } from './ussd.js';

export interface ReadyMessage {
  /** With the service centre's address in front. */
  readonly pdu: Uint8Array;
  /** `undefined` where the SIM's own is to be used. */
  readonly serviceCentre: string | undefined;
  readonly tpdu: Uint8Array;
  readonly submit: SubmitTpdu;
}

export interface Refusal {
  readonly cms: number;
}

const badPdu: Refusal = { cms: 304 };
const badText: Refusal = { cms: 305 };

/** @param length octets of the TPDU, as it was announced */
export function readTypedPdu(typed: string, length: number): ReadyMessage | Refusal {
  const hex = typed.replace(/\s+/g, '');
  try {
    const { serviceCentre, tpdu } = readPdu(hex);
    if (tpdu.length !== length) return badPdu;
    const centre = serviceCentre && writtenAddress(serviceCentre);
    return { pdu: Buffer.from(hex, 'hex'), serviceCentre: centre, tpdu, submit: decodeSubmit(tpdu) };
  } catch (error) {
    if (error instanceof TpduError) return badPdu;
    throw error;
  }
}

/** With the flags, validity, protocol and coding scheme of +CSMP. */
export function readTypedText(
  typed: string,
  parameters: readonly string[],
  settings: Settings,
): ReadyMessage | Refusal {
  const [written = '', type] = parameters;
  const [firstOctet, , protocolIdentifier, dataCodingScheme] = settings.csmp;
  const number = fromCharset(written, settings);
  const to = type === '145' && !number.startsWith('+') ? `+${number}` : number;
  try {
    const tpdu = encodeSubmit({
      destination: addressOf(to),
      ...{ protocolIdentifier, dataCodingScheme, validity: validityOf(settings) },
      ...{ reportWanted: (firstOctet & 0x20) !== 0, rejectDuplicates: (firstOctet & 0x04) !== 0 },
      ...content(typed, dataCodingScheme, settings),
    });
    const { hex } = writePdu({ serviceCentre: undefined, tpdu });
    return { pdu: Buffer.from(hex, 'hex'), serviceCentre: undefined, tpdu, submit: decodeSubmit(tpdu) };
  } catch (error) {
    if (error instanceof TpduError) return badText;
    throw error;
  }
}

// Lines end with CR at the prompt and with LF in the message.
function content(typed: string, scheme: number, settings: Settings): { text?: string; data?: Uint8Array } {
  const alphabet = alphabetOfScheme(scheme);
  if (alphabet === 'data') return { data: Buffer.from(typed.replace(/\s+/g, ''), 'hex') };
  if (alphabet === 'ucs2') return { text: fromUcs2Hex(typed.replace(/\s+/g, '')) };
  return { text: fromCharset(typed, settings).replaceAll('\r', '\n') };
}

function validityOf({ csmp: [firstOctet, value] }: Settings): SubmitTpdu['validity'] {
  const format = validityFormats[(firstOctet >> 3) & 0b11];
  // Of the others no number can say the value.
  return format === 'relative' ? { format, minutes: minutesOf(value) } : undefined;
}

// TS 23.040 9.2.3.12.1 TP-VP (Relative format)
function minutesOf(value: number): number {
  if (value <= 143) return (value + 1) * 5;
  if (value <= 167) return 12 * 60 + (value - 143) * 30;
  return value <= 196 ? (value - 166) * 24 * 60 : (value - 192) * 7 * 24 * 60;
}
