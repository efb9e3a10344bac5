// Tokens of the API, by name. Their digests alone are kept.

import { asc, eq, gt } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import type { Token } from './tables.js';
import { run, type Steps } from './transaction.js';

export function* getTokens(tx: Session): Steps<Token[]> {
  return yield* run(tx.db.select().from(tx.tables.tokens).orderBy(asc(tx.tables.tokens.name)));
}

export function* getToken(tx: Session, name: string): Steps<Token | undefined> {
  const { tokens } = tx.tables;
  return (yield* run(tx.db.select().from(tokens).where(eq(tokens.name, name))))[0];
}

export async function listTokens(
  session: Session,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Token[]> {
  const { tokens } = session.tables;
  return session.db
    .select()
    .from(tokens)
    .where(after === undefined ? undefined : gt(tokens.name, after))
    .orderBy(asc(tokens.name))
    .limit(limit);
}

/** The token that had this name before is worth nothing any more. */
export function* putToken(tx: Transaction, token: Token): Steps<void> {
  const { tokens } = tx.tables;
  yield* run(tx.db.insert(tokens).values(token).onConflictDoUpdate({ target: tokens.name, set: token }));
  tx.announce({ topic: 'tokens' });
}

/** False when there was none. */
export function* removeToken(tx: Transaction, name: string): Steps<boolean> {
  const { tokens } = tx.tables;
  const removed = yield* run(tx.db.delete(tokens).where(eq(tokens.name, name)).returning({ name: tokens.name }));
  tx.announce({ topic: 'tokens' });
  return removed.length > 0;
}
