// What a bearer was asked to do with a message and what came of it. The attempt is written before the bearer acts, so
// that a crash in between can never send the same text again and again.

import { and, asc, count, eq, inArray, isNotNull, isNull, ne, or, sql } from 'drizzle-orm';
import { anyGateway } from './lanes.js';
import type { Session, Transaction } from './session.js';
import type { AttemptOutcome, MessageState } from './states.js';
import { prepared } from './statement.js';
import type { Attempt, Message, Tables } from './tables.js';
import { run, type Steps } from './transaction.js';

const takeUp = prepared((db, { messages }) =>
  db
    .update(messages)
    .set({
      state: sql`${sql.placeholder('state')}`,
      gateway: sql`${sql.placeholder('gateway')}`,
      begunAt: sql`${sql.placeholder('now')}`,
      error: null,
      claimedUntil: 0,
    })
    .where(
      and(
        eq(messages.id, sql.placeholder('id')),
        eq(messages.state, 'queued'),
        eq(messages.claimedBy, sql.placeholder('by')),
      ),
    )
    .returning({ id: messages.id }),
);

export interface NewAttempt {
  id: string;
  gateway: string;
  /** The dispatcher that holds the claim. */
  by: string;
  /** `queued` where the same transaction goes on to offer it to a phone. */
  state: Extract<MessageState, 'queued' | 'sending'>;
  now: number;
}

/** Writes the attempt. False when the message is no longer queued or somebody else claimed it. */
export function* beginAttempt(tx: Transaction, attempt: NewAttempt): Steps<boolean> {
  return (yield* run(takeUp(tx, { ...attempt }))).length > 0;
}

const takeFromLane = prepared((db, { messages }) =>
  db
    .update(messages)
    .set({
      state: 'sending',
      gateway: sql`${sql.placeholder('gateway')}`,
      begunAt: sql`${sql.placeholder('now')}`,
      claimedBy: sql`${sql.placeholder('by')}`,
      claimedUntil: 0,
    })
    .where(eq(messages.id, sql.placeholder('id'))),
);

/** Claims a message that this transaction has just read as due, and begins it: all in one, for a gateway with a place. */
export function* beginTaken(tx: Transaction, attempt: Omit<NewAttempt, 'state'>): Steps<void> {
  yield* run(takeFromLane(tx, { ...attempt }));
}

const insertAttempt = prepared((db, { attempts }) =>
  db.insert(attempts).values({
    messageId: sql.placeholder('messageId'),
    gateway: sql.placeholder('gateway'),
    startedAt: sql.placeholder('startedAt'),
    endedAt: sql.placeholder('endedAt'),
    outcome: sql.placeholder('outcome'),
    reason: sql.placeholder('reason'),
  }),
);

/** What an attempt comes to beside sending the text. */
export interface Setback {
  outcome: Exclude<AttemptOutcome, 'sent'>;
  reason?: string | undefined;
  now: number;
}

/** A gateway said no before anything was begun: an attempt that ended as it began. */
export function* addAttempt(
  tx: Transaction,
  { id, gateway }: Pick<NewAttempt, 'id' | 'gateway'>,
  { outcome, reason, now }: Setback,
): Steps<void> {
  yield* run(
    insertAttempt(tx, { messageId: id, gateway, startedAt: now, endedAt: now, outcome, reason: reason ?? null }),
  );
}

const underWay = prepared((db, { messages }) =>
  db
    .select(attemptColumns(messages))
    .from(messages)
    .where(and(eq(messages.id, sql.placeholder('messageId')), isNotNull(messages.begunAt))),
);

function attemptColumns({ state, gateway, begunAt, sentAt, finishedAt }: Tables['messages']) {
  return { state, gateway, begunAt, sentAt, finishedAt };
}

const clearUnderWay = prepared((db, { messages }) =>
  db
    .update(messages)
    .set({ begunAt: null })
    .where(eq(messages.id, sql.placeholder('messageId'))),
);

const endRow = prepared((db, { attempts }) =>
  db
    .update(attempts)
    .set({
      outcome: sql`${sql.placeholder('outcome')}`,
      reason: sql`${sql.placeholder('reason')}`,
      endedAt: sql`${sql.placeholder('now')}`,
    })
    .where(and(eq(attempts.messageId, sql.placeholder('messageId')), isNull(attempts.endedAt))),
);

/**
 * The attempt under way came to nothing, and gets a row of its own. One that sent the text stays as it is. `gateway` is
 * whose attempt it was, where the message has been taken from it already.
 */
export function* endAttempt(
  tx: Transaction,
  messageId: string,
  end: Setback & { gateway?: string | null },
): Steps<void> {
  const { outcome, now } = end;
  const reason = end.reason ?? null;
  const [row] = yield* run(underWay(tx, { messageId }));
  if (!row || row.begunAt === null) {
    // Begun by a version that wrote a row at the beginning.
    yield* run(endRow(tx, { messageId, outcome, reason, now }));
    return;
  }
  if (row.sentAt !== null) return;
  const { begunAt: startedAt } = row;
  const gateway = end.gateway ?? row.gateway;
  yield* run(insertAttempt(tx, { messageId, gateway: gateway ?? 'none', startedAt, endedAt: now, outcome, reason }));
  yield* run(clearUnderWay(tx, { messageId }));
}

const turnToSent = prepared((db, { attempts }) =>
  db
    .update(attempts)
    .set({ outcome: 'sent', reason: null, endedAt: sql`${sql.placeholder('now')}` })
    .where(
      and(
        eq(attempts.messageId, sql.placeholder('messageId')),
        or(isNull(attempts.endedAt), eq(attempts.outcome, 'unknown')),
      ),
    ),
);

