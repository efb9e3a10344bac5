// FolderSync: the folders of the mailbox, and what changed of them. Where nothing did, it costs one read.
// MS-ASCMD 2.2.1.5 FolderSync

import { changeDevice } from '../../store/devices.js';
import { forgetFolderDeeds, getFolderDeeds } from '../../store/folder-deeds.js';
import { getMailbox } from '../../store/mailboxes.js';
import type { Session, Transaction } from '../../store/session.js';
import type { Device, Folder } from '../../store/tables.js';
import type { Steps } from '../../store/transaction.js';
import { FolderHierarchy } from '../../wbxml/airsync/folder-hierarchy.js';
import { type Element, element, text } from '../../wbxml/element.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { type Range, readDevice, standingOf, tellRange, type Told } from '../hierarchy.js';
import { folderServerId } from '../server-id.js';
import { FolderSyncStatus } from '../statuses.js';

export async function folderSync(exchange: Exchange): Promise<Element> {
  const syncKey = exchange.body && text(exchange.body, FolderHierarchy.SyncKey);
  if (syncKey === undefined || syncKey === '')
    throw new StatusError(FolderSyncStatus.IncorrectlyFormatted, 'FolderSync without SyncKey');
  const { store } = exchange.services;
  const idle = await store.read((session) => answerIdle(session, exchange.device, syncKey));
  return idle ?? store.transact((tx) => answer(tx, exchange, syncKey));
}

function* answerIdle(session: Session, device: Device, syncKey: string): Steps<Element | undefined> {
  if (standingOf(device, syncKey) !== 'current') return undefined;
  const { hierarchySequence } = yield* getMailbox(session, device.userId);
  return hierarchySequence === device.hierarchyWatermark ? writeFolderSync(device.hierarchyKey, nothing) : undefined;
}

const nothing: Told = { added: [], updated: [], deleted: [] };

function* answer(tx: Transaction, exchange: Exchange, syncKey: string): Steps<Element> {
  const device = yield* readDevice(tx, exchange);
  const newest = (yield* getMailbox(tx, device.userId)).hierarchySequence;
  if (syncKey === '0') {
    yield* forgetFolderDeeds(tx, device.id);
    return yield* advance(tx, device, { from: 0, to: newest });
  }
  switch (standingOf(device, syncKey)) {
    case 'current':
      if (newest === device.hierarchyWatermark) return writeFolderSync(device.hierarchyKey, nothing);
      return yield* advance(tx, device, { from: device.hierarchyWatermark, to: newest });
    case 'lost':
      return yield* repeat(tx, device, { syncKey, newest });
    case undefined:
      throw new StatusError(FolderSyncStatus.InvalidSyncKey, 'a SyncKey that was not issued');
  }
}

// Keys count on over all beginnings, so that no old one fits again.
function* advance(tx: Transaction, device: Device, range: Range): Steps<Element> {
  const hierarchyKey = device.hierarchyKey + 1;
  const watermarks = { hierarchyWatermark: range.to, previousHierarchyWatermark: range.from };
  yield* changeDevice(tx, device.id, { hierarchyKey, ...watermarks });
  return writeFolderSync(hierarchyKey, yield* tellRange(tx, device, range));
}

// The answer that issued the key was lost: the same folders and the same key again.
function* repeat(
  tx: Transaction,
  device: Device,
  { syncKey, newest }: { syncKey: string; newest: number },
): Steps<Element> {
  const from = device.previousHierarchyWatermark;
  const deeds = yield* getFolderDeeds(tx, device.id);
  const isOwnDeed = deeds.some((deed) => deed.syncKey === syncKey);
  if (isOwnDeed) {
    // It was the answer to a FolderCreate or the like: the device does not know that its wish was done.
    yield* forgetFolderDeeds(tx, device.id, syncKey);
    yield* changeDevice(tx, device.id, { hierarchyWatermark: newest });
  }
  const to = isOwnDeed ? newest : device.hierarchyWatermark;
  return writeFolderSync(device.hierarchyKey, yield* tellRange(tx, device, { from, to }));
}

// MS-ASCMD 2.2.3.26 Changes: Update, Delete, Add.
function writeFolderSync(syncKey: number, { added, updated, deleted }: Told): Element {
  const entries = [...updated.map(writeUpdate), ...deleted.map(writeDelete), ...added.map(writeAdd)];
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
