// Rules written as XML and read again; and what is no such document.

import test from 'ava';
import fc from 'fast-check';
import { RuleError } from '../../../src/rules/errors.js';
import { readRules } from '../../../src/rules/xml/read-rules.js';
import { writeRules } from '../../../src/rules/xml/write-rules.js';
import { all, rule } from '../samples.js';
import { anyRule } from './any-rule.js';

const document = (inner: string): string => `<rules xmlns="urn:easms:rules:1" direction="outgoing">${inner}</rules>`;
const ruleWith = (conditions: string, actions: string): string =>
  document(
    `<rule enabled="true"><title>t</title><conditions>${conditions}</conditions><actions>${actions}</actions></rule>`,
  );

const refused: readonly [title: string, xml: string][] = [
  ['nothing', ''],
  ['no XML', 'Rules'],
  ['an element that is not closed', '<rules xmlns="urn:easms:rules:1" direction="outgoing">'],
  ['entities', `<!DOCTYPE rules [<!ENTITY a "aaaa">]>${document('')}`],
  ['another root', '<filters/>'],
  ['another namespace', '<rules direction="outgoing"/>'],
  ['no direction', '<rules xmlns="urn:easms:rules:1"/>'],
  ['another direction', '<rules xmlns="urn:easms:rules:1" direction="sideways"/>'],
  ['an element of another namespace', document('<rule xmlns="urn:x" enabled="true"/>')],
  ['an unknown attribute', document('<rule enabled="true" colour="red"><title/><conditions/><actions/></rule>')],
  ['a rule without enabled', document('<rule><title/><conditions/><actions/></rule>')],
  ['a rule without actions', document('<rule enabled="true"><title/><conditions/></rule>')],
  ['elements in another order', document('<rule enabled="true"><conditions/><title/><actions/></rule>')],
  ['text between elements', document('allow')],
  ['an unknown condition', ruleWith('<none-of/>', '')],
  ['an unknown field', ruleWith('<match field="colour" op="equals"/>', '')],
  ['an unknown operator', ruleWith('<match field="to" op="like"/>', '')],
  ['a value and entries', ruleWith('<match field="to" op="list"><entries/><value/></match>', '')],
  ['a number that is none', ruleWith('<match field="size" op="less"><value type="number">many</value></match>', '')],
  ['a JSON string that is none', ruleWith('<match field="to" op="equals"><value form="json">"</value></match>', '')],
  ['an unknown action', ruleWith('', '<explode/>')],
  ['an action with too much', ruleWith('', '<accept><to/></accept>')],
  ['an action with too little', ruleWith('', '<forward/>')],
  ['an unknown mode', ruleWith('', '<header mode="paint"><header>X</header></header>')],
  ['groups that nest without end', ruleWith('<any-of>'.repeat(20_000) + '</any-of>'.repeat(20_000), '')],
];

for (const [title, xml] of refused) {
  test(`is not read as rules: ${title}`, (t) => {
    t.is(t.throws(() => readRules(xml), { instanceOf: RuleError }).code, 'BAD_XML');
  });
}

test('is not read as rules: more than eight million characters', (t) => {
  t.is(t.throws(() => readRules(' '.repeat(8_388_609)), { instanceOf: RuleError }).code, 'TOO_MANY');
});

test('what is wrong is told with its line', (t) => {
  const xml = ruleWith('', '\n<explode/>');
  t.is(t.throws(() => readRules(xml)).message, 'the document is not a list of rules: explode is no action, line 2');
});

test('a doctype that declares nothing is passed over', (t) => {
  t.deepEqual(readRules(`\uFEFF<!DOCTYPE rules>${document('')}`), { direction: 'outgoing', rules: [] });
});

test('a rule is readable in XML', (t) => {
  const rules = [
    rule(
      [all, { type: 'any-of', conditions: [{ type: 'match', field: 'to', op: 'begins', value: '+1', not: true }] }],
      { type: 'forward', to: 'archive@example.org' },
      { type: 'stop' },
    ),
  ];
  t.is(
    writeRules({ direction: 'outgoing', rules }),
    `<?xml version="1.0" encoding="UTF-8"?>
<rules xmlns="urn:easms:rules:1" direction="outgoing">
  <rule enabled="true">
    <title>rule</title>
    <conditions>
      <all/>
      <any-of>
        <match field="to" op="begins" not="true">
          <value>+1</value>
        </match>
      </any-of>
    </conditions>
    <actions>
      <forward>
        <to>archive@example.org</to>
      </forward>
      <stop/>
    </actions>
  </rule>
</rules>
`,
  );
});

test('export and import give the same rules, whatever is in them', (t) => {
  const list = fc.record({
    direction: fc.constantFrom('outgoing' as const, 'incoming' as const),
    rules: fc.array(anyRule, { maxLength: 4 }),
  });
  fc.assert(
    fc.property(list, (each) => {
      t.deepEqual(readRules(writeRules(each)), each);
    }),
    { numRuns: 300 },
  );
});
