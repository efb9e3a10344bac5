import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import Database from 'better-sqlite3';
import { examineCertificate } from '../../src/doctor/certificates.js';
import { examineClock } from '../../src/doctor/clock.js';
import { examineDataFolder } from '../../src/doctor/data-folder.js';
import { examineServer } from '../../src/doctor/examine-server.js';
import type { HttpCall, HttpCaller, HttpReply } from '../../src/hooks/http-call.js';
import { HookError } from '../../src/hooks/errors.js';
import { checkDatabase } from '../../src/store/check.js';
import { putGateway } from '../../src/store/gateways.js';
import { enqueue } from '../../src/store/messages.js';
import { openSqlite } from '../../src/store/open.js';
import { scratchFolder } from '../scratch-folder.js';

const noon = Date.parse('2026-11-30T12:00:00Z');

function openFolder() {
  const dataDir = scratchFolder();
  return { dataDir, file: join(dataDir, 'easms.db') };
}

function callerOf(answer: (call: HttpCall) => HttpReply): HttpCaller & { asked: string[] } {
  const asked: string[] = [];
  const call = async (given: HttpCall) => {
    asked.push(`${given.method} ${given.url}`);
    return answer(given);
  };
  return { asked, call, close: async () => undefined };
}

function replyAt(date: string | undefined): HttpReply {
  const headers: Record<string, string> = date === undefined ? {} : { date };
  return { status: 404, headers, body: new Uint8Array(), isWhole: true, retryAfterSeconds: undefined };
}

const nobody = callerOf(() => {
  throw new HookError('NOT_CONNECTED');
});

test('what was found of a database counts, though whoever looked is gone before it is heard', async (t) => {
  const { file } = openFolder();
  await (await openSqlite(file)).close();
  for (let look = 0; look < 3; look++) {
    const found = checkDatabase(file, 60_000);
    // Others as long as the first come and go, and nothing is heard meanwhile.
    for (let n = 0; n < 5; n++) spawnSync(process.execPath, ['--eval', "require('better-sqlite3')"]);
    t.like(await found, { freeOctets: 0 });
  }
});

test('a database with a page of rubbish in it is told as damaged, and one of a newer version as that', async (t) => {
  const { dataDir, file } = openFolder();
  const store = await openSqlite(file);
  await store.transact(function* (tx) {
    for (let n = 0; n < 200; n++)
      yield* enqueue(tx, {
        ...{
          id: `m${n}`,
          userId: undefined,
          origin: 'api',
          recipient: '+447700900123',
          text: 'x'.repeat(400),
          parts: 3,
        },
        ...{ sender: undefined, pinnedGateway: undefined, expiresAt: noon, now: noon },
      });
  });
  await store.close();
  const database = new Database(file);
  database.exec("insert into __drizzle_migrations (hash, created_at) values ('of tomorrow', 1)");
  const [page] = database
    .prepare("select rootpage from sqlite_master where name = 'messages_pkey' or name = 'sqlite_autoindex_messages_1'")
    .pluck()
    .all() as number[];
  database.close();
  const newer = await examineDataFolder({ dataDir, waiting: undefined });
  t.like(newer[0], { about: 'database', isWell: true });
  t.regex(newer[1]!.says, /newer version/);
  t.false(newer[1]!.isWell);
  const octets = openSync(file, 'r+');
  writeSync(octets, Buffer.alloc(2_000, 0x5a), 0, 2_000, (page! - 1) * 4096 + 500);
  closeSync(octets);
  const [damaged] = await examineDataFolder({ dataDir, waiting: undefined });
  t.like(damaged, { about: 'database', isWell: false });
  t.regex(damaged!.says, /is damaged|cannot be read/);
});

test('what is in no database, a log that stands still, a log that is gone and files that others may read are told', async (t) => {
  const { dataDir, file } = openFolder();
  const missing = await examineDataFolder({ dataDir, waiting: undefined });
  t.deepEqual(
    missing.filter(({ isWell }) => !isWell).map(({ about }) => about),
    ['database', 'log'],
  );
  const store = await openSqlite(file);
  chmodSync(file, 0o644);
  chmodSync(dataDir, 0o755);
  chmodSync(`${file}-wal`, 0o600);
  chmodSync(`${file}-shm`, 0o600);
  const late = await examineDataFolder({ dataDir, waiting: { octets: 5 << 20, milliseconds: 90_000 } });
  t.deepEqual(
    late.filter(({ isWell }) => !isWell).map(({ about, says }) => `${about} ${says}`),
    [
      'log is 5 MiB before the database, which has taken nothing for 90 s: is the disk full?',
      `files others on this machine may read easms.db: chmod 700 ${dataDir}`,
    ],
  );
  chmodSync(dataDir, 0o700);
  const well = await examineDataFolder({ dataDir, waiting: store.waiting() });
  t.deepEqual(
    well.map(({ about, isWell }) => `${about} ${isWell}`),
    ['database true', 'tables true', 'disk true', 'log true', 'write-ahead log true', 'files true'],
  );
  const [hurried] = await examineDataFolder({ dataDir, waiting: undefined, timeoutMilliseconds: 0 });
  t.regex(hurried!.says, /was not read to its end/);
  await store.close();
});

