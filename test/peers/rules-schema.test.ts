// Exported rules, held against the published schema by a validator that is not ours.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import fc from 'fast-check';
import { writeRules } from '../../src/rules/xml/write-rules.js';
import { anyRule } from '../rules/xml/any-rule.js';
import { isAbsent } from './libwbxml.js';

const schema = fileURLToPath(new URL('../../../schemas/rules.xsd', import.meta.url));

/** What xmllint finds wrong. */
function complaints(input: string): string {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], { input });
  return status === 0 ? '' : stderr.toString();
}

for (const [title, inner] of [
  ['an unknown action', '<conditions/><actions><explode/></actions>'],
  ['a forward to nobody', '<conditions/><actions><forward/></actions>'],
  ['an unknown field', '<conditions><match field="colour" op="equals"/></conditions><actions/>'],
  ['actions before conditions', '<actions/><conditions/>'],
] as const) {
  test(`the schema refuses ${title}`, (t) => {
    if (isAbsent(t, 'xmllint')) return;
    const xml = `<rules xmlns="urn:easms:rules:1" direction="incoming"><rule enabled="true"><title/>${inner}</rule></rules>`;
    t.regex(complaints(xml), /fails to validate/);
  });
}

test('whatever rules are exported, the schema holds them valid', (t) => {
  if (isAbsent(t, 'xmllint')) return;
  const many = fc.array(anyRule, { minLength: 20, maxLength: 40, size: 'max' });
  fc.assert(
    fc.property(many, (rules) => {
      t.is(complaints(writeRules({ direction: 'outgoing', rules })), '');
    }),
    { numRuns: 20 },
  );
});
