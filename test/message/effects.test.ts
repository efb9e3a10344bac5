// What rules bring about beside the message: each action with each way in which it may come to nothing, and what a crash leaves.

import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import Database from 'better-sqlite3';
import { eq } from 'drizzle-orm';
import { HookError } from '../../src/hooks/errors.js';
import type { HttpReply } from '../../src/hooks/http-call.js';
import { saveRules } from '../../src/message/rule-list.js';
import type { Action, Rule } from '../../src/rules/rule.js';
import { addEffect } from '../../src/store/effects.js';
import { listItems } from '../../src/store/item-pages.js';
import { FolderType, listFolders } from '../../src/store/mailboxes.js';
import { listMails } from '../../src/store/mails.js';
import { listMessages } from '../../src/store/messages.js';
import { openSqlite } from '../../src/store/open.js';
import { run } from '../../src/store/transaction.js';
import { minute, number, Stage, start } from '../gateway/stage.js';
import { Arrivals } from './arrivals.js';
import { answering, effects, ends, open, save, states, withRule } from './effect-scene.js';
import { scratchFolder } from '../scratch-folder.js';

function program(dir: string, name: string, lines: string): string {
  const path = join(dir, name);
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
  return path;
}

// What is not listed, and what the other side says, and what comes of it. None of them touches the text.
type Failure = [what: string, action: Action, answer: () => Promise<Partial<HttpReply>>, state: string, error: RegExp];
const url = { type: 'execute', kind: 'url', target: 'https://partner.example/hook' } as const;
const webhook = { type: 'webhook', url: 'https://partner.example/hook' } as const;
const failing = (code: 'NOT_CONNECTED' | 'NO_ANSWER' | 'FORBIDDEN_ADDRESS' | 'BAD_CALL') => async () => {
  throw new HookError(code);
};
const failures: Failure[] = [
  ['a URL that is refused', url, answering(404), 'failed', /HTTP 404/],
  ['a URL that leads elsewhere', url, answering(302), 'failed', /HTTP 302/],
  ['a URL of a host that is not listed', url, failing('FORBIDDEN_ADDRESS'), 'failed', /none that rules may reach/],
  ['a URL that is none', url, failing('BAD_CALL'), 'failed', /cannot be written/],
  ['a URL that breaks off', url, failing('NO_ANSWER'), 'unknown', /no complete answer/],
  ['a URL of a server that is busy', url, answering(503), 'waiting', /HTTP 503/],
  ['a URL of a server that is not there', url, failing('NOT_CONNECTED'), 'waiting', /no connection/],
  [
    'a webhook that breaks off, which may be told twice',
    webhook,
    failing('NO_ANSWER'),
    'waiting',
    /no complete answer/,
  ],
  ['a webhook that refuses', webhook, answering(500), 'waiting', /HTTP 500/],
  ['a webhook of a host that is not listed', webhook, failing('FORBIDDEN_ADDRESS'), 'failed', /none that rules may/],
];

for (const [what, action, answer, state, error] of failures)
  test(`${what} is ${state}, and the text is sent all the same`, async (t) => {
    const scene = await open(t, { rules: { allowedUrlHosts: ['partner.example'] } });
    scene.elsewhere.answer = answer;
    const id = await withRule(scene, action);
    await scene.delivery.settle();
    await scene.stage.settle();
    const [end] = await ends(scene);
    t.is(end?.[0], state);
    t.regex(end?.[1] ?? '', error);
    t.is(await scene.stage.state(id), 'sent');
    // What waits is tried again, and given up after a while; what is over is not touched again.
    const { length } = scene.elsewhere.calls;
    scene.stage.now += 30 * minute;
    await scene.delivery.settle();
    t.is(scene.elsewhere.calls.length > length, state === 'waiting');
    scene.stage.now += 31 * minute;
    await scene.delivery.settle();
    t.deepEqual(await states(scene), [state === 'waiting' ? 'failed' : state]);
  });

test('a URL that answers is called once, with the values of the message in it and the list of hosts beside it', async (t) => {
  const scene = await open(t, { rules: { allowedUrlHosts: ['partner.example'] } });
  const target = 'https://partner.example/?number=%%to%%&data=%%body%%';
  await withRule(scene, { type: 'execute', kind: 'url', target });
  await scene.delivery.settle();
  await scene.delivery.settle();
  const [call, ...others] = scene.elsewhere.calls;
  t.deepEqual(others, []);
  t.is(call?.method, 'GET');
  t.is(call?.url, `https://partner.example/?number=${encodeURIComponent(number)}&data=Hello`);
  t.deepEqual(call?.allowedHosts, ['partner.example']);
  t.deepEqual(call?.headers, { 'x-easms-hops': '1' });
  t.deepEqual(await states(scene), ['done']);
});

