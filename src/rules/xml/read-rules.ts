// Rules from XML, as schemas/rules.xsd has them. What the rules mean is checked where they are compiled.

import { limits } from '../limits.js';
import {
  fieldNames,
  ops,
  type Action,
  type ActionType,
  type Condition,
  type Field,
  type MatchCondition,
  type Rule,
} from '../rule.js';
import { parseDocument, type XmlNode } from './node.js';
import { actionShapes, rulesNamespace, type ElementShape } from './shapes.js';
import type { RuleList } from './write-rules.js';

/** Throws RuleError BAD_XML, TOO_MANY. */
export function readRules(xml: string): RuleList {
  const root = parseDocument(xml);
  if (root.name !== 'rules' || root.namespace !== rulesNamespace) root.refuse(`is not rules of ${rulesNamespace}`);
  const direction = root.attribute('direction', ['outgoing', 'incoming']) ?? root.refuse('lacks direction');
  const rules = root.takeAll().map(readRule);
  root.end();
  return { direction, rules };
}

function readRule(node: XmlNode): Rule {
  if (node.name !== 'rule') node.refuse('is no rule');
  const enabled = node.boolean('enabled') ?? node.refuse('lacks enabled');
  const title = node.need('title').text();
  const conditions = readConditions(node.need('conditions'), 0);
  const actions = readAll(node.need('actions'), readAction);
  node.end();
  return { title, enabled, conditions, actions };
}

function readAll<T>(node: XmlNode, read: (inner: XmlNode) => T): T[] {
  const all = node.takeAll().map(read);
  node.end();
  return all;
}

function readConditions(node: XmlNode, depth: number): Condition[] {
  if (depth > limits.depth) node.refuse('lies too deep');
  return readAll(node, (inner) => readCondition(inner, depth));
}

function readCondition(node: XmlNode, depth: number): Condition {
  switch (node.name) {
    case 'all':
      node.end();
      return { type: 'all' };
    case 'match':
      return readMatch(node);
    case 'all-of':
    case 'any-of': {
      const not = node.boolean('not');
      const conditions = readConditions(node, depth + 1);
      return { type: node.name, conditions, ...(not !== undefined && { not }) };
    }
    default:
      return node.refuse('is no condition');
  }
}

function readMatch(node: XmlNode): MatchCondition {
  const field = node.rawAttribute('field');
  if (!isField(field)) return node.refuse(`has no field ${field ?? ''}`);
  const op = node.attribute('op', ops) ?? node.refuse('lacks op');
  const not = node.boolean('not');
  const entries = node.take('entries');
  const value = entries ? readTexts(entries) : readValue(node.take('value'));
  const file = node.take('file')?.text();
  node.end();
  return {
    type: 'match',
    field,
    op,
    ...(value !== undefined && { value }),
    ...(file !== undefined && { file }),
    ...(not !== undefined && { not }),
  };
}

const fields: readonly string[] = fieldNames;

function isField(name: string | undefined): name is Field {
  return name !== undefined && (fields.includes(name) || /^header:[!-9;-~]{1,100}$/.test(name));
}

function readAction(node: XmlNode): Action {
  if (!isAction(node.name)) return node.refuse('is no action');
  const { attribute, elements } = actionShapes[node.name];
  const action: Record<string, unknown> = { type: node.name };
  if (attribute)
    action[attribute.name] = node.attribute(attribute.name, attribute.values) ?? node.refuse(`lacks ${attribute.name}`);
  for (const element of elements) {
    const value = readElement(node, element);
    if (value !== undefined) action[element.name] = value;
  }
  node.end();
  // As the shapes have it, which is as the types have it.
  return action as unknown as Action;
}

function isAction(name: string): name is ActionType {
  return Object.hasOwn(actionShapes, name);
}

function readElement(node: XmlNode, { name, kind, isOptional }: ElementShape): unknown {
  const inner = node.take(name) ?? (isOptional === true ? undefined : node.need(name));
  if (!inner) return undefined;
  if (kind === 'texts') return readTexts(inner);
  return kind === 'text' ? inner.text() : readValue(inner);
}

function readTexts(node: XmlNode): string[] {
  return readAll(node, (item) => (item.name === 'item' ? item.text() : item.refuse('is no item')));
}

function readValue(node: XmlNode | undefined): string | number | boolean | undefined {
  if (!node) return undefined;
  const type = node.attribute('type', ['number', 'boolean']);
  const text = node.text();
  if (type === undefined) return text;
  if (type === 'boolean')
    return /^(true|false)$/.test(text) ? text === 'true' : node.refuse('is neither true nor false');
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : node.refuse('is no number');
}
