// Rows that were read or written lately, as they are on disk, so that the next look at them costs no statement, or a lean one.
// Whoever writes such a row writes it here as well; a transaction that comes to nothing empties all.

import { limits } from './limits.js';
import type { ItemClass } from './states.js';
import type { Collection, Folder, Item } from './tables.js';

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

function weightOfItem({ text }: Item): number {
  return charactersOfRow + text.length;
}

/** Items of one class that entered a folder after a number. */
export interface PageAfter {
  folderId: number;
  class: ItemClass;
  after: number;
  limit: number;
}

/** As it was when the last change in the folder had that number. */
interface EnteredPage {
  itemSequence: number;
  items: readonly Item[];
}

function nameOfPage({ folderId, class: itemClass, after, limit }: PageAfter): string {
  return `${folderId} ${itemClass} ${after} ${limit}`;
}

// As if each item were held by its page alone: where it is not, less is held than is counted.
function weightOfPage({ items }: EnteredPage): number {
  return items.reduce((sum, item) => sum + weightOfItem(item), charactersOfRow);
}

/** What is kept of a collection, but for the answer that issued the key: few ask for that. */
export type CollectionState = Omit<Collection, 'answer'>;

export class RecentRows {
  readonly #items = new Recent<number, Item>(limits.recentItemsCharacters, weightOfItem);
  readonly #counters = new Recent<string, string>(limits.recentCounters);
  readonly #folders = new Recent<number, Folder>(limits.recentFolders);
  readonly #pages = new Recent<string, EnteredPage>(limits.recentItemsCharacters, weightOfPage);
  readonly #collections = new Recent<number, Map<number, CollectionState>>(limits.recentDevices);
  readonly #defaultFolders = new Recent<number, ReadonlyMap<number, number>>(limits.recentMailboxes);
  readonly #elected = new Recent<number, number | null>(limits.recentMailboxes);

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

  /** The row as it is, deleted or not. */
  folder(id: number): Folder | undefined {
    return this.#folders.get(id);
  }

  keepFolder(folder: Folder): void {
    this.#folders.set(folder.id, Object.freeze(folder));
  }

  /** Where more of it changes than the numbers of its items. */
  forgetFolder(id: number): void {
    this.#folders.delete(id);
  }

  /** The page, where everything in it and in its folder is as it was when it was read. */
  enteredPage(page: PageAfter): readonly Item[] | undefined {
    const kept = this.#pages.get(nameOfPage(page));
    if (!kept || kept.itemSequence !== this.folder(page.folderId)?.itemSequence) return undefined;
    return kept.items.every((item) => this.item(item.id, item.sequence) === item) ? kept.items : undefined;
  }

  /** For the other devices of the mailbox, which are woken by the same item or walk through the folder the same way. */
  keepEnteredPage(page: PageAfter, items: readonly Item[]): void {
    const itemSequence = this.folder(page.folderId)?.itemSequence;
    if (itemSequence !== undefined && items.every((item) => this.item(item.id, item.sequence) === item))
      this.#pages.set(nameOfPage(page), { itemSequence, items });
  }

  /** The folder of a type that every mailbox has once; it never changes. */
  defaultFolder(userId: number, type: number): number | undefined {
    return this.#defaultFolders.get(userId)?.get(type);
  }

  keepDefaultFolders(userId: number, idsByType: ReadonlyMap<number, number>): void {
    this.#defaultFolders.set(userId, idsByType);
  }

  /** The row of the user's elected device, null where there is none; undefined where that was not read lately. */
  elected(userId: number): number | null | undefined {
    return this.#elected.get(userId);
  }

  keepElected(userId: number, deviceRow: number | null): void {
    this.#elected.set(userId, deviceRow);
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
    this.#folders.clear();
    this.#pages.clear();
    this.#collections.clear();
    this.#defaultFolders.clear();
    this.#elected.clear();
    this.#counters.clear();
  }
}
