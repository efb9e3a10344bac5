// Takes what is due and has no gateway, a batch at a time, and finds each message its way: the sender's own phone, a
// gateway, or a wait with a reason.

import { isBinary } from '../message/content.js';
import { reportExpired } from '../message/report.js';
import { chooseRoute, type Way } from '../message/routes.js';
import { assignGateway, claimMessages, getUnrouted, putOff, type Claim } from '../store/queue.js';
import type { Session, Transaction } from '../store/session.js';
import type { Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { expiredReason } from './carry.js';
import { getPhone, type Phone } from './phone.js';
import type { Roster } from './roster.js';
import type { GatewayServices } from './services.js';

/** What waits is looked at again this often, whatever else may wake it. */
export const lookAgainAfterMilliseconds = 60_000;

export interface RoutingBatch {
  services: GatewayServices;
  roster: Roster;
  claim: Claim;
  limit: number;
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
  /** Ids by the reason they wait for. */
  waiting: Map<string, string[]>;
}

export function* routeBatch(tx: Transaction, batch: RoutingBatch): Steps<Routed> {
  const { now } = batch.claim;
  const due = yield* getUnrouted(tx, now, batch.limit);
  for (const message of due)
    if (isExpired(message, now)) yield* reportExpired(tx, { message, reason: expiredReason(message), now });
  const live = due.filter((message) => !isExpired(message, now));
  const phones = yield* phonesOf(tx, batch, live);
  const routed = chooseRoutes(live, phones, yield* batch.roster.ways(tx));
  yield* writeRoutes(tx, batch.claim, routed);
  return { ...routed, found: due.length };
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

function chooseRoutes(messages: readonly Message[], phones: Phones, ways: readonly Way[]): Omit<Routed, 'found'> {
  // Counted here, so that one batch is shared out evenly.
  const gateways = ways.map((way) => ({ ...way }));
  const routed: Omit<Routed, 'found'> = { toPhones: [], toGateways: new Map(), waiting: new Map() };
  for (const message of messages) {
    const phone = message.userId === null ? undefined : phones.get(message.userId);
    const pinned = message.pinnedGateway ?? undefined;
    const route = chooseRoute({ pinned, phone, gateways, isBinary: isBinary(message) });
    if ('wait' in route) add(routed.waiting, route.wait, message.id);
    else if (phone?.id === route.via) routed.toPhones.push({ message, phone, userId: message.userId! });
    else add(routed.toGateways, route.via, message.id);
    const way = 'via' in route && gateways.find(({ id }) => id === route.via);
    if (way) way.work++;
  }
  return routed;
}

function* writeRoutes(
  tx: Transaction,
  claim: Claim,
  { toPhones, toGateways, waiting }: Omit<Routed, 'found'>,
): Steps<void> {
  const until = claim.now + lookAgainAfterMilliseconds;
  for (const [reason, ids] of waiting) yield* putOff(tx, ids, { until, reason });
  for (const [gateway, ids] of toGateways) yield* assignGateway(tx, ids, gateway);
  const toOffer = toPhones.map(({ message }) => message.id);
  if (toOffer.length > 0) yield* claimMessages(tx, toOffer, claim);
}

function add(groups: Map<string, string[]>, name: string, id: string): void {
  const group = groups.get(name);
  if (group) group.push(id);
  else groups.set(name, [id]);
}
