// Two devices and a mailbox of two folders: mail and texts come, are marked, moved and removed by either device, hours
// pass, wishes change, answers get lost while something else happens, and a device begins anew. Whatever happened, no
// device is told of what it does not have, and in the end each has what it asks for, once and as it is.

import test from 'ava';
import { itemServerId } from '../../src/eas/server-id.js';
import { addItem } from '../../src/store/items.js';
import type { ItemClass } from '../../src/store/states.js';
import type { Item } from '../../src/store/tables.js';
import { seeded } from '../random.js';
import { type Chance, ModelDevice, type Wish } from './model-device.js';
import { type Bench, openBench, TalkingDevice } from './talking-device.js';

const hour = 60 * 60 * 1000;
const day = 24 * hour;
const spans = [Infinity, day, 3 * day, 7 * day];
const classes: readonly ItemClass[][] = [['Email'], ['SMS'], ['SMS', 'Email'], ['Email', 'SMS']];

class Life {
  readonly bench: Bench;
  readonly devices: readonly ModelDevice[];
  readonly folders: readonly string[];
  readonly #below: (count: number) => number;
  #isBusy = false;

  constructor(bench: Bench, { folders, seed }: { folders: readonly string[]; seed: number }) {
    this.bench = bench;
    this.folders = folders;
    const random = seeded(seed);
    this.#below = (count) => Math.floor(random() * count);
    const chance: Chance = { below: this.#below, happen: (asking) => this.#happenMeanwhile(asking) };
    this.devices = ['PHONE', 'TABLET'].map((name) => new ModelDevice(bench, name, { folders, chance }));
  }

  async begin(): Promise<void> {
    for (const { device } of this.devices) await device.provision();
  }

  /** What the other device does, or the mailbox; a device itself waits for its answer. */
  async #happenMeanwhile(asking: ModelDevice): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    await this.#act(this.devices.find((device) => device !== asking)!);
    this.#isBusy = false;
  }

  async happen(): Promise<void> {
    await this.#act(this.devices[this.#below(2)]!);
  }

  async settle(): Promise<void> {
    this.#isBusy = true;
    for (const device of this.devices) await device.settle();
    this.#isBusy = false;
  }

  async #act(device: ModelDevice): Promise<void> {
    const [folder, other] = this.#below(2) === 0 ? this.folders : this.folders.toReversed();
    const one = this.#below(12);
    if (one < 3) await this.#arrive();
    else if (one === 3) this.bench.clock.now += this.#below(30) * hour;
    else if (one === 4) device.folders.get(folder!)!.wish = this.#anyWish();
    else if (one === 5) await device.mark(folder!);
    else if (one === 6) await device.delete(folder!);
    else if (one < 9) await device.move(folder!, other!);
    else if (one === 9 && this.#below(3) === 0) device.beginAnew(folder!);
    else await device.sync(folder!);
  }

  #anyWish(): Wish {
    return { classes: classes[this.#below(4)]!, filterType: this.#below(4) };
  }

  async #arrive(): Promise<void> {
    const { store, user, clock } = this.bench;
    const itemClass = this.#below(2) === 0 ? 'SMS' : 'Email';
    const from = itemClass === 'SMS' ? '"+12025550111" [MOBILE:+12025550111]' : 'bob@example.net';
    const date = clock.now - this.#below(8) * 20 * hour;
    const folderId = Number(this.folders[this.#below(2)]);
    const item = {
      userId: user.id,
      folderId,
      class: itemClass,
      from,
      to: 'ann@example.com',
      text: 'any',
      date,
    } as const;
    await store.transact((tx) => addItem(tx, item));
  }

  async differences(): Promise<string[]> {
    const { store } = this.bench;
    const items = await store.db.select().from(store.tables.items);
    const rows = await store.db.select().from(store.tables.devices);
    return this.devices.flatMap((device) => {
      const row = rows.find(({ deviceId }) => deviceId === device.device.deviceId)!.id;
      return [...device.faults, ...this.folders.flatMap((folder) => this.#compare(device, { folder, items, row }))].map(
        (fault) => `${device.device.deviceId}: ${fault}`,
      );
    });
  }

  #compare(device: ModelDevice, { folder, items, row }: { folder: string; items: Item[]; row: number }): string[] {
    const { view, wish } = device.folders.get(folder)!;
    const isWanted = (item: Item) => {
      const since = Math.floor(this.bench.clock.now / hour) * hour - spans[wish.filterType]!;
      return (item.class === 'SMS' || wish.classes.includes('Email')) && item.date >= since;
    };
    const inFolder = items.filter(({ folderId }) => folderId === Number(folder));
    const nameOf = (item: Item) =>
      itemServerId(item, item.class === 'SMS' && !wish.classes.includes('SMS') ? 'Email' : item.class);
    const byName = new Map(inFolder.map((item) => [nameOf(item), item]));
    return [
      ...[...byName].filter(([name, item]) => isWanted(item) && !view.has(name)).map(([name]) => `missing: ${name}`),
      ...[...view].flatMap(([name, read]) => {
        const item = byName.get(name);
        // Its own it may keep or not once they are older than it looks back.
        if (!item || !(isWanted(item) || item.enteredBy === row)) return [`surplus: ${name}`];
        return (read === '1') === item.read ? [] : [`not as it is: ${name}`];
      }),
    ];
  }
}

const lives = Number(process.env['LIVES'] ?? 25);
const start = Number(process.env['START'] ?? 1);
const eventsOfALife = 120;

for (let seed = start; seed < start + lives; seed++)
  test.serial(`life ${seed} of two devices ends with what each asks for, once and as it is`, async (t) => {
    const bench = await openBench();
    const first = new TalkingDevice(bench);
    await first.provision();
    const { Inbox, 'Sent Items': sentItems } = await first.folders();
    const life = new Life(bench, { folders: [Inbox!, sentItems!], seed });
    await life.begin();
    for (let event = 0; event < eventsOfALife; event++) {
      await life.happen();
      if (event % 30 !== 29) continue;
      await life.settle();
      t.deepEqual(await life.differences(), [], `after event ${event}`);
    }
    await bench.close();
  });
