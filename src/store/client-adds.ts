// Which item a client's Add became, so that a repeated Add gives the same item. A ClientId is unique within one request
// only, so the content belongs to the key.

import { and, eq, gte, lt } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { run, type Steps } from './transaction.js';

export interface ClientAdd {
  deviceId: number;
  folderId: number;
  clientId: string;
  /** Of address, text and date. */
  digest: string;
}

export function* getClientAdd(tx: Session, add: ClientAdd): Steps<number | undefined> {
  const { clientAdds } = tx.tables;
  const rows = yield* run(
    tx.db
      .select({ itemId: clientAdds.itemId })
      .from(clientAdds)
      .where(
        and(
          eq(clientAdds.deviceId, add.deviceId),
          eq(clientAdds.folderId, add.folderId),
          eq(clientAdds.clientId, add.clientId),
          eq(clientAdds.digest, add.digest),
        ),
      ),
  );
  return rows[0]?.itemId;
}

export function* putClientAdd(tx: Transaction, add: ClientAdd & { itemId: number; now: number }): Steps<void> {
  const { now, ...row } = add;
  yield* run(tx.db.insert(tx.tables.clientAdds).values({ ...row, createdAt: now }));
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
