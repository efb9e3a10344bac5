// Tries rules on one message, from the first to the last. Nothing here waits, and nothing reaches outside.

import type { CountryCode } from '../sms/number.js';
import type { CompiledRule } from './compile.js';
import type { CompiledCondition } from './conditions.js';
import { readDestination } from './destination.js';
import type { EvaluationContext } from './engine.js';
import { Facts } from './facts.js';
import { limits } from './limits.js';
import type { Deed, Outcome, RuleTrace, Verdict } from './outcome.js';
import { Run } from './run.js';
import type { TrafficMessage } from './traffic.js';

export interface Evaluation {
  readonly rules: readonly CompiledRule[];
  readonly defaultCountry: CountryCode | undefined;
}

export function evaluateRules(evaluation: Evaluation, message: TrafficMessage, context: EvaluationContext): Outcome {
  if (message.hops >= limits.hops) return cutLoop(message);
  const { rules, defaultCountry } = evaluation;
  const run = new Run(new Facts(message, { now: context.now, defaultCountry }));
  if (context.isTraced === true) run.trace.push(...rules.map((rule, each) => traceRule(rule, run, each + 1)));
  else tryRules(rules, run);
  return run.finish();
}

function tryRules(rules: readonly CompiledRule[], run: Run): void {
  for (const rule of rules) {
    if (run.isEnding) return;
    if (rule.isEnabled && failing(rule, run.facts) === undefined) act(rule, run);
  }
}

/** The first condition that does not hold. */
function failing({ conditions }: CompiledRule, facts: Facts): CompiledCondition | undefined {
  for (const condition of conditions) if (!condition.holds(facts)) return condition;
  return undefined;
}

function act(rule: CompiledRule, run: Run): Deed[] {
  run.rule = rule.title;
  run.matched.push(rule.title);
  return rule.actions.map((action) => action(run));
}

function traceRule(rule: CompiledRule, run: Run, position: number): RuleTrace {
  const told = { position, title: rule.title, deeds: [] };
  if (run.isEnding) return { ...told, state: 'not-reached' };
  const because = failing(rule, run.facts)?.words;
  // Of a disabled rule it is told whether it would match: so it can be tried before it is enabled.
  if (!rule.isEnabled) return { ...told, state: 'disabled', because };
  if (because !== undefined) return { ...told, state: 'not-matched', because };
  return { ...told, state: 'matched', deeds: act(rule, run) };
}

function cutLoop(message: TrafficMessage): Outcome {
  const reason = 'The message went round in a circle of rules.';
  const verdict: Verdict = message.direction === 'outgoing' ? { kind: 'reject', reason } : { kind: 'accept' };
  return {
    verdict,
    message,
    destination: readDestination(message.to),
    gateway: message.gateway,
    priority: undefined,
    effects: [],
    matched: [],
    isPlaced: false,
    isLooping: true,
    trace: [],
  };
}
