// How a gateway is doing, for people and for load balancing.

import { countOpen, countSent } from '../store/gateways.js';
import type { Session } from '../store/session.js';
import type { Gateway } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUser } from '../store/users.js';
import type { CarryOutcome } from './carry.js';
import { Circuit } from './circuit.js';
import { getPhone } from './phone.js';
import type { GatewayServices } from './services.js';

export type Health =
  | 'up'
  | 'degraded' // it refused the last text, lost track of it, or asked for time
  | 'down'; // it did not take the last text

/** A gateway whose last texts did not go out is asked after all others for so long, and then again like them. */
const avoidedForMilliseconds = 60_000;
/** A refusal may be the number's fault; so many in a row are the gateway's. */
const refusalsToAvoid = 3;
/** A bearer that has an obstacle says by itself when that is gone. */
const lookAgainMilliseconds = 60_000;
/** No gateway is left alone for longer, whatever it asks for. */
const longestWaitMilliseconds = 24 * 60 * 60_000;

/** Why nothing goes through a gateway just now. */
export interface Hindrance {
  /** In words. */
  reason: string;
  /** When it may be over. */
  until: number;
}

interface Record {
  readonly circuit: Circuit;
  last: { outcome: CarryOutcome['outcome']; at: number };
  /** In a row. */
  refusals: number;
  /** Of the last failure. */
  reason: string;
  /** With the last failure it said when to come back. */
  isBusy: boolean;
}

/** `opened`: it gets nothing for a while. `closed`: it does again. */
export type HealthChange = 'opened' | 'closed' | undefined;

/** What the last attempts of each gateway came to, since this server runs. */
export class GatewayHealth {
  readonly #records = new Map<string, Record>();
  /** Limits that hold up a lane. */
  readonly #paces = new Map<string, Hindrance>();
  /** What bearers say of themselves. */
  readonly #obstacles = new Map<string, string>();
  readonly #pauseOf: (openings: number) => number;

  /** `pauseOf`: milliseconds until a gateway that keeps failing is tried again, by how often that was so. */
  constructor(pauseOf: (openings: number) => number = (openings) => 5_000 * openings) {
    this.#pauseOf = pauseOf;
  }

  note(gateway: string, carried: CarryOutcome, at: number): HealthChange {
    const { outcome } = carried;
    if (outcome === 'left' || outcome === 'expired') return undefined;
    const record = this.#record(gateway, outcome, at);
    record.refusals = outcome === 'refused' ? record.refusals + 1 : 0;
    if (outcome !== 'try-later' && outcome !== 'unknown') return record.circuit.succeed(at) ? 'closed' : undefined;
    record.reason = carried.reason;
    record.isBusy = carried.retryAfterSeconds !== undefined;
    return this.#noteFailure(record, carried.retryAfterSeconds, at) ? 'opened' : undefined;
  }

  #noteFailure({ circuit }: Record, retryAfterSeconds: number | undefined, at: number): boolean {
    if (retryAfterSeconds === undefined) return circuit.fail(at, this.#pauseOf);
    return circuit.waitUntil(at + Math.min(retryAfterSeconds * 1000, longestWaitMilliseconds), at);
  }

