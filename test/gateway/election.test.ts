import test from 'ava';
import { elect, Election } from '../../src/gateway/election.js';
import { getElected } from '../../src/store/elected.js';
import { FolderType } from '../../src/store/mailboxes.js';
import type { DeviceChange } from '../../src/store/devices.js';
import type { Device, User } from '../../src/store/tables.js';
import { minute, openStage, start, type Stage } from './stage.js';

const set = 'New SMS gateway is set';
const none = 'No SMS gateway is set';

async function openWithUser(): Promise<{ stage: Stage; user: User }> {
  const stage = await openStage();
  return { stage, user: await stage.addUser('ada@example.com') };
}

async function elected(stage: Stage, user: User): Promise<string | undefined> {
  return (await stage.store.read((session) => getElected(session, user.id)))?.device?.deviceId;
}

const unfit: [string, DeviceChange][] = [
  ['blocked', { state: 'blocked' }],
  ['quarantined', { state: 'quarantined' }],
  ['not willing to send', { enableOutboundSms: false }],
];

for (const [words, change] of unfit) {
  test(`a phone that is ${words} is not elected, and no mail says so`, async (t) => {
    const { stage, user } = await openWithUser();
    const phone = await stage.addPhone(user, 'PHONE1', change);
    await stage.outboxRound(phone);
    t.is(await elected(stage, user), undefined);
    t.deepEqual(await stage.subjects(user), []);
  });

  test(`an active phone that is ${words} loses its place at the next trigger, with one mail`, async (t) => {
    const { stage, user } = await openWithUser();
    const phone = await stage.addPhone(user, 'PHONE1');
    await stage.outboxRound(phone);
    await stage.changePhone(phone, change);
    t.is(await elected(stage, user), 'PHONE1', 'nothing elects but a trigger');
    await elect(stage.services, user.id);
    await elect(stage.services, user.id);
    t.is(await elected(stage, user), undefined);
    t.deepEqual(await stage.subjects(user), [set, none]);
  });
}

test('a phone that never asked for texts in Outbox is not elected', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addPhone(user, 'PHONE1', { lastOutboxSync: null });
  await elect(stage.services, user.id);
  t.is(await elected(stage, user), undefined);
  t.deepEqual(await stage.subjects(user), []);
});

test('a round over Outbox elects the first phone, with one mail that names it', async (t) => {
  const { stage, user } = await openWithUser();
  const phone = await stage.addPhone(user, 'PHONE1', { model: 'Galaxy', lastOutboxSync: null });
  await stage.outboxRound(phone);
  await stage.outboxRound(phone);
  t.is(await elected(stage, user), 'PHONE1');
  t.deepEqual(await stage.subjects(user), [set]);
  const [mail] = await stage.items(user, FolderType.Inbox);
  t.like(mail, { class: 'Email', from: 'postmaster@example.com', to: 'ada@example.com' });
  t.true(mail!.text.includes('Galaxy') && mail!.text.includes('PHONE1'));
  t.is((await stage.store.read((session) => getElected(session, user.id)))?.since, start);
});

test('a valid active phone is not replaced by a better one', async (t) => {
  const { stage, user } = await openWithUser();
  const first = await stage.addPhone(user, 'PHONE1', { lastOutboxSync: null });
  await stage.outboxRound(first);
  stage.now += 29 * minute;
  const second = await stage.addPhone(user, 'PHONE2', { lastOutboxSync: null });
  await stage.outboxRound(second);
  t.is(await elected(stage, user), 'PHONE1');
  t.deepEqual(await stage.subjects(user), [set]);
});

test('a phone that vanished is replaced when another takes a round, not before', async (t) => {
  const { stage, user } = await openWithUser();
  const first = await stage.addPhone(user, 'PHONE1', { lastOutboxSync: null });
  await stage.outboxRound(first);
  const second = await stage.addPhone(user, 'PHONE2', { lastOutboxSync: null });
  stage.now += 31 * minute;
  await stage.settle();
  t.is(await elected(stage, user), 'PHONE1');
  await stage.outboxRound(second);
  t.is(await elected(stage, user), 'PHONE2');
  t.deepEqual(await stage.subjects(user), [set, set]);
  await stage.outboxRound(first);
  t.is(await elected(stage, user), 'PHONE2', 'the first one comes back too late');
});

test('a phone held open on Outbox is valid however long that lasts', async (t) => {
  const { stage, user } = await openWithUser();
  const phone = await stage.addPhone(user, 'PHONE1', { lastOutboxSync: null });
  stage.store.presence.holdOutbox(phone.id, stage.now);
  await elect(stage.services, user.id);
  stage.now += 59 * minute;
  const second = await stage.addPhone(user, 'PHONE2');
  await stage.outboxRound(second);
  t.is(await elected(stage, user), 'PHONE1');
});

test('of several candidates the most recently active one is elected', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addPhone(user, 'PHONE1', { lastOutboxSync: start - 2 * minute });
  await stage.addPhone(user, 'PHONE2', { lastOutboxSync: start - minute });
  await stage.addPhone(user, 'PHONE3', { lastOutboxSync: start - minute });
  await elect(stage.services, user.id);
  t.is(await elected(stage, user), 'PHONE2');
});

test('an active phone that was deleted gives its place to the next, or up', async (t) => {
  const { stage, user } = await openWithUser();
  const phone = await stage.addPhone(user, 'PHONE1');
  await stage.outboxRound(phone);
  const { db, tables } = stage.store;
  await db.delete(tables.devices);
  await elect(stage.services, user.id);
  t.deepEqual(await stage.subjects(user), [set, none]);
  await stage.outboxRound(await stage.addPhone(user, 'PHONE2'));
  t.is(await elected(stage, user), 'PHONE2');
  t.deepEqual(await stage.subjects(user), [set, none, set]);
});

test('each user has an active phone of their own', async (t) => {
  const { stage, user } = await openWithUser();
  const other = await stage.addUser('bob@example.com');
  await stage.outboxRound(await stage.addPhone(user, 'PHONE1'));
  await stage.outboxRound(await stage.addPhone(other, 'PHONE2'));
  t.is(await elected(stage, user), 'PHONE1');
  t.is(await elected(stage, other), 'PHONE2');
});

test('texts that waited are due as soon as a phone is elected', async (t) => {
  const { stage, user } = await openWithUser();
  const phone: Device = await stage.addPhone(user, 'PHONE1', { lastOutboxSync: null });
  const id = await stage.submit({ user });
  await stage.settle();
  t.is((await stage.message(id)).error, 'no phone was elected and no gateway is active');
  await stage.outboxRound(phone);
  await stage.settle();
  t.is(await stage.state(id), 'offered');
});

test('a started election runs on device announcements alone, several at once as one', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addPhone(user, 'PHONE1');
  const election = new Election(stage.services);
  election.start();
  stage.store.changes.publish({ topic: 'access', userId: user.id });
  stage.store.changes.publish({ topic: 'queue' });
  for (let n = 0; n < 5; n++) stage.store.changes.publish({ topic: 'device', userId: user.id });
  stage.store.changes.publish({ topic: 'device', userId: user.id + 1 });
  await election.stop();
  t.is(await elected(stage, user), 'PHONE1');
  t.deepEqual(await stage.subjects(user), [set]);
  stage.store.changes.publish({ topic: 'device', userId: user.id });
  await election.stop();
});
