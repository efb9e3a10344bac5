// Texts that a phone received itself and uploads: the user's own, and incoming texts of the gateway that the phone serves.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { putUser, type UserFields } from '../../src/accounts/users.js';
import { saveRules } from '../../src/message/rule-list.js';
import { placeAgain } from '../../src/message/place-again.js';
import type { Action } from '../../src/rules/rule.js';
import { getDevice } from '../../src/store/devices.js';
import { setElected } from '../../src/store/elected.js';
import { listEffects } from '../../src/store/effects.js';
import { putGateway, type GatewayRow } from '../../src/store/gateways.js';
import { findIncoming, listIncoming } from '../../src/store/incoming.js';
import { listItems } from '../../src/store/item-pages.js';
import { listFolders } from '../../src/store/mailboxes.js';
import { listMails } from '../../src/store/mails.js';
import { keepLink } from '../../src/store/reply-links.js';
import type { Incoming, User } from '../../src/store/tables.js';
import { updateUser } from '../../src/store/users.js';
import {
  addText,
  type Answered,
  type Bench,
  type BenchOptions,
  noon,
  openBench,
  readAnswer,
  syncOf,
  TalkingDevice,
  type TextWish,
} from './talking-device.js';

const peer = '+12025550111';
const minute = 60_000;
const now = new Date(noon + minute).toISOString();

class Phone extends TalkingDevice {
  readonly bench: Bench;
  folder: Record<string, string> = {};
  readonly keys: Record<string, string> = {};
  clientIds = 0;

  constructor(bench: Bench, deviceId?: string) {
    super(bench, deviceId);
    this.bench = bench;
  }

  async begin(): Promise<this> {
    await this.provision();
    this.folder = await this.folders();
    for (const name of ['Inbox', 'Sent Items', 'Outbox']) await this.beginAnew(name);
    return this;
  }

  async beginAnew(name: string): Promise<void> {
    const [first] = readAnswer(await this.post('Sync', syncOf({ syncKey: '0', id: this.folder[name]! })));
    this.keys[name] = first!.syncKey!;
    await this.sync(name);
  }

  async sync(name: string, ...adds: ReturnType<typeof addText>[]): Promise<Answered> {
    const wish = { syncKey: this.keys[name]!, id: this.folder[name]!, classes: ['SMS' as const] };
    const answered = await this.post('Sync', syncOf({ ...wish, ...(adds.length > 0 && { commands: adds }) }));
    this.keys[name] = readAnswer(answered)[0]?.syncKey ?? this.keys[name]!;
    return answered;
  }

  /** What it received. */
  async uploads(body: string, more: Partial<TextWish> & { folder?: string } = {}): Promise<Answered> {
    const { folder = 'Inbox', ...wish } = more;
    const clientId = `c${++this.clientIds}`;
    const text = addText({ clientId, from: `"Bo" [MOBILE:${peer}]`, date: now, body, ...wish });
    const answered = await this.sync(folder, text);
    return answered;
  }

  async elect(): Promise<void> {
    const { store, user } = this.bench;
    const device = (await store.read((session) => getDevice(session, user.id, this.deviceId)))!;
    await store.transact((tx) => setElected(tx, user.id, device.id, noon));
  }
}

interface House {
  bench: Bench;
  phone: Phone;
  bob: User;
  root: User;
  addUser: (address: string, fields?: UserFields) => Promise<User>;
  putGateway: (row?: Partial<GatewayRow>) => Promise<void>;
  texts: (user: User, folder?: string) => Promise<string[]>;
  incoming: () => Promise<Incoming[]>;
  link: (to: User) => Promise<void>;
}

