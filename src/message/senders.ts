// Whether anything could carry a user's text at all, kept in memory: every submission asks.

import { getDevicesOf } from '../store/devices.js';
import { getGateways } from '../store/gateways.js';
import type { Store } from '../store/open.js';
import { ofEachStore } from '../store/until-changed.js';

interface KnownGateways {
  ids: ReadonlySet<string>;
  isAnyActive: boolean;
  /** Gateways that send through a phone, which takes no octets. */
  phoneIds: ReadonlySet<string>;
  isAnyOtherActive: boolean;
}

export class Senders {
  readonly #store: Store;
  /** Absent until it is asked for. */
  #gateways: KnownGateways | undefined;
  /** Users with a phone that may send. A user who has none is looked up each time: nothing tells when one comes. */
  readonly #withPhone = new Set<number>();
  /** Counts what was announced: a look that began before an announcement is not kept. */
  #generation = 0;

  constructor(store: Store) {
    this.#store = store;
    const forgetUser = ({ userId }: { userId: number }): void => this.#forget(() => this.#withPhone.delete(userId));
    store.changes.listen('device', forgetUser);
    store.changes.listen('access', forgetUser);
    store.changes.listen('gateways', () => this.#forget(() => (this.#gateways = undefined)));
  }

  async hasGateway(id: string): Promise<boolean> {
    return (this.#gateways ?? (await this.#lookAtGateways())).ids.has(id);
  }

  /** False only if no gateway is active and no allowed phone of the user enables outbound texts. */
  async maySend(userId: number | undefined): Promise<boolean> {
    if (userId !== undefined && this.#withPhone.has(userId)) return true;
    const gateways = this.#gateways ?? (await this.#lookAtGateways());
    if (gateways.isAnyActive) return true;
    return userId !== undefined && (await this.#lookForPhone(userId));
  }

  /** False where no gateway but phones is active, or the one that is asked for is a phone. */
  async maySendBinary(pinned: string | undefined): Promise<boolean> {
    const { isAnyOtherActive, phoneIds } = this.#gateways ?? (await this.#lookAtGateways());
    return isAnyOtherActive && (pinned === undefined || !phoneIds.has(pinned));
  }

  async #lookAtGateways(): Promise<KnownGateways> {
    const generation = this.#generation;
    const rows = await this.#store.read(getGateways);
    const phones = rows.filter(({ type }) => type === 'activesync');
    const gateways = {
      ids: new Set(rows.map(({ id }) => id)),
      isAnyActive: rows.some(({ active }) => active),
      phoneIds: new Set(phones.map(({ id }) => id)),
      isAnyOtherActive: rows.some(({ active, type }) => active && type !== 'activesync'),
    };
    if (generation === this.#generation) this.#gateways = gateways;
    return gateways;
  }

  async #lookForPhone(userId: number): Promise<boolean> {
    const generation = this.#generation;
    const devices = await this.#store.read((session) => getDevicesOf(session, userId));
    const hasPhone = devices.some(({ state, enableOutboundSms }) => state === 'allowed' && enableOutboundSms);
    if (hasPhone && generation === this.#generation) this.#withPhone.add(userId);
    return hasPhone;
  }

  #forget(drop: () => void): void {
    this.#generation++;
    drop();
  }
}

/** The one of this store. */
export const sendersOf = ofEachStore((store) => new Senders(store));
