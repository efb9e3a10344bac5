// No text stays in the hands of a gateway for ever: one that never says what became of it would keep its place, and leave
// its sender without a word.

import type { Accepted } from './bearer.js';
import { SubmitError } from './errors.js';

/** Longer than any bearer waits by itself. */
export const longestSubmitMilliseconds = 2 * 60 * 60_000;

/** Throws SubmitError NO_OUTCOME when it takes longer than that. */
export async function settleInTime(
  submitting: Promise<Accepted>,
  bearer: string,
  milliseconds: number = longestSubmitMilliseconds,
): Promise<Accepted> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SubmitError('NO_OUTCOME', bearer)), milliseconds).unref();
  });
  try {
    return await Promise.race([submitting, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
