// A device and a mailbox that do what comes into their minds: texts and mails come, change and go, hours pass, the device
// asks for other classes and other spans of time, and answers get lost. Whatever happened, the device is never told of
// what it does not have, and in the end it has what it asks for, each item once.

import test from 'ava';
import { addItem, changeItem, getItem, removeItem } from '../../src/store/items.js';
import type { ItemClass } from '../../src/store/states.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { type Element, element } from '../../src/wbxml/element.js';
import { seeded } from '../random.js';
import {
  addText,
  type Bench,
  openBench,
  type ReadCollection,
  readAnswer,
  syncOf,
  TalkingDevice,
} from './talking-device.js';

const hour = 60 * 60 * 1000;
const day = 24 * hour;
const spans = [Infinity, day, 3 * day, 7 * day];

interface Wish {
  classes: ItemClass[];
  filterType: number;
}

interface Known {
  id: number;
  class: ItemClass;
  date: number;
  isOwn: boolean;
}

class Life {
  readonly bench: Bench;
  readonly device: TalkingDevice;
  readonly inbox: string;
  readonly items = new Map<number, Known>();
  /** ServerIds the device has. */
  readonly view = new Set<string>();
  readonly faults: string[] = [];
  readonly #deleted = new Set<string>();
  readonly #random: () => number;
  key = '0';
  wish: Wish = { classes: ['Email'], filterType: 0 };
  #adds = 0;

  constructor(bench: Bench, device: TalkingDevice, given: { inbox: string; seed: number }) {
    this.bench = bench;
    this.device = device;
    this.inbox = given.inbox;
    this.#random = seeded(given.seed);
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  async happen(): Promise<void> {
    const one = this.#below(10);
    if (one < 3) await this.#arrive();
    else if (one === 3) await this.#mark();
    else if (one === 4) await this.#remove();
    else if (one === 5) this.bench.clock.now += this.#below(30) * hour;
    else if (one === 6) this.#wishAnew();
    else if (one === 7) await this.#upload();
    else if (one === 8) await this.#deleteOne();
    else await this.sync([]);
  }

  async #arrive(): Promise<void> {
    const itemClass = this.#below(2) === 0 ? 'SMS' : 'Email';
    // Several at one instant, as an import makes them.
    const date = this.bench.clock.now - this.#below(8) * 20 * hour;
    const { id } = await this.bench.store.transact((tx) =>
      addItem(tx, {
        userId: this.bench.user.id,
        folderId: Number(this.inbox),
        class: itemClass,
        from: itemClass === 'SMS' ? '"+12025550111" [MOBILE:+12025550111]' : 'bob@example.net',
        to: 'ann@example.com',
        text: 'any',
        date,
      }),
    );
    this.items.set(id, { id, class: itemClass, date, isOwn: false });
  }

  #any(): Known | undefined {
    return [...this.items.values()][this.#below(Math.max(1, this.items.size))];
  }

