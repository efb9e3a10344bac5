// Items that could not be written for a device: left out of its answers, so that what follows is not held up, and kept
// here so that somebody sees them. One is forgotten when it was written after all, or when the device begins anew.

import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Folder } from './tables.js';
import { run, type Steps } from './transaction.js';

export interface SkippedItem {
  /** The row of the device. */
  deviceId: number;
  itemId: number;
}

/** Keeps why an item was left out; the last reason and time stand. The reason says nothing of its content. */
export function* recordSkippedItem(
  tx: Transaction,
  { deviceId, itemId, reason, now }: SkippedItem & { reason: string; now: number },
): Steps<void> {
  const { skippedItems } = tx.tables;
  yield* run(
    tx.db
      .insert(skippedItems)
      .values({ deviceId, itemId, reason, at: now })
      .onConflictDoUpdate({
        target: [skippedItems.deviceId, skippedItems.itemId],
        set: { reason, at: now },
      }),
  );
}

export function* forgetSkippedItem(tx: Transaction, { deviceId, itemId }: SkippedItem): Steps<void> {
  const { skippedItems } = tx.tables;
  yield* run(
    tx.db.delete(skippedItems).where(and(eq(skippedItems.deviceId, deviceId), eq(skippedItems.itemId, itemId))),
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

/** Of one folder, when the device begins anew there. */
export function* forgetSkippedItems(
  tx: Transaction,
  { deviceId, folderId }: { deviceId: number; folderId: number },
): Steps<void> {
  const { items, skippedItems } = tx.tables;
  const ofFolder = tx.db.select({ id: items.id }).from(items).where(eq(items.folderId, folderId));
  yield* run(
    tx.db.delete(skippedItems).where(and(eq(skippedItems.deviceId, deviceId), inArray(skippedItems.itemId, ofFolder))),
  );
}

export interface ListedSkippedItem {
  itemId: number;
  folder: Pick<Folder, 'id' | 'type'>;
  reason: string;
  at: number;
}

/** A page of them in the order of the items; `after` is the item the last page ended with. */
export async function listSkippedItems(
  session: Session,
  page: { deviceId: number; limit: number; after?: number | undefined },
): Promise<ListedSkippedItem[]> {
  const { folders, items, skippedItems } = session.tables;
  const ofDevice = eq(skippedItems.deviceId, page.deviceId);
  return session.db
    .select({
      itemId: skippedItems.itemId,
      folder: { id: folders.id, type: folders.type },
      reason: skippedItems.reason,
      at: skippedItems.at,
    })
    .from(skippedItems)
    .innerJoin(items, eq(items.id, skippedItems.itemId))
    .innerJoin(folders, eq(folders.id, items.folderId))
    .where(page.after === undefined ? ofDevice : and(ofDevice, gt(skippedItems.itemId, page.after)))
    .orderBy(asc(skippedItems.itemId))
    .limit(page.limit);
}
