// Where a device stands in the folder hierarchy. Its SyncKey counts on with each answer that tells it something, and the
// answer before stays good as long as the device may not have got the newest one.
// MS-ASCMD 2.2.3.181.3 SyncKey (FolderCreate, FolderDelete, FolderSync, FolderUpdate)

import { getDeviceRow } from '../store/devices.js';
import { type FolderDeed, getFolderDeeds } from '../store/folder-deeds.js';
import { getFolders, getFoldersAfter, getMailbox } from '../store/mailboxes.js';
import type { Session } from '../store/session.js';
import type { Device, Folder } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import type { Exchange } from './exchange.js';

/** `lost`: the device has not seen the answer that issued the newest key. */
export type Standing = 'current' | 'lost';

/** `undefined` for a key that was not issued, or is too old. */
export function standingOf(device: Device, syncKey: string): Standing | undefined {
  const { hierarchyKey, previousHierarchyWatermark } = device;
  if (hierarchyKey > 0 && syncKey === String(hierarchyKey)) return 'current';
  // A beginning follows no key but 0, with which a device that lost its answer begins again.
  if (previousHierarchyWatermark > 0 && syncKey === String(hierarchyKey - 1)) return 'lost';
  return undefined;
}

/** The row as it is within the transaction: what the request was read with may have been overtaken. */
export function* readDevice(tx: Session, { device }: Exchange): Steps<Device> {
  return (yield* getDeviceRow(tx, device.id)) ?? device;
}

/** Whether FolderSync would tell this device of anything. */
export function* isHierarchyNew(session: Session, viewer: { user: { id: number }; device: { id: number } }) {
  const device = yield* getDeviceRow(session, viewer.device.id);
  if (!device || device.hierarchyKey === 0) return false;
  return (yield* getMailbox(session, viewer.user.id)).hierarchySequence !== device.hierarchyWatermark;
}

export interface Range {
  from: number;
  to: number;
}

export interface Told {
  added: Folder[];
  updated: Folder[];
  deleted: Folder[];
}

/** What changed in a range, as this device has to hear it. */
export function* tellRange(session: Session, device: Device, { from, to }: Range): Steps<Told> {
  if (from === 0) return { added: parentsFirst(yield* getFolders(session, device.userId)), updated: [], deleted: [] };
  const deeds = yield* getFolderDeeds(session, device.id);
  const did = (command: string, { id }: Folder) => deeds.some((deed) => deed.folderId === id && isOf(command, deed));
  const changed = yield* getFoldersAfter(session, device.userId, from);
  const isKnown = (folder: Folder) => folder.enteredSequence <= from || did('FolderCreate', folder);
  // What changed once more after the range is told with the next key.
  const known = changed.filter((folder) => isKnown(folder) && folder.sequence <= to);
  const late = new Set(changed.filter((folder) => folder.enteredSequence > to).map(({ id }) => id));
  const unknown = changed.filter((folder) => !isKnown(folder) && !folder.deleted && !late.has(folder.id));
  return {
    added: parentsFirst(unknown.map((folder) => (late.has(folder.parentId ?? 0) ? atRoot(folder) : folder))),
    updated: known.filter((folder) => !folder.deleted),
    deleted: known.filter((folder) => folder.deleted && !did('FolderDelete', folder)),
  };
}

/** A folder that moved, after the range, below one that came after it: its Add cannot name what is not known. */
function atRoot(folder: Folder): Folder {
  return { ...folder, parentId: null };
}

function isOf(command: string, { digest }: FolderDeed): boolean {
  return digest.startsWith(`${command} `);
}

// A folder may have been moved below a younger one.
function parentsFirst(folders: readonly Folder[]): Folder[] {
  const byId = new Map(folders.map((folder) => [folder.id, folder]));
  const depthOf = ({ parentId }: Folder) => {
    let depth = 0;
    for (let above = byId.get(parentId ?? 0); above; above = byId.get(above.parentId ?? 0)) depth++;
    return depth;
  };
  return folders
    .map((folder) => ({ folder, depth: depthOf(folder) }))
    .sort((a, b) => a.depth - b.depth)
    .map(({ folder }) => folder);
}
