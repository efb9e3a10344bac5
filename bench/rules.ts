// One text past 1,000 rules, 900 plain and 100 with a pattern, beside a loop over the same rules as one would write it first.

import { compileRules } from '../src/rules/compile.js';
import type { Condition, MatchCondition, Rule } from '../src/rules/rule.js';
import type { TrafficMessage } from '../src/rules/traffic.js';
import { median, rounded, type Figure } from './figure.js';

const ROUNDS = 60;
const ITERATIONS = 20;
const WARM_UP_ITERATIONS = 300;

// None of them matches, so that all are tried.
const plain: readonly ((each: number) => Condition)[] = [
  (each) => match({ field: 'to', op: 'begins', value: `+49${1000 + each}` }),
  (each) => match({ field: 'from', op: 'equals', value: `user${each}@example.net` }),
  (each) => match({ field: 'body', op: 'contains', value: `promotion ${each}` }),
  (each) => match({ field: 'subject', op: 'ends', value: `ticket ${each}` }),
  (each) => match({ field: 'group', op: 'equals', value: `group ${each}` }),
  (each) => match({ field: 'user', op: 'list', value: [`a${each}@example.net`, `b${each}@example.net`] }),
  () => match({ field: 'parts', op: 'greater', value: 4 }),
  () => match({ field: 'time', op: 'equals', value: '02:00-03:00' }),
  (each) => ({
    type: 'any-of',
    conditions: [
      match({ field: 'domain', op: 'equals', value: `dept${each}.example` }),
      match({ field: 'gateway', op: 'equals', value: `gateway${each}` }),
    ],
  }),
];

const patterns: readonly ((each: number) => Condition)[] = [
  (each) => match({ field: 'to', op: 'regex', value: `^\\+44(7${each}|20|161)\\d{7,8}$` }),
  (each) => match({ field: 'to', op: 'regex', value: `^(\\+3${each % 10})(.*)@gateway${each}` }),
  (each) => match({ field: 'body', op: 'regex', value: `(?i)\\b(lottery|casino|prize)\\b.{0,20}\\b${each}` }),
  (each) => match({ field: 'body', op: 'regex', value: `https?://[^ ]+\\.host${each}/` }),
  (each) => match({ field: 'body', op: 'regex', value: `\\b\\d{4}[ -]?\\d{4}[ -]?\\d{4}[ -]?${1000 + each}\\b` }),
];

function match(condition: Omit<MatchCondition, 'type'>): MatchCondition {
  return { type: 'match', ...condition };
}

function rulesOf(): Rule[] {
  return Array.from({ length: 1_000 }, (_, each): Rule => {
    const made = each % 10 === 9 ? patterns[Math.floor(each / 10) % patterns.length]! : plain[each % plain.length]!;
    return { title: `rule ${each}`, enabled: true, conditions: [made(each)], actions: [{ type: 'delete' }] };
  });
}

const message: TrafficMessage = {
  direction: 'outgoing',
  from: 'alice@example.org',
  to: '+15551234567',
  subject: 'Your parcel',
  body:
    'Dear customer, your parcel 4711 0815 arrives on Monday between 10 and 12. Track it: https://example.org/t/4711?x=12 or ' +
    'call +1 555 123 4567. Your courier',
  headers: [],
  sender: { address: 'alice@example.org', domain: 'example.org', groups: ['sales', 'managers'] },
  isAuthenticated: true,
  gateway: undefined,
  encoding: 'gsm7',
  octets: 153,
  parts: 1,
  hops: 0,
};

export async function rules1000(): Promise<Figure> {
  const rules = rulesOf();
  const set = await compileRules(rules, { direction: 'outgoing', readListFile: () => Promise.reject(new Error()) });
  const now = new Date(2026, 10, 30, 12, 0).getTime();
  // No two texts are the same: nothing is gained by remembering one.
  let text = 0;
  const next = (): TrafficMessage => ({ ...message, body: `${message.body} ${++text}` });
  const value = millisecondsOf(() => set.evaluate(next(), { now }).matched.length);
  const rivalValue = millisecondsOf(() => rules.filter((rule) => matchesNaively(rule, next())).length);
  return {
    figure: 'rules-1000',
    value: rounded(value),
    unit: 'ms',
    rival: 'a loop that reads each rule for each text, with RegExp',
    rivalValue: rounded(rivalValue),
    ratio: rounded(rivalValue / value),
  };
}

function millisecondsOf(work: () => number): number {
  for (let each = 0; each < WARM_UP_ITERATIONS; each++) if (work() !== 0) throw new Error('a rule matched');
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (let each = 0; each < ITERATIONS; each++) work();
    return (performance.now() - start) / ITERATIONS;
  });
  return median(rounds);
}

function matchesNaively(rule: Rule, text: TrafficMessage): boolean {
  return rule.enabled && rule.conditions.every((condition) => holdsNaively(condition, text));
}

function holdsNaively(condition: Condition, text: TrafficMessage): boolean {
  switch (condition.type) {
    case 'all':
      return true;
    case 'all-of':
      return condition.conditions.every((each) => holdsNaively(each, text));
    case 'any-of':
      return condition.conditions.some((each) => holdsNaively(each, text));
    case 'match':
      return (
        fieldsOf(condition.field, text).some((field) => comparesNaively(condition, field)) !== (condition.not ?? false)
      );
  }
}

function fieldsOf(field: string, text: TrafficMessage): string[] {
  const fields: Readonly<Record<string, string[] | undefined>> = {
    from: [text.from],
    to: [text.to],
    body: [text.body],
    subject: [text.subject],
    user: [text.sender?.address ?? ''],
    domain: [text.sender?.domain ?? ''],
    group: [...(text.sender?.groups ?? [])],
    gateway: [text.gateway ?? ''],
    parts: [String(text.parts)],
    time: ['12:00'],
  };
  return fields[field] ?? [];
}

function comparesNaively({ op, value }: MatchCondition, field: string): boolean {
  const [text, wanted] = [field.toLowerCase(), String(value).toLowerCase()];
  switch (op) {
    case 'contains':
      return text.includes(wanted);
    case 'begins':
      return text.startsWith(wanted);
    case 'ends':
      return text.endsWith(wanted);
    case 'list':
      return (value as string[]).some((each) => each.toLowerCase() === text);
    case 'regex':
      return new RegExp(String(value).replace('(?i)', ''), String(value).startsWith('(?i)') ? 'i' : '').test(field);
    case 'greater':
      return Number(text) > Number(wanted);
    case 'less':
      return Number(text) < Number(wanted);
    case 'equals':
      return text === wanted;
  }
}
