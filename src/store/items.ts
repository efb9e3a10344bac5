// Items of a mailbox and the four ways they change. Each change takes the next number of the mailbox and leaves the
// folder's last number behind, so that a device finds what is new by one indexed look.

import { and, desc, eq, sql } from 'drizzle-orm';
import { nextSequence, nextSequences } from './mailboxes.js';
import type { Session, Transaction } from './session.js';
import type { ItemClass, ItemProperties } from './states.js';
import { prepared } from './statement.js';
import type { Folder, Item, Tombstone } from './tables.js';
import { run, type Steps } from './transaction.js';

export interface NewItem {
  userId: number;
  folderId: number;
  class: ItemClass;
  /** Address lists as the class writes them: MS-ASMS `"name" [MOBILE:number]`, or RFC 5322 for Email. */
  from: string;
  to: string;
  subject?: string | undefined;
  text: string;
  date: number;
  read?: boolean;
  importance?: number;
  properties?: ItemProperties;
  messageId?: string;
  offeredTo?: number;
  /** Set where the device that it is offered to has it already. */
  fetchedAt?: number;
  /** The device that made this change itself and is not told of it. */
  changedBy?: number;
}

const newItemColumns = {
  userId: sql.placeholder('userId'),
  folderId: sql.placeholder('folderId'),
  class: sql.placeholder('class'),
  sequence: sql.placeholder('sequence'),
  enteredSequence: sql.placeholder('sequence'),
  enteredBy: sql.placeholder('changedBy'),
  changedBy: sql.placeholder('changedBy'),
  offeredTo: sql.placeholder('offeredTo'),
  fetchedAt: sql.placeholder('fetchedAt'),
  messageId: sql.placeholder('messageId'),
  from: sql.placeholder('from'),
  to: sql.placeholder('to'),
  subject: sql.placeholder('subject'),
  text: sql.placeholder('text'),
  date: sql.placeholder('date'),
  read: sql.placeholder('read'),
  importance: sql.placeholder('importance'),
  properties: sql.placeholder('properties'),
};

const insertItem = prepared((db, { items }) =>
  db
    .insert(items)
    .values(newItemColumns)
    // The rest of the row is what was given: to read it back costs as much as the insert.
    .returning({ id: items.id }),
);

export function* addItem(tx: Transaction, item: NewItem): Steps<Item> {
  const sequence = yield* nextSequence(tx, item.userId);
  const row = rowOf(item, { userId: item.userId, folderId: item.folderId, sequence });
  const [inserted] = yield* run(insertItem(tx, row));
  yield* touchFolder(tx, row, { sequence, isNew: true });
  const { id } = inserted!;
  return Object.assign(row, { id, enteredSequence: sequence, enteredBy: row.changedBy });
}

interface Placed {
  userId: number;
  folderId: number;
  sequence: number;
}

function rowOf(item: Omit<NewItem, 'userId' | 'folderId'>, { userId, folderId, sequence }: Placed) {
  return {
    userId,
    folderId,
    class: item.class,
    sequence,
    messageId: item.messageId ?? null,
    offeredTo: item.offeredTo ?? null,
    fetchedAt: item.fetchedAt ?? null,
    changedBy: item.changedBy ?? null,
    from: item.from,
    to: item.to,
    subject: item.subject ?? null,
    text: item.text,
    date: item.date,
    read: item.read ?? false,
    importance: item.importance ?? 1,
    properties: item.properties ?? {},
  };
}

const insertItemUnseen = prepared((db, { items }) => db.insert(items).values(newItemColumns));

/** What several new items of one folder have in common. */
export interface NewItems {
  userId: number;
  folderId: number;
  items: readonly Omit<NewItem, 'userId' | 'folderId'>[];
}

/** New items of one folder, with one number after the other and one word to whoever watches. */
export function* addItems(tx: Transaction, { userId, folderId, items }: NewItems): Steps<void> {
  if (items.length === 0) return;
  let sequence = yield* nextSequences(tx, userId, items.length);
  for (const item of items) yield* run(insertItemUnseen(tx, rowOf(item, { userId, folderId, sequence: sequence++ })));
  yield* touchFolder(tx, { userId, folderId }, { sequence: sequence - 1, isNew: true });
}

export type ItemChange = Partial<
  Pick<Item, 'read' | 'importance' | 'subject' | 'text' | 'from' | 'to' | 'date' | 'properties'>
>;

export function* changeItem(tx: Transaction, item: Item, change: ItemChange, changedBy?: number): Steps<void> {
  const { items } = tx.tables;
  const sequence = yield* nextSequence(tx, item.userId);
  yield* run(
    tx.db
      .update(items)
      .set({ ...change, sequence, changedBy: changedBy ?? null })
      .where(eq(items.id, item.id)),
  );
  yield* touchFolder(tx, item, { sequence, isNew: false });
}

