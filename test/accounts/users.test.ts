import test from 'ava';
import { smsAccessOf } from '../../src/accounts/access.js';
import { deleteDevice, findDevice, patchDevice } from '../../src/accounts/devices.js';
import { deleteDomain, findDomain, patchDomain, replaceDomain } from '../../src/accounts/domains.js';
import { deleteUser, findUser, patchUser, putUser } from '../../src/accounts/users.js';
import { announceStateChange } from '../../src/message/notice.js';
import type { Change } from '../../src/store/changes.js';
import { ensureDevice } from '../../src/store/devices.js';
import { addItem, removeItem } from '../../src/store/items.js';
import { listFolders } from '../../src/store/mailboxes.js';
import { openSqlite } from '../../src/store/open.js';

const now = 1_800_000_000_000;
const ada = 'ada@example.com';
const judging = { defaultState: 'allowed' as const, tell: announceStateChange, now };

async function setUp() {
  const store = await openSqlite(':memory:');
  const { user } = await putUser(store, ada, { now });
  return { store, user };
}

test('refuses an address that is none, or that log-in names could not tell apart', async (t) => {
  const { store } = await setUp();
  const bad = ['', 'ada', '@example.com', 'ada@', 'a b@example.com', 'a%b@example.com', 'a/b@example.com', 'a\\b@c.de'];
  for (const address of [...bad, 'a:b@example.com', `${'a'.repeat(65)}@example.com`, 'ada@-example.com', 'a@b..c'])
    await t.throwsAsync(putUser(store, address, { now }), { code: 'BAD_ADDRESS' }, address);
});

test('refuses an empty password and one that could never be verified', async (t) => {
  const { store } = await setUp();
  await t.throwsAsync(patchUser(store, ada, { password: '' }), { code: 'BAD_PASSWORD' });
  await t.throwsAsync(patchUser(store, ada, { password: 'x'.repeat(1025) }), { code: 'BAD_PASSWORD' });
});

test('gives an address or alias to one user only, and leaves nothing of a refused change', async (t) => {
  const { store } = await setUp();
  await patchUser(store, ada, { aliases: ['countess'] });
  await putUser(store, 'bob@example.com', { now });
  await t.throwsAsync(putUser(store, 'countess@example.com', { now }), { code: 'ADDRESS_TAKEN' });
  const refused = patchUser(store, 'bob@example.com', { displayName: 'Bob', aliases: ['ada@example.com'] });
  await t.throwsAsync(refused, { code: 'ADDRESS_TAKEN' });
  t.is((await findUser(store, 'bob@example.com')).displayName, null);
  await t.throwsAsync(patchUser(store, 'bob@example.com', { aliases: ['not an alias'] }), { code: 'BAD_ADDRESS' });
});

test('knows no user, domain or device that is not there', async (t) => {
  const { store } = await setUp();
  await t.throwsAsync(patchUser(store, 'bob@example.com', {}), { code: 'NO_SUCH_USER' });
  await t.throwsAsync(deleteUser(store, 'bob@example.com'), { code: 'NO_SUCH_USER' });
  await t.throwsAsync(patchDomain(store, 'example.org', {}), { code: 'NO_SUCH_DOMAIN' });
  await t.throwsAsync(replaceDomain(store, 'no domain', {}), { code: 'BAD_DOMAIN' });
  await t.throwsAsync(findDevice(store, { address: ada, deviceId: 'd1' }), { code: 'NO_SUCH_DEVICE' });
  await t.throwsAsync(deleteDevice(store, { address: 'bob@example.com', deviceId: 'd1' }), { code: 'NO_SUCH_USER' });
});

test('keeps a domain as long as it has users', async (t) => {
  const { store } = await setUp();
  await t.throwsAsync(deleteDomain(store, 'example.com'), { code: 'DOMAIN_IN_USE' });
  await deleteUser(store, ada);
  await deleteDomain(store, 'Example.com');
  await t.throwsAsync(findDomain(store, 'example.com'), { code: 'NO_SUCH_DOMAIN' });
});

