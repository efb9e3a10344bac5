// The language of the URLs, headers and bodies that gateways and webhooks send: text with variables in it, each with any
// attributes in any order.
//
//   &to=%number;interprefix=00%     &data=%data;isascii%%data;isunicode;unicode;value=&unicode=1%     &udh=%udh;len;hex%
//
// A percent sign that begins no variable is an ordinary character, so that %20 stays what it is.

import { HookError } from '../errors.js';
import { limits } from '../limits.js';
import { findCharset, type Charset } from './charset.js';

/** Variables and their other names. */
const variables = {
  number: 'number',
  data: 'data',
  body: 'data',
  from: 'from',
  user: 'from',
  value: 'value',
  udh: 'udh',
  binary: 'binary',
  pid: 'pid',
  dcs: 'dcs',
  sender: 'sender',
  sender_phonealias: 'sender_phonealias',
  parts: 'parts',
  msgid: 'msgid',
  condition: 'condition',
} as const;

export type Variable = (typeof variables)[keyof typeof variables];
export type Condition = 'isunicode' | 'isascii' | 'isbinary';

export interface Reference {
  readonly variable: Variable;
  /** One of them has to hold, or nothing is written; none means always. */
  readonly conditions: readonly Condition[];
  /** Stands for a leading `+`. */
  readonly interPrefix?: string;
  /** Of the octets of a text; UTF-8 where it is absent. */
  readonly charset?: Charset;
  readonly encoding?: 'hex' | 'b64';
  readonly isLengthPrefixed?: boolean;
  /** Follows the value as it stands here. */
  readonly appended: string;
}

export type Template = readonly (string | Reference)[];

const name = /%(\$?)([a-z_][a-z0-9_]*)/iy;
const closed = /((?:;[^;%]*)*)%/y;

/** @throws HookError BAD_TEMPLATE, naming the variable or attribute */
export function parseTemplate(written: string): Template {
  if (written.length > limits.templateCharacters) throw new HookError('BAD_TEMPLATE', 'it is too long');
  const template: (string | Reference)[] = [];
  let literalFrom = 0;
  for (let at = written.indexOf('%'); at >= 0; at = written.indexOf('%', at)) {
    const found = readReference(written, at);
    if (found) {
      if (at > literalFrom) template.push(written.slice(literalFrom, at));
      template.push(found.reference);
      literalFrom = found.end;
    }
    at = found?.end ?? at + 1;
  }
  if (literalFrom < written.length) template.push(written.slice(literalFrom));
  return template;
}

/** What begins at this percent sign; undefined where it is an ordinary character. */
function readReference(written: string, at: number): { reference: Reference; end: number } | undefined {
  const [, dollar, word] = matchAt(name, written, at) ?? [];
  if (word === undefined) return undefined;
  const ending = matchAt(closed, written, name.lastIndex);
  const variable = findVariable(word);
  if (variable === undefined) {
    if (!ending || (dollar === '' && beginsWithEscape(word))) return undefined;
    throw new HookError('BAD_TEMPLATE', `there is no variable ${word}`);
  }
  if (!ending) throw new HookError('BAD_TEMPLATE', `the variable ${word} is not closed by a percent sign`);
  return { reference: readAttributes(variable, ending[1]!.split(';').slice(1)), end: closed.lastIndex };
}

function matchAt(pattern: RegExp, written: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(written);
}

function findVariable(word: string): Variable | undefined {
  const lower = word.toLowerCase();
  return Object.hasOwn(variables, lower) ? variables[lower as keyof typeof variables] : undefined;
}

// %C3%A4, and %AAt%20 too. In lower case `dat` is rather a variable misspelt than the octet DA and a t.
// RFC 3986 2.1 Percent-Encoding
function beginsWithEscape(word: string): boolean {
  return /^(?:[A-F]{2}|[A-F][0-9]|[a-f][0-9])|^[a-f]{2}$/.test(word);
}

type Draft = { -readonly [Key in keyof Reference]: Reference[Key] } & { conditions: Condition[] };

interface Attribute {
  readonly takesValue?: true;
  /** Answers false where it contradicts another attribute. */
  readonly apply: (draft: Draft, value: string) => boolean | void;
}

const attributes: Readonly<Record<string, Attribute>> = {
  isunicode: { apply: ({ conditions }) => void conditions.push('isunicode') },
  isascii: { apply: ({ conditions }) => void conditions.push('isascii') },
  isbinary: { apply: ({ conditions }) => void conditions.push('isbinary') },
  unicode: { apply: (draft) => setCharset(draft, 'utf-16be') },
  charset: { takesValue: true, apply: setCharset },
  hex: { apply: (draft) => setEncoding(draft, 'hex') },
  b64: { apply: (draft) => setEncoding(draft, 'b64') },
  len: { apply: (draft) => void (draft.isLengthPrefixed = true) },
  value: { takesValue: true, apply: (draft, value) => void (draft.appended += value) },
  interprefix: { takesValue: true, apply: (draft, value) => void (draft.interPrefix = value) },
};

function readAttributes(variable: Variable, written: readonly string[]): Reference {
  const draft: Draft = { variable, conditions: [], appended: '' };
  for (const attribute of written) applyAttribute(draft, attribute);
  // `unicode` alone means UTF-16 in hex.
  const isUnicode = written.some((attribute) => attribute.toLowerCase() === 'unicode');
  return isUnicode ? { encoding: 'hex', ...draft } : draft;
}

function applyAttribute(draft: Draft, written: string): void {
  const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(written)!;
  const known = name.toLowerCase();
  const attribute = Object.hasOwn(attributes, known) ? attributes[known] : undefined;
  const fault = (what: string): HookError => new HookError('BAD_TEMPLATE', `${what} (variable ${draft.variable})`);
  if (!attribute) throw fault(`there is no attribute ${JSON.stringify(name)}`);
  if (attribute.takesValue && value === undefined) throw fault(`the attribute ${name} needs a value`);
  if (!attribute.takesValue && value !== undefined) throw fault(`the attribute ${name} takes no value`);
  if (attribute.apply(draft, value ?? '') === false) throw fault(`the attribute ${name} contradicts another one`);
}

function setEncoding(draft: Draft, encoding: 'hex' | 'b64'): boolean {
  if (draft.encoding !== undefined && draft.encoding !== encoding) return false;
  draft.encoding = encoding;
  return true;
}

/** @throws HookError BAD_TEMPLATE */
function setCharset(draft: Draft, written: string): boolean {
  const charset = findCharset(written);
  if (!charset) throw new HookError('BAD_TEMPLATE', `there is no character set ${JSON.stringify(written)}`);
  if (draft.charset !== undefined && draft.charset.name !== charset.name) return false;
  draft.charset = charset;
  return true;
}
