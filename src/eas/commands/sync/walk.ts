// One class of a folder on its way to a device: where the device stands, and which items it may see and has.

import { getItem, getTombstones } from '../../../store/items.js';
import type { Session } from '../../../store/session.js';
import type { Item, Tombstone } from '../../../store/tables.js';
import type { ItemClass, Mark, Marks } from '../../../store/states.js';
import type { Steps } from '../../../store/transaction.js';
import type { Basket, ServerChange } from './basket.js';

export interface View {
  deviceId: number;
  folderId: number;
  /** The last change in the folder: how far a class is read when nothing of it is left. */
  itemSequence: number;
  /** The last one that was no new item. */
  changedSequence: number;
  /** Turned to what the device is shown. */
  marks: Marks;
  /** Nobody asks whether there is more than the limit. */
  isCounting?: boolean;
  /** How far back the device wants to look, by the class it is shown. */
  cutoffOf: (as: ItemClass) => number;
}

/** One class of a folder on its way to the device; the mark moves with what the basket takes. */
export interface Walk {
  view: View;
  itemClass: ItemClass;
  basket: Basket;
  mark: Mark;
  /** Of items that the device lets go of: what it put there later it has under another name. */
  upTo?: number;
}

export interface Candidate {
  at: number;
  change: ServerChange;
  isForDevice: boolean;
}

export interface Page {
  candidates: Candidate[];
  isLast: boolean;
}

export function* collectPages(walk: Walk, name: 'entered' | 'changed', read: () => Steps<Page>): Steps<void> {
  const { mark, basket, view } = walk;
  for (;;) {
    const { candidates, isLast } = yield* read();
    for (const { at, change, isForDevice } of candidates) {
      if (isForDevice && !basket.take(change)) return;
      mark[name] = at;
    }
    if (!isLast) continue;
    mark[name] = Math.max(mark[name], view.itemSequence);
    return;
  }
}

/** Not offered to another device, and not a text that this device already has: that one is never given again. */
export function isVisible(item: Item, walk: Walk): boolean {
  return isOffered(item, walk) && item.fetchedAt === null;
}

/** A text that lies in Outbox for a phone is for that phone alone, and as a text: as mail it could not be sent. */
export function isOffered({ offeredTo }: Item | Tombstone, { view, itemClass, mark }: Walk): boolean {
  return offeredTo === null || (offeredTo === view.deviceId && mark.as === itemClass);
}

/** It was given to the device, or put there by it, and was not taken back by the filter. */
export function isOnDevice(row: Item | Tombstone, walk: Walk): boolean {
  return isOwnEntry(row, walk) || (row.enteredSequence <= walk.mark.entered && isRecent(row, walk.mark));
}

export function isOwnEntry({ enteredBy, enteredSequence }: Item | Tombstone, { view, mark, upTo }: Walk): boolean {
  const isOfThisView = enteredSequence > mark.started && (upTo === undefined || enteredSequence <= upTo);
  return isOfThisView && enteredBy === view.deviceId;
}

/** The device had it, and neither removed it itself nor put it back since. */
export function* isToBeTold(tx: Session, tombstone: Tombstone, walk: Walk): Steps<boolean> {
  const isHeld = isOffered(tombstone, walk) && isOnDevice(tombstone, walk) && !isOwnChange(tombstone, walk);
  return isHeld && !(yield* isBack(tx, tombstone, walk));
}

// Then it has it, or is told of the end of that stay.
function* isBack(tx: Session, tombstone: Tombstone, walk: Walk): Steps<boolean> {
  const { folderId, itemId, sequence } = tombstone;
  const isLater = (stay: Item | Tombstone) => isOwnEntry(stay, walk) && stay.enteredSequence > sequence;
  const item = yield* getItem(tx, folderId, itemId);
  if (item && isLater(item)) return true;
  return (yield* getTombstones(tx, folderId, itemId)).some(isLater);
}

export function isOwnChange({ changedBy, sequence }: Item | Tombstone, { view, mark }: Walk): boolean {
  return changedBy === view.deviceId && sequence > mark.started;
}

export function isRecent(row: Item | Tombstone, { since, sinceId }: Mark): boolean {
  if (row.date === null || row.date > since) return true;
  return row.date === since && ('itemId' in row ? row.itemId : row.id) >= sinceId;
}
