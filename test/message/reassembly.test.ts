import { join } from 'node:path';
import test from 'ava';
import { incomingSweep } from '../../src/message/incoming-sweep.js';
import { limits } from '../../src/message/limits.js';
import type { Receipt, ReceivedText } from '../../src/message/receive.js';
import { countWaiting } from '../../src/store/incoming-parts.js';
import { defaultSettings } from '../../src/store/settings.js';
import type { User } from '../../src/store/tables.js';
import { minute } from '../gateway/stage.js';
import { seeded } from '../random.js';
import { type Arrivals, openArrivals } from './arrivals.js';
import { afterCrash } from '../store/after-crash.js';
import { scratchFolder } from '../scratch-folder.js';

// TS 23.040 9.2.3.24.1 Concatenated Short Messages (8-bit reference number)
const part8 = (reference: number, total: number, part: number) => Uint8Array.of(0, 3, reference, total, part);
// TS 23.040 9.2.3.24.8 Concatenated short messages, 16-bit reference number
const part16 = (reference: number, total: number, part: number) =>
  Uint8Array.of(8, 4, reference >> 8, reference & 0xff, total, part);

interface Scene {
  arrivals: Arrivals;
  ada: User;
  /** A part of a long text. */
  part(words: string, udh: Uint8Array, more?: Partial<ReceivedText>): Promise<Receipt>;
  texts(): Promise<string[]>;
  /** The sweep at a later time. */
  after(minutes: number): Promise<void>;
}

async function openScene(options: Parameters<typeof openArrivals>[0] = {}): Promise<Scene> {
  const arrivals = await openArrivals(options);
  const ada = await arrivals.addAdministrator('ada@example.com');
  const sweep = incomingSweep(arrivals.stage.services);
  return {
    arrivals,
    ada,
    part: (words, udh, more = {}) => arrivals.receive({ text: words, udh, ...more }),
    texts: () => arrivals.texts(ada),
    after: async (minutes) => {
      arrivals.stage.now += minutes * minute;
      await sweep();
    },
  };
}

const waiting = { waiting: true } as const;

test('parts in any order become one text, with references of 8 and of 16 bits', async (t) => {
  const scene = await openScene();
  t.deepEqual(await scene.part('three', part8(42, 3, 3)), waiting);
  t.deepEqual(await scene.part('one ', part8(42, 3, 1)), waiting);
  t.deepEqual(await scene.texts(), []);
  const receipt = await scene.part('two ', part8(42, 3, 2));
  const [row] = await scene.arrivals.rows();
  t.deepEqual(receipt, { id: row!.id });
  t.like(row, { text: 'one two three', properties: { parts: 3 } });
  await scene.part('b', part16(0x1234, 2, 2));
  await scene.part('a', part16(0x1234, 2, 1));
  t.deepEqual(await scene.texts(), ['one two three', 'ab']);
});

test('a character that is split over two parts is whole again, and half a one that stays alone is marked', async (t) => {
  const scene = await openScene();
  await scene.part('\ude00 b', part8(1, 2, 2));
  await scene.part('a \ud83d', part8(1, 2, 1));
  await scene.part('a \ud83d', part8(2, 3, 1));
  await scene.part('\ude00\0', part8(2, 3, 3));
  t.deepEqual(await scene.part('a \ud83d', part8(2, 3, 1)), waiting, 'which came again');
  t.is(await scene.arrivals.stage.store.read(countWaiting), 2);
  await scene.after(61);
  t.deepEqual(await scene.texts(), ['a 😀 b', 'a \ufffd[part 2 of 3 is missing]\ufffd\ufffd']);
  const [whole] = await scene.arrivals.rows();
  t.deepEqual(whole!.properties, { parts: 2 });
});

test('parts that differ in half a character alone are two messages', async (t) => {
  const scene = await openScene();
  await scene.part('\ud83d', part8(1, 2, 1));
  await scene.part('\ud83e', part8(1, 2, 1));
  await scene.part('\udd14', part8(1, 2, 2));
  t.deepEqual(await scene.texts(), ['\ufffd[part 2 of 2 is missing]', '🤔']);
});

test('a message said to have one part is whole, and a header that counts wrongly is ignored', async (t) => {
  const scene = await openScene();
  await scene.part('alone', part8(1, 1, 1));
  for (const udh of [part8(1, 0, 0), part8(1, 2, 0), part8(1, 2, 3), Uint8Array.of(0, 3, 1, 2), Uint8Array.of(0)])
    t.true('id' in (await scene.part('odd', udh)));
  t.deepEqual(await scene.texts(), ['alone', ...Array<string>(5).fill('odd')]);
});

