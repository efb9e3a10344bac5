// The conversation of a mail client, told once as it should go, and then again and again with answers lost: one of them,
// one twice in a row, many, and all of them together with the memory of a server that is killed each time. The client
// says the same again. Whatever was lost, client and store end as if nothing had been.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type Loss, MailClient } from './mail-client.js';
import { arrive, converse, furnish } from './mail-conversation.js';
import { type MailEnd, readMailEnd } from './mail-end.js';
import { type Bench, openBench } from './talking-device.js';

/** What becomes of the answer to the request of this number. */
type LossOf = (request: number, bench: Bench) => Loss | undefined;

interface Told {
  end: MailEnd;
  requests: number;
}

/** Another mail comes in between a lost answer and its repetition; where nothing is lost, before the end. */
const meanwhile = 'meanwhile';

async function tell(version: string, lossOf: LossOf, file?: string): Promise<Told> {
  const bench = await openBench({ hasRelay: true, ...(file ? { file } : {}) });
  await furnish(bench);
  let isOver = false;
  const client = new MailClient(bench, { version, lossOf: (n) => (isOver ? undefined : lossOf(n, bench)) });
  await converse({ bench, client });
  const requests = client.asked;
  isOver = true;
  await arriveOnce(bench);
  for (let round = 0; round < 2; round++) await client.syncAll([...client.keys.keys()]);
  await client.refresh();
  const end = await readMailEnd(bench, client);
  await bench.close();
  return { end, requests };
}

async function arriveOnce(bench: Bench): Promise<void> {
  const items = await bench.store.db.select().from(bench.store.tables.items);
  if (items.every(({ subject }) => subject !== meanwhile)) await arrive(bench, meanwhile);
}

const versions = ['12.1', '14.1', '16.1'] as const;
const straight = new Map(versions.map((version) => [version, tell(version, () => undefined)]));
const newest = straight.get('16.1')!;
const { requests } = await newest;

for (const version of versions)
  test(`${version}: without losses the client has what the store has`, async (t) => {
    const { end } = await straight.get(version)!;
    t.deepEqual(end.faults, []);
    t.deepEqual(end.messages, [
      ...(version === '16.1' ? ['+447700900111 a text in a draft'] : []),
      '+447700900456 to a number!',
      '+447700900456 to all of them!',
      '+447700900789 an answer!',
    ]);
    t.deepEqual(end.mails, [
      ...(version === '16.1' ? ['carl@elsewhere.test a plan'] : []),
      'carl@elsewhere.test to all of them',
    ]);
  });

for (let at = 0; at < requests; at++)
  test(`losing the answer to request ${at + 1} changes nothing`, async (t) => {
    const { end } = await tell('16.1', (n) => (n === at ? { times: 1 } : undefined));
    t.deepEqual(end, (await newest).end);
  });

const stride = 5;

for (const version of versions)
  for (let first = 0; first < stride; first++) {
    test(`${version}: losing every fifth answer twice, from the ${first + 1}th on, while a mail comes in changes nothing`, async (t) => {
      const loss = (bench: Bench) => ({ times: 2, meanwhile: () => arriveOnce(bench) });
      const { end } = await tell(version, (n, bench) => (n % stride === first ? loss(bench) : undefined));
      t.deepEqual(end, (await straight.get(version)!).end);
    });

    test(`${version}: losing every fifth answer, from the ${first + 1}th on, and then saying more changes nothing`, async (t) => {
      const { end } = await tell(version, (n) => (n % stride === first ? { times: 1, saysMore: true } : undefined));
      t.deepEqual(end, (await straight.get(version)!).end);
    });
  }

for (const version of versions)
  test(`${version}: a server that is killed after each commit, before it answers, changes nothing`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'easms-lost-'));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const killed: LossOf = (_, bench) => ({ times: 1, meanwhile: () => bench.restart() });
    const { end } = await tell(version, killed, join(folder, 'easms.db'));
    t.deepEqual(end, (await straight.get(version)!).end);
  });
