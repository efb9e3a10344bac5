// Mail domains: what holds for all their users.

import { asc, eq, gt, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Domain } from './tables.js';
import { run, type Steps } from './transaction.js';

const domainOf = prepared((db, { domains }) =>
  db
    .select()
    .from(domains)
    .where(eq(domains.name, sql.placeholder('name'))),
);

export function* getDomain(tx: Session, name: string): Steps<Domain | undefined> {
  return (yield* run(domainOf(tx, { name })))[0];
}

export function* allDomains(tx: Session): Steps<Domain[]> {
  const { domains } = tx.tables;
  return yield* run(tx.db.select().from(domains).orderBy(asc(domains.name)));
}

/** A page of domains by name; `after` is the name the last page ended with. */
export async function listDomains(
  session: Session,
  page: { limit: number; after?: string | undefined },
): Promise<Domain[]> {
  const { domains } = session.tables;
  return session.db
    .select()
    .from(domains)
    .where(page.after === undefined ? undefined : gt(domains.name, page.after))
    .orderBy(asc(domains.name))
    .limit(page.limit);
}

export type DomainChange = Partial<Omit<Domain, 'name'>>;

/** Makes the domain where there is none; what is not named keeps its value or gets its default. */
export function* putDomain(tx: Transaction, name: string, change: DomainChange = {}): Steps<void> {
  const { domains } = tx.tables;
  yield* run(
    tx.db
      .insert(domains)
      .values({ name, ...change })
      .onConflictDoNothing(),
  );
  if (Object.keys(change).length === 0) return;
  tx.announce({ topic: 'sending-terms' });
  yield* run(tx.db.update(domains).set(change).where(eq(domains.name, name)));
}

export function* removeDomain(tx: Transaction, name: string): Steps<void> {
  const { domains } = tx.tables;
  yield* run(tx.db.delete(domains).where(eq(domains.name, name)));
  tx.announce({ topic: 'sending-terms' });
}
