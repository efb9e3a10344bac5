// What a device has not seen yet of a folder. No list of items per device is kept: marks in the mailbox's sequence say it
// all, per class. Everything that entered the folder up to the first mark was given to the device; every change and
// removal of those up to the second one too; and nothing older than the device wants. Changes come before new items, so
// that an item is given as it is now and never told twice.

import { getChangedItems, getEnteredItems, getTombstonesAfter } from '../../../store/item-pages.js';
import type { Session } from '../../../store/session.js';
import { itemClasses, type Marks } from '../../../store/states.js';
import type { Item, Tombstone } from '../../../store/tables.js';
import type { Steps } from '../../../store/transaction.js';
import { Basket, type ServerChange } from './basket.js';
import { dropOlder, giveOlder } from './ageing.js';
import { letGo } from './leaving.js';
import {
  type Candidate,
  collectPages,
  isOnDevice,
  isOwnChange,
  isOwnEntry,
  isRecent,
  isToBeTold,
  isVisible,
  type Page,
  type View,
  type Walk,
} from './walk.js';

export interface Collected {
  changes: ServerChange[];
  marks: Marks;
  isComplete: boolean;
}

/** Whether this item changed, not by this device, after what the device has read. */
export function isUnseenChange(item: Item, view: Pick<View, 'deviceId' | 'marks'>): boolean {
  return item.changedBy !== view.deviceId && item.sequence > (view.marks[item.class]?.changed ?? 0);
}

/** At most `limit` changes; the marks are where the device will be once it has them. */
export function* collectChanges(tx: Session, view: View, limit: number): Steps<Collected> {
  const basket = new Basket(limit);
  const marks: Marks = { ...view.marks };
  yield* letGoOfAll(tx, { view, marks, basket });
  for (const itemClass of itemClasses) {
    const mark = marks[itemClass];
    if (!mark || isDone(view, basket)) continue;
    const walk: Walk = { view, itemClass, basket, mark: { ...mark } };
    yield* collectClass(tx, walk);
    marks[itemClass] = walk.mark;
  }
  return { changes: basket.changes, marks, isComplete: !basket.isOverfull };
}

interface Letting {
  view: View;
  marks: Marks;
  basket: Basket;
}

function* letGoOfAll(tx: Session, { view, marks, basket }: Letting): Steps<void> {
  while (marks.leaving && !basket.isOverfull) {
    const [first, ...others] = marks.leaving;
    const walk: Walk = { view, itemClass: first!.class, basket, mark: { ...first!.mark }, upTo: first!.upTo };
    const position = yield* letGo(tx, walk, first!);
    const left = basket.isOverfull ? [{ ...first!, mark: walk.mark, position }, ...others] : others;
    if (left.length > 0) marks.leaving = left;
    else delete marks.leaving;
  }
}

function* collectClass(tx: Session, walk: Walk): Steps<void> {
  const { basket, view } = walk;
  // Removals come first: what is gone can no longer be found among the items that grow too old.
  if (isRead(walk, 'changed')) walk.mark.changed = Math.max(walk.mark.changed, view.itemSequence);
  else yield* collectPages(walk, 'changed', () => readChanged(tx, walk));
  if (!isDone(view, basket)) yield* dropOlder(tx, walk);
  if (!isDone(view, basket) && !isRead(walk, 'entered'))
    yield* collectPages(walk, 'entered', () => readEntered(tx, walk));
  if (!isDone(view, basket)) yield* giveOlder(tx, walk);
}

function isDone({ isCounting }: View, basket: Basket): boolean {
  return basket.isOverfull || (isCounting === true && basket.isFull);
}

// Nothing in the folder is newer.
function isRead({ mark, view }: Walk, name: 'entered' | 'changed'): boolean {
  return mark[name] >= (name === 'changed' ? view.changedSequence : view.itemSequence);
}

function* readEntered(tx: Session, walk: Walk): Steps<Page> {
  const { view, itemClass, basket, mark } = walk;
  const limit = basket.pageSize;
  const items = yield* getEnteredItems(tx, { folderId: view.folderId, class: itemClass, after: mark.entered, limit });
  const candidates = items.map((item) => ({
    at: item.enteredSequence,
    change: { kind: 'Add', item, as: mark.as } as const,
    isForDevice: isVisible(item, walk) && !isOwnEntry(item, walk) && isRecent(item, mark),
  }));
  return { candidates, isLast: items.length < limit };
}

function* readChanged(tx: Session, walk: Walk): Steps<Page> {
  const { view, itemClass, basket, mark } = walk;
  const limit = basket.pageSize;
  const page = { folderId: view.folderId, class: itemClass, after: mark.changed, limit };
  const items = yield* getChangedItems(tx, { ...page, enteredUpTo: mark.entered, enteredBy: view.deviceId });
  const tombstones = yield* getTombstonesAfter(tx, page);
  const told = new Set<Tombstone>();
  for (const tombstone of tombstones) if (yield* isToBeTold(tx, tombstone, walk)) told.add(tombstone);
  const candidates: Candidate[] = [
    ...items.map((item) => ({
      at: item.sequence,
      change: { kind: 'Change', item, as: mark.as } as const,
      isForDevice: isVisible(item, walk) && isOnDevice(item, walk) && !isOwnChange(item, walk),
    })),
    ...tombstones.map((tombstone) => ({
      at: tombstone.sequence,
      change: { kind: 'Delete', tombstone, as: mark.as } as const,
      isForDevice: told.has(tombstone),
    })),
  ].sort((a, b) => a.at - b.at);
  // A full list says nothing of what lies behind its last row, so the other list counts only up to there.
  const end = Math.min(endOf(items, limit), endOf(tombstones, limit));
  return { candidates: candidates.filter(({ at }) => at <= end), isLast: end === Infinity };
}

function endOf(rows: readonly { sequence: number }[], limit: number): number {
  return rows.length < limit ? Infinity : rows[rows.length - 1]!.sequence;
}
