// Patterns that administrators write, tried on texts that anybody writes: RE2, whose time grows with pattern and text alone.
// What a search costs is its size times the characters it sees, so large patterns and many patterns see fewer of them.

import { RE2JS, RE2JSException } from 're2js';
import { RuleError } from './errors.js';
import { limits } from './limits.js';
import { translateLookaround } from './lookaround.js';

export interface Pattern {
  /** Steps of its program. */
  readonly size: number;
  readonly groups: number;
  readonly isIn: (text: string) => boolean;
  /** The first match. */
  readonly find: (text: string) => Found | undefined;
}

export interface Found {
  readonly start: number;
  readonly end: number;
  /** From group 1; undefined where a group took no part. */
  readonly groups: readonly (string | undefined)[];
}

/** Shares the work that one message may cause among all patterns of a list. */
export class PatternBudget {
  #size = 0;

  /** Throws RuleError TOO_MANY. */
  add(size: number): void {
    this.#size += size;
    if (this.#size > limits.allPatternsSize) throw new RuleError('TOO_MANY', 'all patterns together are too large');
  }

  /** How much of a text a pattern of this size sees. */
  charactersFor(size: number): number {
    const alone = Math.floor(limits.patternWork / size);
    const together = Math.floor(limits.messageWork / this.#size);
    return Math.min(limits.patternText, alone, together);
  }
}

/** Throws RuleError BAD_PATTERN, UNSUPPORTED_LOOKAROUND, PATTERN_TOO_LARGE, TOO_MANY. */
export function readPattern(written: string, budget: PatternBudget): Pattern {
  if (written.length > limits.patternCharacters) throw new RuleError('PATTERN_TOO_LARGE');
  const { pattern, isWithoutAt } = translateLookaround(written);
  const compiled = compile(pattern);
  const size = compiled.programSize();
  if (size > limits.patternSize) throw new RuleError('PATTERN_TOO_LARGE', `${size} steps of ${limits.patternSize}`);
  budget.add(size);
  const seen = (text: string): string => text.slice(0, budget.charactersFor(size));
  const isRuledOut = (text: string): boolean => isWithoutAt && text.includes('@');
  return {
    size,
    groups: compiled.groupCount(),
    isIn: (text) => !isRuledOut(text) && compiled.test(seen(text)),
    find: (text) => (isRuledOut(text) ? undefined : findIn(compiled, seen(text))),
  };
}

function compile(pattern: string): RE2JS {
  try {
    const compiled = RE2JS.compile(pattern);
    boundStates(compiled);
    return compiled;
  } catch (error) {
    if (error instanceof RE2JSException) throw new RuleError('BAD_PATTERN', error.message);
    throw error;
  }
}

// A search that needs ever new states builds one for each ten characters and then does without; it is what costs most.
function boundStates(compiled: RE2JS): void {
  const { dfa } = compiled.re2();
  dfa.stateBudget = limits.patternStates;
  dfa.memBudget = limits.patternStates;
}

function findIn(compiled: RE2JS, text: string): Found | undefined {
  const matcher = compiled.matcher(text);
  if (!matcher.find()) return undefined;
  const groups = Array.from({ length: compiled.groupCount() }, (_, each) => matcher.group(each + 1) ?? undefined);
  return { start: matcher.start(), end: matcher.end(), groups };
}
