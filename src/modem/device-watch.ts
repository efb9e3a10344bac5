// Whether the device of an open port is still there. The port does not always tell: what reads it may find the end of a file, over
// and over, and say nothing until something is written.

import { stat } from 'node:fs/promises';
import type { Clock } from './clock.js';

const lookMilliseconds = 1_000;

/** Calls back once, when the device is gone or another one has its name. Not where names are no files, as on Windows. */
export async function watchDevice(path: string, clock: Clock, onGone: () => void): Promise<() => void> {
  const device = await identityOf(path);
  let isEnded = device === undefined;
  let cancel = (): void => undefined;
  const look = async (): Promise<void> => {
    const now = await identityOf(path);
    if (isEnded) return;
    if (now === device) return again();
    isEnded = true;
    onGone();
  };
  const again = (): void => void (cancel = clock.after(lookMilliseconds, () => void look()));
  if (!isEnded) again();
  return () => {
    isEnded = true;
    cancel();
  };
}

async function identityOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && `${found.dev} ${found.ino} ${found.rdev}`;
}
