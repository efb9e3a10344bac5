// Where a test keeps its files. Each test file runs in a process of its own; what it made is gone with it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let root: string | undefined;

/** A new folder, empty. */
export function scratchFolder(): string {
  root ??= rootOfProcess();
  return mkdtempSync(join(root, 'part-'));
}

function rootOfProcess(): string {
  const folder = mkdtempSync(join(tmpdir(), 'easms-test-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
