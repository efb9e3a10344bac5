// Tells senders of texts that still wait after the time that the settings, or the texts themselves, give.

import type { Transaction } from '../store/session.js';
import type { Steps } from '../store/transaction.js';
import { clearWarning, getToWarn } from '../store/warnings.js';
import { tellSender } from './report.js';
import { whyWaiting } from './waiting.js';

export interface Warnings {
  now: number;
  limit: number;
  /** Why a gateway lets nothing through for now. */
  paceOf: (gateway: string) => string | undefined;
}

/** A batch of them, each once. Answers how many there were. */
export function* warnSenders(tx: Transaction, { now, limit, paceOf }: Warnings): Steps<number> {
  const waiting = yield* getToWarn(tx, now, limit);
  for (const message of waiting) {
    const pace = message.gateway === null ? undefined : paceOf(message.gateway);
    yield* tellSender(tx, { message, kind: 'warning', reason: whyWaiting(message, pace), now });
    yield* clearWarning(tx, message.id);
  }
  return waiting.length;
}
