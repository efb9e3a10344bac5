// Rows of the devices that speak now, kept in memory: every request begins with its device, and the row hardly changes.

import type { Changes } from '../store/changes.js';
import type { Device } from '../store/tables.js';

// Stops: memory that grows with every DeviceId somebody invents.
const devicesKnown = 20_000;

export class KnownDevices {
  readonly #byName = new Map<string, Device>();
  readonly #names = new Map<number, string>();
  #changes = 0;

  constructor(changes: Changes) {
    changes.listen('device-row', ({ deviceRow }) => {
      this.#changes++;
      this.#byName.delete(this.#names.get(deviceRow) ?? '');
    });
    // A user who is deleted takes the devices along. What concerns one device alone has changed its row.
    changes.listen('access', ({ deviceRow }) => {
      if (deviceRow === undefined) this.#clear();
    });
  }

  get(userId: number, deviceId: string): Device | undefined {
    return this.#byName.get(`${userId} ${deviceId}`);
  }

  /** Reads and remembers, unless something changed while it was read. */
  async load(read: () => Promise<Device | undefined>): Promise<Device | undefined> {
    const before = this.#changes;
    const device = await read();
    if (device && before === this.#changes) this.#put(device);
    return device;
  }

  #put(device: Device): void {
    if (this.#byName.size >= devicesKnown) this.#clear();
    const name = `${device.userId} ${device.deviceId}`;
    this.#byName.set(name, device);
    this.#names.set(device.id, name);
  }

  #clear(): void {
    this.#changes++;
    this.#byName.clear();
    this.#names.clear();
  }
}
