// 5,000 phones that hang in Ping: what each costs in memory, and how soon one of them hears of a new text.

import { setTimeout as pause } from 'node:timers/promises';
import { Ping } from '../src/wbxml/airsync/ping.js';
import { decode } from '../src/wbxml/decode.js';
import { text } from '../src/wbxml/element.js';
import { EasmsUnderTest } from './easms-under-test.js';
import { type Figure, quantile, rounded } from './figure.js';
import { setUpFleet } from './fleet.js';
import { HttpConnection } from './http-connection.js';
import { Phone, receivedText, syncKeyIn } from './phone.js';
import type { Usage } from './meter.js';

const users = 500;
const phonesPerUser = 10;
const warmUpPhones = 500;
const wakes = 300;
const heartbeatSeconds = 3540;
const settlingMilliseconds = 20;

interface Held {
  easms: EasmsUnderTest;
  count: number;
  before: Usage;
  after: Usage;
}

export async function pingRss(): Promise<Figure> {
  const { count, before, after } = await holdOnce();
  const kibPer = (octets: number) => rounded(octets / 1024 / count);
  return {
    figure: 'ping-rss',
    value: kibPer(after.rssOctets - before.rssOctets),
    unit: 'KiB',
    heapValue: kibPer(after.heapOctets - before.heapOctets),
    held: count,
  };
}

let holding: Promise<Held> | undefined;

/** One run holds for both figures; the server ends with the bench. */
function holdOnce(): Promise<Held> {
  holding ??= hold();
  return holding;
}

async function hold(): Promise<Held> {
  const easms = await EasmsUnderTest.start();
  const phones = await setUpFleet(easms, { users, phonesPerUser });
  // What setting up left in the heap would hide what a Ping costs.
  await easms.restart();
  await warmUp(easms, phones.slice(0, warmUpPhones));
  const before = await easms.process.usageAfterCollection();
  await holdAll(easms, phones);
  const after = await easms.process.usageAfterCollection();
  return { easms, count: phones.length, before, after };
}

/** The same requests once, so that code, caches and connections are not counted as the cost of a Ping. */
async function warmUp(easms: EasmsUnderTest, phones: readonly Phone[]): Promise<void> {
  const connections = await holdAll(easms, phones);
  for (const connection of connections) connection.close();
  while ((await easms.held()) > 0) await pause(settlingMilliseconds);
}

async function holdAll(easms: EasmsUnderTest, phones: readonly Phone[]): Promise<HttpConnection[]> {
  const { host, port } = easms.process;
  const connections: HttpConnection[] = [];
  for (const phone of phones) {
    const connection = await HttpConnection.open({ host, port });
    connections.push(connection);
    // Answered only when the bench is over.
    connection.exchange(phone.request('Ping', phone.ping(heartbeatSeconds))).catch(() => {});
  }
  while ((await easms.held()) < phones.length) await pause(settlingMilliseconds);
  return connections;
}

/**
 * The clock runs from the moment another phone of the user sends the new text until the woken phone has its answer, so
 * the commit and all before it are in the number.
 */
export async function pingWake(): Promise<Figure> {
  const { easms, count } = await holdOnce();
  const { host, port } = easms.process;
  const address = 'woken@example.com';
  await easms.putUser(address);
  const sleeper = { phone: new Phone(address, 'SLEEPER'), connection: await HttpConnection.open({ host, port }) };
  const writer = { phone: new Phone(address, 'WRITER'), connection: await HttpConnection.open({ host, port }) };
  for (const { phone, connection } of [sleeper, writer]) await phone.setUp(connection);
  let writerKey = await writer.phone.syncAll(writer.connection, 'Inbox');
  let sleeperKey = await sleeper.phone.syncAll(sleeper.connection, 'Inbox');
  await sleeper.phone.syncAll(sleeper.connection, 'Outbox');
  const milliseconds: number[] = [];
  for (let wake = 0; wake < wakes; wake++) {
    const woken = sleeper.connection.exchange(sleeper.phone.request('Ping', sleeper.phone.ping(heartbeatSeconds)));
    await pause(settlingMilliseconds);
    const addition = writer.phone.sync('Inbox', writerKey, { commands: [receivedText(wake)] });
    const start = performance.now();
    const answered = writer.phone.post(writer.connection, 'Sync', addition);
    const { body } = await woken;
    milliseconds.push(performance.now() - start);
    if (text(decode(body), Ping.Status) !== '2') throw new Error('a Ping ended without changes');
    writerKey = syncKeyIn((await answered)!);
    const fetched = await sleeper.phone.post(sleeper.connection, 'Sync', sleeper.phone.sync('Inbox', sleeperKey));
    sleeperKey = syncKeyIn(fetched!);
  }
  return {
    figure: 'ping-wake',
    value: rounded(quantile(milliseconds, 0.99)),
    unit: 'ms (p99)',
    p50: rounded(quantile(milliseconds, 0.5)),
    wakes,
    held: count,
  };
}
