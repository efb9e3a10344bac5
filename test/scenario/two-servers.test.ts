// Server A has no modem and sends through server B, which has one; the answers come back to A. Two processes that know of
// each other what their administrators wrote, as in the document's chapter about a provider that is another server.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { EventLog } from '../../src/phone/event-log.js';
import { Phone } from '../../src/phone/phone.js';
import { type ServerProcess, startProcess, stored, type StoredMessage } from '../server-process.js';
import { bob } from './stage.js';

const anna = { user: 'anna@a.example', pass: 'open sesame', number: '+447700900001' };
/** Who A is for B. */
const partner = { user: 'server-a@b.example', pass: 'known to both' };
const gatewayOfA = { id: 'to-b', pass: 'what B says to A' };
const modemOfB = { id: 'stick', pass: 'what the modem says to B' };

/** One of the two, which may die and come back at its port. */
class House {
  readonly #dataDir: string;
  #server: ServerProcess;

  private constructor(dataDir: string, server: ServerProcess) {
    this.#dataDir = dataDir;
    this.#server = server;
  }

  static async open(t: ExecutionContext, name: string): Promise<House> {
    const dataDir = mkdtempSync(join(tmpdir(), `easms-${name}-`));
    const house = new House(dataDir, await startProcess(dataDir));
    t.teardown(async () => {
      await house.#server.kill();
      rmSync(dataDir, { recursive: true, force: true });
    });
    return house;
  }

  get server(): ServerProcess {
    return this.#server;
  }

  get url(): string {
    return this.#server.url;
  }

  async die(): Promise<void> {
    await this.#server.kill();
  }

  async comeBack(): Promise<void> {
    this.#server = await startProcess(this.#dataDir, { port: this.#server.port });
  }

