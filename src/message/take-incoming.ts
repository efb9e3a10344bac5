// One whole incoming text into the store: kept once, placed, and told.

import { addIncoming, getIncomingId, type NewIncoming } from '../store/incoming.js';
import type { Transaction } from '../store/session.js';
import type { Steps } from '../store/transaction.js';
import { tellConflict } from './conflict.js';
import { tellEvent } from './events.js';
import { placeIncoming, type Placement } from './place-incoming.js';
import { ruleIncoming } from './incoming-rules.js';
import { findAddressee } from './reply-to.js';
import type { EnabledRules } from './rule-book.js';

export type ReadyText = Omit<NewIncoming, 'now'>;

/** What a transaction that takes texts works with. */
export interface Taking {
  readonly newId: () => string;
  readonly now: number;
  /** Grows with each text that is placed: the log is told after the commit. */
  readonly placed: PlacedText[];
  readonly rules: EnabledRules;
}

export interface PlacedText {
  id: string;
  gateway: string;
  placement: Placement;
}

/** The id of the text; of the first one where the gateway brought this reference before. */
export function* takeIncoming(tx: Transaction, taking: Taking, text: ReadyText): Steps<string> {
  const { newId, now, placed, rules } = taking;
  const added = yield* addIncoming(tx, { ...text, now });
  if (!added) return (yield* getIncomingId(tx, text.gateway, text.reference!))!;
  const addressee = yield* findAddressee(tx, added, now);
  const isAsked = rules && (addressee.by === 'gateway' || addressee.by === 'hash');
  const ruled = isAsked ? yield* ruleIncoming(tx, { rules, text: added, now }) : undefined;
  const placement = yield* placeIncoming(tx, { text: added, addressee, ruled, now });
  placed.push({ id: added.id, gateway: added.gateway, placement });
  if (addressee.by === 'conflict' && addressee.mayTell) yield* tellConflict(tx, { id: newId(), answer: added, now });
  yield* tellEvent(tx, { event: 'received', text: added, now });
  return added.id;
}
