// Which lines end an answer, and how.
// V.250 5.7.1 Result codes; TS 27.007 9.2 +CME ERROR; TS 27.005 3.2.5 +CMS ERROR

import { cmeNameOf } from './cme-errors.js';
import { cmsErrorOf } from './cms-errors.js';
import type { ModemErrorCode, ModemErrorDetails } from './errors.js';

export type FinalResult = 'OK' | { code: ModemErrorCode; details: ModemErrorDetails };

// Some leave out the space, and some say it in words where they were asked for numbers.
const numbered = /^\+(CME|CMS) ERROR\s*:?\s*(.*)$/i;
const refusals = /^(ERROR|COMMAND NOT SUPPORT(ED)?|TOO MANY PARAMETERS|OPERATION NOT SUPPORTED)$/i;

/** `undefined` for a line that ends no answer. */
export function readFinal(line: string): FinalResult | undefined {
  if (line === 'OK') return 'OK';
  if (refusals.test(line)) return { code: 'AT_ERROR', details: {} };
  const [, kind, written] = numbered.exec(line) ?? [];
  if (kind === undefined) return undefined;
  const number = /^\d{1,5}$/.test(written!) ? Number(written) : undefined;
  if (kind.toUpperCase() === 'CME') return cme(number, written!);
  const name = number === undefined ? undefined : cmsErrorOf(number).name;
  return { code: 'CMS_ERROR', details: { number, name } };
}

// AT+CMEE=2 is in force: the words are those of the table.
const inWords: Readonly<Record<string, number>> = {
  'sim not inserted': 10,
  'sim pin required': 11,
  'sim puk required': 12,
  'sim failure': 13,
  'sim busy': 14,
  'sim wrong': 15,
  'incorrect password': 16,
  'no network service': 30,
};

function cme(number: number | undefined, written: string): FinalResult {
  const known = number ?? inWords[written.toLowerCase()];
  return { code: 'CME_ERROR', details: { number: known, name: known === undefined ? undefined : cmeNameOf(known) } };
}
