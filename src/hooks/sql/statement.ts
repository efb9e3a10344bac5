// One statement of a rule: pieces between which parameters stand. Values are bound, never written into it.

import { HookError } from '../errors.js';
import type { Database } from './database.js';

export interface Statement {
  pieces: readonly string[];
  parameters: readonly string[];
}

// What is no work on rows but on the database itself, or reaches another file.
const forbidden =
  /^(attach|detach|vacuum|pragma|begin|commit|end|rollback|savepoint|release|set|use|lock|unlock|copy|load)\b/i;
const space = /^(?:\s+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*[^]*?\*\/)+/;

/** With the marks of its database. Throws HookError FORBIDDEN_STATEMENT. */
export function writeStatement({ pieces, parameters }: Statement, kind: Database['kind']): string {
  if (pieces.length !== parameters.length + 1)
    throw new HookError('FORBIDDEN_STATEMENT', 'marks and parameters differ in number');
  const mark = kind === 'postgresql' ? (n: number): string => `$${n}` : (): string => '?';
  const text = pieces.reduce((before, piece, n) => `${before}${mark(n)}${piece}`);
  if (forbidden.test(text.replace(space, ''))) throw new HookError('FORBIDDEN_STATEMENT', 'it is not about rows');
  return text;
}
