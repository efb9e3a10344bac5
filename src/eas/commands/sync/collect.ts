// What a device has not seen yet of a folder. No list of items per device is kept: two marks in the mailbox's sequence
// say it all, per class. Everything that entered the folder up to the first mark was given to the device; every change
// and removal of those up to the second one too. Changes come before new items, so that an item is given as it is now
// and never told twice.

import { getChangedItems, getEnteredItems, getTombstonesAfter } from '../../../store/items.js';
import type { Session } from '../../../store/session.js';
import type { ItemClass, Mark, Marks } from '../../../store/states.js';
import type { Item, Tombstone } from '../../../store/tables.js';
import type { Steps } from '../../../store/transaction.js';
import { limits } from '../../limits.js';

export type ServerChange = { kind: 'Add' | 'Change'; item: Item } | { kind: 'Delete'; tombstone: Tombstone };

export interface View {
  deviceId: number;
  folderId: number;
  /** The last change in the folder: how far a class is read when nothing of it is left. */
  itemSequence: number;
  marks: Marks;
  classes: readonly ItemClass[];
}

export interface Collected {
  changes: ServerChange[];
  marks: Marks;
  isComplete: boolean;
}

/** Of a device that has nothing of a class. */
export function freshMark(as: ItemClass, started: number): Mark {
  return { as, entered: 0, changed: 0, started, since: 0, sinceId: 0 };
}

/** Whether this item changed, not by this device, after what the device has read. */
export function isUnseenChange(item: Item, view: Pick<View, 'deviceId' | 'marks'>): boolean {
  return item.changedBy !== view.deviceId && item.sequence > (view.marks[item.class]?.changed ?? 0);
}

/** At most `limit` changes; the marks are where the device will be once it has them. */
export function* collectChanges(tx: Session, view: View, limit: number): Steps<Collected> {
  const basket = new Basket(limit);
  const marks = { ...view.marks };
  for (const itemClass of view.classes) {
    const walk: Walk = { ...(marks[itemClass] ?? freshMark(itemClass, 0)), view, itemClass, basket };
    yield* collectClass(tx, walk);
    const { as, entered, changed, started, since, sinceId } = walk;
    marks[itemClass] = { as, entered, changed, started, since, sinceId };
    if (basket.isOverfull) break;
  }
  return { changes: basket.changes, marks, isComplete: !basket.isOverfull };
}

/** Takes what fits into one answer; a first change is taken however long it is. */
class Basket {
  readonly changes: ServerChange[] = [];
  isOverfull = false;
  readonly #limit: number;
  #characters = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many rows to read so that one is left over where more remains. */
  get pageSize(): number {
    return this.#limit - this.changes.length + 1;
  }

  isFullFor(change: ServerChange): boolean {
    this.#characters += change.kind === 'Delete' ? 0 : change.item.text.length;
    const isTooLong = this.#characters > limits.answerCharacters && this.changes.length > 0;
    this.isOverfull = isTooLong || this.changes.length >= this.#limit;
    return this.isOverfull;
  }
}

interface Walk extends Mark {
  view: View;
  itemClass: ItemClass;
  basket: Basket;
}

function* collectClass(tx: Session, walk: Walk): Steps<void> {
  yield* collectPages(walk, 'changed', () => readChanged(tx, walk));
  if (!walk.basket.isOverfull) yield* collectPages(walk, 'entered', () => readEntered(tx, walk));
}

interface Candidate {
  at: number;
  change: ServerChange;
  isForDevice: boolean;
}

interface Page {
  candidates: Candidate[];
  isLast: boolean;
}

function* collectPages(walk: Walk, mark: 'entered' | 'changed', read: () => Steps<Page>): Steps<void> {
  for (;;) {
    const { candidates, isLast } = yield* read();
    for (const { at, change, isForDevice } of candidates) {
      if (isForDevice) {
        if (walk.basket.isFullFor(change)) return;
        walk.basket.changes.push(change);
      }
      walk[mark] = at;
    }
    if (!isLast) continue;
    walk[mark] = Math.max(walk[mark], walk.view.itemSequence);
    return;
  }
}

function* readEntered(tx: Session, walk: Walk): Steps<Page> {
  const { view, itemClass, basket, entered } = walk;
  const limit = basket.pageSize;
  const page = { folderId: view.folderId, class: itemClass, after: entered, limit };
  const items = yield* getEnteredItems(tx, page);
  const candidates = items.map((item) => ({
    at: item.enteredSequence,
    change: { kind: 'Add', item } as const,
    isForDevice: isVisible(item, view) && !isOwnEntry(item, walk),
  }));
  return { candidates, isLast: items.length < limit };
}

function* readChanged(tx: Session, walk: Walk): Steps<Page> {
  const { view, itemClass, basket, entered, changed } = walk;
  const limit = basket.pageSize;
  const page = { folderId: view.folderId, class: itemClass, after: changed, limit };
  const items = yield* getChangedItems(tx, { ...page, enteredUpTo: entered, enteredBy: view.deviceId });
  const tombstones = yield* getTombstonesAfter(tx, page);
  const isKnown = (row: Item | Tombstone) => row.enteredSequence <= entered || isOwnEntry(row, walk);
  const candidates: Candidate[] = [
    ...items.map((item) => ({
      at: item.sequence,
      change: { kind: 'Change', item } as const,
      isForDevice: isVisible(item, view) && isKnown(item) && !isOwnChange(item, walk),
    })),
    ...tombstones.map((tombstone) => ({
      at: tombstone.sequence,
      change: { kind: 'Delete', tombstone } as const,
      isForDevice: isOffered(tombstone, view) && isKnown(tombstone) && !isOwnChange(tombstone, walk),
    })),
  ].sort((a, b) => a.at - b.at);
  // A full list says nothing of what lies behind its last row, so the other list counts only up to there.
  const end = Math.min(endOf(items, limit), endOf(tombstones, limit));
  return { candidates: candidates.filter(({ at }) => at <= end), isLast: end === Infinity };
}

function endOf(rows: readonly { sequence: number }[], limit: number): number {
  return rows.length < limit ? Infinity : rows[rows.length - 1]!.sequence;
}

/** Not offered to another device, and not a text that this device already has: that one is never given again. */
function isVisible(item: Item, view: View): boolean {
  return isOffered(item, view) && item.fetchedAt === null;
}

function isOffered({ offeredTo }: Item | Tombstone, { deviceId }: View): boolean {
  return offeredTo === null || offeredTo === deviceId;
}

function isOwnEntry({ enteredBy, enteredSequence }: Item | Tombstone, { view, started }: Walk): boolean {
  return enteredBy === view.deviceId && enteredSequence > started;
}

function isOwnChange({ changedBy, sequence }: Item | Tombstone, { view, started }: Walk): boolean {
  return changedBy === view.deviceId && sequence > started;
}
