// Items that fall out of the time a device looks back on, and those that come into it because the device looks further.

import { getNewestItems, getOldestItems } from '../../../store/item-pages.js';
import type { Session } from '../../../store/session.js';
import type { Item } from '../../../store/tables.js';
import type { Steps } from '../../../store/transaction.js';
import { isOnDevice, isOwnEntry, isVisible, type Walk } from './walk.js';

/** The device looks less far back than it has items: SoftDelete, the oldest first. MS-ASCMD 2.2.3.176 SoftDelete */
export function* dropOlder(tx: Session, walk: Walk): Steps<void> {
  const { mark, view } = walk;
  const cutoff = view.cutoffOf(mark.as);
  // A device that begins has nothing to drop.
  if (mark.entered === 0 && mark.since < cutoff) moveTo(walk, cutoff, 0);
  while (mark.since < cutoff) {
    const limit = walk.basket.pageSize;
    const span = { from: { date: mark.since, id: mark.sinceId }, to: { date: cutoff, id: 0 } };
    const items = yield* getOldestItems(tx, { folderId: view.folderId, class: walk.itemClass, ...span, limit });
    if (!takeAll(walk, items, dropOne)) return;
    if (items.length < limit) moveTo(walk, cutoff, 0);
  }
}

/** The device looks further back than it has items: Add, the newest first. */
export function* giveOlder(tx: Session, walk: Walk): Steps<void> {
  const { mark, view } = walk;
  const cutoff = view.cutoffOf(mark.as);
  // Items of one instant are told apart by their ids.
  while (mark.since > cutoff || (mark.since === cutoff && mark.sinceId > 0)) {
    const limit = walk.basket.pageSize;
    const span = { from: { date: cutoff, id: 0 }, to: { date: mark.since, id: mark.sinceId } };
    const items = yield* getNewestItems(tx, { folderId: view.folderId, class: walk.itemClass, ...span, limit });
    if (!takeAll(walk, items, giveOne)) return;
    if (items.length < limit) moveTo(walk, cutoff, 0);
  }
}

/** False where the basket is full: the item that did not fit is where the next answer begins. */
function takeAll(walk: Walk, items: readonly Item[], take: (walk: Walk, item: Item) => boolean): boolean {
  return items.every((item) => take(walk, item));
}

function dropOne(walk: Walk, item: Item): boolean {
  const { as } = walk.mark;
  // What a device put there itself it may keep: it is older than the filter by the device's own will.
  const isHeld = isVisible(item, walk) && isOnDevice(item, walk) && !isOwnEntry(item, walk);
  if (isHeld && !walk.basket.take({ kind: 'SoftDelete', item, as })) return false;
  moveTo(walk, item.date, item.id + 1);
  return true;
}

function giveOne(walk: Walk, item: Item): boolean {
  const { as } = walk.mark;
  const isNew = isVisible(item, walk) && !isOwnEntry(item, walk);
  if (isNew && !walk.basket.take({ kind: 'Add', item, as })) return false;
  moveTo(walk, item.date, item.id);
  return true;
}

function moveTo({ mark }: Walk, since: number, sinceId: number): void {
  mark.since = since;
  mark.sinceId = sinceId;
}
