// Patterns: what they may cost, and which lookaround is translated.

import test from 'ava';
import { RuleError } from '../../src/rules/errors.js';
import { limits } from '../../src/rules/limits.js';
import { PatternBudget, readPattern } from '../../src/rules/pattern.js';

const read = (written: string) => readPattern(written, new PatternBudget());

for (const [written, code, named] of [
  ['(a', 'BAD_PATTERN', 'missing closing'],
  ['(a)\\1', 'BAD_PATTERN', 'escape'],
  ['a{0,99999}', 'BAD_PATTERN', 'repeat'],
  ['(?=a)b', 'UNSUPPORTED_LOOKAROUND', '(?=a)'],
  ['^(?!foo(bar|\\)))baz', 'UNSUPPORTED_LOOKAROUND', '(?!foo(bar|\\)))'],
  ['a(?<=[)])b', 'UNSUPPORTED_LOOKAROUND', '(?<=[)])'],
  ['(?<!a)b', 'UNSUPPORTED_LOOKAROUND', '(?<!a)'],
  ['^(?!.*@)(?!.*x)(.*)$', 'UNSUPPORTED_LOOKAROUND', '(?!.*x)'],
  ['[a-c]{600}', 'PATTERN_TOO_LARGE', '602'],
  ['a'.repeat(2_001), 'PATTERN_TOO_LARGE', ''],
] as const) {
  test(`refuses ${written.slice(0, 30)}`, (t) => {
    const error = t.throws(() => read(written), { instanceOf: RuleError });
    t.is(error.code, code);
    t.true(error.message.includes(named), error.message);
  });
}

for (const [written, text, expected] of [
  ['^(?!.*@)(.*)$', '+1555', true],
  ['^(?!.*@)(.*)$', '+1555@gw', false],
  ['(?!.*@)(\\+1.*)', '+1555', true],
  ['^(?!.*[@])\\+44', '+1555', false],
  ['^(?!.*\\@.*$)', 'a@', false],
  ['(.?[\\d]*)(?!@)', '+1555@gw', false],
  ['(\\+\\d*)(?!@)$', '+1555', true],
  ['[(?=]', 'x=', true],
  ['\\(\\?=', 'a(?=b', true],
  ['\\Q(?!\\E', 'a(?!b', true],
  ['(?P<n>a)', 'a', true],
] as const) {
  test(`${written} ${expected ? 'is' : 'is not'} in ${text}`, (t) => {
    t.is(read(written).isIn(text), expected);
    t.is(read(written).find(text) !== undefined, expected);
  });
}

test('a pattern sees the first 4,096 characters', (t) => {
  const needle = read('needle$');
  t.true(needle.isIn(`${'x'.repeat(4_090)}needle and more`));
  t.false(needle.isIn(`${'x'.repeat(4_091)}needle`));
});

test('whatever its size, a pattern and the text it sees are within the work of one search', (t) => {
  for (const size of [1, 16, 17, 100, limits.patternSize]) {
    const budget = new PatternBudget();
    budget.add(size);
    t.true(budget.charactersFor(size) * size <= limits.patternWork);
    t.true(budget.charactersFor(size) >= 128);
  }
});

test('however many they are, patterns are within the work of one message', (t) => {
  const budget = new PatternBudget();
  for (let each = 0; each < 512; each++) budget.add(32);
  t.true(budget.charactersFor(32) * 32 * 512 <= limits.messageWork);
  t.is(budget.charactersFor(32), 256);
  t.is(t.throws(() => budget.add(1), { instanceOf: RuleError }).code, 'TOO_MANY');
});

test('a search gives the first match and its groups', (t) => {
  t.deepEqual(read('(\\d)(x)?').find('ab12'), { start: 2, end: 3, groups: ['1', undefined] });
  t.is(read('x').find('abc'), undefined);
});
