// Rules of any shape, with any text in them, for tests that hold whatever the rules are.

import fc from 'fast-check';
import {
  fieldNames,
  ops,
  priorities,
  type Action,
  type Condition,
  type Field,
  type Rule,
} from '../../../src/rules/rule.js';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 20 }),
  fc.constantFrom('', ' ', '\r\n\t', '\u0000', '\uD800', ']]>', '<!--', '&amp;', '\uFFFD\uFFFE\uFFFF\u0085\u2028'),
);
const texts = fc.array(text, { maxLength: 4 });
const flag = fc.boolean();

const header = fc.stringMatching(/^[!-9;-~]{1,10}$/).map((name): Field => `header:${name}`);

const match = fc.record(
  {
    type: fc.constant('match' as const),
    field: fc.oneof(fc.constantFrom<Field>(...fieldNames), header),
    op: fc.constantFrom(...ops),
    value: fc.oneof(text, fc.integer(), flag, texts),
    file: text,
    not: flag,
  },
  { requiredKeys: ['type', 'field', 'op'] },
);

const condition = fc.letrec<{ condition: Condition; group: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.constant<Condition>({ type: 'all' }),
    match,
    tie('group'),
  ),
  group: fc.record(
    {
      type: fc.constantFrom('all-of' as const, 'any-of' as const),
      conditions: fc.array(tie('condition'), { maxLength: 3 }),
      not: flag,
    },
    { requiredKeys: ['type', 'conditions'] },
  ),
})).condition;

function shape<T extends Action['type']>(
  type: T,
  model: object,
  optional: readonly string[] = [],
): fc.Arbitrary<Action> {
  const keys = { type: fc.constant(type), ...model };
  const requiredKeys = Object.keys(keys).filter((key) => !optional.includes(key)) as (keyof typeof keys)[];
  return fc.record(keys, { requiredKeys }) as unknown as fc.Arbitrary<Action>;
}

const action = fc.oneof(
  shape('accept', {}),
  shape('delete', {}),
  shape('stop', {}),
  shape('reject', { reason: text }, ['reason']),
  shape('forward', { to: text }),
  shape('copy', { to: text }),
  shape('send', { to: text, text, subject: text }, ['subject']),
  shape('header', { mode: fc.constantFrom('edit', 'add', 'remove'), header: text, value: text, pattern: text }, [
    'value',
    'pattern',
  ]),
  shape('priority', { value: fc.oneof(fc.integer(), fc.constantFrom(...Object.keys(priorities))) }),
  shape('gateway', { gateway: text }),
  shape('move', { folder: text }),
  shape('execute', { kind: fc.constantFrom('program', 'url'), target: text, arguments: texts }, ['arguments']),
  shape('sql', { connection: text, statement: text, parameters: texts }, ['parameters']),
  shape('webhook', { url: text }),
);

export const anyRule: fc.Arbitrary<Rule> = fc.record({
  title: text,
  enabled: flag,
  conditions: fc.array(condition, { maxLength: 4 }),
  actions: fc.array(action, { maxLength: 6 }),
});
