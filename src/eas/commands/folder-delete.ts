// FolderDelete: a folder goes, and all that lies in it and below it.
// MS-ASCMD 2.2.1.4 FolderDelete

import { removeFolders } from '../../store/folder-changes.js';
import { FolderType, getFolders } from '../../store/mailboxes.js';
import type { Transaction } from '../../store/session.js';
import type { Steps } from '../../store/transaction.js';
import { FolderHierarchy } from '../../wbxml/airsync/folder-hierarchy.js';
import { type Element, element } from '../../wbxml/element.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { foldersBelow } from '../folder-tree.js';
import { FolderDeleteStatus } from '../statuses.js';
import { changeFolders, findFolder, required } from './folder-command.js';

const malformed = FolderDeleteStatus.IncorrectlyFormatted;

export async function folderDelete(exchange: Exchange): Promise<Element> {
  const syncKey = required(exchange, FolderHierarchy.SyncKey, malformed);
  const serverId = required(exchange, FolderHierarchy.ServerId, malformed);
  const changed = await changeFolders(exchange, {
    name: 'FolderDelete',
    syncKey,
    words: [serverId],
    invalidSyncKey: FolderDeleteStatus.InvalidSyncKey,
    change: (tx) => remove(tx, exchange, serverId),
  });
  return element(FolderHierarchy.FolderDelete, [
    element(FolderHierarchy.Status, String(FolderDeleteStatus.Success)),
    element(FolderHierarchy.SyncKey, changed.syncKey),
  ]);
}

function* remove(tx: Transaction, { user }: Exchange, serverId: string): Steps<number> {
  const folders = yield* getFolders(tx, user.id);
  const folder = findFolder(folders, serverId);
  if (!folder) throw new StatusError(FolderDeleteStatus.NotFound, 'no such folder');
  if (folder.type !== FolderType.UserMail)
    throw new StatusError(FolderDeleteStatus.SpecialFolder, 'a folder that every mailbox has stays');
  yield* removeFolders(tx, user.id, [folder.id, ...foldersBelow(folders, [folder.id])]);
  return folder.id;
}
