import test from 'ava';
import { FolderType } from '../../src/store/mailboxes.js';
import { listConfirmations } from '../../src/store/outbox.js';
import { confirmationWays } from '../../src/store/states.js';
import type { Device, User } from '../../src/store/tables.js';
import { openStage, type Stage } from './stage.js';

async function openWithPhone(): Promise<{ stage: Stage; user: User; phone: Device }> {
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  return { stage, user, phone: await stage.addElectedPhone(user) };
}

test('a phone that is not elected is offered nothing', async (t) => {
  const { stage, user, phone } = await openWithPhone();
  const other = await stage.addPhone(user, 'PHONE2');
  const stranger = await stage.addElectedPhone(await stage.addUser('bob@example.com'));
  await stage.submit({ user });
  await stage.settle();
  t.is((await stage.offeredTo(phone)).length, 1);
  t.deepEqual(await stage.offeredTo(other), []);
  t.deepEqual(await stage.offeredTo(stranger), []);
});

for (const [words, change] of [
  ['blocked', { state: 'blocked' }],
  ['no longer willing', { enableOutboundSms: false }],
] as const)
  test(`a phone that is ${words} is offered nothing and gives back what it has not fetched`, async (t) => {
    const { stage, user, phone } = await openWithPhone();
    const id = await stage.submit({ user });
    await stage.settle();
    await stage.changePhone(phone, change);
    await stage.settle();
    t.deepEqual(await stage.offeredTo(phone), []);
    t.is(await stage.state(id), 'queued');
    t.truthy((await stage.message(id)).error);
    t.deepEqual(await stage.outcomes(id), ['withdrawn']);
    await stage.after(5);
    t.deepEqual(await stage.offeredTo(phone), []);
    t.is((await stage.attempts(id)).length, 1);
  });

test('a text offered to a phone that was deleted goes out another way', async (t) => {
  const { stage, user, phone } = await openWithPhone();
  const id = await stage.submit({ user });
  await stage.settle();
  await stage.addGateway('loop');
  const { db, tables } = stage.store;
  await db.delete(tables.devices);
  await stage.settle();
  t.is(await stage.state(id), 'sent');
  t.is((await stage.message(id)).gateway, 'loop');
  t.deepEqual(await stage.offeredTo(phone), []);
  t.is((await stage.items(user, FolderType.SentItems)).length, 1);
});

test('a text is offered in Outbox as the phone can read it, and shown as carried by that phone', async (t) => {
  const { stage, user, phone } = await openWithPhone();
  await stage.changePhone(phone, { phoneNumber: '+447700900001' });
  const id = await stage.submit({ user, text: 'Hello' });
  await stage.settle();
  const { state, gateway, deviceId } = await stage.message(id);
  t.deepEqual({ state, gateway, deviceId }, { state: 'offered', gateway: 'activesync:PHONE1', deviceId: phone.id });
  const [item] = await stage.offeredTo(phone);
  t.like(item, {
    class: 'SMS',
    from: '"+447700900001" [MOBILE:+447700900001]',
    to: '"+447700900123" [MOBILE:+447700900123]',
    text: 'Hello',
    messageId: id,
  });
  const [attempt] = await stage.attempts(id);
  t.like(attempt, { gateway: 'activesync:PHONE1', outcome: null, endedAt: null });
});

for (const way of confirmationWays)
  test(`a text confirmed by ${way} is sent once and lies once in Sent Items`, async (t) => {
    const { stage, user, phone } = await openWithPhone();
    const id = await stage.submit({ user });
    await stage.settle();
    const [item] = await stage.fetch(phone);
    await stage.settle();
    t.is(await stage.state(id), 'sending');
    await stage.confirm(phone, item!, way);
    await stage.settle();
    await stage.settle();
    t.is(await stage.state(id), 'sent');
    t.deepEqual(await stage.outcomes(id), ['sent']);
    t.is((await stage.items(user, FolderType.SentItems)).length, 1);
    t.deepEqual(await stage.items(user, FolderType.Outbox), []);
    t.deepEqual(await listConfirmations(stage.store), []);
    t.deepEqual(await stage.subjects(user), []);
    await stage.after(600);
    t.is(await stage.state(id), 'sent');
  });

