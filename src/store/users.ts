// Users and the names they are found by. Addresses and aliases are kept in lower case.

import { and, asc, eq, gt, gte, inArray, lt, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Tables, User } from './tables.js';
import { run, type Steps } from './transaction.js';

const userByName = prepared((db, { addresses, users }) =>
  db
    .select({ user: users })
    .from(addresses)
    .innerJoin(users, eq(users.id, addresses.userId))
    .where(eq(addresses.address, sql.placeholder('address'))),
);

/** The user with this address or alias. */
export function* getUser(tx: Session, address: string): Steps<User | undefined> {
  return (yield* run(userByName(tx, { address })))[0]?.user;
}

/** The one user with this local part in any domain; none where several have it. */
export function* getUserOfLocalPart(tx: Session, localPart: string): Steps<User | undefined> {
  const { addresses } = tx.tables;
  // 'A' follows '@': the range is every address that starts with the local part and an '@'.
  const rows = yield* run(
    tx.db
      .selectDistinct({ userId: addresses.userId })
      .from(addresses)
      .where(and(gte(addresses.address, `${localPart}@`), lt(addresses.address, `${localPart}A`)))
      .limit(2),
  );
  return rows.length === 1 ? yield* getUserRow(tx, rows[0]!.userId) : undefined;
}

const userByRow = prepared((db, { users }) =>
  db
    .select()
    .from(users)
    .where(eq(users.id, sql.placeholder('id'))),
);

export function* getUserRow(tx: Session, id: number): Steps<User | undefined> {
  return (yield* run(userByRow(tx, { id })))[0];
}

/** Users by row id, for lists that show whose something is. */
export async function listUserRows(session: Session, ids: readonly number[]): Promise<User[]> {
  const { users } = session.tables;
  return session.db
    .select()
    .from(users)
    .where(inArray(users.id, [...ids]));
}

/** A page of users in the order of their addresses; `after` is the address the last page ended with. */
export async function listUsers(
  session: Session,
  page: { limit: number; after?: string | undefined },
): Promise<User[]> {
  const { users } = session.tables;
  return session.db
    .select()
    .from(users)
    .where(page.after === undefined ? undefined : gt(users.address, page.after))
    .orderBy(asc(users.address))
    .limit(page.limit);
}

const everyAdministrator = prepared((db, { users }) =>
  db
    .select()
    .from(users)
    .where(sql`${users.admin}`)
    .orderBy(asc(users.id)),
);

/** Who gets the notices for administrators. */
export function* getAdministrators(tx: Session): Steps<User[]> {
  return yield* run(everyAdministrator(tx, {}));
}

export function* getUserIdsOfDomain(tx: Session, domain: string): Steps<number[]> {
  const { users } = tx.tables;
  const rows = yield* run(tx.db.select({ id: users.id }).from(users).where(eq(users.domain, domain)));
  return rows.map(({ id }) => id);
}

/** Which of these addresses belong to a user other than this one. */
export function* getTakenAddresses(tx: Session, wanted: readonly string[], userId?: number): Steps<string[]> {
  const { addresses } = tx.tables;
  const rows = yield* run(
    tx.db
      .select()
      .from(addresses)
      .where(inArray(addresses.address, [...wanted])),
  );
  return rows.filter((row) => row.userId !== userId).map((row) => row.address);
}

export function* insertUser(tx: Transaction, user: Tables['users']['$inferInsert']): Steps<User> {
  return (yield* run(tx.db.insert(tx.tables.users).values(user).returning()))[0]!;
}

export type UserChange = Partial<Omit<User, 'id' | 'address' | 'domain' | 'createdAt'>>;

export function* updateUser(tx: Transaction, id: number, change: UserChange): Steps<User> {
  const { users } = tx.tables;
  return (yield* run(tx.db.update(users).set(change).where(eq(users.id, id)).returning()))[0]!;
}

/** The names a user is found by, all at once. */
export function* replaceAddresses(tx: Transaction, userId: number, names: readonly string[]): Steps<void> {
  const { addresses } = tx.tables;
  yield* run(tx.db.delete(addresses).where(eq(addresses.userId, userId)));
  yield* run(tx.db.insert(addresses).values(names.map((address) => ({ address, userId }))));
}

/** Takes the user and the whole mailbox away. Messages stay: they tell what was sent. */
export function* removeUser(tx: Transaction, id: number): Steps<void> {
  const { folders, tombstones, users } = tx.tables;
  const own = tx.db.select({ id: folders.id }).from(folders).where(eq(folders.userId, id));
  yield* run(tx.db.delete(tombstones).where(inArray(tombstones.folderId, own)));
  yield* run(tx.db.delete(users).where(eq(users.id, id)));
  tx.recent.clear();
}
