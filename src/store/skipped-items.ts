// Items that could not be written for a device, with the reason, until they can.

import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import { run, type Steps } from './transaction.js';

export interface SkippedItem {
  deviceId: number;
  itemId: number;
  /** Shown to the administrator, so it repeats nothing of the item. */
  reason: string;
  at: number;
}

export function* noteSkipped(tx: Transaction, skipped: SkippedItem): Steps<void> {
  const { skippedItems } = tx.tables;
  const { reason, at } = skipped;
  yield* run(
    tx.db
      .insert(skippedItems)
      .values(skipped)
      .onConflictDoUpdate({ target: [skippedItems.deviceId, skippedItems.itemId], set: { reason, at } }),
  );
}

const skippedOf = prepared((db, { skippedItems }) =>
  db
    .select({ itemId: skippedItems.itemId })
    .from(skippedItems)
    .where(eq(skippedItems.deviceId, sql.placeholder('deviceId'))),
);

export function* getSkippedItemIds(session: Session, deviceId: number): Steps<number[]> {
  return (yield* run(skippedOf(session, { deviceId }))).map(({ itemId }) => itemId);
}

export function* forgetSkipped(tx: Transaction, deviceId: number, itemIds: readonly number[]): Steps<void> {
  const { skippedItems } = tx.tables;
  const these = and(eq(skippedItems.deviceId, deviceId), inArray(skippedItems.itemId, [...itemIds]));
  yield* run(tx.db.delete(skippedItems).where(these));
}
