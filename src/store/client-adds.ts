// Which item a client's Add became, so that a repeated Add gives the same item. A ClientId is unique within one request
// only, so the content belongs to the key.

import { and, eq, gte, lt, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import { run, type Steps } from './transaction.js';

export interface ClientAdd {
  deviceId: number;
  folderId: number;
  clientId: string;
  /** Of address, text and date. */
  digest: string;
}

const itemOfAdd = prepared((db, { clientAdds }) =>
  db
    .select({ itemId: clientAdds.itemId })
    .from(clientAdds)
    .where(
      and(
        eq(clientAdds.deviceId, sql.placeholder('deviceId')),
        eq(clientAdds.folderId, sql.placeholder('folderId')),
        eq(clientAdds.clientId, sql.placeholder('clientId')),
        eq(clientAdds.digest, sql.placeholder('digest')),
      ),
    ),
);

// Other names than the statement's own may stand beside them.
function valuesOf(add: ClientAdd): Record<string, unknown> {
  return add as unknown as Record<string, unknown>;
}

export function* getClientAdd(tx: Session, add: ClientAdd): Steps<number | undefined> {
  return (yield* run(itemOfAdd(tx, valuesOf(add))))[0]?.itemId;
}

const insertAdd = prepared((db, { clientAdds }) =>
  db.insert(clientAdds).values({
    deviceId: sql.placeholder('deviceId'),
    folderId: sql.placeholder('folderId'),
    clientId: sql.placeholder('clientId'),
    digest: sql.placeholder('digest'),
    itemId: sql.placeholder('itemId'),
    createdAt: sql.placeholder('now'),
  }),
);

export function* putClientAdd(tx: Transaction, add: ClientAdd & { itemId: number; now: number }): Steps<void> {
  yield* run(insertAdd(tx, valuesOf(add)));
}

/** What a device said under this ClientId since then. */
export function* getClientDigests(
  session: Session,
  { deviceId, folderId, clientId }: Omit<ClientAdd, 'digest'>,
  since: number,
): Steps<string[]> {
  const { clientAdds } = session.tables;
  const same = and(
    eq(clientAdds.deviceId, deviceId),
    eq(clientAdds.folderId, folderId),
    eq(clientAdds.clientId, clientId),
    gte(clientAdds.createdAt, since),
  );
  const rows = yield* run(session.db.select({ digest: clientAdds.digest }).from(clientAdds).where(same));
  return rows.map(({ digest }) => digest);
}

/** As `putClientAdd`, where the same may have been said before and is forgotten. */
export function* renewClientAdd(
  tx: Transaction,
  { deviceId, folderId, clientId, digest, itemId, now }: ClientAdd & { itemId: number; now: number },
): Steps<void> {
  const { clientAdds } = tx.tables;
  const target = [clientAdds.deviceId, clientAdds.folderId, clientAdds.clientId, clientAdds.digest];
  const renewed = { itemId, createdAt: now };
  yield* run(
    tx.db
      .insert(clientAdds)
      .values({ deviceId, folderId, clientId, digest, ...renewed })
      .onConflictDoUpdate({ target, set: renewed }),
  );
}

export function* forgetClientAdds(tx: Transaction, before: number): Steps<void> {
  yield* run(tx.db.delete(tx.tables.clientAdds).where(lt(tx.tables.clientAdds.createdAt, before)));
}
