import test from 'ava';
import { Credentials } from '../../src/accounts/credentials.js';
import { AccountError } from '../../src/accounts/errors.js';
import { HashQueue } from '../../src/accounts/hash-queue.js';
import { limits } from '../../src/accounts/limits.js';
import { patchUser, putUser, deleteUser } from '../../src/accounts/users.js';
import { replaceDomain } from '../../src/accounts/domains.js';
import { openSqlite, type Store } from '../../src/store/open.js';
import { familiarKeptMilliseconds, keepHouse } from '../../src/store/housekeeping.js';

const start = 1_800_000_000_000;

async function setUp() {
  const store = await openSqlite(':memory:');
  const clock = { now: start };
  const credentials = new Credentials({ store, now: () => clock.now });
  await putUser(store, 'ada@example.com', { password: 'right', now: start });
  return { store, clock, credentials };
}

const basic = (text: string | Buffer) => `Basic ${Buffer.from(text).toString('base64')}`;

test('lets nobody in with a wrong password, an unknown name, or a user without a password', async (t) => {
  const { store, credentials } = await setUp();
  await putUser(store, 'eve@example.com', { now: start });
  t.is(await credentials.verify('ada@example.com', 'wrong'), undefined);
  t.is(await credentials.verify('bob@example.com', 'right'), undefined);
  t.is(await credentials.verify('eve@example.com', ''), undefined);
  t.is(await credentials.verify('eve@example.com', 'a password nobody has'), undefined);
  t.is(await credentials.verify('', ''), undefined);
});

test('answers an over-long name or password at once', async (t) => {
  const { credentials } = await setUp();
  t.is(credentials.verify('a'.repeat(limits.nameCharacters + 1), 'right'), undefined);
  t.is(credentials.verify('ada@example.com', 'x'.repeat(limits.passwordOctets + 1)), undefined);
});

test('refuses an Authorization header that is not one name and password', async (t) => {
  const { credentials } = await setUp();
  t.is(credentials.verifyBasic(undefined), undefined);
  t.is(credentials.verifyBasic(''), undefined);
  t.is(credentials.verifyBasic('Bearer abc'), undefined);
  t.is(credentials.verifyBasic('Basic !!!!'), undefined);
  t.is(credentials.verifyBasic(basic('no colon here')), undefined);
});

test('refuses more waiting passwords than the limit allows', async (t) => {
  const queue = new HashQueue();
  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  const room = limits.runningHashes + limits.waitingHashes;
  const hashes = Array.from({ length: room }, () => queue.run(() => gate));
  const error = await t.throwsAsync(
    queue.run(() => gate),
    { instanceOf: AccountError },
  );
  t.is(error?.code, 'TOO_MANY_REQUESTS');
  release();
  await Promise.all(hashes);
  t.is(await queue.run(async () => 'a turn'), 'a turn');
});

test('gives the place of a hash that fails to the next', async (t) => {
  const queue = new HashQueue();
  const failing = Array.from({ length: limits.runningHashes * 3 }, () => queue.run(() => Promise.reject(new Error())));
  const outcomes = await Promise.allSettled(failing);
  t.true(outcomes.every(({ status }) => status === 'rejected'));
  t.is(await queue.run(async () => 'a turn'), 'a turn');
});

test('remembers what was right, and answers it without waiting', async (t) => {
  const { credentials } = await setUp();
  const user = await credentials.verify('ada@example.com', 'right');
  t.is(user?.address, 'ada@example.com');
  t.is(credentials.verify('ada@example.com', 'right'), user);
  const header = basic('ada@example.com:right');
  t.is((await credentials.verifyBasic(header))?.id, user?.id);
  t.false(credentials.verifyBasic(header) instanceof Promise);
});

test('remembers nothing that was wrong', async (t) => {
  const { credentials } = await setUp();
  await credentials.verify('ada@example.com', 'wrong');
  t.true(credentials.verify('ada@example.com', 'wrong') instanceof Promise);
});

