// Rules as XML: out, all or some of them, and in again.

import { readRules } from '../rules/xml/read-rules.js';
import { writeRules } from '../rules/xml/write-rules.js';
import { RuleError } from '../rules/errors.js';
import type { Rule } from '../rules/rule.js';
import { refuseHidden, withoutSecrets } from '../rules/without-secrets.js';
import type { Store } from '../store/open.js';
import type { RuleDirection } from '../store/states.js';
import { compileWritten } from './rule-book.js';
import { changeRules, type KeptRule, listRules } from './rule-list.js';
import type { MessageServices } from './submit.js';

export interface RuleExport {
  direction: RuleDirection;
  /** These alone; else all. */
  ids: readonly string[] | undefined;
  /** For somebody who may not write them. */
  isWithoutSecrets: boolean;
}

/** Undefined where one of the ids is that of no rule. */
export async function exportRules(store: Store, wanted: RuleExport): Promise<string | undefined> {
  const { direction, ids, isWithoutSecrets } = wanted;
  const rules = await listRules(store, direction);
  const chosen = ids ? rules.filter(({ id }) => ids.includes(id)) : rules;
  if (ids && chosen.length < new Set(ids).size) return undefined;
  const shown = isWithoutSecrets ? chosen.map(withoutSecrets) : chosen;
  return writeRules({ direction, rules: shown.map(withoutId) });
}

function withoutId({ title, enabled, conditions, actions }: KeptRule): Rule {
  return { title, enabled, conditions, actions };
}

export interface RuleImport {
  direction: RuleDirection;
  xml: string;
  /** These alone of the document, counted from 1. */
  positions?: readonly number[] | undefined;
  /** In place of the rules that are there; else behind them. */
  isReplacing: boolean;
  /** Nothing is kept. */
  isDry: boolean;
}

/** What is taken, with the ids that it has now. Throws RuleError. */
export async function importRules(services: MessageServices, given: RuleImport): Promise<KeptRule[]> {
  const { direction, isReplacing, isDry } = given;
  const read = readRules(given.xml);
  if (read.direction !== direction) throw new RuleError('BAD_XML', `its rules are for ${read.direction} messages`);
  const rules = choose(read.rules, given.positions);
  if (isDry) {
    refuseHidden(rules);
    await compileWritten(services.store, direction, rules);
    return rules.map((rule) => ({ ...rule, id: '' }));
  }
  const kept = await changeRules(services, direction, (before) => (isReplacing ? rules : [...before, ...rules]));
  return kept.slice(kept.length - rules.length);
}

function choose(rules: readonly Rule[], positions: readonly number[] | undefined): readonly Rule[] {
  if (!positions) return rules;
  return positions.map((position) => {
    const rule = rules[position - 1];
    if (!rule) throw new RuleError('BAD_XML', `it has no rule ${position}`);
    return rule;
  });
}
