// What a bearer was asked to do with a message and what came of it. The attempt is written before the bearer acts, so
// that a crash in between can never send the same text again and again.

import { and, asc, count, eq, inArray, isNull, ne, or, sql } from 'drizzle-orm';
import { anyGateway } from './lanes.js';
import type { Session, Transaction } from './session.js';
import type { AttemptOutcome, MessageState } from './states.js';
import { prepared } from './statement.js';
import type { Attempt, Message } from './tables.js';
import { run, type Steps } from './transaction.js';

const takeUp = prepared((db, { messages }) =>
  db
    .update(messages)
    .set({
      state: sql`${sql.placeholder('state')}`,
      gateway: sql`${sql.placeholder('gateway')}`,
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

const insertAttempt = prepared((db, { attempts }) =>
  db.insert(attempts).values({
    messageId: sql.placeholder('id'),
    gateway: sql.placeholder('gateway'),
    startedAt: sql.placeholder('now'),
  }),
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
  const taken = yield* run(takeUp(tx, { ...attempt }));
  if (taken.length === 0) return false;
  yield* run(insertAttempt(tx, { id: attempt.id, gateway: attempt.gateway, now: attempt.now }));
  return true;
}

const takeFromLane = prepared((db, { messages }) =>
  db
    .update(messages)
    .set({
      state: 'sending',
      gateway: sql`${sql.placeholder('gateway')}`,
      claimedBy: sql`${sql.placeholder('by')}`,
      claimedUntil: 0,
    })
    .where(eq(messages.id, sql.placeholder('id'))),
);

/** Claims a message that this transaction has just read as due, and begins it: all in one, for a gateway with a place. */
export function* beginTaken(tx: Transaction, attempt: Omit<NewAttempt, 'state'>): Steps<void> {
  yield* run(takeFromLane(tx, { ...attempt }));
  yield* addAttempt(tx, attempt);
}

/** A gateway said no before anything was begun: the attempt stands for that. */
export function* addAttempt(tx: Transaction, { id, gateway, now }: Omit<NewAttempt, 'by' | 'state'>): Steps<void> {
  yield* run(insertAttempt(tx, { id, gateway, now }));
}

const attemptEnd = {
  outcome: sql`${sql.placeholder('outcome')}`,
  reason: sql`${sql.placeholder('reason')}`,
  endedAt: sql`${sql.placeholder('now')}`,
};

export interface AttemptEnd {
  outcome: AttemptOutcome;
  reason?: string | undefined;
  now: number;
}

const endUnderWay = prepared((db, { attempts }) =>
  db
    .update(attempts)
    .set(attemptEnd)
    .where(and(eq(attempts.messageId, sql.placeholder('messageId')), isNull(attempts.endedAt))),
);

const endUnderWayOrUnknown = prepared((db, { attempts }) =>
  db
    .update(attempts)
    .set(attemptEnd)
    .where(
      and(
        eq(attempts.messageId, sql.placeholder('messageId')),
        or(isNull(attempts.endedAt), eq(attempts.outcome, 'unknown')),
      ),
    ),
);

/** Ends the attempt under way. One that ended as unknown may still turn out to have sent the text. */
export function* endAttempt(tx: Transaction, messageId: string, { outcome, reason, now }: AttemptEnd): Steps<void> {
  const end = outcome === 'sent' ? endUnderWayOrUnknown : endUnderWay;
  yield* run(end(tx, { messageId, outcome, reason: reason ?? null, now }));
}

const attemptsOf = prepared((db, { attempts }) =>
  db
    .select()
    .from(attempts)
    .where(eq(attempts.messageId, sql.placeholder('messageId')))
    .orderBy(asc(attempts.id)),
);

/** In the order they were made. */
export function* getAttempts(tx: Session, messageId: string): Steps<Attempt[]> {
  return yield* run(attemptsOf(tx, { messageId }));
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
        finishedAt: sql`${sql.placeholder('now')}`,
      })
      .where(
        and(
          eq(messages.id, sql.placeholder('id')),
          inArray(messages.state, [...from]),
          // A phone that confirmed has sent the text, whatever the clock says meanwhile.
          state === 'sent' || state === 'delivered' ? undefined : isNull(messages.confirmedAt),
        ),
      )
      .returning({ gateway: messages.gateway }),
  );
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
