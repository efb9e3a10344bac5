// Notes every statement that wrote, with its values, at the seam between drizzle and the driver; and does them again. The
// statements see nothing but their values and the rows: run again in the same order on the same rows they make the same rows.

import { deserialize, serialize } from 'node:v8';
import type { Database, Statement } from 'better-sqlite3';

/** The text of a statement, or where in the group one of the same text stands; then its values. */
type Packed = (string | number | unknown[])[];

type Run = (...values: unknown[]) => unknown;

export class Recorder {
  #texts: string[] = [];
  #values: unknown[][] = [];
  #isOpen = false;

  /** From now on each statement that is prepared on the connection and writes is noted. */
  watch(connection: Database): void {
    const prepare = connection.prepare.bind(connection) as (sql: string) => Statement;
    connection.prepare = ((sql: string) => this.#watched(prepare(sql), sql)) as Database['prepare'];
  }

  /** While closed a statement that writes is refused: it would be in no transaction's outcome. */
  open(): void {
    this.#isOpen = true;
  }

  close(): void {
    this.#isOpen = false;
  }

  get length(): number {
    return this.#texts.length;
  }

  /** Forgets the newest, down to this many. */
  cut(length: number): void {
    this.#texts.length = length;
    this.#values.length = length;
  }

  /** Does again what was noted since. */
  redo(prepare: (sql: string) => Statement): void {
    for (const [n, text] of this.#texts.entries()) rerun(prepare(text), this.#values[n]!);
  }

  /** What was noted since, undefined where that is nothing. */
  pack(): Buffer | undefined {
    if (this.#texts.length === 0) return undefined;
    const known = new Map<string, number>();
    const packed: Packed = [];
    for (const [n, text] of this.#texts.entries()) {
      const index = known.get(text);
      if (index === undefined) known.set(text, known.size);
      packed.push(index ?? text, this.#values[n]!);
    }
    this.#texts = [];
    this.#values = [];
    return serialize(packed);
  }

  #watched(statement: Statement, sql: string): Statement {
    if (statement.readonly || /^\s*pragma\b/i.test(sql)) return statement;
    const noted = statement as unknown as Record<'run' | 'all' | 'get', Run>;
    for (const name of ['run', 'all', 'get'] as const) {
      const native = noted[name];
      noted[name] = (...values) => {
        if (!this.#isOpen) throw new TypeError('rows are written inside a transaction');
        const result = native.apply(statement, values);
        this.#texts.push(sql);
        this.#values.push(values);
        return result;
      };
    }
    return statement;
  }
}

/** Does again what a group holds. `prepare` gives statements that are not noted. */
export function redo(prepare: (sql: string) => Statement, group: Buffer): void {
  const packed = deserialize(group) as Packed;
  const known: Statement[] = [];
  for (let n = 0; n < packed.length; n += 2) {
    const named = packed[n] as string | number;
    const statement = typeof named === 'number' ? known[named]! : prepare(named);
    if (typeof named === 'string') known.push(statement);
    rerun(statement, packed[n + 1] as unknown[]);
  }
}

function rerun(statement: Statement, values: unknown[]): void {
  if (statement.reader) statement.all(...values);
  else statement.run(...values);
}
