// Reads the answer to a Sync and applies it to one collection.
// MS-ASCMD 2.2.1.21 Sync; MS-ASCMD 2.2.3.156 Responses

import type { Element } from '../wbxml/element.js';
import { child, children, text } from '../wbxml/element.js';
import { AirSync } from '../wbxml/airsync/air-sync.js';
import type { ClientCommand, Collection } from './collection.js';
import { readItem } from './sms-item.js';
import type { Item } from './sms-item.js';
import { SyncStatus, statusNumber } from './statuses.js';

/** What an answer did to a collection. */
export interface Applied {
  readonly added: readonly Item[];
  readonly changed: readonly Item[];
  readonly deleted: readonly string[];
  readonly moreAvailable: boolean;
}

/** Takes the new key and the server's changes, and tells each of `sent` how it fared. */
export function applyAnswer(answer: Element, collection: Collection, sent: readonly ClientCommand[]): Applied {
  collection.syncKey = text(answer, AirSync.SyncKey) ?? collection.syncKey;
  settleAll(child(answer, AirSync.Responses), collection, sent);
  const moreAvailable = child(answer, AirSync.MoreAvailable) !== undefined;
  return { ...applyCommands(child(answer, AirSync.Commands), collection), moreAvailable };
}

function applyCommands(commands: Element | undefined, collection: Collection): Omit<Applied, 'moreAvailable'> {
  const added: Item[] = [];
  const changed: Item[] = [];
  const deleted: string[] = [];
  for (const command of commands === undefined ? [] : children(commands)) {
    const id = text(command, AirSync.ServerId);
    if (id === undefined) continue;
    const known = collection.items.get(id);
    if (command.tag === AirSync.Add) added.push(keep(collection, readItem(command, known)));
    if (command.tag === AirSync.Change) changed.push(keep(collection, readItem(command, known)));
    if (command.tag === AirSync.Delete || command.tag === AirSync.SoftDelete) {
      collection.items.delete(id);
      deleted.push(id);
    }
  }
  return { added, changed, deleted };
}

function keep(collection: Collection, item: Item): Item {
  collection.items.set(item.serverId, item);
  return item;
}

// An Add is always answered. A Delete is answered only where it failed: no answer means done.
function settleAll(responses: Element | undefined, collection: Collection, sent: readonly ClientCommand[]): void {
  for (const command of sent) {
    const response = responses && findResponse(responses, command);
    const status = statusNumber(response && text(response, AirSync.Status)) ?? silence[command.kind];
    const serverId = response && text(response, AirSync.ServerId);
    if (status === SyncStatus.Success) keepOwn(collection, command, serverId);
    command.settle({ status, serverId });
  }
}

// What the phone did itself, the server does not send back.
function keepOwn(collection: Collection, command: ClientCommand, serverId: string | undefined): void {
  if (command.kind === 'delete') collection.items.delete(command.serverId);
  else if (serverId !== undefined) keep(collection, { ...command.draft, serverId, class: 'SMS', subject: undefined });
}

const silence = { add: SyncStatus.ServerError, delete: SyncStatus.Success } as const;

function findResponse(responses: Element, command: ClientCommand): Element | undefined {
  const [tag, idTag, id] =
    command.kind === 'add'
      ? [AirSync.Add, AirSync.ClientId, command.clientId]
      : [AirSync.Delete, AirSync.ServerId, command.serverId];
  return children(responses, tag).find((response) => text(response, idTag) === id);
}
