// What administrators changed: one row for each request, written before the change and completed after it.

import { asc, desc, eq, inArray, lt } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import type { Audited } from './tables.js';
import { run, type Steps } from './transaction.js';

/** The number of the row. */
export function* beginAudited(tx: Transaction, row: Omit<Audited, 'id' | 'status'>): Steps<number> {
  const { audit } = tx.tables;
  return (yield* run(tx.db.insert(audit).values(row).returning({ id: audit.id })))[0]!.id;
}

export function* endAudited(tx: Transaction, id: number, status: number): Steps<void> {
  const { audit } = tx.tables;
  yield* run(tx.db.update(audit).set({ status }).where(eq(audit.id, id)));
}

/** Forgets the oldest of those before this instant, so many at once; true where more may be left. */
export function* forgetAudited(tx: Transaction, before: number, atOnce: number): Steps<boolean> {
  const { audit } = tx.tables;
  const old = tx.db
    .select({ id: audit.id })
    .from(audit)
    .where(lt(audit.at, before))
    .orderBy(asc(audit.at))
    .limit(atOnce);
  const gone = yield* run(tx.db.delete(audit).where(inArray(audit.id, old)).returning({ id: audit.id }));
  return gone.length === atOnce;
}

/** A page, newest first; `before` is the number that the last page ended with. */
export async function listAudited(
  session: Session,
  { limit, before }: { limit: number; before?: number | undefined },
): Promise<Audited[]> {
  const { audit } = session.tables;
  return session.db
    .select()
    .from(audit)
    .where(before === undefined ? undefined : lt(audit.id, before))
    .orderBy(desc(audit.id))
    .limit(limit);
}