test('a part that comes again is not taken twice, before the text is whole and after', async (t) => {
  const scene = await openScene();
  await scene.part('a', part8(1, 2, 1));
  t.deepEqual(await scene.part('a', part8(1, 2, 1)), waiting);
  const receipt = await scene.part('b', part8(1, 2, 2));
  t.deepEqual(await scene.part('b', part8(1, 2, 2)), receipt);
  t.deepEqual(await scene.part('a', part8(1, 2, 1)), receipt);
  await scene.after(61);
  t.deepEqual(await scene.texts(), ['ab']);
});

test('a part that the gateway names is known again long after', async (t) => {
  const scene = await openScene();
  await scene.part('a', part8(1, 2, 1), { reference: 'ra' });
  const receipt = await scene.part('b', part8(1, 2, 2), { reference: 'rb' });
  await scene.after(24 * 60);
  t.deepEqual(await scene.part('a', part8(1, 2, 1), { reference: 'ra' }), receipt);
  t.deepEqual(await scene.part('b', part8(1, 2, 2), { reference: 'rb' }), receipt);
  await scene.after(24 * 60);
  t.deepEqual(await scene.texts(), ['ab']);
  t.is((await scene.arrivals.rows()).length, 1, 'what is remembered is not shown');
});

test('senders, gateways, numbers of ours and references between one another are kept apart', async (t) => {
  const scene = await openScene();
  const streams: Partial<ReceivedText>[] = [
    { sender: '+447700900001' },
    { sender: '+447700900002' },
    { gateway: 'other' },
    { recipient: '+447700900901' },
    { recipient: '+447700900902' },
  ];
  for (const stream of streams) await scene.part('a', part8(7, 2, 1), stream);
  await scene.part('a', part8(8, 2, 1));
  await scene.part('a', part8(7, 3, 1));
  t.deepEqual(await scene.texts(), []);
  for (const stream of streams) await scene.part('b', part8(7, 2, 2), stream);
  await scene.part('b', part8(8, 2, 2));
  t.deepEqual(await scene.texts(), Array<string>(6).fill('ab'));
});

test('what does not come in time is marked where it is missing, and nothing of the rest is lost', async (t) => {
  const scene = await openScene();
  await scene.part('two', part8(1, 7, 2));
  await scene.part('three', part8(1, 7, 3));
  await scene.part('six', part8(1, 7, 6));
  await scene.after(59);
  t.deepEqual(await scene.texts(), []);
  await scene.after(2);
  const joined = '[part 1 of 7 is missing]twothree[parts 4 to 5 of 7 are missing]six[part 7 of 7 is missing]';
  t.deepEqual(await scene.texts(), [joined]);
  t.deepEqual((await scene.arrivals.rows())[0]!.properties, { parts: 7, missing: [1, 4, 5, 7] });
  await scene.after(61);
  t.is((await scene.texts()).length, 1);
});

test('each part begins the wait anew, and the wait is a setting', async (t) => {
  const scene = await openScene();
  await scene.arrivals.stage.saveSettings({ incoming: { ...defaultSettings.incoming, reassemblyMinutes: 10 } });
  await scene.part('a', part8(1, 3, 1));
  await scene.after(9);
  await scene.part('b', part8(1, 3, 2));
  await scene.after(9);
  t.deepEqual(await scene.texts(), []);
  await scene.part('c', part8(1, 3, 3));
  t.deepEqual(await scene.texts(), ['abc']);
});

test('a reference that comes round after the wait is of another message', async (t) => {
  const scene = await openScene();
  await scene.part('old', part8(1, 2, 1));
  scene.arrivals.stage.now += 61 * minute;
  t.deepEqual(await scene.part('new', part8(1, 2, 2)), waiting);
  t.deepEqual(await scene.texts(), ['old[part 2 of 2 is missing]']);
  await scene.part('brand ', part8(1, 2, 1));
  t.deepEqual((await scene.texts()).at(-1), 'brand new');
});

test('a reference that comes round sooner is known by other words', async (t) => {
  const scene = await openScene();
  await scene.part('first ', part8(1, 2, 1));
  await scene.part('one', part8(1, 2, 2));
  await scene.part('second ', part8(1, 2, 1));
  await scene.part('one', part8(1, 2, 2));
  await scene.part('lost ', part8(1, 2, 1));
  await scene.part('third ', part8(1, 2, 1));
  await scene.part('one', part8(1, 2, 2));
  t.deepEqual(await scene.texts(), ['first one', 'second one', 'lost [part 2 of 2 is missing]', 'third one']);
});