const attemptsOf = prepared((db, { attempts }) =>
  db
    .select()
    .from(attempts)
    .where(eq(attempts.messageId, sql.placeholder('messageId')))
    .orderBy(asc(attempts.id)),
);

/** In the order they were made. */
export function* getAttempts(tx: Session, messageId: string): Steps<Attempt[]> {
  const ended = yield* run(attemptsOf(tx, { messageId }));
  const [row] = yield* run(underWay(tx, { messageId }));
  return row ? [...ended, ...lastAttempt({ id: messageId, ...row })] : ended;
}

type Tried = Pick<Message, 'id' | 'state' | 'gateway' | 'begunAt' | 'sentAt' | 'finishedAt'>;

/** The attempt that stands in the message itself: the one under way, or the one that sent it. */
export function lastAttempt({ id, state, gateway, begunAt, sentAt, finishedAt }: Tried): Attempt[] {
  if (begunAt === null) return [];
  const endedAt = sentAt ?? (state === 'sent' ? finishedAt : null);
  const outcome = endedAt === null ? null : 'sent';
  const startedAt = begunAt;
  // After all that have rows.
  return [
    {
      id: Number.MAX_SAFE_INTEGER,
      messageId: id,
      gateway: gateway ?? 'none',
      startedAt,
      endedAt,
      outcome,
      reason: null,
    },
  ];
}

/** Attempts of a message that came to nothing, and were nobody's refusal. */
export function* countPostponed(tx: Session, messageId: string): Steps<number> {
  const { attempts } = tx.tables;
  const postponed = and(eq(attempts.messageId, messageId), inArray(attempts.outcome, ['try-later', 'withdrawn']));
  return (yield* run(tx.db.select({ n: count() }).from(attempts).where(postponed)))[0]!.n;
}

// From which states a message may come to each of its ends.
const ends = {
  sent: { state: 'sent', from: ['offered', 'sending', 'unknown'] },
  // A rule made mail of it: no bearer ever had it.
  mailed: { state: 'sent', from: ['queued'] },
  delivered: { state: 'delivered', from: ['sent'] },
  failed: { state: 'failed', from: ['queued', 'sending'] },
  // By a delivery report: it was taken, and did not arrive.
  undelivered: { state: 'failed', from: ['sending', 'sent', 'unknown'] },
  expired: { state: 'expired', from: ['queued'] },
  unknown: { state: 'unknown', from: ['sending'] },
} as const satisfies Record<string, { state: MessageState; from: readonly MessageState[] }>;

type End = keyof typeof ends;

const endings = {
  sent: preparedEnding('sent'),
  mailed: preparedEnding('mailed'),
  delivered: preparedEnding('delivered'),
  failed: preparedEnding('failed'),
  undelivered: preparedEnding('undelivered'),
  expired: preparedEnding('expired'),
  unknown: preparedEnding('unknown'),
} satisfies Record<End, unknown>;

function preparedEnding(to: End) {
  const { state, from } = ends[to];
  return prepared((db, { messages }) =>
    db
      .update(messages)
      .set({
        state,
        error: sql`${sql.placeholder('reason')}`,
        warnAt: null,
        claimedBy: null,
        finishedAt: sql`${sql.placeholder('now')}`,
        ...(followsSent(to) && { sentAt: sql`coalesce(${messages.sentAt}, ${messages.finishedAt})` }),
      })
      .where(
        and(
          eq(messages.id, sql.placeholder('id')),
          inArray(messages.state, [...from]),
          // A phone that confirmed has sent the text, whatever the clock says meanwhile.
          state === 'sent' || state === 'delivered' ? undefined : isNull(messages.confirmedAt),
        ),
      )
      .returning({ gateway: messages.gateway, begunAt: messages.begunAt }),
  );
}

function followsSent(to: End): boolean {
  return to === 'delivered' || to === 'undelivered';
}

export interface Ending {
  to: End;
  reason?: string | undefined;
  now: number;
}

/** Brings a message to an end, once. False when it is in none of the states it may come from. */
export function* endMessage(tx: Transaction, id: string, { to, reason, now }: Ending): Steps<boolean> {
  const [ended] = yield* run(endings[to](tx, { id, reason: reason ?? null, now }));
  if (!ended) return false;
  // One that was given up as unknown, or begun by a version that wrote a row at the beginning.
  if (to === 'sent' && ended.begunAt === null) yield* run(turnToSent(tx, { messageId: id, now }));
  const gateway = ended.gateway === anyGateway ? null : ended.gateway;
  tx.announce({ topic: 'message', gateway: gateway ?? 'none', state: ends[to].state });
  return true;
}

/** Messages that a bearer other than a phone held when an earlier dispatcher went away. */
export function* getOrphans(tx: Session, by: string, limit: number): Steps<Message[]> {
  const { messages } = tx.tables;
  const held = and(eq(messages.state, 'sending'), isNull(messages.deviceId), ne(messages.claimedBy, by));
  return yield* run(tx.db.select().from(messages).where(held).limit(limit));
}

/** Messages that a bearer other than a phone holds for this dispatcher. */
export function* getHeld(tx: Session, by: string): Steps<Message[]> {
  const { messages } = tx.tables;
  const held = and(eq(messages.state, 'sending'), isNull(messages.deviceId), eq(messages.claimedBy, by));
  return yield* run(tx.db.select().from(messages).where(held));
}
