// The server that is fuzzed, in this process: Ann, whose devices send what they send; Ben, of whom nothing may change.

import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import { putUser } from '../../src/accounts/users.js';
import { MessageError } from '../../src/message/errors.js';
import { addItem } from '../../src/store/items.js';
import { getFolderOfType, FolderType } from '../../src/store/mailboxes.js';
import type { User } from '../../src/store/tables.js';
import { Settings } from '../../src/wbxml/airsync/settings.js';
import { element } from '../../src/wbxml/element.js';
import { type Middle, openMiddle } from '../eas/story.js';
import { type Bench, noon, openBench, readAnswer, syncOf, TalkingDevice } from '../eas/talking-device.js';
import { fuzzDevices } from './cases.js';
import { checkStore } from './invariants.js';
import { lookout } from './live.js';
import { Wire } from './wire.js';

export interface Setting {
  bench: Bench;
  middle: Middle;
  wire: Wire;
  look: ReturnType<typeof lookout>;
  ben: User;
  /** Of Ben's mailbox, as it is at the beginning. */
  ofBen: unknown;
  /** How often the store was checked: the fresh devices are named by it. */
  checks: number;
}

export async function openSetting(): Promise<Setting> {
  const bench = await openBench();
  await bench.app.listen({ host: '127.0.0.1', port: 0 });
  const { user: ben } = await putUser(bench.store, 'ben@example.com', { password: 'other', now: noon });
  const setting = {
    bench,
    middle: openMiddle(bench),
    wire: new Wire((bench.app.server.address() as AddressInfo).port),
    look: lookout(bench),
    ben,
    ofBen: undefined as unknown,
    checks: 0,
  };
  for (const { deviceId, version } of fuzzDevices) await begin(bench, deviceId, version);
  for (const owner of [bench.user, ben]) for (const body of ['first', 'second']) await receive(setting, owner, body);
  setting.ofBen = await readMailbox(setting, ben);
  return setting;
}

const sendsTexts = element(Settings.DeviceInformation, [
  element(Settings.Set, [element(Settings.PhoneNumber, '+447700900123'), element(Settings.EnableOutboundSMS, '1')]),
]);

/** A device that has done everything a good one does at first. */
async function begin(bench: Bench, deviceId: string, version: string): Promise<void> {
  const device = new TalkingDevice(bench, deviceId);
  device.version = version;
  await device.provision();
  // The phone that sends what others write may be any of them.
  await device.post('Settings', element(Settings.Settings, [sendsTexts]));
  for (const id of Object.values(await device.folders())) await device.post('Sync', syncOf({ syncKey: '0', id }));
}

/** A text comes in, and another is written for a phone to send. */
export async function happen(setting: Setting, number: number): Promise<void> {
  await receive(setting, setting.bench.user, `received ${number}`);
  await setting.middle.settle();
  await write(setting, `written ${number}`);
  await setting.middle.settle();
}

// Any request may have switched the phone off that would send it.
async function write({ middle }: Setting, text: string): Promise<void> {
  try {
    await middle.submit({ submit: { number: '+447700900456', text } });
  } catch (error) {
    if (!(error instanceof MessageError && error.code === 'NO_GATEWAY')) throw error;
  }
}

async function receive({ bench: { store } }: Setting, { id: userId }: User, text: string): Promise<void> {
  await store.transact(function* (tx) {
    const inbox = yield* getFolderOfType(tx, userId, FolderType.Inbox);
    const from = '"Bo" [MOBILE:+447700900789]';
    yield* addItem(tx, { userId, folderId: inbox.id, class: 'SMS', from, to: '', text, date: noon });
  });
}

/** What is wrong of the state; nothing where all is well. */
export async function checkState(setting: Setting): Promise<string[]> {
  const { bench, middle, ben, ofBen } = setting;
  await middle.settle();
  const ofBenNow = await readMailbox(setting, ben);
  return [
    ...checkStore(bench.store),
    ...(isDeepStrictEqual(ofBenNow, ofBen) ? [] : ['the mailbox of another user is changed']),
    ...(bench.eas.held() === 0 ? [] : [`${bench.eas.held()} requests are held that nobody waits for`]),
    ...(await checkFresh(bench, `FRESH${setting.checks++}`)),
  ];
}

async function readMailbox({ bench: { store } }: Setting, { id }: User): Promise<unknown> {
  const { mailboxes, folders, items, devices } = store.tables;
  const of = (table: typeof mailboxes | typeof folders | typeof items | typeof devices) =>
    store.db.select().from(table).where(eq(table.userId, id));
  return [await of(mailboxes), await of(folders), await of(items), await of(devices)];
}

/** A device that behaves comes along: it is given every folder, and every item that is for all devices. */
async function checkFresh(bench: Bench, deviceId: string): Promise<string[]> {
  const device = new TalkingDevice(bench, deviceId);
  await device.provision();
  const wrong: string[] = [];
  for (const [name, id] of Object.entries(await device.folders())) {
    const given = await syncAll(device, id);
    const there = await idsOf(bench, Number(id));
    if (!isDeepStrictEqual(given, there)) wrong.push(`a fresh device got ${describe(given, there)} in ${name}`);
  }
  return wrong;
}

function describe(given: readonly string[], there: readonly string[]): string {
  const missing = there.filter((id) => !given.includes(id));
  const alien = given.filter((id) => !there.includes(id));
  return `${given.length} of ${there.length} items (missing ${missing.slice(0, 3).join()}, not there ${alien.slice(0, 3).join()})`;
}

async function syncAll(device: TalkingDevice, id: string): Promise<string[]> {
  const given: string[] = [];
  let syncKey = '0';
  for (;;) {
    const classes: ('SMS' | 'Email')[] = ['Email', 'SMS'];
    const wish = { syncKey, id, windowSize: 512, ...(syncKey === '0' ? {} : { classes }) };
    const [collection] = readAnswer(await device.post('Sync', syncOf(wish)));
    if (!collection) return given.sort();
    if (collection.status !== '1') return [`Status ${collection.status}`];
    given.push(...collection.adds.map(({ serverId }) => serverId));
    syncKey = collection.syncKey!;
  }
}

async function idsOf({ store }: Bench, folderId: number): Promise<string[]> {
  const { items } = store.tables;
  const rows = await store.db.select().from(items).where(eq(items.folderId, folderId));
  return rows
    .filter(({ offeredTo }) => offeredTo === null)
    .map(({ id }) => `${folderId}:${id}`)
    .sort();
}

export async function closeSetting({ bench, middle, wire }: Setting): Promise<void> {
  wire.close();
  await middle.close();
  await bench.close();
}
