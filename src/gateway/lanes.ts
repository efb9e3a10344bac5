// Empties the lanes: every gateway gets as many of its messages as it takes at a time and as its limits allow, and one
// that has nothing to do takes over from the longest lane.

import { claimOf, type Claim } from '../store/queue.js';
import { freeLane, shareLane } from '../store/lanes.js';
import type { Transaction } from '../store/session.js';
import type { Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { readPace, type Room } from './allowance.js';
import type { GatewayHealth } from './health.js';
import type { InFlight } from './in-flight.js';
import type { Member, Roster } from './roster.js';
import type { GatewayServices } from './services.js';
import { areTakenAtOnce, type Begun, isFilledAtOnce, takeNext } from './take.js';

export interface Lanes {
  readonly services: GatewayServices;
  readonly roster: Roster;
  readonly health: GatewayHealth;
  readonly inFlight: InFlight;
  /** Whether the lane that is everybody's may hold more than was taken from it. */
  readonly any: { isLeft: boolean };
  readonly claim: (now: number) => Claim;
  readonly carry: (message: Message, member: Member) => void;
  /** Messages that `takeNext` began, now that they are on disk; and where they are not. */
  readonly carryOn: (taken: readonly Begun[]) => void;
  readonly letGo: (taken: readonly Begun[]) => void;
}

const batchSize = 50;

export async function fillGateways(lanes: Lanes): Promise<void> {
  await shareOut(lanes);
  await fillAtOnce(lanes);
  for (const member of lanes.roster.members()) {
    const places = isFilledAtOnce(member) ? 0 : placesOf(lanes, member);
    if (places <= 0) continue;
    const { services, claim } = lanes;
    const taking = { member, health: lanes.health, claim: { ...claim(services.now()), limit: places } };
    const claimed = await services.store.transact((tx) => claimNext(tx, taking));
    for (const message of claimed) lanes.carry(message, member);
  }
}

async function fillAtOnce(lanes: Lanes): Promise<void> {
  const isAnyLeft = lanes.any.isLeft && areTakenAtOnce(lanes);
  if (!isAnyLeft && ![...lanes.roster.members()].some((member) => hasMore(lanes, member))) return;
  const taken: Begun[] = [];
  try {
    await lanes.services.store.transact((tx) => takeNext(tx, lanes, taken));
  } catch (error) {
    lanes.letGo(taken);
    throw error;
  }
  lanes.carryOn(taken);
}

function hasMore({ inFlight }: Lanes, member: Member): boolean {
  return isFilledAtOnce(member) && member.work > inFlight.count(member.row.id);
}

/** How many more messages it takes just now, those that wait for a place included. */
function placesOf({ services, health, inFlight }: Lanes, { row, bearer, work }: Member): number {
  const held = inFlight.count(row.id);
  if (!bearer || work <= held) return 0;
  const now = services.now();
  if (health.hindranceOf(row.id, now)) return 0;
  if (health.isProbing(row.id, now)) return 1 - held;
  // What its limits let through is counted when it is begun: nobody may wait for that in the line.
  return bearer.concurrency + (row.limits ? 0 : bearer.ahead()) - held;
}

interface Taking {
  member: Member;
  health: GatewayHealth;
  claim: Claim & { limit: number };
}

function* claimNext(tx: Transaction, { member, health, claim }: Taking): Steps<Message[]> {
  const { id, limits } = member.row;
  if (!limits) return yield* claimOf(tx, id, claim);
  const pace = yield* readPace(tx, { id, limits }, claim.now);
  health.pace(id, isFull(pace) ? pace.full : undefined);
  const limit = Math.min(claim.limit, pace?.left ?? Infinity);
  return limit > 0 ? yield* claimOf(tx, id, { ...claim, limit }) : [];
}

function isFull(room: Room | undefined): room is Room {
  return room !== undefined && room.left <= 0;
}

/** A slow gateway does not keep what a quick one could have sent. */
async function shareOut(lanes: Lanes): Promise<void> {
  const { services, roster, inFlight } = lanes;
  const members = [...roster.members()];
  const idle = members.find((member) => isIdle(lanes, member));
  if (!idle) return;
  const waiting = ({ row, work }: Member): number => work - inFlight.count(row.id);
  const [busiest] = members.sort((a, b) => waiting(b) - waiting(a));
  const most = busiest ? Math.min(batchSize, Math.ceil(waiting(busiest) / 2)) : 0;
  if (!busiest?.bearer || waiting(busiest) <= busiest.bearer.concurrency) return;
  const from = { gateway: busiest.row.id, now: services.now(), limit: most };
  const moved = await services.store.transact((tx) => shareLane(tx, from, idle.row.id));
  busiest.work -= moved;
  idle.work += moved;
}

// A gateway with limits gets what routing gives it: there they are weighed.
function isIdle({ services, health }: Lanes, { row, bearer, work, isHindered }: Member): boolean {
  const now = services.now();
  if (!bearer || work > 0 || isHindered || row.limits) return false;
  return !health.hindranceOf(row.id, now) && !health.isProbing(row.id, now) && !health.isFailing(row.id, now);
}

/** What lay in a lane too long is told: it is not looked at before its turn. */
export async function freeExpired({ services, roster }: Pick<Lanes, 'services' | 'roster'>): Promise<void> {
  const { store, now } = services;
  for (const { row, work } of roster.members()) {
    const lane = { gateway: row.id, now: now(), limit: batchSize };
    while (work > 0 && (await store.transact((tx) => freeLane(tx, lane, 'expired'))));
  }
}
