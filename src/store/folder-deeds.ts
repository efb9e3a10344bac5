// What a device did to the folders itself, kept beside its Adds: a request repeated because its answer was lost is
// recognised, and the device is not told of its own doing. Forgotten as Adds are.

import { and, eq } from 'drizzle-orm';
import { putClientAdd } from './client-adds.js';
import type { Session, Transaction } from './session.js';
import { run, type Steps } from './transaction.js';

/** No folder has this id: it stands for the hierarchy. */
const hierarchy = 0;

export interface FolderDeed {
  /** The one the request came with. */
  syncKey: string;
  /** Of the command and of all it said. */
  digest: string;
  folderId: number;
}

export function* getFolderDeeds(session: Session, deviceId: number): Steps<FolderDeed[]> {
  const { clientAdds } = session.tables;
  return yield* run(
    session.db
      .select({ syncKey: clientAdds.clientId, digest: clientAdds.digest, folderId: clientAdds.itemId })
      .from(clientAdds)
      .where(and(eq(clientAdds.deviceId, deviceId), eq(clientAdds.folderId, hierarchy))),
  );
}

export function* putFolderDeed(
  tx: Transaction,
  { syncKey, digest, folderId, ...by }: FolderDeed & { deviceId: number; now: number },
): Steps<void> {
  yield* putClientAdd(tx, { ...by, folderId: hierarchy, clientId: syncKey, digest, itemId: folderId });
}

/** All deeds of the device, or the one of a SyncKey. */
export function* forgetFolderDeeds(tx: Transaction, deviceId: number, syncKey?: string): Steps<void> {
  const { clientAdds } = tx.tables;
  const all = and(eq(clientAdds.deviceId, deviceId), eq(clientAdds.folderId, hierarchy));
  const one = syncKey === undefined ? all : and(all, eq(clientAdds.clientId, syncKey));
  yield* run(tx.db.delete(clientAdds).where(one));
}
