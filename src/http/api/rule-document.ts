// Rules as answers hold them.

import { type Static, Type } from 'typebox';
import type { KeptRule } from '../../message/rule-list.js';
import { withoutSecrets } from '../../rules/without-secrets.js';
import { type Caller, mayWrite } from './caller.js';
import { actionSchema, conditionSchema } from './rule-shape.js';

export const ruleResource = Type.Object({
  id: Type.String(),
  title: Type.String(),
  enabled: Type.Boolean(),
  conditions: Type.Array(conditionSchema),
  actions: Type.Array(actionSchema, {
    description: 'without URLs, arguments and passwords for a token that may only read',
  }),
});
export type RuleResource = Static<typeof ruleResource>;

export const ruleList = Type.Array(ruleResource, { description: 'in the order in which they are tried' });

export function writeRules(rules: readonly KeptRule[]): RuleResource[] {
  return rules.map(writeRule);
}

export function writeRule({ id, title, enabled, conditions, actions }: KeptRule): RuleResource {
  return { id, title, enabled, conditions, actions };
}

/** As `caller` may see it. */
export function showRule(rule: KeptRule, caller: Caller): RuleResource {
  return writeRule(mayWrite(caller) ? rule : withoutSecrets(rule));
}
