// Chance that can be had again: the same seed and the same case number give the same choices.

export class Chance {
  #state: number;

  constructor(seed: number, number: number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) >>> 0;
  }

  /** 0 to 1, without 1. mulberry32 */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** 0 to `below`, without it. */
  below(below: number): number {
    return Math.floor(this.fraction() * below);
  }

  isWithin(part: number): boolean {
    return this.fraction() < part;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  octets(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }
}
