// SMS accounts and groups as the administrator wrote them.

import { asc, eq, gt, max, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Group, SmsAccount } from './tables.js';
import { run, type Steps } from './transaction.js';

const accountOf = prepared((db, { smsAccounts }) =>
  db
    .select()
    .from(smsAccounts)
    .where(eq(smsAccounts.name, sql.placeholder('name'))),
);

export function* getSmsAccount(tx: Session, name: string): Steps<SmsAccount | undefined> {
  return (yield* run(accountOf(tx, { name })))[0];
}

export function* getSmsAccounts(tx: Session): Steps<SmsAccount[]> {
  const { smsAccounts } = tx.tables;
  return yield* run(tx.db.select().from(smsAccounts).orderBy(asc(smsAccounts.name)));
}

interface PageOf {
  limit: number;
  /** The name the last page ended with. */
  after?: string | undefined;
}

export async function listSmsAccounts(session: Session, { limit, after }: PageOf): Promise<SmsAccount[]> {
  const { smsAccounts } = session.tables;
  return session.db
    .select()
    .from(smsAccounts)
    .where(after === undefined ? undefined : gt(smsAccounts.name, after))
    .orderBy(asc(smsAccounts.name))
    .limit(limit);
}

export type SmsAccountRow = Omit<SmsAccount, 'createdAt'>;

/** Creates or replaces an account. No two are made at the same instant, so that their order is known. */
export function* putSmsAccount(tx: Transaction, row: SmsAccountRow, now: number): Steps<void> {
  const { smsAccounts } = tx.tables;
  const [newest] = yield* run(tx.db.select({ at: max(smsAccounts.createdAt) }).from(smsAccounts));
  const createdAt = Math.max(now, (newest?.at ?? 0) + 1);
  yield* run(
    tx.db
      .insert(smsAccounts)
      .values({ ...row, createdAt })
      .onConflictDoUpdate({ target: smsAccounts.name, set: { ...row, createdAt: sql`${smsAccounts.createdAt}` } }),
  );
  tx.announce({ topic: 'sending-terms' });
}

/** False when there was none. */
export function* removeSmsAccount(tx: Transaction, name: string): Steps<boolean> {
  const { smsAccounts } = tx.tables;
  const removed = yield* run(
    tx.db.delete(smsAccounts).where(eq(smsAccounts.name, name)).returning({ name: smsAccounts.name }),
  );
  tx.announce({ topic: 'sending-terms' });
  return removed.length > 0;
}

export function* getGroup(tx: Session, name: string): Steps<Group | undefined> {
  const { groups } = tx.tables;
  return (yield* run(tx.db.select().from(groups).where(eq(groups.name, name))))[0];
}

export function* getGroups(tx: Session): Steps<Group[]> {
  const { groups } = tx.tables;
  return yield* run(tx.db.select().from(groups).orderBy(asc(groups.name)));
}

export async function listGroups(session: Session, { limit, after }: PageOf): Promise<Group[]> {
  const { groups } = session.tables;
  return session.db
    .select()
    .from(groups)
    .where(after === undefined ? undefined : gt(groups.name, after))
    .orderBy(asc(groups.name))
    .limit(limit);
}

/** Creates or replaces a group. */
export function* putGroup(tx: Transaction, { name, members }: Omit<Group, 'createdAt'>, now: number): Steps<void> {
  const { groups } = tx.tables;
  yield* run(
    tx.db
      .insert(groups)
      .values({ name, members, createdAt: now })
      .onConflictDoUpdate({ target: groups.name, set: { members } }),
  );
  tx.announce({ topic: 'sending-terms' });
}

/** False when there was none. */
export function* removeGroup(tx: Transaction, name: string): Steps<boolean> {
  const { groups } = tx.tables;
  const removed = yield* run(tx.db.delete(groups).where(eq(groups.name, name)).returning({ name: groups.name }));
  tx.announce({ topic: 'sending-terms' });
  return removed.length > 0;
}
