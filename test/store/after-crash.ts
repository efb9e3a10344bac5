// The files of a store as a crash leaves them: whoever has them open is not asked.

import { copyFileSync, existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { scratchFolder } from '../scratch-folder.js';

/** A copy to be opened as the next start would. */
export function afterCrash(file: string): string {
  const folder = scratchFolder();
  const copy = join(folder, basename(file));
  for (const end of ['', '-wal', '-redo']) if (existsSync(file + end)) copyFileSync(file + end, copy + end);
  const key = join(dirname(file), 'secrets.key');
  if (existsSync(key)) copyFileSync(key, join(folder, 'secrets.key'));
  return copy;
}
