// What is said within one turn of the event loop, said at once at its end.

export class TurnBatch<T> {
  readonly #say: (items: readonly T[]) => void;
  #items: T[] = [];

  constructor(say: (items: readonly T[]) => void) {
    this.#say = say;
  }

  add(item: T): void {
    if (this.#items.push(item) === 1) setImmediate(() => this.#flush());
  }

  /** Whether it had not been said yet. */
  takeBack(isMeant: (item: T) => boolean): boolean {
    const left = this.#items.filter((item) => !isMeant(item));
    const wasThere = left.length < this.#items.length;
    this.#items = left;
    return wasThere;
  }

  #flush(): void {
    const items = this.#items;
    this.#items = [];
    if (items.length > 0) this.#say(items);
  }
}
