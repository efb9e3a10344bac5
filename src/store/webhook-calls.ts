// Events on their way to webhooks. One that was taken is gone; one that was given up is kept to be looked at.

import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, lt, min, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import type { EventDocument } from './states.js';
import { prepared } from './statement.js';
import type { WebhookCall } from './tables.js';
import { run, type Steps } from './transaction.js';

const insertCall = prepared((db, { webhookCalls }) =>
  db.insert(webhookCalls).values({
    webhook: sql.placeholder('webhook'),
    event: sql.placeholder('event'),
    dueAt: sql.placeholder('now'),
    createdAt: sql.placeholder('now'),
  }),
);

export interface NewCall {
  webhook: string;
  event: EventDocument;
  now: number;
}

/** Due at once. */
export function* addCall(tx: Transaction, call: NewCall): Steps<void> {
  yield* run(insertCall(tx, { ...call }));
  tx.announce({ topic: 'webhook-call' });
}

// By the index of the webhook, whose rows lie in the order of events: what is due begins within the first of them. By the
// index of due times the database would walk through all that waits for receivers that are down; the plus keeps it off that.
const dueOf = prepared((db, { webhookCalls }) =>
  db
    .select()
    .from(webhookCalls)
    .where(
      and(
        eq(webhookCalls.webhook, sql.placeholder('webhook')),
        sql`+${webhookCalls.dueAt} <= ${sql.placeholder('now')}`,
      ),
    )
    .orderBy(asc(webhookCalls.id))
    .limit(sql.placeholder('limit')),
);

const beginCall = prepared((db, { webhookCalls }) =>
  db
    .update(webhookCalls)
    .set({ attempts: sql`${webhookCalls.attempts} + 1`, dueAt: sql`${sql.placeholder('dueAt')}` })
    .where(eq(webhookCalls.id, sql.placeholder('id'))),
);

export interface CallClaim {
  webhook: string;
  now: number;
  limit: number;
  /** Under way already. */
  except: ReadonlySet<number>;
  /** When a call is due again if nothing more is heard of its attempt, by the attempts with this one. */
  dueAgain: (attempts: number) => number;
}

/**
 * The oldest events that are due. Their attempt is counted and the next one foreseen in the same commit: one that ends the
 * process every time does not begin at once, nor for ever.
 */
export function* claimCalls(
  tx: Transaction,
  { webhook, now, limit, except, dueAgain }: CallClaim,
): Steps<WebhookCall[]> {
  const due = yield* run(dueOf(tx, { webhook, now, limit: limit + except.size }));
  const free = due.filter(({ id }) => !except.has(id)).slice(0, limit);
  for (const { id, attempts } of free) yield* run(beginCall(tx, { id, dueAt: dueAgain(attempts + 1) }));
  return free.map((call) => ({ ...call, attempts: call.attempts + 1 }));
}

const removeCall = prepared((db, { webhookCalls }) =>
  db.delete(webhookCalls).where(eq(webhookCalls.id, sql.placeholder('id'))),
);

/** The receiver has it. */
export function* finishCall(tx: Transaction, id: number): Steps<void> {
  yield* run(removeCall(tx, { id }));
}

/** Not taken yet; no `dueAt` where it is given up. */
export function* postponeCall(
  tx: Transaction,
  id: number,
  { dueAt, error }: { dueAt: number | undefined; error: string },
): Steps<void> {
  const { webhookCalls } = tx.tables;
  yield* run(
    tx.db
      .update(webhookCalls)
      .set({ dueAt: dueAt ?? null, lastError: error })
      .where(eq(webhookCalls.id, id)),
  );
}

const nextDue = prepared((db, { webhookCalls }) =>
  db
    .select({ dueAt: min(webhookCalls.dueAt) })
    .from(webhookCalls)
    .where(and(isNotNull(webhookCalls.dueAt), gt(webhookCalls.dueAt, sql.placeholder('now')))),
);

/** When the next one becomes due that is not due yet. */
export function* getNextCallDue(session: Session, now: number): Steps<number | undefined> {
  return (yield* run(nextDue(session, { now })))[0]?.dueAt ?? undefined;
}

/** Waiting and given up, by webhook; those without any are left out. */
export async function countCalls(
  session: Session,
  webhooks: readonly string[],
): Promise<Map<string, { waiting: number; givenUp: number }>> {
  const { webhookCalls } = session.tables;
  const rows = await session.db
    .select({ webhook: webhookCalls.webhook, all: count(), waiting: count(webhookCalls.dueAt) })
    .from(webhookCalls)
    .where(inArray(webhookCalls.webhook, [...webhooks]))
    .groupBy(webhookCalls.webhook);
  return new Map(rows.map(({ webhook, all, waiting }) => [webhook, { waiting, givenUp: all - waiting }]));
}

/** A page of what a webhook has not taken, oldest first; `after` is the row the last page ended with. */
export async function listCalls(
  session: Session,
  page: { webhook: string; limit: number; after?: number | undefined },
): Promise<WebhookCall[]> {
  const { webhookCalls } = session.tables;
  const ofWebhook = eq(webhookCalls.webhook, page.webhook);
  return session.db
    .select()
    .from(webhookCalls)
    .where(page.after === undefined ? ofWebhook : and(ofWebhook, gt(webhookCalls.id, page.after)))
    .orderBy(asc(webhookCalls.id))
    .limit(page.limit);
}

/** Those that waited longer than they may, for receivers that nobody could reach or that were switched off. */
export function* giveUpCalls(tx: Transaction, before: number): Steps<void> {
  const { webhookCalls } = tx.tables;
  const isLate = and(isNotNull(webhookCalls.dueAt), lt(webhookCalls.createdAt, before));
  yield* run(tx.db.update(webhookCalls).set({ dueAt: null }).where(isLate));
}

/** Whatever became of them: nobody asks any more. */
export function* forgetCalls(tx: Transaction, before: number): Steps<void> {
  const { webhookCalls } = tx.tables;
  yield* run(tx.db.delete(webhookCalls).where(lt(webhookCalls.createdAt, before)));
}

/** All but the newest of those that a webhook did not take in time. */
export function* trimGivenUp(tx: Transaction, webhook: string, kept: number): Steps<void> {
  const { webhookCalls } = tx.tables;
  const isGivenUp = and(eq(webhookCalls.webhook, webhook), isNull(webhookCalls.dueAt));
  const [oldestKept] = yield* run(
    tx.db
      .select({ id: webhookCalls.id })
      .from(webhookCalls)
      .where(isGivenUp)
      .orderBy(desc(webhookCalls.id))
      .limit(1)
      .offset(kept - 1),
  );
  if (oldestKept) yield* run(tx.db.delete(webhookCalls).where(and(isGivenUp, lt(webhookCalls.id, oldestKept.id))));
}
