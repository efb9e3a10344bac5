// One server at a time on a data folder. The lock is SQLite's own lock on a file: the system lets go of it when the
// process ends in whatever way, so nothing stale is left behind and no process id is compared.

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { StoreError } from './errors.js';

export interface FolderLock {
  release(): void;
}

/** Throws StoreError DATA_FOLDER_IN_USE while another process, or this one, holds the folder. */
export function lockFolder(folder: string): FolderLock {
  const connection = new Database(join(folder, 'easms.lock'), { timeout: 0 });
  try {
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection.close();
    const isHeld = (error as { code?: unknown }).code === 'SQLITE_BUSY';
    throw isHeld ? new StoreError('DATA_FOLDER_IN_USE', error) : error;
  }
  return { release: () => connection.close() };
}
