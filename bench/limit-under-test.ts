// The bare server beside which ours is measured, on a data folder of its own.

import { type ProcessUnderTest, startProcess } from './process-under-test.js';
import { scratchFolder } from './scratch-folder.js';

export type LimitWork = 'accept' | 'sync-idle' | 'sync-20';

export async function startLimit(work: LimitWork): Promise<ProcessUnderTest> {
  return startProcess('./limit.js', [work, await scratchFolder()]);
}
