// One long conversation of a phone, told once as it should go, and then once for each of its requests with the answer to
// that one lost: the phone says the same again, to the octet. Whatever was lost, both sides end with the same texts.

import test from 'ava';
import { encode } from '../../src/wbxml/encode.js';
import { collections, conversation, Device, receive, type Scene } from './conversation.js';
import { openMiddle } from './story.js';
import { openBench } from './talking-device.js';

/** Another text comes in between a lost answer and its repetition; where nothing is lost, before the end. */
const meanwhile = 'meanwhile';

interface Loss {
  /** Index of the request whose answer is lost. */
  at: number | undefined;
  isInterrupted: boolean;
}

interface End {
  /** Folder, text and mark of every item. */
  items: string[];
  messages: string[];
  device: string[];
  faults: string[];
}

async function converse({ at, isInterrupted }: Loss): Promise<End> {
  const bench = await openBench();
  const scene = { bench, middle: openMiddle(bench), device: new Device(bench) };
  const { middle, device } = scene;
  let asked = 0;
  for (const step of conversation) {
    if ('happens' in step) await step.happens(scene);
    else {
      const { command, body, take } = step.ask(device);
      const octets = encode(body);
      if (asked++ === at) {
        await device.post(command, octets);
        if (isInterrupted) await receive(bench, meanwhile);
      }
      await middle.settle();
      take(await device.post(command, octets));
    }
    await middle.settle();
  }
  if (!isInterrupted || at === undefined) await receive(bench, meanwhile);
  for (let round = 0; round < 3; round++) {
    device.takeSync(await device.post('Sync', device.sync(collections)));
    await middle.settle();
  }
  const end = await readEnd(scene);
  await middle.close();
  await bench.close();
  return end;
}

async function readEnd({ bench: { store }, device }: Scene): Promise<End> {
  const items = await store.db.select().from(store.tables.items);
  const messages = await store.db.select().from(store.tables.messages);
  const line = (folder: number | string, body: string, read: boolean) => `${folder}: ${body}${read ? ', read' : ''}`;
  return {
    items: items.map((item) => line(item.folderId, item.subject ?? item.text, item.read)).sort(),
    messages: messages.map((message) => `${message.text}: ${message.state}`).sort(),
    device: [...device.view]
      .flatMap(([folder, held]) => [...held.values()].map((each) => line(folder, each.text, each.read)))
      .sort(),
    faults: device.faults,
  };
}

const straight = converse({ at: undefined, isInterrupted: false });
const requests = conversation.filter((step) => 'ask' in step).length;

test('a conversation without losses ends with the same texts on both sides', async (t) => {
  const { items, messages, device, faults } = await straight;
  t.deepEqual(faults, []);
  t.deepEqual(device, items);
  t.deepEqual(items, [
    '1: New SMS gateway is set',
    '1: meanwhile',
    '1: own one, read',
    '1: received one, read',
    '1: received zero',
    '3: own three',
    '3: own two',
    '4: written one, read',
    '4: written three, read',
    '4: written two, read',
  ]);
  t.deepEqual(messages, ['written one: sent', 'written three: sent', 'written two: sent']);
});

for (const isInterrupted of [false, true])
  for (let at = 0; at < requests; at++)
    test(`losing the answer to request ${at + 1}${isInterrupted ? ' while a text comes in' : ''} changes nothing`, async (t) => {
      t.deepEqual(await converse({ at, isInterrupted }), await straight);
    });