test('verifies the same credentials once, however many ask at the same time', async (t) => {
  const { credentials } = await setUp();
  const asked = Array.from({ length: 20 }, () => credentials.verify('ada@example.com', 'right'));
  t.is(new Set(asked).size, 1);
  t.truthy(await asked[0]);
});

test('forgets after a few minutes', async (t) => {
  const { clock, credentials } = await setUp();
  await credentials.verify('ada@example.com', 'right');
  clock.now += limits.rememberedForMilliseconds;
  const again = credentials.verify('ada@example.com', 'right');
  t.true(again instanceof Promise);
  t.truthy(await again);
});

test('forgets at once when the password changes, and a verification under way is not remembered', async (t) => {
  const { store, credentials } = await setUp();
  await credentials.verify('ada@example.com', 'right');
  await patchUser(store, 'ada@example.com', { password: 'changed' });
  t.is(await credentials.verify('ada@example.com', 'right'), undefined);
  const underWay = credentials.verify('ada@example.com', 'changed');
  await patchUser(store, 'ada@example.com', { displayName: 'Ada' });
  await underWay;
  t.is((await credentials.verify('ada@example.com', 'changed'))?.displayName, 'Ada');
});

test('forgets a deleted user', async (t) => {
  const { store, credentials } = await setUp();
  await credentials.verify('ada@example.com', 'right');
  await deleteUser(store, 'ADA@example.com');
  t.is(await credentials.verify('ada@example.com', 'right'), undefined);
});

test("tells the domain's access and forgets it when the domain changes", async (t) => {
  const { store, credentials } = await setUp();
  const before = await credentials.verify('ada@example.com', 'right');
  t.is(before?.effectiveSmsAccess, 'allowed');
  await replaceDomain(store, 'example.com', { smsAccess: 'denied' });
  const after = await credentials.verify('ada@example.com', 'right');
  t.is(after?.effectiveSmsAccess, 'denied');
  await patchUser(store, 'ada@example.com', { smsAccess: 'allowed' });
  t.is((await credentials.verify('ada@example.com', 'right'))?.effectiveSmsAccess, 'allowed');
});

test('knows a user by every form of the name', async (t) => {
  const { store, credentials } = await setUp();
  await patchUser(store, 'ada@example.com', { aliases: ['countess@Example.org', 'lovelace'] });
  const forms = [
    'Ada@Example.COM',
    'ada',
    'ada%example.com',
    'ada%40example.com',
    'ada/example.com',
    'example.com\\ada',
    'SOMEWHERE\\ada',
    'anything\\ada@example.com',
    'countess@example.org',
    'lovelace@example.com',
    'lovelace',
  ];
  for (const form of forms) t.is((await credentials.verify(form, 'right'))?.address, 'ada@example.com', form);
});

test('does not guess which user a bare name means', async (t) => {
  const { store, credentials } = await setUp();
  await putUser(store, 'ada@example.org', { password: 'right', now: start });
  t.is(await credentials.verify('ada', 'right'), undefined);
  t.is((await credentials.verify('example.org\\ada', 'right'))?.address, 'ada@example.org');
});

test('reads a header in UTF-8 and in Latin-1, with colons in the password', async (t) => {
  const { store, credentials } = await setUp();
  await patchUser(store, 'ada@example.com', { password: 'pä:ss' });
  t.truthy(await credentials.verifyBasic(basic('ada@example.com:pä:ss')));
  t.truthy(await credentials.verifyBasic(basic(Buffer.from('ada@example.com:pä:ss', 'latin1'))));
  t.truthy(await credentials.verifyBasic(basic('ada:pä:ss').replace('Basic', 'basic')));
});

const lockedOut = { instanceOf: AccountError, code: 'LOCKED_OUT' };
const right = ['ada@example.com', 'right'] as const;

