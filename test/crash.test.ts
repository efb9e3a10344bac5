// The server killed with SIGKILL in the midst of its work, again and again on the same data: what it accepted is there,
// and each text left once or is known as one that may have left. A limit holds to the exact part meanwhile.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { seeded } from './random.js';
import {
  frontOf,
  type ServerProcess,
  settled,
  startProcess,
  stored,
  type StoredMessage,
  submit,
} from './server-process.js';

const kills = 20;
const connections = 8;
const sender = { user: 'ann@example.com', pass: 'a long enough secret' };

test('20 SIGKILLs during submissions lose no accepted text and send none twice', async (t) => {
  t.timeout(180_000);
  const stage = openStage(t);
  const random = seeded(20);
  for (let life = 0; life <= kills; life++) {
    const server = await startProcess(stage.dataDir, { hasSmsPort: true });
    if (life === 0) await furnish(server);
    else checkKept(t, stage, await stored(server));
    if (life === kills) return checkEnd(t, stage, server);
    const fatal = { at: 1 + Math.floor(random() * 60), when: random() < 0.5 ? 'asked' : 'accepted' } as const;
    await submitUntilKilled(server, { stage, life, fatal });
  }
});

test('50 senders at once over HTTP, killed and started again, use a limit up to the exact part', async (t) => {
  t.timeout(180_000);
  const { dataDir } = openStage(t);
  const random = seeded(50);
  const crowd: Crowd = { acceptedParts: 0, strange: [] };
  for (let kill = 0; kill < 2; kill++) {
    const server = await startProcess(dataDir, { hasSmsPort: true });
    if (kill === 0) await furnishAccount(server);
    await sendAll(server, crowd, 20 + Math.floor(random() * 40));
    t.true(crowd.acceptedParts < limit, 'the limit is reached only when nobody is killed any more');
  }
  const server = await startProcess(dataDir, { hasSmsPort: true });
  t.teardown(() => server.kill());
  await sendAll(server, crowd);
  t.deepEqual(crowd.strange, []);
  const messages = await settled(server);
  const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
  t.is(sum(messages.map(({ parts }) => parts)), limit, 'stored, to the exact part');
  t.true(crowd.acceptedParts <= limit && crowd.acceptedParts > limit / 2);
  const { sentThisMonth } = await server.api<Counted>('GET', '/sms-accounts/alerts');
  t.is(sentThisMonth, limit, 'counted for the account');
  const users = (await server.list<Counted>('/users')).map((user) => user.sentThisMonth);
  const ofMembers = messages.filter(({ from }) => from !== null);
  t.true(ofMembers.length > 0 && ofMembers.length < messages.length);
  t.is(sum(users), sum(ofMembers.map(({ parts }) => parts)), 'and for each member');
  t.is(await server.stop(), 0);
});

const limit = 400;
const members = 10;

interface Counted {
  sentThisMonth: number;
}

interface Crowd {
  acceptedParts: number;
  /** Answers that were neither OK nor that the limit is reached. */
  strange: string[];
}

async function furnishAccount(server: ServerProcess): Promise<void> {
  await server.api('PUT', '/gateways/loop', { type: 'loopback', delaySeconds: 0.01 });
  const names = Array.from({ length: members }, (_, n) => memberName(n));
  for (const name of names) await server.api('PUT', `/users/${name}`, {});
  const account = { password: sender.pass, monthlyLimit: limit, members: names };
  await server.api('PUT', '/sms-accounts/alerts', account);
}

function memberName(n: number): string {
  return `member-${n}@example.com`;
}

/** Texts of one to three parts, each sender until the month has too few parts for its own or the server is gone. */
async function sendAll(server: ServerProcess, crowd: Crowd, killAfter = Infinity): Promise<void> {
  let accepted = 0;
  let dying: Promise<void> | undefined;
  const send = async (n: number): Promise<void> => {
    // The account by its own name, and members who share its password.
    const who = { user: n % 2 === 0 ? 'alerts' : memberName(n % members), pass: sender.pass };
    const parts = 1 + (n % 3);
    for (;;) {
      const answer = await submit(frontOf(server, Math.floor(n / 2)), who, 'x'.repeat(parts === 1 ? 10 : parts * 150));
      if (answer === undefined || answer.startsWith('ERROR monthly-limit-reached')) return;
      if (!answer.startsWith('OK ')) return void crowd.strange.push(answer);
      crowd.acceptedParts += parts;
      if (++accepted === killAfter) dying = server.kill();
    }
  };
  await Promise.all(Array.from({ length: 50 }, (_, n) => send(n)));
  await dying;
}

