// A text in the Outbox of the elected phone, from the phone's side: who sees it, and the three ways to say it was sent.

import test from 'ava';
import type { NewMessage } from '../../src/store/tables.js';
import { run } from '../../src/store/transaction.js';
import { listItems } from '../../src/store/item-pages.js';
import { findMessage } from '../../src/store/messages.js';
import { listConfirmations, offerText } from '../../src/store/outbox.js';
import { getDevice } from '../../src/store/devices.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { children, element, text } from '../../src/wbxml/element.js';
import { addText, type Bench, openBench, readAnswer, syncOf, TalkingDevice } from './talking-device.js';

const recipient = '+12025550111';

class Phone extends TalkingDevice {
  outbox = '';
  sentItems = '';
  outboxKey = '0';
  sentKey = '0';

  async begin(): Promise<void> {
    await this.provision();
    const folders = await this.folders();
    this.outbox = folders['Outbox']!;
    this.sentItems = folders['Sent Items']!;
    this.outboxKey = readAnswer(await this.post('Sync', syncOf({ syncKey: '0', id: this.outbox })))[0]!.syncKey!;
    this.sentKey = readAnswer(await this.post('Sync', syncOf({ syncKey: '0', id: this.sentItems })))[0]!.syncKey!;
    await this.syncOutbox();
    await this.syncSentItems();
  }

  async syncOutbox(commands?: ReturnType<typeof element>[]) {
    const wish = { syncKey: this.outboxKey, id: this.outbox, classes: ['SMS' as const] };
    const [answer] = readAnswer(await this.post('Sync', syncOf({ ...wish, ...(commands ? { commands } : {}) })));
    this.outboxKey = answer?.syncKey ?? this.outboxKey;
    return answer;
  }

  async syncSentItems(commands?: ReturnType<typeof element>[]) {
    const wish = { syncKey: this.sentKey, id: this.sentItems, classes: ['SMS' as const] };
    const [answer] = readAnswer(await this.post('Sync', syncOf({ ...wish, ...(commands ? { commands } : {}) })));
    this.sentKey = answer?.syncKey ?? this.sentKey;
    return answer;
  }
}

async function begin(): Promise<{ bench: Bench; phone: Phone }> {
  const bench = await openBench();
  const phone = new Phone(bench);
  await phone.begin();
  return { bench, phone };
}

let messageCount = 0;

async function offer({ store, user, clock }: Bench, deviceId: string, body = 'on my way'): Promise<string> {
  const id = `message-${++messageCount}`;
  const now = clock.now;
  await store.transact(function* (tx) {
    const device = (yield* getDevice(tx, user.id, deviceId))!;
    const row = { id, userId: user.id, origin: 'api', recipient, text: body, parts: 1 } satisfies Partial<NewMessage>;
    const times = { dueAt: now, expiresAt: now + 1000, createdAt: now };
    const [message] = yield* run(
      tx.db
        .insert(tx.tables.messages)
        .values({ ...row, ...times })
        .returning(),
    );
    const addresses = { from: '"" [MOBILE:]', to: `"${recipient}" [MOBILE:${recipient}]` };
    yield* offerText(tx, { message: message!, device, ...addresses, now });
  });
  return id;
}

const deleteOf = (serverId: string) => element(AirSync.Delete, [element(AirSync.ServerId, serverId)]);

async function sentTexts({ store }: Bench, phone: Phone): Promise<string[]> {
  const items = await store.db.select().from(store.tables.items);
  return items.filter((item) => item.folderId === Number(phone.sentItems)).map((item) => item.text);
}

async function confirmedWays({ store }: Bench): Promise<string[]> {
  return (await listConfirmations(store)).map(({ way }) => way);
}

test('shows an offered text to the elected phone alone, whatever the other asks', async (t) => {
  const { bench, phone } = await begin();
  const other = new Phone(bench, 'OTHER');
  await other.begin();
  const id = await offer(bench, phone.deviceId);
  t.is(await other.syncOutbox(), undefined);
  t.is((await phone.syncOutbox())?.adds.length, 1);
  t.is((await findMessage(bench.store, id))?.state, 'sending');
  const stolen = await other.syncOutbox([deleteOf(`${phone.outbox}:1`)]);
  t.is(stolen?.responses[0]?.status, '8');
  await bench.close();
});

test('never gives a fetched text again to a phone that begins anew', async (t) => {
  const { bench, phone } = await begin();
  await offer(bench, phone.deviceId);
  t.is((await phone.syncOutbox())?.adds.length, 1);
  phone.outboxKey = '0';
  phone.outboxKey = readAnswer(await phone.post('Sync', syncOf({ syncKey: '0', id: phone.outbox })))[0]!.syncKey!;
  t.is((await phone.syncOutbox())?.adds.length ?? 0, 0);
  await bench.close();
});

test('gives a fetched text again where the answer was lost', async (t) => {
  const { bench, phone } = await begin();
  await offer(bench, phone.deviceId);
  const before = phone.outboxKey;
  const lost = await phone.syncOutbox();
  phone.outboxKey = before;
  t.deepEqual(await phone.syncOutbox(), lost);
  await bench.close();
});

