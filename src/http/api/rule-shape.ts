// What a rule looks like in a request: which conditions and actions there are, and which fields each has. What its values
// mean, the engine checks.

import { type TSchema, Type } from 'typebox';
import type { Action, Condition, Rule } from '../../rules/rule.js';
import { HttpError } from '../errors.js';
import { strictObject } from './api.js';

type Kind = 'text' | 'texts' | 'flag' | 'value' | 'priority' | 'conditions';

/** `!` behind a kind: the field has to be there. */
type Fields = Readonly<Record<string, Kind | `${Kind}!`>>;

const conditionFields: Readonly<Record<Condition['type'], Fields>> = {
  all: {},
  match: { field: 'text!', op: 'text!', value: 'value', file: 'text', not: 'flag' },
  'all-of': { conditions: 'conditions!', not: 'flag' },
  'any-of': { conditions: 'conditions!', not: 'flag' },
};

const actionFields: Readonly<Record<Action['type'], Fields>> = {
  accept: {},
  reject: { reason: 'text' },
  delete: {},
  forward: { to: 'text!' },
  copy: { to: 'text!' },
  send: { to: 'text!', text: 'text!', subject: 'text' },
  header: { mode: 'text!', header: 'text!', value: 'text', pattern: 'text' },
  priority: { value: 'priority!' },
  gateway: { gateway: 'text!' },
  move: { folder: 'text!' },
  execute: { kind: 'text!', target: 'text!', arguments: 'texts' },
  sql: { connection: 'text!', statement: 'text!', parameters: 'texts' },
  webhook: { url: 'text!' },
  stop: {},
};

const text = Type.String({ maxLength: 65_536 });
const schemas: Readonly<Record<Kind, TSchema>> = {
  text,
  texts: Type.Array(text),
  flag: Type.Boolean(),
  value: Type.Union([text, Type.Number(), Type.Boolean(), Type.Array(text)]),
  priority: Type.Union([text, Type.Number()]),
  conditions: Type.Array(Type.Unknown({ description: 'conditions as these' })),
};

const tests: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && value.length <= 65_536,
  texts: (value) => Array.isArray(value) && value.every((each) => tests.text(each)),
  flag: (value) => typeof value === 'boolean',
  value: (value) => tests.flag(value) || tests.text(value) || tests.texts(value) || Number.isFinite(value),
  priority: (value) => tests.text(value) || Number.isFinite(value),
  conditions: (value) => Array.isArray(value),
};

function schemaOf(shapes: Readonly<Record<string, Fields>>): TSchema {
  return Type.Union(
    Object.entries(shapes).map(([type, fields]) =>
      strictObject({
        type: Type.Literal(type),
        ...Object.fromEntries(
          Object.entries(fields).map(([name, kind]) => {
            const schema = schemas[kindOf(kind)];
            return [name, isWanted(kind) ? schema : Type.Optional(schema)];
          }),
        ),
      }),
    ),
  );
}

export const conditionSchema = schemaOf(conditionFields);
export const actionSchema = schemaOf(actionFields);

function kindOf(kind: Kind | `${Kind}!`): Kind {
  return kind.replace('!', '') as Kind;
}

function isWanted(kind: string): boolean {
  return kind.endsWith('!');
}

export interface RuleBody {
  title: string;
  enabled?: boolean;
  conditions?: unknown[];
  actions?: unknown[];
}

/** Throws HttpError UNKNOWN_FIELD, BAD_FIELD with the way to it, such as `conditions.0.value`. */
export function readRule({ title, enabled = true, conditions = [], actions = [] }: RuleBody, at = ''): Rule {
  return {
    title,
    enabled,
    conditions: conditions.map((each, n) => readCondition(each, `${at}conditions.${n}`, 0)),
    actions: actions.map((each, n) => readPart<Action>(each, actionFields, `${at}actions.${n}`)),
  };
}

// Deeper ones the engine refuses as well; here the reader is kept from the end of the stack.
const deepest = 32;

function readCondition(value: unknown, at: string, depth: number): Condition {
  const condition = readPart<Condition>(value, conditionFields, at);
  if (!('conditions' in condition)) return condition;
  if (depth === deepest) throw new HttpError('BAD_FIELD', at);
  const { conditions } = condition;
  return {
    ...condition,
    conditions: conditions.map((each, n) => readCondition(each, `${at}.conditions.${n}`, depth + 1)),
  };
}

function readPart<Part extends { type: string }>(
  value: unknown,
  shapes: Readonly<Record<Part['type'], Fields>>,
  at: string,
): Part {
  const part = (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}) as Record<
    string,
    unknown
  >;
  const { type } = part;
  const fields: Fields | undefined =
    typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type as Part['type']] : undefined;
  if (!fields) throw new HttpError('BAD_FIELD', `${at}.type`);
  for (const name of Object.keys(part))
    if (name !== 'type' && !Object.hasOwn(fields, name)) throw new HttpError('UNKNOWN_FIELD', `${at}.${name}`);
  for (const [name, kind] of Object.entries(fields)) {
    const isThere = part[name] !== undefined;
    if (isThere ? !tests[kindOf(kind)](part[name]) : isWanted(kind)) throw new HttpError('BAD_FIELD', `${at}.${name}`);
  }
  return part as unknown as Part;
}
