// The switchboard on which held requests, the dispatcher and the election sleep: a commit wakes exactly those who wait
// for what it changed.

import type { MessageState } from './states.js';

export type Change =
  | { topic: 'folder'; userId: number; folderId: number } // items of one folder
  | { topic: 'hierarchy'; userId: number } // folders came, went or were renamed
  | { topic: 'queue' } // a message may be due
  | { topic: 'mail' } // a mail for the relay is due
  | { topic: 'confirmation' } // a phone said that it sent a text
  | { topic: 'device'; userId: number } // an Outbox round, or outbound SMS switched off
  | { topic: 'device-row'; deviceRow: number } // what is kept of a device: nothing cached may outlive it
  | { topic: 'access'; userId: number } // password, access or state changed: nothing cached may outlive it
  | { topic: 'gateways' } // a gateway was made, changed or deleted, or one can carry again
  | { topic: 'message'; gateway: string; state: MessageState } // a message came into this state
  | { topic: 'settings' };

type Topic = Change['topic'];
type Listener<T extends Topic> = (change: Extract<Change, { topic: T }>) => void;

/** What a held request waits for: any of these folders, or the hierarchy of the same mailbox. */
export interface Watch {
  readonly folderIds: readonly number[];
  wake(change: Extract<Change, { topic: 'folder' | 'hierarchy' }>): void;
}

export class Changes {
  readonly #listeners = new Map<Topic, Set<(change: never) => void>>();
  readonly #watches = new Map<number, Set<Watch>>();

  /** Hears every change of a topic until the returned function is called. */
  listen<T extends Topic>(topic: T, listener: Listener<T>): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** Waits for changes of one mailbox. One entry in a set: that is all a held request costs here. */
  watch(userId: number, watch: Watch): void {
    const watches = this.#watches.get(userId);
    if (watches) watches.add(watch);
    else this.#watches.set(userId, new Set([watch]));
  }

  unwatch(userId: number, watch: Watch): void {
    const watches = this.#watches.get(userId);
    watches?.delete(watch);
    if (watches?.size === 0) this.#watches.delete(userId);
  }

  publish(change: Change): void {
    if (change.topic === 'folder' || change.topic === 'hierarchy') this.#wakeWatches(change);
    for (const listener of this.#listeners.get(change.topic) ?? []) listener(change as never);
  }

  #wakeWatches(change: Extract<Change, { topic: 'folder' | 'hierarchy' }>): void {
    for (const watch of [...(this.#watches.get(change.userId) ?? [])])
      if (change.topic === 'hierarchy' || watch.folderIds.includes(change.folderId)) watch.wake(change);
  }
}
