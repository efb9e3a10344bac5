import test from 'ava';
import { putUser } from '../../src/accounts/users.js';
import { announceStateChange, announceWiped, quarantineNotice } from '../../src/message/notice.js';
import { ensureDevice } from '../../src/store/devices.js';
import { openSqlite } from '../../src/store/open.js';
import type { Device } from '../../src/store/tables.js';

const now = 1_800_000_000_000;

async function setUp(change: Partial<Device> = {}) {
  const store = await openSqlite(':memory:');
  const { user } = await putUser(store, 'ada@example.com', { now });
  await putUser(store, 'root@example.com', { admin: true, now });
  const { deviceId = 'D1' } = change;
  const row = { userId: user.id, deviceId, type: 'T', protocolVersion: '16.1', userAgent: null, now };
  const device = await store.transact((tx) => ensureDevice(tx, { ...row, state: 'quarantined' }));
  const letters = async () => store.db.select().from(store.tables.items);
  return { store, user, device: { ...device, ...change }, letters };
}

test('what a device says of itself is one short line, and no command of a shell', async (t) => {
  const deviceId = "x';reboot;'";
  const { store, user, device, letters } = await setUp({
    deviceId,
    model: `M\r\nUser: root@example.com\u2028${'x'.repeat(5000)}`,
  });
  await store.transact((tx) => announceStateChange(tx, { user, device, before: undefined, now }));
  const [, toRoot] = await letters();
  t.true(toRoot!.text.includes(`easms device allow ada@example.com 'x'\\'';reboot;'\\'''`));
  t.deepEqual(
    toRoot!.text.split('\n').filter((line) => line.startsWith('User: ')),
    ['User: ada@example.com'],
  );
  t.true(toRoot!.text.length < 1200);
});

test('tells nobody of a device that is blocked, or allowed without having waited', async (t) => {
  const { store, user, device, letters } = await setUp();
  for (const [state, before] of [
    ['blocked', 'quarantined'],
    ['blocked', undefined],
    ['allowed', 'blocked'],
    ['allowed', undefined],
  ] as const)
    await store.transact((tx) => announceStateChange(tx, { user, device: { ...device, state }, before, now }));
  t.deepEqual(await letters(), []);
});

test('says what was wiped, and that it was although the order had been taken back', async (t) => {
  const { store, user, device, letters } = await setUp();
  for (const wipe of ['device', 'account', 'none'] as const)
    await store.transact((tx) => announceWiped(tx, { user, device: { ...device, wipe }, now }));
  const texts = (await letters()).filter(({ userId }) => userId === user.id).map(({ text }) => text);
  t.regex(texts[0]!, /deleted all data on it\.\nThe phone stays out/);
  t.regex(texts[1]!, /deleted the account and its data on it\.\nThe phone stays out/);
  t.regex(texts[2]!, /cancelled/);
});

test('the notice on the device names the device and promises that nothing is lost', async (t) => {
  const { device } = await setUp({ friendlyName: 'Work\u0007phone' });
  const { subject, text } = quarantineNotice(device);
  t.is(subject, 'This device is not allowed yet');
  t.regex(text, /not shown on Work phone \(device D1\)[\s\S]*Nothing is lost/);
});
