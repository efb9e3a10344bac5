// Takes what is due and has no gateway, a batch at a time, and finds each message its way: the sender's own phone, a
// gateway, or a wait with a reason.

import { reportExpired, reportFailed } from '../message/report.js';
import { getAttempts } from '../store/attempts.js';
import { anyGateway } from '../store/lanes.js';
import { assignGateway, claimMessages, getDueOf, getUnrouted, putOff, type Claim } from '../store/queue.js';
import type { Session, Transaction } from '../store/session.js';
import type { Attempt, Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { expiredReason } from './carry.js';
import { getPhone, type Phone } from './phone.js';
import type { Roster } from './roster.js';
import type { GatewayServices } from './services.js';
import type { Ways } from './ways.js';

/** What waits is looked at again this often, whatever else may wake it. */
export const lookAgainAfterMilliseconds = 60_000;

export interface Routing {
  services: GatewayServices;
  roster: Roster;
}

export interface RoutingBatch extends Routing {
  claim: Claim;
  limit: number;
  /** The lane that is everybody's, where it is routed as well: some gateway has limits, or none can carry. */
  any: { isLeft: boolean } | undefined;
}

export interface ToPhone {
  message: Message;
  phone: Phone;
  userId: number;
}

export interface Routed {
  /** How many messages were looked at. */
  found: number;
  /** Claimed for the senders' own phones, to be offered at once. */
  toPhones: ToPhone[];
  /** Ids by the gateway they were routed to. */
  toGateways: Map<string, string[]>;
}

interface Choices extends Omit<Routed, 'found'> {
  /** Ids by what they wait for. */
  waiting: Map<string, { until: number | undefined; ids: string[] }>;
  refusedByAll: Message[];
}

export function* routeBatch(tx: Transaction, batch: RoutingBatch): Steps<Routed> {
  const { now } = batch.claim;
  const due = yield* getUnrouted(tx, now, batch.limit);
  const left = batch.limit - due.length;
  if (batch.any && left > 0) {
    const anybodys = yield* getDueOf(tx, anyGateway, { now, limit: left });
    // Here and not after the commit: what is accepted with the same commit is announced after it.
    batch.any.isLeft = anybodys.length === left;
    due.push(...anybodys);
  }
  for (const message of due)
    if (isExpired(message, now)) yield* reportExpired(tx, { message, reason: expiredReason(message), now });
  const live = due.filter((message) => !isExpired(message, now));
  const phones = yield* phonesOf(tx, batch, live);
  const tried = yield* attemptsOf(tx, live);
  const ways = yield* batch.roster.ways(tx, live);
  const choices = chooseRoutes(live, { phones, tried, ways });
  yield* writeRoutes(tx, batch.claim, choices);
  return { ...choices, found: due.length };
}

function isExpired({ expiresAt }: Message, now: number): boolean {
  return expiresAt <= now;
}

type Phones = Map<number, Phone>;

/** The elected phones of all whose texts may go out through them. */
function* phonesOf(session: Session, { services, claim }: RoutingBatch, messages: readonly Message[]): Steps<Phones> {
  const unpinned = messages.filter(({ pinnedGateway }) => pinnedGateway === null);
  const phones: Phones = new Map();
  for (const userId of new Set(unpinned.flatMap((message) => message.userId ?? []))) {
    const phone = yield* getPhone(session, services.store, { userId, now: claim.now });
    if (phone) phones.set(userId, phone);
  }
  return phones;
}

type Tried = Map<string, Attempt[]>;

/** Of the messages that were tried before: whoever waits says why, so that a new one costs no look. */
function* attemptsOf(session: Session, messages: readonly Message[]): Steps<Tried> {
  const tried: Tried = new Map();
  for (const { id, error, pinnedGateway } of messages)
    if (error !== null && pinnedGateway === null) tried.set(id, yield* getAttempts(session, id));
  return tried;
}

interface Found {
  phones: Phones;
  tried: Tried;
  ways: Ways;
}

function chooseRoutes(messages: readonly Message[], { phones, tried, ways }: Found): Choices {
  const choices: Choices = { toPhones: [], toGateways: new Map(), waiting: new Map(), refusedByAll: [] };
  for (const message of messages) {
    const phone = message.userId === null ? undefined : phones.get(message.userId);
    const route = ways.choose({ message, phone, attempts: tried.get(message.id) ?? [] });
    if (!route) choices.refusedByAll.push(message);
    else if ('wait' in route) addWaiting(choices, message.id, route);
    else if (phone?.id === route.via) choices.toPhones.push({ message, phone, userId: message.userId! });
    else {
      ways.give(route.via, message.recipient);
      const ids = choices.toGateways.get(route.via);
      if (ids) ids.push(message.id);
      else choices.toGateways.set(route.via, [message.id]);
    }
  }
  return choices;
}

function addWaiting({ waiting }: Choices, id: string, { wait, until }: { wait: string; until?: number }): void {
  const group = waiting.get(wait);
  if (group) group.ids.push(id);
  else waiting.set(wait, { until, ids: [id] });
}

function* writeRoutes(tx: Transaction, claim: Claim, choices: Choices): Steps<void> {
  const { now } = claim;
  const lookAgainAt = now + lookAgainAfterMilliseconds;
  for (const [reason, { until, ids }] of choices.waiting)
    yield* putOff(tx, ids, { until: until === undefined ? lookAgainAt : Math.max(until, now + 1), reason });
  for (const [gateway, ids] of choices.toGateways) yield* assignGateway(tx, ids, gateway);
  for (const message of choices.refusedByAll)
    yield* reportFailed(tx, { message, reason: message.error ?? 'every gateway refused it', now });
  const toOffer = choices.toPhones.map(({ message }) => message.id);
  if (toOffer.length > 0) yield* claimMessages(tx, toOffer, claim);
}

/** The ways that are left to a message, beside the one that just came to nothing. */
export interface Others {
  /** One that was not tried could carry it at once. */
  isUntried: boolean;
  /** One has not refused it, and may carry it, now or later. */
  isAnyLeft: boolean;
}

export function* findOthers(session: Session, { services, roster }: Routing, message: Message): Steps<Others> {
  const phone =
    message.userId === null
      ? undefined
      : yield* getPhone(session, services.store, { userId: message.userId, now: services.now() });
  const attempts = yield* getAttempts(session, message.id);
  const ways = yield* roster.ways(session, [message]);
  const travelling = { message, phone, attempts };
  return { isUntried: ways.hasUntried(travelling), isAnyLeft: ways.hasAnyLeft(travelling) };
}
