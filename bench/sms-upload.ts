// Texts that phones received and upload, one Add in each Sync: on disk when they are answered.

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { EasmsUnderTest } from './easms-under-test.js';
import { type Figure, rounded } from './figure.js';
import { setUpPhones } from './fleet.js';
import { HttpConnection } from './http-connection.js';
import { startLimit } from './limit-under-test.js';
import { type Phone, textNamed } from './phone.js';
import { type ProcessUnderTest, startProcess } from './process-under-test.js';
import { marker, type Walk, writeWalks } from './replay.js';
import { scratchFolder } from './scratch-folder.js';
import { besideLimitInTurns, load, type LoadReport, medianRate, thousandths } from './wrk.js';

const connections = 16;
const seconds = 4;
const numbersPerRun = 1_000_000;
const text = textNamed(marker.number, { peer: '+447700900123', date: 1_700_000_000_000 });

export async function smsUpload(): Promise<Figure> {
  const easms = await EasmsUnderTest.start();
  const limit = await startLimit('accept');
  const bareParts = await startProcess('./upload-limit.js', [await scratchFolder()]);
  const phones = await setUpUsers(easms);
  const path = join(await scratchFolder(), 'sms-upload');
  const runs: LoadReport[] = [];
  const upload = async () => {
    await writeWalks(path, await beginAnew(easms, phones, runs.length));
    runs.push(await go(easms.process, path));
    return runs.at(-1)!;
  };
  const bareRates: LoadReport[] = [];
  const rates = await besideLimitInTurns(upload, async () => {
    bareRates.push(await go(bareParts, path));
    return go(limit, path);
  });
  await limit.end();
  await bareParts.end();
  await easms.process.end();
  checkStored(easms.dataDir, runs);
  await easms.end();
  const bare = medianRate(bareRates.slice(1));
  return {
    figure: 'sms-upload',
    unit: 'texts/s',
    ...rates,
    barePartsValue: rounded(bare.perSecond),
    ofBareParts: rounded(rates.value / bare.perSecond),
    barePartsCpuMsPerRequest: thousandths(bare.cpuMsPerRequest),
  };
}

/** One phone for each of as many users as connections. */
async function setUpUsers(easms: EasmsUnderTest): Promise<Phone[]> {
  const phones: Phone[] = [];
  for (let user = 0; user < connections; user++) {
    const address = `user${user}@example.com`;
    await easms.putUser(address);
    phones.push(...(await setUpPhones(easms, { address, count: 1 })));
  }
  return phones;
}

async function beginAnew(easms: EasmsUnderTest, phones: readonly Phone[], run: number): Promise<Walk[]> {
  const connection = await HttpConnection.open(easms.process);
  const walks: Walk[] = [];
  for (const [index, phone] of phones.entries()) {
    const syncKey = await phone.syncAll(connection, 'Inbox');
    const request = phone.request('Sync', phone.sync('Inbox', marker.syncKey, { commands: [text] }));
    walks.push({ syncKey, lap: 0, firstNumber: (run * connections + index) * numbersPerRun, request });
  }
  connection.close();
  return walks;
}

function go(under: ProcessUnderTest, path: string): Promise<LoadReport> {
  return load(under, { connections, threads: connections, seconds, script: 'walk.lua', args: [path] });
}

// Accepted is on disk, once: as many rows as answers, and what wrk hung up on at the end of a run.
function checkStored(dataDir: string, runs: readonly LoadReport[]): void {
  const database = new Database(join(dataDir, 'easms.db'), { readonly: true });
  const stored = database.prepare('select count(*) from items where class = ?').pluck().get('SMS') as number;
  const different = database.prepare('select count(distinct text) from items where class = ?').pluck().get('SMS');
  database.close();
  const answered = runs.reduce((sum, { requests }) => sum + requests, 0);
  if (stored < answered || stored > answered + connections * runs.length || different !== stored)
    throw new Error(`${answered} texts were uploaded and ${stored} are stored, ${String(different)} of them different`);
}
