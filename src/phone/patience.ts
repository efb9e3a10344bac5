// What a phone does when a request fails: it finds out what is due first, waits, and tries again.

import type { Clock } from './clock.js';
import { PhoneError } from './errors.js';
import type { Listener } from './events.js';

/** What has to be done before the next Sync. */
export interface Due {
  provision: boolean;
  settings: boolean;
  folders: boolean;
}

export interface Patience {
  readonly clock: Clock;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  readonly due: Due;
  readonly onEvent: Listener;
}

const FIRST_DELAY_MS = 250;
const LAST_DELAY_MS = 60_000;

/** Repeats the task until it succeeds. @throws PhoneError where trying again cannot help */
export async function persist<T>(patience: Patience, task: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof PhoneError)) throw error;
      await sitOut(patience, error, failures);
    }
  }
}

async function sitOut(patience: Patience, error: PhoneError, failures: number): Promise<void> {
  // A wrong password stays wrong, and trying it again locks accounts.
  if (error.code === 'STOPPED' || error.code === 'UNAUTHORIZED') throw error;
  if (error.code === 'PROVISION_NEEDED') patience.due.provision = true;
  if (error.code === 'FOLDERS_CHANGED') patience.due.folders = true;

  const isErrand = error.code === 'PROVISION_NEEDED' || error.code === 'FOLDERS_CHANGED';
  // Once is an errand; again, and the server is never content: then it may not be asked at full speed.
  if (isErrand && failures === 0) return;
  const retryInMs = error.details.retryAfterMs ?? backOffMs(failures);
  tell(patience, error, { failures, retryInMs });
  await rest(patience, retryInMs);
}

function tell({ onEvent }: Patience, error: PhoneError, at: { failures: number; retryInMs: number }): void {
  if (error.code !== 'BLOCKED')
    onEvent({ event: 'error', code: error.code, message: error.message, retryInMs: at.retryInMs });
  else if (at.failures === 0) onEvent({ event: 'blocked', message: error.message });
}

/** Doubles with each failure, from a quarter of a second to a minute. */
export function backOffMs(failures: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** failures, LAST_DELAY_MS);
}

/** @throws PhoneError STOPPED */
export async function rest({ clock, signal }: Pick<Patience, 'clock' | 'signal'>, milliseconds: number): Promise<void> {
  try {
    await clock.sleep(milliseconds, signal);
  } catch (cause) {
    throw new PhoneError('STOPPED', { cause });
  }
}
