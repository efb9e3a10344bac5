// What an error of a modem means for a message that was given to it.

import { cmsErrorOf, validityRefused } from '../../../modem/cms-errors.js';
import { isRefusal, ModemError } from '../../../modem/errors.js';

export type PartOutcome =
  | 'refused' // this message is refused, and will be again
  | 'not-sent' // nothing left; it may go later, or elsewhere
  | 'without-validity' // it may go if it says nothing of how long it is valid
  | 'unknown'; // it may have been sent

export function outcomeOf(error: unknown): PartOutcome {
  // What is not known here may have happened at any time.
  if (!(error instanceof ModemError)) return 'unknown';
  if (error.code === 'NO_OUTCOME') return 'unknown';
  if (error.code !== 'CMS_ERROR' || error.number === undefined) return 'not-sent';
  if (validityRefused.includes(error.number)) return 'without-validity';
  const { cmsClass } = cmsErrorOf(error.number);
  if (cmsClass === 'permanent') return 'refused';
  return cmsClass === 'unknown' ? 'unknown' : 'not-sent';
}

/** The words for the sender and the log; they name no number and no text. */
export function detailOf(error: unknown): string | undefined {
  if (!(error instanceof ModemError)) return undefined;
  return isRefusal(error) && error.number !== undefined ? `${error.errorName}, ${error.number}` : undefined;
}
