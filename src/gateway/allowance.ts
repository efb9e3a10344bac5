// What a gateway may carry, by its limits. It is counted in the commit that writes the attempt, before the bearer acts: a
// crash in between counts a text that was not sent, and never one too few.

import { dayOf, minuteOf, monthOf } from '../store/local-calendar.js';
import {
  addRecipient,
  countRecipients,
  countUse,
  getKnownRecipients,
  getUse,
  giveBackUse,
  removeRecipient,
  type Use,
  type UsedRecipient,
} from '../store/gateway-usage.js';
import type { Session, Transaction } from '../store/session.js';
import type { GatewayLimits } from '../store/states.js';
import type { Steps } from '../store/transaction.js';
import type { Hindrance } from './health.js';

export interface Limited {
  id: string;
  limits: GatewayLimits;
}

/** How many more messages it may carry for now, and what to say when there are none. */
export interface Room {
  left: number;
  full: Hindrance;
}

/** How many more numbers it may write to this month. */
export interface Reach extends Room {
  /** Those it has written to, of the ones that were asked for. */
  known: Set<string>;
}

const pausePeriod = 'pause';

/** What of this minute is left, and whether it pauses: short enough to wait for in line. */
export function* readPace(session: Session, { id, limits }: Limited, now: number): Steps<Room | undefined> {
  const { perMinute, pauseSeconds } = limits;
  if (perMinute === undefined && pauseSeconds === undefined) return undefined;
  return paceOf(limits, yield* getUse(session, id, now), now);
}

/** What of this day is left. */
export function* readQuota(session: Session, { id, limits }: Limited, now: number): Steps<Room | undefined> {
  return limits.perDay === undefined ? undefined : quotaOf(limits, yield* getUse(session, id, now), now);
}

/** Which numbers of these it may write to. */
export function* readReach(
  session: Session,
  { id: gateway, limits }: Limited,
  { numbers, now }: { numbers: readonly string[]; now: number },
): Steps<Reach | undefined> {
  const most = limits.uniqueRecipientsPerMonth;
  if (most === undefined) return undefined;
  const { name: month, endsAt: until } = monthOf(now);
  const known = new Set(yield* getKnownRecipients(session, { gateway, month }, numbers));
  const left = most - (yield* countRecipients(session, gateway, month));
  return { left, known, full: { reason: 'the gateway has written to as many numbers as it may this month', until } };
}

function paceOf({ perMinute, pauseSeconds }: GatewayLimits, use: readonly Use[], now: number): Room | undefined {
  const rooms: Room[] = [];
  if (perMinute !== undefined) {
    const { name, endsAt: until } = minuteOf(now);
    const full = { reason: 'the gateway has carried as many texts as it may in a minute', until };
    rooms.push({ left: perMinute - messagesIn(use, name), full });
  }
  if (pauseSeconds !== undefined) {
    const until = use.find(({ period }) => period === pausePeriod)?.endsAt ?? now;
    rooms.push({ left: until > now ? 0 : 1, full: { reason: 'the gateway pauses between two texts', until } });
  }
  return rooms.sort((a, b) => a.left - b.left || b.full.until - a.full.until)[0];
}

function quotaOf({ perDay }: GatewayLimits, use: readonly Use[], now: number): Room | undefined {
  if (perDay === undefined) return undefined;
  const { name, endsAt: until } = dayOf(now);
  const full = { reason: 'the gateway has carried as many texts as it may in a day', until };
  return { left: perDay - messagesIn(use, name), full };
}

function messagesIn(use: readonly Use[], name: string): number {
  return use.find(({ period }) => period === name)?.messages ?? 0;
}

export interface LimitedText extends Limited {
  recipient: string;
  now: number;
}

/** What an attempt has used up, as far as it may be given back. */
export interface Taken {
  gateway: string;
  day?: string;
  recipient?: UsedRecipient;
}

export class Allowances {
  /** Numbers that attempts under way were the first to write to, as long as no other attempt builds on that. */
  readonly #unsettled = new Set<string>();

  /** What keeps a gateway from carrying this text now. */
  *findHindrance(tx: Session, { id, limits, recipient, now }: LimitedText): Steps<Hindrance | undefined> {
    const use = yield* getUse(tx, id, now);
    const full = [paceOf(limits, use, now), quotaOf(limits, use, now)].find((room) => room && room.left <= 0);
    if (full) return full.full;
    const reach = yield* readReach(tx, { id, limits }, { numbers: [recipient], now });
    return reach && reach.left <= 0 && !reach.known.has(recipient) ? reach.full : undefined;
  }

  /** Part of the commit that writes the attempt. */
  *take(tx: Transaction, { id: gateway, limits, recipient, now }: LimitedText): Steps<Taken> {
    const taken: Taken = { gateway };
    if (limits.perMinute !== undefined) yield* count(tx, gateway, minuteOf(now));
    if (limits.pauseSeconds !== undefined)
      yield* count(tx, gateway, { name: pausePeriod, endsAt: now + limits.pauseSeconds * 1000 });
    if (limits.perDay !== undefined) {
      taken.day = dayOf(now).name;
      yield* count(tx, gateway, dayOf(now));
    }
    if (limits.uniqueRecipientsPerMonth !== undefined)
      taken.recipient = yield* this.#takeRecipient(tx, { gateway, month: monthOf(now).name, recipient });
    return taken;
  }

  *#takeRecipient(tx: Transaction, used: UsedRecipient): Steps<UsedRecipient> {
    if (yield* addRecipient(tx, used)) this.#unsettled.add(keyOf(used));
    else this.#unsettled.delete(keyOf(used));
    return used;
  }

  /** Part of the commit that says that the text surely was not sent. Requests of a minute and pauses stay used. */
  *giveBack(tx: Transaction, { gateway, day, recipient }: Taken): Steps<void> {
    if (day !== undefined) yield* giveBackUse(tx, gateway, day);
    if (recipient && this.#unsettled.delete(keyOf(recipient))) yield* removeRecipient(tx, recipient);
  }

  /** It was sent, or may have been. */
  keep({ recipient }: Taken): void {
    if (recipient) this.#unsettled.delete(keyOf(recipient));
  }
}

function* count(tx: Transaction, gateway: string, { name, endsAt }: { name: string; endsAt: number }): Steps<void> {
  yield* countUse(tx, gateway, { period: name, endsAt });
}

function keyOf({ gateway, month, recipient }: UsedRecipient): string {
  return [gateway, month, recipient].join(' ');
}
