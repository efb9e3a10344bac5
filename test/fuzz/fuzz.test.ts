// A short run of the fuzz, and proof that its checks can fail.

import type { Database } from 'better-sqlite3';
import test, { type ExecutionContext } from 'ava';
import { fuzzDevices, makeCase } from './cases.js';
import { checkStore } from './invariants.js';
import { complaint, fuzz, FuzzFailure } from './run.js';
import { checkState, closeSetting, happen, openSetting, type Setting } from './setting.js';

const once = { serverEvery: 10_000, checkEvery: 500 };

test('an answer of 500, of octets that are no document, or of another command is a failure', (t) => {
  const of = { ...makeCase(1, 1), command: 'Sync', query: 'Cmd=Sync&DeviceId=1', version: '14.1' };
  const type = { 'content-type': 'application/vnd.ms-sync.wbxml' };
  const pingAnswer = Buffer.from('03016a00000d4547033100 01 01'.replaceAll(' ', ''), 'hex');
  t.is(complaint({ status: 500, headers: {}, octets: Buffer.alloc(0) }, of), 'answered 500');
  t.regex(complaint({ status: 200, headers: type, octets: Buffer.from('0301', 'hex') }, of)!, /no document/);
  t.is(complaint({ status: 200, headers: type, octets: pingAnswer }, of), 'the answer is a Ping');
  t.is(complaint({ status: 200, headers: type, octets: pingAnswer }, { ...of, query: 'Cmd=Ping' }), undefined);
  for (const status of [200, 400, 449, 501, 503])
    t.is(complaint({ status, headers: {}, octets: Buffer.alloc(0) }, of), undefined);
});

async function opened(t: ExecutionContext): Promise<Setting> {
  const setting = await openSetting();
  t.teardown(() => closeSetting(setting));
  return setting;
}

const damages: Readonly<Record<string, string>> = {
  'an item lies in a folder': 'update items set folder_id = 999',
  'an item entered before': 'update items set entered_sequence = sequence + 1',
  'no two changes': 'update items set sequence = 6, entered_sequence = 6',
  "a folder's item sequence": 'update folders set item_sequence = 0',
  'the hierarchy sequence': 'update mailboxes set hierarchy_sequence = 0',
  'a folder lies in a folder': 'update folders set parent_id = 999',
  'an item that came back': `insert into tombstones (folder_id, sequence, item_id, class, entered_sequence)
    select folder_id, sequence, id, class, entered_sequence from items`,
  'a text is one item': "update items set message_id = 'one'",
  'what is offered is': 'update items set offered_to = 1',
  'a device syncs folders': 'update collections set folder_id = folder_id + 5',
  'no device has read on': `update collections set marks = json_set(marks, '$.SMS.entered', 1000)`,
  'a collection counts': 'update collections set sync_key = 0',
  'an item knows': `pragma foreign_keys = off;
    insert into attachments (item_id, name, content_type, size, octets) values (999, '', '', 0, x'')`,
};

for (const [named, damage] of Object.entries(damages))
  test(`damage of the store is seen: ${named} …`, async (t) => {
    const setting = await opened(t);
    t.deepEqual(checkStore(setting.bench.store), []);
    run(setting, damage);
    t.true(
      checkStore(setting.bench.store).some((sentence) => sentence.startsWith(named)),
      checkStore(setting.bench.store).join(),
    );
  });

test('what happens to another user, and an item that a fresh device is not given, is seen', async (t) => {
  const setting = await opened(t);
  await happen(setting, 1);
  t.deepEqual(await checkState(setting), []);
  run(setting, `update items set read = 1 where user_id = ${setting.ben.id}`);
  run(setting, `update items set fetched_at = 1 where id = 1`);
  const wrong = await checkState(setting);
  t.is(wrong.length, 2);
  t.regex(wrong.join(), /another user.*a fresh device got 2 of 3 items/);
});

function run({ bench }: Setting, statements: string): void {
  (bench.store.db as unknown as { $client: Database }).$client.exec(statements);
  bench.store.recent.clear();
}

test('the same seed and number make the same case, whatever came before', async (t) => {
  const known = { policyKey: '1', hierarchyKey: '1', syncKeys: new Map([['1', '3']]), folder: '1', item: '1:1' };
  const cases = (seed: number) =>
    Array.from({ length: 200 }, (_, number) => {
      const { octets, draw, ...rest } = makeCase(seed, number);
      return { ...rest, draws: [draw(), draw()], octets: Buffer.from(octets(known)).toString('hex') };
    });
  t.deepEqual(cases(5), cases(5));
  t.notDeepEqual(cases(5), cases(6));
  t.is(new Set(cases(5).map(({ deviceId }) => deviceId)).size, fuzzDevices.length);
});

test('a failure says how to have it again', (t) => {
  const failure = new FuzzFailure('answered 500', {
    seed: 3,
    number: 17,
    of: makeCase(3, 17),
    octets: Buffer.from('03'),
  });
  t.regex(failure.message, /case 17 of seed 3/);
  t.regex(failure.message, /npm run fuzz -- --seed 3 --only 17$/m);
  t.regex(failure.message, /^request: 3033$/m);
});

test('1,500 changed requests are answered in time and in form, and leave the state whole', async (t) => {
  t.timeout(180_000);
  const { cases, checks, outcomes } = await fuzz({ ...once, seed: 1, first: 0, cases: 1500 });
  t.is(cases, 1500);
  t.is(checks, 3);
  t.true(outcomes['200']! > 1000);
  t.true(outcomes['400']! > 10);
});
