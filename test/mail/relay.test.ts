import type { ExecutionContext } from 'ava';
import test from 'ava';
import pino from 'pino';
import { attemptsInDoubt, Relay, type RelayServices } from '../../src/mail/relay.js';
import { nowhere, openRelay, type RelayConnection } from '../../src/mail/relay-connection.js';
import { prepareUndelivered } from '../../src/message/mail-report.js';
import { keepHouse, mailsKeptMilliseconds } from '../../src/store/housekeeping.js';
import { FolderType } from '../../src/store/mailboxes.js';
import { claimMails, enqueueMail, getMail, listMails } from '../../src/store/mails.js';
import type { Store } from '../../src/store/open.js';
import type { Item, Mail } from '../../src/store/tables.js';
import { listItems } from '../../src/store/item-pages.js';
import { addUser, folderOf, freshStore, now as start } from '../store/fresh-store.js';
import { type Manners, openPostOffice, type PostOffice } from './post-office.js';

const octets = Buffer.from('From: anna@example.com\r\nSubject: =?UTF-8?Q?Caf=C3=A9?=\r\n\r\n.hello\r\n');

interface Scene {
  store: Store;
  userId: number;
  clock: { now: number };
  office: PostOffice;
  relay: Relay;
  connection: RelayConnection;
  logged: string[];
  send(recipients?: string[]): Promise<void>;
  mail(): Promise<Mail>;
  letters(): Promise<Item[]>;
  later(seconds: number): Promise<void>;
}

interface SceneOptions {
  manners?: Manners;
  credentials?: { user: string; password: string };
  connect?: (port: number) => RelayConnection;
}

async function openScene(t: ExecutionContext, options: SceneOptions = {}): Promise<Scene> {
  const store = await freshStore();
  const userId = await addUser(store);
  const office = await openPostOffice(options.manners);
  const clock = { now: start };
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const services: RelayServices = {
    store,
    log,
    now: () => clock.now,
    random: () => 0.5,
    prepareReport: prepareUndelivered,
  };
  const login = { host: '127.0.0.1', port: office.port, ...options.credentials };
  const connection = options.connect?.(office.port) ?? openRelay(login);
  const relay = new Relay(services, connection, { graceMilliseconds: 0 });
  const inbox = await folderOf(store, userId, FolderType.Inbox);
  t.teardown(async () => {
    await relay.stop();
    await office.close();
    await store.close();
  });
  return {
    ...{ store, userId, clock, office, relay, connection, logged },
    send: async (recipients = ['bob@elsewhere.test']) => {
      const mail = { id: 'mail-1', userId, sender: 'anna@example.com', recipients, octets, now: clock.now };
      await store.transact((tx) => enqueueMail(tx, { ...mail, expiresAt: clock.now + 5 * 86_400_000 }));
    },
    mail: async () => (await store.read((session) => getMail(session, 'mail-1')))!,
    letters: async () => listItems(store, { folderId: inbox, limit: 100 }),
    later: async (seconds) => {
      clock.now += seconds * 1000;
      await relay.settle();
    },
  };
}

test('a recipient that is refused is told to the sender by name, reason and subject, and not tried again', async (t) => {
  const scene = await openScene(t, { manners: { recipient: () => '550 5.1.1 no such user' } });
  await scene.send();
  await scene.later(0);
  const { state, attempts, finishedAt } = await scene.mail();
  t.deepEqual({ state, attempts, finishedAt }, { state: 'failed', attempts: 1, finishedAt: start });
  const [letter] = await scene.letters();
  t.is(letter?.subject, 'Mail was not delivered: Café');
  t.regex(letter!.text, /bob@elsewhere\.test\n {4}550 5\.1\.1 no such user/);
  await scene.later(86_400);
  t.is(scene.office.begun(), 1);
});

test('a mail that the server will not have at all is told for every recipient', async (t) => {
  const scene = await openScene(t, { manners: { mail: () => '554 5.7.1 spam' } });
  await scene.send(['bob@elsewhere.test', 'eve@elsewhere.test']);
  await scene.later(0);
  t.is((await scene.mail()).state, 'failed');
  t.regex((await scene.letters())[0]!.text, /bob@[^]*554 5\.7\.1 spam[^]*eve@[^]*554 5\.7\.1 spam/);
});

test('of two recipients the one who is refused is reported, the other has the mail', async (t) => {
  const recipient = (address: string) => (address.startsWith('eve') ? '550 gone' : undefined);
  const scene = await openScene(t, { manners: { recipient } });
  await scene.send(['bob@elsewhere.test', 'eve@elsewhere.test']);
  await scene.later(0);
  t.is((await scene.mail()).state, 'sent');
  t.deepEqual(scene.office.taken[0]?.to, ['bob@elsewhere.test']);
  const letters = await scene.letters();
  t.is(letters.length, 1);
  t.notRegex(letters[0]!.text, /bob@/);
});

test('who is asked to wait is tried again alone, after the pause of the settings', async (t) => {
  const recipient = (address: string, attempt: number) =>
    address.startsWith('eve') && attempt === 1 ? '450 4.2.1 greylisted' : undefined;
  const scene = await openScene(t, { manners: { recipient } });
  await scene.send(['bob@elsewhere.test', 'eve@elsewhere.test']);
  await scene.later(0);
  t.like(await scene.mail(), { state: 'queued', recipients: ['eve@elsewhere.test'], dueAt: start + 5000 });
  await scene.later(4);
  t.is(scene.office.taken.length, 1, 'not before the pause is over');
  await scene.later(1);
  t.deepEqual(
    scene.office.taken.map(({ to }) => to),
    [['bob@elsewhere.test'], ['eve@elsewhere.test']],
  );
  t.is((await scene.mail()).state, 'sent');
  t.deepEqual(await scene.letters(), []);
});

