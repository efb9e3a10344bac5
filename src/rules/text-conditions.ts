// Conditions on what is written: From, To, the text and headers. All but patterns ignore upper and lower case.

import { comparable, type CountryCode } from '../sms/number.js';
import type { ConditionSurroundings, Question } from './conditions.js';
import { RuleError } from './errors.js';
import type { Facts, Writings } from './facts.js';
import { limits } from './limits.js';
import { listOf } from './list.js';
import { readPattern } from './pattern.js';
import type { MatchCondition, Op } from './rule.js';
import { buildWordSearch } from './word-search.js';

export interface TextCondition {
  readonly condition: MatchCondition;
  readonly look: (facts: Facts) => Writings;
  /** A list is looked for in a text; of everything else it has the whole. */
  readonly isText: boolean;
  /** Values are compared in international form as well. */
  readonly isNumber: boolean;
}

/** Throws RuleError. */
export function compileText(text: TextCondition, surroundings: ConditionSurroundings): Question {
  const { condition, look } = text;
  if (condition.op === 'list') return listQuestion(text, surroundings);
  const value = valueOf(condition);
  if (condition.op === 'regex') {
    const pattern = readPattern(value, surroundings.budget);
    return (facts) => look(facts).written.some(pattern.isIn);
  }
  const compares = comparisonOf(condition);
  const values =
    text.isNumber && condition.op === 'equals' ? formsOf(value, surroundings.defaultCountry) : [value.toLowerCase()];
  if (values.length > 1)
    return (facts) => look(facts).compared.some((each) => values.some((form) => compares(each, form)));
  const only = values[0]!;
  return (facts) => look(facts).compared.some((each) => compares(each, only));
}

function valueOf({ value, file, op }: MatchCondition): string {
  if (file !== undefined) throw new RuleError('BAD_CONDITION', `${op} has no file`);
  if (value === undefined || Array.isArray(value)) throw new RuleError('BAD_CONDITION', `${op} needs one value`);
  const text = String(value);
  // Every text contains the empty one: a rule that was not finished would take them all.
  if (text === '' && op !== 'equals') throw new RuleError('BAD_CONDITION', `${op} needs a value`);
  if (text.length > limits.valueCharacters) throw new RuleError('TOO_MANY', 'characters in the value');
  return text;
}

type Comparison = (text: string, value: string) => boolean;

const comparisons: Readonly<Partial<Record<Op, Comparison>>> = {
  contains: (text, value) => text.includes(value),
  equals: (text, value) => text === value,
  begins: (text, value) => text.startsWith(value),
  ends: (text, value) => text.endsWith(value),
};

function comparisonOf({ op, field }: MatchCondition): Comparison {
  const comparison = Object.hasOwn(comparisons, op) ? comparisons[op] : undefined;
  if (!comparison) throw new RuleError('BAD_CONDITION', `${field} has no ${op}`);
  return comparison;
}

function listQuestion(text: TextCondition, { files, defaultCountry }: ConditionSurroundings): Question {
  const { condition, look } = text;
  const entries = listOf(condition, files);
  if (text.isText) {
    const isIn = buildWordSearch(entries.map((each) => each.toLowerCase()));
    return (facts) => look(facts).compared.some(isIn);
  }
  const forms = new Set(
    text.isNumber
      ? entries.flatMap((each) => formsOf(each, defaultCountry))
      : entries.map((each) => each.toLowerCase()),
  );
  return (facts) => look(facts).compared.some((each) => forms.has(each));
}

function formsOf(value: string, defaultCountry: CountryCode | undefined): string[] {
  return [...new Set([value, comparable(value, defaultCountry)])].map((each) => each.toLowerCase());
}
