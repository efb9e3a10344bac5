// Statements as transactions run them: built on the spot, or built once per connection and run with values.
//
// Building the SQL of a statement costs more than SQLite needs to run it, so what a request always does is prepared.

import type { RunnableQuery } from 'drizzle-orm/runnable-query';
import type { Dialect } from './dialect.js';
import { type Direct, runDirectly } from './direct.js';
import type { Db, Session } from './session.js';
import type { Tables } from './tables.js';

type Query<T> = RunnableQuery<T, 'sqlite'> & PromiseLike<T>;

export type Statement<T> = Query<T> | Bound<T>;

/** What drizzle's `prepare()` gives, as far as both dialects agree. */
export interface Prepared {
  execute(values?: Record<string, unknown>): PromiseLike<unknown> & { sync?(): unknown };
}

export interface Built {
  readonly prepared: Prepared;
  readonly direct: Direct | undefined;
}

/** A prepared statement with its values: runs on the spot inside a SQLite transaction, is awaited elsewhere. */
export class Bound<T> implements PromiseLike<T> {
  readonly #built: Built;
  readonly #values: Record<string, unknown>;

  constructor(built: Built, values: Record<string, unknown>) {
    this.#built = built;
    this.#values = values;
  }

  /** Whether it needs nobody to await it. */
  get runsDirectly(): boolean {
    return this.#built.direct !== undefined;
  }

  runNow(): T {
    const { prepared, direct } = this.#built;
    return (direct ? direct(this.#values) : prepared.execute(this.#values).sync?.()) as T;
  }

  then<A = T, B = never>(
    resolve?: ((value: T) => A | PromiseLike<A>) | null,
    reject?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return (this.#built.prepared.execute(this.#values) as PromiseLike<T>).then(resolve, reject);
  }
}

/** Stands for a statement that has failed: whoever runs it meets the failure, and the body that wanted it does not. */
export function failedStatement(failure: unknown): Statement<never> {
  return new Failed(failure) as unknown as Statement<never>;
}

class Failed {
  readonly failure: unknown;

  constructor(failure: unknown) {
    this.failure = failure;
  }
}

/** Runs a statement at once on SQLite: awaiting it would leave the transaction; `sync()` is drizzle's way to do so. */
export function runStatement(statement: Statement<unknown>): unknown {
  if (statement instanceof Bound) return statement.runNow();
  if (statement instanceof Failed) throw statement.failure;
  const { prepare } = statement as { prepare?: unknown };
  if (typeof prepare !== 'function') throw new TypeError('a transaction yields statements only');
  return (statement as unknown as { prepare(): Prepared }).prepare().execute().sync?.();
}

/**
 * A statement with `sql.placeholder(name)` in it. Columns with a JSON or boolean shape take no null through a
 * placeholder: drizzle would encode it.
 */
export function prepared<Values extends Record<string, unknown>, T>(
  build: (db: Db, tables: Tables, dialect: Dialect) => Query<T>,
): (session: Session, values: Values) => Statement<T> {
  return (session, values) => {
    let built = session.prepared.get(build);
    if (!built) {
      const statement = build(session.db, session.tables, session.dialect) as unknown as { prepare(): Prepared };
      const prepared = statement.prepare();
      built = { prepared, direct: session.dialect === 'sqlite' ? runDirectly(prepared) : undefined };
      session.prepared.set(build, built);
    }
    return new Bound<T>(built, values);
  };
}
