// Requests that no device sends: whatever comes in, the answer is the protocol's own and never a 500, the store stays
// whole, and the log gets one line in which nothing of the request stands.

import { readdirSync, readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { limits } from '../../src/eas/limits.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncDocument } from '../../src/wbxml/airsync/document.js';
import { GetItemEstimate } from '../../src/wbxml/airsync/get-item-estimate.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { Settings } from '../../src/wbxml/airsync/settings.js';
import { type Element, element, text } from '../../src/wbxml/element.js';
import { addText, type Answered, type Bench, openBench, readAnswer, syncOf, TalkingDevice } from './talking-device.js';

const recordings = new URL('../../../fixtures/wbxml/', import.meta.url);
const recorded = readdirSync(recordings)
  .filter((name) => name.endsWith('.wbxml'))
  .map((name) => ({
    command: /-(Sync|FolderSync|Provision|Settings|GetItemEstimate)-/.exec(name)?.[1] ?? 'Settings',
    octets: readFileSync(new URL(name, recordings)),
  }));

interface Attack {
  bench: Bench;
  device: TalkingDevice;
}

async function ready(): Promise<Attack> {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  await device.folders();
  await device.post('Sync', syncOf({ syncKey: '0', id: '1' }));
  await device.post(
    'Sync',
    syncOf({ syncKey: '1', id: '1', classes: ['SMS'], commands: [addText({ clientId: 'kept' })] }),
  );
  bench.logged.length = 0;
  return { bench, device };
}

type Held = 'held';

/** A request that makes the server wait is answered when the test ends. */
async function attack(
  { bench, device }: Attack,
  command: string,
  body: Element | Uint8Array,
): Promise<Answered | Held> {
  let isOver = false;
  const before = bench.eas.held();
  const answer = device.post(command, body).finally(() => (isOver = true));
  const held = async (): Promise<Held> => {
    while (!isOver && bench.eas.held() <= before) await new Promise((resolve) => setImmediate(resolve));
    return 'held';
  };
  return Promise.race([answer, held().then(async (word) => (isOver ? answer : word))]);
}

function checkRefused(t: ExecutionContext, bench: Bench): void {
  t.is(bench.logged.length, 1, 'one log line');
  checkLog(t, bench);
}

function checkLog(t: ExecutionContext, { logged }: Bench): void {
  t.true(logged.length <= 1, logged.join());
  for (const said of ['36612', 'hello', 'héllo', '206-555', 'ann@example.com']) t.false(logged.join().includes(said));
  logged.length = 0;
}

/** What was there is there, and a device that behaves is served. */
async function checkServed(t: ExecutionContext, { bench, device }: Attack): Promise<void> {
  const { store } = bench;
  const items = await store.db.select().from(store.tables.items);
  const folders = await store.db.select().from(store.tables.folders);
  const [mailbox] = await store.db.select().from(store.tables.mailboxes);
  t.true(items.every(({ folderId }) => folders.some(({ id }) => id === folderId)));
  t.true(items.every(({ sequence, enteredSequence }) => enteredSequence <= sequence && sequence <= mailbox!.sequence));
  const [anew] = readAnswer(await device.post('Sync', syncOf({ syncKey: '0', id: '1' })));
  const [given] = readAnswer(await device.post('Sync', syncOf({ syncKey: anew!.syncKey!, id: '1', classes: ['SMS'] })));
  t.true(given!.adds.length >= 1);
  t.is(given!.status, '1');
}

// One change of the octets: overwritten, cut out, put in, or repeated.
const change = fc.record({
  at: fc.nat(400),
  length: fc.nat(12),
  kind: fc.constantFrom('overwrite', 'cut', 'insert', 'repeat'),
  octets: fc.uint8Array({ maxLength: 12 }),
});
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function mutate(octets: Uint8Array, { at, length, kind, octets: foreign }: Change): Uint8Array {
  const start = octets.length === 0 ? 0 : at % octets.length;
  const end = Math.min(octets.length, start + length);
  const before = octets.subarray(0, start);
  const after = octets.subarray(end);
  if (kind === 'overwrite') return Buffer.concat([before, foreign.subarray(0, end - start), after]);
  if (kind === 'cut') return Buffer.concat([before, after]);
  if (kind === 'insert') return Buffer.concat([before, foreign, octets.subarray(start)]);
  return Buffer.concat([before, octets.subarray(start, end), octets.subarray(start)]);
}

test('answers recordings whose octets were changed without a 500, and goes on serving', async (t) => {
  const setting = await ready();
  const changed = fc.record({
    recording: fc.constantFrom(...recorded),
    changes: fc.array(change, { minLength: 1, maxLength: 4 }),
  });
  const property = fc.asyncProperty(changed, async ({ recording: { command, octets }, changes }) => {
    const answer = await attack(setting, command, changes.reduce<Uint8Array>(mutate, octets));
    t.true(answer === 'held' || answer.status < 500, command);
    checkLog(t, setting.bench);
  });
  await fc.assert(property, { seed: 14, numRuns: 1000 });
  await checkServed(t, setting);
  await setting.bench.close();
});

test('refuses the root of every code page in every command', async (t) => {
  const setting = await ready();
  const roots = Array.from({ length: 26 }, (_, page) => (page << 8) | 5).filter((tag) => AirSyncDocument.nameOf(tag));
  for (const command of ['Sync', 'FolderSync', 'GetItemEstimate', 'MoveItems', 'Ping', 'Provision', 'Settings'])
    for (const root of roots) {
      const answer = await attack(setting, command, element(root, 'x'));
      t.true(answer !== 'held' && answer.status === 200, command);
      // Of its own root a command may make what it can.
      if ((answer as Answered).root!.tag === root) checkLog(t, setting.bench);
      else checkRefused(t, setting.bench);
    }
  await checkServed(t, setting);
  await setting.bench.close();
});

test('refuses 100,000 nested elements with Status 102', async (t) => {
  const setting = await ready();
  const nested = Buffer.concat([Uint8Array.of(3, 1, 0x6a, 0), Buffer.alloc(100_000, 0x45)]);
  const answer = (await attack(setting, 'Sync', nested)) as Answered;
  t.is(text(answer.root!, AirSync.Status), '102');
  checkRefused(t, setting.bench);
  await setting.bench.close();
});

const list = (count: number, each: (n: number) => Element) => Array.from({ length: count }, (_, n) => each(n));

test('refuses 10,000 Adds in one Sync as a whole and stores none of them', async (t) => {
  const setting = await ready();
  const commands = list(10_000, (n) => addText({ clientId: String(n), body: `hello ${n}` }));
  const answer = (await attack(setting, 'Sync', syncOf({ syncKey: '2', id: '1', commands }))) as Answered;
  // Refused by the codec for its size or by Sync for its count, whichever sees it first.
  t.true(['4', '102'].includes(text(answer.root!, AirSync.Status)!));
  checkRefused(t, setting.bench);
  const { store } = setting.bench;
  t.is((await store.db.select().from(store.tables.items)).length, 1);
  await checkServed(t, setting);
  await setting.bench.close();
});

const excessive: readonly { name: string; command: string; body: Element; status: string }[] = [
  {
    name: '301 collections in one Sync',
    command: 'Sync',
    body: syncOf(...Array.from({ length: 301 }, () => ({ syncKey: '2', id: '1' }))),
    status: '15',
  },
  {
    name: '5,000 collections in one GetItemEstimate',
    command: 'GetItemEstimate',
    body: element(GetItemEstimate.GetItemEstimate, [
      element(
        GetItemEstimate.Collections,
        list(5000, () => element(GetItemEstimate.Collection, [element(GetItemEstimate.CollectionId, '1')])),
      ),
    ]),
    status: '101',
  },
  {
    name: '5,000 folders in one Ping',
    command: 'Ping',
    body: element(Ping.Ping, [
      element(Ping.HeartbeatInterval, '600'),
      element(
        Ping.Folders,
        list(5000, (n) => element(Ping.Folder, [element(Ping.Id, String(n + 1)), element(Ping.Class, 'Email')])),
      ),
    ]),
    status: '6',
  },
  {
    name: '5,000 moves in one MoveItems',
    command: 'MoveItems',
    body: element(
      Move.MoveItems,
      list(5000, () => element(Move.Move, [element(Move.SrcMsgId, '1:1'), element(Move.SrcFldId, '1')])),
    ),
    status: '101',
  },
  {
    name: '5,000 parts in one Settings',
    command: 'Settings',
    body: element(
      Settings.Settings,
      list(5000, () => element(Settings.UserInformation, [element(Settings.Get)])),
    ),
    status: '2',
  },
];

test('refuses more of anything than one request may hold', async (t) => {
  const setting = await ready();
  for (const { name, command, body, status } of excessive) {
    const answer = (await attack(setting, command, body)) as Answered;
    const said = answer.root!.content as readonly Element[];
    t.is(said[0]!.content, status, name);
    checkRefused(t, setting.bench);
  }
  await checkServed(t, setting);
  await setting.bench.close();
});

test('refuses a body over the limit with 413, unread', async (t) => {
  const setting = await ready();
  const answer = (await attack(setting, 'Sync', Buffer.alloc(limits.requestOctets + 1, 0x45))) as Answered;
  t.is(answer.status, 413);
  checkRefused(t, setting.bench);
  await checkServed(t, setting);
  await setting.bench.close();
});
