// Syncs that find nothing new, in a folder of 100 texts and in one of 10,000: the rate must not know the difference.

import { join } from 'node:path';
import { EasmsUnderTest } from './easms-under-test.js';
import { type Figure, rounded } from './figure.js';
import { fillInbox, setUpPhones } from './fleet.js';
import { askOnce, inParallel } from './http-connection.js';
import { startLimit } from './limit-under-test.js';
import type { ProcessUnderTest } from './process-under-test.js';
import { writeReplay } from './replay.js';
import { scratchFolder } from './scratch-folder.js';
import { besideLimit, load, type LoadReport, medianRate, type Rate } from './wrk.js';

const connections = 16;
const rounds = 5;
const secondsPerRound = 4;
const warmUpSeconds = 3;

interface Run {
  small: Rate;
  large: Rate;
  limit: Rate;
}

export async function syncIdleSmall(): Promise<Figure> {
  const { small, limit } = await measureOnce();
  return { figure: 'sync-idle-100', unit: 'Syncs/s', ...besideLimit(small, limit) };
}

export async function syncIdleLarge(): Promise<Figure> {
  const { small, large, limit } = await measureOnce();
  const ratioToSmall = rounded(large.perSecond / small.perSecond);
  return { figure: 'sync-idle-10000', unit: 'Syncs/s', ...besideLimit(large, limit), ratioToSmall };
}

let measured: Promise<Run> | undefined;

// Both sizes and the limit in turns, in one run: what disturbs the machine disturbs all three.
function measureOnce(): Promise<Run> {
  measured ??= measure();
  return measured;
}

async function measure(): Promise<Run> {
  const easms = await EasmsUnderTest.start();
  const limit = await startLimit('sync-idle');
  const folder = await scratchFolder();
  const small = await prepare(easms, { folder, texts: 100 });
  const large = await prepare(easms, { folder, texts: 10_000 });
  const all = { small: [] as Rate[], large: [] as Rate[], limit: [] as Rate[] };
  for (const prepared of [small, large]) await syncEmpty(easms.process, prepared, warmUpSeconds);
  await sync(limit, small, warmUpSeconds);
  for (let round = 0; round < rounds; round++) {
    all.small.push(await syncEmpty(easms.process, small, secondsPerRound));
    all.large.push(await syncEmpty(easms.process, large, secondsPerRound));
    all.limit.push(await sync(limit, small, secondsPerRound));
  }
  await limit.end();
  await easms.end();
  return { small: medianRate(all.small), large: medianRate(all.large), limit: medianRate(all.limit) };
}

interface Prepared {
  /** The file of requests, one of each phone. */
  replay: string;
  /** Of an answer that says nothing. */
  answerOctets: number;
}

/** A user with so many texts, and as many phones as connections, none of which has anything left to fetch. */
async function prepare(easms: EasmsUnderTest, { folder, texts }: { folder: string; texts: number }): Promise<Prepared> {
  const address = `with-${texts}@example.com`;
  await fillInbox(easms, { address, texts });
  const phones = await setUpPhones(easms, { address, count: connections });
  const requests: Buffer[] = [];
  await inParallel(phones, { ...easms.process, connections: 4 }, async (own, phone) => {
    requests.push(phone.request('Sync', phone.sync('Inbox', await phone.syncAll(own, 'Inbox'))));
  });
  const replay = join(folder, `${texts}.requests`);
  await writeReplay(replay, requests);
  const { body, octets } = await askOnce(easms, requests[0]!);
  if (body.length > 0) throw new Error('a phone that has everything was told something');
  return { replay, answerOctets: octets };
}

async function syncEmpty(under: ProcessUnderTest, prepared: Prepared, seconds: number): Promise<Rate> {
  const report = await sync(under, prepared, seconds);
  // An answer that says anything is longer by half; what wrk cut off at the end is less than one in a thousand.
  if (Math.abs(report.octets / report.requests / prepared.answerOctets - 1) > 0.01)
    throw new Error('an answer was not empty');
  return report;
}

function sync(under: ProcessUnderTest, { replay }: Prepared, seconds: number): Promise<LoadReport> {
  return load(under, { connections, seconds, script: 'replay.lua', args: [replay] });
}