test('a text that is not fetched in time goes to a gateway, and the phone never sees it again', async (t) => {
  const { stage, user, phone } = await openWithPhone();
  const id = await stage.submit({ user });
  await stage.settle();
  await stage.addGateway('loop');
  stage.store.presence.holdOutbox(phone.id, stage.now);
  await stage.after(14.9);
  t.is(await stage.state(id), 'offered');
  await stage.after(0.1);
  t.is(await stage.state(id), 'sent');
  t.deepEqual(
    (await stage.attempts(id)).map(({ gateway, outcome }) => [gateway, outcome]),
    [
      ['activesync:PHONE1', 'withdrawn'],
      ['loop', 'sent'],
    ],
  );
  t.deepEqual(await stage.offeredTo(phone), []);
  t.is((await stage.items(user, FolderType.SentItems)).length, 1);
});

test('a text that is not fetched in time and has no other way is offered again after a pause', async (t) => {
  const { stage, user, phone } = await openWithPhone();
  const id = await stage.submit({ user });
  await stage.settle();
  stage.store.presence.holdOutbox(phone.id, stage.now);
  await stage.after(15);
  t.is(await stage.state(id), 'queued');
  t.is((await stage.message(id)).error, 'the phone did not fetch it');
  await stage.after(5 / 60);
  t.is(await stage.state(id), 'offered');
  t.deepEqual(await stage.outcomes(id), ['withdrawn', null]);
});

test('an offered text that expires is taken back and its sender told', async (t) => {
  const { stage, user, phone } = await openWithPhone();
  const id = await stage.submit({ user, expireMinutes: 5 });
  await stage.settle();
  await stage.after(5);
  t.is(await stage.state(id), 'expired');
  t.deepEqual(await stage.offeredTo(phone), []);
  t.deepEqual(await stage.subjects(user), ['Text to +447700900123 was not sent in time']);
});

test('where the phone fetches first, the text is not taken back', async (t) => {
  const { stage, user, phone } = await openWithPhone();
  await stage.addGateway('loop');
  const id = await stage.submit({ user });
  await stage.settle();
  stage.now += 15 * 60_000;
  const fetching = stage.fetch(phone);
  const settling = stage.settle();
  await Promise.all([fetching, settling]);
  t.is(await stage.state(id), 'sending');
  t.deepEqual(await stage.outcomes(id), [null]);
  t.is((await stage.items(user, FolderType.Outbox)).length, 1);
});

test('where the text is taken back first, the phone finds nothing and it is sent once', async (t) => {
  const { stage, user, phone } = await openWithPhone();
  await stage.addGateway('loop');
  const id = await stage.submit({ user });
  await stage.settle();
  const offered = await stage.offeredTo(phone);
  await stage.after(15);
  t.is(offered.length, 1);
  t.deepEqual(await stage.fetch(phone), []);
  t.is(await stage.state(id), 'sent');
  t.is((await stage.items(user, FolderType.SentItems)).length, 1);
});

test('a fetched text that is never confirmed becomes unknown, its sender is told, and nobody else sends it', async (t) => {
  const { stage, user, phone } = await openWithPhone();
  await stage.addGateway('loop');
  const id = await stage.submit({ user });
  await stage.settle();
  await stage.fetch(phone);
  await stage.after(59.9);
  t.is(await stage.state(id), 'sending');
  await stage.after(0.1);
  t.is(await stage.state(id), 'unknown');
  await stage.after(600);
  t.deepEqual(await stage.outcomes(id), ['unknown']);
  t.deepEqual(await stage.subjects(user), ['Text to +447700900123 may not have been sent']);
});

