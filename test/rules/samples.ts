// Messages and rules to try.

import { compileRules } from '../../src/rules/compile.js';
import type { CompileOptions } from '../../src/rules/engine.js';
import type { Outcome } from '../../src/rules/outcome.js';
import type { Action, Condition, Direction, Rule } from '../../src/rules/rule.js';
import type { TrafficMessage } from '../../src/rules/traffic.js';

/** A Monday, half past eight in the evening where the test runs. */
export const evening = new Date(2026, 10, 30, 20, 30, 15).getTime();

export const all: Condition = { type: 'all' };

export function outgoing(changes: Partial<TrafficMessage> = {}): TrafficMessage {
  return {
    direction: 'outgoing',
    id: 'm1',
    from: 'alice@example.org',
    to: '+15551234567',
    subject: '',
    body: 'See you at eight',
    headers: [],
    sender: {
      address: 'alice@example.org',
      domain: 'example.org',
      displayName: 'Alice',
      phoneNumber: '+15550001111',
      groups: ['sales', 'Managers'],
    },
    isAuthenticated: true,
    gateway: undefined,
    encoding: 'gsm7',
    octets: 16,
    parts: 1,
    hops: 0,
    ...changes,
  };
}

export function incoming(changes: Partial<TrafficMessage> = {}): TrafficMessage {
  return {
    direction: 'incoming',
    id: 'i1',
    from: '+15557654321',
    fromAddress: 'sms:+15557654321@example.org',
    to: '+15550009999',
    subject: '',
    body: 'On my way',
    headers: [],
    isAuthenticated: false,
    gateway: 'modem1',
    encoding: 'gsm7',
    octets: 9,
    parts: 1,
    hops: 0,
    ...changes,
  };
}

export function rule(conditions: Condition | Condition[], ...actions: Action[]): Rule {
  return { title: 'rule', enabled: true, conditions: [conditions].flat(), actions };
}

export interface TryOptions extends Partial<CompileOptions> {
  readonly isTraced?: boolean;
  readonly now?: number;
}

export async function tryRules(
  rules: readonly Rule[],
  message: TrafficMessage,
  options: TryOptions = {},
): Promise<Outcome> {
  const { isTraced = false, now = evening, ...compileOptions } = options;
  const set = await compile(rules, { direction: message.direction, ...compileOptions });
  return set.evaluate(message, { now, isTraced });
}

export function compile(rules: readonly Rule[], options: Partial<CompileOptions> & { direction?: Direction } = {}) {
  const readListFile = (): Promise<string> => Promise.reject(new Error('there are no files'));
  return compileRules(rules, { direction: 'outgoing', readListFile, ...options });
}

/** Whether a rule with this condition alone matches. */
export async function holds(condition: Condition, message: TrafficMessage, options: TryOptions = {}): Promise<boolean> {
  const { matched } = await tryRules([rule(condition)], message, options);
  return matched.length > 0;
}
