// What one answer takes of the changes that a device has not seen.

import type { ItemClass } from '../../../store/states.js';
import type { Item, Tombstone } from '../../../store/tables.js';
import { limits } from '../../limits.js';

/** `as` is the class under which the device has, or gets, the item. */
export type ServerChange =
  | { kind: 'Add' | 'Change' | 'SoftDelete'; item: Item; as: ItemClass }
  | { kind: 'Delete'; tombstone: Pick<Tombstone, 'itemId' | 'folderId' | 'class'>; as: ItemClass };

/** Takes what fits into one answer; a first change is taken however long it is. */
export class Basket {
  readonly changes: ServerChange[] = [];
  isOverfull = false;
  readonly #limit: number;
  #characters = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** As many as there may be, whether or not there are more. */
  get isFull(): boolean {
    return this.changes.length >= this.#limit;
  }

  /** How many rows to read so that one is left over where more remains. */
  get pageSize(): number {
    return this.#limit - this.changes.length + 1;
  }

  /** False, and nothing taken, where the change does not fit. */
  take(change: ServerChange): boolean {
    if (change.kind === 'SoftDelete' && this.#replaceChange(change)) return true;
    if (change.kind === 'Add' || change.kind === 'Change') this.#characters += change.item.text.length;
    const isTooLong = this.#characters > limits.answerCharacters && this.changes.length > 0;
    this.isOverfull = isTooLong || this.changes.length >= this.#limit;
    if (!this.isOverfull) this.changes.push(change);
    return !this.isOverfull;
  }

  // Of what is taken back in the same answer, no change is told.
  #replaceChange(softDelete: Exclude<ServerChange, { kind: 'Delete' }>): boolean {
    const isSame = (other: ServerChange) => other.kind === 'Change' && other.item.id === softDelete.item.id;
    const index = this.changes.findIndex(isSame);
    if (index !== -1) this.changes[index] = softDelete;
    return index !== -1;
  }
}
