// A folder by its path, as rules name it: `SMS`, `Inbox/Orders`. What is missing is made.

import { addFolder } from '../store/folder-changes.js';
import { FolderType, getFolders } from '../store/mailboxes.js';
import type { Transaction } from '../store/session.js';
import type { Folder } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { limits } from './limits.js';

// What a phone puts there would be sent, or was never written: nothing is moved there, nor made below.
const closed: ReadonlySet<number> = new Set([FolderType.Outbox, FolderType.Drafts]);

/** Undefined where the path is none, or the mailbox has too many folders. */
export function* ensureFolder(tx: Transaction, userId: number, path: string): Steps<Folder | undefined> {
  const names = path.split('/').map((name) => name.trim());
  const isPath = names.length <= limits.folderDepth && names.every(isName);
  if (!isPath) return undefined;
  const folders = yield* getFolders(tx, userId);
  let at: Folder | undefined;
  for (const name of names) {
    const parentId: number | undefined = at?.id;
    const found: Folder | undefined = folders.find(
      (each) => isCalled(each, name) && (each.parentId ?? undefined) === parentId,
    );
    if (!found && folders.length >= limits.folders) return undefined;
    at = found ?? (yield* addFolder(tx, userId, { parentId, name }));
    if (closed.has(at.type)) return undefined;
    if (!found) folders.push(at);
  }
  return at;
}

function isName(name: string): boolean {
  return name !== '' && name.length <= limits.folderNameCharacters && !/\p{Cc}/u.test(name);
}

function isCalled(folder: Folder, name: string): boolean {
  return folder.name.toLowerCase() === name.toLowerCase();
}
