// A folder as a device sees it outside of Sync: whether there is something new, and how much.

import { type CollectionState, getCollection } from '../store/collections.js';
import { FolderType, getFolder } from '../store/mailboxes.js';
import type { Session } from '../store/session.js';
import type { StickyOptions } from '../store/states.js';
import type { Folder } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { collectChanges } from './commands/sync/collect.js';
import { cutoffOf } from './commands/sync/filter.js';
import { hasNotice, viewFor } from './commands/sync/notice.js';
import { shownIn, turnTo } from './commands/sync/shown.js';
import type { Exchange } from './exchange.js';
import { readFolderId } from './server-id.js';

/** Whose view it is, and when. */
export interface Viewer {
  user: Pick<Exchange['user'], 'id'>;
  device: Pick<Exchange['device'], 'id' | 'state'>;
  version: Exchange['version'];
  now: number;
}

export interface FolderView {
  folder: Folder;
  /** Absent as long as the device has not done a Sync of this folder. */
  state: CollectionState | undefined;
}

/** `undefined` where the mailbox has no such folder. */
export function* viewFolder(
  session: Session,
  viewer: Pick<Viewer, 'user' | 'device'>,
  serverId: string,
): Steps<FolderView | undefined> {
  const folderId = readFolderId(serverId);
  const folder = folderId === undefined ? undefined : yield* getFolder(session, viewer.user.id, folderId);
  if (!folder || folder.deleted) return undefined;
  return { folder, state: yield* getCollection(session, viewer.device.id, folder.id) };
}

/** This folder's rounds make the device a gateway: Outbox, with class SMS among its sticky Options. */
export function isOutboxRound({ folder, state }: FolderView): boolean {
  return folder.type === FolderType.Outbox && state !== undefined && asksForTexts(state.options);
}

export function asksForTexts(options: readonly StickyOptions[]): boolean {
  return options.some((each) => each.class === 'SMS');
}

interface Counting {
  viewer: Viewer;
  options?: readonly StickyOptions[] | undefined;
  limit: number;
}

/** How many changes a Sync would give now, up to a limit: what it would not give is not counted. */
export function* countChanges(session: Session, view: FolderView, counting: Counting): Steps<number> {
  const { folder, state } = view;
  const { viewer, limit } = counting;
  if (!state) return 0;
  // A Sync will make the device begin anew.
  if (state.view !== viewFor(viewer.device)) return 1;
  if (state.view === 'notice') return hasNotice(folder, state.marks) ? 0 : 1;
  const options = counting.options ?? state.options;
  const marks = turnTo(shownIn(folder, options, viewer.version), state.marks, folder.itemSequence);
  if (marks === state.marks && isSettled(view, viewer.now)) return 0;
  const { itemSequence, changedSequence, id: folderId } = folder;
  const wished = { folder, options, now: viewer.now };
  const seen = { deviceId: viewer.device.id, folderId, itemSequence, changedSequence, marks, isCounting: true };
  const walked = Object.assign(seen, { cutoffOf: (as: 'SMS' | 'Email') => cutoffOf(as, wished) });
  return (yield* collectChanges(session, walked, limit)).changes.length;
}

function isSettled({ folder, state }: FolderView, now: number): boolean {
  return state?.settledSequence === folder.itemSequence && (state.settledUntil === null || now < state.settledUntil);
}
