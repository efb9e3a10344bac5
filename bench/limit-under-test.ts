// The bare server beside which ours is measured, on a data folder of its own.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from './process-under-test.js';

export type LimitWork = 'accept' | 'sync-idle';

export async function startLimit(work: LimitWork) {
  const folder = await mkdtemp(join(tmpdir(), 'easms-limit-'));
  const process = await startProcess('./limit.js', [work, folder]);
  const end = async () => {
    await process.end();
    await rm(folder, { recursive: true });
  };
  return { process, end };
}
