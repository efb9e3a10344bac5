// A device that syncs one folder, and the Options and bodies of what it says and gets.

import { addItem, type NewItem } from '../../src/store/items.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { child, type Element, element, text } from '../../src/wbxml/element.js';
import {
  type Bench,
  type CollectionWish,
  noon,
  openBench,
  type ReadCollection,
  readAnswer,
  syncOf,
  TalkingDevice,
} from './talking-device.js';

const bob = '"Bob" [MOBILE:+12025550111]';

export class Reader {
  readonly bench: Bench;
  readonly device: TalkingDevice;
  readonly folder: string;
  key = '0';

  constructor(bench: Bench, device: TalkingDevice, folder: string) {
    this.bench = bench;
    this.device = device;
    this.folder = folder;
  }

  async sync(wish: Partial<CollectionWish> = {}): Promise<ReadCollection | undefined> {
    if (this.key === '0') this.key = (await this.#ask({}))!.syncKey!;
    const answer = await this.#ask(wish);
    if (answer?.status === '1') this.key = answer.syncKey!;
    return answer;
  }

  async #ask(wish: Partial<CollectionWish>): Promise<ReadCollection | undefined> {
    return readAnswer(await this.device.post('Sync', syncOf({ ...wish, syncKey: this.key, id: this.folder })))[0];
  }

  async receive(body: string, more: Partial<NewItem> = {}) {
    const { bench, folder } = this;
    const item = {
      userId: bench.user.id,
      folderId: Number(folder),
      class: 'SMS',
      from: bob,
      to: '',
      date: noon,
    } as const;
    return bench.store.transact((tx) => addItem(tx, { ...item, text: body, ...more }));
  }
}

export async function open(version = '14.1', folder = 'Inbox'): Promise<Reader> {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  device.version = version;
  await device.provision();
  return new Reader(bench, device, (await device.folders())[folder]!);
}

export const wishing = (...children: Element[]) => [element(AirSync.Options, children)];
export const preferring = (type: string, ...more: Element[]) =>
  element(AirSyncBase.BodyPreference, [element(AirSyncBase.Type, type), ...more]);

export function bodyOf(data: Element): Record<string, string | undefined> {
  const body = child(data, AirSyncBase.Body)!;
  const { Type, EstimatedDataSize, Truncated, Data, Preview } = AirSyncBase;
  return {
    type: text(body, Type),
    size: text(body, EstimatedDataSize),
    truncated: text(body, Truncated),
    data: text(body, Data),
    preview: text(body, Preview),
  };
}
