// Texts written elsewhere: the phone gives each to the network once, then tells the server in the way it was built for.
// MS-ASMS 3.1.4.3 Sending Outbound SMS Messages

import type { ClientCommand, Collection, Settle } from './collection.js';
import { PhoneError } from './errors.js';
import type { Listener } from './events.js';
import { FolderType } from './folder-sync.js';
import { collectionOf } from './mailbox.js';
import type { Mailbox } from './mailbox.js';
import { moveItem } from './move.js';
import type { Moved } from './move.js';
import type { Settled } from './options.js';
import type { Line } from './request.js';
import { numbersOf } from './sms-item.js';
import type { Item } from './sms-item.js';
import { MoveItemsStatus, SyncStatus } from './statuses.js';

type Behaviour = Pick<Settled, 'mode' | 'clock' | 'newClientId'>;

/** The network had it. */
interface SentText {
  readonly item: Item;
  /** Of its copy in Sent Items, always the same one. */
  readonly clientId: string;
  isBeingConfirmed: boolean;
  /** A move was asked for and its answer lost. */
  isMaybeMoved: boolean;
}

export class Outbox {
  readonly #behaviour: Behaviour;
  readonly #mailbox: Mailbox;
  readonly #tell: Listener;
  readonly #sent = new Map<string, SentText>();
  readonly #toMove: SentText[] = [];

  constructor(behaviour: Behaviour, mailbox: Mailbox, tell: Listener) {
    this.#behaviour = behaviour;
    this.#mailbox = mailbox;
    this.#tell = tell;
  }

  /** An item came into the Outbox. Whatever the server does, one ServerId goes to the network once. */
  take(item: Item): void {
    if (item.class !== 'SMS') return;
    const known = this.#sent.get(item.serverId);
    if (known === undefined) this.#confirm(this.#send(item));
    else this.#repeat(known);
  }

  /** Carries out the confirmations that are no part of a Sync. @throws PhoneError; they then wait for the next call */
  async confirmByMove(line: Line): Promise<void> {
    for (let text = this.#toMove[0]; text !== undefined; text = this.#toMove[0]) {
      await this.#move(line, text);
      this.#toMove.shift();
    }
  }

  #send(item: Item): SentText {
    const text = { item, clientId: this.#behaviour.newClientId(), isBeingConfirmed: false, isMaybeMoved: false };
    this.#sent.set(item.serverId, text);
    this.#tell({ event: 'sms-sent', to: numbersOf(item.to), text: item.text, serverId: item.serverId });
    return text;
  }

  #repeat(text: SentText): void {
    this.#tell({ event: 'sms-repeated', serverId: text.item.serverId });
    if (!text.isBeingConfirmed) this.#confirm(text);
  }

  #confirm(text: SentText): void {
    text.isBeingConfirmed = true;
    if (this.#behaviour.mode === 'move') this.#toMove.push(text);
    else if (this.#behaviour.mode === 'add') this.#tellServer(FolderType.SentItems, this.#copyOf(text));
    else this.#tellServer(FolderType.Outbox, this.#removalOf(text));
  }

  #removalOf(text: SentText): ClientCommand {
    const { serverId } = text.item;
    // Not found: it is gone, which is all that was wanted.
    const isDone = [SyncStatus.Success, SyncStatus.ObjectNotFound];
    return { kind: 'delete', serverId, settle: ({ status }) => this.#settled(text, status, isDone) };
  }

  #copyOf(text: SentText): ClientCommand {
    const { from, to, text: body } = text.item;
    const dateReceived = new Date(this.#behaviour.clock.now()).toISOString();
    const settle: Settle = ({ status }) => this.#settled(text, status, [SyncStatus.Success]);
    return { kind: 'add', clientId: text.clientId, draft: { from, to, text: body, read: true, dateReceived }, settle };
  }

  #tellServer(folderType: number, command: ClientCommand): void {
    const collection = collectionOf(this.#mailbox, folderType);
    if (collection === undefined) command.settle({ status: SyncStatus.ObjectNotFound, serverId: undefined });
    else collection.waiting.push(command);
  }

  async #move(line: Line, text: SentText): Promise<void> {
    const { serverId } = text.item;
    const outbox = collectionOf(this.#mailbox, FolderType.Outbox);
    const sentItems = collectionOf(this.#mailbox, FolderType.SentItems);
    if (outbox === undefined || sentItems === undefined) return this.#settled(text, MoveItemsStatus.InvalidSource, []);
    const moved = await moveItem(line, { serverId, from: outbox.id, to: sentItems.id }).catch((error: unknown) => {
      text.isMaybeMoved ||= error instanceof PhoneError && error.code === 'UNREACHABLE';
      throw error;
    });
    outbox.items.delete(serverId);
    keepMoved(text.item, moved, sentItems);
    // Gone when asked again: the first request moved it.
    const isDone: readonly number[] = text.isMaybeMoved
      ? [MoveItemsStatus.Success, MoveItemsStatus.InvalidSource]
      : [MoveItemsStatus.Success];
    this.#settled(text, moved.status, isDone);
  }

  #settled(text: SentText, status: number, isDone: readonly number[]): void {
    const { mode: way } = this.#behaviour;
    text.isBeingConfirmed = false;
    if (isDone.includes(status)) return this.#tell({ event: 'confirmed', way, serverId: text.item.serverId });
    const { code, message } = new PhoneError('REFUSED', { command: way === 'move' ? 'MoveItems' : 'Sync', status });
    this.#tell({ event: 'error', code, message });
  }
}

// What the phone moved itself, the server does not send to it again.
function keepMoved(item: Item, { status, serverId }: Moved, { items }: Collection): void {
  if (status === MoveItemsStatus.Success && serverId !== undefined) items.set(serverId, { ...item, serverId });
}
