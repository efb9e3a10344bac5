// What helps a modem that fails, from the mildest to the strongest. Each step is taken where the one before did not help.
//
//    resync        the channel does so by itself before the next command
//    reinitialise  ATZ, and all settings again, on the same line
//    reopen        the port is closed, left alone for a second and looked for anew
//    restart       the modem itself starts anew, and may come back under another name
//
// Only silence and texts that do not go lead up here: a modem that answers ERROR is there.

import { isRefusal, ModemError } from './errors.js';

export type Step = 'reinitialise' | 'reopen' | 'restart';

/** The document's second between closing a port and opening it. */
export const afterCloseMilliseconds = 1_000;
const pauses = [afterCloseMilliseconds, 2_000, 5_000, 10_000, 30_000, 60_000];
const restartEvery = 3;

export class Ladder {
  #failures = 0;

  fail(error: Error): Step {
    const failure = this.#failures++;
    if (hasStartedAnew(error)) return 'reinitialise';
    if (!isSilence(error) && !isRefusal(error)) return 'reopen';
    if (failure === 0) return 'reinitialise';
    return failure % restartEvery === 2 ? 'restart' : 'reopen';
  }

  /** It does its work again. */
  succeed(): void {
    this.#failures = 0;
  }

  /** Before it is opened again. */
  get pauseMilliseconds(): number {
    return pauses[Math.min(Math.max(0, this.#failures - 1), pauses.length - 1)]!;
  }
}

/** It was asked and said nothing. */
export function isSilence(error: Error): boolean {
  return error instanceof ModemError && ['NO_ANSWER', 'NO_PROMPT', 'NO_OUTCOME'].includes(error.code);
}

/** It has forgotten what it was told. */
export function hasStartedAnew(error: Error): boolean {
  return error instanceof ModemError && error.code === 'RESTARTED';
}