  async #mark(): Promise<void> {
    const any = this.#any();
    if (!any) return;
    const folderId = Number(this.inbox);
    await this.bench.store.transact(function* (tx) {
      const item = yield* getItem(tx, folderId, any.id);
      yield* changeItem(tx, item!, { read: !item!.read });
    });
  }

  async #remove(): Promise<void> {
    const any = this.#any();
    if (!any) return;
    const folderId = Number(this.inbox);
    await this.bench.store.transact(function* (tx) {
      const item = yield* getItem(tx, folderId, any.id);
      yield* removeItem(tx, item!);
    });
    this.items.delete(any.id);
  }

  #wishAnew(): void {
    const choices: ItemClass[][] = [['Email'], ['SMS'], ['SMS', 'Email'], ['Email', 'SMS']];
    this.wish = { classes: choices[this.#below(4)]!, filterType: this.#below(4) };
  }

  async #upload(): Promise<void> {
    const clientId = `own ${++this.#adds}`;
    const date = new Date(this.bench.clock.now).toISOString();
    const answer = await this.sync([addText({ clientId, body: clientId, date })]);
    const serverId = answer?.responses.find((each) => each.clientId === clientId)?.serverId;
    if (serverId === undefined) return;
    const id = Number(/\d+$/.exec(serverId)![0]);
    this.items.set(id, { id, class: 'SMS', date: Date.parse(date), isOwn: true });
    this.view.add(serverId);
  }

  async #deleteOne(): Promise<void> {
    const name = [...this.view][this.#below(Math.max(1, this.view.size))];
    if (name === undefined) return;
    const answer = await this.sync([element(AirSync.Delete, [element(AirSync.ServerId, name)])]);
    if (!answer) return;
    this.view.delete(name);
    this.#deleted.add(name);
    this.items.delete(Number(/\d+$/.exec(name)![0]));
  }

  /** `undefined` where there was nothing to say. A lost answer is asked for again. */
  async sync(commands: Element[], windowSize = 1 + this.#below(4)): Promise<ReadCollection | undefined> {
    if (this.key === '0') this.key = await this.#begin();
    const isLost = this.#below(4) === 0;
    const post = () => this.device.post('Sync', this.#request(commands, windowSize));
    if (isLost) await post();
    const [answer] = readAnswer(await post());
    if (!answer) return undefined;
    if (answer.status !== '1') this.faults.push(`Status ${answer.status}`);
    this.#take(answer);
    return answer;
  }

  async #begin(): Promise<string> {
    return readAnswer(await this.device.post('Sync', syncOf({ syncKey: '0', id: this.inbox })))[0]!.syncKey!;
  }

  #request(commands: Element[], windowSize: number): Element {
    const options = this.wish.classes.map((each) =>
      element(AirSync.Options, [
        element(AirSync.Class, each),
        element(AirSync.FilterType, String(this.wish.filterType)),
      ]),
    );
    const wish = { syncKey: this.key, id: this.inbox, windowSize, options };
    return syncOf(commands.length > 0 ? { ...wish, commands } : wish);
  }

  #take({ syncKey, adds, changes, deletes, softDeletes }: ReadCollection): void {
    this.key = syncKey!;
    for (const name of [...softDeletes, ...deletes])
      // What both sides removed at the same time the device may be told once more.
      if (!this.view.delete(name) && !this.#deleted.has(name)) this.faults.push(`taken and not there: ${name}`);
    for (const name of changes) if (!this.view.has(name)) this.faults.push(`changed and not there: ${name}`);
    for (const { serverId } of adds) {
      if (this.view.has(serverId)) this.faults.push(`added again: ${serverId}`);
      this.view.add(serverId);
    }
  }

  async settle(): Promise<void> {
    while (await this.sync([], 3));
  }

  #nameOf(item: Known): string {
    const isAsMail = item.class === 'SMS' && !this.wish.classes.includes('SMS');
    return `${this.inbox}:${isAsMail ? 'm' : ''}${item.id}`;
  }

  /** What the device should have: its own it may keep or not once they are older than it looks back. */
  missing(): string[] {
    return [...this.items.values()]
      .filter((item) => this.#isWanted(item))
      .map((item) => this.#nameOf(item))
      .filter((name) => !this.view.has(name));
  }

  surplus(): string[] {
    const wanted = new Set(
      [...this.items.values()].filter((item) => item.isOwn || this.#isWanted(item)).map((item) => this.#nameOf(item)),
    );
    return [...this.view].filter((name) => !wanted.has(name));
  }

  #isWanted({ class: itemClass, date }: Known): boolean {
    const { classes, filterType } = this.wish;
    const isShown = itemClass === 'SMS' || classes.includes('Email');
    const since = Math.floor(this.bench.clock.now / hour) * hour - spans[filterType]!;
    return isShown && date >= since;
  }
}

const lives = 25;
const eventsOfALife = 120;

for (let seed = 1; seed <= lives; seed++)
  test(`life ${seed} of a device ends with what it asks for, each item once`, async (t) => {
    const bench = await openBench();
    const device = new TalkingDevice(bench);
    await device.provision();
    const { Inbox } = await device.folders();
    const life = new Life(bench, device, { inbox: Inbox!, seed });
    for (let event = 0; event < eventsOfALife; event++) {
      await life.happen();
      if (event % 30 !== 29) continue;
      await life.settle();
      t.deepEqual(life.faults, [], `faults after event ${event}`);
      t.deepEqual(life.missing(), [], `missing after event ${event}`);
      t.deepEqual(life.surplus(), [], `surplus after event ${event}`);
    }
    await bench.close();
  });
