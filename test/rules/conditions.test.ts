// Every condition with every kind of value, and those that are none.

import test from 'ava';
import { RuleError, type RuleErrorCode } from '../../src/rules/errors.js';
import type { Condition, Field, MatchCondition } from '../../src/rules/rule.js';
import { all, compile, holds, incoming, outgoing, rule } from './samples.js';

type Value = MatchCondition['value'];

function match(field: Field, op: MatchCondition['op'], value?: Value): MatchCondition {
  return { type: 'match', field, op, ...(value !== undefined && { value }) };
}

const refused: readonly [title: string, condition: Condition, code: RuleErrorCode][] = [
  ['an unknown type', { type: 'none-of', conditions: [all] } as unknown as Condition, 'BAD_CONDITION'],
  ['an unknown field', match('colour' as Field, 'equals', 'red'), 'BAD_CONDITION'],
  ['an unknown operator', match('to', 'like' as 'equals', '+1'), 'BAD_CONDITION'],
  ['an operator that the field does not have', match('size', 'contains', '1'), 'BAD_CONDITION'],
  ['less of a text', match('body', 'less', 'a'), 'BAD_CONDITION'],
  ['no value', match('to', 'begins'), 'BAD_CONDITION'],
  ['an empty value that every text contains', match('body', 'contains', ''), 'BAD_CONDITION'],
  ['several values without list', match('to', 'equals', ['+1', '+2']), 'BAD_CONDITION'],
  ['a list without entries', match('to', 'list', '\n \n'), 'BAD_CONDITION'],
  ['a list with value and file', { ...match('to', 'list', 'a'), file: 'b' }, 'BAD_CONDITION'],
  ['a file without list', { type: 'match', field: 'to', op: 'equals', file: 'b' }, 'BAD_CONDITION'],
  ['a list file that is not there', { type: 'match', field: 'to', op: 'list', file: 'gone.txt' }, 'LIST_UNREADABLE'],
  ['an empty group', { type: 'any-of', conditions: [] }, 'BAD_CONDITION'],
  ['groups within groups without end', nested(9), 'TOO_MANY'],
  ['more conditions than the limit', { type: 'any-of', conditions: Array<Condition>(200).fill(all) }, 'TOO_MANY'],
  ['a value of a book', match('body', 'contains', 'x'.repeat(8_193)), 'TOO_MANY'],
  ['entries of a book', match('body', 'list', ['x'.repeat(262_145)]), 'TOO_MANY'],
  ['too many entries', match('to', 'list', Array<string>(10_001).fill('+1')), 'TOO_MANY'],
  ['a size that is no number', match('size', 'less', '1e3'), 'BAD_CONDITION'],
  ['a time that is none', match('time', 'less', '25:00'), 'BAD_CONDITION'],
  ['a day that is none', match('weekday', 'equals', 'someday'), 'BAD_CONDITION'],
  ['a country that is none', match('country', 'equals', 'Germany'), 'BAD_CONDITION'],
  ['an encoding that is none', match('encoding', 'equals', 'utf-8'), 'BAD_CONDITION'],
  ['an authentication that is neither', match('authenticated', 'equals', 'maybe'), 'BAD_CONDITION'],
  ['a pattern that is none', match('body', 'regex', '(a'), 'BAD_PATTERN'],
  ['a header without a name', match('header:', 'equals', 'x'), 'BAD_CONDITION'],
];

function nested(depth: number): Condition {
  return depth === 0 ? all : { type: 'all-of', conditions: [nested(depth - 1)] };
}

const readListFile = (file: string): Promise<string> =>
  file === 'gone.txt' ? Promise.reject(new Error("ENOENT, open '/etc/secret'")) : Promise.resolve('+1');

for (const [title, condition, code] of refused) {
  test(`refuses ${title}`, async (t) => {
    const error = await t.throwsAsync(compile([rule(condition)], { readListFile }), { instanceOf: RuleError });
    t.is(error.code, code);
  });
}

