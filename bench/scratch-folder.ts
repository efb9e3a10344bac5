// Where a run keeps what it makes: one folder, gone when the run is over, however it ended.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let root: Promise<string> | undefined;

/** A new folder, empty. */
export async function scratchFolder(): Promise<string> {
  root ??= mkdtemp(join(tmpdir(), 'easms-bench-'));
  return mkdtemp(join(await root, 'part-'));
}

export async function removeScratch(): Promise<void> {
  if (root) await rm(await root, { recursive: true });
}
