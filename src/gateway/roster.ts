// The gateways as dispatch knows them: their rows, an open bearer for each that can be served, and how much they have to do.

import { countOpen, getGateways } from '../store/gateways.js';
import type { Session } from '../store/session.js';
import { countLane } from '../store/lanes.js';
import type { Gateway, Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUser } from '../store/users.js';
import { readQuota, readReach, type Room } from './allowance.js';
import { openBearer } from './bearers.js';
import { findObstacle, ownerOf, type GatewayHealth, type Hindrance } from './health.js';
import type { GatewayServices } from './services.js';
import { inTurns, type PacedBearer } from './turns.js';
import { type SharedWay, Ways } from './ways.js';

export interface Member {
  row: Gateway;
  bearer: PacedBearer | undefined;
  /** Owner of the phone, for gateways that name one. */
  userId: number | undefined;
  /** Messages routed to it; counted now and then, and kept up in between. */
  work: number;
  /** It could not carry when it was last looked at. */
  isHindered: boolean;
}

const probeAgainMilliseconds = 60_000;

// When the one message has moved, whoever waits is woken before.
function probed(now: number): Hindrance {
  const reason = 'the gateway did not take texts, and is tried with one';
  return { reason, until: now + probeAgainMilliseconds };
}

export class Roster {
  readonly #services: GatewayServices;
  readonly #health: GatewayHealth;
  #members = new Map<string, Member>();

  constructor(services: GatewayServices, health: GatewayHealth) {
    this.#services = services;
    this.#health = health;
  }

  get(id: string): Member | undefined {
    return this.#members.get(id);
  }

  members(): Iterable<Member> {
    return this.#members.values();
  }

  /** Reads the gateways again; a bearer stays open as long as its row says the same. */
  async refresh(): Promise<void> {
    const rows = await this.#services.store.read(withOwners);
    const isKept = (member: Member): boolean =>
      rows.some(({ row, userId }) => row.id === member.row.id && isSameSetup(member, { row, userId }));
    const left = [...this.#members.values()].filter((member) => !isKept(member));
    // Before others are opened: a port is one's own.
    for (const { row, bearer } of left) {
      this.#health.forget(row.id);
      await bearer?.close();
    }
    this.#members = new Map(rows.map(({ row, userId }) => [row.id, this.#member(row, userId)]));
    await this.countWork();
  }

  async countWork(): Promise<void> {
    for (const [id, member] of this.#members)
      member.work = await this.#services.store.read((session) => countOpen(session, id));
  }

  /** The gateways as routing chooses among them for these messages. */
  *ways(session: Session, messages: readonly Pick<Message, 'recipient'>[]): Steps<Ways> {
    const ways: SharedWay[] = [];
    for (const member of this.#members.values()) ways.push(yield* this.#way(session, member, messages));
    return new Ways(ways);
  }

  *#way(session: Session, member: Member, messages: readonly Pick<Message, 'recipient'>[]): Steps<SharedWay> {
    const { row, bearer, work } = member;
    const now = this.#services.now();
    const unserved = bearer ? this.#health.obstacleOf(row.id) : 'the gateway is not set up rightly';
    const obstacle = (yield* findObstacle(session, this.#services, row)) ?? unserved;
    member.isHindered = obstacle !== undefined;
    const hindrance = obstacle === undefined ? this.#health.hindranceOf(row.id, now) : undefined;
    const limited = row.limits && { id: row.id, limits: row.limits };
    return {
      id: row.id,
      type: row.type,
      obstacle: obstacle ?? hindrance?.reason,
      until: hindrance?.until,
      isFailing: this.#health.isFailing(row.id, now),
      work,
      places: bearer?.concurrency ?? 1,
      room: yield* this.#roomOf(session, member, now),
      reach: limited
        ? yield* readReach(session, limited, { numbers: messages.map(({ recipient }) => recipient), now })
        : undefined,
    };
  }

  /** A gateway that failed is tried with one message; one with a quota of the day gets no more than that. */
  *#roomOf(session: Session, member: Member, now: number): Steps<Room | undefined> {
    const { row, work } = member;
    const quota = yield* this.#quotaOf(session, row, now);
    if (!this.#health.isProbing(row.id, now) || (quota && quota.left <= 0)) return quota;
    return { left: 1 - work, full: probed(now) };
  }

  *#quotaOf(session: Session, { id, limits }: Gateway, now: number): Steps<Room | undefined> {
    if (limits?.perDay === undefined) return undefined;
    const quota = yield* readQuota(session, { id, limits }, now);
    return quota && { ...quota, left: quota.left - (yield* countLane(session, id)) };
  }

  /** Whether a gateway could not carry for want of this user's phone. */
  isAwaiting(userId: number): boolean {
    return [...this.#members.values()].some((member) => member.userId === userId && member.isHindered);
  }

  /** What was claimed ahead is carried by nobody; its claims are the caller's to release. */
  giveUpWaiting(): void {
    for (const { bearer } of this.#members.values()) bearer?.giveUpWaiting();
  }

  async close(): Promise<void> {
    for (const { bearer } of this.#members.values()) await bearer?.close();
  }

  #member(row: Gateway, userId: number | undefined): Member {
    const known = this.#members.get(row.id);
    if (known && isSameSetup(known, { row, userId })) return { ...known, row };
    return {
      row,
      userId,
      work: 0,
      isHindered: false,
      bearer: row.active ? this.#open(row, userId) : undefined,
    };
  }

  #open(row: Gateway, userId: number | undefined): PacedBearer | undefined {
    const bearer = openBearer(this.#services, row, userId);
    return bearer && inTurns(bearer, this.#services.now);
  }
}

function* withOwners(session: Session): Steps<{ row: Gateway; userId: number | undefined }[]> {
  const members: { row: Gateway; userId: number | undefined }[] = [];
  for (const row of yield* getGateways(session)) {
    const owner = row.type === 'activesync' ? yield* getUser(session, ownerOf(row)) : undefined;
    members.push({ row, userId: owner?.id });
  }
  return members;
}

function isSameSetup(a: Pick<Member, 'row' | 'userId'>, b: Pick<Member, 'row' | 'userId'>): boolean {
  const setup = ({ row, userId }: Pick<Member, 'row' | 'userId'>): string =>
    JSON.stringify([
      row.type,
      row.active,
      row.options,
      row.type === 'gsm-modem' && row.password,
      row.createdAt,
      userId,
    ]);
  return setup(a) === setup(b);
}
