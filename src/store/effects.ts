// What rules bring about beside the message: rows of the commit that decided it, done afterwards, each in one of three ways.
// What can be undone with its commit is done in the commit that ends its row. What cannot is marked as begun before it begins:
// after a crash nobody knows whether it was done, and it is not done again.

import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte, min, ne, sql } from 'drizzle-orm';
import { openEffect, sealEffect } from './sealing.js';
import type { Session, Transaction } from './session.js';
import type { EffectDocument, EffectKind, EffectState, RuleDirection } from './states.js';
import { prepared } from './statement.js';
import type { Effect } from './tables.js';
import { run, type Steps } from './transaction.js';

export interface NewEffect {
  direction: RuleDirection;
  messageId: string;
  userId: number | undefined;
  /** Its title. */
  rule: string;
  kind: EffectKind;
  document: EffectDocument;
  /** The number that a text goes to. */
  target?: string | undefined;
  hops: number;
  now: number;
}

/** Due at once. */
export function* addEffect(tx: Transaction, effect: NewEffect): Steps<void> {
  const { userId = null, target = null, now, ...row } = effect;
  const document = sealEffect(tx.secrets, row);
  const times = { dueAt: now, createdAt: now };
  yield* run(tx.db.insert(tx.tables.effects).values({ ...row, document, userId, target, ...times }));
  tx.announce({ topic: 'effect' });
}

export interface EffectClaim {
  now: number;
  limit: number;
  /** Under way already. */
  except: ReadonlySet<number>;
  /** How many of each kind may begin; none of a kind that is not named. */
  room: ReadonlyMap<EffectKind, number>;
  /** When one is due again if nothing more is heard of its attempt, by the attempts with this one. */
  dueAgain: (attempts: number) => number;
}

/** What cannot be undone with a commit, and must not be done twice. */
export function isOnceOnly(kind: EffectKind): boolean {
  return kind === 'program' || kind === 'url' || kind === 'sql';
}

/**
 * The effects that are due. Their attempt is counted and the next one foreseen in the same commit; from it on nobody knows
 * whether one that must not be done twice was done, until somebody does.
 */
export function* claimEffects(tx: Transaction, claim: EffectClaim): Steps<Effect[]> {
  const { now, limit, except, dueAgain } = claim;
  const { effects } = tx.tables;
  const room = new Map(claim.room);
  const isDue = and(isNotNull(effects.dueAt), lte(effects.dueAt, now), inArray(effects.kind, [...room.keys()]));
  const due = yield* run(
    tx.db
      .select()
      .from(effects)
      .where(isDue)
      .orderBy(asc(effects.dueAt), asc(effects.id))
      .limit(limit + except.size),
  );
  const hasRoom = ({ kind }: Effect): boolean => {
    const left = room.get(kind) ?? 0;
    room.set(kind, left - 1);
    return left > 0;
  };
  const free = due.filter((effect) => !except.has(effect.id) && hasRoom(effect)).slice(0, limit);
  const claimed: Effect[] = [];
  for (const effect of free) {
    const begunAt = isOnceOnly(effect.kind) ? now : null;
    const change = { attempts: effect.attempts + 1, dueAt: dueAgain(effect.attempts + 1), begunAt };
    yield* run(tx.db.update(effects).set(change).where(eq(effects.id, effect.id)));
    claimed.push({ ...openEffect(tx.secrets, effect), ...change });
  }
  return claimed;
}

export interface EffectEnd {
  state: Exclude<EffectState, 'waiting'>;
  error?: string | undefined;
  now: number;
}

/** What is done leaves nothing of what it needed. */
export function* endEffect(tx: Transaction, id: number, { state, error = undefined, now }: EffectEnd): Steps<void> {
  const { effects } = tx.tables;
  yield* run(
    tx.db
      .update(effects)
      .set({ state, error: error ?? null, dueAt: null, finishedAt: now, ...(state === 'done' && { document: {} }) })
      .where(and(eq(effects.id, id), eq(effects.state, 'waiting'))),
  );
}

/** Not done for certain, and tried again. */
export function* postponeEffect(
  tx: Transaction,
  id: number,
  { dueAt, error }: { dueAt: number; error: string },
): Steps<void> {
  const { effects } = tx.tables;
  yield* run(tx.db.update(effects).set({ begunAt: null, dueAt, error }).where(eq(effects.id, id)));
}

