// What becomes of a message that a gateway surely did not send: another gateway, another time, or its end.

import { reportFailed, type ReportWithReason } from '../message/report.js';
import { addAttempt, endAttempt, getAttempts } from '../store/attempts.js';
import { getMessage } from '../store/messages.js';
import { putOff } from '../store/queue.js';
import type { Transaction } from '../store/session.js';
import type { Steps } from '../store/transaction.js';
import type { Carriage } from './carry.js';
import { pauseOf } from './retry.js';

/** Asking this gateway again is pointless. Whoever else may carry the message is asked, each once. */
export function* refuse(tx: Transaction, carriage: Carriage, report: ReportWithReason): Steps<void> {
  const { message, reason, now } = report;
  if (!(yield* isStillHeld(tx, message.id))) return;
  // Remembered also where nothing was begun: it would be asked again.
  const setback = { outcome: 'refused' as const, reason, now };
  if (carriage.hasBegun) yield* endAttempt(tx, message.id, setback);
  else yield* addAttempt(tx, { id: message.id, gateway: carriage.bearer.id }, setback);
  yield* giveBack(tx, carriage);
  const isFree = message.pinnedGateway === null;
  const isLeft = isFree && (yield* carriage.findOthers(tx, message)).isAnyLeft;
  if (isLeft) yield* putOff(tx, [message.id], { until: now, reason });
  else yield* reportFailed(tx, report);
}

export interface Postponed extends ReportWithReason {
  /** The gateway said so. */
  retryAfterSeconds: number | undefined;
}

/** At once through a gateway that was not tried, else after a pause that grows. */
export function* postpone(tx: Transaction, carriage: Carriage, report: Postponed): Steps<void> {
  const { message, reason, now } = report;
  if (!(yield* isStillHeld(tx, message.id))) return;
  yield* endAttempt(tx, message.id, { outcome: 'try-later', reason, now });
  yield* giveBack(tx, carriage);
  const attempts = (yield* getAttempts(tx, message.id)).filter(({ outcome }) => outcome === 'try-later').length;
  const { maxAttempts } = carriage.services.store.settings.current.retry;
  if (attempts >= maxAttempts) {
    const spent = `it was tried ${attempts} times, as often as it may (${reason})`;
    yield* reportFailed(tx, { message, reason: spent, now });
    return;
  }
  yield* putOff(tx, [message.id], { until: yield* nextTryOf(tx, carriage, report), reason });
}

function* nextTryOf(
  tx: Transaction,
  { services, findOthers, hasBegun }: Carriage,
  { message, now, retryAfterSeconds = 0 }: Postponed,
): Steps<number> {
  // Where nothing was begun, this gateway was not tried: at once would be again and again.
  const mayGoElsewhere = message.pinnedGateway === null && hasBegun;
  if (mayGoElsewhere && (yield* findOthers(tx, message)).isUntried) return now;
  return now + Math.max(yield* pauseOf(tx, services, message.id), retryAfterSeconds * 1000);
}

function* giveBack(tx: Transaction, { allowances, taken }: Carriage): Steps<void> {
  if (taken) yield* allowances.giveBack(tx, taken);
}

// A late word about a message that came to its end meanwhile changes nothing.
function* isStillHeld(tx: Transaction, id: string): Steps<boolean> {
  const state = (yield* getMessage(tx, id))?.state;
  return state === 'queued' || state === 'sending';
}
