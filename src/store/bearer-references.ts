// What bearers call the texts they took, and the delivery reports that came before that was known.

import { and, asc, desc, eq, gte, isNull, lt, ne, or, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import type { DeliveryOutcome } from './states.js';
import { prepared } from './statement.js';
import type { BearerReference, EarlyReport } from './tables.js';
import { run, type Steps } from './transaction.js';

const insertReference = prepared((db, { bearerReferences }) =>
  db
    .insert(bearerReferences)
    .values({
      gateway: sql.placeholder('gateway'),
      reference: sql.placeholder('reference'),
      messageId: sql.placeholder('messageId'),
      recipient: sql.placeholder('recipient'),
      part: sql.placeholder('part'),
      createdAt: sql.placeholder('now'),
    })
    .returning(),
);

export interface NewReference {
  gateway: string;
  reference: string;
  messageId: string;
  recipient: string;
  /** Counted from 0; absent for a text that was handed over whole. */
  part: number | undefined;
  now: number;
}

export function* addReference(tx: Transaction, given: NewReference): Steps<BearerReference> {
  return (yield* run(insertReference(tx, { ...given, part: given.part ?? null })))[0]!;
}

/** As many texts of the same number to one recipient as are looked at. */
const references = 8;

const referencesOf = prepared((db, { bearerReferences }) =>
  db
    .select()
    .from(bearerReferences)
    .where(
      and(
        eq(bearerReferences.gateway, sql.placeholder('gateway')),
        eq(bearerReferences.reference, sql.placeholder('reference')),
      ),
    )
    .orderBy(desc(bearerReferences.id))
    .limit(references),
);

/**
 * The text that this gateway called so: the last one, or the one it took nearest to a time. The numbers of a modem come round
 * again.
 */
export function* getReference(
  tx: Session,
  { gateway, reference, near }: Pick<NewReference, 'gateway' | 'reference'> & { near?: number | undefined },
): Steps<BearerReference | undefined> {
  const [newest, ...older] = yield* run(referencesOf(tx, { gateway, reference }));
  if (!newest || near === undefined) return newest;
  const distance = ({ createdAt }: BearerReference): number => Math.abs(createdAt - near);
  return older.reduce((nearest, row) => (distance(row) < distance(nearest) ? row : nearest), newest);
}

const settleReference = prepared((db, { bearerReferences }) =>
  db
    .update(bearerReferences)
    .set({ outcome: sql`${sql.placeholder('outcome')}` })
    .where(and(eq(bearerReferences.id, sql.placeholder('id')), isNull(bearerReferences.outcome)))
    .returning({ id: bearerReferences.id }),
);

/** The first word counts. False when there was one already. */
export function* noteOutcome(tx: Transaction, id: number, outcome: DeliveryOutcome): Steps<boolean> {
  return (yield* run(settleReference(tx, { id, outcome }))).length > 0;
}

const undeliveredOf = prepared((db, { bearerReferences }) =>
  db
    .select({ id: bearerReferences.id })
    .from(bearerReferences)
    .where(
      and(
        eq(bearerReferences.messageId, sql.placeholder('messageId')),
        or(isNull(bearerReferences.outcome), ne(bearerReferences.outcome, 'delivered')),
      ),
    )
    .limit(1),
);

/** Whether every part of a message is known to have arrived. */
export function* isWhollyDelivered(tx: Session, messageId: string): Steps<boolean> {
  return (yield* run(undeliveredOf(tx, { messageId }))).length === 0;
}

const insertEarlyReport = prepared((db, { earlyReports }) =>
  db.insert(earlyReports).values({
    gateway: sql.placeholder('gateway'),
    reference: sql.placeholder('reference'),
    outcome: sql.placeholder('outcome'),
    reason: sql.placeholder('reason'),
    at: sql.placeholder('now'),
  }),
);

export interface NewEarlyReport {
  gateway: string;
  reference: string;
  outcome: DeliveryOutcome;
  reason?: string | undefined;
  now: number;
}

export function* keepEarlyReport(tx: Transaction, given: NewEarlyReport): Steps<void> {
  yield* run(insertEarlyReport(tx, { ...given, reason: given.reason ?? null }));
}

const earlyReportsOn = prepared((db, { earlyReports }) =>
  db
    .select()
    .from(earlyReports)
    .where(
      and(
        eq(earlyReports.gateway, sql.placeholder('gateway')),
        eq(earlyReports.reference, sql.placeholder('reference')),
        gte(earlyReports.at, sql.placeholder('since')),
      ),
    )
    .orderBy(asc(earlyReports.id)),
);

/** What was reported on this reference before it was known, in the order it came; not before `since`. */
export function* getEarlyReports(
  tx: Session,
  { gateway, reference, since }: Pick<NewReference, 'gateway' | 'reference'> & { since: number },
): Steps<EarlyReport[]> {
  return yield* run(earlyReportsOn(tx, { gateway, reference, since }));
}

export function* forgetReferences(tx: Transaction, before: number): Steps<void> {
  const { bearerReferences } = tx.tables;
  yield* run(tx.db.delete(bearerReferences).where(lt(bearerReferences.createdAt, before)));
}

export function* forgetEarlyReports(tx: Transaction, before: number): Steps<void> {
  const { earlyReports } = tx.tables;
  yield* run(tx.db.delete(earlyReports).where(lt(earlyReports.at, before)));
}
