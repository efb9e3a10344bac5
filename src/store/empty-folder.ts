// Emptying a folder, some items at a time: one transaction over thousands would keep everybody waiting.

import { and, asc, eq, isNull } from 'drizzle-orm';
import { removeItem } from './items.js';
import type { Transaction } from './session.js';
import { run, type Steps } from './transaction.js';

/** Removes the oldest items of a folder and tells every device; returns how many. A text on its way stays. */
export function* removeSomeItems(tx: Transaction, folderId: number, limit: number): Steps<number> {
  const { items } = tx.tables;
  const here = and(eq(items.folderId, folderId), isNull(items.offeredTo));
  const some = yield* run(tx.db.select().from(items).where(here).orderBy(asc(items.id)).limit(limit));
  for (const item of some) yield* removeItem(tx, item);
  return some.length;
}