test('what is refused is told with its place', async (t) => {
  const error = await t.throwsAsync(compile([rule(all), rule([all, match('size', 'less', 'x')])]));
  t.is(error.message, 'rule 2 (rule), condition 2: the condition cannot be tried: x is no number');
});

test('a list file is told by its name alone', async (t) => {
  const condition: Condition = { type: 'match', field: 'to', op: 'list', file: 'gone.txt' };
  const error = await t.throwsAsync(compile([rule(condition)], { readListFile }));
  t.is(error.message, 'the list file cannot be read: gone.txt');
});

const monday = new Date(2026, 10, 30, 20, 30).getTime();
const saturday = new Date(2026, 11, 5, 0, 0).getTime();
const routed = outgoing({ to: '+15551234567@mine', gateway: 'mine' });
const titled = outgoing({
  subject: 'Invoice 42',
  headers: [
    { name: 'X-App', value: 'crm' },
    { name: 'x-app', value: 'Shop' },
  ],
});
const nobody = outgoing({ sender: undefined, isAuthenticated: false, from: 'web' });

const tried: readonly [MatchCondition, message: ReturnType<typeof outgoing>, expected: boolean, now?: number][] = [
  [match('from', 'equals', 'ALICE@example.org'), outgoing(), true],
  [match('from', 'ends', '@example.org'), outgoing(), true],
  [match('from', 'contains', 'sms:'), incoming(), true],
  [match('from', 'begins', '+1555'), incoming(), true],
  [match('from', 'regex', '^\\+1555'), incoming(), true],
  [match('from', 'list', ['+1 (555) 765-4321']), incoming(), true],
  [match('from', 'list', ['+15557654322']), incoming(), false],
  [match('to', 'begins', '+1'), outgoing(), true],
  [match('to', 'begins', '+44'), outgoing(), false],
  [match('to', 'equals', '+15551234567'), routed, true],
  [match('to', 'equals', '+15551234567@mine'), routed, true],
  [match('to', 'list', '+15551234567\n+15550000000'), routed, true],
  [match('to', 'contains', '@'), routed, true],
  [match('to', 'contains', '@'), outgoing(), false],
  [match('to', 'regex', '^\\+\\d+$'), routed, false],
  [match('body', 'contains', 'SEE you'), outgoing(), true],
  [match('body', 'regex', 'SEE you'), outgoing(), false],
  [match('body', 'regex', '(?i)SEE you'), outgoing(), true],
  [match('body', 'list', ['viagra', 'EIGHT']), outgoing(), true],
  [match('body', 'list', ['eightyfour']), outgoing(), false],
  [match('body', 'equals', ''), outgoing({ body: '' }), true],
  [match('subject', 'begins', 'invoice'), titled, true],
  [match('subject', 'equals', ''), outgoing(), true],
  [match('header:X-APP', 'equals', 'shop'), titled, true],
  [match('header:x-app', 'list', ['rm']), titled, true],
  [match('header:X-Other', 'contains', 'a'), titled, false],
  [match('header:Subject', 'contains', '42'), titled, true],
  [match('header:From', 'contains', 'alice'), titled, true],
  [match('header:To', 'contains', '555'), titled, true],
  [match('gateway', 'equals', 'MINE'), routed, true],
  [match('gateway', 'equals', 'mine'), outgoing(), false],
  [match('user', 'equals', 'alice@example.org'), outgoing(), true],
  [match('user', 'regex', '.'), nobody, false],
  [match('group', 'equals', 'managers'), outgoing(), true],
  [match('group', 'list', ['board', 'sales']), outgoing(), true],
  [match('group', 'equals', 'board'), outgoing(), false],
  [match('domain', 'equals', 'example.org'), outgoing(), true],
  [match('domain', 'equals', 'example.org'), nobody, false],
  [match('country', 'equals', 'us'), outgoing(), true],
  [match('country', 'equals', 'CA'), outgoing({ to: '+14165550123' }), true],
  [match('country', 'list', ['DE', 'GB']), outgoing({ to: '+447700900123@mine' }), true],
  [match('country', 'equals', 'US'), outgoing({ to: '4711' }), false],
  [match('country', 'equals', 'US'), incoming(), true],
  [match('size', 'greater', 15), outgoing(), true],
  [match('size', 'less', '16'), outgoing(), false],
  [match('size', 'equals', 16), outgoing(), true],
  [match('parts', 'greater', 1), outgoing({ parts: 3 }), true],
  [match('encoding', 'equals', 'Unicode'), outgoing({ encoding: 'unicode' }), true],
  [match('encoding', 'list', ['binary', 'unicode']), outgoing(), false],
  [match('time', 'equals', '20:30'), outgoing(), true],
  [match('time', 'equals', '18:00-22:00'), outgoing(), true],
  [match('time', 'equals', '08:00-20:30'), outgoing(), false],
  [match('time', 'equals', '22:00-06:00'), outgoing(), true, saturday],
  [match('time', 'list', ['06:00-08:00', '20:00-21:00']), outgoing(), true],
  [match('time', 'greater', '20:00'), outgoing(), true],
  [match('time', 'less', '20:00'), outgoing(), false],
  [match('weekday', 'equals', 'Monday'), outgoing(), true],
  [match('weekday', 'equals', 'mon-fri'), outgoing(), false, saturday],
  [match('weekday', 'equals', 'fri-mon'), outgoing(), true, saturday],
  [match('weekday', 'list', ['tue', 'sat,sun']), outgoing(), true, saturday],
  [match('authenticated', 'equals'), outgoing(), true],
  [match('authenticated', 'equals', false), nobody, true],
  [match('authenticated', 'equals', '1'), nobody, false],
];

