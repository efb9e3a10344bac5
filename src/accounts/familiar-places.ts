// From where somebody logged in before, so that a restart does not leave a phone to whoever guesses its user's password just
// then. Nothing of a password is kept: a place lets nobody in, it is counted by itself. See docs/decisions/0115.

import { getFamiliar, putFamiliar } from '../store/familiar-places.js';
import type { Store } from '../store/open.js';
import { limits } from './limits.js';
import type { Guess } from './lockout.js';

export class FamiliarPlaces {
  readonly #store: Store;
  /** What was written within the day, by subject and place, with its time. */
  readonly #noted = new Map<string, number>();
  readonly #unwritten = new Map<string, { subject: string; place: string; now: number }>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The place from which this name was right before: its device, else its network. */
  async find({ name, device, address }: Guess): Promise<string | undefined> {
    const places = placesOf({ device, address });
    const unwritten = places.find((place) => this.#unwritten.has(keyOf(name, place)));
    if (unwritten !== undefined || places.length === 0) return unwritten;
    const familiar = await this.#store.read((session) => getFamiliar(session, name, places));
    return places.find((place) => familiar.includes(place));
  }

  /** It was right from here: written with the others at the next `write`, and once a day. */
  note({ name, device, address }: Guess, now: number): void {
    const [place] = placesOf({ device, address });
    if (place === undefined) return;
    const key = keyOf(name, place);
    if (now - (this.#noted.get(key) ?? -Infinity) < limits.familiarNotedMilliseconds) return;
    if (this.#noted.size >= limits.familiarNoted) this.#noted.clear();
    this.#noted.set(key, now);
    this.#unwritten.set(key, { subject: name, place, now });
  }

  /** Called once a minute and before the end. What cannot be written is noted again when it comes again. */
  async write(): Promise<void> {
    const places = [...this.#unwritten.values()];
    this.#unwritten.clear();
    try {
      for (let first = 0; first < places.length; first += placesAtOnce) {
        const some = places.slice(first, first + placesAtOnce);
        await this.#store.transact((tx) => putFamiliar(tx, some, limits.familiarPlaces));
      }
    } catch (error) {
      this.#noted.clear();
      throw error;
    }
  }
}

// Written in one commit: others have their turn between two of them.
const placesAtOnce = 200;

/** Mobile networks give a phone another address every hour: where there is a device, that is the place. */
function placesOf({ device, address }: Pick<Guess, 'device' | 'address'>): string[] {
  return [
    ...(device === undefined ? [] : [`device:${device}`]),
    ...(address === undefined ? [] : [`network:${address}`]),
  ];
}

// No name and no place holds U+0000.
function keyOf(name: string, place: string): string {
  return `${name}\0${place}`;
}