  /** Ids of the texts that left its loopback gateway, from the first. */
  journal(gateway: string): string[] {
    const file = join(this.#dataDir, `loopback-${gateway}.jsonl`);
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    return lines.filter((line) => line !== '').map((line) => (JSON.parse(line) as { id: string }).id);
  }
}

interface Pair {
  a: House;
  b: House;
}

async function meet(t: ExecutionContext): Promise<Pair> {
  const [a, b] = await Promise.all([House.open(t, 'a'), House.open(t, 'b')]);
  const quick = { retry: { firstSeconds: 0.2, maxSeconds: 1, factor: 2, jitter: 0.2 } };
  for (const { server } of [a, b]) await server.api('PATCH', '/settings', quick);

  await b.server.api('PUT', `/users/${partner.user}`, { password: partner.pass });
  await b.server.api('PUT', `/gateways/${modemOfB.id}`, {
    type: 'loopback',
    journal: true,
    password: modemOfB.pass,
    deliverTo: [partner.user],
  });
  const delivery = new URLSearchParams({ id: gatewayOfA.id, pass: gatewayOfA.pass }).toString();
  await b.server.api('PUT', '/webhooks/to-a', {
    method: 'GET',
    events: ['received'],
    url: `${a.url}/sms/deliver.html?${delivery}&number=%from%&data=%data%&binary=%binary%&udh=%udh%&msgid=%msgid%`,
  });

  await a.server.api('PUT', `/users/${anna.user}`, { password: anna.pass, phoneNumber: anna.number });
  const account = new URLSearchParams(partner).toString();
  await a.server.api('PUT', `/gateways/${gatewayOfA.id}`, {
    type: 'http',
    url:
      `${b.url}/sms/?${account}&number=%number%&data=%data%&udh=%udh%&binary=%binary%` +
      '&pid=%pid%&dcs=%dcs%&sender=%sender%&msgid=%msgid%',
    timeoutSeconds: 5,
    password: gatewayOfA.pass,
    deliverTo: [anna.user],
  });
  return { a, b };
}

/** Anna writes; the ids of her messages at A. */
async function write({ a }: Pair, parameters: Record<string, string>): Promise<string> {
  const body = new URLSearchParams({ user: anna.user, pass: anna.pass, number: bob, ...parameters });
  const response = await fetch(`${a.url}/sms/`, { method: 'POST', body });
  const answer = await response.text();
  if (!answer.startsWith('OK ')) throw new Error(answer);
  return answer.slice(3);
}

/** Somebody answers, and B's modem has it. */
async function answerBack({ b }: Pair, text: string, reference: string): Promise<void> {
  const parameters = { ...modemOfB, number: bob, data: text, msgid: reference };
  const response = await fetch(`${b.url}/sms/deliver.html?${new URLSearchParams(parameters).toString()}`);
  if (!response.ok) throw new Error(await response.text());
}

const ends = ['sent', 'delivered', 'failed', 'expired', 'unknown'];

/** When each message of A has come to an end. */
async function endedAt({ server }: House): Promise<StoredMessage[]> {
  for (;;) {
    const messages = await stored(server);
    if (messages.every(({ state }) => ends.includes(state))) return messages;
    await pause(50);
  }
}

async function inboxOfAnna({ a }: Pair): Promise<{ from: string; text: string }[]> {
  return a.server.list(`/users/${anna.user}/messages?folder=inbox`);
}

/** What of it arrived, as soon as all of it did; then nothing more may come. */
async function arrived(pair: Pair, texts: readonly string[]): Promise<{ from: string; text: string }[]> {
  for (;;) {
    const inbox = await inboxOfAnna(pair);
    if (texts.every((wanted) => inbox.some(({ text }) => text === wanted))) return inbox;
    await pause(50);
  }
}

test('a text goes out at the server with the modem, and the answer reaches a phone of the one without', async (t) => {
  t.timeout(120_000);
  const pair = await meet(t);
  const { a, b } = pair;
  const log = new EventLog();
  const whose = { server: a.url, user: anna.user, password: anna.pass, number: anna.number };
  const phone = new Phone({ ...whose, deviceId: 'READER', outbound: false, onEvent: log.record });
  t.teardown(() => phone.stop());
  phone.run().catch((error: unknown) => t.log(error));
  await log.until('synced', ({ collection }) => collection === 'Inbox');

  const long = 'Grüße aus Köln, ' + '日本語 & 100 % = "?" '.repeat(12).trim();
  const ids = [await write(pair, { data: 'dinner at eight?' }), await write(pair, { data: long })];
  const atA = await endedAt(a);
  t.deepEqual(atA.map(({ id, state }) => [id, state]).sort(), ids.map((id) => [id, 'sent']).sort());
  const atB = await endedAt(b);
  t.deepEqual(
    atB.map(({ text, state }) => [text, state]).sort(),
    [
      [long, 'sent'],
      ['dinner at eight?', 'sent'],
    ].sort(),
  );
  t.deepEqual(b.journal(modemOfB.id).sort(), atB.map(({ id }) => id).sort());

  await answerBack(pair, 'gladly & punctually, 8 = 20:00 +1', 'modem-1');
  // As a modem does that was not heard.
  await answerBack(pair, 'gladly & punctually, 8 = 20:00 +1', 'modem-1');
  t.like(await log.until('received', ({ text }) => text.startsWith('gladly')), {
    class: 'SMS',
    from: bob,
    text: 'gladly & punctually, 8 = 20:00 +1',
  });
  await answerBack(pair, 'and bring wine', 'modem-2');
  const inbox = await arrived(pair, ['and bring wine']);
  t.is(inbox.filter(({ text }) => text.startsWith('gladly')).length, 1);
});

test('a message asked for again by its msgid goes out at the other server once', async (t) => {
  t.timeout(120_000);
  const { b } = await meet(t);
  const parameters = { ...partner, number: bob, data: 'once', msgid: 'of-a-1' };
  const url = `${b.url}/sms/?${new URLSearchParams(parameters).toString()}`;
  const answers = await Promise.all([fetch(url), fetch(url)]);
  const [first, second] = await Promise.all(answers.map((answer) => answer.text()));
  t.regex(first!, /^OK /);
  t.is(second, first);
  await endedAt(b);
  t.is(b.journal(modemOfB.id).length, 1);
});

test('a server that is killed in between doubles nothing, and what it cannot know it says', async (t) => {
  t.timeout(180_000);
  const pair = await meet(t);
  const { a, b } = pair;
  const texts: string[] = [];
  for (let death = 0; death < 3; death++) {
    const writing = Array.from({ length: 20 }, async (_, n) => {
      const text = `text ${death}.${n}`;
      texts.push(text);
      await write(pair, { data: text });
    });
    await Promise.race([Promise.all(writing), pause(40 * death)]);
    await b.die();
    await Promise.all(writing);
    await b.comeBack();
  }
  const [atA, atB] = [await endedAt(a), await endedAt(b)];
  t.deepEqual(atA.map(({ text }) => text).sort(), [...texts].sort());

  const copiesAtB = (text: string): StoredMessage[] => atB.filter((message) => message.text === text);
  const journal = b.journal(modemOfB.id);
  const contradictions = atA.filter(({ text, state }) => {
    const copies = copiesAtB(text);
    return copies.length > 1 || (state === 'sent' && copies.length === 0) || !['sent', 'unknown'].includes(state);
  });
  t.deepEqual(contradictions, [], 'doubled at B, or sent for A and unknown to B');
  t.is(new Set(journal).size, journal.length, 'left the modem twice');
  for (const { id, state } of atB) t.true(state === 'unknown' || journal.includes(id), state);
  t.true(atA.some(({ state }) => state === 'sent'));
  t.log(
    `${atA.length} written, ${journal.length} left, ${atA.filter(({ state }) => state === 'unknown').length} unknown`,
  );
});

test('an answer waits for the server that is down, and arrives once', async (t) => {
  t.timeout(120_000);
  const pair = await meet(t);
  const { a, b } = pair;
  await a.die();
  await answerBack(pair, 'are you there?', 'modem-1');
  await b.die();
  await b.comeBack();
  await a.comeBack();
  await answerBack(pair, 'hello again', 'modem-2');
  const inbox = await arrived(pair, ['are you there?', 'hello again']);
  t.deepEqual(inbox.map(({ text }) => text).sort(), ['are you there?', 'hello again']);
});
