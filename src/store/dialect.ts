// The few places where the two databases differ for a query that is written once.

export type Dialect = 'sqlite' | 'pg';

/** Rows another node is claiming right now are passed over. SQLite has one writer, so there is nothing to pass over. */
export function lockForClaim<Q>(dialect: Dialect, select: Q): Q {
  if (dialect === 'sqlite') return select;
  // `for` exists on the PostgreSQL builder only; the shared type is the SQLite one.
  return (select as { for(strength: 'update', config: { skipLocked: true }): Q }).for('update', { skipLocked: true });
}

const uniqueCodes = new Set<unknown>(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', '23505']);

/** Drizzle wraps the driver's error on some paths and not on others; the code sits on either. */
export function isUniqueViolation(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return uniqueCodes.has(code) || uniqueCodes.has(cause?.code);
}