  #record(gateway: string, outcome: CarryOutcome['outcome'], at: number): Record {
    const record = this.#records.get(gateway) ?? {
      circuit: new Circuit(),
      refusals: 0,
      reason: '',
      isBusy: false,
      last: { outcome, at },
    };
    this.#records.set(gateway, record);
    record.last = { outcome, at };
    return record;
  }

  /** A bearer says by itself that it can carry nothing now, or that it can. */
  noteLine(gateway: string, obstacle: string | undefined): HealthChange {
    const wasShut = this.#obstacles.has(gateway);
    if (obstacle === undefined) this.#obstacles.delete(gateway);
    else this.#obstacles.set(gateway, obstacle);
    if (wasShut === (obstacle !== undefined)) return undefined;
    // What failed before it came back proves nothing of now.
    if (wasShut) this.#records.delete(gateway);
    return wasShut ? 'closed' : 'opened';
  }

  /** Why its bearer can carry nothing, as that says by itself. */
  obstacleOf(gateway: string): string | undefined {
    return this.#obstacles.get(gateway);
  }

  forget(gateway: string): void {
    this.#records.delete(gateway);
    this.#obstacles.delete(gateway);
    this.#paces.delete(gateway);
  }

  /** Its limits let nothing through for now, or again. */
  pace(gateway: string, hindrance: Hindrance | undefined): void {
    if (hindrance) this.#paces.set(gateway, hindrance);
    else this.#paces.delete(gateway);
  }

  /** Why what was routed to it does not move on, if its limits are the reason. */
  paceOf(gateway: string, now: number): Hindrance | undefined {
    const pace = this.#paces.get(gateway);
    return pace && now < pace.until ? pace : undefined;
  }

  /** When the next lane that its limits hold up moves on. */
  nextPace(now: number): number | undefined {
    const times = [...this.#paces.values()].map(({ until }) => until).filter((until) => until > now);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** Why nothing is given to it, if it keeps failing. */
  hindranceOf(gateway: string, now: number): Hindrance | undefined {
    const obstacle = this.#obstacles.get(gateway);
    if (obstacle !== undefined) return { reason: obstacle, until: now + lookAgainMilliseconds };
    const record = this.#records.get(gateway);
    if (!record || record.circuit.state(now) !== 'open') return undefined;
    return { reason: `the gateway does not take texts just now: ${record.reason}`, until: record.circuit.openUntil! };
  }

  /** It may have one message, to see whether it works again. */
  isProbing(gateway: string, now: number): boolean {
    return this.#records.get(gateway)?.circuit.state(now) === 'probing';
  }

  /** Others are asked first. */
  isFailing(gateway: string, now: number): boolean {
    const record = this.#records.get(gateway);
    if (!record || now >= record.last.at + avoidedForMilliseconds) return false;
    const { outcome } = record.last;
    return outcome === 'try-later' || outcome === 'unknown' || record.refusals >= refusalsToAvoid;
  }

  of(gateway: string): Health {
    if (this.#obstacles.has(gateway)) return 'down';
    const record = this.#records.get(gateway);
    if (!record) return 'up';
    const { circuit, isBusy, last } = record;
    if (last.outcome === 'sent' || last.outcome === 'offered') return 'up';
    const isShut = last.outcome === 'try-later' || circuit.openUntil !== undefined;
    return isShut && !isBusy ? 'down' : 'degraded';
  }
}

export interface GatewayStatus {
  health: Health;
  lastError: string | null;
  /** Messages routed to it whose outcome is awaited. */
  queued: number;
  sent: number;
}

export interface StatusServices extends Pick<GatewayServices, 'store' | 'now'> {
  health: GatewayHealth;
}

/** What is shown of a gateway beside its configuration. */
export async function getGatewayStatus(services: StatusServices, gateway: Gateway): Promise<GatewayStatus> {
  return services.store.read(function* (session) {
    const obstacle = (yield* findObstacle(session, services, gateway)) ?? services.health.obstacleOf(gateway.id);
    return {
      health: obstacle === undefined ? services.health.of(gateway.id) : 'down',
      lastError: obstacle ?? gateway.lastError,
      queued: yield* countOpen(session, gateway.id),
      sent: yield* countSent(session, gateway.id),
    };
  });
}

/** Why a gateway cannot carry anything now, in words. */
export function* findObstacle(
  session: Session,
  { store, now }: Pick<GatewayServices, 'store' | 'now'>,
  gateway: Gateway,
): Steps<string | undefined> {
  if (!gateway.active) return 'the gateway is switched off';
  if (gateway.type !== 'activesync') return undefined;
  const owner = yield* getUser(session, ownerOf(gateway));
  if (!owner) return 'there is no user with the address the gateway names';
  const phone = yield* getPhone(session, store, { userId: owner.id, now: now() });
  return phone ? phone.obstacle : 'no phone of this user was elected';
}

/** The address of the user whose elected phone a gateway of type `activesync` sends through. */
export function ownerOf({ options }: Gateway): string {
  return typeof options['user'] === 'string' ? options['user'].toLowerCase() : '';
}
