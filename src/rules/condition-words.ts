// Conditions in words, as an administrator reads them aloud.

import type { Condition, MatchCondition, Op } from './rule.js';

const opWords: Readonly<Record<Op, readonly [is: string, isNot: string]>> = {
  contains: ['contains', 'does not contain'],
  equals: ['is', 'is not'],
  begins: ['begins with', 'does not begin with'],
  ends: ['ends with', 'does not end with'],
  regex: ['matches', 'does not match'],
  list: ['is one of', 'is none of'],
  less: ['is less than', 'is not less than'],
  greater: ['is more than', 'is not more than'],
};

const shownCharacters = 80;
const shownEntries = 5;

export function describeCondition(condition: Condition): string {
  switch (condition.type) {
    case 'all':
      return 'all messages';
    case 'match':
      return describeMatch(condition);
    case 'all-of':
    case 'any-of': {
      const word = condition.type === 'all-of' ? ' and ' : ' or ';
      return `${condition.not === true ? 'not ' : ''}(${condition.conditions.map(describeCondition).join(word)})`;
    }
  }
}

function describeMatch(condition: MatchCondition): string {
  const { field, op, not } = condition;
  return `${field} ${opWords[op][not === true ? 1 : 0]} ${describeValue(condition)}`;
}

function describeValue({ value, file }: MatchCondition): string {
  if (file !== undefined) return `the list in ${file}`;
  if (!Array.isArray(value)) return shown(String(value ?? true));
  const more = value.length > shownEntries ? ` and ${value.length - shownEntries} more` : '';
  return `${value.slice(0, shownEntries).map(shown).join(', ')}${more}`;
}

function shown(value: string): string {
  return value.length > shownCharacters ? `"${value.slice(0, shownCharacters)}…"` : `"${value}"`;
}
