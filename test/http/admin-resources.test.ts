import test from 'ava';
import { Credentials } from '../../src/accounts/credentials.js';
import { findUser } from '../../src/accounts/users.js';
import { GatewayHealth } from '../../src/gateway/health.js';
import { changeDevice, ensureDevice } from '../../src/store/devices.js';
import { setElected } from '../../src/store/elected.js';
import { addItem } from '../../src/store/items.js';
import { FolderType, getFolderOfType } from '../../src/store/mailboxes.js';
import { listMessages } from '../../src/store/messages.js';
import type { Store } from '../../src/store/open.js';
import { defaultSettings } from '../../src/store/settings.js';
import type { Message } from '../../src/store/tables.js';
import { recordSkippedItem } from '../../src/store/skipped-items.js';
import { ada, authorization, call, type Listed, number, setUp, start, text } from './set-up.js';

async function putDevice(store: Store, deviceId: string) {
  const { id: userId } = await findUser(store, ada);
  const device = { userId, deviceId, type: 'Phone', protocolVersion: '16.1', userAgent: 'Test/1' };
  return store.transact((tx) => ensureDevice(tx, { ...device, state: 'allowed', now: start }));
}

test('makes, changes, lists and removes users, and never gives a password back', async (t) => {
  const { app, store } = await setUp(t);
  const credentials = new Credentials({ store, now: () => start });
  const bob = { password: 'bobs secret', displayName: 'Bob', phoneNumber: number, aliases: ['robert'], admin: true };
  const made = await call(app, ['PUT', '/users/Bob@Example.org'], bob);
  t.is(made.status, 201);
  const shown = {
    address: 'bob@example.org',
    domain: 'example.org',
    displayName: 'Bob',
    hasPassword: true,
    admin: true,
  };
  t.like(made.json, { ...shown, aliases: ['robert'], smsAccess: 'inherit' });
  t.truthy(await credentials.verify('robert', 'bobs secret'));

  const patched = await call(app, ['PATCH', '/users/bob@example.org'], {
    displayName: null,
    admin: null,
    smsAccess: 'denied',
  });
  t.like(patched.json, { displayName: null, phoneNumber: number, admin: false, smsAccess: 'denied' });
  const again = await call(app, ['PUT', '/users/bob@example.org'], { displayName: 'Robert' });
  t.is(again.status, 200);
  t.like(again.json, {
    displayName: 'Robert',
    phoneNumber: null,
    aliases: [],
    hasPassword: true,
    smsAccess: 'inherit',
  });
  t.truthy(await credentials.verify('bob@example.org', 'bobs secret'));
  t.like((await call(app, ['PUT', '/users/carl@example.org'], { aliases: ['bob'] })).json, {
    error: { code: 'address-taken', field: 'aliases' },
  });

  t.is((await call(app, ['GET', '/domains/example.org'])).json['smsAccess'], 'allowed');
  t.is((await call(app, ['DELETE', '/users/bob@example.org'])).status, 204);
  t.is((await call(app, ['GET', '/users/bob@example.org'])).status, 404);
  t.is(await credentials.verify('bob@example.org', 'bobs secret'), undefined);
  const everything = JSON.stringify([made, patched, again, await call(app, ['GET', '/users'])]);
  t.notRegex(everything, /secret|argon2/);
});

test('lists in pages that end', async (t) => {
  const { app } = await setUp(t);
  const names = ['ada', 'bob', 'carl', 'dora', 'eve'];
  for (const name of names.slice(1)) await call(app, ['PUT', `/users/${name}@example.com`], {});
  const seen: unknown[] = [];
  let next: string | null = '';
  let pages = 0;
  while (next !== null) {
    const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
    const page = (await call(app, ['GET', `/users?limit=2${cursor}`])).json as unknown as Listed;
    seen.push(...page.items.map(({ address }) => address));
    next = page.next;
    pages++;
  }
  t.deepEqual(
    seen,
    names.map((name) => `${name}@example.com`),
  );
  t.is(pages, 3);
});

