// What a round of Sync means to the phone: it tells what came, and its Outbox takes what is to be sent.

import type { Collection } from './collection.js';
import type { Listener } from './events.js';
import { FolderType } from './folder-sync.js';
import { numbersOf } from './sms-item.js';
import type { Item } from './sms-item.js';
import type { Applied } from './sync-answer.js';
import type { Round } from './sync.js';

export interface Digestion {
  readonly tell: Listener;
  readonly send: (item: Item) => void;
}

/** How many changes the server had. */
export function digest(
  { applied, startedOver }: Pick<Round, 'applied' | 'startedOver'>,
  { tell, send }: Digestion,
): number {
  for (const { name } of startedOver) tell({ event: 'started-over', collection: name });
  let changes = 0;
  for (const [collection, what] of applied) {
    changes += tellSynced(collection, what, tell);
    if (collection.type === FolderType.Inbox) tellReceived(collection, what.added, tell);
    if (collection.type === FolderType.Outbox) what.added.forEach(send);
  }
  return changes;
}

function tellSynced(collection: Collection, what: Applied, tell: Listener): number {
  const { moreAvailable } = what;
  const [added, changed, deleted] = [what.added.length, what.changed.length, what.deleted.length];
  tell({ event: 'synced', collection: collection.name, added, changed, deleted, moreAvailable });
  return added + changed + deleted;
}

function tellReceived(collection: Collection, items: readonly Item[], tell: Listener): void {
  for (const item of items) {
    if (collection.before.has(item.serverId)) continue;
    tell({
      event: 'received',
      class: item.class,
      from: item.class === 'SMS' ? numbersOf(item.from) : item.from,
      ...(item.subject !== undefined && { subject: item.subject }),
      text: item.text,
      serverId: item.serverId,
    });
  }
}
