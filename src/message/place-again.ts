// An incoming text that a rule sent to somebody who cannot have it: it lies where it would have lain without the rule.

import type { Transaction } from '../store/session.js';
import type { Incoming } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { placeIncoming } from './place-incoming.js';

export function* placeAgain(tx: Transaction, text: Incoming, now: number): Steps<void> {
  yield* placeIncoming(tx, text, now);
}