interface Stage {
  dataDir: string;
  /** Texts of the messages that were answered with OK, by their ids. */
  accepted: Map<string, string>;
  /** Answers that were neither OK nor cut off. */
  strange: string[];
}

function openStage(t: ExecutionContext): Stage {
  const dataDir = mkdtempSync(join(tmpdir(), 'easms-crash-'));
  t.teardown(() => rmSync(dataDir, { recursive: true, force: true }));
  return { dataDir, accepted: new Map(), strange: [] };
}

async function furnish(server: ServerProcess): Promise<void> {
  await server.api('PUT', `/users/${sender.user}`, { password: sender.pass });
  await server.api('PUT', '/gateways/loop', { type: 'loopback', delaySeconds: 0.01, journal: true });
}

interface Life {
  stage: Stage;
  life: number;
  /** The server dies when it is asked, or has answered OK, for this time. */
  fatal: { at: number; when: 'asked' | 'accepted' };
}

/** Submits from several connections at once until the server is gone. */
async function submitUntilKilled(server: ServerProcess, { stage, life, fatal }: Life): Promise<void> {
  const count = { asked: 0, accepted: 0 };
  let dying: Promise<void> | undefined;
  const happened = (what: 'asked' | 'accepted'): void => {
    if (++count[what] === fatal.at && what === fatal.when) dying = server.kill();
  };
  const submitter = async (connection: number): Promise<void> => {
    for (let n = 0; ; n++) {
      const text = `text ${life}.${connection}.${n}`;
      const answering = submit(frontOf(server, connection), sender, text);
      happened('asked');
      const answer = await answering;
      if (answer === undefined) return;
      if (!answer.startsWith('OK ')) stage.strange.push(answer);
      else stage.accepted.set(answer.slice(3), text);
      happened('accepted');
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, connection) => submitter(connection)));
  await dying;
}

function checkKept(t: ExecutionContext, { accepted, strange }: Stage, messages: readonly StoredMessage[]): void {
  const texts = new Map(messages.map(({ id, text }) => [id, text]));
  const lost = [...accepted].filter(([id, text]) => texts.get(id) !== text);
  t.deepEqual(lost, [], 'accepted, and not in the store as it was accepted');
  t.deepEqual(strange, []);
}

/** The last server sends what is left; then the store, the gateway's journal and the mailbox tell the same story. */
async function checkEnd(t: ExecutionContext, stage: Stage, server: ServerProcess): Promise<void> {
  const messages = await settled(server);
  checkKept(t, stage, messages);
  const mailbox = `/users/${sender.user}/messages`;
  const [sentItems, inbox] = [await itemsIn(server, mailbox, 'sent'), await itemsIn(server, mailbox, 'inbox')];
  const { sentThisMonth } = await server.api<{ sentThisMonth: number }>('GET', `/users/${sender.user}`);
  t.is(sentThisMonth, messages.length, 'each part is counted once, over all kills');
  t.is(await server.stop(), 0);

  const left = countBy(journalOf(stage));
  const inSentItems = countBy(sentItems.map(({ text }) => text));
  const wrong = messages.filter(({ id, state, text, attempts }) => {
    const letters = inbox.filter((letter) => letter.text.includes(`\n${text}\n`)).length;
    const times = left.get(id) ?? 0;
    const copies = inSentItems.get(text) ?? 0;
    if (attempts.length !== 1) return true;
    if (state === 'sent') return times !== 1 || copies !== 1 || letters !== 0;
    return state !== 'unknown' || times > 1 || copies !== 0 || letters !== 1;
  });
  t.deepEqual(wrong, [], 'sent, and not once; or unknown, and not told once');
  const unstored = [...left.keys()].filter((id) => !messages.some((message) => message.id === id));
  t.deepEqual(unstored, [], 'left without being in the store');

  const unknown = messages.filter(({ state }) => state === 'unknown');
  const never = unknown.filter(({ id }) => !left.has(id)).length;
  t.log(`${stage.accepted.size} accepted, ${messages.length} stored, ${left.size} left the gateway`);
  t.log(`${unknown.length} unknown, of which ${never} had not left`);
  t.true(stage.accepted.size >= kills, 'the server was killed before it did anything');
}

async function itemsIn(server: ServerProcess, path: string, folder: string): Promise<{ text: string }[]> {
  return server.list(`${path}?folder=${folder}`);
}

function journalOf({ dataDir }: Stage): string[] {
  const file = join(dataDir, 'loopback-loop.jsonl');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return lines.filter((line) => line !== '').map((line) => (JSON.parse(line) as { id: string }).id);
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
