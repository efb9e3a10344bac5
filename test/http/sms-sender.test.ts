import test, { type ExecutionContext } from 'ava';
import type { InjectOptions } from 'fastify';
import { patchUser, putUser } from '../../src/accounts/users.js';
import { Metrics } from '../../src/http/metrics.js';
import { openTrustedNetworks } from '../../src/http/trusted-networks.js';
import { findMessage } from '../../src/store/messages.js';
import { ada, number, password, setUp, start, text } from './set-up.js';

const inside = '10.1.2.3';

/** A server that believes 10.0.0.0/8. */
async function openInside(t: ExecutionContext) {
  const metrics = new Metrics();
  const server = await setUp(t, { metrics, trustedNetworks: openTrustedNetworks(['10.0.0.0/8']) });
  const ask = (parameters: Record<string, string>, more: InjectOptions = {}) =>
    server.app.inject({
      url: `/sms/?${new URLSearchParams({ number, data: text, ...parameters }).toString()}`,
      remoteAddress: inside,
      ...more,
    });
  const ignored = async () => /^easms_authenticated_ignored_total (\d+)$/m.exec(await metrics.write())?.[1];
  return { ...server, ask, ignored };
}

test('ignores authenticated=1 from outside, and counts it', async (t) => {
  const { ask, ignored } = await openInside(t);
  const outside = ['127.0.0.1', '192.168.7.7', '::1', '::ffff:11.0.0.1', 'fe80::1%eth0'];
  for (const remoteAddress of outside) {
    const nobody = await ask({ authenticated: '1', user: ada }, { remoteAddress });
    t.regex(nobody.payload, /^ERROR authentication-required /, remoteAddress);
    t.regex((await ask({ authenticated: '1' }, { remoteAddress })).payload, /^ERROR authentication-required /);
    const known = await ask({ authenticated: '1', user: ada, pass: password }, { remoteAddress });
    t.is(known.statusCode, 200);
  }
  t.is(await ignored(), String(outside.length * 3));
});

test('ignores it where nobody is trusted', async (t) => {
  const { app } = await setUp(t);
  const url = `/sms/?number=%2B1555&data=Hi&authenticated=1`;
  t.regex((await app.inject({ url, remoteAddress: '127.0.0.1' })).payload, /^ERROR authentication-required /);
});

test('ignores it from a proxy that speaks for somebody else', async (t) => {
  const { ask, ignored } = await openInside(t);
  for (const headers of [{ 'x-forwarded-for': '10.0.0.1' }, { forwarded: 'for=10.0.0.1' }, { 'x-real-ip': '10.0.0.1' }])
    t.is((await ask({ authenticated: '1' }, { headers })).statusCode, 401);
  t.is(await ignored(), '3');
});

test('asks for name and password where authenticated is 0 or empty, from wherever it comes', async (t) => {
  const { ask, ignored } = await openInside(t);
  for (const authenticated of ['0', '', 'false'])
    t.regex((await ask({ authenticated, user: ada })).payload, /^ERROR authentication-required /);
  t.regex((await ask({ authenticated: '1', user: 'nobody@example.com' })).payload, /^ERROR bad-credentials /);
  t.is((await ask({ authenticated: '1' }, { headers: { authorization: 'Basic eDp5' } })).statusCode, 401);
  t.is(await ignored(), '0');
});

test('sends for whom a trusted network names, by each form of the name, without a password', async (t) => {
  const { ask, store } = await openInside(t);
  const bob = await putUser(store, 'bob@example.com', { password: 'of bob', now: start });
  for (const user of ['bob@example.com', 'BOB', 'bob%example.com', 'bob/example.com', 'example.com\\bob']) {
    const answer = await ask({ authenticated: '1', user, pass: 'whatever' });
    t.is((await findMessage(store, answer.payload.slice(3)))?.userId, bob.user.id, user);
  }
  const mapped = await ask({ authenticated: 'true', user: 'bob' }, { remoteAddress: `::ffff:${inside}` });
  t.is(mapped.statusCode, 200);
  const basic = `Basic ${Buffer.from(`${ada}:${password}`).toString('base64')}`;
  const asAda = await ask({ authenticated: '1' }, { headers: { authorization: basic } });
  t.is((await findMessage(store, asAda.payload.slice(3)))?.userId, 1);
});

test('sends for nobody where a trusted network names nobody', async (t) => {
  const { ask, store } = await openInside(t);
  const answer = await ask({ authenticated: '1' });
  t.like(await findMessage(store, answer.payload.slice(3)), { userId: null, warnAt: null, text });
});

test('refuses a user without access also where a trusted network names them', async (t) => {
  const { ask, store } = await openInside(t);
  await patchUser(store, ada, { smsAccess: 'denied' });
  t.regex((await ask({ authenticated: '1', user: ada })).payload, /^ERROR access-denied /);
});

test('refuses what is no address and no network', (t) => {
  for (const wrong of [
    '',
    'example.com',
    '10.0.0.0/33',
    '::1/129',
    '10.0.0/8',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '1.2.3.4.5',
  ])
    t.throws(() => openTrustedNetworks([wrong]), { instanceOf: RangeError }, wrong);
});

test('knows addresses and networks of both families', (t) => {
  const networks = openTrustedNetworks([' 10.0.0.7', '192.168.0.0/16', 'fd00::/8', 'fe80::/10', '203.0.113.0/24']);
  for (const address of ['10.0.0.7', '::ffff:10.0.0.7', '192.168.255.1', 'fd12::1', 'fe80::1%eth0', '203.0.113.9'])
    t.true(networks.has(address), address);
  for (const address of ['10.0.0.8', '192.169.0.1', 'fe00::1', '::1', '', 'unknown'])
    t.false(networks.has(address), address);
  t.true(openTrustedNetworks(['0.0.0.0/0']).has('8.8.8.8'));
});
