// How much gateways with limits have carried, by period, and whom they have written to.

import { and, count, eq, gt, inArray, lt, lte, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import { run, type Steps } from './transaction.js';

export interface Use {
  period: string;
  messages: number;
  endsAt: number;
}

const currentUse = prepared((db, { gatewayUsage }) =>
  db
    .select({ period: gatewayUsage.period, messages: gatewayUsage.messages, endsAt: gatewayUsage.endsAt })
    .from(gatewayUsage)
    .where(and(eq(gatewayUsage.gateway, sql.placeholder('gateway')), gt(gatewayUsage.endsAt, sql.placeholder('now')))),
);

/** Of the periods that have not ended. */
export function* getUse(tx: Session, gateway: string, now: number): Steps<Use[]> {
  return yield* run(currentUse(tx, { gateway, now }));
}

const countOne = prepared((db, { gatewayUsage }) =>
  db
    .insert(gatewayUsage)
    .values({
      gateway: sql.placeholder('gateway'),
      period: sql.placeholder('period'),
      messages: 1,
      endsAt: sql.placeholder('endsAt'),
    })
    .onConflictDoUpdate({
      target: [gatewayUsage.gateway, gatewayUsage.period],
      set: { messages: sql`${gatewayUsage.messages} + 1`, endsAt: sql`excluded.ends_at` },
    }),
);

export function* countUse(tx: Transaction, gateway: string, { period, endsAt }: Omit<Use, 'messages'>): Steps<void> {
  yield* run(countOne(tx, { gateway, period, endsAt }));
}

export function* giveBackUse(tx: Transaction, gateway: string, period: string): Steps<void> {
  const { gatewayUsage } = tx.tables;
  yield* run(
    tx.db
      .update(gatewayUsage)
      .set({ messages: sql`${gatewayUsage.messages} - 1` })
      .where(and(eq(gatewayUsage.gateway, gateway), eq(gatewayUsage.period, period), gt(gatewayUsage.messages, 0))),
  );
}

const recipientCount = prepared((db, { gatewayRecipients }) =>
  db
    .select({ n: count() })
    .from(gatewayRecipients)
    .where(
      and(
        eq(gatewayRecipients.gateway, sql.placeholder('gateway')),
        eq(gatewayRecipients.month, sql.placeholder('month')),
      ),
    ),
);

export function* countRecipients(tx: Session, gateway: string, month: string): Steps<number> {
  return (yield* run(recipientCount(tx, { gateway, month })))[0]!.n;
}

/** Those of the given numbers that the gateway has written to this month. */
export function* getKnownRecipients(
  tx: Session,
  { gateway, month }: { gateway: string; month: string },
  numbers: readonly string[],
): Steps<string[]> {
  const { gatewayRecipients } = tx.tables;
  const rows = yield* run(
    tx.db
      .select({ recipient: gatewayRecipients.recipient })
      .from(gatewayRecipients)
      .where(
        and(
          eq(gatewayRecipients.gateway, gateway),
          eq(gatewayRecipients.month, month),
          inArray(gatewayRecipients.recipient, [...numbers]),
        ),
      ),
  );
  return rows.map(({ recipient }) => recipient);
}

export interface UsedRecipient {
  gateway: string;
  month: string;
  recipient: string;
}

const insertRecipient = prepared((db, { gatewayRecipients }) =>
  db
    .insert(gatewayRecipients)
    .values({
      gateway: sql.placeholder('gateway'),
      month: sql.placeholder('month'),
      recipient: sql.placeholder('recipient'),
    })
    .onConflictDoNothing()
    .returning({ month: gatewayRecipients.month }),
);

/** False when it was there. */
export function* addRecipient(tx: Transaction, used: UsedRecipient): Steps<boolean> {
  return (yield* run(insertRecipient(tx, { ...used }))).length > 0;
}

export function* removeRecipient(tx: Transaction, { gateway, month, recipient }: UsedRecipient): Steps<void> {
  const { gatewayRecipients } = tx.tables;
  yield* run(
    tx.db
      .delete(gatewayRecipients)
      .where(
        and(
          eq(gatewayRecipients.gateway, gateway),
          eq(gatewayRecipients.month, month),
          eq(gatewayRecipients.recipient, recipient),
        ),
      ),
  );
}

/** What ended before now; recipients of the months before this one. */
export function* forgetUse(tx: Transaction, now: number, month: string): Steps<void> {
  const { gatewayRecipients, gatewayUsage } = tx.tables;
  yield* run(tx.db.delete(gatewayUsage).where(lte(gatewayUsage.endsAt, now)));
  yield* run(tx.db.delete(gatewayRecipients).where(lt(gatewayRecipients.month, month)));
}