test('changes a domain for everybody in it', async (t) => {
  const { app } = await setUp(t);
  const send = () => call(app, ['POST', '/messages'], { from: ada, to: [number], text });
  t.is((await call(app, ['PATCH', '/domains/Example.com'], { smsAccess: 'denied' })).json['smsAccess'], 'denied');
  t.like((await send()).json, { error: { code: 'access-denied' } });
  t.is((await call(app, ['PUT', '/domains/example.com'], {})).json['smsAccess'], 'allowed');
  t.is((await send()).status, 202);
  const blocked = await call(app, ['PUT', '/domains/example.net'], { deviceDefaultState: 'quarantined' });
  t.like(blocked.json, { name: 'example.net', deviceDefaultState: 'quarantined' });
  t.like((await call(app, ['PATCH', '/domains/example.net'], { deviceDefaultState: null })).json, {
    deviceDefaultState: null,
  });
  t.is(((await call(app, ['GET', '/domains'])).json as unknown as Listed).items.length, 2);
  t.is((await call(app, ['DELETE', '/domains/example.net'])).status, 204);
});

test('sends for a user and tells what became of it', async (t) => {
  const { app, store } = await setUp(t);
  const body = {
    from: ada.toUpperCase(),
    to: [number, '+44 7700 900124'],
    text,
    gateway: 'loop',
    maxmsgs: 2,
    sender: 'Ada',
  };
  const sent = await call(app, ['POST', '/messages'], body);
  t.is(sent.status, 202);
  t.deepEqual(sent.json['ids'], ['m0001', 'm0002']);
  const shown = await call(app, ['GET', '/messages/m0001']);
  t.like(shown.json, { id: 'm0001', state: 'queued', from: ada, to: number, gateway: 'loop', parts: 1, error: null });
  t.deepEqual(shown.json['attempts'], []);
  const { attempts, messages } = store.tables;
  await store.db
    .insert(attempts)
    .values({ messageId: 'm0002', gateway: 'loop', startedAt: start, outcome: 'sent', endedAt: start });
  await store.db.update(messages).set({ state: 'sent' });
  const { items } = (await call(app, ['GET', '/messages?limit=1'])).json as unknown as Listed;
  t.is(items.length, 1);
  t.like(items[0], { id: 'm0002', state: 'sent', to: '+447700900124' });
  t.like(items[0]?.['attempts'], [{ gateway: 'loop', outcome: 'sent', startedAt: new Date(start).toISOString() }]);
});

test('sends octets for a user, and shows all that few messages have', async (t) => {
  const { app } = await setUp(t);
  const more = { pid: 0, dcs: 245, values: ['unicode=1'], reply: ada, expireMinutes: 60, warningMinutes: 1.5 };
  const body = { from: ada, to: [number], text: '+/8=', binary: true, udh: 'BgUEC4Qj8A==', ...more };
  t.deepEqual((await call(app, ['POST', '/messages'], body)).json, { ids: ['m0001'], parts: 1 });
  t.like((await call(app, ['GET', '/messages/m0001'])).json, {
    ...{
      text: '+/8=',
      binary: true,
      udh: 'BQQLhCPw',
      pid: 0,
      dcs: 245,
      values: ['&unicode=1'],
      reply: ada,
      msgid: null,
    },
    expiresAt: new Date(start + 3_600_000).toISOString(),
    warnAt: new Date(start + 90_000).toISOString(),
  });
  await call(app, ['POST', '/messages'], { from: ada, to: [number], text, warningMinutes: 0 });
  const plain = { text, binary: false, udh: null, pid: null, dcs: null, values: [], reply: null, warnAt: null };
  t.like((await call(app, ['GET', '/messages/m0002'])).json, plain);
});

test('gives the first answer to a request that comes again with its key', async (t) => {
  const { app } = await setUp(t);
  const send = (key: string, body: object) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/messages',
      headers: { authorization, 'idempotency-key': key },
      payload: { from: ada, to: [number], text, ...body },
    });
  t.deepEqual((await send('k', {})).json(), { ids: ['m0001'], parts: 1 });
  t.deepEqual((await send('k', {})).json(), { ids: ['m0001'], parts: 1 });
  t.like((await send('k', { text: 'another' })).json(), { error: { code: 'idempotency-conflict' } });
  t.is((await send('', {})).statusCode, 400);
});

