import test from 'ava';
import { AccountError } from '../../src/accounts/errors.js';
import { limits } from '../../src/accounts/limits.js';
import { Lockout } from '../../src/accounts/lockout.js';
import { networkOf } from '../../src/accounts/network-of.js';

const start = 1_800_000_000_000;
const home = '192.0.2.1';

function openLockout() {
  const lockout = new Lockout();
  let n = 0;
  const guess = (name: string, address: string | undefined, digest = `wrong ${++n}`) => ({ name, address, digest });
  const wrong = (name: string, address?: string, { now = start, digest }: { now?: number; digest?: string } = {}) => {
    const tried = guess(name, address, digest);
    lockout.begin(tried, now);
    lockout.fail(tried);
  };
  const right = (name: string, address: string, now = start) => {
    const tried = guess(name, address, `right ${name}`);
    lockout.begin(tried, now);
    lockout.succeed(tried, now);
  };
  return { wrong, right };
}

const lockedOut = { instanceOf: AccountError, code: 'LOCKED_OUT' };

test('locks out whoever guesses from one address after ten, and takes one more each half a minute', (t) => {
  const { wrong } = openLockout();
  for (let n = 0; n < limits.wrongOfPair.burst; n++) wrong('ada', home);
  const error = t.throws<AccountError>(() => wrong('ada', home), lockedOut);
  t.is(error.retryAfterSeconds, 30);
  t.throws(() => wrong('ada', home, { now: start + 29_000 }), lockedOut);
  t.notThrows(() => wrong('ada', home, { now: start + 30_000 }));
  t.throws(() => wrong('ada', home, { now: start + 31_000 }), lockedOut);
});

test('locks out whoever guesses one name from everywhere after at most 40', (t) => {
  const { wrong } = openLockout();
  let taken = 0;
  t.throws(() => {
    for (; taken < 41; taken++) wrong('ada', `192.0.2.${taken}`);
  }, lockedOut);
  t.true(taken <= 40);
});

test('lets through from anywhere, at any time, whoever had the right password before', (t) => {
  const { wrong, right } = openLockout();
  right('ada', home);
  t.throws(() => {
    for (let n = 0; n < 41; n++) wrong('ada', home);
  }, lockedOut);
  t.throws(() => {
    for (let n = 0; n < 41; n++) wrong('ada', `198.51.100.${n}`);
  }, lockedOut);
  for (let n = 0; n < 100; n++) right('ada', home);
  right('ada', '203.0.113.9');
});

test('does not let others suffer', (t) => {
  const { wrong, right } = openLockout();
  t.throws(() => {
    for (let n = 0; n < 41; n++) wrong('ada', home);
  }, lockedOut);
  t.notThrows(() => right('bob', home));
  t.notThrows(() => wrong('carl', home));
});

test('counts the same wrong password once against the name, and bounds it by itself', (t) => {
  const { wrong, right } = openLockout();
  t.throws(() => {
    for (let n = 0; n < 41; n++) wrong('ada', home, { digest: 'the old password' });
  }, lockedOut);
  t.notThrows(() => right('ada', home), 'the new password, typed into the same phone');
});

test('bounds one password that is tried on everybody from one address', (t) => {
  const { wrong } = openLockout();
  t.throws(() => {
    for (let n = 0; n < 1000; n++) wrong(`user ${n}`, home);
  }, lockedOut);
  t.notThrows(() => wrong('user 1', '198.51.100.7'));
});

test('counts what is being tried as wrong, so that many at once are no way around', (t) => {
  const lockout = new Lockout();
  const begin = (n: number) => lockout.begin({ name: 'ada', address: home, digest: String(n) }, start);
  for (let n = 0; n < limits.wrongOfPair.burst; n++) begin(n);
  t.throws(() => begin(99), lockedOut);
  lockout.abandon({ name: 'ada', address: home, digest: '0' }, start);
  t.notThrows(() => begin(100));
});

test('counts a familiar place by itself, so that guesses from elsewhere do not lock it out', (t) => {
  const lockout = new Lockout();
  let n = 0;
  const begin = (address: string, familiar?: string) =>
    lockout.begin({ name: 'ada', address, digest: String(n++), familiar }, start);
  for (let host = 0; host < 40; host++)
    try {
      begin(`198.51.100.${host}`);
    } catch {
      // Locked out, as it should be.
    }
  t.throws(() => begin(home), lockedOut);
  for (let tries = 0; tries < limits.wrongOfPair.burst; tries++) begin(home, 'device:PHONE');
  t.throws(() => begin(home, 'device:PHONE'), lockedOut, 'whoever guesses there is bounded as well');
  t.notThrows(() => begin(home, 'device:TABLET'));
});

test('takes all addresses of one IPv6 network for one, and an IPv4 address for itself however it is written', (t) => {
  const rows = {
    '192.0.2.1': '192.0.2.1',
    '::ffff:192.0.2.1': '192.0.2.1',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
    '2001:DB8:1:2::7': '2001:db8:1:2::/64',
    '2001:db8::7': '2001:db8:0:0::/64',
    'fe80::1%eth0': 'fe80:0:0:0::/64',
    '::1': '0:0:0:0::/64',
    '1:2:3::': '1:2:3:0::/64',
    '0001:02:0:0:5:6:192.0.2.1': '1:2:0:0::/64',
    'no address': 'no address',
  };
  t.deepEqual(Object.fromEntries(Object.keys(rows).map((address) => [address, networkOf(address)])), rows);
});
