// Parts of long incoming texts: their content until the others are there, and what they were for a while after.

import { and, asc, count, eq, isNotNull, lt, max, min, ne, or, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import type { PartProperties } from './states.js';
import { prepared } from './statement.js';
import type { IncomingPart, Tables } from './tables.js';
import { run, type Steps } from './transaction.js';

/** What the parts of one message have in common. TS 23.040 9.2.3.24.1 */
export type GroupKey = Pick<IncomingPart, 'gateway' | 'sender' | 'reference' | 'total'>;

export interface NewPart extends GroupKey {
  part: number;
  text: string | null;
  /** Of a binary message. */
  data: Buffer | null;
  properties: PartProperties;
  receivedAt: number;
}

const partsOf = prepared((db, { incomingParts }) =>
  db
    .select()
    .from(incomingParts)
    .where(
      and(
        eq(incomingParts.gateway, sql.placeholder('gateway')),
        eq(incomingParts.sender, sql.placeholder('sender')),
        eq(incomingParts.reference, sql.placeholder('reference')),
        eq(incomingParts.total, sql.placeholder('total')),
      ),
    )
    .orderBy(asc(incomingParts.part)),
);

/** In their order. */
export function* getParts(session: Session, { gateway, sender, reference, total }: GroupKey): Steps<IncomingPart[]> {
  return yield* run(partsOf(session, { gateway, sender, reference, total }));
}

export function* addPart(tx: Transaction, part: NewPart): Steps<void> {
  yield* run(tx.db.insert(tx.tables.incomingParts).values(part));
}

/** Their content has gone into a text; what they were is known until they are removed. */
export function* settleParts(tx: Transaction, parts: readonly IncomingPart[], partOf: string): Steps<void> {
  const { incomingParts } = tx.tables;
  for (const row of parts) {
    const properties = { ...row.properties!, partOf };
    const one = and(isOfGroup(incomingParts, row), eq(incomingParts.part, row.part));
    yield* run(tx.db.update(incomingParts).set({ text: null, data: null, properties }).where(one));
  }
}

export function* removeParts(tx: Transaction, key: GroupKey): Steps<void> {
  const { incomingParts } = tx.tables;
  yield* run(tx.db.delete(incomingParts).where(isOfGroup(incomingParts, key)));
}

/** Messages of which no part has come since. */
export function* getStaleGroups(session: Session, since: number, limit: number): Steps<GroupKey[]> {
  const { incomingParts } = session.tables;
  const { gateway, sender, reference, total, receivedAt } = incomingParts;
  return yield* run(
    session.db
      .select(keyColumns(incomingParts))
      .from(incomingParts)
      .groupBy(gateway, sender, reference, total)
      .having(lt(max(receivedAt), since))
      .limit(limit),
  );
}

const waitingOf = prepared((db, { incomingParts }) =>
  db
    .select({ n: count() })
    .from(incomingParts)
    .where(
      and(
        eq(incomingParts.gateway, sql.placeholder('gateway')),
        eq(incomingParts.sender, sql.placeholder('sender')),
        isWaiting(incomingParts),
      ),
    ),
);

export function* countWaitingOf(session: Session, { gateway, sender }: GroupKey): Steps<number> {
  return (yield* run(waitingOf(session, { gateway, sender })))[0]!.n;
}

export function* countWaiting(session: Session): Steps<number> {
  const { incomingParts } = session.tables;
  return (yield* run(session.db.select({ n: count() }).from(incomingParts).where(isWaiting(incomingParts))))[0]!.n;
}

/** Of one sender where one is given, but for the message that a part is coming for. */
export function* getOldestWaiting(session: Session, but?: GroupKey): Steps<GroupKey | undefined> {
  const { incomingParts } = session.tables;
  const { gateway, sender, reference, total } = incomingParts;
  const ofOthers = but && and(eq(gateway, but.gateway), eq(sender, but.sender), isOther(incomingParts, but));
  const [oldest] = yield* run(
    session.db
      .select(keyColumns(incomingParts))
      .from(incomingParts)
      .where(and(isWaiting(incomingParts), ofOthers))
      .groupBy(gateway, sender, reference, total)
      .orderBy(min(incomingParts.receivedAt))
      .limit(1),
  );
  return oldest;
}

function keyColumns({ gateway, sender, reference, total }: Tables['incomingParts']) {
  return { gateway, sender, reference, total };
}

function isOfGroup(table: Tables['incomingParts'], { gateway, sender, reference, total }: GroupKey) {
  return and(
    eq(table.gateway, gateway),
    eq(table.sender, sender),
    eq(table.reference, reference),
    eq(table.total, total),
  );
}

function isOther(table: Tables['incomingParts'], { reference, total }: GroupKey) {
  return or(ne(table.reference, reference), ne(table.total, total));
}

function isWaiting({ text, data }: Tables['incomingParts']) {
  return or(isNotNull(text), isNotNull(data));
}
