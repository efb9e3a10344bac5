// The most that one pattern costs on a text made against it, of the patterns known to cost most: the limit is 10 ms.

import { readPattern, PatternBudget, type Pattern } from '../src/rules/pattern.js';
import { rounded, type Figure } from './figure.js';

const ROUNDS = 12;

// Each wants ever new states, or every step at every character; none is found.
const end = '[c-f]';
const patterns: readonly string[] = [
  '^(a+)+$',
  ...[8, 12, 25, 60, 100, 300].map((length) => `[ab]*a[ab]{${length}}${end}`),
  ...[10, 20, 60].map((length) => `(a|b)*a(a|b){${length}}${end}`),
  `(.*)(.*)(.*)(.*)(.*)${end}`,
  `${'(.*?)'.repeat(10)}${end}`,
  `${'([ab]*)'.repeat(50)}${end}`,
  `(a?){50}a{50}${end}`,
  `(a?){100}a{100}${end}`,
  '(?i)\\p{L}{0,20}\\d',
  '(?i)\\p{L}{0,100}\\d',
  `(\\b\\w*\\b){20}${end}`,
  `(|a){40}(|b){40}${end}`,
  `(?:([ab])|([ab])([ab])){20}${end}`,
  '\\w*[aeiou]\\w{15}\\b\\d',
  '\\d{16}',
];

const alphabets: readonly string[] = ['a', 'ab', 'abcdefgh 12345', 'aé😀b ', 'étéàéb', '0123456789'];

export function patternWorst(): Promise<Figure> {
  const compiled = patterns.map((each) => ({ written: each, pattern: readPattern(each, new PatternBudget()) }));
  // The first pass is for what the engine compiles on the way.
  worstOf(compiled);
  const worst = worstOf(compiled);
  return Promise.resolve({
    figure: 'pattern-worst',
    value: rounded(worst.value),
    unit: 'ms of the processor',
    limitValue: 10,
    ofLimit: rounded(worst.value / 10),
    pattern: worst.written,
  });
}

interface Worst {
  readonly value: number;
  readonly written: string;
}

function worstOf(compiled: readonly { written: string; pattern: Pattern }[]): Worst {
  let worst: Worst = { value: 0, written: '' };
  for (const alphabet of alphabets) {
    const texts = Array.from({ length: ROUNDS }, (_, round) => textOf(alphabet, round));
    for (const { written, pattern } of compiled) {
      const value = Math.max(
        millisecondsOf(() => texts.map((text) => pattern.isIn(text))),
        millisecondsOf(() => texts.map((text) => pattern.find(text))),
      );
      if (value > worst.value) worst = { value, written };
    }
  }
  return worst;
}

/** Of the processor, for one text: what other processes take meanwhile is not the pattern's. */
function millisecondsOf(searchAll: () => unknown): number {
  const before = process.cpuUsage();
  searchAll();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / ROUNDS;
}

/** 20,000 characters of the alphabet, in an order that no automaton foresees. */
function textOf(alphabet: string, seed: number): string {
  let text = '';
  let state = 12_345 + seed;
  for (let each = 0; each < 20_000; each++) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    text += alphabet[(state >> 16) % alphabet.length]!;
  }
  return text;
}
