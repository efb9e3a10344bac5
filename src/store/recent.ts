// Rows that were read or written lately, as they are on disk, so that the next look at them costs no statement, or a lean one.
// Whoever writes such a row writes it here as well; a transaction that comes to nothing empties all.

import { limits } from './limits.js';
import type { Collection, Item } from './tables.js';

/** Holds as much as given, and twice as much for a moment; what was not asked for in between is dropped. */
class Recent<Key, Value> {
  #newer = new Map<Key, Value>();
  #older = new Map<Key, Value>();
  #weight = 0;
  readonly #most: number;
  readonly #weigh: (value: Value) => number;

  constructor(most: number, weigh: (value: Value) => number = () => 1) {
    this.#most = most;
    this.#weigh = weigh;
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
    this.#weight += this.#weigh(value);
    if (this.#weight < this.#most) return;
    this.#older = this.#newer;
    this.#newer = new Map();
    this.#weight = 0;
  }

  delete(key: Key): void {
    this.#newer.delete(key);
    this.#older.delete(key);
  }

  clear(): void {
    this.#newer.clear();
    this.#older.clear();
    this.#weight = 0;
  }
}

// Beside the text: the rest of the row, and what the map itself needs for it.
const charactersOfRow = 256;

/** What is kept of a collection, but for the answer that issued the key: few ask for that. */
export type CollectionState = Omit<Collection, 'answer'>;

export class RecentRows {
  readonly #items = new Recent<number, Item>(limits.recentItemsCharacters, ({ text }) => charactersOfRow + text.length);
  readonly #folderTypes = new Recent<number, number>(limits.recentFolders);
  readonly #counters = new Recent<string, string>(limits.recentCounters);
  readonly #collections = new Recent<number, Map<number, CollectionState>>(limits.recentDevices);

  /** The item, where nothing has changed in it since it was kept. */
  item(id: number, sequence: number): Item | undefined {
    const item = this.#items.get(id);
    return item?.sequence === sequence ? item : undefined;
  }

  /** Where something in it changes that is no change for the devices. */
  forgetItem(id: number): void {
    this.#items.delete(id);
  }

  /** Not one that is offered: of that one more changes than a sequence tells. */
  keepItem(item: Item): void {
    if (item.offeredTo === null && item.text.length <= limits.recentItemCharacters)
      this.#items.set(item.id, Object.freeze(item));
  }

  /** Of a folder that was read lately; it never changes. */
  folderType(id: number): number | undefined {
    return this.#folderTypes.get(id);
  }

  keepFolderType(id: number, type: number): void {
    this.#folderTypes.set(id, type);
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

  /** Whether there is a counter of this subject, and its numbers are of this month. */
  hasCounter(subject: string, month: string): boolean {
    return this.#counters.get(subject) === month;
  }

  keepCounter(subject: string, month: string): void {
    this.#counters.set(subject, month);
  }

  forgetCounter(subject: string): void {
    this.#counters.delete(subject);
  }

  clear(): void {
    this.#items.clear();
    this.#collections.clear();
    this.#counters.clear();
  }
}
