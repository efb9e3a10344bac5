// Which folders of a mailbox the databases of a phone stand for, and how far each has changed.

import { FolderType, getFolders } from '../store/mailboxes.js';
import type { Session } from '../store/session.js';
import type { PushFolder, PushMarks } from '../store/states.js';
import type { Folder } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';

const types: Readonly<Record<string, number>> = {
  inbox: FolderType.Inbox,
  outbox: FolderType.Outbox,
  sent: FolderType.SentItems,
  drafts: FolderType.Drafts,
  deleted: FolderType.DeletedItems,
};

/** The folder of that keyword, id, or path (`Work/Orders`); nothing where there is none now. */
export function findWatched(folders: readonly Folder[], { mailboxFolder }: PushFolder): Folder | undefined {
  if (mailboxFolder === undefined) return undefined;
  const wanted = mailboxFolder.toLowerCase();
  const type = Object.hasOwn(types, wanted) ? types[wanted] : undefined;
  return folders.find(
    (folder) =>
      folder.type === type || String(folder.id) === mailboxFolder || pathOf(folders, folder).toLowerCase() === wanted,
  );
}

function pathOf(folders: readonly Folder[], folder: Folder): string {
  const names = [folder.name];
  const seen = new Set([folder.id]);
  for (let up = parentOf(folders, folder); up && !seen.has(up.id); up = parentOf(folders, up)) {
    seen.add(up.id);
    names.unshift(up.name);
  }
  return names.join('/');
}

function parentOf(folders: readonly Folder[], { parentId }: Folder): Folder | undefined {
  return parentId === null ? undefined : folders.find(({ id }) => id === parentId);
}

export interface Watched {
  watched: PushFolder;
  folder: Folder;
}

export function* getWatched(session: Session, userId: number | null, all: readonly PushFolder[]): Steps<Watched[]> {
  if (userId === null || !all.some(({ mailboxFolder }) => mailboxFolder !== undefined)) return [];
  const folders = yield* getFolders(session, userId);
  return all.flatMap((watched) => {
    const folder = findWatched(folders, watched);
    return folder ? [{ watched, folder }] : [];
  });
}

/** The last change of each of these folders. */
export function* marksOf(session: Session, userId: number | null, all: readonly PushFolder[]): Steps<PushMarks> {
  const watched = yield* getWatched(session, userId, all);
  return Object.fromEntries(watched.map(({ folder }) => [String(folder.id), folder.itemSequence]));
}
