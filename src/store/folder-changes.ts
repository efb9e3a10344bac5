// Folders that people make, rename, move and remove. Each change takes the next number of the mailbox, which is then
// the newest of its hierarchy too.

import { and, eq, inArray } from 'drizzle-orm';
import { FolderType, nextSequence } from './mailboxes.js';
import type { Transaction } from './session.js';
import type { Folder } from './tables.js';
import { run, type Steps } from './transaction.js';

export interface FolderPlace {
  /** Absent below the root. */
  parentId: number | undefined;
  name: string;
}

/** A folder for mail and texts. */
export function* addFolder(tx: Transaction, userId: number, { parentId, name }: FolderPlace): Steps<Folder> {
  const sequence = yield* nextHierarchySequence(tx, userId);
  const place = { parentId: parentId ?? null, name, sequence, enteredSequence: sequence };
  const [folder] = yield* run(
    tx.db
      .insert(tx.tables.folders)
      .values({ userId, type: FolderType.UserMail, ...place })
      .returning(),
  );
  return folder!;
}

export function* placeFolder(tx: Transaction, folder: Folder, { parentId, name }: FolderPlace): Steps<void> {
  const { folders } = tx.tables;
  const sequence = yield* nextHierarchySequence(tx, folder.userId);
  const place = { parentId: parentId ?? null, name, sequence };
  yield* run(tx.db.update(folders).set(place).where(eq(folders.id, folder.id)));
  tx.recent.forgetFolder(folder.id);
}

/** The folders go with all that lies in them and all that devices know of them; their rows stay, to be told. */
export function* removeFolders(tx: Transaction, userId: number, ids: readonly number[]): Steps<void> {
  const { clientAdds, collections, devices, folders, items, tombstones } = tx.tables;
  const sequence = yield* nextHierarchySequence(tx, userId);
  const gone = [...ids];
  yield* run(tx.db.update(folders).set({ deleted: true, sequence }).where(inArray(folders.id, gone)));
  yield* run(tx.db.delete(items).where(inArray(items.folderId, gone)));
  yield* run(tx.db.delete(tombstones).where(inArray(tombstones.folderId, gone)));
  // Both keys begin with the device, and other users' devices know nothing of these folders.
  const own = tx.db.select({ id: devices.id }).from(devices).where(eq(devices.userId, userId));
  for (const table of [collections, clientAdds])
    yield* run(tx.db.delete(table).where(and(inArray(table.deviceId, own), inArray(table.folderId, gone))));
  tx.recent.clear();
}

function* nextHierarchySequence(tx: Transaction, userId: number): Steps<number> {
  const { mailboxes } = tx.tables;
  const sequence = yield* nextSequence(tx, userId);
  yield* run(tx.db.update(mailboxes).set({ hierarchySequence: sequence }).where(eq(mailboxes.userId, userId)));
  tx.announce({ topic: 'hierarchy', userId });
  return sequence;
}
