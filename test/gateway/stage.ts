// A store with a clock that only tests move, and the people, phones and gateways who act on it.

import pino from 'pino';
import { Dispatcher, type DispatchTimes } from '../../src/gateway/dispatch.js';
import { elect } from '../../src/gateway/election.js';
import type { GatewayServices } from '../../src/gateway/services.js';
import { submit, type Submission } from '../../src/message/submit.js';
import { changeDevice, ensureDevice, getDeviceRow, type DeviceChange } from '../../src/store/devices.js';
import { setElected } from '../../src/store/elected.js';
import { putGateway } from '../../src/store/gateways.js';
import { listItems } from '../../src/store/item-pages.js';
import { createMailbox, FolderType, listFolders } from '../../src/store/mailboxes.js';
import { findMessage, listAttempts } from '../../src/store/messages.js';
import { openSqlite, type Store } from '../../src/store/open.js';
import { confirmText, markFetched } from '../../src/store/outbox.js';
import { defaultSettings, type Settings } from '../../src/store/settings.js';
import type { ConfirmationWay, GatewayLimits, GatewayType } from '../../src/store/states.js';
import type { Attempt, Device, Item, Message, User } from '../../src/store/tables.js';
import { insertUser, replaceAddresses } from '../../src/store/users.js';

export const start = 1_800_000_000_000;
export const minute = 60_000;
export const number = '+447700900123';

export class Stage {
  readonly store: Store;
  readonly services: GatewayServices;
  readonly dispatcher: Dispatcher;
  now: number;

  constructor(store: Store, options: { now?: number; times?: Partial<DispatchTimes>; firstId?: number } = {}) {
    this.store = store;
    this.now = options.now ?? start;
    let ids = options.firstId ?? 0;
    const newId = (): string => `id-${String(++ids).padStart(6, '0')}`;
    this.services = { store, now: () => this.now, newId, log: pino({ level: 'silent' }), random: () => 0.5 };
    this.dispatcher = new Dispatcher(this.services, { graceMilliseconds: 0, ...options.times });
  }

  async addUser(address: string): Promise<User> {
    return this.store.transact(function* (tx) {
      const domain = address.slice(address.indexOf('@') + 1);
      const user = yield* insertUser(tx, { address, domain, aliases: [], forwardTo: [], createdAt: start });
      yield* createMailbox(tx, user.id);
      yield* replaceAddresses(tx, user.id, [address]);
      return user;
    });
  }

  /** A phone that meets all criteria unless told otherwise, not elected yet. */
  async addPhone(
    user: User,
    deviceId: string,
    change: DeviceChange & { lastOutboxSync?: number | null } = {},
  ): Promise<Device> {
    const now = this.now;
    return this.store.transact(function* (tx) {
      const known = { userId: user.id, deviceId, type: 'Phone', protocolVersion: '16.1', userAgent: 'test' };
      const { id } = yield* ensureDevice(tx, { ...known, state: 'allowed', now });
      yield* changeDevice(tx, id, { enableOutboundSms: true, lastOutboxSync: now, ...change });
      return (yield* getDeviceRow(tx, id))!;
    });
  }

  async addElectedPhone(user: User, deviceId = 'PHONE1'): Promise<Device> {
    const phone = await this.addPhone(user, deviceId);
    await this.store.transact((tx) => setElected(tx, user.id, phone.id, this.now));
    return phone;
  }

  async addGateway(
    id: string,
    options: Record<string, unknown> = {},
    row: { type?: GatewayType; active?: boolean; limits?: GatewayLimits } = {},
  ): Promise<void> {
    const { type = 'loopback', active = true, limits = null } = row;
    await this.store.transact((tx) => putGateway(tx, { id, type, active, options, limits, now: this.now }));
  }

  async changePhone(phone: Device, change: DeviceChange): Promise<void> {
    await this.store.transact((tx) => changeDevice(tx, phone.id, change));
  }

  async saveSettings(settings: Partial<Settings>): Promise<void> {
    await this.store.settings.save(this.store, { ...defaultSettings, ...settings });
  }

  /** A Sync, GetItemEstimate or Ping over Outbox: one of the two triggers. */
  async outboxRound(phone: Device): Promise<void> {
    this.store.presence.outboxRound(phone.id, this.now);
    await elect(this.services, phone.userId);
  }

  /** The id of one accepted message. */
  async submit(submission: Partial<Submission> = {}): Promise<string> {
    const accepted = await submit(this.services, { origin: 'http', numbers: [number], text: 'Hello', ...submission });
    return accepted.ids[0]!;
  }

  /** Dispatch does what it can at this instant. */
  async settle(): Promise<void> {
    await this.dispatcher.settle();
  }

  async after(minutes: number): Promise<void> {
    this.now += minutes * minute;
    await this.settle();
  }

  async message(id: string): Promise<Message> {
    return (await findMessage(this.store, id))!;
  }

  async state(id: string): Promise<string> {
    return (await this.message(id)).state;
  }

  async attempts(id: string): Promise<Attempt[]> {
    return listAttempts(this.store, id);
  }

  /** Which gateways were asked, and what each said. */
  async tries(id: string): Promise<string[]> {
    return (await this.attempts(id)).map(({ gateway, outcome }) => `${gateway} ${outcome}`);
  }

  async outcomes(id: string): Promise<(string | null)[]> {
    return (await this.attempts(id)).map(({ outcome }) => outcome);
  }

  async items(user: User, type: FolderType): Promise<Item[]> {
    const folder = (await listFolders(this.store, user.id)).find((candidate) => candidate.type === type)!;
    return listItems(this.store, { folderId: folder.id, limit: 1000 });
  }

  async subjects(user: User): Promise<(string | null)[]> {
    return (await this.items(user, FolderType.Inbox)).map(({ subject }) => subject).reverse();
  }

  /** What this phone would be shown in its Outbox. */
  async offeredTo(phone: Device): Promise<Item[]> {
    const owner = { id: phone.userId } as User;
    return (await this.items(owner, FolderType.Outbox)).filter(({ offeredTo }) => offeredTo === phone.id);
  }

  /** A Sync of Outbox takes what is offered. */
  async fetch(phone: Device): Promise<Item[]> {
    const offered = await this.offeredTo(phone);
    await this.store.transact((tx) => markFetched(tx, offered, this.now));
    return offered;
  }

  async confirm(phone: Device, item: Item, way: ConfirmationWay): Promise<void> {
    const confirming = { item, deviceId: phone.id, way, now: this.now };
    await this.store.transact((tx) => confirmText(tx, confirming));
  }
}

export async function openStage(
  options: ConstructorParameters<typeof Stage>[1] & { file?: string } = {},
): Promise<Stage> {
  return new Stage(await openSqlite(options.file ?? ':memory:'), options);
}
