// A folder as a device sees it outside of Sync: whether there is something new, and how much.

import { getCollection } from '../store/collections.js';
import { FolderType, getFolder } from '../store/mailboxes.js';
import type { Session } from '../store/session.js';
import type { StickyOptions } from '../store/states.js';
import type { Collection, Folder } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { classesOf } from './commands/sync/collection.js';
import { collectChanges } from './commands/sync/collect.js';
import type { Exchange } from './exchange.js';
import { readFolderId } from './server-id.js';

/** Whose view it is. */
export interface Viewer {
  user: Pick<Exchange['user'], 'id'>;
  device: Pick<Exchange['device'], 'id'>;
}

export interface FolderView {
  folder: Folder;
  /** Absent as long as the device has not done a Sync of this folder. */
  state: Collection | undefined;
}

/** `undefined` where the mailbox has no such folder. */
export function* viewFolder(session: Session, exchange: Viewer, serverId: string): Steps<FolderView | undefined> {
  const folderId = readFolderId(serverId);
  const folder = folderId === undefined ? undefined : yield* getFolder(session, exchange.user.id, folderId);
  if (!folder || folder.deleted) return undefined;
  return { folder, state: yield* getCollection(session, exchange.device.id, folder.id) };
}

/** This folder's rounds make the device a gateway: Outbox, with class SMS among its sticky Options. */
export function isOutboxRound({ folder, state }: FolderView): boolean {
  return folder.type === FolderType.Outbox && state !== undefined && classesOf(state.options).includes('SMS');
}

interface Counting {
  deviceId: number;
  options?: readonly StickyOptions[] | undefined;
  limit: number;
}

/** How many changes a Sync would give now, up to a limit: what it would not give is not counted. */
export function* countChanges(session: Session, { folder, state }: FolderView, counting: Counting): Steps<number> {
  if (!state || state.settledSequence === folder.itemSequence) return 0;
  const view = {
    deviceId: counting.deviceId,
    folderId: folder.id,
    itemSequence: folder.itemSequence,
    marks: state.marks,
    classes: classesOf(counting.options ?? state.options),
  };
  return (yield* collectChanges(session, view, counting.limit)).changes.length;
}
