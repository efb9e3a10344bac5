// When a message that was not taken is tried again.

import { countPostponed } from '../store/attempts.js';
import type { Session } from '../store/session.js';
import type { Settings } from '../store/settings.js';
import type { Steps } from '../store/transaction.js';
import type { GatewayServices } from './services.js';

/** Grows by `factor` with each attempt that came to nothing (1 for the first) up to `maxSeconds`, spread by `jitter` both ways. */
export function retryDelayMilliseconds(
  { firstSeconds, maxSeconds, factor, jitter }: Settings['retry'],
  attempts: number,
  random: number,
): number {
  const seconds = Math.min(firstSeconds * factor ** (attempts - 1), maxSeconds);
  return Math.round(seconds * 1000 * (1 + jitter * (2 * random - 1)));
}

/** How long this message pauses now, by the attempts behind it. */
export function* pauseOf(
  tx: Session,
  { store, random = Math.random }: GatewayServices,
  messageId: string,
): Steps<number> {
  const attempts = Math.max(1, yield* countPostponed(tx, messageId));
  return retryDelayMilliseconds(store.settings.current.retry, attempts, random());
}
