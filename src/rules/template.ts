// Values with variables: `%%from%%` anywhere, `%from%` where the name is known, and `$1` or `$$1` for what a pattern found.

import { RuleError } from './errors.js';
import { limits } from './limits.js';
import { isVariable, type VariableName } from './variables.js';

export type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: VariableName }
  /** From 1. One that the pattern does not have is empty. */
  | { readonly kind: 'group'; readonly number: number };

export type Template = readonly Piece[];

export interface TemplateOptions {
  /** Groups of the pattern; absent where there is none, and `$1` is text. */
  readonly groups?: number | undefined;
  /** `%name%` is text: SQL writes patterns so. */
  readonly isDoubleOnly?: boolean | undefined;
}

const double = /^%%(header:[!-$&-9;-~]+|[a-z][\w-]*)%%/i;
const single = /^%([a-z][a-z_]*)%/i;

/** Throws RuleError BAD_VARIABLE, TOO_MANY. */
export function readTemplate(written: string, options: TemplateOptions = {}): Template {
  if (written.length > limits.valueCharacters) throw new RuleError('TOO_MANY', 'characters in a value');
  const pieces: Piece[] = [];
  let literal = '';
  for (let at = 0; at < written.length;) {
    const found = findPiece(written, at, options);
    if (!found) {
      literal += written[at++];
      continue;
    }
    if (literal !== '') pieces.push({ kind: 'literal', text: literal });
    literal = '';
    pieces.push(found.piece);
    at += found.length;
  }
  if (literal !== '') pieces.push({ kind: 'literal', text: literal });
  return pieces;
}

interface FoundPiece {
  readonly piece: Piece;
  readonly length: number;
}

function findPiece(written: string, at: number, { groups, isDoubleOnly }: TemplateOptions): FoundPiece | undefined {
  if (written[at] === '%') return findVariable(written.slice(at, at + longestVariable), isDoubleOnly === true);
  return groups === undefined ? undefined : findGroup(written.slice(at, at + longestGroup), groups);
}

const longestVariable = 120;
const longestGroup = 12;

function findVariable(rest: string, isDoubleOnly: boolean): FoundPiece | undefined {
  const [all, written] = double.exec(rest) ?? (isDoubleOnly ? undefined : single.exec(rest)) ?? [];
  if (all === undefined) return undefined;
  const name = written!.toLowerCase();
  if (isVariable(name)) return { piece: { kind: 'variable', name }, length: all.length };
  // A single per cent sign stands in many texts.
  if (!all.startsWith('%%')) return undefined;
  throw new RuleError('BAD_VARIABLE', all);
}

/** `$12` is group 12 where the pattern has so many, else group 1 and a 2. `\$` is a dollar. */
function findGroup(rest: string, groups: number): FoundPiece | undefined {
  if (rest.startsWith('\\$')) return { piece: { kind: 'literal', text: '$' }, length: 2 };
  const [, dollars, digits] = /^(\${1,2})(\d{1,9})/.exec(rest) ?? [];
  if (digits === undefined) return undefined;
  let taken = digits.length;
  while (taken > 1 && Number(digits.slice(0, taken)) > groups) taken--;
  return { piece: { kind: 'group', number: Number(digits.slice(0, taken)) }, length: dollars!.length + taken };
}

export function hasVariables(template: Template): boolean {
  return template.some(({ kind }) => kind !== 'literal');
}

/** For places where nothing may be filled in. Throws RuleError BAD_VARIABLE. */
export function literalOf(template: Template): string {
  return template
    .map((piece) => {
      if (piece.kind === 'literal') return piece.text;
      throw new RuleError('BAD_VARIABLE', describePiece(piece));
    })
    .join('');
}

export function describePiece(piece: Piece): string {
  switch (piece.kind) {
    case 'literal':
      return piece.text;
    case 'variable':
      return `%%${piece.name}%%`;
    case 'group':
      return `$${piece.number}`;
  }
}
