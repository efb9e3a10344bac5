// The rules of either direction, in the order in which they are tried.

import { and, asc, eq } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import type { RuleDirection } from './states.js';
import type { Rule } from './tables.js';
import { run, type Steps } from './transaction.js';

/** A rule as it is written: its place is that in the list. */
export type WrittenRule = Pick<Rule, 'id' | 'title' | 'enabled' | 'conditions' | 'actions'>;

export function* getRules(session: Session, direction: RuleDirection): Steps<WrittenRule[]> {
  const { rules } = session.tables;
  const { id, title, enabled, conditions, actions } = rules;
  return yield* run(
    session.db
      .select({ id, title, enabled, conditions, actions })
      .from(rules)
      .where(eq(rules.direction, direction))
      .orderBy(asc(rules.position)),
  );
}

/** The whole list, in place of the one before. */
export function* replaceRules(tx: Transaction, direction: RuleDirection, written: readonly WrittenRule[]): Steps<void> {
  const { rules } = tx.tables;
  yield* run(tx.db.delete(rules).where(eq(rules.direction, direction)));
  // One statement has room for so many values only.
  for (let first = 0; first < written.length; first += rowsAtOnce) {
    const rows = written.slice(first, first + rowsAtOnce);
    yield* run(tx.db.insert(rules).values(rows.map((rule, n) => ({ ...rule, direction, position: first + n }))));
  }
  tx.announce({ topic: 'rules' });
}

const rowsAtOnce = 500;

/** False when there is no such rule. */
export function* updateRule(
  tx: Transaction,
  direction: RuleDirection,
  { id, ...change }: Pick<Rule, 'id'> & Partial<WrittenRule>,
): Steps<boolean> {
  const { rules } = tx.tables;
  const updated = yield* run(
    tx.db
      .update(rules)
      .set(change)
      .where(and(eq(rules.id, id), eq(rules.direction, direction)))
      .returning({ id: rules.id }),
  );
  tx.announce({ topic: 'rules' });
  return updated.length > 0;
}
