// Dialogues with the network by codes such as *100#.
// TS 27.007 7.15 Unstructured supplementary service data +CUSD

import { packSeptets, unpackSeptets } from '../sms/character-packing.js';
import { decodeGsm7, encodeGsm7 } from '../sms/gsm7-text.js';
import type { Modem } from './modem.js';

export interface UssdAnswer {
  readonly text: string;
  /** The network asks something and waits for an answer. */
  readonly asks?: boolean;
}

/** By code; in a dialogue by all that was said so far, with a blank between: `*101# 1`. */
export type UssdAnswers = Readonly<Record<string, UssdAnswer>>;

export const usualAnswers: UssdAnswers = {
  '*100#': { text: 'Your balance is 12.34 EUR' },
  '*101#': { text: '1 Data\n2 Texts', asks: true },
  '*101# 1': { text: '500 MB are left' },
  '*101# 2': { text: '100 texts are left' },
  '*102#': { text: 'Guthaben: 12,34 €, gültig bis 31.12.' },
  '*103#': { text: 'Остаток 12,34' },
};

/** TS 27.007 7.15 <m> */
const Status = { Done: 0, ActionRequired: 1, Ended: 2, NotSupported: 4 } as const;

// TS 23.038 5 CBS Data Coding Scheme: GSM 7 bit without a language, and UCS2.
const gsm7Scheme = 15;
const ucs2Scheme = 72;

export class UssdSession {
  readonly #modem: Modem;
  #said: string | undefined;

  constructor(modem: Modem) {
    this.#modem = modem;
  }

  /** What was typed, in the form the maker uses; `undefined` where it is in another. The answer comes behind OK. */
  say(written: string, scheme: number): boolean {
    const code = this.#read(written, scheme);
    if (code === undefined) return false;
    this.#modem.parts.tell({ event: 'ussd', code });
    this.#said = this.#said === undefined ? code : `${this.#said} ${code}`;
    const answer = this.#modem.parts.ussd[this.#said];
    if (!answer?.asks) this.#said = undefined;
    const { faults, clock } = this.#modem;
    const late = faults.strike('ussd-late')?.values['ms'] ?? 0;
    if (!faults.strike('ussd-silent')) clock.after(late, () => this.#answer(answer));
    return true;
  }

  /** Whether there was a dialogue to end. */
  end(): boolean {
    const wasThere = this.#said !== undefined;
    this.#said = undefined;
    return wasThere;
  }

  #answer(answer: UssdAnswer | undefined): void {
    if (answer === undefined) return this.#modem.announce(`+CUSD: ${Status.NotSupported}`);
    const status = answer.asks ? Status.ActionRequired : Status.Done;
    const septets = encodeGsm7(answer.text);
    const written = septets === undefined ? ucs2Hex(answer.text) : this.#write(answer.text, septets);
    this.#modem.announce(`+CUSD: ${status},"${written}",${septets === undefined ? ucs2Scheme : gsm7Scheme}`);
  }

  #write(text: string, septets: Uint8Array): string {
    if (this.#modem.profile.packedUssd) return Buffer.from(packSeptets(septets)).toString('hex').toUpperCase();
    const { cscs } = this.#modem.settings;
    if (cscs === 'UCS2') return ucs2Hex(text);
    return cscs === 'GSM' ? Buffer.from(septets).toString('latin1') : text;
  }

  #read(written: string, scheme: number): string | undefined {
    const isHex = /^([0-9a-f]{2})+$/i.test(written);
    if (scheme === ucs2Scheme || this.#modem.settings.cscs === 'UCS2') return isHex ? fromUcs2Hex(written) : undefined;
    if (!this.#modem.profile.packedUssd) return written;
    if (!isHex) return undefined;
    const octets = Buffer.from(written, 'hex');
    // Seven septets that fill an octet but for seven bits are followed by CR. TS 23.038 6.1.2.3.1 Packing of 7 bit characters
    return decodeGsm7(unpackSeptets(octets, Math.floor((octets.length * 8) / 7))).replace(/[\r@]+$/, '');
  }
}

export function ucs2Hex(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase();
}

export function fromUcs2Hex(hex: string): string {
  const octets = Buffer.from(hex, 'hex');
  return octets
    .subarray(0, octets.length & ~1)
    .swap16()
    .toString('utf16le');
}
