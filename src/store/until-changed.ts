// What is read from a store and kept in memory until a change of it is announced.

import type { Change } from './changes.js';
import type { Store } from './open.js';

export class UntilChanged<T> {
  readonly #read: () => Promise<T>;
  #known: { readonly value: T } | undefined;
  /** A look that began before a change is not kept. */
  #changes = 0;

  constructor({ changes }: Pick<Store, 'changes'>, topics: readonly Change['topic'][], read: () => Promise<T>) {
    this.#read = read;
    for (const topic of topics) changes.listen(topic, () => this.#forget());
  }

  /** A promise only where something has changed since the last look. */
  get(): T | Promise<T> {
    return this.#known ? this.#known.value : this.#look();
  }

  #forget(): void {
    this.#changes++;
    this.#known = undefined;
  }

  async #look(): Promise<T> {
    const changes = this.#changes;
    const value = await this.#read();
    if (changes === this.#changes) this.#known = { value };
    return value;
  }
}

/** One for each store, made when it is first asked for. */
export function ofEachStore<T>(make: (store: Store) => T): (store: Store) => T {
  const made = new WeakMap<Store, T>();
  return (store) => {
    const known = made.get(store);
    if (known !== undefined) return known;
    const one = make(store);
    made.set(store, one);
    return one;
  };
}
