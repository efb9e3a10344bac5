// The switchboard on which held requests, the dispatcher and the election sleep: a commit wakes exactly those who wait
// for what it changed.

import type { EventName, MessageState, PolicyDocument } from './states.js';

export type Change =
  | { topic: 'folder'; userId: number; folderId: number } // items of one folder
  | { topic: 'hierarchy'; userId: number } // folders came, went or were renamed
  | { topic: 'queue' } // a message may be due
  | { topic: 'mail' } // a mail for the relay is due
  | { topic: 'confirmation' } // a phone said that it sent a text
  | { topic: 'device'; userId: number } // an Outbox round, or outbound SMS switched off
  | { topic: 'device-row'; deviceRow: number } // what is kept of a device: nothing cached may outlive it
  // Password, access or state changed, of one device alone where it is named: nothing cached and nothing held may outlive it.
  | { topic: 'access'; userId: number; deviceRow?: number }
  | { topic: 'policies'; scope: string; document: PolicyDocument | undefined } // what a scope says of the policy now
  | { topic: 'gateways' } // a gateway was made, changed or deleted, or one can carry again
  | { topic: 'line'; gateway: string; obstacle: string | undefined } // why a bearer by itself can carry nothing, or that it can
  | { topic: 'message'; gateway: string; state: MessageState } // a message came into this state
  | { topic: 'unplaced' } // an incoming text lies in nobody's mailbox
  | { topic: 'webhooks'; wanted: ReadonlySet<EventName> } // one was made, changed or deleted; all that is wanted now
  | { topic: 'webhook-call' } // an event for a webhook is due
  | { topic: 'push-devices' } // one was made, changed or deleted
  | { topic: 'sending-terms' } // an SMS account, a group or what a domain says of sending
  | { topic: 'rules' } // the rules of a direction
  | { topic: 'effect' } // what a rule brings about is due
  | { topic: 'tokens' } // a token of the API was made or taken away
  | { topic: 'settings' };

type Topic = Change['topic'];
type Listener<T extends Topic> = (change: Extract<Change, { topic: T }>) => void;

/** What concerns one mailbox and whoever waits for it. */
export type Waking = Extract<Change, { topic: 'folder' | 'hierarchy' | 'access' }>;

/** What a held request waits for: any of these folders, or the hierarchy of the same mailbox; and it may lose its right. */
export interface Watch {
  readonly folderIds: readonly number[];
  wake(change: Waking): void;
}

export class Changes {
  readonly #listeners = new Map<Topic, Set<(change: never) => void>>();
  readonly #watches = new Map<number, Set<Watch>>();
  #accesses = 0;

  /** Counts the changes of access: who compares it with what it was knows whether a look from before still holds. */
  get accesses(): number {
    return this.#accesses;
  }

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
    for (const listener of this.#listeners.get(change.topic) ?? []) listener(change as never);
    // After the listeners, so that whoever wakes finds nothing cached from before.
    if (change.topic === 'access') this.#accesses++;
    if (change.topic === 'folder' || change.topic === 'hierarchy' || change.topic === 'access')
      this.#wakeWatches(change);
  }

  #wakeWatches(change: Waking): void {
    for (const watch of [...(this.#watches.get(change.userId) ?? [])])
      if (change.topic !== 'folder' || watch.folderIds.includes(change.folderId)) watch.wake(change);
  }
}
