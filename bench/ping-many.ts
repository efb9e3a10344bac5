// 15,000 phones that hang in Ping while others go on working: how long those wait for their answers, how soon all of the
// phones hear of a text for every mailbox, and how soon nothing is held any more when they hang up.

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Ping } from '../src/wbxml/airsync/ping.js';
import { decode } from '../src/wbxml/decode.js';
import { text } from '../src/wbxml/element.js';
import { EasmsUnderTest } from './easms-under-test.js';
import { type Figure, quantile, rounded } from './figure.js';
import { fillInbox, setUpFleet, setUpPhones } from './fleet.js';
import { checkDescriptors, Holder } from './holder-process.js';
import { HttpConnection, inParallel } from './http-connection.js';
import { Phone, receivedText } from './phone.js';
import { writeReplay } from './replay.js';
import { scratchFolder } from './scratch-folder.js';

const users = 500;
const phonesPerUser = 30;
const count = users * phonesPerUser;
const heartbeatSeconds = 3540;
const besideThem = { perSecond: 500, seconds: 20, connections: 16, warmUpSeconds: 3 };
const writers = 32;
const pollMilliseconds = 20;

export async function pingMany(): Promise<Figure> {
  checkDescriptors(count + 500);
  const easms = await EasmsUnderTest.start();
  const holder = new Holder();
  try {
    return await measure(easms, holder);
  } finally {
    holder.end();
    await easms.end();
  }
}

async function measure(easms: EasmsUnderTest, holder: Holder): Promise<Figure> {
  const phones = await setUpFleet(easms, { users, phonesPerUser });
  const idle = await prepareIdle(easms);
  const uploads = await prepareUploads(easms);
  const file = join(await scratchFolder(), 'pings.requests');
  await writeReplay(
    file,
    phones.map((phone) => phone.request('Ping', phone.ping(heartbeatSeconds))),
  );
  const holdAll = async () => {
    await holder.hold({ file, ...easms.process });
    while ((await easms.held()) < count) await pause(pollMilliseconds);
  };

  await holdAll();
  await syncSteadily(easms, idle, besideThem.warmUpSeconds);
  const milliseconds = await syncSteadily(easms, idle, besideThem.seconds);
  const releaseMilliseconds = await releaseAll(easms, holder);
  await holdAll();
  const wakeMilliseconds = await wakeAll(easms, holder, uploads);
  return {
    figure: 'ping-many',
    value: rounded(quantile(milliseconds, 0.99)),
    unit: 'ms (p99 of other requests)',
    p50: rounded(quantile(milliseconds, 0.5)),
    wakeMilliseconds: rounded(wakeMilliseconds),
    releaseMilliseconds: rounded(releaseMilliseconds),
    held: count,
  };
}

/** Syncs of phones that have everything. */
async function prepareIdle(easms: EasmsUnderTest): Promise<Buffer[]> {
  const address = 'idle@example.com';
  await fillInbox(easms, { address, texts: 100 });
  const requests: Buffer[] = [];
  const phones = await setUpPhones(easms, { address, count: besideThem.connections });
  await inParallel(phones, { ...easms.process, connections: 4 }, async (connection, phone) => {
    requests.push(phone.request('Sync', phone.sync('Inbox', await phone.syncAll(connection, 'Inbox'))));
  });
  return requests;
}

/** One upload for each mailbox, by a phone that does not hang in Ping. */
async function prepareUploads(easms: EasmsUnderTest): Promise<Buffer[]> {
  const uploads: Buffer[] = [];
  const phones = Array.from({ length: users }, (_, user) => new Phone(`user${user}@example.com`, 'WRITER'));
  await inParallel(phones, { ...easms.process, connections: writers }, async (connection, phone) => {
    await phone.setUp(connection);
    const syncKey = await phone.syncAll(connection, 'Inbox');
    uploads.push(phone.request('Sync', phone.sync('Inbox', syncKey, { commands: [receivedText(uploads.length)] })));
  });
  return uploads;
}

// Each request is due at its instant, whether those before it are answered or not; what it waits for its connection
// counts. Otherwise a server that stands still would be asked less, and look better for it.
async function syncSteadily(easms: EasmsUnderTest, requests: readonly Buffer[], seconds: number): Promise<number[]> {
  const milliseconds: number[] = [];
  const start = performance.now();
  await Promise.all(
    requests.map(async (request, index) => {
      const connection = await HttpConnection.open(easms.process);
      for (let n = index; n < seconds * besideThem.perSecond; n += requests.length) {
        const due = start + (n * 1000) / besideThem.perSecond;
        const early = due - performance.now();
        if (early > 0) await pause(early);
        const { status, body } = await connection.exchange(request);
        milliseconds.push(performance.now() - due);
        if (status !== 200 || body.length > 0) throw new Error('an idle Sync was told something');
      }
      connection.close();
    }),
  );
  return milliseconds;
}

/** From the moment the last phone has hung up. */
async function releaseAll(easms: EasmsUnderTest, holder: Holder): Promise<number> {
  const hungUpAt = await holder.hangUp();
  while ((await easms.held()) > 0) await pause(pollMilliseconds);
  return performance.timeOrigin + performance.now() - hungUpAt;
}

/** From the first upload until the last of all phones has its answer. */
async function wakeAll(easms: EasmsUnderTest, holder: Holder, uploads: readonly Buffer[]): Promise<number> {
  const start = performance.timeOrigin + performance.now();
  await inParallel(uploads, { ...easms.process, connections: writers }, async (connection, upload) => {
    const { status } = await connection.exchange(upload);
    if (status !== 200) throw new Error(`an upload was answered ${status}`);
  });
  const { at, bodies } = await holder.answered!;
  const isWoken = (body: string) => body !== '' && text(decode(Buffer.from(body, 'hex')), Ping.Status) === '2';
  if (!bodies.every(isWoken)) throw new Error('a Ping ended without changes');
  await holder.hangUp();
  if ((await easms.held()) > 0) throw new Error('something is held that was answered');
  return at - start;
}
