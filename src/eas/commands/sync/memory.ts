// What each device asked in its last Sync that found nothing, for the empty Sync that means "the same again".
// MS-ASCMD 2.2.1.21.1 Empty Sync requests. In memory: after a restart Status 13 makes the device say it in full.

import type { SyncRequest } from './read.js';

// Stops: memory that grows with every DeviceId somebody invents.
const devicesRemembered = 20_000;

export class SyncMemory {
  readonly #requests = new Map<number, SyncRequest>();

  remember(deviceRow: number, request: SyncRequest): void {
    this.#requests.delete(deviceRow);
    this.#requests.set(deviceRow, request);
    if (this.#requests.size <= devicesRemembered) return;
    for (const oldest of this.#requests.keys()) {
      this.#requests.delete(oldest);
      return;
    }
  }

  forget(deviceRow: number): void {
    this.#requests.delete(deviceRow);
  }

  recall(deviceRow: number): SyncRequest | undefined {
    return this.#requests.get(deviceRow);
  }
}
