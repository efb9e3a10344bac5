// A gateway that brings texts to a user of a fresh store.

import { receive, type ReceivedText, type Receipt } from '../../src/message/receive.js';
import { putGateway } from '../../src/store/gateways.js';
import { listIncoming } from '../../src/store/incoming.js';
import { FolderType } from '../../src/store/mailboxes.js';
import type { Incoming, Item, User } from '../../src/store/tables.js';
import { updateUser } from '../../src/store/users.js';
import { openStage, type Stage, start } from '../gateway/stage.js';

export const peer = '+447700900123';

export class Arrivals {
  readonly stage: Stage;
  readonly logged: string[] = [];

  constructor(stage: Stage) {
    this.stage = stage;
  }

  async deliverTo(...deliverTo: string[]): Promise<void> {
    const row = { id: 'in', type: 'loopback', active: true, options: {}, deliverTo, now: start } as const;
    await this.stage.store.transact((tx) => putGateway(tx, row));
  }

  async addAdministrator(address: string): Promise<User> {
    const user = await this.stage.addUser(address);
    return this.stage.store.transact((tx) => updateUser(tx, user.id, { admin: true }));
  }

  async receive(received: Partial<ReceivedText> = {}): Promise<Receipt> {
    const log = { warn: this.#note, error: this.#note, info: this.#note } as never;
    return receive({ ...this.stage.services, log }, { gateway: 'in', sender: peer, text: 'Hello', ...received });
  }

  readonly #note = (details: object, sentence: string): void =>
    void this.logged.push(`${sentence} ${JSON.stringify(details)}`);

  async inbox(user: User): Promise<Item[]> {
    return (await this.stage.items(user, FolderType.Inbox)).reverse();
  }

  async texts(user: User): Promise<string[]> {
    return (await this.inbox(user)).map(({ text }) => text);
  }

  /** Oldest first. */
  async rows(): Promise<Incoming[]> {
    return (await listIncoming(this.stage.store, { limit: 1000, isUnplaced: false })).reverse();
  }

  async unplacedIds(): Promise<string[]> {
    const unplaced = await listIncoming(this.stage.store, { limit: 1000, isUnplaced: true });
    return unplaced.map(({ id }) => id).reverse();
  }
}

export async function openArrivals(options: Parameters<typeof openStage>[0] = {}): Promise<Arrivals> {
  return new Arrivals(await openStage(options));
}
