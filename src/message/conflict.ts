// Tells whoever answered that several may be meant: a text of nobody's, back through the gateway that brought the answer.

import { countParts } from '../sms/parts.js';
import { getGateway } from '../store/gateways.js';
import { enqueue } from '../store/messages.js';
import { countConflict } from '../store/reply-links.js';
import type { Transaction } from '../store/session.js';
import type { Incoming } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { numberKey } from './reply-to.js';

export interface Conflict {
  /** Of the text that goes back. */
  id: string;
  answer: Incoming;
  now: number;
}

/** Nobody answers this text and no link begins with it: two machines that answer each other come to an end. */
export function* tellConflict(tx: Transaction, { id, answer, now }: Conflict): Steps<void> {
  const { conflictMessage: text, keepMinutes } = tx.settings.current.incoming;
  const gateway = yield* getGateway(tx, answer.gateway);
  yield* enqueue(tx, {
    id,
    userId: undefined,
    origin: 'conflict',
    recipient: answer.sender,
    text,
    parts: countParts(text),
    sender: undefined,
    // Whoever answers it writes to the same number again.
    pinnedGateway: gateway?.active ? gateway.id : undefined,
    // Later it would be about links that are gone.
    expiresAt: now + Math.round(keepMinutes * 60_000),
    now,
  });
  yield* countConflict(tx, numberKey(tx, answer.sender));
  tx.announce({ topic: 'queue' });
}