test('shows what is on its way, and why it waits', async (t) => {
  const { app, store } = await setUp(t);
  await call(app, ['POST', '/messages'], { from: ada, to: [number, number, number], text });
  const { messages } = store.tables;
  await store.db.update(messages).set({ error: 'no phone of this user was elected' });
  const { items, next } = (await call(app, ['GET', '/queue?limit=2'])).json as unknown as Listed;
  t.is(next, 'm0002');
  t.like(items[0], {
    id: 'm0001',
    state: 'queued',
    from: ada,
    to: number,
    reason: 'no phone of this user was elected',
  });
  await store.db.update(messages).set({ state: 'failed' });
  t.deepEqual((await call(app, ['GET', '/queue'])).json, { items: [], next: null });
});

test('shows a reason for every state of a text on its way, and what holds up its gateway', async (t) => {
  const health = new GatewayHealth();
  const { app, store } = await setUp(t, { health });
  await call(app, ['POST', '/messages'], { from: ada, to: [number], text });
  const { attempts, messages } = store.tables;
  const show = async (change: Partial<Message>) => {
    await store.db.update(messages).set(change);
    return ((await call(app, ['GET', '/queue'])).json as unknown as Listed).items[0];
  };
  t.like(await show({ error: null }), { reason: 'its turn has not come', attempts: 0 });
  t.like(await show({ state: 'offered' }), { reason: 'the phone has not fetched it from its Outbox' });
  await store.db.insert(attempts).values({ messageId: 'm0001', gateway: 'loop', startedAt: start });
  t.like(await show({ state: 'sending' }), { reason: 'the outcome is awaited', attempts: 1 });
  const waited = { state: 'queued', error: 'what it waited for before', gateway: 'loop' } as const;
  t.like(await show(waited), { reason: 'its turn has not come' });
  health.pace('loop', { reason: 'the gateway pauses between two texts', until: start + 5000 });
  t.like(await show(waited), {
    reason: 'the gateway pauses between two texts',
    dueAt: new Date(start + 5000).toISOString(),
    gateway: 'loop',
  });
});

test('tries a gateway, with and without sending', async (t) => {
  const { app, store } = await setUp(t);
  const dry = await call(app, ['POST', '/gateways/loop/test'], { number, text, dryRun: true });
  t.is(dry.status, 200);
  t.like(dry.json, { ids: [], parts: 1, dryRun: true });
  t.deepEqual(await listMessages(store, { limit: 1 }), []);
  t.like((await call(app, ['POST', '/gateways/loop/test'], { number: 'x', text, dryRun: true })).json, {
    error: { code: 'bad-number' },
  });
  t.like((await call(app, ['POST', '/gateways/loop/test'], { number, text: '', dryRun: true })).json, {
    error: { code: 'empty-message' },
  });
  const sent = await call(app, ['POST', '/gateways/loop/test'], { number, text });
  t.is(sent.status, 202);
  t.like(await listMessages(store, { limit: 1 }), [{ pinnedGateway: 'loop', userId: null }]);
});

test('makes, changes and removes gateways', async (t) => {
  const { app } = await setUp(t);
  const made = await call(app, ['PUT', '/gateways/phone'], { type: 'activesync', user: ada, description: 'the phone' });
  t.like(made.json, {
    id: 'phone',
    type: 'activesync',
    user: ada,
    active: true,
    description: 'the phone',
    queued: 0,
    sent: 0,
  });
  t.is(made.json['health'], 'down');
  const off = await call(app, ['PATCH', '/gateways/phone'], { active: false, description: null });
  t.like(off.json, { type: 'activesync', user: ada, active: false, description: null, health: 'down' });
  t.like((await call(app, ['PATCH', '/gateways/phone'], { user: null })).json, { error: { field: 'user' } });
  const loop = await call(app, ['PUT', '/gateways/loop'], { type: 'loopback', delaySeconds: 1, answers: ['refused'] });
  t.like(loop.json, { delaySeconds: 1, answers: ['refused'], health: 'up' });
  t.is(((await call(app, ['GET', '/gateways'])).json as unknown as Listed).items.length, 2);
  t.is((await call(app, ['DELETE', '/gateways/phone'])).status, 204);
  t.is((await call(app, ['GET', '/gateways/phone'])).status, 404);
});

