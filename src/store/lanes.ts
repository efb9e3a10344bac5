// Lanes: messages that were routed to one gateway and wait for their turn there.

import { and, asc, count, eq, inArray, isNull, lte } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import type { Message } from './tables.js';
import { run, type Steps } from './transaction.js';

/**
 * The lane of messages that any gateway may carry as soon as it has a place: they wait in it from the moment they are
 * accepted. No id of a gateway is written so.
 */
export const anyGateway = '*';

/** The gateway that a message was given to, or is meant for; null while any may carry it. */
export function gatewayOf({ gateway, pinnedGateway }: Pick<Message, 'gateway' | 'pinnedGateway'>): string | null {
  return (gateway === anyGateway ? null : gateway) ?? pinnedGateway;
}

export interface Lane {
  gateway: string;
  now: number;
  limit: number;
}

/** A batch of what nobody claimed, all of it or what has expired, is to be routed again. False when nothing is left. */
export function* freeLane(
  tx: Transaction,
  { gateway, now, limit }: Lane,
  which: 'all' | 'expired' = 'all',
): Steps<boolean> {
  const { messages } = tx.tables;
  const routed = tx.db
    .select({ id: messages.id })
    .from(messages)
    .where(and(isUnclaimed(tx, { gateway, now }), which === 'all' ? undefined : lte(messages.expiresAt, now)))
    .limit(limit);
  const freed = yield* run(
    tx.db.update(messages).set({ gateway: null }).where(inArray(messages.id, routed)).returning({ id: messages.id }),
  );
  return freed.length > 0;
}

/**
 * Moves the oldest messages of a lane into another: those that may go anywhere and were tried nowhere yet. Answers how
 * many.
 */
export function* shareLane(tx: Transaction, { gateway, now, limit }: Lane, to: string): Steps<number> {
  const { messages } = tx.tables;
  const moving = tx.db
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        isUnclaimed(tx, { gateway, now }),
        isNull(messages.pinnedGateway),
        isNull(messages.error),
        isNull(messages.properties),
      ),
    )
    .orderBy(asc(messages.dueAt))
    .limit(limit);
  const moved = yield* run(
    tx.db.update(messages).set({ gateway: to }).where(inArray(messages.id, moving)).returning({ id: messages.id }),
  );
  return moved.length;
}

function isUnclaimed({ tables: { messages } }: Session, { gateway, now }: Pick<Lane, 'gateway' | 'now'>) {
  return and(eq(messages.state, 'queued'), eq(messages.gateway, gateway), lte(messages.claimedUntil, now));
}

/** Messages that wait in a lane and were not begun. */
export function* countLane(tx: Session, gateway: string): Steps<number> {
  const { messages } = tx.tables;
  const queued = and(eq(messages.state, 'queued'), eq(messages.gateway, gateway));
  return (yield* run(tx.db.select({ n: count() }).from(messages).where(queued)))[0]!.n;
}