test('a clock is held against the newest message and against what others say', async (t) => {
  const store = await openSqlite(':memory:');
  const origins = ['https://a.example', 'https://b.example', 'https://c.example', 'https://d.example'];
  const dates: Record<string, string | undefined> = {
    'https://a.example/': 'Mon, 30 Nov 2026 12:00:00 GMT',
    'https://b.example/': 'Mon, 30 Nov 2026 12:03:10 GMT',
    'https://c.example/': 'Mon, 30 Nov 2026 11:59:50 GMT',
    'https://d.example/': undefined,
  };
  const caller = callerOf(({ url }) => replyAt(dates[url]));
  const found = await examineClock({ store, now: () => noon, caller, origins });
  t.deepEqual(found, [
    { about: 'clock', isWell: true, says: 'says 2026-11-30 12:00:00 UTC' },
    { about: 'clock', isWell: true, says: 'is that of a.example' },
    { about: 'clock', isWell: false, says: 'is 3 min behind b.example' },
    { about: 'clock', isWell: true, says: 'is 9 s ahead of c.example' },
  ]);
  t.deepEqual(caller.asked[0], 'HEAD https://a.example/');
  await store.transact((tx) =>
    enqueue(tx, {
      ...{ id: 'm', userId: undefined, origin: 'api', recipient: '+447700900123', text: 'Hi', parts: 1 },
      ...{ sender: undefined, pinnedGateway: undefined, expiresAt: noon * 2, now: noon + 3 * 60 * 60_000 },
    }),
  );
  const [back, ...others] = await examineClock({ store, now: () => noon, caller: nobody, origins });
  t.is(back?.says, 'says 2026-11-30 12:00:00 UTC, and the newest message is 3 h ahead of it: it was set back');
  t.deepEqual([back?.isWell, others], [false, []]);
  await store.close();
});

function pem(name: string): string {
  return readFileSync(new URL(`../../../fixtures/${name}.pem`, import.meta.url), 'utf8');
}

test('a certificate is told by its names and its end, and as bad before, near and after it, or with another key', (t) => {
  const one = { cert: pem('tls/server'), key: pem('tls/server.key') };
  const found = examineCertificate({ about: 'smtp.tls', isOfServer: true, ...one }, noon);
  t.deepEqual(found, { about: 'smtp.tls', isWell: true, says: 'is for localhost, 127.0.0.1, until 2100-10-26' });
  const stranger = { cert: pem('tls/stranger'), key: pem('tls/stranger.key') };
  const bad: [at: string, says: RegExp, identity?: typeof one][] = [
    ['2026-11-20', /begins on 2026-11-23 only$/],
    ['2100-10-17', /ends in 10 days, on 2100-10-26$/],
    ['2100-10-27', /ended on 2100-10-26$/],
    ['2026-11-30', /ended on 2021-01-01$/, { ...one, cert: one.cert + pem('certificates/authority-expired') }],
    ['2026-11-30', /not of the key/, { ...one, key: stranger.key }],
    ['2026-11-30', /no name, signed by itself: nobody/, stranger],
    ['2026-11-30', /no certificate/, { ...one, cert: 'nothing' }],
    ['2026-11-30', /no certificate/, { ...one, key: 'nothing' }],
  ];
  for (const [day, says, identity = one] of bad) {
    const found = examineCertificate({ about: 'smtp.tls', isOfServer: true, ...identity }, Date.parse(day));
    t.false(found.isWell);
    t.regex(found.says, says);
  }
  t.true(examineCertificate({ about: 'gateway own', isOfServer: false, ...stranger }, noon).isWell);
});

test('the certificates of gateways are looked at, and their providers asked for nothing but the time', async (t) => {
  const { dataDir, file } = openFolder();
  const store = await openSqlite(file);
  const [cert, key] = [pem('tls/client'), pem('tls/client.key')];
  const put = (id: string, options: Record<string, unknown>, active = true) =>
    store.transact((tx) => putGateway(tx, { id, type: 'http', active, options, now: noon }));
  await put('own', {
    url: 'https://api.example.com/send?pass=secret&to=%number%',
    clientCertificate: cert,
    clientKey: key,
  });
  await put('any', { url: 'https://%value%/send' });
  await put('off', { url: 'https://off.example.com/' }, false);
  await put('gone', { url: 'https://api.example.com/', clientCertificate: '/nowhere/cert.pem' });
  const caller = callerOf(() => replyAt(undefined));
  const now = () => Date.parse('2100-10-20');
  const found = await examineServer({ store, dataDir, now, caller, identity: () => undefined });
  t.deepEqual(caller.asked, ['HEAD https://api.example.com/']);
  t.regex(found.find(({ about }) => about === 'gateway own, certificate')!.says, /ends in 7 days/);
  t.is(found.find(({ about }) => about === 'gateway gone')?.isWell, false);
  t.false(JSON.stringify(found).includes('secret'));
  await store.close();
});