test('shows devices, their state and the elected one', async (t) => {
  const { app, store } = await setUp(t);
  const device = await putDevice(store, 'DeviceIdInMixedCase');
  const path = `/devices/${encodeURIComponent(ada)}/DeviceIdInMixedCase`;
  t.like((await call(app, ['GET', path])).json, {
    user: ada,
    deviceId: 'DeviceIdInMixedCase',
    state: 'allowed',
    activeGateway: false,
  });
  t.deepEqual((await call(app, ['GET', `/users/${ada}/gateway`])).json, { deviceId: null, valid: false, since: null });

  await store.transact(function* (tx) {
    yield* changeDevice(tx, device.id, { enableOutboundSms: true, phoneNumber: number, model: 'M' });
    yield* setElected(tx, device.userId, device.id, start);
  });
  store.presence.outboxRound(device.id, start);
  const since = new Date(start).toISOString();
  t.deepEqual((await call(app, ['GET', `/users/${ada}/gateway`])).json, {
    deviceId: device.deviceId,
    valid: true,
    since,
  });
  const { items } = (await call(app, ['GET', `/devices?user=${ada}`])).json as unknown as Listed;
  t.like(items, [
    { model: 'M', phoneNumber: number, enableOutboundSms: true, lastOutboxSync: since, activeGateway: true },
  ]);

  t.like((await call(app, ['PATCH', path], { state: 'blocked' })).json, { state: 'blocked', activeGateway: true });
  t.like((await call(app, ['GET', `/users/${ada}/gateway`])).json, { deviceId: device.deviceId, valid: false });
  t.is((await call(app, ['DELETE', path])).status, 204);
  t.deepEqual((await call(app, ['GET', '/devices'])).json, { items: [], next: null });
});

test('shows the items that a device was not given, and why', async (t) => {
  const { app, store } = await setUp(t);
  const device = await putDevice(store, 'D1');
  await putDevice(store, 'D2');
  const path = `/devices/${encodeURIComponent(ada)}/D1`;
  t.deepEqual((await call(app, ['GET', `${path}/skipped`])).json, { items: [], next: null });
  const folderId = (await store.read((session) => getFolderOfType(session, device.userId, FolderType.Inbox))).id;
  const ids = await store.transact(function* (tx) {
    const wish = {
      userId: device.userId,
      folderId,
      class: 'SMS',
      from: number,
      to: number,
      text,
      date: start,
    } as const;
    const items = [yield* addItem(tx, wish), yield* addItem(tx, wish)];
    for (const { id } of items)
      yield* recordSkippedItem(tx, { deviceId: device.id, itemId: id, reason: 'TOO_DEEP', now: start });
    return items.map(({ id }) => String(id));
  });
  const skipped = (itemId: string) => ({
    itemId,
    folder: 'inbox',
    reason: 'TOO_DEEP',
    at: new Date(start).toISOString(),
  });
  t.like((await call(app, ['GET', path])).json, { skippedItems: 2 });
  t.like((await call(app, ['GET', `/devices/${encodeURIComponent(ada)}/D2`])).json, { skippedItems: 0 });
  t.deepEqual((await call(app, ['GET', `${path}/skipped?limit=1`])).json, { items: [skipped(ids[0]!)], next: ids[0] });
  const rest = await call(app, ['GET', `${path}/skipped?limit=1&cursor=${ids[0]}`]);
  t.deepEqual(rest.json, { items: [skipped(ids[1]!)], next: null });
  t.is((await call(app, ['GET', `/devices/${encodeURIComponent(ada)}/none/skipped`])).status, 404);
});

