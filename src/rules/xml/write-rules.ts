// Rules as XML, to be kept or taken to another server: schemas/rules.xsd.

import type { Action, Condition, Direction, MatchCondition, Rule } from '../rule.js';
import { actionShapes, rulesNamespace, type ElementShape } from './shapes.js';

export interface RuleList {
  direction: Direction;
  rules: Rule[];
}

export function writeRules({ direction, rules }: RuleList): string {
  const lines = rules.flatMap((rule) => indented(ruleLines(rule)));
  const start = `<rules xmlns="${rulesNamespace}" direction="${direction}">`;
  return `${['<?xml version="1.0" encoding="UTF-8"?>', start, ...lines, '</rules>'].join('\n')}\n`;
}

function ruleLines({ title, enabled, conditions, actions }: Rule): string[] {
  const inner = [
    textLine('title', title),
    ...nested('conditions', conditions.flatMap(conditionLines)),
    ...nested('actions', actions.flatMap(actionLines)),
  ];
  return nested('rule', inner, ` enabled="${enabled}"`);
}

function conditionLines(condition: Condition): string[] {
  if (condition.type === 'all') return ['<all/>'];
  const not = condition.not === undefined ? '' : ` not="${condition.not}"`;
  if (condition.type === 'match') return matchLines(condition, not);
  return nested(condition.type, condition.conditions.flatMap(conditionLines), not);
}

function matchLines({ field, op, value, file }: MatchCondition, not: string): string[] {
  const inner = Array.isArray(value) ? textsLines('entries', value) : value === undefined ? [] : [valueLine(value)];
  if (file !== undefined) inner.push(textLine('file', file));
  return nested('match', inner, ` field="${escaped(field)}" op="${op}"${not}`);
}

function actionLines(action: Action): string[] {
  const { attribute, elements } = actionShapes[action.type];
  const values = action as unknown as Readonly<Record<string, string | number | string[] | undefined>>;
  const written = attribute === undefined ? '' : ` ${attribute.name}="${String(values[attribute.name])}"`;
  return nested(
    action.type,
    elements.flatMap((element) => elementLines(element, values[element.name])),
    written,
  );
}

function elementLines({ name }: ElementShape, value: string | number | string[] | undefined): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return textsLines(name, value);
  return typeof value === 'number' ? [valueLine(value)] : [textLine(name, value)];
}

function textsLines(name: string, texts: readonly string[]): string[] {
  return nested(
    name,
    texts.map((text) => textLine('item', text)),
  );
}

function valueLine(value: string | number | boolean): string {
  return typeof value === 'string' ? textLine('value', value) : `<value type="${typeof value}">${value}</value>`;
}

// XML 1.0 2.2 Characters
const unwritable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u;

function textLine(name: string, text: string): string {
  return unwritable.test(text)
    ? `<${name} form="json">${escaped(inJson(text))}</${name}>`
    : `<${name}>${escaped(text)}</${name}>`;
}

function inJson(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\uFFFE\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
}

// What XML's readers take for an end of line, or for a sign of a wrong encoding, is kept as a reference.
// XML 1.0 2.11 End-of-Line Handling
function escaped(text: string): string {
  return text.replaceAll(/[&<>"\r\t\u0085\u2028\uFFFD]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function nested(name: string, inner: readonly string[], attributes = ''): string[] {
  return inner.length === 0
    ? [`<${name}${attributes}/>`]
    : [`<${name}${attributes}>`, ...indented(inner), `</${name}>`];
}

// Lines within a text are not indented: what stands in them is theirs.
function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