test('makes a user with a mailbox and, for the first of a domain, the domain', async (t) => {
  const { store, user } = await setUp();
  t.is((await findDomain(store, 'example.com')).smsAccess, 'allowed');
  const names = (await listFolders(store, user.id)).map((folder) => folder.name);
  t.deepEqual(names, ['Inbox', 'Drafts', 'Deleted Items', 'Sent Items', 'Outbox']);
});

test('replaces what stood there, but neither the mailbox nor a password that is not given', async (t) => {
  const { store, user } = await setUp();
  const first = { password: 'right', displayName: 'Ada', aliases: ['countess'], admin: true };
  const before = await putUser(store, ada, { ...first, now });
  const after = await putUser(store, 'ADA@example.com', { phoneNumber: '+447700900123', now });
  t.false(after.isNew);
  t.is(after.user.id, user.id);
  t.is(after.user.passwordHash, before.user.passwordHash);
  t.like(after.user, { displayName: null, phoneNumber: '+447700900123', aliases: [], admin: false });
  await t.throwsAsync(findUser(store, 'countess@example.com'), { code: 'NO_SUCH_USER' });
});

test('removes a user with everything in the mailbox', async (t) => {
  const { store, user } = await setUp();
  const [inbox] = await listFolders(store, user.id);
  await store.transact(function* (tx) {
    const item = {
      userId: user.id,
      folderId: inbox!.id,
      class: 'SMS',
      from: 'a',
      to: 'b',
      text: 'c',
      date: now,
    } as const;
    yield* addItem(tx, item);
    yield* removeItem(tx, yield* addItem(tx, item));
  });
  await deleteUser(store, ada);
  const { items, tombstones, addresses } = store.tables;
  for (const table of [items, tombstones, addresses]) t.deepEqual(await store.db.select().from(table), []);
});

test('tells of each change that somebody may have remembered otherwise', async (t) => {
  const { store, user } = await setUp();
  const heard: Change[] = [];
  store.changes.listen('access', (change) => heard.push(change));
  const device = { userId: user.id, deviceId: 'd1', type: 'T', protocolVersion: '16.1', userAgent: null, now };
  const { id: deviceRow } = await store.transact((tx) => ensureDevice(tx, { ...device, state: 'allowed' }));
  await patchDevice(store, { address: ada, deviceId: 'd1' }, { state: 'blocked', ...judging });
  await deleteDevice(store, { address: ada, deviceId: 'd1' });
  await patchDomain(store, 'example.com', { smsAccess: 'denied' });
  await patchUser(store, ada, { smsAccess: 'allowed' });
  await deleteUser(store, ada);
  const ofUser = { topic: 'access', userId: user.id };
  const ofDevice = { ...ofUser, deviceRow };
  t.deepEqual(heard, [ofDevice, ofDevice, ofUser, ofUser, ofUser] as Change[]);
});

test('sets the state of a device', async (t) => {
  const { store, user } = await setUp();
  const device = { userId: user.id, deviceId: 'D1', type: 'T', protocolVersion: '16.1', userAgent: null, now };
  await store.transact((tx) => ensureDevice(tx, { ...device, state: 'quarantined' }));
  const name = { address: ada, deviceId: 'D1' };
  const { device: patched } = await patchDevice(store, name, { state: 'allowed', ...judging });
  t.like(patched, { state: 'allowed', stateSource: 'administrator' });
  t.like((await findDevice(store, name)).device, { state: 'allowed', stateSource: 'administrator' });
});

test("takes the user's own access before the domain's", (t) => {
  t.is(smsAccessOf({ smsAccess: 'inherit' }, undefined), 'allowed');
  t.is(smsAccessOf({ smsAccess: 'inherit' }, { smsAccess: 'denied' }), 'denied');
  t.is(smsAccessOf({ smsAccess: 'allowed' }, { smsAccess: 'denied' }), 'allowed');
  t.is(smsAccessOf({ smsAccess: 'denied' }, { smsAccess: 'allowed' }), 'denied');
});
