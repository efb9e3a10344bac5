// A folder as the phone holds it: its items, its sync key, and what the phone still has to tell the server about it.
// MS-ASCMD 3.1.5.3 Synchronizing Inbox, Calendar, Contacts, and Tasks Folders

import type { Folder } from './folder-sync.js';
import type { Draft, Item } from './sms-item.js';

export interface Collection extends Folder {
  syncKey: string;
  items: Map<string, Item>;
  /** What the server had sent before the sync key was lost: those items are no news when they come again. */
  before: Map<string, Item>;
  /** In the order in which they happened; not yet answered. */
  waiting: ClientCommand[];
}

/** A change that the phone makes; told to the server once, or repeated word for word until it answers. */
export type ClientCommand = AddCommand | DeleteCommand;

export interface AddCommand {
  readonly kind: 'add';
  readonly clientId: string;
  readonly draft: Draft;
  readonly settle: Settle;
}

export interface DeleteCommand {
  readonly kind: 'delete';
  readonly serverId: string;
  readonly settle: Settle;
}

/** Told what the server answered: the status, and the id of what was added. */
export type Settle = (answer: { readonly status: number; readonly serverId: string | undefined }) => void;

export function newCollection(folder: Folder): Collection {
  return { ...folder, syncKey: '0', items: new Map(), before: new Map(), waiting: [] };
}

/** Forgets the sync key; the server then sends everything once more. */
export function startOver(collection: Collection): void {
  collection.syncKey = '0';
  for (const [id, item] of collection.items) collection.before.set(id, item);
  collection.items = new Map();
}
