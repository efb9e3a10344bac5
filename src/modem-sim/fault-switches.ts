// The faults that are switched on, and when each of them strikes: the n-th time, every n-th, so many times, by chance.
//
//    cms-500                          each message is answered +CMS ERROR: 500
//    cms-500:nth=3                    the third one
//    late-answers:ms=20000,on=CSQ     each AT+CSQ
//    unplug:on=CMGS,nth=500,ms=2000   at the 500th message, for two seconds
//    noise:p=0.1,seed=7               one time in ten, the same times with the same seed

import { ModemSimError } from './errors.js';
import { type FixedFault, kindOf, type NumberedFault } from './faults.js';
import { limits } from './limits.js';

/** What happens now; a fault that is bound to a command or a recipient strikes at those alone. */
export interface Occasion {
  /** Without its plus: `CMGS`. */
  readonly command?: string | undefined;
  readonly to?: string | undefined;
}

export interface Strike {
  readonly name: string;
  /** The fault's own, by name: `ms`, `status` … */
  readonly values: Readonly<Record<string, number>>;
}

interface Switch extends Strike {
  readonly on: string | undefined;
  readonly to: string | undefined;
  readonly from: number;
  readonly until: number;
  readonly every: number;
  readonly times: number;
  readonly chance: number;
  readonly random: () => number;
  occasions: number;
  strikes: number;
}

export class FaultSwitches {
  readonly #on: Switch[] = [];
  readonly #struck: (strike: Strike, occasion: Occasion) => void;

  constructor(struck: (strike: Strike, occasion: Occasion) => void = () => undefined) {
    this.#struck = struck;
  }

  /** Switches one on, as `--fault` writes it. Throws ModemSimError. */
  add(written: string): void {
    if (this.#on.length >= limits.faults) throw new ModemSimError('BAD_FAULT', 'too many at once');
    this.#on.push(readFault(written));
  }

  /** Switches off by name; all of them without one. */
  remove(name?: string): void {
    for (let n = this.#on.length - 1; n >= 0; n--) {
      if (name === undefined || this.#on[n]!.name === name) this.#on.splice(n, 1);
    }
  }

  /** Each call is one occasion for the fault. */
  strike(name: FixedFault, occasion: Occasion = {}): Strike | undefined {
    if (this.#on.length === 0) return undefined;
    return this.#find((each) => each.name === name, occasion);
  }

  /** The number of a numbered fault that strikes: 500 of `cms-500`. */
  number(family: NumberedFault, occasion: Occasion): number | undefined {
    if (this.#on.length === 0) return undefined;
    const found = this.#find(({ name }) => name.startsWith(`${family}-`), occasion);
    return found && Number(found.name.slice(family.length + 1));
  }

  #find(isIt: (each: Switch) => boolean, occasion: Occasion): Strike | undefined {
    let found: Switch | undefined;
    // All are asked, so that each of them counts its occasions.
    for (const each of this.#on) if (isIt(each) && concerns(each, occasion) && strikes(each)) found ??= each;
    if (found) this.#struck(found, occasion);
    return found;
  }
}

function concerns({ on, to }: Switch, { command, to: recipient }: Occasion): boolean {
  return (on === undefined || on === command) && (to === undefined || to === recipient);
}

function strikes(each: Switch): boolean {
  each.occasions++;
  const { occasions, from, until, every, times, chance, random } = each;
  if (occasions < from || occasions > until || (occasions - from) % every !== 0) return false;
  if (each.strikes >= times || (chance < 1 && random() >= chance)) return false;
  each.strikes++;
  return true;
}

function readFault(written: string): Switch {
  const [name = '', ...rest] = written.split(':');
  const kind = kindOf(name);
  if (kind === undefined) throw new ModemSimError('UNKNOWN_FAULT', name);
  const given = new Map(rest.join(':').split(',').filter(Boolean).map(readPair));
  const take = (key: string): string | undefined => {
    const found = given.get(key);
    given.delete(key);
    return found;
  };
  const on = (take('on') ?? kind.on)?.toUpperCase();
  const [from, until] = readRange(take('nth'));
  const values = Object.entries(kind.values ?? {}).map(([key, usual]) => [key, count(take(key), usual, 0)] as const);
  const found: Switch = {
    ...{ name, on, to: take('to'), from, until },
    ...{ every: count(take('every'), 1), times: count(take('times'), Infinity), chance: fraction(take('p')) },
    ...{ random: seeded(count(take('seed'), 1, 0)), values: Object.fromEntries(values), occasions: 0, strikes: 0 },
  };
  const [unknown] = given.keys();
  if (unknown !== undefined) throw new ModemSimError('BAD_FAULT', unknown);
  return found;
}

function readPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new ModemSimError('BAD_FAULT', pair);
  return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
}

// 3 · 3-5 · 3-
function readRange(written: string | undefined): [number, number] {
  if (written === undefined) return [1, Infinity];
  const [, from, open, until] = /^(\d+)(-?)(\d*)$/.exec(written) ?? [];
  if (from === undefined) throw new ModemSimError('BAD_FAULT', `nth=${written}`);
  if (open === '') return [count(from, 1), Number(from)];
  return [count(from, 1), count(until || undefined, Infinity)];
}

function count(written: string | undefined, otherwise: number, least = 1): number {
  if (written === undefined) return otherwise;
  const number = /^(0x[\da-f]{1,8}|\d{1,9})$/i.test(written) ? Number(written) : NaN;
  if (!(number >= least)) throw new ModemSimError('BAD_FAULT', written);
  return number;
}

function fraction(written: string | undefined): number {
  const number = written === undefined ? 1 : Number(written);
  if (!(number >= 0 && number <= 1)) throw new ModemSimError('BAD_FAULT', `p=${written}`);
  return number;
}

/** Numbers from 0 to 1 that are the same for the same seed: Marsaglia's xorshift over 32 bits. */
function seeded(seed: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x6d2b79f5) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / 0x1_0000_0000;
  };
}
