// The token of the admin API: made once and kept beside the data, readable by the owner alone.

import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const adminTokenFile = (dataDir: string): string => join(dataDir, 'admin.token');

export function keepAdminToken(dataDir: string): string {
  const file = adminTokenFile(dataDir);
  try {
    // O_EXCL: nobody can have put a file or a link of their own in this place.
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const token = readFileSync(file, 'utf8').trim();
  if (token === '') throw new Error(`${file} is empty: remove it and start again`);
  return token;
}
