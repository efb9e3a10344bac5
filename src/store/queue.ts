// The queue as the dispatcher works through it: what is due, which gateway it goes to, and the claim that keeps two
// dispatchers from taking the same message.

import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, min, ne, or, sql } from 'drizzle-orm';
import { lockForClaim } from './dialect.js';
import { anyGateway } from './lanes.js';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Message } from './tables.js';
import { run, type Steps } from './transaction.js';

const unrouted = prepared((db, { messages }, dialect) =>
  lockForClaim(
    dialect,
    db
      .select()
      .from(messages)
      .where(
        and(
          eq(messages.state, 'queued'),
          isNull(messages.gateway),
          lte(messages.dueAt, sql.placeholder('now')),
          lte(messages.claimedUntil, sql.placeholder('now')),
        ),
      )
      .orderBy(asc(messages.dueAt))
      .limit(sql.placeholder('limit')),
  ),
);

/** Messages that are due and have no gateway yet, oldest first, locked for this transaction. */
export function* getUnrouted(tx: Transaction, now: number, limit: number): Steps<Message[]> {
  return yield* run(unrouted(tx, { now, limit }));
}

const earliestUnrouted = prepared((db, { messages }) =>
  db
    .select({ dueAt: min(messages.dueAt) })
    .from(messages)
    .where(and(eq(messages.state, 'queued'), isNull(messages.gateway), gt(messages.dueAt, sql.placeholder('now')))),
);

/** When the next message without a gateway becomes due. */
export function* getNextDue(tx: Session, now: number): Steps<number | undefined> {
  return (yield* run(earliestUnrouted(tx, { now })))[0]?.dueAt ?? undefined;
}

const assign = prepared((db, { messages }) =>
  db
    .update(messages)
    .set({ gateway: sql`${sql.placeholder('gateway')}` })
    .where(eq(messages.id, sql.placeholder('id'))),
);

/** These messages go to one gateway, in its turn. */
export function* assignGateway(tx: Transaction, ids: readonly string[], gateway: string): Steps<void> {
  for (const id of ids) yield* run(assign(tx, { id, gateway }));
}

export interface Wait {
  until: number;
  /** Shown to people. */
  reason: string;
}

/**
 * These messages, queued or given back by a bearer, wait and say why; never beyond their expiry, so that it is noticed in
 * time.
 */
export function* putOff(tx: Transaction, ids: readonly string[], { until, reason }: Wait): Steps<void> {
  const { messages } = tx.tables;
  yield* run(
    tx.db
      .update(messages)
      .set({
        state: 'queued',
        gateway: null,
        claimedBy: null,
        claimedUntil: 0,
        error: reason,
        dueAt: sql`case when ${messages.expiresAt} < ${until} then ${messages.expiresAt} else ${until} end`,
      })
      // By id alone: a condition on the state would make SQLite walk all that is queued.
      .where(inArray(messages.id, [...ids])),
  );
}

const giveBackOne = prepared((db, { messages }) =>
  db
    .update(messages)
    .set({
      gateway: null,
      claimedBy: null,
      claimedUntil: 0,
      error: sql`${sql.placeholder('reason')}`,
      dueAt: sql`${sql.placeholder('until')}`,
    })
    .where(
      and(
        eq(messages.id, sql.placeholder('id')),
        eq(messages.state, 'queued'),
        eq(messages.claimedBy, sql.placeholder('by')),
      ),
    ),
);

/** A message that this dispatcher claimed and may not begin waits and says why. One that others hold stays as it is. */
export function* giveBackClaim(
  tx: Transaction,
  { id, expiresAt }: Pick<Message, 'id' | 'expiresAt'>,
  { by, until, reason }: Wait & Pick<Claim, 'by'>,
): Steps<void> {
  yield* run(giveBackOne(tx, { id, by, reason, until: Math.min(until, expiresAt) }));
}

export interface Claim {
  /** The dispatcher that takes them. */
  by: string;
  /** When they are free again if it is never heard of. */
  until: number;
  now: number;
}

const claimOne = prepared((db, { messages }) =>
  db
    .update(messages)
    .set({ claimedBy: sql`${sql.placeholder('by')}`, claimedUntil: sql`${sql.placeholder('until')}` })
    .where(eq(messages.id, sql.placeholder('id'))),
);

export function* claimMessages(tx: Transaction, ids: readonly string[], { by, until }: Claim): Steps<void> {
  for (const id of ids) yield* run(claimOne(tx, { id, by, until }));
}

