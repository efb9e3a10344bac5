// FolderSync: the folders of the mailbox, and what changed of them.
// MS-ASCMD 2.2.1.6 FolderSync

import { changeDevice } from '../../store/devices.js';
import { getFoldersAfter, getMailbox } from '../../store/mailboxes.js';
import type { Transaction } from '../../store/session.js';
import type { Folder } from '../../store/tables.js';
import type { Steps } from '../../store/transaction.js';
import { FolderHierarchy } from '../../wbxml/airsync/folder-hierarchy.js';
import { type Element, element, text } from '../../wbxml/element.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { folderServerId } from '../server-id.js';
import { FolderSyncStatus } from '../statuses.js';

export async function folderSync(exchange: Exchange): Promise<Element> {
  const syncKey = exchange.body && text(exchange.body, FolderHierarchy.SyncKey);
  if (syncKey === undefined || syncKey === '')
    throw new StatusError(FolderSyncStatus.IncorrectlyFormatted, 'FolderSync without SyncKey');
  return exchange.services.store.transact((tx) => answer(tx, exchange, syncKey));
}

function* answer(tx: Transaction, exchange: Exchange, syncKey: string): Steps<Element> {
  const { device, user } = exchange;
  const { hierarchyKey, hierarchyWatermark, previousHierarchyWatermark } = device;
  const newest = (yield* getMailbox(tx, user.id)).hierarchySequence;
  if (syncKey === '0') {
    const next = yield* advance(tx, exchange, { from: 0, to: newest });
    return writeFolderSync(next, yield* foldersBetween(tx, user.id, { from: 0, to: newest }));
  }
  if (syncKey === String(hierarchyKey) && hierarchyKey > 0) {
    if (newest === hierarchyWatermark) return writeFolderSync(hierarchyKey, { changed: [], from: newest });
    const next = yield* advance(tx, exchange, { from: hierarchyWatermark, to: newest });
    return writeFolderSync(next, yield* foldersBetween(tx, user.id, { from: hierarchyWatermark, to: newest }));
  }
  // The answer that issued the key was lost: the same folders and the same key again.
  if (syncKey === String(hierarchyKey - 1) && hierarchyKey > 1) {
    const range = { from: previousHierarchyWatermark, to: hierarchyWatermark };
    return writeFolderSync(hierarchyKey, yield* foldersBetween(tx, user.id, range));
  }
  throw new StatusError(FolderSyncStatus.InvalidSyncKey, 'a SyncKey that was not issued');
}

interface Range {
  from: number;
  to: number;
}

// Keys count on over all beginnings, so that no old one fits again.
function* advance(tx: Transaction, { device }: Exchange, { from, to }: Range): Steps<number> {
  const hierarchyKey = device.hierarchyKey + 1;
  yield* changeDevice(tx, device.id, {
    hierarchyKey,
    hierarchyWatermark: to,
    previousHierarchyWatermark: from,
  });
  return hierarchyKey;
}

interface Changed {
  changed: Folder[];
  from: number;
}

function* foldersBetween(tx: Transaction, userId: number, { from, to }: Range): Steps<Changed> {
  // A folder that came in this range and changed after it is told as it is now; the change follows with the next key.
  const changed = (yield* getFoldersAfter(tx, userId, from)).filter((folder) => folder.enteredSequence <= to);
  return { changed, from };
}

// MS-ASCMD 2.2.3.26 Changes: Update, Delete, Add.
function writeFolderSync(syncKey: number, { changed, from }: Changed): Element {
  const entries = [
    ...changed.filter((each) => !each.deleted && each.enteredSequence <= from).map(writeUpdate),
    ...changed.filter((each) => each.deleted && each.enteredSequence <= from).map(writeDelete),
    ...changed.filter((each) => !each.deleted && each.enteredSequence > from).map(writeAdd),
  ];
  return element(FolderHierarchy.FolderSync, [
    element(FolderHierarchy.Status, String(FolderSyncStatus.Success)),
    element(FolderHierarchy.SyncKey, String(syncKey)),
    element(FolderHierarchy.Changes, [element(FolderHierarchy.Count, String(entries.length)), ...entries]),
  ]);
}

const writeAdd = (folder: Folder) => element(FolderHierarchy.Add, describe(folder));
const writeUpdate = (folder: Folder) => element(FolderHierarchy.Update, describe(folder));
const writeDelete = (folder: Folder) =>
  element(FolderHierarchy.Delete, [element(FolderHierarchy.ServerId, folderServerId(folder.id))]);

function describe({ id, parentId, name, type }: Folder): Element[] {
  return [
    element(FolderHierarchy.ServerId, folderServerId(id)),
    element(FolderHierarchy.ParentId, parentId === null ? '0' : folderServerId(parentId)),
    element(FolderHierarchy.DisplayName, name),
    element(FolderHierarchy.Type, String(type)),
  ];
}
