// The server killed with SIGKILL while phones fetch texts from their Outbox, send and confirm them: each text leaves its
// phone once and lies once in Sent Items. What left is known from the phones alone, which live through it all.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { EventLog } from '../src/phone/event-log.js';
import { type ConfirmationMode, confirmationModes } from '../src/phone/events.js';
import { Phone } from '../src/phone/phone.js';
import { seeded } from './random.js';
import { type ServerProcess, settled, startProcess, submit } from './server-process.js';

const kills = 8;
const textsPerLife = 4;

/** Where the phones find the server, whichever port it has in this life. */
class Line {
  #server: ServerProcess | undefined;
  #isUp = new Turnstile();
  readonly #relay: Server;
  /** Called with each packet of a phone, when it is on its way, and with each text that a phone gives to the network. */
  happened: (what: 'asked' | 'sent') => void = () => {};

  constructor() {
    this.#relay = createServer((phone) => {
      if (!this.#server) return phone.destroy();
      const server = connect(this.#server.port, '127.0.0.1');
      phone.on('data', () => this.happened('asked'));
      phone.pipe(server).pipe(phone);
      const cut = () => [phone, server].forEach((socket) => socket.destroy());
      for (const socket of [phone, server]) socket.on('error', cut).on('close', cut);
      return undefined;
    });
  }

  async listen(): Promise<string> {
    await once(this.#relay.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#relay.address() as AddressInfo).port}`;
  }

  up(server: ServerProcess): void {
    this.#server = server;
    this.#isUp.open();
  }

  down(): void {
    this.#server = undefined;
    this.#isUp = new Turnstile();
  }

  /** A phone that found nobody tries again when there is somebody. */
  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    await this.#isUp.opened;
    await wait(Math.min(milliseconds, 20), undefined, { signal });
  }

  close(): void {
    this.#relay.close();
  }
}

class Turnstile {
  open: () => void = () => {};
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

interface Person {
  sender: { user: string; pass: string };
  phone: Phone;
  log: EventLog;
}

test(`${kills} SIGKILLs while phones fetch and confirm: each text leaves its phone once`, async (t) => {
  t.timeout(180_000);
  const dataDir = mkdtempSync(join(tmpdir(), 'easms-crash-'));
  const line = new Line();
  const url = await line.listen();
  const people = confirmationModes.map((mode) => meet(mode, url, line));
  t.teardown(() => {
    for (const { phone } of people) phone.vanish();
    line.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const random = seeded(8);
  const accepted = new Set<string>();
  for (let life = 0; ; life++) {
    const server = await startProcess(dataDir);
    if (life === 0) await furnish(server, people);
    line.up(server);
    if (life === 0) await Promise.all(people.map(elected));
    if (life === kills) return checkEnd(t, { server, people, accepted });
    const dying = killAt({ server, line, at: 1 + Math.floor(random() * 10), what: life % 2 ? 'asked' : 'sent' });
    await Promise.all([dying, ...people.map((person) => submitSome(server, { person, life, accepted }))]);
  }
});

function meet(mode: ConfirmationMode, server: string, line: Line): Person {
  const sender = { user: `${mode}@example.com`, pass: 'a long enough secret' };
  const log = new EventLog();
  const phone = new Phone({
    server,
    user: sender.user,
    password: sender.pass,
    number: '+447700900001',
    mode,
    onEvent: (event) => {
      log.record(event);
      if (event.event === 'sms-sent') line.happened('sent');
    },
    clock: { now: () => Date.now(), sleep: (milliseconds, signal) => line.sleep(milliseconds, signal) },
  });
  return { sender, phone, log };
}

async function furnish(server: ServerProcess, people: readonly Person[]): Promise<void> {
  for (const { sender } of people) await server.api('PUT', `/users/${sender.user}`, { password: sender.pass });
}

async function elected({ phone, log }: Person): Promise<void> {
  phone.run().catch(() => undefined);
  await log.until('received', ({ subject }) => subject === 'New SMS gateway is set');
}

interface Death {
  server: ServerProcess;
  line: Line;
  /** With which packet of a phone, or with which text that a phone gives to the network. */
  at: number;
  what: 'asked' | 'sent';
}

async function killAt({ server, line, at, what }: Death): Promise<void> {
  let count = 0;
  await new Promise<void>((resolve) => {
    line.happened = (happened) => {
      if (happened === what && ++count === at) resolve();
    };
  });
  line.down();
  await server.kill();
}

async function submitSome(
  server: ServerProcess,
  { person, life, accepted }: { person: Person; life: number; accepted: Set<string> },
): Promise<void> {
  for (let n = 0; n < textsPerLife; n++) {
    const text = `text ${life}.${n} of ${person.sender.user}`;
    const answer = await submit(server, person.sender, text);
    if (answer?.startsWith('OK ')) accepted.add(text);
  }
}

interface End {
  server: ServerProcess;
  people: readonly Person[];
  accepted: ReadonlySet<string>;
}

async function checkEnd(t: ExecutionContext, { server, people, accepted }: End): Promise<void> {
  const messages = await settled(server);
  const texts = messages.map(({ text }) => text).sort();
  t.deepEqual(
    messages.filter(({ state }) => state !== 'sent').map(({ state, text }) => `${text}: ${state}`),
    [],
  );
  t.deepEqual(
    [...accepted].filter((text) => !texts.includes(text)),
    [],
    'accepted and lost',
  );
  const left = people.flatMap(({ log }) => log.all('sms-sent').map(({ text }) => text));
  t.deepEqual(left.sort(), texts, 'each text leaves its phone once');
  const sentItems: { text: string }[] = [];
  for (const { sender } of people)
    sentItems.push(...(await server.list<{ text: string }>(mailbox(sender.user, 'sent'))));
  t.deepEqual(sentItems.map(({ text }) => text).sort(), texts, 'each text lies in Sent Items once');
  for (const { sender } of people) t.deepEqual(await server.list(mailbox(sender.user, 'outbox')), []);
  for (const { phone } of people) await phone.stop();
  t.is(await server.stop(), 0);
  const repeated = people.flatMap(({ log }) => log.all('sms-repeated')).length;
  t.log(`${accepted.size} accepted, ${texts.length} sent, ${repeated} offered again and not sent twice`);
  t.true(texts.length > kills);
}

function mailbox(user: string, folder: string): string {
  return `/users/${user}/messages?folder=${folder}`;
}