/** The server started again while somebody guesses Ada's password from everywhere. */
async function restartUnderAttack(store: Store, clock: { now: number }): Promise<Credentials> {
  const credentials = new Credentials({ store, now: () => clock.now });
  for (let n = 0; n < 40; n++)
    try {
      await credentials.verify(right[0], `guess ${n}`, { address: `198.51.100.${n}` });
    } catch (error) {
      if (!(error instanceof AccountError)) throw error;
    }
  return credentials;
}

test('knows after a restart from which device and which network somebody logged in', async (t) => {
  const { store, clock, credentials } = await setUp();
  const phone = { address: '203.0.113.1', deviceOf: () => 'PHONE' };
  await credentials.verify(...right, phone);
  await credentials.verify(right[0], 'wrong', { address: '192.0.2.9' });
  clock.now += limits.rememberedForMilliseconds;
  await credentials.verify(...right, { address: '2001:db8::1' });
  await credentials.places.write();
  const again = await restartUnderAttack(store, clock);
  const of = (origin: object) => again.verify(...right, origin);
  await t.throwsAsync(async () => of({}), lockedOut, 'from nowhere');
  await t.throwsAsync(async () => of({ address: '192.0.2.9' }), lockedOut, 'where the password was wrong');
  await t.throwsAsync(async () => of({ address: phone.address }), lockedOut, 'a phone is known by its id alone');
  await t.throwsAsync(async () => of({ address: phone.address, deviceOf: () => 'OTHER' }), lockedOut);
  t.truthy(await of({ address: '192.0.2.77', deviceOf: () => 'PHONE' }), 'the phone, wherever it is');
  const third = await restartUnderAttack(store, clock);
  t.truthy(await third.verify(...right, { address: '2001:db8::2' }), 'the same network');
});

test('bounds who guesses where the name is familiar', async (t) => {
  const { store, clock, credentials } = await setUp();
  const office = { address: '203.0.113.1' };
  await credentials.verify(...right, office);
  await credentials.places.write();
  const again = await restartUnderAttack(store, clock);
  let taken = 0;
  await t.throwsAsync(async () => {
    for (; taken < 40; taken++) await again.verify(right[0], `from inside ${taken}`, office);
  }, lockedOut);
  t.is(taken, limits.wrongOfPair.burst);
});

test('keeps of each name the latest places, for some months, and none of a user who is gone', async (t) => {
  const { store, clock, credentials } = await setUp();
  const placesOf = async () => (await store.db.select().from(store.tables.familiarPlaces)).map(({ place }) => place);
  for (let n = 0; n < limits.familiarPlaces + 5; n++, clock.now += limits.rememberedForMilliseconds)
    await credentials.verify(...right, { deviceOf: () => `D${n}` });
  await credentials.places.write();
  const places = await placesOf();
  t.is(places.length, limits.familiarPlaces);
  t.deepEqual([places.includes('device:D4'), places.includes('device:D5')], [false, true]);
  await keepHouse(store, start + 5 * limits.rememberedForMilliseconds + familiarKeptMilliseconds + 1);
  t.is((await placesOf()).length, limits.familiarPlaces - 1);
  await deleteUser(store, right[0]);
  t.deepEqual(await placesOf(), []);
});

test('writes a place once a day, and again when it could not be written', async (t) => {
  const { store, clock, credentials } = await setUp();
  const login = async (later: number) => {
    clock.now += later;
    await credentials.verify(...right, { address: '192.0.2.1' });
    await credentials.places.write();
    return (await store.db.select().from(store.tables.familiarPlaces))[0]?.lastSeen;
  };
  const transact = store.transact.bind(store);
  store.transact = () => Promise.reject(new Error('the disk is full'));
  await t.throwsAsync(login(0), { message: 'the disk is full' });
  store.transact = transact;
  t.is(await login(3_600_000), start + 3_600_000);
  t.is(await login(3_600_000), start + 3_600_000);
  t.is(await login(limits.familiarNotedMilliseconds), start + 7_200_000 + limits.familiarNotedMilliseconds);
});
