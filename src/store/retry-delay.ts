// The pause before something is tried again, as the settings say.

import type { Settings } from './settings.js';

/** Grows by `factor` with each attempt that came to nothing (1 for the first) up to `maxSeconds`, spread by `jitter` both ways. */
export function retryDelayMilliseconds(
  { firstSeconds, maxSeconds, factor, jitter }: Omit<Settings['retry'], 'maxAttempts'>,
  attempts: number,
  random: number,
): number {
  const seconds = Math.min(firstSeconds * factor ** (attempts - 1), maxSeconds);
  return Math.round(seconds * 1000 * (1 + jitter * (2 * random - 1)));
}
