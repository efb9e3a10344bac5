// FolderUpdate: a folder gets another name, another place, or both.
// MS-ASCMD 2.2.1.6 FolderUpdate

import { placeFolder } from '../../store/folder-changes.js';
import { FolderType, getFolders } from '../../store/mailboxes.js';
import type { Transaction } from '../../store/session.js';
import type { Folder } from '../../store/tables.js';
import type { Steps } from '../../store/transaction.js';
import { FolderHierarchy } from '../../wbxml/airsync/folder-hierarchy.js';
import { type Element, element } from '../../wbxml/element.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { FolderUpdateStatus } from '../statuses.js';
import { changeFolders, findFolder, isNameTaken, required, requiredName } from './folder-command.js';

const malformed = FolderUpdateStatus.IncorrectlyFormatted;

interface Wish {
  serverId: string;
  parentId: string;
  name: string;
}

export async function folderUpdate(exchange: Exchange): Promise<Element> {
  const syncKey = required(exchange, FolderHierarchy.SyncKey, malformed);
  const serverId = required(exchange, FolderHierarchy.ServerId, malformed);
  const parentId = required(exchange, FolderHierarchy.ParentId, malformed);
  const name = requiredName(exchange, malformed);
  const changed = await changeFolders(exchange, {
    name: 'FolderUpdate',
    syncKey,
    words: [serverId, parentId, name],
    invalidSyncKey: FolderUpdateStatus.InvalidSyncKey,
    change: (tx) => update(tx, exchange, { serverId, parentId, name }),
  });
  return element(FolderHierarchy.FolderUpdate, [
    element(FolderHierarchy.Status, String(FolderUpdateStatus.Success)),
    element(FolderHierarchy.SyncKey, changed.syncKey),
  ]);
}

function* update(tx: Transaction, { user }: Exchange, { serverId, parentId, name }: Wish): Steps<number> {
  const folders = yield* getFolders(tx, user.id);
  const folder = findFolder(folders, serverId);
  if (!folder) throw new StatusError(FolderUpdateStatus.NotFound, 'no such folder');
  if (folder.type !== FolderType.UserMail)
    throw new StatusError(FolderUpdateStatus.ExistsOrSpecial, 'a folder that every mailbox has stays as it is');
  const parent = findFolder(folders, parentId);
  if (!parent && parentId !== '0') throw new StatusError(FolderUpdateStatus.ParentNotFound, 'no such parent folder');
  if (parent?.type === FolderType.Outbox)
    throw new StatusError(FolderUpdateStatus.SpecialParent, 'no folder lies below Outbox');
  if (liesBelow(folders, parent, folder)) throw new StatusError(malformed, 'a folder cannot lie below itself');
  if (isNameTaken(folders, { parentId: parent?.id, name, except: folder.id }))
    throw new StatusError(FolderUpdateStatus.ExistsOrSpecial, 'the name is taken');
  yield* placeFolder(tx, folder, { parentId: parent?.id, name });
  return folder.id;
}

/** Whether the one is the other, or lies somewhere below it. */
function liesBelow(folders: readonly Folder[], lower: Folder | undefined, upper: Folder): boolean {
  for (let each = lower; each; each = folders.find(({ id }) => id === each?.parentId))
    if (each.id === upper.id) return true;
  return false;
}
