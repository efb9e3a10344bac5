// Items of a folder in the orders in which they are read: as they entered, changed or left it, by date, or for people.

import { and, asc, desc, eq, gt, gte, lt, lte, or, sql } from 'drizzle-orm';
import type { PageAfter } from './recent.js';
import type { Session } from './session.js';
import type { ItemClass } from './states.js';
import { prepared } from './statement.js';
import type { Item, Tables, Tombstone } from './tables.js';
import { run, type Steps } from './transaction.js';

export type { PageAfter };

function hasEntered(items: Tables['items']) {
  return and(
    eq(items.folderId, sql.placeholder('folderId')),
    eq(items.class, sql.placeholder('class')),
    gt(items.enteredSequence, sql.placeholder('after')),
  );
}

// Not what the caller knows already: each column of each row costs.
const enteredItems = prepared((db, { items }) =>
  db
    .select({
      id: items.id,
      userId: items.userId,
      sequence: items.sequence,
      enteredSequence: items.enteredSequence,
      enteredBy: items.enteredBy,
      changedBy: items.changedBy,
      offeredTo: items.offeredTo,
      fetchedAt: items.fetchedAt,
      messageId: items.messageId,
      from: items.from,
      to: items.to,
      subject: items.subject,
      text: items.text,
      date: items.date,
      read: items.read,
      importance: items.importance,
      properties: items.properties,
    })
    .from(items)
    .where(hasEntered(items))
    .orderBy(asc(items.enteredSequence))
    .limit(sql.placeholder('limit')),
);

// The same rows, by what tells whether one that was kept is still true.
const enteredHeads = prepared((db, { items }) =>
  db
    .select({ id: items.id, sequence: items.sequence })
    .from(items)
    .where(hasEntered(items))
    .orderBy(asc(items.enteredSequence))
    .limit(sql.placeholder('limit')),
);

/** Items of one class that entered the folder after a sequence, oldest first. */
export function* getEnteredItems(tx: Session, page: PageAfter): Steps<readonly Item[]> {
  const known = tx.recent.enteredPage(page);
  if (known) return known;
  const { folderId, class: itemClass, after, limit } = page;
  const heads = yield* run(enteredHeads(tx, { folderId, class: itemClass, after, limit }));
  const kept = heads.flatMap(({ id, sequence }) => tx.recent.item(id, sequence) ?? []);
  const items = kept.length === heads.length ? kept : yield* readEntered(tx, page);
  tx.recent.keepEnteredPage(page, items);
  return items;
}

function* readEntered(tx: Session, page: PageAfter): Steps<Item[]> {
  const known = { folderId: page.folderId, class: page.class };
  const rows = (yield* run(enteredItems(tx, { ...page }))).map((row) => Object.assign(row, known));
  for (const row of rows) tx.recent.keepItem(row);
  return rows;
}

const changedItems = prepared((db, { items }) =>
  db
    .select()
    .from(items)
    .where(
      and(
        eq(items.folderId, sql.placeholder('folderId')),
        eq(items.class, sql.placeholder('class')),
        gt(items.sequence, sql.placeholder('after')),
        // As the index has it.
        sql`sequence > entered_sequence`,
        or(
          lte(items.enteredSequence, sql.placeholder('enteredUpTo')),
          eq(items.enteredBy, sql.placeholder('enteredBy')),
        ),
      ),
    )
    .orderBy(asc(items.sequence))
    .limit(sql.placeholder('limit')),
);

/** Items that changed after a sequence, of those a device was given or put there itself; oldest change first. */
export function* getChangedItems(
  tx: Session,
  page: PageAfter & { enteredUpTo: number; enteredBy: number },
): Steps<Item[]> {
  return yield* run(changedItems(tx, { ...page }));
}

const buriedItems = prepared((db, { tombstones }) =>
  db
    .select()
    .from(tombstones)
    .where(
      and(
        eq(tombstones.folderId, sql.placeholder('folderId')),
        eq(tombstones.class, sql.placeholder('class')),
        gt(tombstones.sequence, sql.placeholder('after')),
      ),
    )
    .orderBy(asc(tombstones.sequence))
    .limit(sql.placeholder('limit')),
);

/** Items of one class that left the folder after a sequence, oldest first. */
export function* getTombstonesAfter(tx: Session, page: PageAfter): Steps<Tombstone[]> {
  return yield* run(buriedItems(tx, { ...page }));
}

/** A place among the items of a folder in the order of their dates. */
export interface DatePlace {
  date: number;
  id: number;
}

export interface DatedPage {
  folderId: number;
  class: ItemClass;
  /** The first place within. */
  from: DatePlace;
  /** The first place that is no longer within. */
  to: DatePlace;
  limit: number;
}

/** Items of one class within a span of dates, the oldest first. */
export function* getOldestItems(tx: Session, page: DatedPage): Steps<Item[]> {
  const { items } = tx.tables;
  const query = tx.db.select().from(items).where(isWithin(tx, page));
  return yield* run(query.orderBy(asc(items.date), asc(items.id)).limit(page.limit));
}

/** Items of one class within a span of dates, the newest first. */
export function* getNewestItems(tx: Session, page: DatedPage): Steps<Item[]> {
  const { items } = tx.tables;
  const query = tx.db.select().from(items).where(isWithin(tx, page));
  return yield* run(query.orderBy(desc(items.date), desc(items.id)).limit(page.limit));
}

function isWithin({ tables: { items } }: Session, { folderId, class: itemClass, from, to }: DatedPage) {
  return and(
    eq(items.folderId, folderId),
    eq(items.class, itemClass),
    gte(items.date, from.date),
    lte(items.date, to.date),
    or(gt(items.date, from.date), gte(items.id, from.id)),
    or(lt(items.date, to.date), lt(items.id, to.id)),
  );
}

/** A page of a folder, newest first, for people: `before` is the id the last page ended with. */
export async function listItems(
  session: Session,
  page: { folderId: number; limit: number; before?: number | undefined },
): Promise<Item[]> {
  const { items } = session.tables;
  const here = eq(items.folderId, page.folderId);
  return session.db
    .select()
    .from(items)
    .where(page.before === undefined ? here : and(here, lt(items.id, page.before)))
    .orderBy(desc(items.id))
    .limit(page.limit);
}
