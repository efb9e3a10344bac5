// Folders within folders.

import type { Folder } from '../store/tables.js';

/** The ids of all folders below these, at any depth, without these themselves. */
export function foldersBelow(folders: readonly Folder[], tops: readonly number[]): number[] {
  const found = new Set(tops);
  // The set grows while it is walked: each folder brings those right below it.
  for (const above of found) for (const { id, parentId } of folders) if (parentId === above) found.add(id);
  return [...found].filter((id) => !tops.includes(id));
}
