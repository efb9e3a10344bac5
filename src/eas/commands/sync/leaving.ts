// Items that a device is told to let go of, because it asks for them under another class from now on, or not at all.
// MS-ASMS 3.1.4.1.1; MS-ASCMD 2.2.3.176 SoftDelete

import { getEnteredItems, getTombstonesAfter } from '../../../store/item-pages.js';
import type { Session } from '../../../store/session.js';
import type { Leaving } from '../../../store/states.js';
import type { Tombstone } from '../../../store/tables.js';
import type { Steps } from '../../../store/transaction.js';
import { collectPages, isOffered, isOnDevice, isToBeTold, type Page, type Walk } from './walk.js';

/** Gives back how far the items were taken back. What was removed meanwhile is told first. */
export function* letGo(tx: Session, walk: Walk, leaving: Leaving): Steps<number> {
  yield* collectPages(walk, 'changed', () => readRemoved(tx, walk, leaving));
  let { position } = leaving;
  while (!walk.basket.isOverfull && position < leaving.upTo) {
    const limit = walk.basket.pageSize;
    const page = { folderId: walk.view.folderId, class: walk.itemClass, after: position, limit };
    const items = yield* getEnteredItems(tx, page);
    for (const item of items) {
      if (item.enteredSequence > leaving.upTo) return leaving.upTo;
      const isHeld = isOffered(item, walk) && isOnDevice(item, walk);
      if (isHeld && !walk.basket.take({ kind: 'SoftDelete', item, as: walk.mark.as })) return position;
      position = item.enteredSequence;
    }
    if (items.length < limit) return leaving.upTo;
  }
  return position;
}

function* readRemoved(tx: Session, walk: Walk, leaving: Leaving): Steps<Page> {
  const { view, itemClass, basket, mark } = walk;
  const limit = basket.pageSize;
  const tombstones = yield* getTombstonesAfter(tx, {
    folderId: view.folderId,
    class: itemClass,
    after: mark.changed,
    limit,
  });
  const told = new Set<Tombstone>();
  for (const tombstone of tombstones)
    if (isStillHeld(tombstone, leaving) && (yield* isToBeTold(tx, tombstone, walk))) told.add(tombstone);
  const candidates = tombstones.map((tombstone) => ({
    at: tombstone.sequence,
    change: { kind: 'Delete', tombstone, as: mark.as } as const,
    isForDevice: told.has(tombstone),
  }));
  return { candidates, isLast: tombstones.length < limit };
}

function isStillHeld({ enteredSequence }: Tombstone, { position, upTo }: Leaving): boolean {
  return enteredSequence > position && enteredSequence <= upTo;
}