test('shows the texts of a mailbox with plain numbers', async (t) => {
  const { app, store } = await setUp(t);
  const { id: userId } = await findUser(store, ada);
  const inbox = await store.transact(function* (tx) {
    const folder = yield* getFolderOfType(tx, userId, FolderType.Inbox);
    const item = { userId, folderId: folder.id, text, date: start, to: '"" [MOBILE:]' };
    yield* addItem(tx, { ...item, class: 'SMS', from: `"Bob" [MOBILE:${number}]` });
    yield* addItem(tx, {
      ...item,
      class: 'Email',
      from: 'System <system@example.com>',
      subject: 'New SMS gateway is set',
    });
    return folder;
  });
  const { items } = (await call(app, ['GET', `/users/${ada}/messages?folder=inbox`])).json as unknown as Listed;
  t.like(items[1], { class: 'SMS', folder: 'inbox', from: number, to: '', text, read: false, subject: null });
  t.like(items[0], { class: 'Email', from: 'System <system@example.com>', subject: 'New SMS gateway is set' });
  t.is(items[1]?.['date'], new Date(start).toISOString());
  const first = (await call(app, ['GET', `/users/${ada}/messages?folder=${inbox.id}&limit=1`]))
    .json as unknown as Listed;
  const second = (await call(app, ['GET', `/users/${ada}/messages?limit=1&cursor=${first.next}`]))
    .json as unknown as Listed;
  t.deepEqual([...first.items, ...second.items], items);
  t.is(second.next, null);
  for (const folder of ['outbox', 'sent', 'drafts', 'deleted'])
    t.deepEqual((await call(app, ['GET', `/users/${ada}/messages?folder=${folder}`])).json, { items: [], next: null });
});

test('keeps settings, with defaults for what is taken away', async (t) => {
  const { app, store } = await setUp(t);
  const { expireMinutes, warningMinutes, device: devices, incoming, retry, webhooks, push } = defaultSettings;
  const { smsSettings, rateLimits, audit, auth, mail, rules } = defaultSettings;
  const shownAuth = { ...auth, ldap: { ...auth.ldap, hasSearchPassword: false } };
  const others = { smsSettings, rateLimits, audit, mail, rules, auth: shownAuth };
  const defaults = { expireMinutes, warningMinutes, device: devices, incoming, retry, webhooks, push, ...others };
  t.deepEqual((await call(app, ['GET', '/settings'])).json, { ...defaults, defaultCountry: null });
  const patch = {
    defaultCountry: 'GB',
    expireMinutes: 0.5,
    device: { loopLimitPerMinute: 0, provisioning: 'optional' },
  };
  const patched = await call(app, ['PATCH', '/settings'], patch);
  const device = { ...defaults.device, loopLimitPerMinute: 0, provisioning: 'optional' };
  t.deepEqual(patched.json, { ...defaults, defaultCountry: 'GB', expireMinutes: 0.5, device });
  t.is(store.settings.current.defaultCountry, 'GB');
  const taken = await call(app, ['PATCH', '/settings'], { defaultCountry: null, device: { loopLimitPerMinute: null } });
  t.deepEqual(taken.json, {
    ...defaults,
    defaultCountry: null,
    expireMinutes: 0.5,
    device: { ...device, loopLimitPerMinute: 120 },
  });
  const put = await call(app, ['PUT', '/settings'], { retry: { firstSeconds: 1 } });
  t.deepEqual(put.json, { ...defaults, defaultCountry: null, retry: { ...defaults.retry, firstSeconds: 1 } });
  const { status, json } = await call(app, ['PATCH', '/settings'], { mail: { smsDomains: ['SMS.example.com'] } });
  t.is(status, 200);
  t.like(json['mail'], { smsDomains: ['sms.example.com'], maxParts: 1 });
  const refused = await call(app, ['PATCH', '/settings'], { mail: { smsDomains: ['no domain'] } });
  t.like(refused, { status: 400, json: { error: { code: 'bad-field', field: 'mail.smsDomains' } } });
});
