// FolderCreate: a folder for mail and texts.
// MS-ASCMD 2.2.1.3 FolderCreate

import { addFolder } from '../../store/folder-changes.js';
import { FolderType, getFolders } from '../../store/mailboxes.js';
import type { Transaction } from '../../store/session.js';
import type { Steps } from '../../store/transaction.js';
import { FolderHierarchy } from '../../wbxml/airsync/folder-hierarchy.js';
import { type Element, element } from '../../wbxml/element.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { limits } from '../limits.js';
import { CommonStatus, FolderCreateStatus } from '../statuses.js';
import { changeFolders, findFolder, isNameTaken, required, requiredName } from './folder-command.js';

const malformed = FolderCreateStatus.IncorrectlyFormatted;

interface Wish {
  parentId: string;
  name: string;
}

export async function folderCreate(exchange: Exchange): Promise<Element> {
  const syncKey = required(exchange, FolderHierarchy.SyncKey, malformed);
  const parentId = required(exchange, FolderHierarchy.ParentId, malformed);
  const name = requiredName(exchange, malformed);
  requireMailType(required(exchange, FolderHierarchy.Type, malformed));
  const changed = await changeFolders(exchange, {
    name: 'FolderCreate',
    syncKey,
    words: [parentId, name],
    invalidSyncKey: FolderCreateStatus.InvalidSyncKey,
    change: (tx) => create(tx, exchange, { parentId, name }),
  });
  return element(FolderHierarchy.FolderCreate, [
    element(FolderHierarchy.Status, String(FolderCreateStatus.Success)),
    element(FolderHierarchy.SyncKey, changed.syncKey),
    element(FolderHierarchy.ServerId, changed.serverId),
  ]);
}

// MS-ASCMD 2.2.3.186.2 Type (FolderCreate): a generic folder is one for mail; nothing here keeps what other types hold.
function requireMailType(type: string): void {
  if (type !== String(FolderType.UserMail) && type !== String(FolderType.Generic))
    throw new StatusError(malformed, 'a folder of this Type cannot be made');
}

function* create(tx: Transaction, { user }: Exchange, { parentId, name }: Wish): Steps<number> {
  const folders = yield* getFolders(tx, user.id);
  const parent = findFolder(folders, parentId);
  if (!parent && parentId !== '0') throw new StatusError(FolderCreateStatus.ParentNotFound, 'no such parent folder');
  if (parent?.type === FolderType.Outbox)
    throw new StatusError(FolderCreateStatus.SpecialFolder, 'no folder lies below Outbox');
  if (isNameTaken(folders, { parentId: parent?.id, name }))
    throw new StatusError(FolderCreateStatus.AlreadyExists, 'the name is taken');
  if (folders.length >= limits.folders) throw new StatusError(CommonStatus.TooManyFolders, 'too many folders');
  return (yield* addFolder(tx, user.id, { parentId: parent?.id, name })).id;
}