test('a late confirmation still makes an unknown text sent, without a second report', async (t) => {
  const { stage, user, phone } = await openWithPhone();
  const id = await stage.submit({ user });
  await stage.settle();
  const [item] = await stage.fetch(phone);
  await stage.after(60);
  t.is(await stage.state(id), 'unknown');
  await stage.confirm(phone, item!, 'move');
  await stage.settle();
  const { state, error } = await stage.message(id);
  t.deepEqual({ state, error }, { state: 'sent', error: null });
  t.deepEqual(await stage.outcomes(id), ['sent']);
  t.is((await stage.items(user, FolderType.SentItems)).length, 1);
  t.is((await stage.subjects(user)).length, 1);
});

test('a confirmation that came before its time ran out counts, even if dispatch looks later', async (t) => {
  const { stage, user, phone } = await openWithPhone();
  const id = await stage.submit({ user });
  await stage.settle();
  const [item] = await stage.offeredTo(phone);
  await stage.confirm(phone, item!, 'delete');
  await stage.after(600);
  t.is(await stage.state(id), 'sent', 'confirmed without ever being fetched, as far as we saw');
  t.is((await stage.items(user, FolderType.SentItems)).length, 1);
  t.deepEqual(await stage.subjects(user), []);
});

test("a text waits for the sender's phone and is offered as soon as the phone asks for texts again", async (t) => {
  const { stage, user, phone } = await openWithPhone();
  stage.now += 31 * 60_000;
  const id = await stage.submit({ user });
  await stage.settle();
  t.is((await stage.message(id)).error, 'the phone has not asked for texts lately');
  await stage.outboxRound(phone);
  await stage.settle();
  t.is(await stage.state(id), 'offered');
});

test("a gateway of type activesync sends through its user's elected phone, and both mailboxes keep the text once", async (t) => {
  const { stage, user: owner, phone } = await openWithPhone();
  const sender = await stage.addUser('bob@example.com');
  await stage.addGateway('shared', { user: 'ada@example.com' }, { type: 'activesync' });
  const id = await stage.submit({ user: sender, gateway: 'shared' });
  await stage.settle();
  const { state, gateway, deviceId } = await stage.message(id);
  t.deepEqual({ state, gateway, deviceId }, { state: 'offered', gateway: 'shared', deviceId: phone.id });
  const [item] = await stage.fetch(phone);
  await stage.confirm(phone, item!, 'add');
  await stage.settle();
  t.is(await stage.state(id), 'sent');
  t.is((await stage.items(owner, FolderType.SentItems)).length, 1);
  t.is((await stage.items(sender, FolderType.SentItems)).length, 1);
});

test('a text pinned to a gateway whose phone is away waits for that phone and no other way', async (t) => {
  const { stage, phone } = await openWithPhone();
  const sender = await stage.addUser('bob@example.com');
  await stage.addElectedPhone(sender, 'PHONE2');
  await stage.addGateway('shared', { user: 'ada@example.com' }, { type: 'activesync' });
  await stage.addGateway('loop');
  await stage.changePhone(phone, { state: 'quarantined' });
  const id = await stage.submit({ user: sender, gateway: 'shared' });
  await stage.settle();
  t.is((await stage.message(id)).error, 'gateway shared: the phone is not allowed');
  await stage.changePhone(phone, { state: 'allowed' });
  await stage.outboxRound(phone);
  stage.store.changes.publish({ topic: 'device', userId: phone.userId });
  await stage.settle();
  t.is(await stage.state(id), 'offered');
  t.is((await stage.offeredTo(phone)).length, 1);
});

test('a gateway of type activesync without such a user, or without an elected phone, says so', async (t) => {
  const stage = await openStage();
  await stage.addUser('ada@example.com');
  await stage.addGateway('none', { user: 'nobody@example.com' }, { type: 'activesync' });
  await stage.addGateway('yet', { user: 'ada@example.com' }, { type: 'activesync' });
  const ids = [await stage.submit({ gateway: 'none' }), await stage.submit({ gateway: 'yet' })];
  await stage.settle();
  const reasons = await Promise.all(ids.map(async (id) => (await stage.message(id)).error));
  t.deepEqual(reasons, [
    'gateway none: there is no user with the address the gateway names',
    'gateway yet: no phone of this user was elected',
  ]);
});