/** Leaves the item's folder and enters another of the same mailbox; devices see a Delete there and an Add here. */
export function* moveItem(tx: Transaction, item: Item, to: Move): Steps<void> {
  const { items } = tx.tables;
  yield* bury(tx, item, to.leftBy);
  const enteredSequence = yield* nextSequence(tx, item.userId);
  const [enteredBy, changedBy] = [to.enteredBy ?? null, to.changedBy ?? null];
  // What the device that moved it does not know is a change that comes after.
  const sequence = enteredBy === changedBy ? enteredSequence : yield* nextSequence(tx, item.userId);
  const place = { folderId: to.folderId, sequence, enteredSequence, enteredBy, changedBy };
  yield* run(
    tx.db
      .update(items)
      .set({ ...place, offeredTo: null, fetchedAt: null, ...to.change })
      .where(eq(items.id, item.id)),
  );
  const isNew = sequence === enteredSequence;
  yield* touchFolder(tx, { ...item, folderId: to.folderId }, { sequence, isNew });
}

export interface Move {
  folderId: number;
  /** The device that took it out of the old folder itself. */
  leftBy?: number | undefined;
  /** The device that put it into the new folder itself. */
  enteredBy?: number | undefined;
  /** The same device, where it knows the item as it is now. */
  changedBy?: number | undefined;
  change?: ItemChange;
}

export function* removeItem(tx: Transaction, item: Item, changedBy?: number): Steps<void> {
  yield* bury(tx, item, changedBy);
  yield* run(tx.db.delete(tx.tables.items).where(eq(tx.tables.items.id, item.id)));
}

function* bury(tx: Transaction, item: Item, changedBy: number | undefined): Steps<void> {
  const sequence = yield* nextSequence(tx, item.userId);
  yield* run(
    tx.db.insert(tx.tables.tombstones).values({
      folderId: item.folderId,
      sequence,
      itemId: item.id,
      class: item.class,
      enteredSequence: item.enteredSequence,
      enteredBy: item.enteredBy,
      changedBy: changedBy ?? null,
      offeredTo: item.offeredTo,
      date: item.date,
    }),
  );
  yield* touchFolder(tx, item, { sequence, isNew: false });
}

const raiseEntered = prepared((db, { folders }) =>
  db
    .update(folders)
    .set({ itemSequence: sql`${sql.placeholder('sequence')}` })
    .where(eq(folders.id, sql.placeholder('folderId'))),
);

const raiseChanged = prepared((db, { folders }) =>
  db
    .update(folders)
    .set({
      itemSequence: sql`${sql.placeholder('sequence')}`,
      changedSequence: sql`${sql.placeholder('sequence')}`,
    })
    .where(eq(folders.id, sql.placeholder('folderId'))),
);

interface Touch {
  sequence: number;
  /** Nothing but an item that nobody has. */
  isNew: boolean;
}

function* touchFolder(
  tx: Transaction,
  item: Pick<Item, 'folderId' | 'userId'>,
  { sequence, isNew }: Touch,
): Steps<void> {
  const raise = isNew ? raiseEntered : raiseChanged;
  yield* run(raise(tx, { folderId: item.folderId, sequence }));
  const folder = tx.recent.folder(item.folderId);
  if (folder) tx.recent.keepFolder(isNew ? withNumbers(folder, sequence) : withNumbers(folder, sequence, sequence));
  tx.announce({ topic: 'folder', userId: item.userId, folderId: item.folderId });
}

// Written out: to spread what is frozen costs more than to read the row again.
function withNumbers(folder: Folder, itemSequence: number, changedSequence = folder.changedSequence): Folder {
  const { id, userId, parentId, type, name, enteredSequence, sequence, deleted } = folder;
  return { id, userId, parentId, type, name, enteredSequence, sequence, deleted, itemSequence, changedSequence };
}

const itemInFolder = prepared((db, { items }) =>
  db
    .select()
    .from(items)
    .where(and(eq(items.id, sql.placeholder('id')), eq(items.folderId, sql.placeholder('folderId')))),
);

export function* getItem(tx: Session, folderId: number, id: number): Steps<Item | undefined> {
  return (yield* run(itemInFolder(tx, { id, folderId })))[0];
}

export function* getTombstone(tx: Session, folderId: number, itemId: number): Steps<Tombstone | undefined> {
  return (yield* getTombstones(tx, folderId, itemId))[0];
}

const tombstonesOfItem = prepared((db, { tombstones }) =>
  db
    .select()
    .from(tombstones)
    .where(and(eq(tombstones.itemId, sql.placeholder('itemId')), eq(tombstones.folderId, sql.placeholder('folderId'))))
    .orderBy(desc(tombstones.sequence)),
);

/** One for each time that the item left the folder, the last one first. */
export function* getTombstones(tx: Session, folderId: number, itemId: number): Steps<Tombstone[]> {
  return yield* run(tombstonesOfItem(tx, { itemId, folderId }));
}
