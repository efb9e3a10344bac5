// SQL statements of rules. What a message holds is bound as a parameter and never becomes part of the statement: a variable in
// a string literal makes the whole literal a parameter, and anywhere else it is refused unless a value may stand there.

import { RuleError } from './errors.js';
import { readTemplate, type Template } from './template.js';

export interface Statement {
  /** Between each two stands the mark of one parameter. */
  readonly pieces: readonly string[];
  readonly parameters: readonly Template[];
}

// What no parameter can stand in: comments, quoted names, dollar quotes.
const opaque = /^(?:--[^\n]*|\/\*[^]*?(?:\*\/|$)|"(?:[^"]|"")*"?|`[^`]*`?|\$([a-z_]\w*)?\$[^]*?(?:\$\1\$|$))/i;
const literal = /^([a-z_]\w*)?'((?:[^']|'')*)('?)/i;
const variable = /^%%[a-z][\w:-]*%%/i;
const mark = /^(?:\?|\$(\d{1,3}))/;
const word = /^[\w\u0080-\uFFFF]+/;

/** @param own Values of the statement's own `?` or `$1` marks. Throws RuleError BAD_ACTION, BAD_VARIABLE, TOO_MANY. */
export function readStatement(written: string, own: readonly string[]): Statement {
  const statement = new StatementBuilder(own.map((each) => readTemplate(each, valuesOnly)));
  if (written.trim() === '') throw new RuleError('BAD_ACTION', 'a statement is needed');
  readTemplate(written, valuesOnly); // A name that is none is refused wherever it stands.
  for (let rest = written; rest !== '';) rest = rest.slice(takeToken(rest, statement));
  return statement.finish();
}

const valuesOnly = { isDoubleOnly: true };

/** How many characters it took. */
function takeToken(rest: string, statement: StatementBuilder): number {
  const closed = opaque.exec(rest)?.[0];
  if (closed !== undefined) return statement.text(refuseVariables(closed));
  const quoted = literal.exec(rest);
  if (quoted) return takeLiteral(quoted, statement);
  const marked = mark.exec(rest);
  if (marked) return statement.mark(marked);
  const named = variable.exec(rest)?.[0];
  if (named !== undefined) return statement.parameter(readTemplate(named, valuesOnly), named.length);
  return statement.text(word.exec(rest)?.[0] ?? rest[0]!);
}

function takeLiteral([all, prefix, content, end]: RegExpExecArray, statement: StatementBuilder): number {
  if (!/%%[a-z][\w:-]*%%/i.test(content!)) return statement.text(all);
  // What a backslash or a prefix means differs between databases.
  if (prefix !== undefined || content!.includes('\\') || end === '') refuseVariables(all);
  return statement.parameter(readTemplate(content!.replaceAll("''", "'"), valuesOnly), all.length);
}

function refuseVariables(text: string): string {
  const found = /%%[a-z][\w:-]*%%/i.exec(text)?.[0];
  if (found !== undefined) throw new RuleError('BAD_VARIABLE', `${found} where SQL has no value`);
  return text;
}

class StatementBuilder {
  readonly #own: readonly Template[];
  readonly #used = new Set<number>();
  readonly #pieces = [''];
  readonly #parameters: Template[] = [];
  #marks = 0;

  constructor(own: readonly Template[]) {
    this.#own = own;
  }

  text(text: string): number {
    this.#pieces[this.#pieces.length - 1] += text;
    return text.length;
  }

  parameter(template: Template, length: number): number {
    this.#parameters.push(template);
    this.#pieces.push('');
    return length;
  }

  mark([all, number]: RegExpExecArray): number {
    const index = number === undefined ? this.#marks++ : Number(number) - 1;
    const template = this.#own[index];
    if (!template) throw new RuleError('BAD_ACTION', `no parameter stands for ${all}`);
    this.#used.add(index);
    return this.parameter(template, all.length);
  }

  finish(): Statement {
    if (this.#used.size < this.#own.length)
      throw new RuleError('BAD_ACTION', 'a parameter has no mark in the statement');
    return { pieces: this.#pieces, parameters: this.#parameters };
  }
}
