// How a gateway is doing, for people and for load balancing.

import { countOpen, countSent } from '../store/gateways.js';
import type { Session } from '../store/session.js';
import type { Gateway } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUser } from '../store/users.js';
import type { CarryOutcome } from './carry.js';
import { getPhone } from './phone.js';
import type { GatewayServices } from './services.js';

export type Health = 'up' | 'down' | 'degraded';

/** A gateway that could not send is asked after all others for so long, and then again like them. */
const avoidedForMilliseconds = 60_000;

/** What the last attempts of each gateway came to, since this server runs. */
export class GatewayHealth {
  readonly #last = new Map<string, { outcome: CarryOutcome['outcome']; at: number }>();

  note(gateway: string, outcome: CarryOutcome['outcome'], at: number): void {
    if (outcome !== 'left' && outcome !== 'expired') this.#last.set(gateway, { outcome, at });
  }

  forget(gateway: string): void {
    this.#last.delete(gateway);
  }

  isFailing(gateway: string, now: number): boolean {
    return this.of(gateway) === 'down' && now < this.#last.get(gateway)!.at + avoidedForMilliseconds;
  }

  /** A gateway that refuses or loses track of a text works, but somebody should look at it. */
  of(gateway: string): Health {
    const outcome = this.#last.get(gateway)?.outcome;
    if (outcome === 'try-later') return 'down';
    return outcome === 'refused' || outcome === 'unknown' ? 'degraded' : 'up';
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
    const obstacle = yield* findObstacle(session, services, gateway);
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
