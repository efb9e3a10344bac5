// Messages whose senders are to be told that they still wait.

import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Message } from './tables.js';
import { run, type Steps } from './transaction.js';

const overdue = prepared((db, { messages }) =>
  db
    .select()
    .from(messages)
    .where(
      and(
        // Each end clears it, so that the state need not be asked for: SQLite would walk all that is queued.
        lte(messages.warnAt, sql.placeholder('now')),
        // Whoever comes too late for a warning gets the report alone.
        gt(messages.expiresAt, sql.placeholder('now')),
      ),
    )
    .orderBy(asc(messages.warnAt))
    .limit(sql.placeholder('limit')),
);

export function* getToWarn(tx: Session, now: number, limit: number): Steps<Message[]> {
  return yield* run(overdue(tx, { now, limit }));
}

const settle = prepared((db, { messages }) =>
  db
    .update(messages)
    .set({ warnAt: null })
    .where(eq(messages.id, sql.placeholder('id'))),
);

/** Its sender was told. */
export function* clearWarning(tx: Transaction, id: string): Steps<void> {
  yield* run(settle(tx, { id }));
}