/** Ann's elected phone serves the gateway `anns`, unless a test says otherwise. */
async function open(
  t: ExecutionContext,
  { gateway = {}, ...options }: BenchOptions & { gateway?: Partial<GatewayRow> | null } = {},
): Promise<House> {
  const bench = await openBench(options);
  t.teardown(() => bench.close());
  const phone = await new Phone(bench).begin();
  await phone.elect();
  bench.clock.now += 2 * minute;
  const addUser = async (address: string, fields: UserFields = {}): Promise<User> =>
    (await putUser(bench.store, address, { ...fields, now: noon })).user;
  const put = async (row: Partial<GatewayRow> = {}): Promise<void> => {
    const whole = { id: 'anns', type: 'activesync' as const, active: true, options: { user: 'Ann@example.com' } };
    await bench.store.transact((tx) => putGateway(tx, { ...whole, now: noon, ...row }));
  };
  if (gateway) await put(gateway);
  const texts = async (user: User, name = 'Inbox'): Promise<string[]> => {
    const folder = (await listFolders(bench.store, user.id)).find((each) => each.name === name);
    const items = folder ? await listItems(bench.store, { folderId: folder.id, limit: 100 }) : [];
    return items
      .filter((item) => item.class === 'SMS')
      .map(({ text }) => text)
      .reverse();
  };
  return {
    ...{ bench, phone, addUser, putGateway: put, texts },
    bob: await addUser('bob@example.com'),
    root: await addUser('root@example.com', { admin: true }),
    incoming: async () => (await listIncoming(bench.store, { limit: 100, isUnplaced: false })).reverse(),
    link: async (to) => {
      const sentAt = bench.clock.now;
      const link = { number: peer, target: `user:${to.id}`, mailId: null, sentAt, expiresAt: sentAt + 30 * minute };
      await bench.store.transact((tx) => keepLink(tx, link));
    },
  };
}

const nobody: [string, Partial<GatewayRow> | null][] = [
  ['there is none', null],
  ['it is switched off', { active: false }],
  ['it is of another type', { type: 'loopback' }],
  ['it sends through phones of somebody else', { options: { user: 'bob@example.com' } }],
];
for (const [why, gateway] of nobody)
  test(`a text stays the user's own where no gateway is served: ${why}`, async (t) => {
    const { phone, bench, incoming, texts, bob, link } = await open(t, { gateway });
    await link(bob);
    await phone.uploads('hello #bob@example.com#');
    t.deepEqual(await texts(bench.user), ['hello #bob@example.com#']);
    t.deepEqual(await incoming(), []);
    t.deepEqual(await texts(bob), []);
  });

test('a phone that is not the elected one serves no gateway', async (t) => {
  const { bench, incoming } = await open(t);
  const other = await new Phone(bench, 'DEVICE2').begin();
  await other.uploads('hello');
  t.deepEqual(await incoming(), []);
});

test('what lies in another folder, says nothing, or is of before is no incoming text', async (t) => {
  const { phone, bench, incoming, putGateway: put, texts } = await open(t);
  await phone.uploads('sent', { folder: 'Sent Items', to: peer });
  await phone.uploads('mine to send', { folder: 'Outbox', to: peer });
  await phone.uploads('');
  // Before the phone came here.
  await phone.uploads('older than the phone', { date: new Date(noon - 1).toISOString() });
  await put({ id: 'aaa', now: noon + 2 * minute });
  await phone.uploads('older than the gateway');
  bench.clock.now += 31 * 24 * 60 * minute;
  await phone.uploads('older than anything is remembered', { date: new Date(noon + 3 * minute).toISOString() });
  t.deepEqual(await incoming(), []);
  t.is((await texts(bench.user)).length, 4);
});

test('a text that is for nobody else stays where it is: it is placed, and goes to no administrator', async (t) => {
  const { phone, bench, incoming, texts, root } = await open(t);
  await phone.uploads('hello', { to: '"Ann" [MOBILE:+12025550100]' });
  t.deepEqual(await texts(bench.user), ['hello']);
  t.deepEqual(await texts(root), []);
  const [row, ...others] = await incoming();
  t.like(row, { gateway: 'anns', sender: peer, recipient: '+12025550100', text: 'hello' });
  t.is(row!.properties?.unplaced, undefined);
  t.is(row!.properties?.sentAt, noon + minute);
  t.deepEqual(others, []);
  t.deepEqual(
    bench.logged.filter((line) => line.includes('nobody')),
    [],
  );
});