test('a server that never answers holds up no other kind of effect', async (t) => {
  const scene = await open(t, { rules: { allowedUrlHosts: ['partner.example'] } });
  const pending: ((error: Error) => void)[] = [];
  scene.elsewhere.answer = () => new Promise((_answer, reject) => void pending.push(reject));
  const ada = await scene.stage.addUser('ada@example.com');
  for (let n = 0; n < 30; n++) await withRule(scene, url);
  await withRule(scene, { type: 'copy', to: 'ada@example.com' });
  scene.delivery.start();
  while ((await scene.stage.items(ada, FolderType.Inbox)).length === 0)
    await new Promise((resolve) => setImmediate(resolve));
  t.is(scene.elsewhere.calls.length, 6);
  scene.elsewhere.answer = answering(200);
  for (const reject of pending) reject(new HookError('NO_ANSWER'));
  await scene.delivery.stop();
});

test('a webhook is told of the message under the same id in each attempt', async (t) => {
  const scene = await open(t, { rules: { allowedUrlHosts: ['partner.example'] } });
  scene.elsewhere.answer = answering(503);
  const id = await withRule(scene, webhook);
  await scene.delivery.settle();
  scene.elsewhere.answer = async () => ({});
  scene.stage.now += minute;
  await scene.delivery.settle();
  const bodies = scene.elsewhere.calls.map(({ body }) => JSON.parse(String(body)) as { id: string; message: object });
  t.is(bodies.length, 2);
  t.deepEqual(bodies[0], bodies[1]);
  t.is(bodies[0]?.id, 'rule-effect-1');
  t.like(bodies[0]?.message, { id, to: number, text: 'Hello', direction: 'outgoing' });
  t.deepEqual(await states(scene), ['done']);
});

test('a program that is not listed, not there or not willing is a failure', async (t) => {
  const dir = scratchFolder();
  const unwilling = program(dir, 'unwilling', 'echo "no such customer" >&2; exit 3');
  const scene = await open(t, { rules: { allowedExecutables: [unwilling, '/nowhere/program'] } });
  await withRule(
    scene,
    { type: 'execute', kind: 'program', target: '/bin/true' },
    { type: 'execute', kind: 'program', target: '/nowhere/program' },
    { type: 'execute', kind: 'program', target: unwilling },
  );
  await scene.delivery.settle();
  t.deepEqual(await ends(scene), [
    ['failed', 'the program is none that rules may start'],
    ['failed', 'the program did not start: ENOENT'],
    ['failed', 'the program ended with 3: no such customer'],
  ]);
});

test('values of the message are arguments, whatever is in them', async (t) => {
  const dir = scratchFolder();
  const out = join(dir, 'out');
  const told = program(dir, 'told', `printf '%s|' "$@" > ${out}; env >> ${out}`);
  const scene = await open(t, { rules: { allowedExecutables: [told] } });
  const words = ['%%body%%', '--to=%%to%%'];
  await save(scene, 'outgoing', { type: 'execute', kind: 'program', target: told, arguments: words });
  await scene.stage.submit({ text: '"; rm -rf / # $(reboot) `x`\n' });
  await scene.delivery.settle();
  t.deepEqual(await states(scene), ['done']);
  const written = readFileSync(out, 'utf8');
  t.true(written.startsWith(`"; rm -rf / # $(reboot) \`x\`\n|--to=${number}|`));
  t.notRegex(written, /PATH=\/|HOME=/);
});

test('a statement on a connection that is not listed, not there or not right is a failure', async (t) => {
  const dir = scratchFolder();
  const file = join(dir, 'a.db');
  new Database(file).exec('create table log (number text unique, text text)').close();
  const sqlConnections = [
    { name: 'archive', url: `sqlite:${file}` },
    { name: 'gone', url: `sqlite:${dir}/gone.db` },
  ];
  const scene = await open(t, { rules: { sqlConnections } });
  const insert = 'insert into log values (%%to%%, %%body%%)';
  await withRule(
    scene,
    { type: 'sql', connection: 'archive', statement: insert },
    { type: 'sql', connection: 'nobody', statement: insert },
    { type: 'sql', connection: 'gone', statement: insert },
    { type: 'sql', connection: 'archive', statement: 'insert into nothing values (1)' },
    { type: 'sql', connection: 'archive', statement: "attach '/etc/passwd' as other" },
    { type: 'sql', connection: 'archive', statement: insert },
  );
  await scene.delivery.settle();
  t.deepEqual(await ends(scene), [
    ['done', null],
    ['failed', 'no connection is listed as nobody'],
    ['waiting', 'the database was not reached: the statement was not executed: SQLITE_CANTOPEN'],
    ['failed', 'the database refused the statement: SQLITE_ERROR'],
    ['failed', 'the statement is none that rules may execute: it is not about rows'],
    ['failed', 'the database refused the statement: SQLITE_CONSTRAINT_UNIQUE'],
  ]);
  t.deepEqual(new Database(file).prepare('select * from log').all(), [{ number, text: 'Hello' }]);
});

