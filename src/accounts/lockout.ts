// Slows down whoever guesses passwords, and lets through whoever knew the right one before.
//
// A password is tried against four measures: the name from one address, the name from everywhere, the address, and this very
// password again. Each holds some wrong ones and takes one more after a while; full, it refuses. What was right once is
// recognised by its digest and meets only the last of them: whoever guesses cannot make that digest, so nobody can lock out
// a phone that has the password. A place that is familiar is counted by itself, since digests end with the process.
// See docs/decisions/0102 and 0115.

import { AccountError } from './errors.js';
import { limits } from './limits.js';

interface Measure {
  burst: number;
  secondsEach: number;
}

interface Level {
  /** Wrong passwords that count. */
  wrong: number;
  at: number;
}

export interface Guess {
  /** Whose password it is. */
  name: string;
  /** The network it comes from. */
  address: string | undefined;
  /** What the device calls itself, where it is one. */
  device?: string | undefined;
  /** The place from which this name was right before, where that is known. */
  familiar?: string | undefined;
  /** Of name and password, under a key that nobody has. */
  digest: string;
}

type Held = [key: string, measure: Measure][];

export class Lockout {
  readonly #levels = new Map<string, Level>();
  readonly #known = new Map<string, string>();

  /**
   * Counts a try as wrong until `succeed` says otherwise, so that many at once are no way around.
   * Throws AccountError LOCKED_OUT.
   */
  begin(guess: Guess, now: number): void {
    const measures = this.#measuresOf(guess);
    const waits = measures.map(([key, measure]) => this.#waitFor(key, measure, now));
    const retryAfterSeconds = Math.max(...waits);
    if (retryAfterSeconds > 0) throw new AccountError('LOCKED_OUT', undefined, { retryAfterSeconds });
    // What was wrong before and comes again is no new guess.
    const isRepeated = this.#levels.has(keyOfCredentials(guess));
    for (const [key, measure] of isRepeated ? measures.slice(0, 1) : measures) this.#add(key, { measure, by: 1, now });
  }

  /** It was right: nothing of it counts, and it is known from now on. */
  succeed(guess: Guess, now: number): void {
    for (const [key, measure] of this.#measuresOf(guess)) this.#add(key, { measure, by: -1, now });
    this.#levels.delete(keyOfCredentials(guess));
    this.#known.delete(guess.digest);
    if (this.#known.size >= limits.knownCredentials) dropOldest(this.#known);
    this.#known.set(guess.digest, guess.name);
  }

  /** It is no longer right, if it ever was. */
  fail({ digest }: Guess): void {
    this.#known.delete(digest);
  }

  /** Nothing was found out: nothing counts. */
  abandon(guess: Guess, now: number): void {
    for (const [key, measure] of this.#measuresOf(guess)) this.#add(key, { measure, by: -1, now });
  }

  #measuresOf(guess: Guess): Held {
    const { name, address, digest, familiar } = guess;
    const repeated: Held = [[keyOfCredentials(guess), limits.wrongOfCredentials]];
    if (this.#known.get(digest) === name) return repeated;
    if (familiar !== undefined) return [...repeated, [`familiar ${familiar} ${name}`, limits.wrongOfPair]];
    repeated.push([`name ${name}`, limits.wrongOfName]);
    if (address === undefined) return repeated;
    repeated.push([`pair ${address} ${name}`, limits.wrongOfPair], [`address ${address}`, limits.wrongOfAddress]);
    return repeated;
  }

  #waitFor(key: string, measure: Measure, now: number): number {
    const over = this.#levelOf(key, measure, now) + 1 - measure.burst;
    return over > 0 ? Math.ceil(over * measure.secondsEach) : 0;
  }

  #levelOf(key: string, { secondsEach }: Measure, now: number): number {
    const level = this.#levels.get(key);
    if (!level) return 0;
    return Math.max(0, level.wrong - (now - level.at) / (secondsEach * 1000));
  }

  #add(key: string, { measure, by, now }: { measure: Measure; by: number; now: number }): void {
    const wrong = this.#levelOf(key, measure, now) + by;
    // Set anew, so that the oldest in the map is the one that was touched longest ago.
    this.#levels.delete(key);
    if (wrong <= 0) return;
    if (this.#levels.size >= limits.rememberedWrong) dropOldest(this.#levels);
    this.#levels.set(key, { wrong, at: now });
  }
}

function keyOfCredentials({ digest }: Guess): string {
  return `credentials ${digest}`;
}

function dropOldest(map: Map<string, unknown>): void {
  // A map gives its entries in the order they came in.
  for (const key of map.keys()) return void map.delete(key);
}