test('takes a Delete from Outbox as sent, with the text once in Sent Items', async (t) => {
  const { bench, phone } = await begin();
  await offer(bench, phone.deviceId);
  const given = await phone.syncOutbox();
  await phone.syncOutbox([deleteOf(given!.adds[0]!.serverId)]);
  t.deepEqual(await confirmedWays(bench), ['delete']);
  t.deepEqual(await sentTexts(bench, phone), ['on my way']);
  t.is((await phone.syncSentItems())?.adds.length, 1, 'the phone did not put it there and is told');
  t.is(await phone.syncOutbox(), undefined);
  await bench.close();
});

test('takes a move to Sent Items as sent, also when the answer was lost and the move is repeated', async (t) => {
  const { bench, phone } = await begin();
  await offer(bench, phone.deviceId);
  const serverId = (await phone.syncOutbox())!.adds[0]!.serverId;
  const move = element(Move.MoveItems, [
    element(Move.Move, [
      element(Move.SrcMsgId, serverId),
      element(Move.SrcFldId, phone.outbox),
      element(Move.DstFldId, phone.sentItems),
    ]),
  ]);
  for (let times = 0; times < 2; times++) {
    const [response] = children((await phone.post('MoveItems', move)).root!, Move.Response);
    t.is(text(response!, Move.Status), '3');
    t.is(text(response!, Move.DstMsgId), `${phone.sentItems}:${serverId.split(':')[1]}`);
  }
  t.deepEqual(await confirmedWays(bench), ['move']);
  t.deepEqual(await sentTexts(bench, phone), ['on my way']);
  t.is(await phone.syncSentItems(), undefined, 'the phone put it there itself');
  await bench.close();
});

test('takes an Add to Sent Items as sent, merges it into the one text and clears the phone’s Outbox', async (t) => {
  const { bench, phone } = await begin();
  await offer(bench, phone.deviceId);
  const serverId = (await phone.syncOutbox())!.adds[0]!.serverId;
  const add = addText({ clientId: 's1', to: `"Bob" [MOBILE:${recipient}]`, from: '', body: 'on my way' });
  const answer = await phone.syncSentItems([add]);
  t.is(answer?.responses[0]?.serverId, `${phone.sentItems}:${serverId.split(':')[1]}`);
  t.deepEqual(await confirmedWays(bench), ['add']);
  t.deepEqual(await sentTexts(bench, phone), ['on my way']);
  t.deepEqual((await phone.syncOutbox())?.deletes, [serverId]);
  await bench.close();
});

test('takes Delete and Add together as one text, in either order', async (t) => {
  for (const order of ['delete first', 'add first']) {
    const { bench, phone } = await begin();
    await offer(bench, phone.deviceId);
    const serverId = (await phone.syncOutbox())!.adds[0]!.serverId;
    const add = [addText({ clientId: 's1', to: recipient, from: '', body: 'on my way' })];
    if (order === 'delete first') await phone.syncOutbox([deleteOf(serverId)]);
    await phone.syncSentItems(add);
    if (order === 'add first') t.deepEqual((await phone.syncOutbox([deleteOf(serverId)]))?.responses, [], order);
    t.deepEqual(await sentTexts(bench, phone), ['on my way'], order);
    t.is((await confirmedWays(bench)).length, 1, order);
    await bench.close();
  }
});

test('confirms the oldest of two equal texts first, and takes a third equal one as the phone’s own', async (t) => {
  const { bench, phone } = await begin();
  await offer(bench, phone.deviceId, 'same');
  bench.clock.now += 1000;
  await offer(bench, phone.deviceId, 'same');
  await phone.syncOutbox();
  for (const clientId of ['s1', 's2', 's3']) {
    const date = `2026-01-28T13:0${clientId[1]}:00.000Z`;
    await phone.syncSentItems([addText({ clientId, to: recipient, from: '', body: 'same', date })]);
  }
  t.deepEqual(await confirmedWays(bench), ['add', 'add']);
  t.deepEqual(await sentTexts(bench, phone), ['same', 'same', 'same']);
  await bench.close();
});

test('keeps a text that the phone wrote itself, to another number or with another body', async (t) => {
  const { bench, phone } = await begin();
  await offer(bench, phone.deviceId);
  await phone.syncOutbox();
  await phone.syncSentItems([
    addText({ clientId: 'a', to: '+12025550199', from: '', body: 'on my way' }),
    addText({ clientId: 'b', to: recipient, from: '', body: 'something else' }),
  ]);
  t.deepEqual(await confirmedWays(bench), []);
  t.is((await sentTexts(bench, phone)).length, 2);
  await bench.close();
});

test('never gives a text in a phone’s own Outbox to anybody to send', async (t) => {
  const { bench, phone } = await begin();
  const other = new Phone(bench, 'OTHER');
  await other.begin();
  await phone.syncOutbox([addText({ clientId: 'draft', to: recipient, from: '', body: 'mine to send' })]);
  t.is(await other.syncOutbox(), undefined);
  phone.outboxKey = readAnswer(await phone.post('Sync', syncOf({ syncKey: '0', id: phone.outbox })))[0]!.syncKey!;
  t.is((await phone.syncOutbox())?.adds.length ?? 0, 0);
  t.is((await listItems(bench.store, { folderId: Number(phone.outbox), limit: 10 })).length, 1);
  await bench.close();
});
