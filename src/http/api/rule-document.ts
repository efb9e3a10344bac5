// Rules as answers hold them.

import { type Static, Type } from 'typebox';
import type { KeptRule } from '../../message/rule-list.js';
import { actionSchema, conditionSchema } from './rule-shape.js';

export const ruleResource = Type.Object({
  id: Type.String(),
  title: Type.String(),
  enabled: Type.Boolean(),
  conditions: Type.Array(conditionSchema),
  actions: Type.Array(actionSchema),
});
export type RuleResource = Static<typeof ruleResource>;

export const ruleList = Type.Array(ruleResource, { description: 'in the order in which they are tried' });

export function writeRules(rules: readonly KeptRule[]): RuleResource[] {
  return rules.map(writeRule);
}

export function writeRule({ id, title, enabled, conditions, actions }: KeptRule): RuleResource {
  return { id, title, enabled, conditions, actions };
}
