// Syncs that each bring 20 texts: 16 phones walk through a folder of 10,000, each at a SyncKey of its own, and begin anew
// when they have come to its end.

import { join } from 'node:path';
import { AirSync } from '../src/wbxml/airsync/air-sync.js';
import { decode } from '../src/wbxml/decode.js';
import { child, children, type Element } from '../src/wbxml/element.js';
import { EasmsUnderTest } from './easms-under-test.js';
import type { Figure } from './figure.js';
import { fillInbox, setUpPhones } from './fleet.js';
import { askOnce, HttpConnection } from './http-connection.js';
import { startLimit } from './limit-under-test.js';
import { type Phone, syncKeyIn } from './phone.js';
import type { ProcessUnderTest } from './process-under-test.js';
import { marker, type Walk, writeWalks } from './replay.js';
import { scratchFolder } from './scratch-folder.js';
import { besideLimitInTurns, load, type LoadReport } from './wrk.js';

const connections = 16;
const seconds = 4;
const address = 'ann@example.com';
const texts = 10_000;
const windowSize = 20;

export async function sync20(): Promise<Figure> {
  const easms = await EasmsUnderTest.start();
  const limit = await startLimit('sync-20');
  await fillInbox(easms, { address, texts });
  const phones = await setUpPhones(easms, { address, count: connections });
  const path = join(await scratchFolder(), 'sync-20');
  const answerOctets = await sizeOfAnswer(easms, phones[0]!);
  const walk = async () => {
    await writeWalks(path, await beginAnew(easms, phones));
    const report = await go(easms.process, path);
    // One answer in 501 is that to key 0, and numbers of one digit are shorter than those of four.
    if (report.octets / report.requests < 0.95 * answerOctets) throw new Error('an answer brought less than 20 texts');
    return report;
  };
  const rates = await besideLimitInTurns(walk, () => go(limit, path));
  await limit.end();
  await easms.end();
  return { figure: 'sync-20', unit: 'Syncs/s', ...rates };
}

function go(under: ProcessUnderTest, path: string): Promise<LoadReport> {
  return load(under, { connections, threads: connections, seconds, script: 'walk.lua', args: [path] });
}

async function beginAnew(easms: EasmsUnderTest, phones: readonly Phone[]): Promise<Walk[]> {
  const connection = await HttpConnection.open(easms.process);
  const walks: Walk[] = [];
  for (const phone of phones) {
    const first = await phone.post(connection, 'Sync', page(phone, '0'));
    const request = phone.request('Sync', page(phone, marker.syncKey));
    walks.push({ syncKey: syncKeyIn(first!), lap: texts / windowSize, firstNumber: 0, request });
  }
  connection.close();
  return walks;
}

async function sizeOfAnswer(easms: EasmsUnderTest, phone: Phone): Promise<number> {
  const ask = (syncKey: string) => askOnce(easms, phone.request('Sync', page(phone, syncKey)));
  const { body, octets } = await ask(syncKeyIn(decode((await ask('0')).body)));
  const added = addsIn(decode(body)).length;
  if (added !== windowSize) throw new Error(`an answer brought ${added} texts`);
  return octets;
}

function addsIn(answer: Element): readonly Element[] {
  const collection = child(child(answer, AirSync.Collections)!, AirSync.Collection)!;
  return children(child(collection, AirSync.Commands)!, AirSync.Add);
}

function page(phone: Phone, syncKey: string): Element {
  return phone.sync('Inbox', syncKey, { windowSize });
}
