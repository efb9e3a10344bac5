// FolderSyncs that find the hierarchy as it was.

import { join } from 'node:path';
import { FolderHierarchy } from '../src/wbxml/airsync/folder-hierarchy.js';
import { decode } from '../src/wbxml/decode.js';
import { text } from '../src/wbxml/element.js';
import { EasmsUnderTest } from './easms-under-test.js';
import type { Figure } from './figure.js';
import { setUpPhones } from './fleet.js';
import { askOnce } from './http-connection.js';
import { startLimit } from './limit-under-test.js';
import type { ProcessUnderTest } from './process-under-test.js';
import { writeReplay } from './replay.js';
import { scratchFolder } from './scratch-folder.js';
import { besideLimitInTurns, load } from './wrk.js';

const connections = 16;
const seconds = 4;
const address = 'ann@example.com';

export async function folderSync(): Promise<Figure> {
  const easms = await EasmsUnderTest.start();
  const limit = await startLimit('sync-idle');
  await easms.putUser(address);
  const phones = await setUpPhones(easms, { address, count: connections });
  // The first FolderSync of each issued key 1.
  const requests = phones.map((phone) => phone.request('FolderSync', phone.folderSync('1')));
  const replay = join(await scratchFolder(), 'folder-sync.requests');
  await writeReplay(replay, requests);
  const { body, octets } = await askOnce(easms, requests[0]!);
  if (text(decode(body), FolderHierarchy.Status) !== '1') throw new Error('FolderSync was refused');
  const ask = (under: ProcessUnderTest) => load(under, { connections, seconds, script: 'replay.lua', args: [replay] });
  const askUnchanged = async () => {
    const report = await ask(easms.process);
    // An answer that names a folder, or refuses the key, has another length.
    if (Math.abs(report.octets / report.requests / octets - 1) > 0.01) throw new Error('an answer told of changes');
    return report;
  };
  const rates = await besideLimitInTurns(askUnchanged, () => ask(limit));
  await limit.end();
  await easms.end();
  return { figure: 'folder-sync', unit: 'FolderSyncs/s', ...rates };
}
