// What each device asked in its last Sync, for the empty Sync that means "the same again" and the partial one that names
// only what is new. In memory: after a restart Status 13 makes the device say it in full.
// MS-ASCMD 2.2.1.21.1 Empty Sync requests; MS-ASCMD 2.2.3.130 Partial

import type { SyncRequest } from './read.js';

// Stops: memory that grows with every DeviceId somebody invents.
const devicesRemembered = 20_000;

interface Remembered {
  request: SyncRequest;
  /** Its answer had no body, so that the keys are still good: only then may the device say nothing. */
  isUnanswered: boolean;
}

export class SyncMemory {
  readonly #requests = new Map<number, Remembered>();

  remember(deviceRow: number, remembered: Remembered): void {
    this.#requests.delete(deviceRow);
    this.#requests.set(deviceRow, remembered);
    if (this.#requests.size <= devicesRemembered) return;
    for (const oldest of this.#requests.keys()) {
      this.#requests.delete(oldest);
      return;
    }
  }

  forget(deviceRow: number): void {
    this.#requests.delete(deviceRow);
  }

  /** What an empty request means. */
  recallUnanswered(deviceRow: number): SyncRequest | undefined {
    const remembered = this.#requests.get(deviceRow);
    return remembered?.isUnanswered ? remembered.request : undefined;
  }

  /** What a partial request is completed from. */
  recall(deviceRow: number): SyncRequest | undefined {
    return this.#requests.get(deviceRow)?.request;
  }
}
