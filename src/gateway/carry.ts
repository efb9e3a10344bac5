// One message on its way through a bearer, from the claim to what came of it.

import { setTimeout as delay } from 'node:timers/promises';
import { reportExpired, reportUnknown } from '../message/report.js';
import { beginAttempt, type NewAttempt } from '../store/attempts.js';
import { StoreError } from '../store/errors.js';
import { openOctets } from '../store/push-octets.js';
import { giveBackClaim } from '../store/queue.js';
import type { Session, Transaction } from '../store/session.js';
import type { Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import type { Allowances, Limited, Taken } from './allowance.js';
import type { Accepted, Bearer, Handover } from './bearer.js';
import { SubmitError, type SubmitOutcome } from './errors.js';
import { type Landed, type Landings, recordSent } from './landings.js';
import { settleInTime } from './patience.js';
import type { Others } from './routing.js';
import type { GatewayServices } from './services.js';
import { postpone, refuse } from './setback.js';

export interface Carriage {
  services: GatewayServices;
  bearer: Bearer;
  message: Message;
  /** The dispatcher that claimed it. */
  by: string;
  signal: AbortSignal;
  /** The gateway's limits, where it has any. */
  limited?: Limited | undefined;
  allowances: Allowances;
  landings: Landings;
  /** Set when the attempt is written; from the start where that was done with the claim. */
  hasBegun?: boolean;
  /** Set with it, where the gateway has limits. */
  taken?: Taken | undefined;
  /** Set when the bearer took too long. */
  isGivenUp?: boolean;
  patienceMilliseconds?: number | undefined;
  /** Which other ways are left to the message. */
  findOthers: (tx: Session, message: Message) => Steps<Others>;
}

export type CarryOutcome =
  Accepted | { outcome: 'expired' } | { outcome: SubmitOutcome; reason: string; retryAfterSeconds: number | undefined };

/** Resolves when the outcome is on disk. */
export async function carry(carriage: Carriage): Promise<CarryOutcome> {
  const { services, bearer, message } = carriage;
  if (!carriage.hasBegun && message.expiresAt <= services.now()) return expire(carriage);
  const since = services.now();
  const submitting = bearer.submit(handoverOf(carriage));
  let accepted: Accepted;
  try {
    accepted = await settleInTime(submitting, bearer.id, carriage.patienceMilliseconds);
  } catch (error) {
    // It is still claimed, or held by an earlier commit: nothing is known that could be recorded.
    if (error instanceof StoreError) throw error;
    if (error instanceof SubmitError && error.code === 'NO_OUTCOME') awaitLateWord(carriage, { submitting, since });
    return settle(carriage, error instanceof SubmitError ? error : new SubmitError('OUTCOME_LOST', bearer.id, error));
  }
  if (carriage.taken) carriage.allowances.keep(carriage.taken);
  if (accepted.outcome === 'sent') await recordLanded(carriage, { accepted, since });
  return accepted;
}

/** With all others that land meanwhile; alone, and until it succeeds, where that fails. */
async function recordLanded(carriage: Carriage, landing: Landing): Promise<void> {
  const landed = landedOf(carriage, landing);
  try {
    await carriage.landings.land(landed);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    await record(carriage, (tx) => recordSent(tx, [landed], carriage.services.now()));
  }
}

type Landing = Pick<Landed, 'accepted' | 'since'>;

function landedOf({ message, bearer }: Carriage, { accepted, since }: Landing): Landed {
  return { message, gateway: bearer.id, accepted, since };
}

interface Submitting {
  submitting: Promise<Accepted>;
  /** When it began. */
  since: number;
}

/** It is given up; should the bearer say later that it was sent, that counts. */
function awaitLateWord(carriage: Carriage, { submitting, since }: Submitting): void {
  carriage.isGivenUp = true;
  submitting
    .then(async (accepted) => {
      if (accepted.outcome === 'sent') await recordLanded(carriage, { accepted, since });
    })
    .catch((err: unknown) =>
      carriage.services.log.warn({ gateway: carriage.bearer.id, message: carriage.message.id, err }, 'a late failure'),
    );
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

function handoverOf(carriage: Carriage): Handover {
  const { services, message, signal } = carriage;
  return {
    message: openOctets(services.store.secrets, message),
    begin: (tx) => begin(tx, carriage, 'queued'),
    beginSending: async () => carriage.hasBegun || services.store.transact((tx) => begin(tx, carriage, 'sending')),
    signal,
  };
}

/** The attempt, and what it uses up of the gateway's limits, in one commit. */
function* begin(tx: Transaction, carriage: Carriage, state: NewAttempt['state']): Steps<boolean> {
  const { services, bearer, message, by, limited } = carriage;
  const now = services.now();
  if (carriage.isGivenUp) return false;
  // It may have waited for its turn at the bearer since it was looked at.
  if (message.expiresAt <= now) {
    yield* reportExpired(tx, { message, reason: expiredReason(message), now });
    return false;
  }
  const text = limited && { ...limited, recipient: message.recipient, now };
  const hindrance = text && (yield* carriage.allowances.findHindrance(tx, text));
  if (hindrance) {
    // What may go elsewhere is routed again at once, by the same count.
    const until = message.pinnedGateway === null ? now : hindrance.until;
    yield* giveBackClaim(tx, message, { by, until, reason: hindrance.reason });
    return false;
  }
  if (!(yield* beginAttempt(tx, { id: message.id, gateway: bearer.id, by, state, now }))) return false;
  carriage.hasBegun = true;
  if (text) carriage.taken = yield* carriage.allowances.take(tx, text);
  return true;
}

async function settle(carriage: Carriage, error: SubmitError): Promise<CarryOutcome> {
  const { services, bearer, message } = carriage;
  const { outcome, message: reason, retryAfterSeconds } = error;
  services.log.warn(
    { gateway: bearer.id, message: message.id, outcome, err: error },
    'the gateway did not send a text',
  );
  const report = { message, reason, now: services.now() };
  await record(carriage, (tx) => {
    if (outcome === 'refused') return refuse(tx, carriage, report);
    if (outcome === 'unknown') return reportUnknown(tx, report);
    return postpone(tx, carriage, { ...report, retryAfterSeconds });
  });
  if (outcome === 'unknown' && carriage.taken) carriage.allowances.keep(carriage.taken);
  return { outcome, reason, retryAfterSeconds };
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
