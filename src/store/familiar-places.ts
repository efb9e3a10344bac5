// From where the right password of a user or an account came lately: what is let through there while others are locked out.

import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import { run, type Steps } from './transaction.js';

/** `user:ROW` or `account:NAME`, and `device:ID` or `network:ADDRESS`. */
export interface FamiliarPlace {
  subject: string;
  place: string;
}

/** Which of these places are familiar. */
export function* getFamiliar(tx: Session, subject: string, places: readonly string[]): Steps<string[]> {
  const { familiarPlaces: t } = tx.tables;
  const isOne = and(eq(t.subject, subject), inArray(t.place, [...places]));
  return (yield* run(tx.db.select({ place: t.place }).from(t).where(isOne))).map(({ place }) => place);
}

const putPlace = prepared((db, { familiarPlaces: t }) =>
  db
    .insert(t)
    .values({
      subject: sql.placeholder('subject'),
      place: sql.placeholder('place'),
      lastSeen: sql.placeholder('now'),
    })
    .onConflictDoUpdate({ target: [t.subject, t.place], set: { lastSeen: sql`excluded.last_seen` } }),
);

/** Of each subject the latest `keep` stay. */
export function* putFamiliar(
  tx: Transaction,
  places: readonly (FamiliarPlace & { now: number })[],
  keep: number,
): Steps<void> {
  for (const { subject, place, now } of places) yield* run(putPlace(tx, { subject, place, now }));
  for (const subject of new Set(places.map((place) => place.subject))) yield* forgetOldest(tx, subject, keep);
}

function* forgetOldest(tx: Transaction, subject: string, keep: number): Steps<void> {
  const { familiarPlaces: t } = tx.tables;
  const rows = yield* run(
    tx.db.select({ place: t.place }).from(t).where(eq(t.subject, subject)).orderBy(desc(t.lastSeen), desc(t.place)),
  );
  const old = rows.slice(keep).map(({ place }) => place);
  if (old.length > 0) yield* run(tx.db.delete(t).where(and(eq(t.subject, subject), inArray(t.place, old))));
}

/** Of a user or an account that is gone. */
export function* removeFamiliar(tx: Transaction, subject: string): Steps<void> {
  const { familiarPlaces: t } = tx.tables;
  yield* run(tx.db.delete(t).where(eq(t.subject, subject)));
}

export function* forgetFamiliar(tx: Transaction, before: number): Steps<void> {
  const { familiarPlaces: t } = tx.tables;
  yield* run(tx.db.delete(t).where(lt(t.lastSeen, before)));
}
