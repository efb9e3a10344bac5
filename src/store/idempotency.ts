// Requests that may come again: which message the first one of a key and a number became. It is written in the commit that
// accepts the message, so that one of two that arrive together finds the other.

import { and, eq, lt, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { IdempotencyKey } from './tables.js';
import { run, type Steps } from './transaction.js';

// Before anything is read: of two transactions that write the same key the second waits for the first.
const insertKey = prepared((db, { idempotencyKeys }) =>
  db
    .insert(idempotencyKeys)
    .values({
      key: sql.placeholder('key'),
      recipient: sql.placeholder('recipient'),
      digest: sql.placeholder('digest'),
      messageId: sql.placeholder('messageId'),
      parts: sql.placeholder('parts'),
      createdAt: sql.placeholder('createdAt'),
    })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key }),
);

const messageOfKey = prepared((db, { idempotencyKeys }) =>
  db
    .select()
    .from(idempotencyKeys)
    .where(
      and(eq(idempotencyKeys.key, sql.placeholder('key')), eq(idempotencyKeys.recipient, sql.placeholder('recipient'))),
    ),
);

const dropOldKey = prepared((db, { idempotencyKeys }) =>
  db
    .delete(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.key, sql.placeholder('key')),
        eq(idempotencyKeys.recipient, sql.placeholder('recipient')),
        lt(idempotencyKeys.createdAt, sql.placeholder('before')),
      ),
    ),
);

/** Takes a key that is free, or older than `before`; else gives whose it is. */
export function* takeKey(tx: Transaction, message: IdempotencyKey, before: number): Steps<IdempotencyKey | undefined> {
  const { key, recipient } = message;
  if ((yield* run(insertKey(tx, { ...message }))).length > 0) return undefined;
  const first = yield* getMessageOfKey(tx, { key, recipient });
  if (first && first.createdAt >= before) return first;
  yield* run(dropOldKey(tx, { key, recipient, before }));
  return yield* takeKey(tx, message, before);
}

export function* getMessageOfKey(
  session: Session,
  of: Pick<IdempotencyKey, 'key' | 'recipient'>,
): Steps<IdempotencyKey | undefined> {
  return (yield* run(messageOfKey(session, { ...of })))[0];
}

export function* forgetRequests(tx: Transaction, before: number): Steps<void> {
  const { idempotencyKeys } = tx.tables;
  yield* run(tx.db.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, before)));
}
