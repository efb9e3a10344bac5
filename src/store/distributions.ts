// Addresses that stand for others: mailing lists, and accounts that make a notification of each mail.

import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { targetsPlace } from './sealing.js';
import type { Session, Transaction } from './session.js';
import type { DistributionKind } from './states.js';
import { prepared } from './statement.js';
import type { DistributionRow } from './tables.js';
import { run, type Steps } from './transaction.js';

export interface Distribution {
  /** In lower case. */
  address: string;
  kind: DistributionKind;
  /** Of a notification. */
  template: string | null;
  /** Addresses of mail and of numbers, with whatever parameters. */
  targets: readonly string[];
}

const byAddress = prepared((db, { distributions }) =>
  db
    .select()
    .from(distributions)
    .where(eq(distributions.address, sql.placeholder('address'))),
);

export function* getDistribution(session: Session, address: string): Steps<Distribution | undefined> {
  const [row] = yield* run(byAddress(session, { address }));
  return row && opened(session, row);
}

/** A page of one kind in the order of their addresses. */
export async function listDistributions(
  session: Session,
  { kind, limit, after = '' }: { kind: DistributionKind; limit: number; after?: string | undefined },
): Promise<Distribution[]> {
  const { distributions } = session.tables;
  const rows = await session.db
    .select()
    .from(distributions)
    .where(and(eq(distributions.kind, kind), gt(distributions.address, after)))
    .orderBy(asc(distributions.address))
    .limit(limit);
  return rows.map((row) => opened(session, row));
}

export function* putDistribution(tx: Transaction, distribution: Distribution & { now: number }): Steps<void> {
  const { distributions } = tx.tables;
  const { address, kind, template, now: createdAt } = distribution;
  const targets = tx.secrets.seal(JSON.stringify(distribution.targets), targetsPlace(address));
  yield* run(
    tx.db
      .insert(distributions)
      .values({ address, kind, template, targets, createdAt })
      .onConflictDoUpdate({ target: distributions.address, set: { kind, template, targets } }),
  );
}

/** Whether it was there. */
export function* deleteDistribution(tx: Transaction, address: string): Steps<boolean> {
  const { distributions } = tx.tables;
  const gone = tx.db.delete(distributions).where(eq(distributions.address, address));
  return (yield* run(gone.returning({ address: distributions.address }))).length > 0;
}

function opened({ secrets }: Session, { address, kind, template, targets }: DistributionRow): Distribution {
  const written = JSON.parse(secrets.open(targets, targetsPlace(address))) as string[];
  return { address, kind, template, targets: written };
}
