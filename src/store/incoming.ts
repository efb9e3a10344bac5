// Texts that gateways received, each once for the name its gateway gave it.

import { and, desc, eq, like, lt, not, sql, type SQL } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import type { IncomingProperties } from './states.js';
import { prepared } from './statement.js';
import type { Incoming, Tables } from './tables.js';
import { run, type Steps } from './transaction.js';

export interface NewIncoming {
  id: string;
  gateway: string;
  /** What the gateway calls it; without one nothing tells it from another of the same words. */
  reference: string | undefined;
  sender: string;
  recipient: string | undefined;
  /** Empty where `properties.data` holds a binary message. */
  text: string;
  properties: IncomingProperties;
  now: number;
}

const insertIncoming = prepared((db, { incoming }) =>
  db
    .insert(incoming)
    .values({
      id: sql.placeholder('id'),
      gateway: sql.placeholder('gateway'),
      reference: sql.placeholder('reference'),
      sender: sql.placeholder('sender'),
      recipient: sql.placeholder('recipient'),
      text: sql.placeholder('text'),
      properties: sql.placeholder('properties'),
      receivedAt: sql.placeholder('now'),
    })
    .onConflictDoNothing()
    .returning(),
);

/** The row, or `undefined` where the gateway brought a text of this reference before. */
export function* addIncoming(tx: Transaction, text: NewIncoming): Steps<Incoming | undefined> {
  const { reference = null, recipient = null } = text;
  return (yield* run(insertIncoming(tx, { ...text, reference, recipient })))[0];
}

const byReference = prepared((db, { incoming }) =>
  db
    .select({ id: incoming.id, properties: incoming.properties })
    .from(incoming)
    .where(and(eq(incoming.gateway, sql.placeholder('gateway')), eq(incoming.reference, sql.placeholder('reference')))),
);

/** The text that the gateway brought under this reference, or a part of it. */
export function* getIncomingId(session: Session, gateway: string, reference: string): Steps<string | undefined> {
  const [row] = yield* run(byReference(session, { gateway, reference }));
  return row?.properties?.partOf ?? row?.id;
}

export interface RememberedPart extends Pick<NewIncoming, 'id' | 'gateway' | 'sender' | 'now'> {
  reference: string;
  partOf: string;
}

/** A part that comes again after its text is whole is no other one. */
export function* rememberPart(tx: Transaction, { partOf, ...part }: RememberedPart): Steps<void> {
  yield* addIncoming(tx, { ...part, recipient: undefined, text: '', properties: { partOf } });
}

export async function findIncoming(session: Session, id: string): Promise<Incoming | undefined> {
  const { incoming } = session.tables;
  return (await session.db.select().from(incoming).where(eq(incoming.id, id)))[0];
}

/** Whether anybody has it. One that nobody has is kept until somebody does. */
export function* markPlaced(tx: Transaction, { id, properties }: Incoming, isPlaced: boolean): Steps<void> {
  const { incoming } = tx.tables;
  const changed: IncomingProperties = { ...properties, unplaced: true };
  if (isPlaced) delete changed.unplaced;
  yield* run(tx.db.update(incoming).set({ properties: changed }).where(eq(incoming.id, id)));
  if (!isPlaced) tx.announce({ topic: 'unplaced' });
}

/** A rule keeps it from all mailboxes. */
export function* markKept(tx: Transaction, { id, properties }: Incoming, keptBy: string): Steps<void> {
  const { incoming } = tx.tables;
  yield* run(
    tx.db
      .update(incoming)
      .set({ properties: { ...properties, keptBy } })
      .where(eq(incoming.id, id)),
  );
}

/** It was sent elsewhere by a rule, and could not be had there. False where somebody has said so before. */
export function* markReturned(tx: Transaction, id: string): Steps<Incoming | undefined> {
  const { incoming } = tx.tables;
  const [row] = yield* run(tx.db.select().from(incoming).where(eq(incoming.id, id)));
  if (!row || row.properties?.returned) return undefined;
  const properties: IncomingProperties = { ...row.properties, returned: true };
  yield* run(tx.db.update(incoming).set({ properties }).where(eq(incoming.id, id)));
  return { ...row, properties };
}

/** The oldest texts that nobody has. */
export function* getUnplaced(session: Session, limit: number): Steps<Incoming[]> {
  const { incoming } = session.tables;
  return yield* run(session.db.select().from(incoming).where(isUnplaced(incoming)).orderBy(incoming.id).limit(limit));
}

/** A page of what came in, newest first: ids grow with time. */
export async function listIncoming(
  session: Session,
  page: { limit: number; before?: string | undefined; isUnplaced: boolean },
): Promise<Incoming[]> {
  const { incoming } = session.tables;
  const older = page.before === undefined ? undefined : lt(incoming.id, page.before);
  return session.db
    .select()
    .from(incoming)
    .where(and(older, page.isUnplaced ? isUnplaced(incoming) : not(says(incoming, 'partOf'))))
    .orderBy(desc(incoming.id))
    .limit(page.limit);
}

/** What somebody has. A text of the same reference is then another one. */
export function* forgetIncoming(tx: Transaction, before: number): Steps<void> {
  const { incoming } = tx.tables;
  yield* run(tx.db.delete(incoming).where(and(lt(incoming.receivedAt, before), not(isUnplaced(incoming)))));
}

function isUnplaced(table: Tables['incoming']): SQL {
  return says(table, 'unplaced');
}

// No value in the document can hold the name in quotes: octets are base64, the title of a rule has its quotes escaped, and all
// others are numbers and ids.
function says({ properties }: Tables['incoming'], name: keyof IncomingProperties): SQL {
  return like(sql`coalesce(cast(${properties} as text), '')`, `%"${name}"%`);
}
