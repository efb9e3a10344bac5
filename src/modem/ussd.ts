// Codes such as *100# and what the network answers: seconds after the OK, or never.
// TS 27.007 7.15 Unstructured supplementary service data +CUSD; TS 23.038 5 CBS Data Coding Scheme

import { unpackSeptets, packSeptets } from '../sms/character-packing.js';
import { decodeGsm7, encodeGsm7 } from '../sms/gsm7-text.js';
import type { Clock } from './clock.js';
import { readUssd, type UssdAnswer } from './commands/cusd.js';
import { ModemError } from './errors.js';

const answerMilliseconds = 60_000;
const refused = new Set([3, 4]);
const timedOut = 5;
const hexadecimal = /^([0-9A-Fa-f]{2})+$/;

export class Ussd {
  readonly #clock: Clock;
  #waiting: { resolve: (answer: UssdAnswer) => void; reject: (error: ModemError) => void } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What comes next. One at a time. Throws ModemError USSD_REFUSED, USSD_NO_ANSWER. */
  next(): Promise<UssdAnswer> {
    this.end(new ModemError('USSD_NO_ANSWER'));
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(answerMilliseconds, () => this.end(new ModemError('USSD_NO_ANSWER')));
      this.#waiting = {
        resolve: (answer) => (cancel(), resolve(answer)),
        reject: (error) => (cancel(), reject(error)),
      };
    });
  }

  /** False where nobody waits: the network speaks by itself. */
  take(line: string): boolean {
    const waiting = this.#waiting;
    if (!waiting) return false;
    this.#waiting = undefined;
    const { status, text, scheme } = readUssd(line);
    if (refused.has(status)) waiting.reject(new ModemError('USSD_REFUSED'));
    else if (status === timedOut) waiting.reject(new ModemError('USSD_NO_ANSWER'));
    else waiting.resolve({ text: decodeUssd(text, scheme), expectsReply: status === 1 });
    return true;
  }

  end(error: ModemError): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

/** Letters, or hexadecimal of what the scheme says. */
export function decodeUssd(text: string, scheme: number | undefined): string {
  if (!hexadecimal.test(text)) return text;
  const octets = Buffer.from(text, 'hex');
  if (isUcs2(scheme)) return octets.length % 2 === 0 ? octets.swap16().toString('utf16le') : text;
  // A code of digits alone may be a text: what is packed is longer than that and no text of digits.
  if (/^\d+$/.test(text)) return text;
  const septets = unpackSeptets(octets, Math.floor((octets.length * 8) / 7));
  return decodeGsm7(septets).replace(/[\r@]$/, '');
}

/** As a modem wants it that takes no letters. */
export function packUssd(code: string): string {
  return Buffer.from(packSeptets(encodeGsm7(code)!))
    .toString('hex')
    .toUpperCase();
}

//    7654 3210
//    0001 0001   UCS2, behind a language
//    01xx 10xx   general group, UCS2: 72 is 0100 1000
function isUcs2(scheme = 0): boolean {
  return scheme === 0x11 || (scheme >> 6 === 0b01 && (scheme & 0b1100) === 0b1000);
}
