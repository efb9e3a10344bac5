// When a message that was not taken is tried again.

import { countPostponed } from '../store/attempts.js';
import { retryDelayMilliseconds } from '../store/retry-delay.js';
import type { Session } from '../store/session.js';
import type { Steps } from '../store/transaction.js';
import type { GatewayServices } from './services.js';

/** How long this message pauses now, by the attempts behind it. */
export function* pauseOf(
  tx: Session,
  { store, random = Math.random }: GatewayServices,
  messageId: string,
): Steps<number> {
  const attempts = Math.max(1, yield* countPostponed(tx, messageId));
  return retryDelayMilliseconds(store.settings.current.retry, attempts, random());
}
