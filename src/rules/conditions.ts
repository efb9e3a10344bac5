// Conditions, compiled: each becomes one question to the facts of a message.

import type { CountryCode } from '../sms/number.js';
import { RuleError } from './errors.js';
import type { Facts, TextField } from './facts.js';
import { limits } from './limits.js';
import type { ListFiles } from './list.js';
import { describeCondition } from './condition-words.js';
import type { PatternBudget } from './pattern.js';
import type { Condition, GroupCondition, MatchCondition } from './rule.js';
import { compileText } from './text-conditions.js';
import { compileValue, isValueField } from './value-conditions.js';

export type Question = (facts: Facts) => boolean;

export interface ConditionSurroundings {
  readonly budget: PatternBudget;
  readonly files: ListFiles;
  readonly defaultCountry: CountryCode | undefined;
}

export interface CompiledCondition {
  readonly holds: Question;
  /** In words. */
  readonly words: string;
}

/** Throws RuleError. */
export function compileCondition(condition: Condition, surroundings: ConditionSurroundings): CompiledCondition {
  return { holds: questionOf(condition, surroundings, 0), words: describeCondition(condition) };
}

function questionOf(condition: Condition, surroundings: ConditionSurroundings, depth: number): Question {
  switch (condition.type) {
    case 'all':
      return () => true;
    case 'match':
      return negated(matchQuestion(condition, surroundings), condition.not);
    case 'all-of':
    case 'any-of':
      return negated(groupQuestion(condition, surroundings, depth), condition.not);
    default:
      throw new RuleError('BAD_CONDITION', `there is no type ${(condition as { type: string }).type}`);
  }
}

function negated(question: Question, not: boolean | undefined): Question {
  return not === true ? (facts) => !question(facts) : question;
}

function groupQuestion(group: GroupCondition, surroundings: ConditionSurroundings, depth: number): Question {
  if (depth >= limits.depth) throw new RuleError('TOO_MANY', 'groups within groups');
  if (group.conditions.length === 0) throw new RuleError('BAD_CONDITION', 'the group is empty');
  const questions = group.conditions.map((each) => questionOf(each, surroundings, depth + 1));
  return group.type === 'all-of'
    ? (facts) => questions.every((each) => each(facts))
    : (facts) => questions.some((each) => each(facts));
}

function matchQuestion(condition: MatchCondition, surroundings: ConditionSurroundings): Question {
  const { field } = condition;
  if (isValueField(field)) return compileValue(field, condition, surroundings.files);
  if (isTextField(field)) {
    const isText = field === 'body' || field === 'subject';
    const isNumber = field === 'from' || field === 'to';
    return compileText({ condition, isText, isNumber, look: (facts) => facts.textOf(field) }, surroundings);
  }
  const header = /^header:([!-9;-~]{1,100})$/.exec(field)?.[1]?.toLowerCase();
  if (header === undefined) throw new RuleError('BAD_CONDITION', `there is no field ${field}`);
  return compileText({ condition, isText: true, isNumber: false, look: (facts) => facts.header(header) }, surroundings);
}

const textFields: readonly string[] = [
  'from',
  'to',
  'body',
  'subject',
  'gateway',
  'user',
  'domain',
  'group',
] satisfies TextField[];

function isTextField(field: string): field is TextField {
  return textFields.includes(field);
}

/** How many there are, those in groups included. */
export function countConditions(conditions: readonly Condition[]): number {
  return conditions.reduce((sum, each) => sum + 1 + ('conditions' in each ? countConditions(each.conditions) : 0), 0);
}
