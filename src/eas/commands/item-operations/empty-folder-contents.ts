// EmptyFolderContents: everything in a folder goes, and the folders below it where the device says so.
// MS-ASCMD 2.2.3.58 EmptyFolderContents

import { removeSomeItems } from '../../../store/empty-folder.js';
import { removeFolders } from '../../../store/folder-changes.js';
import { FolderType, getFolders } from '../../../store/mailboxes.js';
import type { Folder } from '../../../store/tables.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { ItemOperations } from '../../../wbxml/airsync/item-operations.js';
import { child, type Element, element, text } from '../../../wbxml/element.js';
import type { Exchange } from '../../exchange.js';
import { foldersBelow } from '../../folder-tree.js';
import { readFolderId } from '../../server-id.js';
import { ItemOperationsStatus } from '../../statuses.js';

/** Items removed by one commit. */
const itemsAtOnce = 200;

// What people write or receive is not thrown away by one request: that is what moving it to Deleted Items is for.
const emptied: readonly number[] = [FolderType.DeletedItems, FolderType.UserMail, FolderType.Generic];

export async function emptyFolderContents(exchange: Exchange, request: Element): Promise<Element> {
  const collectionId = text(request, AirSync.CollectionId) ?? '';
  return element(ItemOperations.EmptyFolderContents, [
    element(ItemOperations.Status, String(await empty(exchange, request, collectionId))),
    element(AirSync.CollectionId, collectionId.slice(0, 64)),
  ]);
}

async function empty({ services, user }: Exchange, request: Element, collectionId: string): Promise<number> {
  const { store } = services;
  const folders = await store.read((session) => getFolders(session, user.id));
  const folder = folders.find(({ id }) => id === readFolderId(collectionId));
  if (collectionId === '') return ItemOperationsStatus.ProtocolError;
  if (!folder) return ItemOperationsStatus.NotFound;
  if (!emptied.includes(folder.type)) return ItemOperationsStatus.AccessDenied;
  const below = isWithSubFolders(request) ? foldersBelow(folders, [folder.id]) : [];
  if (below.some((id) => !isPersonal(folders, id))) return ItemOperationsStatus.AccessDenied;
  for (const id of [...below, folder.id])
    while ((await store.transact((tx) => removeSomeItems(tx, id, itemsAtOnce))) === itemsAtOnce);
  if (below.length > 0) await store.transact((tx) => removeFolders(tx, user.id, below));
  return ItemOperationsStatus.Success;
}

function isWithSubFolders(request: Element): boolean {
  const options = child(request, ItemOperations.Options);
  return options !== undefined && child(options, ItemOperations.DeleteSubFolders) !== undefined;
}

function isPersonal(folders: readonly Folder[], id: number): boolean {
  const type = folders.find((folder) => folder.id === id)?.type;
  return type === FolderType.UserMail || type === FolderType.Generic;
}
