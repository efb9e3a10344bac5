// A transaction body is a generator: it yields statements and gets their rows back. SQLite runs it in one breath,
// PostgreSQL awaits each step; the body is the same text for both.
//
// Why not `async`: with one SQLite connection every `await` inside BEGIN … COMMIT lets another request write into the
// open transaction, and a rollback then takes away a row that was already acknowledged.

import { Bound, failedStatement, runStatement, type Statement } from './statement.js';

export type Steps<T> = Generator<Statement<unknown>, T, unknown>;

/**
 * One statement inside a transaction: `const rows = yield* run(tx.db.select()…)`. What runs directly is run here: each
 * yield goes out through all the bodies around it and in again, which costs as much as a small read.
 */
export function* run<T>(statement: Statement<T>): Generator<Statement<T>, T, unknown> {
  if (!(statement instanceof Bound) || !statement.runsDirectly) return (yield statement) as T;
  try {
    return statement.runNow();
  } catch (failure) {
    return (yield failedStatement(failure)) as T;
  }
}

// A failed statement ends the transaction and never comes back into the body. PostgreSQL would turn the COMMIT after a
// caught error into a silent ROLLBACK while SQLite keeps the other rows, so a body has no say in it: avoid the failure
// (onConflictDoNothing) or catch it outside.

export function walk<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next(runStatement(step.value));
  return step.value;
}

export async function walkAwaiting<T>(steps: Steps<T>): Promise<T> {
  let step = steps.next();
  while (!step.done) step = steps.next(await step.value);
  return step.value;
}
