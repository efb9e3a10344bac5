// The device gateway manager: keeps one valid active phone per user. It runs exactly when a phone takes a round over its
// Outbox or switches outbound texts off, which is what `device` announces; nothing else elects.

import { announceGateway, announceNoGateway } from '../message/notice.js';
import { chooseCandidate, isValidGateway } from '../message/routes.js';
import { getDevicesOf } from '../store/devices.js';
import { getElected, setElected } from '../store/elected.js';
import { getGateways } from '../store/gateways.js';
import { hasWaiting, wakeWaitingOf } from '../store/queue.js';
import type { Session, Transaction } from '../store/session.js';
import type { Device, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUserRow } from '../store/users.js';
import { ownerOf } from './health.js';
import { getPhone } from './phone.js';
import type { GatewayServices } from './services.js';

type ElectionServices = Pick<GatewayServices, 'store' | 'now'>;

export class Election {
  readonly #services: Pick<GatewayServices, 'store' | 'now' | 'log'>;
  /** Users whose device announced something since the last look; several announcements make one look. */
  readonly #users = new Set<number>();
  #unlisten: (() => void) | undefined;
  #looking: Promise<void> | undefined;

  constructor(services: Pick<GatewayServices, 'store' | 'now' | 'log'>) {
    this.#services = services;
  }

  start(): void {
    this.#unlisten ??= this.#services.store.changes.listen('device', ({ userId }) => {
      this.#users.add(userId);
      this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    });
  }

  async stop(): Promise<void> {
    this.#unlisten?.();
    this.#unlisten = undefined;
    await this.#looking;
  }

  async #look(): Promise<void> {
    while (this.#users.size > 0) {
      const users = [...this.#users];
      this.#users.clear();
      // Together, so that they share a commit.
      await Promise.all(users.map((userId) => this.#electFor(userId)));
    }
  }

  async #electFor(userId: number): Promise<void> {
    try {
      await elect(this.#services, userId);
    } catch (err) {
      this.#services.log.error({ userId, err }, 'an election failed; the next round over Outbox repeats it');
    }
  }
}

/** Finds, checks and, if need be, replaces the active phone of a user; then what waited for it is due. */
export async function elect(services: ElectionServices, userId: number): Promise<void> {
  // Nearly every round finds all in order: then two reads and no transaction.
  const isSettled = await services.store.read((session) => needsNothing(session, services, userId));
  if (!isSettled) await services.store.transact((tx) => electIn(tx, services, userId));
}

function* needsNothing(session: Session, { store, now }: ElectionServices, userId: number): Steps<boolean> {
  const at = now();
  const phone = yield* getPhone(session, store, { userId, now: at });
  if (!phone || phone.obstacle !== undefined) return false;
  return !(yield* hasWaiting(session, userId, at));
}

function* electIn(tx: Transaction, services: ElectionServices, userId: number): Steps<void> {
  const now = services.now();
  const user = yield* getUserRow(tx, userId);
  if (!user) return;
  const active = yield* getElected(tx, userId);
  const isKept = active?.device !== undefined && isValid(active.device, services, now);
  const successor = isKept ? undefined : yield* findCandidate(tx, services, userId);
  if (successor) yield* install(tx, { user, device: successor, now });
  else if (active && !isKept) yield* dismiss(tx, user, now);
  if (isKept || successor) yield* wakeWaitingOf(tx, userId, now);
}

function isValid(device: Device, { store }: ElectionServices, now: number): boolean {
  const lastOutboxSync = store.presence.lastOutboxSync(device, now);
  return isValidGateway(device, { now, lastOutboxSync, settings: store.settings.current });
}

function* findCandidate(tx: Session, { store, now }: ElectionServices, userId: number): Steps<Device | undefined> {
  const at = now();
  const devices = yield* getDevicesOf(tx, userId);
  const candidates = devices.map((device) => ({ device, lastOutboxSync: store.presence.lastOutboxSync(device, at) }));
  return chooseCandidate(candidates, { now: at, settings: store.settings.current });
}

function* install(tx: Transaction, { user, device, now }: { user: User; device: Device; now: number }): Steps<void> {
  yield* setElected(tx, user.id, device.id, now);
  yield* announceGateway(tx, { user, device, now });
  // Others may wait for this phone too: through a gateway that names its owner.
  const gateways = yield* getGateways(tx);
  if (gateways.some((gateway) => [user.address, ...user.aliases].includes(ownerOf(gateway))))
    tx.announce({ topic: 'gateways' });
}

function* dismiss(tx: Transaction, user: User, now: number): Steps<void> {
  yield* setElected(tx, user.id, undefined, now);
  yield* announceNoGateway(tx, { user, now });
}
