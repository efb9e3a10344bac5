import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import { getGateway, putGateway } from '../../src/store/gateways.js';
import { addEffect, claimEffects, endEffect, listEffects } from '../../src/store/effects.js';
import { enqueue, findMessage, type QueuedMessage } from '../../src/store/messages.js';
import { openOctets } from '../../src/store/push-octets.js';
import { getPushDevice, putPushDevice } from '../../src/store/push-devices.js';
import { openSqlite } from '../../src/store/open.js';
import { getRules, replaceRules } from '../../src/store/rules.js';
import { Secrets } from '../../src/store/secrets.js';
import type { Transaction } from '../../src/store/session.js';
import { defaultSettings } from '../../src/store/settings.js';
import { findWebhook, putWebhook } from '../../src/store/webhooks.js';

const unreadable = { code: 'SECRETS_UNREADABLE' };

function openFolder(t: ExecutionContext) {
  const folder = mkdtempSync(join(tmpdir(), 'easms-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return { file: join(folder, 'easms.db'), keyFile: join(folder, 'secrets.key') };
}

const secret = 'the provider-password of the gateway';
const gateway = {
  ...{ id: 'p', type: 'http' as const, active: true, password: 'pin-of-deliver', webhookSecret: 'hook-secret', now: 1 },
  options: { url: `https://example.com/?key=${encodeURIComponent(secret)}`, clientKey: '-----BEGIN PRIVATE KEY-----' },
} as const;
const webhook = {
  ...{ id: 'w', url: 'https://example.com/hook?token=hook-token', secret: 'signing-secret', active: true, now: 1 },
  ...{ events: ['sent' as const], options: { headers: { authorization: 'Bearer hook-bearer' } } },
};
const pushDevice = {
  ...{
    name: 'd',
    number: '+447700900123',
    imei: null,
    imsi: null,
    client: null,
    active: true,
    protocol: 'san-1.2' as const,
  },
  ...{ serverId: 'easms', password: 'push-password', nonce: 'push-nonce', gateway: null, userId: null },
  ...{ folders: [], options: {}, marks: {}, now: 1 },
};
const ldap = { ...defaultSettings.auth.ldap, searchPassword: 'search-password' };
const rule = {
  ...{ id: 'r', title: 'told', enabled: true, conditions: [] },
  actions: [{ type: 'webhook', url: 'https://example.com/?pass=rule-password' }],
};
const effect = {
  ...{ direction: 'outgoing' as const, messageId: 'm', userId: undefined, rule: 'told', kind: 'url' as const },
  ...{ document: { url: 'https://example.com/?pass=effect-password' }, hops: 0, now: 1 },
};
const claim = { now: 2, limit: 10, except: new Set<number>(), room: new Map([['url' as const, 9]]), dueAgain: () => 2 };
const octets = Buffer.from('<wap-provisioningdoc> … password … PIN').toString('base64');
const push: QueuedMessage = {
  ...{ id: 'push-1', userId: undefined, origin: 'push', recipient: '+447700900123', text: '', parts: 1 },
  ...{ sender: undefined, pinnedGateway: undefined, expiresAt: 9, now: 1, properties: { data: octets, udh: 'BQQ=' } },
};
const plainTexts = [
  octets,
  ...['rule-password', 'effect-password'],
  ...['pin-of-deliver', 'hook-secret', encodeURIComponent(secret), 'BEGIN PRIVATE KEY'],
  ...['hook-token', 'signing-secret', 'hook-bearer', 'search-password', 'push-password', 'push-nonce'],
];

async function fill(file: string): Promise<void> {
  const store = await openSqlite(file);
  await store.transact((tx) => putGateway(tx, gateway));
  await store.transact((tx) => putWebhook(tx, webhook));
  await store.transact((tx) => putPushDevice(tx, pushDevice));
  await store.transact((tx) => replaceRules(tx, 'outgoing', [rule]));
  await store.transact((tx) => addEffect(tx, effect));
  await store.transact((tx) => enqueue(tx, push));
  await store.settings.save(store, { ...defaultSettings, auth: { ...defaultSettings.auth, ldap } });
  await store.close();
}

async function read(file: string) {
  const store = await openSqlite(file);
  const kept = await store.read((session) => getGateway(session, 'p'));
  const hook = await findWebhook(store, 'w');
  const device = await store.read((session) => getPushDevice(session, 'd'));
  const rules = await store.read((session) => getRules(session, 'outgoing'));
  const effects = await store.transact((tx) => claimEffects(tx, claim));
  const message = openOctets(store.secrets, (await findMessage(store, 'push-1'))!);
  const { searchPassword } = store.settings.current.auth.ldap;
  await store.close();
  return {
    password: kept?.password,
    url: kept?.options['url'],
    hook: hook?.url,
    headers: hook?.options,
    searchPassword,
    push: [device?.password, device?.nonce],
    rules,
    effects: effects.map(({ document }) => document),
    properties: message.properties,
  };
}

const whole = {
  ...{ password: 'pin-of-deliver', url: gateway.options.url, hook: webhook.url },
  ...{ headers: webhook.options, searchPassword: 'search-password' },
  push: ['push-password', 'push-nonce'],
  ...{ rules: [rule], effects: [effect.document], properties: push.properties },
};

/** The database as octets, without what lies in a write-ahead log. */
function octetsOf(file: string): string {
  const database = new Database(file);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.exec('VACUUM');
  database.close();
  return readFileSync(file, 'latin1');
}

test('opens nothing that was changed, is of another place, or under a key that is not there', (t) => {
  const secrets = new Secrets([randomBytes(32)]);
  const sealed = secrets.seal('text', 'here');
  t.is(secrets.open(sealed, 'here'), 'text');
  t.throws(() => secrets.open(sealed, 'there'), unreadable);
  t.throws(() => secrets.open(`${sealed.slice(0, -4)}AAAA`, 'here'), unreadable);
  t.throws(() => new Secrets([randomBytes(32)]).open(sealed, 'here'), unreadable);
  t.throws(() => secrets.open(sealed.slice(0, 30), 'here'), unreadable);
  t.is(secrets.open('as an older version wrote it', 'here'), 'as an older version wrote it');
});

test('keeps no secret readable in the database, and the key beside it for the owner alone', async (t) => {
  const { file, keyFile } = openFolder(t);
  await fill(file);
  t.is(statSync(keyFile).mode & 0o777, 0o600);
  const octets = octetsOf(file);
  for (const plain of plainTexts) t.false(octets.includes(plain), plain);
  t.deepEqual(await read(file), whole);
});

test('does not start without the key, and makes no new one in its place', async (t) => {
  const { file, keyFile } = openFolder(t);
  await fill(file);
  copyFileSync(keyFile, `${keyFile}.kept`);
  rmSync(keyFile);
  await t.throwsAsync(openSqlite(file), unreadable);
  t.false(existsSync(keyFile));
  writeFileSync(keyFile, `${randomBytes(32).toString('base64')}\n`);
  await t.throwsAsync(openSqlite(file), unreadable);
  writeFileSync(keyFile, 'no key\n');
  await t.throwsAsync(openSqlite(file), unreadable);
  copyFileSync(`${keyFile}.kept`, keyFile);
  t.deepEqual(await read(file), whole);
});

test('seals what an older version wrote, at the first start', async (t) => {
  const { file } = openFolder(t);
  await (await openSqlite(file)).close();
  const database = new Database(file);
  const options = JSON.stringify(gateway.options);
  database
    .prepare(
      "insert into gateways (id, type, active, password, deliver_to, options, created_at) values ('p', 'http', 1, ?, '[]', ?, 1)",
    )
    .run('pin-of-deliver', options);
  database
    .prepare(
      "insert into webhooks (id, url, events, secret, active, options, created_at) values ('w', ?, '[]', ?, 1, ?, 1)",
    )
    .run(webhook.url, webhook.secret, JSON.stringify(webhook.options));
  database
    .prepare("insert into settings (name, value) values ('server', ?)")
    .run(JSON.stringify({ auth: { ldap: { searchPassword: 'search-password' } } }));
  database
    .prepare(
      "insert into push_devices (name, number, password, nonce, folders, options, marks, created_at) values ('d', '+447700900123', ?, ?, '[]', '{}', '{}', 1)",
    )
    .run(pushDevice.password, pushDevice.nonce);
  database
    .prepare(
      "insert into rules (id, direction, position, title, enabled, conditions, actions) values ('r', 'outgoing', 0, 'told', 1, '[]', ?)",
    )
    .run(JSON.stringify(rule.actions));
  for (const [state, dueAt] of [
    ['waiting', 1],
    ['done', null],
  ])
    database
      .prepare(
        "insert into effects (direction, message_id, rule, kind, document, hops, state, due_at, created_at) values ('outgoing', 'm', 'told', 'url', ?, 0, ?, ?, 1)",
      )
      .run(JSON.stringify(effect.document), state, dueAt);
  database
    .prepare(
      "insert into messages (id, origin, recipient, text, parts, properties, state, due_at, expires_at, created_at) values ('push-1', 'push', '+447700900123', '', 1, ?, 'queued', 1, 9, 1)",
    )
    .run(JSON.stringify(push.properties));
  database.prepare("delete from settings where name = 'sealed'").run();
  database.close();
  t.deepEqual(await read(file), whole);
  const octets = octetsOf(file);
  for (const plain of plainTexts) t.false(octets.includes(plain), plain);
  t.deepEqual(await read(file), whole);
});

test('seals everything anew under a key that is put before the others, which is then needed no more', async (t) => {
  const { file, keyFile } = openFolder(t);
  await fill(file);
  const old = readFileSync(keyFile, 'utf8');
  const newer = `${randomBytes(32).toString('base64')}\n`;
  writeFileSync(keyFile, newer + old);
  t.deepEqual(await read(file), whole);
  writeFileSync(keyFile, newer);
  t.deepEqual(await read(file), whole);
});

test('what is done of a rule leaves nothing of what it needed', async (t) => {
  const { file } = openFolder(t);
  const store = await openSqlite(file);
  await store.transact((tx) => addEffect(tx, effect));
  await store.transact((tx) => addEffect(tx, effect));
  const [first, second] = await store.transact((tx) => claimEffects(tx, claim));
  await store.transact((tx) => endEffect(tx, first!.id, { state: 'done', now: 3 }));
  await store.transact((tx) => endEffect(tx, second!.id, { state: 'failed', error: 'it answered with 404', now: 3 }));
  const left = await listEffects(store, { limit: 10 });
  t.deepEqual(
    left.map(({ state, document }) => [state, Object.keys(document)]),
    [
      ['failed', ['url']],
      ['done', []],
    ],
  );
  await store.close();
});

test('a key that is gone is missed where nothing but a rule, or what it is to do, is sealed', async (t) => {
  for (const write of [
    (tx: Transaction) => replaceRules(tx, 'outgoing', [rule]),
    (tx: Transaction) => addEffect(tx, effect),
  ]) {
    const { file, keyFile } = openFolder(t);
    const store = await openSqlite(file);
    await store.transact(write);
    await store.close();
    rmSync(keyFile);
    await t.throwsAsync(openSqlite(file), unreadable);
    t.false(existsSync(keyFile));
  }
});