test('its answer is on disk with all that came of it', async (t) => {
  const file = join(mkdtempSync(join(tmpdir(), 'easms-')), 'easms.db');
  const { phone, bench, texts, bob, link } = await open(t, { file });
  await link(bob);
  await phone.uploads('yes');
  await bench.restart();
  t.deepEqual([await texts(bench.user), await texts(bob)], [['yes'], ['yes']]);
});

test('an answer goes to who wrote to the number, and lies with the user of the phone as well', async (t) => {
  const { phone, bench, texts, bob, root, link } = await open(t);
  await link(bob);
  await phone.uploads('yes');
  t.deepEqual(await texts(bob), ['yes']);
  t.deepEqual(await texts(bench.user), ['yes']);
  t.deepEqual(await texts(root), []);
});

test('an answer to the user of the phone is one item', async (t) => {
  const { phone, bench, texts, link } = await open(t);
  await link(bench.user);
  await phone.uploads('yes');
  t.deepEqual(await texts(bench.user), ['yes']);
});

test('what a phone brings later than answers find their way is no answer', async (t) => {
  const { phone, bench, texts, bob, link } = await open(t);
  bench.clock.now += 31 * minute;
  await link(bob);
  await phone.uploads('from before that');
  t.deepEqual(await texts(bob), []);
  t.deepEqual(await texts(bench.user), ['from before that']);
});

test('a text that names a user between two # is laid there, once where that is the user of the phone', async (t) => {
  const { phone, bench, texts, bob } = await open(t);
  await phone.uploads('#bob@example.com# hello');
  await phone.uploads('#ann@example.com# hello');
  t.deepEqual(await texts(bob), ['#bob@example.com# hello']);
  t.deepEqual(await texts(bench.user), ['#bob@example.com# hello', '#ann@example.com# hello']);
});

test('it lies with everybody the gateway delivers to, once with the user of the phone', async (t) => {
  const deliverTo = ['bob@example.com', 'ann@example.com', 'gone@example.com'];
  const { phone, bench, texts, bob, root } = await open(t, { gateway: { deliverTo } });
  await phone.uploads('hello');
  t.deepEqual([await texts(bob), await texts(bench.user), await texts(root)], [['hello'], ['hello'], []]);
  t.is(bench.logged.filter((line) => line.includes('addresses that no user has')).length, 1);
});

test('an Add that comes again because its answer was lost brings nothing about twice', async (t) => {
  const { phone, bench, texts, bob, link, incoming } = await open(t);
  await link(bob);
  const key = phone.keys['Inbox']!;
  await phone.uploads('yes', { clientId: 'same' });
  phone.keys['Inbox'] = key;
  await phone.uploads('yes', { clientId: 'same' });
  // With more in it, and under a new beginning.
  phone.keys['Inbox'] = key;
  const again = addText({ clientId: 'same', from: `"Bo" [MOBILE:${peer}]`, date: now, body: 'yes' });
  await phone.sync('Inbox', again, addText({ clientId: 'more', from: `[MOBILE:${peer}]`, date: now, body: 'and no' }));
  await phone.beginAnew('Inbox');
  await phone.sync('Inbox', again);
  t.deepEqual(await texts(bob), ['yes', 'and no']);
  t.deepEqual(await texts(bench.user), ['yes', 'and no']);
  t.is((await incoming()).length, 2);
});

