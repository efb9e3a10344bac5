// Texts accepted over `/sms/` with full durability, while the dispatcher works: how many come in each second.
//
// The one gateway is slow, as gateways are (a loopback that thinks a second about each text, 20 at a time), so that the
// queue grows and the dispatcher routes what comes. A gateway that carries each text at once takes processor time from
// accepting; that number stands in `whileCarrying`. `atSmsPort` is the same as the figure itself, sent to a port that serves
// `/sms/` alone.

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { EasmsUnderTest, password } from './easms-under-test.js';
import { type Figure, rounded } from './figure.js';
import { startLimit } from './limit-under-test.js';
import type { ProcessUnderTest } from './process-under-test.js';
import { besideLimit, load, type LoadReport, medianRate, thousandths } from './wrk.js';

const connections = 32;
const rounds = 3;
const secondsPerRound = 6;
const warmUpSeconds = 3;
const sender = 'ann@example.com';

const slow = { type: 'loopback', delaySeconds: 1 };
const immediate = { type: 'loopback', delaySeconds: 0 };

export async function accept(): Promise<Figure> {
  const limit = await startLimit('accept');
  const easms = await startWith(slow);
  const own: LoadReport[] = [await texts(easms.process, warmUpSeconds)];
  const atSmsPort: LoadReport[] = [await texts(easms.front, warmUpSeconds)];
  const limits: LoadReport[] = [await texts(limit, warmUpSeconds)];
  for (let round = 0; round < rounds; round++) {
    own.push(await texts(easms.process, secondsPerRound));
    atSmsPort.push(await texts(easms.front, secondsPerRound));
    limits.push(await texts(limit, secondsPerRound));
  }
  await limit.end();
  await easms.process.end();
  checkStored(easms.dataDir, [...own, ...atSmsPort]);
  await easms.end();
  const front = medianRate(atSmsPort.slice(1));
  return {
    figure: 'accept',
    unit: 'texts/s',
    ...besideLimit(medianRate(own.slice(1)), medianRate(limits.slice(1))),
    atSmsPort: rounded(front.perSecond),
    atSmsPortCpuMsPerRequest: thousandths(front.cpuMsPerRequest),
    whileCarrying: rounded(await acceptedWhileCarrying()),
  };
}

async function acceptedWhileCarrying(): Promise<number> {
  const easms = await startWith(immediate);
  await texts(easms.process, warmUpSeconds);
  const { perSecond } = await texts(easms.process, secondsPerRound);
  await easms.end();
  return perSecond;
}

async function startWith(gateway: object): Promise<EasmsUnderTest> {
  const easms = await EasmsUnderTest.start({ hasSmsPort: true });
  await easms.putUser(sender);
  await easms.administer('PUT', '/gateways/loop', gateway);
  return easms;
}

function texts(under: ProcessUnderTest, seconds: number): Promise<LoadReport> {
  return load(under, { connections, seconds, script: 'texts.lua', args: [sender, password] });
}

// Accepted is on disk: every 200 has its row. wrk hangs up on what is under way at the end of each of its runs, so up to
// one more per connection and run may have been accepted without being counted.
function checkStored(dataDir: string, runs: readonly LoadReport[]): void {
  const database = new Database(join(dataDir, 'easms.db'), { readonly: true });
  const stored = database.prepare('select count(*) from messages').pluck().get() as number;
  database.close();
  const answered = runs.reduce((sum, { requests }) => sum + requests, 0);
  if (stored < answered || stored > answered + connections * runs.length)
    throw new Error(`${answered} texts were accepted and ${stored} are stored`);
}