test('what is not taken in time expires, and the last reason is told', async (t) => {
  const scene = await openScene(t, { manners: { mail: () => '451 disk full' } });
  await scene.send();
  await scene.later(0);
  await scene.later(5 * 86_400 - 1);
  t.is((await scene.mail()).state, 'queued');
  await scene.later(1);
  t.is((await scene.mail()).state, 'failed');
  t.regex((await scene.letters())[0]!.text, /before it expired \(451 disk full\)/);
});

test('an attempt is on disk before it begins: one that ends the process leaves its count and a pause', async (t) => {
  const scene = await openScene(t);
  await scene.send();
  const dueAgain = () => scene.clock.now + 5000;
  const claim = { now: start, limit: 4, except: [], dueAgain };
  t.is((await scene.store.transact((tx) => claimMails(tx, claim))).length, 1);
  await scene.later(0);
  t.is(scene.office.begun(), 0);
  await scene.later(5);
  t.like(await scene.mail(), { state: 'sent', attempts: 2 });
});

test('a line that breaks after the last dot: the mail is tried again, but not for ever', async (t) => {
  const scene = await openScene(t, { manners: { mail: (attempt) => (attempt < 3 ? 'cut' : undefined) } });
  await scene.send();
  for (let attempt = 0; attempt < 3; attempt++) await scene.later(1000);
  t.is((await scene.mail()).state, 'sent');
  t.is(scene.office.taken.length, 1);

  const endless = await openScene(t, { manners: { mail: () => 'cut' } });
  await endless.send();
  for (let attempt = 0; attempt < attemptsInDoubt + 5; attempt++) await endless.later(1000);
  t.is(endless.office.begun(), attemptsInDoubt);
  t.regex((await endless.letters())[0]!.text, /it may have arrived/);
});

test('a server that is not there, or wants no such log-in, is tried again', async (t) => {
  const nobody = await openScene(t, { connect: () => openRelay({ host: '127.0.0.1', port: 1 }) });
  await nobody.send();
  await nobody.later(0);
  t.is((await nobody.mail()).state, 'queued');
  const wrong = await openScene(t, { credentials: { user: 'easms', password: 'other' } });
  await wrong.send();
  await wrong.later(0);
  t.like(await wrong.mail(), { state: 'queued', attempts: 1 });
  t.is(wrong.office.begun(), 0);
});

test('a server that takes the mail gets its octets, envelope and log-in, and the log no address', async (t) => {
  const scene = await openScene(t, { credentials: { user: 'easms', password: 'secret' } });
  await scene.send(['Bob@Elsewhere.test', '"odd,one"@elsewhere.test']);
  await scene.later(0);
  const [taken] = scene.office.taken;
  t.is(taken?.from, 'anna@example.com');
  t.is(taken?.user, 'easms');
  t.is(taken?.octets, octets.toString());
  t.deepEqual(taken?.to, ['Bob@Elsewhere.test', '"odd,one"@elsewhere.test']);
  t.is((await scene.mail()).state, 'sent');
  const refusing = await openScene(t, { manners: { recipient: (address) => `550 <${address}> is not here` } });
  await refusing.send();
  await refusing.later(0);
  t.notDeepEqual(refusing.logged, []);
  t.notRegex(refusing.logged.join(''), /elsewhere|bob/i);
});

const unsafe: [string, Manners['options'], string][] = [
  ['does not speak TLS', { disabledCommands: ['STARTTLS'] }, 'ETLS'],
  ['shows a certificate that nobody signed', { hideSTARTTLS: false }, 'ESOCKET'],
];

for (const [what, options, code] of unsafe)
  test(`no password is said to another machine that ${what}`, async (t) => {
    // An address that is not one of this machine by its writing, and reaches it all the same.
    const connect = (port: number) => openRelay({ host: '0.0.0.0', port, user: 'easms', password: 'secret' });
    const { office, connection } = await openScene(t, { manners: { options: options! }, connect });
    const delivery = await connection.deliver({ sender: 'a@b.test', recipients: ['c@d.test'], octets });
    t.is(delivery.postponed.length, 1);
    t.is(delivery.trouble?.code, code);
    t.is(office.begun(), 0);
  });

test('without a relay mail waits, and says for what', async (t) => {
  const scene = await openScene(t, { connect: () => nowhere });
  await scene.send();
  await scene.later(0);
  t.like(await scene.mail(), { state: 'queued', error: 'no mail relay is configured' });
});

test('started, it wakes for a mail by itself, and its end breaks off what hangs', async (t) => {
  const scene = await openScene(t);
  scene.relay.start();
  await scene.send();
  while ((await scene.mail()).state !== 'sent') await new Promise((resolve) => setImmediate(resolve));

  let isAtData = false;
  const hanging = await openScene(t, { manners: { options: { onData: () => void (isAtData = true) } } });
  hanging.relay.start();
  await hanging.send();
  while (!isAtData) await new Promise((resolve) => setImmediate(resolve));
  await hanging.relay.stop();
  t.like(await hanging.mail(), { state: 'queued', attempts: 1 });
});

test('finished mails are forgotten after a week, those that wait are kept', async (t) => {
  const scene = await openScene(t);
  await scene.send();
  await keepHouse(scene.store, start + 2 * mailsKeptMilliseconds);
  t.is((await listMails(scene.store)).length, 1);
  await scene.later(0);
  await keepHouse(scene.store, start + mailsKeptMilliseconds);
  t.is((await listMails(scene.store)).length, 1);
  await keepHouse(scene.store, start + mailsKeptMilliseconds + 1);
  t.deepEqual(await listMails(scene.store), []);
});
