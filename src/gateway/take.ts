// What gateways with a free place carry next: taken from the queue and begun in one commit, the outcomes of what they carried
// before in the same. Who has limits, or a line that may not be ready, claims first (lanes.ts).

import { expiredReason } from './carry.js';
import { reportExpired } from '../message/report.js';
import { chooseGateway, type Way } from '../message/routes.js';
import { beginTaken } from '../store/attempts.js';
import { anyGateway } from '../store/lanes.js';
import { getDueOf } from '../store/queue.js';
import type { Transaction } from '../store/session.js';
import type { Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import type { Lanes } from './lanes.js';
import type { Member } from './roster.js';

/** A message whose attempt is written. */
export interface Begun {
  message: Message;
  member: Member;
  /** It lay in nobody's lane. */
  wasAnybodys: boolean;
}

/** A gateway with free places. */
interface Taker extends Way {
  member: Member;
  left: number;
}

/** Whether messages are begun for it as it is given them. */
export function isFilledAtOnce({ row, bearer }: Member): boolean {
  return bearer?.beginsAtOnce === true && !row.limits;
}

/** Whether texts that any gateway may carry need no routing: each gateway takes them at once and without limits. */
export function areTakenAtOnce({ roster, health, services }: Lanes): boolean {
  const now = services.now();
  const members = [...roster.members()].filter(({ bearer }) => bearer);
  return members.every(isFilledAtOnce) && members.some(({ row }) => !health.hindranceOf(row.id, now));
}

/** Places that become free with this commit, by gateway. */
export type Freed = ReadonlyMap<string, number>;

/**
 * Fills the free places, and hands what it begins to `taken`. Whoever asks carries them once they are on disk, or lets
 * their places go (`InFlight.letGo`) where they do not get there.
 */
export function* takeNext(tx: Transaction, lanes: Lanes, taken: Begun[], freed?: Freed): Steps<void> {
  const takers = takersOf(lanes, freed);
  for (const taker of takers) {
    const inLane = taker.member.work - lanes.inFlight.count(taker.id);
    const most = Math.min(inLane, taker.left);
    if (most <= 0) continue;
    for (const message of yield* readDue(tx, lanes, taker.id, most))
      taken.push(yield* begin(tx, lanes, { message, taker }));
  }
  if (lanes.any.isLeft && areTakenAtOnce(lanes)) yield* takeAny(tx, lanes, { takers, taken });
}

function takersOf(lanes: Lanes, freed: ReadonlyMap<string, number> | undefined): Taker[] {
  const { roster, health, inFlight, services } = lanes;
  const now = services.now();
  const takers: Taker[] = [];
  for (const member of roster.members()) {
    const { row, bearer, work } = member;
    if (!bearer || !isFilledAtOnce(member) || health.hindranceOf(row.id, now)) continue;
    const { id, type } = row;
    const held = inFlight.count(id) - (freed?.get(id) ?? 0);
    const left = (health.isProbing(id, now) ? 1 : bearer.concurrency) - held;
    const isFailing = health.isFailing(id, now);
    if (left > 0)
      takers.push({ id, type, obstacle: undefined, isFailing, work, places: bearer.concurrency, member, left });
  }
  return takers;
}

function* readDue(tx: Transaction, lanes: Lanes, lane: string, limit: number): Steps<Message[]> {
  return yield* withoutExpired(tx, lanes, yield* getDueOf(tx, lane, { now: lanes.services.now(), limit }));
}

// Noted while the transaction runs: what is accepted later, even with the same commit, is announced after it.
function* readAny(tx: Transaction, lanes: Lanes, limit: number): Steps<Message[]> {
  const due = yield* getDueOf(tx, anyGateway, { now: lanes.services.now(), limit });
  lanes.any.isLeft = due.length === limit;
  return yield* withoutExpired(tx, lanes, due);
}

/** What has expired is told, and goes nowhere. */
function* withoutExpired(tx: Transaction, { services }: Lanes, due: Message[]): Steps<Message[]> {
  const now = services.now();
  const live = due.filter(({ expiresAt }) => expiresAt > now);
  if (live.length === due.length) return due;
  for (const message of due)
    if (message.expiresAt <= now) yield* reportExpired(tx, { message, reason: expiredReason(message), now });
  return live;
}

/** Each to the one with the least to do; one that fails only where no other is. */
function* takeAny(tx: Transaction, lanes: Lanes, { takers, taken }: { takers: Taker[]; taken: Begun[] }): Steps<void> {
  const asked = withoutFailing(lanes, takers);
  const limit = asked.reduce((sum, { left }) => sum + left, 0);
  if (limit <= 0) return;
  for (const message of yield* readAny(tx, lanes, limit)) {
    const taker = chooseGateway(asked.filter(({ left }) => left > 0)) as Taker;
    taker.work++;
    taken.push(yield* begin(tx, lanes, { message, taker }));
  }
}

function withoutFailing({ roster, health, services }: Lanes, takers: readonly Taker[]): readonly Taker[] {
  const now = services.now();
  const isWell = ({ row, bearer }: Member): boolean =>
    bearer !== undefined && !health.hindranceOf(row.id, now) && !health.isFailing(row.id, now);
  return [...roster.members()].some(isWell) ? takers.filter(({ isFailing }) => !isFailing) : takers;
}

function* begin(tx: Transaction, lanes: Lanes, { message, taker }: { message: Message; taker: Taker }): Steps<Begun> {
  const { member } = taker;
  const now = lanes.services.now();
  yield* beginTaken(tx, { id: message.id, gateway: taker.id, by: lanes.claim(now).by, now });
  taker.left--;
  lanes.inFlight.hold(taker.id);
  const wasAnybodys = message.gateway === anyGateway;
  // The row is nobody else's; a copy by spreading would be slow to read all along the way.
  return { message: Object.assign(message, { state: 'sending' as const, gateway: taker.id }), member, wasAnybodys };
}
