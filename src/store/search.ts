// Looking for items by what they say and for users by their names. Case does not matter, in any script: the database
// narrows down by the ASCII part of a word, the program decides.

import { setImmediate } from 'node:timers/promises';
import { and, asc, desc, eq, exists, gt, inArray, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { limits } from './limits.js';
import type { Store } from './open.js';
import type { Session } from './session.js';
import type { ItemClass } from './states.js';
import type { Item, User } from './tables.js';
import { run, type Steps } from './transaction.js';

export const searchFields = ['subject', 'text', 'from', 'to', 'cc'] as const;
export type SearchField = (typeof searchFields)[number];

/** A word or a phrase that an item contains, or must not contain; in any field where none is named. */
export interface SearchTerm {
  text: string;
  field?: SearchField;
  isExcluded?: boolean;
}

export interface ItemSearch {
  folderIds: readonly number[];
  classes: readonly ItemClass[];
  /** All of them have to be met; none finds everything. */
  terms: readonly SearchTerm[];
  /** Dated after this instant, and before that one. */
  after?: number | undefined;
  before?: number | undefined;
  /** What else an item has to be. */
  matches?: (item: Item) => boolean;
}

export interface ResultPage {
  offset: number;
  limit: number;
}

/** A page of what was found, and how much there was in all. */
export interface Found<T> {
  rows: T[];
  total: number;
}

/** Items newest first, of the newest `limits.itemsSearched`. What is offered to a phone is never found. */
export async function searchItems(store: Store, search: ItemSearch, page: ResultPage): Promise<Found<Item>> {
  const ids = await findItemIds(store, search);
  const wanted = ids.slice(page.offset, page.offset + page.limit);
  return { rows: await store.read((session) => readItems(session, wanted)), total: ids.length };
}

/** The ids of all items found, newest first. */
export async function findItemIds(store: Store, search: ItemSearch): Promise<number[]> {
  if (search.folderIds.length === 0 || search.classes.length === 0) return [];
  const candidates = await store.read((session) => listCandidates(session, search));
  const terms = search.terms.map((term) => ({ ...term, text: folded(term.text) }));
  const found: number[] = [];
  for (let start = 0; start < candidates.length; start += limits.itemsSearchedAtOnce) {
    const some = candidates.slice(start, start + limits.itemsSearchedAtOnce);
    const items = await store.read((session) => readItems(session, some, narrowed(session, terms)));
    for (const item of items) if (meetsAll(item, terms) && (search.matches?.(item) ?? true)) found.push(item.id);
    // Others have their turn between two looks.
    await setImmediate();
  }
  return found;
}

// Answered from the index alone, so that the order costs no look at the texts.
function* listCandidates(session: Session, { folderIds, classes, after, before }: ItemSearch): Steps<number[]> {
  const { items } = session.tables;
  const where = and(
    inArray(items.folderId, [...folderIds]),
    inArray(items.class, [...classes]),
    after === undefined ? undefined : gt(items.date, after),
    before === undefined ? undefined : lt(items.date, before),
  );
  const rows = yield* run(
    session.db
      .select({ id: items.id })
      .from(items)
      .where(where)
      .orderBy(desc(items.date), desc(items.id))
      .limit(limits.itemsSearched),
  );
  return rows.map(({ id }) => id);
}

function* readItems(session: Session, ids: readonly number[], where?: SQL): Steps<Item[]> {
  const { items } = session.tables;
  if (ids.length === 0) return [];
  return yield* run(
    session.db
      .select()
      .from(items)
      .where(and(inArray(items.id, [...ids]), isNull(items.offeredTo), where))
      .orderBy(desc(items.date), desc(items.id)),
  );
}

function narrowed({ tables: { items } }: Session, terms: readonly SearchTerm[]): SQL | undefined {
  // The text of JSON is that of its values, but for quotes and backslashes.
  const cc = sql`cast(${items.properties} as text)`;
  const columns = { subject: items.subject, text: items.text, from: items.from, to: items.to, cc };
  const wanted = terms.filter(({ isExcluded }) => !isExcluded);
  return and(
    ...wanted.map(({ field, text }) =>
      field ? contains(columns[field], text) : or(...searchFields.map((each) => contains(columns[each], text))),
    ),
  );
}

function meetsAll(item: Item, terms: readonly SearchTerm[]): boolean {
  const read = new Map<SearchField, string>();
  const says = (field: SearchField, text: string) => {
    const value = read.get(field) ?? folded(fieldOf(item, field));
    read.set(field, value);
    return value.includes(text);
  };
  return terms.every(({ text, field, isExcluded = false }) => {
    const isThere = field ? says(field, text) : searchFields.some((each) => says(each, text));
    return isThere !== isExcluded;
  });
}

function fieldOf(item: Item, field: SearchField): string {
  return (field === 'cc' ? item.properties.cc : item[field]) ?? '';
}

export interface UserSearch {
  domain: string;
  /** Words, each the beginning of a word of the name, of an address or alias, or of the phone number. */
  text: string;
}

/** Users of one domain in the order of their addresses, at most `limits.usersSearched`; none where there are no words. */
export async function searchUsers(session: Session, search: UserSearch, page: ResultPage): Promise<Found<User>> {
  const { users } = session.tables;
  const words = wordsOf(search.text);
  if (words.length === 0) return { rows: [], total: 0 };
  const rows = await session.db
    .select()
    .from(users)
    .where(and(eq(users.domain, search.domain), ...words.map((word) => mayBeNamed(session, word))))
    .orderBy(asc(users.address))
    .limit(limits.usersSearched);
  const found = rows.filter((user) => isNamed(user, words));
  return { rows: found.slice(page.offset, page.offset + page.limit), total: found.length };
}

function mayBeNamed(session: Session, word: string): SQL | undefined {
  const { addresses, users } = session.tables;
  const isInAddress = contains(addresses.address, word);
  if (!isInAddress) return undefined;
  const ofUser = session.db
    .select({ address: addresses.address })
    .from(addresses)
    .where(and(eq(addresses.userId, users.id), isInAddress));
  return or(contains(users.displayName, word), contains(users.phoneNumber, word), exists(ofUser));
}

function isNamed({ displayName, address, aliases, phoneNumber }: User, words: readonly string[]): boolean {
  const names = [...wordsOf(displayName ?? ''), address, ...aliases, ...(phoneNumber ? [phoneNumber] : [])].map(folded);
  return words.every((word) => names.some((name) => name.startsWith(word) || name.startsWith(`+${word}`)));
}

// A number is one word however it is grouped.
function wordsOf(text: string): string[] {
  const number = /^\s*\+?[\d\s().-]*\d[\d\s().-]*$/.test(text) ? text.replaceAll(/[\s().-]/g, '') : undefined;
  return number === undefined
    ? folded(text)
        .split(/[\s,;"()]+/)
        .filter(Boolean)
    : [number];
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

// ASCII without quotes and backslashes.
const plainRun = /[\x20\x21\x23-\x5b\x5d-\x7e]+/g;

// True for more rows than hold the text, never for less: neither database folds case beyond ASCII as the program does.
function contains(column: SQLiteColumn | SQL, text: string): SQL | undefined {
  const runs = text.match(plainRun) ?? [];
  const longest = runs.reduce((best, each) => (each.length > best.length ? each : best), '');
  if (longest === '') return undefined;
  return sql`lower(${column}) like ${`%${longest.replaceAll(/[%_]/g, '\\$&')}%`} escape '\\'`;
}

/** An item of this mailbox, whichever folder it lies in. */
export function* getItemOfUser(session: Session, userId: number, id: number): Steps<Item | undefined> {
  const { items } = session.tables;
  const own = and(eq(items.id, id), eq(items.userId, userId));
  return (yield* run(session.db.select().from(items).where(own)))[0];
}