const dueOf = prepared((db, { messages }, dialect) =>
  lockForClaim(
    dialect,
    db
      .select()
      .from(messages)
      .where(
        and(
          eq(messages.state, 'queued'),
          eq(messages.gateway, sql.placeholder('gateway')),
          lte(messages.dueAt, sql.placeholder('now')),
          lte(messages.claimedUntil, sql.placeholder('now')),
        ),
      )
      .orderBy(asc(messages.dueAt))
      .limit(sql.placeholder('limit')),
  ),
);

/** The oldest due messages of one lane, locked for this transaction. */
export function* getDueOf(
  tx: Transaction,
  lane: string,
  { now, limit }: { now: number; limit: number },
): Steps<Message[]> {
  return yield* run(dueOf(tx, { gateway: lane, now, limit }));
}

/** The oldest due messages of one gateway, claimed. */
export function* claimOf(tx: Transaction, gateway: string, claim: Claim & { limit: number }): Steps<Message[]> {
  const { now, limit } = claim;
  const claimed = yield* run(dueOf(tx, { gateway, now, limit }));
  const ids = claimed.map(({ id }) => id);
  yield* claimMessages(tx, ids, claim);
  return claimed;
}

/** What this dispatcher claimed and did not begin, of all gateways or of one, is free at once. */
export function* releaseClaims(tx: Transaction, by: string, gateway?: string): Steps<void> {
  const { messages } = tx.tables;
  const ofGateway = gateway === undefined ? undefined : eq(messages.gateway, gateway);
  yield* run(
    tx.db
      .update(messages)
      .set({ claimedBy: null, claimedUntil: 0 })
      .where(and(eq(messages.state, 'queued'), eq(messages.claimedBy, by), ofGateway)),
  );
}

/** What an earlier dispatcher claimed and did not begin is free at once. */
export function* releaseClaimsOfOthers(tx: Transaction, by: string): Steps<void> {
  const { messages } = tx.tables;
  yield* run(
    tx.db
      .update(messages)
      .set({ claimedBy: null, claimedUntil: 0 })
      .where(and(eq(messages.state, 'queued'), gt(messages.claimedUntil, 0), ne(messages.claimedBy, by))),
  );
}

// `error is not null` stands in these conditions for the partial index on waiting messages.

const waitingFor = prepared((db, { messages }) =>
  db
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.userId, sql.placeholder('userId')),
        eq(messages.state, 'queued'),
        isNotNull(messages.error),
        isNull(messages.gateway),
        isNull(messages.pinnedGateway),
        gt(messages.dueAt, sql.placeholder('now')),
      ),
    )
    .limit(1),
);

/** Whether a text of this user waits that the user's own phone may carry. */
export function* hasWaiting(tx: Session, userId: number, now: number): Steps<boolean> {
  return (yield* run(waitingFor(tx, { userId, now }))).length > 0;
}

/** The user's own phone can carry again: what waits for it is due. */
export function* wakeWaitingOf(tx: Transaction, userId: number, now: number): Steps<void> {
  const { messages } = tx.tables;
  yield* run(
    tx.db
      .update(messages)
      .set({ dueAt: now })
      .where(
        and(
          eq(messages.userId, userId),
          eq(messages.state, 'queued'),
          isNotNull(messages.error),
          isNull(messages.gateway),
          isNull(messages.pinnedGateway),
          gt(messages.dueAt, now),
        ),
      ),
  );
  tx.announce({ topic: 'queue' });
}

/** A batch of what waits, all of it or what this gateway may carry, is due. False when nothing waits any longer. */
export function* wakeWaiting(
  tx: Transaction,
  { now, limit, gateway }: { now: number; limit: number; gateway?: string | undefined },
): Steps<boolean> {
  const { messages } = tx.tables;
  const waiting = tx.db
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.state, 'queued'),
        isNull(messages.gateway),
        gt(messages.dueAt, now),
        isNotNull(messages.error),
        gateway === undefined ? undefined : or(isNull(messages.pinnedGateway), eq(messages.pinnedGateway, gateway)),
      ),
    )
    .limit(limit);
  const woken = yield* run(
    tx.db.update(messages).set({ dueAt: now }).where(inArray(messages.id, waiting)).returning({ id: messages.id }),
  );
  return woken.length > 0;
}

/** The gateways are others now: a batch of what was routed and not claimed is to be routed again. False when none is. */
export function* unassign(tx: Transaction, now: number, limit: number): Steps<boolean> {
  const { messages } = tx.tables;
  const routed = tx.db
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.state, 'queued'),
        isNotNull(messages.gateway),
        ne(messages.gateway, anyGateway),
        lte(messages.claimedUntil, now),
      ),
    )
    .limit(limit);
  const freed = yield* run(
    tx.db.update(messages).set({ gateway: null }).where(inArray(messages.id, routed)).returning({ id: messages.id }),
  );
  return freed.length > 0;
}
