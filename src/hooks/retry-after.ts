// When a server asks to be asked again.
// RFC 9110 10.2.3 Retry-After

import { limits } from './limits.js';

/** In seconds from now, whether it was written so or as a date; undefined where it is neither. */
export function readRetryAfter(written: string | undefined, now: number): number | undefined {
  if (written === undefined) return undefined;
  const seconds = /^\d+$/.test(written) ? Number(written) : Math.ceil((Date.parse(written) - now) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), limits.retryAfterSeconds);
}
