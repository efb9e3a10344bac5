// Rows that were read or written lately, as they are on disk, so that the next look at them costs no statement, or a lean one.
// Whoever writes such a row writes it here as well; a transaction that comes to nothing empties all.

import { limits } from './limits.js';
import type { Collection, Item } from './tables.js';

/** Holds as many as given, and twice as many for a moment; what was not asked for in between is dropped. */
class Recent<Key, Value> {
  #newer = new Map<Key, Value>();
  #older = new Map<Key, Value>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: Key): Value | undefined {
    const value = this.#newer.get(key);
    if (value !== undefined) return value;
    const older = this.#older.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: Key, value: Value): void {
    this.#newer.set(key, value);
    if (this.#newer.size < this.#most) return;
    this.#older = this.#newer;
    this.#newer = new Map();
  }

  delete(key: Key): void {
    this.#newer.delete(key);
    this.#older.delete(key);
  }

  clear(): void {
    this.#newer.clear();
    this.#older.clear();
  }
}

/** What is kept of a collection, but for the answer that issued the key: few ask for that. */
export type CollectionState = Omit<Collection, 'answer'>;

export class RecentRows {
  readonly #items = new Recent<number, Item>(limits.recentItems);
  readonly #collections = new Recent<number, Map<number, CollectionState>>(limits.recentDevices);

  /** The item, where nothing has changed in it since it was kept. */
  item(id: number, { sequence, enteredBy }: Pick<Item, 'sequence' | 'enteredBy'>): Item | undefined {
    const item = this.#items.get(id);
    return item?.sequence === sequence && item.enteredBy === enteredBy ? item : undefined;
  }

  /** Not one that is offered: of that one more changes than a sequence tells. */
  keepItem(item: Item): void {
    if (item.offeredTo === null && item.text.length <= limits.recentItemCharacters)
      this.#items.set(item.id, Object.freeze(item));
  }

  collection(deviceId: number, folderId: number): CollectionState | undefined {
    return this.#collections.get(deviceId)?.get(folderId);
  }

  keepCollection(state: CollectionState): void {
    const ofDevice = this.#collections.get(state.deviceId);
    if (ofDevice) ofDevice.set(state.folderId, Object.freeze(state));
    else this.#collections.set(state.deviceId, new Map([[state.folderId, Object.freeze(state)]]));
  }

  forgetCollectionsOf(deviceId: number): void {
    this.#collections.delete(deviceId);
  }

  clear(): void {
    this.#items.clear();
    this.#collections.clear();
  }
}