test('a text that comes under another ClientId, or from another phone of the user, passes once', async (t) => {
  const { phone, bench, texts, bob, link } = await open(t);
  await link(bob);
  await phone.uploads('yes');
  await phone.uploads('yes');
  const other = await new Phone(bench, 'DEVICE2').begin();
  await other.elect();
  await other.uploads('yes', { from: peer });
  t.deepEqual(await texts(bob), ['yes']);
  t.is((await texts(bench.user)).length, 3, 'what phones have is theirs');
  await other.uploads('yes', { date: new Date(bench.clock.now).toISOString() });
  t.deepEqual(await texts(bob), ['yes', 'yes'], 'at another time it is another text');
});

test('several gateways of one user: the text comes in through the first of them', async (t) => {
  const { phone, incoming, putGateway: put, bench } = await open(t);
  await put({ id: 'also-anns', options: { user: 'annie@example.com' } });
  await putUser(bench.store, 'ann@example.com', { aliases: ['annie@example.com'], now: bench.clock.now });
  await phone.uploads('hello');
  t.deepEqual(
    (await incoming()).map(({ gateway }) => gateway),
    ['also-anns'],
  );
});

async function withRule(t: ExecutionContext, ...actions: Action[]): Promise<House> {
  const house = await open(t, { gateway: { deliverTo: ['bob@example.com', 'ann@example.com'] } });
  const services = { store: house.bench.store, now: () => house.bench.clock.now, newId: () => 'x' };
  await saveRules(services, 'incoming', [{ title: 'r', enabled: true, conditions: [{ type: 'all' }], actions }]);
  return house;
}

test("rules keep it from others, move it for others, and leave the user's own as it is", async (t) => {
  const kept = await withRule(t, { type: 'delete' });
  await kept.phone.uploads('hello');
  t.deepEqual([await kept.texts(kept.bob), await kept.texts(kept.bench.user)], [[], ['hello']]);
  t.is((await kept.incoming())[0]!.properties?.keptBy, 'r');

  const moved = await withRule(t, { type: 'move', folder: 'Texts' });
  await moved.phone.uploads('hello');
  t.deepEqual(await moved.texts(moved.bob, 'Texts'), ['hello']);
  t.deepEqual(await moved.texts(moved.bench.user), ['hello']);
  t.deepEqual(await moved.texts(moved.bench.user, 'Texts'), []);
});

test('a rule that forwards it to somebody who cannot have it lets it lie where it would have lain', async (t) => {
  const { phone, bench, texts, bob, incoming } = await withRule(t, { type: 'forward', to: 'ann@example.com' });
  await phone.uploads('hello');
  t.deepEqual(await texts(bob), []);
  t.is((await listEffects(bench.store, { limit: 9 })).length, 1);
  const [row] = await incoming();
  await bench.store.transact((tx) => placeAgain(tx, row!.id, bench.clock.now));
  t.deepEqual([await texts(bob), await texts(bench.user)], [['hello'], ['hello']]);
  t.like(await findIncoming(bench.store, row!.id), { properties: { returned: true } });
});

test('it goes on to where its user has mail sent, where it is for that user', async (t) => {
  const { phone, bench, bob, link } = await open(t, { hasRelay: true });
  await bench.store.transact((tx) => updateUser(tx, bench.user.id, { forwardTo: ['ann@elsewhere.example'] }));
  await phone.uploads('hello');
  t.is((await listMails(bench.store)).length, 1);
  await link(bob);
  await phone.uploads('for Bob');
  t.is((await listMails(bench.store)).length, 1);
});

test('a sender that is a word, or none, is kept as what it is', async (t) => {
  const { phone, incoming } = await open(t);
  await phone.uploads('one', { from: '"My Bank" [MOBILE:]' });
  await phone.uploads('two', { from: '' });
  await phone.uploads('three', { from: `[MOBILE:${'1'.repeat(300)}]` });
  t.deepEqual(
    (await incoming()).map(({ sender }) => sender),
    ['My Bank', 'unknown', '1'.repeat(100)],
  );
});
