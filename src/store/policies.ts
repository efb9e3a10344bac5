// What each scope says of the policy: a row where it says anything, and all of them in memory, because every request
// compares what its device was given with what it should have.

import { and, asc, eq, gt, gte, lt, or } from 'drizzle-orm';
import type { Changes } from './changes.js';
import type { Session, Transaction } from './session.js';
import type { PolicyDocument } from './states.js';
import type { Policy } from './tables.js';
import { run, type Steps } from './transaction.js';

export class PolicyCache {
  #documents = new Map<string, PolicyDocument>();

  /** Hears of changes before anybody who asks it then: it has to be the first that listens. */
  constructor(changes: Changes) {
    changes.listen('policies', ({ scope, document }) => {
      if (document) this.#documents.set(scope, document);
      else this.#documents.delete(scope);
    });
  }

  get(scope: string): PolicyDocument | undefined {
    return this.#documents.get(scope);
  }

  async load(session: Session): Promise<void> {
    const rows = await session.db.select().from(session.tables.policies);
    this.#documents = new Map(rows.map(({ scope, document }) => [scope, document]));
  }
}

export function* getPolicy(session: Session, scope: string): Steps<PolicyDocument | undefined> {
  const { policies } = session.tables;
  return (yield* run(session.db.select().from(policies).where(eq(policies.scope, scope))))[0]?.document;
}

/** A page of scopes that say anything, by name; `after` is the name the last page ended with. */
export async function listPolicies(
  session: Session,
  page: { limit: number; after?: string | undefined },
): Promise<Policy[]> {
  const { policies } = session.tables;
  return session.db
    .select()
    .from(policies)
    .where(page.after === undefined ? undefined : gt(policies.scope, page.after))
    .orderBy(asc(policies.scope))
    .limit(page.limit);
}

export function* putPolicy(tx: Transaction, scope: string, document: PolicyDocument): Steps<void> {
  const { policies } = tx.tables;
  yield* run(
    tx.db
      .insert(policies)
      .values({ scope, document })
      .onConflictDoUpdate({ target: policies.scope, set: { document } }),
  );
  tx.announce({ topic: 'policies', scope, document });
}

export function* removePolicy(tx: Transaction, scope: string): Steps<void> {
  const { policies } = tx.tables;
  yield* run(tx.db.delete(policies).where(eq(policies.scope, scope)));
  tx.announce({ topic: 'policies', scope, document: undefined });
}

/** Of the user and of all the user's devices, or the next user of that address would inherit them. */
export function* removePoliciesOf(tx: Transaction, address: string): Steps<void> {
  const { policies } = tx.tables;
  // ';' follows ':', so the range holds every scope that begins with the address and a colon.
  const ofDevices = and(gte(policies.scope, `device:${address}:`), lt(policies.scope, `device:${address};`));
  const scopes = yield* run(
    tx.db
      .select({ scope: policies.scope })
      .from(policies)
      .where(or(eq(policies.scope, `user:${address}`), ofDevices)),
  );
  for (const { scope } of scopes) yield* removePolicy(tx, scope);
}
