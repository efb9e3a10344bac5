// Compiles a list of rules, once for many messages.

import { compileAction, type Doing } from './actions.js';
import { compileCondition, countConditions, type CompiledCondition, type ConditionSurroundings } from './conditions.js';
import type { CompileOptions, RuleSet } from './engine.js';
import { placed, RuleError } from './errors.js';
import { evaluateRules, type Evaluation } from './evaluate.js';
import { limits } from './limits.js';
import { readListFiles } from './list.js';
import { PatternBudget } from './pattern.js';
import type { Rule } from './rule.js';
import type { ActionSurroundings } from './step.js';

export interface CompiledRule {
  readonly title: string;
  readonly isEnabled: boolean;
  readonly conditions: readonly CompiledCondition[];
  readonly actions: readonly Doing[];
}

type Surroundings = ConditionSurroundings & ActionSurroundings;

/**
 * Disabled rules are compiled as well: what is saved can be enabled.
 * Rejects with RuleError; what it gives never throws.
 */
export async function compileRules(rules: readonly Rule[], options: CompileOptions): Promise<RuleSet> {
  const { direction, defaultCountry } = options;
  if (rules.length > limits.rules) throw new RuleError('TOO_MANY', `${rules.length} rules of ${limits.rules}`);
  const files = await readListFiles(rules, options.readListFile);
  const surroundings = { budget: new PatternBudget(), files, direction, defaultCountry };
  const compiled = rules.map((rule, each) =>
    placed({ position: each + 1, title: rule.title.slice(0, limits.titleCharacters) }, () =>
      compileRule(rule, surroundings),
    ),
  );
  const evaluation: Evaluation = { rules: compiled, defaultCountry };
  return { direction, rules, evaluate: (message, context) => evaluateRules(evaluation, message, context) };
}

function compileRule(rule: Rule, surroundings: Surroundings): CompiledRule {
  const { title, conditions, actions } = rule;
  if (title.length > limits.titleCharacters) throw new RuleError('TOO_MANY', 'characters in the title');
  if (countConditions(conditions) > limits.conditions) throw new RuleError('TOO_MANY', 'conditions');
  if (actions.length > limits.actions) throw new RuleError('TOO_MANY', 'actions');
  return {
    title,
    isEnabled: rule.enabled,
    conditions: conditions.map((condition, each) =>
      placed({ part: `condition ${each + 1}` }, () => compileCondition(condition, surroundings)),
    ),
    actions: actions.map((action, each) =>
      placed({ part: `action ${each + 1}` }, () => compileAction(action, surroundings)),
    ),
  };
}