test('values of the message are bound, never a part of the statement', async (t) => {
  const file = join(scratchFolder(), 'a.db');
  new Database(file).exec('create table log (text text)').close();
  const scene = await open(t, { rules: { sqlConnections: [{ name: 'a', url: `sqlite:${file}` }] } });
  const statement = 'insert into log values (%%body%%)';
  await save(scene, 'outgoing', { type: 'sql', connection: 'a', statement });
  const text = `x'); drop table log; --`;
  await scene.stage.submit({ text });
  await scene.delivery.settle();
  t.deepEqual(new Database(file).prepare('select * from log').all(), [{ text }]);
});

test('mail to nobody is a failure, mail without a relay waits for one', async (t) => {
  const scene = await open(t, { hasRelay: false });
  await scene.stage.addUser('ada@example.com');
  await withRule(scene, { type: 'forward', to: 'nobody@example.com' }, { type: 'copy', to: 'archive@example.net' });
  await scene.delivery.settle();
  t.deepEqual(await states(scene), ['failed', 'waiting']);
  t.deepEqual(await listMails(scene.stage.store), []);
});

test('a text is archived by mail, in a mailbox here and elsewhere, with what rules added', async (t) => {
  const scene = await open(t);
  const ada = await scene.stage.addUser('ada@example.com');
  const rule: Rule = {
    title: 'archive',
    enabled: true,
    conditions: [{ type: 'all' }],
    actions: [
      { type: 'header', mode: 'add', header: 'X-Archived', value: 'sent to %%to%%' },
      { type: 'forward', to: 'ada@example.com, archive@example.net' },
    ],
  };
  await saveRules(scene.stage.services, 'outgoing', [rule]);
  await scene.stage.submit({ user: ada, text: 'Hello' });
  await scene.delivery.settle();
  await scene.delivery.settle();
  const [item, ...others] = await scene.stage.items(ada, FolderType.Inbox);
  t.deepEqual(others, []);
  t.is(item?.class, 'Email');
  t.is(item?.text.trim(), 'Hello');
  t.regex(item?.to ?? '', /sms:\+447700900123/);
  const [mail] = await listMails(scene.stage.store);
  t.deepEqual(mail?.recipients, ['archive@example.net']);
  // No bounce comes back to a rule.
  t.is(mail?.sender, '');
  const octets = mail?.octets.toString() ?? '';
  t.regex(octets, /^X-Archived: sent to \+447700900123\r$/m);
  t.regex(octets, /^Auto-Submitted: auto/m);
  t.regex(octets, /^X-Easms-Hops: 1\r$/m);
});

test('a text that a rule sends goes the one way into the queue, through the rules again', async (t) => {
  const scene = await open(t);
  await withRule(scene, { type: 'send', to: '+447700900555', text: 'A text to %%to%%' });
  // Each text that the rule sends makes it send another one: until there are too many behind it.
  for (let round = 0; round < 100; round++) await scene.delivery.settle();
  const messages = await listMessages(scene.stage.store, { limit: 1000 });
  t.true(messages.length > 1 && messages.length < 30);
  t.is((await states(scene)).at(-1), 'failed');
  t.like(messages.at(-2), { origin: 'rule', recipient: '+447700900555', text: `A text to ${number}` });
});

test('two servers that answer each other over the air come to an end', async (t) => {
  const scene = await open(t, { rules: { textsPerHour: 5 } });
  const arrivals = new Arrivals(scene.stage);
  await save(scene, 'incoming', { type: 'send', to: '%%from%%', text: 'I am away' });
  for (let round = 0; round < 8; round++) {
    await arrivals.receive({ text: 'I am away' });
    await scene.delivery.settle();
  }
  t.is((await listMessages(scene.stage.store, { limit: 100 })).length, 5);
  t.deepEqual((await states(scene)).slice(5), ['failed', 'failed', 'failed']);
  // And begins anew when the hour is over.
  scene.stage.now += 61 * minute;
  await arrivals.receive({ text: 'Hello' });
  await scene.delivery.settle();
  t.is((await listMessages(scene.stage.store, { limit: 100 })).length, 6);
});