/** What an earlier process had begun; called once, before anything begins. Resolves to how many there were. */
export function* endInterrupted(tx: Transaction, end: Omit<EffectEnd, 'state'>): Steps<Effect[]> {
  const { effects } = tx.tables;
  return yield* run(
    tx.db
      .update(effects)
      .set({ state: 'unknown', error: end.error ?? null, dueAt: null, finishedAt: end.now })
      .where(and(isNotNull(effects.dueAt), isNotNull(effects.begunAt)))
      .returning(),
  );
}

const nextDue = prepared((db, { effects }) =>
  db
    .select({ dueAt: min(effects.dueAt) })
    .from(effects)
    .where(and(isNotNull(effects.dueAt), gt(effects.dueAt, sql.placeholder('now')))),
);

/** When the next one becomes due that is not due yet. */
export function* getNextEffectDue(session: Session, now: number): Steps<number | undefined> {
  return (yield* run(nextDue(session, { now })))[0]?.dueAt ?? undefined;
}

/** How many texts rules sent to a number since then, or are to send, before this one. */
export function* countTextsTo(
  session: Session,
  target: string,
  { since, before }: { since: number; before: number },
): Steps<number> {
  const { effects } = session.tables;
  const [row] = yield* run(
    session.db
      .select({ n: count() })
      .from(effects)
      .where(
        and(
          isNotNull(effects.target),
          eq(effects.target, target),
          gte(effects.createdAt, since),
          lt(effects.id, before),
        ),
      ),
  );
  return Number(row!.n);
}

export interface EffectPage {
  limit: number;
  /** The row the last page ended with. */
  before?: number | undefined;
  states?: readonly EffectState[] | undefined;
  messageId?: string | undefined;
}

/** A page, newest first. */
export async function listEffects(session: Session, page: EffectPage): Promise<Effect[]> {
  const { effects } = session.tables;
  const { limit, before, states, messageId } = page;
  const wanted = and(
    before === undefined ? undefined : lt(effects.id, before),
    states && inArray(effects.state, [...states]),
    messageId === undefined ? undefined : eq(effects.messageId, messageId),
  );
  const rows = await session.db.select().from(effects).where(wanted).orderBy(desc(effects.id)).limit(limit);
  return rows.map((row) => openEffect(session.secrets, row));
}

/** What came to nothing is tried once more, with the patience of a new one. The message itself is over by now, or elsewhere. */
export function* retryEffect(tx: Transaction, effect: Effect, now: number): Steps<void> {
  const { effects } = tx.tables;
  const needed = Object.entries(effect.document).filter(([name]) => name !== 'isPlacing' && name !== 'isCarrying');
  const document = sealEffect(tx.secrets, { ...effect, document: { ...Object.fromEntries(needed), triedFrom: now } });
  const change = { document, state: 'waiting' as const, attempts: 0, begunAt: null, error: null, finishedAt: null };
  yield* run(
    tx.db
      .update(effects)
      .set({ ...change, dueAt: now })
      .where(eq(effects.id, effect.id)),
  );
  tx.announce({ topic: 'effect' });
}

export function* getEffect(session: Session, id: number): Steps<Effect | undefined> {
  const { effects } = session.tables;
  const [row] = yield* run(session.db.select().from(effects).where(eq(effects.id, id)));
  return row && openEffect(session.secrets, row);
}

/** Since when it is tried: since somebody asked for that, where it has come to nothing before. */
export function triedFrom({ document, createdAt }: Effect): number {
  const { triedFrom } = document;
  return typeof triedFrom === 'number' ? triedFrom : createdAt;
}

export function* forgetEffects(tx: Transaction, before: { done: number; others: number }): Steps<void> {
  const { effects } = tx.tables;
  const isOver = isNull(effects.dueAt);
  yield* run(tx.db.delete(effects).where(and(isOver, eq(effects.state, 'done'), lt(effects.finishedAt, before.done))));
  yield* run(
    tx.db.delete(effects).where(and(isOver, ne(effects.state, 'done'), lt(effects.finishedAt, before.others))),
  );
}
