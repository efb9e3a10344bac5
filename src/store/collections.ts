// What a device knows of a folder: its sync key, how far it has read, and the answer that issued the key.

import { and, eq, sql } from 'drizzle-orm';
import type { CollectionState } from './recent.js';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Collection, Folder } from './tables.js';
import { run, type Steps } from './transaction.js';

const collectionAndFolder = prepared((db, { collections, folders }) =>
  db
    .select({
      syncKey: collections.syncKey,
      settledSequence: collections.settledSequence,
      settledUntil: collections.settledUntil,
      view: collections.view,
      options: collections.options,
      itemSequence: folders.itemSequence,
      folderType: folders.type,
    })
    .from(collections)
    .innerJoin(folders, eq(folders.id, collections.folderId))
    .where(
      and(
        eq(collections.deviceId, sql.placeholder('deviceId')),
        eq(collections.folderId, sql.placeholder('folderId')),
        eq(folders.deleted, false),
      ),
    ),
);

export type CollectionGlance = Pick<Collection, 'syncKey' | 'settledSequence' | 'settledUntil' | 'view' | 'options'> & {
  itemSequence: number;
  folderType: number;
};

/** One indexed read that tells whether a folder holds anything this device has not seen. */
export function* glanceAtCollection(
  session: Session,
  deviceId: number,
  folderId: number,
): Steps<CollectionGlance | undefined> {
  const collection = session.recent.collection(deviceId, folderId);
  if (!collection) return (yield* run(collectionAndFolder(session, { deviceId, folderId })))[0];
  const folder = yield* folderAlone(session, folderId);
  if (!folder || folder.deleted) return undefined;
  const { syncKey, settledSequence, settledUntil, view, options } = collection;
  const { itemSequence, type: folderType } = folder;
  return { syncKey, settledSequence, settledUntil, view, options, itemSequence, folderType };
}

const folderById = prepared((db, { folders }) =>
  db
    .select()
    .from(folders)
    .where(eq(folders.id, sql.placeholder('folderId'))),
);

// Where the collection is at hand.
function* folderAlone(session: Session, folderId: number): Steps<Folder | undefined> {
  const known = session.recent.folder(folderId);
  if (known) return known;
  const [folder] = yield* run(folderById(session, { folderId }));
  if (folder) session.recent.keepFolder(folder);
  return folder;
}

const collectionOf = prepared((db, { collections }) =>
  db
    .select({
      deviceId: collections.deviceId,
      folderId: collections.folderId,
      syncKey: collections.syncKey,
      view: collections.view,
      marks: collections.marks,
      settledSequence: collections.settledSequence,
      settledUntil: collections.settledUntil,
      options: collections.options,
      requestDigest: collections.requestDigest,
    })
    .from(collections)
    .where(
      and(eq(collections.deviceId, sql.placeholder('deviceId')), eq(collections.folderId, sql.placeholder('folderId'))),
    ),
);

export type { CollectionState };

export function* getCollection(tx: Session, deviceId: number, folderId: number): Steps<CollectionState | undefined> {
  return tx.recent.collection(deviceId, folderId) ?? (yield* run(collectionOf(tx, { deviceId, folderId })))[0];
}

/** The answer that issued the key. */
export function* getKeptAnswer(
  tx: Session,
  { deviceId, folderId }: Pick<Collection, 'deviceId' | 'folderId'>,
): Steps<Buffer | undefined> {
  const { collections } = tx.tables;
  const here = and(eq(collections.deviceId, deviceId), eq(collections.folderId, folderId));
  const rows = yield* run(tx.db.select({ answer: collections.answer }).from(collections).where(here));
  return rows[0]?.answer ?? undefined;
}

const columns = [
  'deviceId',
  'folderId',
  'syncKey',
  'view',
  'marks',
  'settledSequence',
  'settledUntil',
  'options',
  'answer',
  'requestDigest',
] as const satisfies readonly (keyof Collection)[];

const writeCollection = prepared((db, { collections }) =>
  db
    .insert(collections)
    .values(eachColumn((column) => sql.placeholder(column)))
    .onConflictDoUpdate({
      target: [collections.deviceId, collections.folderId],
      set: eachColumn((column) => sql`excluded.${sql.identifier(collections[column].name)}`),
    }),
);

function eachColumn<T>(value: (column: keyof Collection) => T): Record<keyof Collection, T> {
  return Object.fromEntries(columns.map((column) => [column, value(column)])) as Record<keyof Collection, T>;
}

const changeCollection = prepared((db, { collections }) =>
  db
    .update(collections)
    .set({
      syncKey: sql`${sql.placeholder('syncKey')}`,
      marks: sql`${sql.placeholder('marks')}`,
      settledSequence: sql`${sql.placeholder('settledSequence')}`,
      settledUntil: sql`${sql.placeholder('settledUntil')}`,
      answer: sql`${sql.placeholder('answer')}`,
      requestDigest: sql`${sql.placeholder('requestDigest')}`,
    })
    .where(
      and(eq(collections.deviceId, sql.placeholder('deviceId')), eq(collections.folderId, sql.placeholder('folderId'))),
    ),
);

/** The next key of a device that asks as it did: its options stay. */
export function* advanceCollection(tx: Transaction, collection: Collection): Steps<void> {
  const { deviceId, folderId, syncKey, settledSequence, settledUntil, answer, requestDigest } = collection;
  const marks = JSON.stringify(collection.marks);
  const values = { deviceId, folderId, syncKey, marks, settledSequence, settledUntil, answer, requestDigest };
  yield* run(changeCollection(tx, values));
  keep(tx, collection);
}

/** Writes the whole state of a collection; the row is made by the first Sync with key 0. */
export function* putCollection(tx: Transaction, collection: Collection): Steps<void> {
  yield* run(writeCollection(tx, { ...collection }));
  keep(tx, collection);
}

// Written out: what is frozen is slow to spread, and this is done with each answer.
function keep(tx: Transaction, collection: Collection): void {
  const { deviceId, folderId, syncKey, view, marks, settledSequence, settledUntil, options, requestDigest } =
    collection;
  const told = { syncKey, view, marks, settledSequence, settledUntil, options, requestDigest };
  tx.recent.keepCollection(Object.assign(told, { deviceId, folderId }));
}

const settle = prepared((db, { collections }) =>
  db
    .update(collections)
    .set({
      marks: sql`${sql.placeholder('marks')}`,
      options: sql`${sql.placeholder('options')}`,
      settledSequence: sql`${sql.placeholder('settledSequence')}`,
      settledUntil: sql`${sql.placeholder('settledUntil')}`,
    })
    .where(
      and(eq(collections.deviceId, sql.placeholder('deviceId')), eq(collections.folderId, sql.placeholder('folderId'))),
    ),
);

/** The device has all there is; its key and the answer that issued it stay. */
export function* settleCollection(tx: Transaction, state: CollectionState): Steps<void> {
  yield* run(settle(tx, { ...state, marks: JSON.stringify(state.marks), options: JSON.stringify(state.options) }));
  tx.recent.keepCollection({ ...state });
}