for (const [condition, message, expected, now = monday] of tried) {
  const { field, op, value } = condition;
  const words = `${field} ${op} ${JSON.stringify(value)} of ${message.direction} to ${message.to}, ${new Date(now).getDay()}`;
  test(`${expected ? 'holds' : 'does not hold'}, and not the other way round: ${words}`, async (t) => {
    t.is(await holds(condition, message, { now }), expected);
    t.is(await holds({ ...condition, not: true }, message, { now }), !expected);
  });
}

test('numbers are compared in international form where a country is known', async (t) => {
  const message = outgoing({ to: '0151 12345678' });
  t.true(await holds(match('to', 'equals', '+4915112345678'), message, { defaultCountry: 'DE' }));
  t.true(await holds(match('to', 'begins', '+49'), message, { defaultCountry: 'DE' }));
  t.true(await holds(match('country', 'equals', 'DE'), message, { defaultCountry: 'DE' }));
  t.false(await holds(match('to', 'equals', '+4915112345678'), message));
});

test('groups are AND, OR and their negation', async (t) => {
  const no = match('to', 'equals', 'nobody');
  t.true(await holds({ type: 'any-of', conditions: [no, all] }, outgoing()));
  t.false(await holds({ type: 'all-of', conditions: [no, all] }, outgoing()));
  t.true(await holds({ type: 'all-of', not: true, conditions: [no, all] }, outgoing()));
  t.false(await holds({ type: 'any-of', not: true, conditions: [no, all] }, outgoing()));
  t.true(await holds({ type: 'all-of', conditions: [{ type: 'any-of', conditions: [no, all] }, all] }, outgoing()));
});

test('a list finds words that overlap', async (t) => {
  const words = match('body', 'list', ['shers', 'hershey', 'his']);
  t.true(await holds(words, outgoing({ body: 'ushers' })));
  t.false(await holds(words, outgoing({ body: 'usher he s hi' })));
  t.true(await holds(match('body', 'list', ['abcd', 'bc']), outgoing({ body: 'xabce' })));
});
