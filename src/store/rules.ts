// The rules of either direction, in the order in which they are tried.

import { asc, eq } from 'drizzle-orm';
import { openActions, sealActions } from './sealing.js';
import type { Session, Transaction } from './session.js';
import type { RuleDirection, RulePart } from './states.js';
import type { Rule } from './tables.js';
import { run, type Steps } from './transaction.js';

/** A rule as it is written: its place is that in the list. */
export type WrittenRule = Pick<Rule, 'id' | 'title' | 'enabled' | 'conditions'> & { actions: RulePart[] };

export function* getRules(session: Session, direction: RuleDirection): Steps<WrittenRule[]> {
  const { rules } = session.tables;
  const { id, title, enabled, conditions, actions } = rules;
  const rows = yield* run(
    session.db
      .select({ id, title, enabled, conditions, actions })
      .from(rules)
      .where(eq(rules.direction, direction))
      .orderBy(asc(rules.position)),
  );
  return rows.map((row) => ({ ...row, actions: openActions(session.secrets, row) }));
}

/** The whole list, in place of the one before. */
export function* replaceRules(tx: Transaction, direction: RuleDirection, written: readonly WrittenRule[]): Steps<void> {
  const { rules } = tx.tables;
  yield* run(tx.db.delete(rules).where(eq(rules.direction, direction)));
  // One statement has room for so many values only.
  for (let first = 0; first < written.length; first += rowsAtOnce) {
    const rows = written.slice(first, first + rowsAtOnce).map((rule, n) => {
      const actions = sealActions(tx.secrets, rule.id, rule.actions);
      return { ...rule, actions, direction, position: first + n };
    });
    yield* run(tx.db.insert(rules).values(rows));
  }
  tx.announce({ topic: 'rules' });
}

const rowsAtOnce = 500;
