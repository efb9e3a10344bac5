// The users of one domain as others in it find them: by address, alias, number or the beginning of a name.

import { and, asc, count, eq, or, sql, type SQL } from 'drizzle-orm';
import type { Session } from './session.js';
import type { Tables, User } from './tables.js';
import { run, type Steps } from './transaction.js';
import { getUser } from './users.js';

export interface DirectorySearch {
  domain: string;
  /** As a person wrote it. */
  wanted: string;
  /** The number that it is, where it is one. */
  number: string | undefined;
  limit: number;
}

export interface Found {
  users: User[];
  /** Of all that fit, beyond the limit too. */
  total: number;
}

/** What is exactly one user's address, alias or name is that user alone. */
export function* findPeople(session: Session, search: DirectorySearch): Steps<Found> {
  const byAddress = yield* getUser(session, search.wanted.toLowerCase());
  if (byAddress?.domain === search.domain) return { users: [byAddress], total: 1 };
  const exact = yield* findWhere(session, search, isNamed(session.tables, search));
  if (exact.total > 0) return exact;
  return yield* findWhere(session, search, beginsWith(session.tables, search.wanted));
}

function* findWhere(session: Session, { domain, limit }: DirectorySearch, fits: SQL | undefined): Steps<Found> {
  const { users } = session.tables;
  const here = and(eq(users.domain, domain), fits);
  const found = yield* run(
    session.db
      .select()
      .from(users)
      .where(here)
      .orderBy(asc(users.address))
      .limit(limit + 1),
  );
  if (found.length <= limit) return { users: found, total: found.length };
  const [row] = yield* run(session.db.select({ total: count() }).from(users).where(here));
  return { users: found.slice(0, limit), total: row!.total };
}

function isNamed({ users }: Tables, { wanted, number }: DirectorySearch): SQL | undefined {
  const name = sql`lower(${users.displayName}) = lower(${wanted})`;
  return number === undefined ? name : or(name, eq(users.phoneNumber, number));
}

// Any word of the name, or the address; the escape is written out because only one of the databases has one by default.
function beginsWith({ users }: Tables, wanted: string): SQL | undefined {
  const start = `${wanted.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const like = (column: unknown, pattern: string) => sql`lower(${column}) like lower(${pattern}) escape '\\'`;
  return or(like(users.displayName, start), like(users.displayName, `% ${start}`), like(users.address, start));
}
