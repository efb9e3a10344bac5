// What the phone holds of its mailbox, and the one Sync request that may still be without an answer.

import type { Element } from '../wbxml/element.js';
import type { ClientCommand, Collection } from './collection.js';

export interface Mailbox {
  /** By CollectionId. */
  readonly collections: Map<string, Collection>;
  /** The request whose answer never came. */
  unanswered: SyncRequest | undefined;
}

export interface SyncRequest {
  readonly document: Element;
  readonly sent: Sent;
}

/** What the phone told the server about each collection. */
export type Sent = ReadonlyMap<Collection, readonly ClientCommand[]>;

export function emptyMailbox(): Mailbox {
  return { collections: new Map(), unanswered: undefined };
}

/** The folder of that type, `undefined` where the mailbox has none. */
export function collectionOf({ collections }: Mailbox, type: number): Collection | undefined {
  return [...collections.values()].find((collection) => collection.type === type);
}
