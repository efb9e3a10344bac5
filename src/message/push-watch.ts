// Notifies phones of changes in the folders they watch: what comes together is told at once, a phone is told once in its quiet time, and
// while one notification is still on its way no second one follows.

import type { Logger } from 'pino';
import { PushError } from '../push/errors.js';
import { findMessage } from '../store/messages.js';
import { getPushDevices } from '../store/push-devices.js';
import type { PushFolder } from '../store/states.js';
import type { PushDevice } from '../store/tables.js';
import { MessageError } from './errors.js';
import { notifyOf } from './push.js';
import { getWatched, type Watched } from './push-folders.js';
import type { MessageServices } from './submit.js';

export type PushWatchServices = MessageServices & { readonly log: Logger };

/** When what could not be told is tried again. */
const troubleMilliseconds = 60_000;

/** When it is looked whether the last notification has left, where phones have no quiet time. */
const underWayMilliseconds = 1_000;

// A timer takes no more, and a clock may be set.
const longestSleepMilliseconds = 60 * 60_000;

interface Watching {
  readonly users: ReadonlySet<number>;
  readonly folders: ReadonlySet<number>;
}

export class PushWatch {
  readonly #services: PushWatchServices;
  #unlisten: (() => void)[] = [];
  /** Absent where it has to be found out: then every user is looked at. */
  #watching: Watching | undefined;
  /** When a mailbox is to be looked at, by its user. */
  readonly #due = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #isRunning = false;
  #hasFailed = false;
  /** Counts what makes that unknown: a look that began before does not tell. */
  #generation = 0;

  constructor(services: PushWatchServices) {
    this.#services = services;
  }

  /** What changed while the server was not running is told as well. */
  start(): void {
    const { changes } = this.#services.store;
    this.#isRunning = true;
    this.#unlisten = [
      changes.listen('folder', ({ userId, folderId }) => {
        if (this.#watching?.folders.has(folderId) !== false) this.#hear(userId);
      }),
      // A folder that is watched by its name may have come.
      changes.listen('hierarchy', ({ userId }) => {
        if (this.#watching?.users.has(userId)) this.#forget();
      }),
      changes.listen('push-devices', () => this.#forget()),
      changes.listen('settings', () => this.#forget()),
    ];
    this.#sleep();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    for (const unlisten of this.#unlisten) unlisten();
    clearTimeout(this.#timer);
    await this.#round;
  }

  /** Tells whatever is to be told at this instant, started or not. */
  async look(): Promise<void> {
    this.#watching = undefined;
    await this.#look();
  }

  /** Of the users who are due; of all where it is not known who watches what. */
  async #look(): Promise<void> {
    const generation = this.#generation;
    const due = this.#watching && this.#takeDue();
    if (!due) this.#due.clear();
    const watching = { users: new Set<number>(), folders: new Set<number>() };
    for (const device of await this.#services.store.read(getPushDevices)) {
      const { userId } = device;
      if (!device.active || userId === null || due?.has(userId) === false) continue;
      const folders = await this.#services.store.read((session) => getWatched(session, userId, device.folders));
      watching.users.add(userId);
      for (const { folder } of folders) watching.folders.add(folder.id);
      await this.#tellChanges(device, userId, folders);
    }
    if (!due && generation === this.#generation) this.#watching = watching;
  }

  #takeDue(): ReadonlySet<number> {
    const now = this.#services.now();
    const due = [...this.#due].filter(([, at]) => at <= now).map(([userId]) => userId);
    for (const userId of due) this.#due.delete(userId);
    return new Set(due);
  }

  async #tellChanges(device: PushDevice, userId: number, folders: readonly Watched[]): Promise<void> {
    const changed = folders.filter(({ folder }) => folder.itemSequence > (device.marks[String(folder.id)] ?? 0));
    if (changed.length === 0) return;
    const told = await this.#tell(
      device,
      changed.map(({ watched }) => watched),
    );
    if (told !== undefined) this.#lookAgain(userId, told);
  }

  /** Gives the milliseconds until it is to be tried again, where it was not told. */
  async #tell(device: PushDevice, folders: readonly PushFolder[]): Promise<number | undefined> {
    const { store, log, now } = this.#services;
    const quietMilliseconds = (device.options.quietMinutes ?? store.settings.current.push.quietMinutes) * 60_000;
    const sinceMilliseconds = now() - (device.notifiedAt ?? -Infinity);
    // A clock that was set back must not silence a phone.
    if (sinceMilliseconds >= 0 && sinceMilliseconds < quietMilliseconds) return quietMilliseconds - sinceMilliseconds;
    if (await this.#isUnderWay(device)) return Math.max(quietMilliseconds, underWayMilliseconds);
    try {
      await notifyOf(this.#services, device, { folders });
      return undefined;
    } catch (error) {
      const code = error instanceof MessageError || error instanceof PushError ? error.code : undefined;
      const about = { pushDevice: device.name, code, ...(code === undefined && { err: error }) };
      log.warn(about, 'a phone could not be notified of changes, and is notified later');
      return troubleMilliseconds;
    }
  }

  async #isUnderWay({ lastMessage }: PushDevice): Promise<boolean> {
    const message = lastMessage === null ? undefined : await findMessage(this.#services.store, lastMessage);
    return message?.finishedAt === null;
  }

  // What comes together is told at once.
  #hear(userId: number): void {
    this.#lookAgain(userId, this.#services.store.settings.current.push.bundleSeconds * 1_000);
    this.#sleep();
  }

  #forget(): void {
    this.#generation++;
    this.#watching = undefined;
    this.#sleep();
  }

  #lookAgain(userId: number, milliseconds: number): void {
    const at = this.#services.now() + milliseconds;
    this.#due.set(userId, Math.min(at, this.#due.get(userId) ?? Infinity));
  }

  #sleep(): void {
    if (!this.#isRunning || this.#round) return;
    clearTimeout(this.#timer);
    const soonest = this.#watching === undefined ? 0 : Math.min(...this.#due.values()) - this.#services.now();
    if (soonest === Infinity) return;
    const next = Math.max(soonest, this.#hasFailed ? troubleMilliseconds : 0);
    this.#timer = setTimeout(() => this.#run(), Math.min(next, longestSleepMilliseconds));
  }

  #run(): void {
    this.#round = this.#look()
      .then(() => (this.#hasFailed = false))
      .catch((error: unknown) => {
        this.#hasFailed = true;
        this.#services.log.error({ err: error }, 'a round of push failed and is repeated');
      })
      .then(() => {
        this.#round = undefined;
        this.#sleep();
      });
  }
}
