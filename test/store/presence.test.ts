import test from 'ava';
import { getDeviceRow } from '../../src/store/devices.js';
import type { Store } from '../../src/store/open.js';
import { defaultSettings, type Settings } from '../../src/store/settings.js';
import type { Device } from '../../src/store/tables.js';
import { run } from '../../src/store/transaction.js';
import { addDevice, addUser, freshStore, now } from './fresh-store.js';

async function scene(): Promise<{
  store: Store;
  device: Device;
  onDisk: () => Promise<Device>;
  commits: () => number;
}> {
  const store = await freshStore();
  const device = await addDevice(store, await addUser(store));
  let count = 0;
  const transact = store.transact.bind(store);
  store.transact = (body) => (count++, transact(body));
  const onDisk = async (): Promise<Device> => (await store.read((session) => getDeviceRow(session, device.id)))!;
  return { store, device, onDisk, commits: () => count };
}

test('a device that is seen costs no write until the minute is over', async (t) => {
  const { store, device, onDisk, commits } = await scene();
  for (let n = 1; n <= 100; n++) store.presence.seen(device.id, now + n);
  t.is(commits(), 0);
  t.is((await onDisk()).lastSeen, now);
  t.is(store.presence.lastSeen(device), now + 100);
  await store.presence.flush(store);
  t.is(commits(), 1);
  t.like(await onDisk(), { lastSeen: now + 100, lastOutboxSync: null });
  await store.presence.flush(store);
  t.is(commits(), 1);
});

test('a round over Outbox is remembered in memory and on disk', async (t) => {
  const { store, device, onDisk } = await scene();
  t.is(store.presence.lastOutboxSync(device, now), undefined);
  store.presence.outboxRound(device.id, now + 1);
  store.presence.seen(device.id, now + 2);
  t.is(store.presence.lastOutboxSync(device, now + 9), now + 1);
  await store.presence.flush(store);
  t.is((await onDisk()).lastOutboxSync, now + 1);
  t.is(store.presence.lastOutboxSync(await onDisk(), now + 9), now + 1);
});

test('a held round counts as now until it ends, and its end is on disk when it is released', async (t) => {
  const { store, device, onDisk } = await scene();
  store.presence.holdOutbox(device.id, now);
  store.presence.holdOutbox(device.id, now + 1);
  await store.presence.flush(store);
  t.is(store.presence.lastOutboxSync(device, now + 500), now + 500);
  await store.presence.releaseOutbox(store, device.id, now + 600);
  t.is(store.presence.lastOutboxSync(device, now + 700), now + 700);
  await store.presence.releaseOutbox(store, device.id, now + 800);
  t.is(store.presence.lastOutboxSync(device, now + 900), now + 800);
  t.is((await onDisk()).lastOutboxSync, now + 800);
});

test('the ends of many holds are one write, and none where they were written meanwhile', async (t) => {
  const { store, device, onDisk, commits } = await scene();
  const other = await addDevice(store, device.userId, 'PHONE2');
  const before = commits();
  for (const { id } of [device, other]) store.presence.holdOutbox(id, now);
  await Promise.all([device, other].map(({ id }) => store.presence.releaseOutbox(store, id, now + 5)));
  t.is(commits(), before + 1);
  t.is((await onDisk()).lastOutboxSync, now + 5);
  store.presence.holdOutbox(device.id, now + 6);
  const released = store.presence.releaseOutbox(store, device.id, now + 7);
  await store.presence.flush(store);
  await released;
  t.is(commits(), before + 2);
  t.is((await onDisk()).lastOutboxSync, now + 7);
});

test('what a failed commit did not take is written by the next', async (t) => {
  const { store, device, onDisk } = await scene();
  const transact = store.transact.bind(store);
  store.presence.outboxRound(device.id, now + 1);
  store.transact = () => Promise.reject(new Error('full'));
  await t.throwsAsync(store.presence.flush(store));
  store.transact = transact;
  await store.presence.flush(store);
  t.is((await onDisk()).lastOutboxSync, now + 1);
});

test('closing writes what is in memory', async (t) => {
  const { store, device, commits } = await scene();
  store.presence.seen(device.id, now + 1);
  await store.close();
  t.is(commits(), 1);
});

test('settings that an older version wrote get the defaults of what it did not know', async (t) => {
  const store = await freshStore();
  const { settings } = store.tables;
  await store.transact(function* (tx) {
    yield* run(tx.db.insert(settings).values({ name: 'server', value: { device: { offerTimeoutMinutes: 1 } } }));
  });
  await store.settings.load(store);
  t.deepEqual(store.settings.current, {
    ...defaultSettings,
    device: { ...defaultSettings.device, offerTimeoutMinutes: 1 },
  });
});

test('who hears that settings changed reads the new ones', async (t) => {
  const store = await freshStore();
  const heard: Settings[] = [];
  store.changes.listen('settings', () => heard.push(store.settings.current));
  const changed = { ...defaultSettings, expireMinutes: 5 };
  await store.settings.save(store, changed);
  t.deepEqual(heard, [changed]);
  await store.settings.load(store);
  t.is(store.settings.current.expireMinutes, 5);
});

test('settings that were not written do not hold', async (t) => {
  const store = await freshStore();
  store.transact = () => Promise.reject(new Error('full'));
  await t.throwsAsync(store.settings.save(store, { ...defaultSettings, expireMinutes: 5 }));
  t.deepEqual(store.settings.current, defaultSettings);
});
