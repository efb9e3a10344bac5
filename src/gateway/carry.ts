// One message on its way through a bearer, from the claim to what came of it.

import { setTimeout as delay } from 'node:timers/promises';
import { noteReferences } from '../message/delivery.js';
import { reportExpired, reportFailed, reportSent, reportUnknown } from '../message/report.js';
import { beginAttempt, endAttempt } from '../store/attempts.js';
import { StoreError } from '../store/errors.js';
import { getMessage } from '../store/messages.js';
import { putOff } from '../store/queue.js';
import type { Transaction } from '../store/session.js';
import type { Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import type { Accepted, Bearer, Handover } from './bearer.js';
import { SubmitError, type SubmitOutcome } from './errors.js';
import { pauseOf } from './retry.js';
import type { GatewayServices } from './services.js';

export interface Carriage {
  services: GatewayServices;
  bearer: Bearer;
  message: Message;
  /** The dispatcher that claimed it. */
  by: string;
  signal: AbortSignal;
}

export type CarryOutcome = Accepted | { outcome: 'expired' } | { outcome: SubmitOutcome; reason: string };

/** Resolves when the outcome is on disk. */
export async function carry(carriage: Carriage): Promise<CarryOutcome> {
  const { services, bearer, message } = carriage;
  if (message.expiresAt <= services.now()) return expire(carriage);
  const since = services.now();
  let accepted: Accepted;
  try {
    accepted = await bearer.submit(handoverOf(carriage));
  } catch (error) {
    // It is still claimed, or held by an earlier commit: nothing is known that could be recorded.
    if (error instanceof StoreError) throw error;
    return settle(carriage, error instanceof SubmitError ? error : new SubmitError('OUTCOME_LOST', bearer.id, error));
  }
  if (accepted.outcome === 'sent') await record(carriage, (tx) => recordSent(tx, carriage, { accepted, since }));
  return accepted;
}

function* recordSent(
  tx: Transaction,
  { services, bearer, message }: Carriage,
  { accepted, since }: { accepted: Accepted; since: number },
): Steps<void> {
  const { references = [] } = accepted;
  const now = services.now();
  yield* reportSent(tx, { message, now });
  if (references.length > 0) yield* noteReferences(tx, { message, gateway: bearer.id, references, since, now });
}

async function expire(carriage: Carriage): Promise<CarryOutcome> {
  const { services, message } = carriage;
  await record(carriage, (tx) => reportExpired(tx, { message, reason: expiredReason(message), now: services.now() }));
  return { outcome: 'expired' };
}

/** Why a message is not waited for any longer. */
export function expiredReason({ error }: Pick<Message, 'error'>): string {
  return error === null ? 'it could not be sent before it expired' : `it expired while it waited (${error})`;
}

function handoverOf({ services, bearer, message, by, signal }: Carriage): Handover {
  const attempt = { id: message.id, gateway: bearer.id, by };
  return {
    message,
    begin: (tx) => beginAttempt(tx, { ...attempt, state: 'queued', now: services.now() }),
    beginSending: () =>
      services.store.transact((tx) => beginAttempt(tx, { ...attempt, state: 'sending', now: services.now() })),
    signal,
  };
}

async function settle(carriage: Carriage, error: SubmitError): Promise<CarryOutcome> {
  const { services, bearer, message } = carriage;
  const { outcome, message: reason } = error;
  services.log.warn(
    { gateway: bearer.id, message: message.id, outcome, err: error },
    'the gateway did not send a text',
  );
  const report = { message, reason, now: services.now() };
  await record(carriage, (tx) => {
    if (outcome === 'refused') return reportFailed(tx, report);
    if (outcome === 'unknown') return reportUnknown(tx, report);
    return postpone(tx, services, report);
  });
  return { outcome, reason };
}

function* postpone(
  tx: Transaction,
  services: GatewayServices,
  { message, reason, now }: { message: Message; reason: string; now: number },
): Steps<void> {
  const state = (yield* getMessage(tx, message.id))?.state;
  if (state !== 'queued' && state !== 'sending') return;
  yield* endAttempt(tx, message.id, { outcome: 'try-later', reason, now });
  yield* putOff(tx, [message.id], { until: now + (yield* pauseOf(tx, services, message.id)), reason });
}

const recordAgainAfterMilliseconds = 1000;

// What a bearer said is known here alone. While the disk takes nothing it is kept and tried again; if the process ends
// meanwhile, the message is found as one that may have been sent.
async function record(carriage: Carriage, body: (tx: Transaction) => Steps<unknown>): Promise<void> {
  const { services, signal } = carriage;
  for (;;) {
    try {
      await services.store.transact(body);
      return;
    } catch (error) {
      if (!(error instanceof StoreError) || signal.aborted) throw error;
      services.log.error({ message: carriage.message.id, err: error }, 'an outcome could not be stored yet');
      await delay(recordAgainAfterMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  }
}