test('where nothing can carry it a text of a rule waits', async (t) => {
  const scene = await open(t);
  await scene.stage.addGateway('loop', {}, { active: false });
  const effect = {
    direction: 'incoming',
    messageId: 'm',
    userId: undefined,
    rule: 'r',
    kind: 'text',
    hops: 1,
  } as const;
  const document = { to: number, text: 'Hello', parameters: {} };
  await scene.stage.store.transact((tx) => addEffect(tx, { ...effect, document, target: number, now: start }));
  await scene.delivery.settle();
  t.deepEqual(await states(scene), ['waiting']);
  await scene.stage.addGateway('loop');
  scene.stage.now += minute;
  await scene.delivery.settle();
  t.deepEqual(await states(scene), ['done']);
});

test('an incoming text that is forwarded to nobody lies where it would have lain without the rule', async (t) => {
  const scene = await open(t);
  const arrivals = new Arrivals(scene.stage);
  const ada = await scene.stage.addUser('ada@example.com');
  await arrivals.deliverTo('ada@example.com');
  await save(scene, 'incoming', { type: 'forward', to: 'nobody@example.com, none@example.com' });
  await arrivals.receive({ text: 'Hello' });
  t.deepEqual(await arrivals.texts(ada), []);
  await scene.delivery.settle();
  t.deepEqual(await states(scene), ['failed', 'failed']);
  t.deepEqual(await arrivals.texts(ada), ['Hello']);
});

test('an incoming text that is forwarded to a user stays a text', async (t) => {
  const scene = await open(t);
  const arrivals = new Arrivals(scene.stage);
  const bob = await scene.stage.addUser('bob@example.com');
  await arrivals.deliverTo('ada@example.com');
  await save(scene, 'incoming', { type: 'forward', to: 'bob@example.com' });
  await arrivals.receive({ text: 'Hello' });
  await scene.delivery.settle();
  t.deepEqual(
    (await arrivals.inbox(bob)).map(({ class: c, text }) => [c, text]),
    [['SMS', 'Hello']],
  );
});

test('an outgoing text is laid into the folder that a rule names', async (t) => {
  const scene = await open(t);
  const ada = await scene.stage.addUser('ada@example.com');
  await withRule(
    scene,
    { type: 'move', folder: 'ada@example.com/Archive/Sent' },
    { type: 'move', folder: 'nobody@example.com/Archive' },
    { type: 'move', folder: 'ada@example.com/Outbox' },
  );
  await scene.delivery.settle();
  t.deepEqual(await states(scene), ['done', 'failed', 'failed']);
  const found = (await listFolders(scene.stage.store, ada.id)).find(({ name }) => name === 'Sent')!;
  t.deepEqual(
    (await listItems(scene.stage.store, { folderId: found.id, limit: 10 })).map(({ text }) => text),
    ['Hello'],
  );
});

test('what a crash leaves: what was not begun is done, what may have been done is not done again', async (t) => {
  const file = join(scratchFolder(), 'easms.db');
  const before = new Stage(await openSqlite(file));
  const scene = await open(t, { stage: before, rules: { allowedUrlHosts: ['partner.example'] } });
  scene.elsewhere.answer = () => new Promise(() => undefined);
  await withRule(scene, url, webhook, { type: 'send', to: '+447700900555', text: 'Hello' });
  await saveRules(before.services, 'outgoing', []);
  const { effects: table } = before.store.tables;
  const rows = await before.store.db.select().from(table);
  // The URL and the webhook never answer; the text is in the queue, and its row not yet ended: as if the server died here.
  void scene.delivery.settle();
  while (scene.elsewhere.calls.length < 2) await new Promise((resolve) => setImmediate(resolve));
  while ((await listMessages(before.store, { limit: 9 })).length < 2)
    await new Promise((resolve) => setImmediate(resolve));
  await before.store.transact(function* (tx) {
    for (const { id, document } of rows)
      yield* run(tx.db.update(table).set({ state: 'waiting', dueAt: before.now, document }).where(eq(table.id, id)));
  });
  // As it lies on the disk at this instant.
  const copy = join(scratchFolder(), 'easms.db');
  for (const end of ['', '-wal', '-redo']) if (existsSync(file + end)) copyFileSync(file + end, copy + end);
  copyFileSync(join(file, '../secrets.key'), join(copy, '../secrets.key'));
  const after = new Stage(await openSqlite(copy), { now: start + 10 * minute, firstId: 1000 });
  const again = await open(t, { stage: after, rules: { allowedUrlHosts: ['partner.example'] } });
  await again.delivery.settle();
  t.deepEqual(
    (await effects(again)).map(({ kind, state }) => [kind, state]),
    [
      ['url', 'unknown'],
      ['webhook', 'done'],
      ['text', 'done'],
    ],
  );
  // One, though it was given to the queue twice.
  t.is((await listMessages(after.store, { limit: 10 })).length, 2);
});
