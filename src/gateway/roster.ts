// The gateways as dispatch knows them: their rows, an open bearer for each that can be served, and how much they have to do.

import type { Way } from '../message/routes.js';
import { countOpen, getGateways } from '../store/gateways.js';
import type { Session } from '../store/session.js';
import type { Gateway } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUser } from '../store/users.js';
import type { Bearer } from './bearer.js';
import { openBearer } from './bearers.js';
import { findObstacle, ownerOf, type GatewayHealth } from './health.js';
import type { GatewayServices } from './services.js';

export interface Member {
  row: Gateway;
  bearer: Bearer | undefined;
  /** Owner of the phone, for gateways that name one. */
  userId: number | undefined;
  /** Messages routed to it; counted now and then, and kept up in between. */
  work: number;
  /** It could not carry when it was last looked at. */
  isHindered: boolean;
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
    const members = rows.map(({ row, userId }): [string, Member] => [row.id, this.#member(row, userId)]);
    const left = [...this.#members.values()].filter(({ bearer }) => !members.some(([, now]) => now.bearer === bearer));
    this.#members = new Map(members);
    for (const { row, bearer } of left) {
      this.#health.forget(row.id);
      await bearer?.close();
    }
    await this.countWork();
  }

  async countWork(): Promise<void> {
    for (const [id, member] of this.#members)
      member.work = await this.#services.store.read((session) => countOpen(session, id));
  }

  /** The gateways as routing chooses among them. */
  *ways(session: Session): Steps<Way[]> {
    const ways: Way[] = [];
    for (const member of this.#members.values()) {
      const { row, bearer, work } = member;
      const unserved = bearer ? undefined : 'the gateway is not set up rightly';
      const obstacle = (yield* findObstacle(session, this.#services, row)) ?? unserved;
      member.isHindered = obstacle !== undefined;
      const isFailing = this.#health.isFailing(row.id, this.#services.now());
      ways.push({ id: row.id, obstacle, isFailing, work, isPhone: row.type === 'activesync' });
    }
    return ways;
  }

  /** Whether a gateway could not carry for want of this user's phone. */
  isAwaiting(userId: number): boolean {
    return [...this.#members.values()].some((member) => member.userId === userId && member.isHindered);
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
      bearer: row.active ? openBearer(this.#services, row, userId) : undefined,
    };
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
    JSON.stringify([row.type, row.active, row.options, row.createdAt, userId]);
  return setup(a) === setup(b);
}
