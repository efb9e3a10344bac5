// What an administrator lists for rules, as it is checked when it is saved.

import { isGuardEntry } from '../hooks/address-guard.js';
import { type ListedDatabase, readDatabase, withoutPassword } from '../hooks/sql/database.js';

export function isHostEntry(entry: string): boolean {
  return isGuardEntry(entry);
}

/** With the password apart from the address; undefined where it is none. */
export function readSqlConnection(written: ListedDatabase): ListedDatabase | undefined {
  return readDatabase(written) && withoutPassword(written);
}
