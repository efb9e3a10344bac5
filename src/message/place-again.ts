// An incoming text that a rule sent to somebody who cannot have it: it lies where it would have lain without the rule.

import { markReturned } from '../store/incoming.js';
import type { Transaction } from '../store/session.js';
import type { Steps } from '../store/transaction.js';
import { placeIncoming } from './place-incoming.js';

/** Once, however many were to have it. */
export function* placeAgain(tx: Transaction, id: string, now: number): Steps<void> {
  const text = yield* markReturned(tx, id);
  if (text) yield* placeIncoming(tx, { text, addressee: { by: 'gateway' }, now });
}