test('binary parts become one binary message, without the element that counted them', async (t) => {
  const scene = await openScene();
  const port = [0x05, 0x04, 0x0b, 0x84, 0x23, 0xf0];
  const binary = (part: number, ...octets: number[]) =>
    scene.part('', Uint8Array.of(...port, ...part8(1, 3, part)), { data: Uint8Array.from(octets), dcs: 0xf5 });
  await binary(2, 3, 4);
  await binary(1, 1, 2);
  await scene.after(61);
  const [row] = await scene.arrivals.rows();
  const header = Buffer.from(port).toString('base64');
  t.deepEqual(row!.properties, { data: 'AQIDBA==', udh: header, dcs: 0xf5, parts: 3, missing: [3] });
  t.deepEqual(await scene.texts(), ['[binary message of 4 octets, 1 of 3 parts are missing] 01020304']);
});

test('parts without a character are one empty text, which is dropped', async (t) => {
  const scene = await openScene();
  t.deepEqual(await scene.part('', part8(1, 2, 1)), waiting);
  t.deepEqual(await scene.part('', part8(1, 2, 2)), { dropped: true });
  await scene.after(61);
  t.deepEqual(await scene.texts(), []);
});

test('beginnings of ever new messages of one sender push out the oldest, which is not lost', async (t) => {
  const scene = await openScene();
  for (let reference = 0; reference <= limits.waitingPartsPerSender; reference++)
    await scene.part(`${reference}`, part16(reference, 2, 1));
  t.deepEqual(await scene.texts(), ['0[part 2 of 2 is missing]']);
  await scene.part('b', part16(1, 2, 2));
  t.deepEqual((await scene.texts()).at(-1), '1b');
  t.is(await scene.arrivals.stage.store.read(countWaiting), limits.waitingPartsPerSender - 1);
});

test('what waits outlives the end of the process', async (t) => {
  const file = join(scratchFolder(), 'easms.db');
  const before = await openScene({ file });
  await before.part('a', part8(1, 2, 1));
  const after = await openArrivals({ file: afterCrash(file), firstId: 1000 });
  await after.receive({ text: 'b', udh: part8(1, 2, 2) });
  t.deepEqual(await after.texts(before.ada), ['ab']);
});

test('a text that nobody had is placed when an administrator is there', async (t) => {
  const arrivals = await openArrivals();
  await arrivals.receive({ text: 'waits' });
  const sweep = incomingSweep(arrivals.stage.services);
  await sweep();
  const ada = await arrivals.addAdministrator('ada@example.com');
  await sweep();
  await sweep();
  t.deepEqual(await arrivals.texts(ada), ['waits']);
  t.deepEqual(await arrivals.unplacedIds(), []);
});

// A part may come again only while its text is known: a gateway without references of its own that repeats it later is not
// told apart from a sender whose numbers came round.
test('whatever the order, and whatever comes again, each text is there once and whole', async (t) => {
  for (let seed = 1; seed <= 5; seed++) {
    const random = seeded(seed);
    const scene = await openScene();
    const parts: Partial<ReceivedText>[] = [];
    const whole: string[] = [];
    for (let n = 0; n < 40; n++) {
      const total = 1 + Math.floor(random() * 5);
      const words = Array.from({ length: total }, (_, part) => `<${n}.${part}>`);
      whole.push(words.join(''));
      const sender = `+44770090000${n % 3}`;
      // Few numbers for many messages: only what is under way at once has to differ.
      const udh = (part: number) => (n % 2 === 0 ? part8(n, total, part + 1) : part16(n + 300, total, part + 1));
      for (const [part, text] of words.entries()) {
        const arrival = { sender, text, udh: udh(part), reference: random() < 0.5 ? `${n}/${part}` : undefined };
        parts.push(arrival);
        // A single one without a reference is another text each time.
        if (random() < 0.3 && (total > 1 || arrival.reference !== undefined)) parts.push(arrival);
      }
    }
    for (const arrival of shuffled(parts, random)) await scene.arrivals.receive(arrival);
    await scene.after(61);
    t.deepEqual((await scene.texts()).sort(), whole.sort(), `seed ${seed}`);
  }
});

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((value) => ({ value, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value);
}
