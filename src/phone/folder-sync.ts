// FolderSync: keeps the list of the mailbox's folders.
// MS-ASCMD 2.2.1.5 FolderSync

import type { Element } from '../wbxml/element.js';
import { child, children, element, text } from '../wbxml/element.js';
import { FolderHierarchy } from '../wbxml/airsync/folder-hierarchy.js';
import { requestDocument } from './request.js';
import type { Line } from './request.js';
import { FolderSyncStatus, refusal, statusNumber } from './statuses.js';

// The folders that texts are synchronized in.
// MS-ASCMD 2.2.3.186.3 Type (FolderSync)
export const FolderType = {
  Inbox: 2,
  SentItems: 5,
  Outbox: 6,
} as const;

export interface Folder {
  readonly id: string;
  readonly type: number;
  readonly name: string;
}

export interface Hierarchy {
  syncKey: string;
  readonly folders: Map<string, Folder>;
}

export function emptyHierarchy(): Hierarchy {
  return { syncKey: '0', folders: new Map() };
}

/** Brings the hierarchy up to date. @throws PhoneError */
export async function syncFolders(line: Line, hierarchy: Hierarchy): Promise<void> {
  const document = element(FolderHierarchy.FolderSync, [element(FolderHierarchy.SyncKey, hierarchy.syncKey)]);
  const answer = await requestDocument(line, { command: 'FolderSync', document, root: FolderHierarchy.FolderSync });
  const status = statusNumber(text(answer, FolderHierarchy.Status));
  if (status === FolderSyncStatus.InvalidSyncKey && hierarchy.syncKey !== '0') {
    startOver(hierarchy);
    return syncFolders(line, hierarchy);
  }
  if (status !== FolderSyncStatus.Success) throw refusal('FolderSync', status);
  apply(answer, hierarchy);
}

function startOver(hierarchy: Hierarchy): void {
  hierarchy.syncKey = '0';
  hierarchy.folders.clear();
}

function apply(answer: Element, hierarchy: Hierarchy): void {
  hierarchy.syncKey = text(answer, FolderHierarchy.SyncKey) ?? hierarchy.syncKey;
  const changes = child(answer, FolderHierarchy.Changes);
  for (const change of changes === undefined ? [] : children(changes)) {
    const id = text(change, FolderHierarchy.ServerId);
    if (id === undefined) continue;
    if (change.tag === FolderHierarchy.Delete) hierarchy.folders.delete(id);
    else hierarchy.folders.set(id, readFolder(id, change));
  }
}

function readFolder(id: string, change: Element): Folder {
  const type = Number(text(change, FolderHierarchy.Type) ?? '');
  return { id, type, name: text(change, FolderHierarchy.DisplayName) ?? '' };
}
