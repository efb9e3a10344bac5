import test from 'ava';
import { proofOf, readPush } from '../../src/push/read-push.js';
import { portsOf, readUserDataHeader } from '../../src/sms/user-data-header.js';
import { findMessage } from '../../src/store/messages.js';
import { openOctets } from '../../src/store/push-octets.js';
import type { Store } from '../../src/store/open.js';
import type { Message } from '../../src/store/tables.js';
import { tellEvent } from '../../src/message/events.js';
import { ada, call, number, readingOnly, setUp } from './set-up.js';

const folders = [
  { uri: './Contacts', contentType: 7, syncType: 206, mailboxFolder: 'inbox' },
  { uri: './Calendar', contentType: 6, syncType: 209, mailboxFolder: null },
];
const device = { number, serverId: 'sync.example.com', password: 'secret', nonce: 'n1', user: ada, folders };
const at = '/push/devices/phone';

function codeOf({ json }: { json: Record<string, unknown> }): unknown {
  return (json['error'] as { code: string }).code;
}

function fieldOf({ json }: { json: Record<string, unknown> }): unknown {
  return (json['error'] as { field?: string }).field;
}

async function readSent(store: Store, ids: unknown): Promise<{ message: Message; data: Uint8Array; udh: Uint8Array }> {
  const message = openOctets(store.secrets, (await findMessage(store, (ids as string[])[0]!))!);
  const { data = '', udh = '' } = message.properties ?? {};
  return { message, data: Buffer.from(data, 'base64'), udh: Buffer.from(udh, 'base64') };
}

test('refuses a device that nothing can be sent to, naming the field', async (t) => {
  const { app } = await setUp(t);
  const mistakes: [status: number, code: string, field: string, change: object][] = [
    [400, 'bad-field', 'number', { number: undefined }],
    [400, 'bad-number', 'number', { number: 'x' }],
    [400, 'bad-field', 'imei', { imei: '12' }],
    [400, 'bad-field', 'imsi', { imsi: 'abc' }],
    [400, 'bad-field', 'protocol', { protocol: 'san-1.3' }],
    [400, 'bad-field', 'folders.0.syncType', { folders: [{ uri: 'x', syncType: 200 }] }],
    [400, 'bad-field', 'folders', { folders: Array.from({ length: 16 }, () => ({ uri: 'x' })) }],
    [400, 'unknown-field', 'color', { color: 'red' }],
    [404, 'unknown-gateway', 'gateway', { gateway: 'none' }],
    [404, 'unknown-user', 'user', { user: 'nobody@example.com' }],
  ];
  for (const [status, code, field, change] of mistakes) {
    const answer = await call(app, ['PUT', at], { ...device, ...change });
    t.is(answer.status, status, field);
    t.is(codeOf(answer), code);
    t.is(fieldOf(answer), field);
  }
  for (const method of ['GET', 'DELETE'] as const) {
    const answer = await call(app, [method, at]);
    t.is(answer.status, 404);
    t.is(codeOf(answer), 'unknown-push-device');
  }
});

test('a token that may only read is shown neither what signs configurations nor the nonce, which cannot be written back so', async (t) => {
  const { app } = await setUp(t);
  const shown = { ...device, password: undefined, imsi: '234150999999999', imei: '350000000000001' };
  await call(app, ['PUT', at], { ...shown, password: 'secret' });
  const read = await readingOnly(app);
  const told = await read(at);
  t.like(told, { nonce: '(not shown)', imsi: '(not shown)', imei: shown.imei, hasPassword: true });
  t.deepEqual((await read('/push/devices'))['items'], [told]);
  for (const field of ['nonce', 'imsi']) {
    const answer = await call(app, ['PATCH', at], { [field]: told[field] });
    t.is(answer.status, 400, field);
    t.is(fieldOf(answer), field);
  }
  t.like((await call(app, ['GET', at])).json, { nonce: 'n1', imsi: shown.imsi });
  await call(app, ['PATCH', at], { nonce: null, imsi: null });
  t.like(await read(at), { nonce: null, imsi: null });
});

test('makes, changes, lists and deletes devices, and never gives a password back', async (t) => {
  const { app } = await setUp(t);
  const made = await call(app, ['PUT', at], { ...device, imsi: '001010000000001', dcs: 0xf5 });
  t.like(made.json, {
    ...{ name: 'phone', number, active: true, protocol: 'san-1.2', hasPassword: true, nonce: 'n1', user: ada, folders },
    ...{ imsi: '001010000000001', imei: null, client: null, gateway: null, dcs: 0xf5, notifiedAt: null },
  });
  t.false(JSON.stringify(made.json).includes('secret'));
  const changed = await call(app, ['PATCH', at], { active: false, dcs: null, folders: [{ uri: './Notes' }] });
  t.like(changed.json, { active: false, hasPassword: true, imsi: '001010000000001', user: ada });
  t.is(changed.json['dcs'], undefined);
  t.deepEqual(changed.json['folders'], [{ uri: './Notes', contentType: 0, syncType: 206, mailboxFolder: null }]);
  t.like((await call(app, ['GET', '/push/devices'])).json, { items: [{ name: 'phone' }], next: null });
  t.is((await call(app, ['DELETE', at])).status, 204);
  t.deepEqual((await call(app, ['GET', '/push/devices'])).json, { items: [], next: null });
});

test('refuses to notify a device that is not there, is switched off, lacks its server, or has no such folder', async (t) => {
  const { app } = await setUp(t);
  const notify = (body: object) => call(app, ['POST', '/push/notify'], { device: 'phone', ...body });
  t.is(codeOf(await notify({})), 'unknown-push-device');
  await call(app, ['PUT', at], { ...device, active: false });
  t.is((await notify({})).status, 409);
  await call(app, ['PUT', at], { ...device, serverId: null });
  t.is(fieldOf(await notify({})), 'serverId');
  await call(app, ['PUT', at], device);
  t.is(fieldOf(await notify({ folders: ['./Contacts', './None'] })), 'folders');
  t.is(fieldOf(await notify({ uiMode: 'loud' })), 'uiMode');
  t.is(fieldOf(await notify({ sessionId: 65_536 })), 'sessionId');
});

test('a notification goes as a binary message of no user, with the digest of the device', async (t) => {
  const { app, store } = await setUp(t);
  await call(app, ['PUT', at], { ...device, gateway: 'loop' });
  const body = { device: 'phone', uiMode: 'informative', initiator: 'user', sessionId: 77 };
  const { status, json } = await call(app, ['POST', '/push/notify'], body);
  t.is(status, 202);
  const { message, data, udh } = await readSent(store, json['ids']);
  t.like(message, { recipient: number, userId: null, origin: 'push', parts: 1, pinnedGateway: 'loop', text: '' });
  t.is(message.properties?.dcs, 4);
  t.deepEqual(portsOf(readUserDataHeader(udh)!), { destination: 2948, source: 49_154 });
  const push = readPush(data);
  t.like(push, {
    kind: 'notification',
    notification: { uiMode: 'informative', initiator: 'user', sessionId: 77, serverId: 'sync.example.com' },
  });
  t.is(proofOf(push, { password: 'secret', nonce: 'n1' }), 'right');
});

test('sessions count up, and the folders may be chosen by their URI or mailbox folder', async (t) => {
  const { app, store } = await setUp(t);
  await call(app, ['PUT', at], device);
  for (const [chosen, session] of [
    [undefined, 1],
    [['./Calendar'], 2],
    [['inbox'], 3],
  ] as const) {
    const body = { device: 'phone', ...(chosen && { folders: chosen }) };
    const push = readPush((await readSent(store, (await call(app, ['POST', '/push/notify'], body)).json['ids'])).data);
    if (push.kind !== 'notification') return t.fail();
    t.is(push.notification.sessionId, session);
    t.is(push.notification.syncs.length, chosen ? 1 : 2);
  }
});

test('a device of SyncML 1.1 gets an alert in two parts, named by its IMEI', async (t) => {
  const { app, store } = await setUp(t);
  await call(app, ['PUT', at], { ...device, protocol: 'syncml-1.1', imei: '004999010640000', serverId: 'http://s/' });
  const { json } = await call(app, ['POST', '/push/notify'], { device: 'phone' });
  const { message, data } = await readSent(store, json['ids']);
  t.is(message.parts, 2);
  t.like(readPush(data), { kind: 'server-alert', alert: { target: 'IMEI:004999010640000', source: 'http://s/' } });
});

test('refuses a configuration for nobody, for two, and of what is no settings', async (t) => {
  const { app } = await setUp(t);
  await call(app, ['PUT', at], device);
  const si = { format: 'si', profile: 'link', parameters: { text: 'x' } };
  const mistakes: [status: number, code: string, field: string, body: object][] = [
    [400, 'bad-field', 'device', si],
    [400, 'bad-field', 'device', { ...si, device: 'phone', number }],
    [404, 'unknown-push-device', 'device', { ...si, device: 'none' }],
    [400, 'bad-number', 'numbers', { ...si, number: 'x' }],
    [404, 'unknown-profile', 'profile', { ...si, number, profile: 'none' }],
    [400, 'bad-field', 'format', { ...si, number, format: 'xml' }],
    [400, 'bad-document', 'document', { number, format: 'oma', document: '<html/>' }],
    [400, 'bad-field', 'parameters.nope', { ...si, number, parameters: { nope: 1 } }],
    [400, 'bad-field', 'pin', { number, format: 'oma', document: '<wap-provisioningdoc/>', security: 'userpin' }],
    [
      400,
      'bad-field',
      'imsi',
      { device: 'phone', format: 'oma', document: '<wap-provisioningdoc/>', security: 'netwpin' },
    ],
    [404, 'unknown-gateway', 'gateway', { ...si, number, gateway: 'none' }],
  ];
  for (const [status, code, field, body] of mistakes) {
    const answer = await call(app, ['POST', '/push/configure'], body);
    t.deepEqual([answer.status, codeOf(answer), fieldOf(answer)], [status, code, field]);
  }
});

test('a device is configured with what is known of it, and signed with its card', async (t) => {
  const { app, store } = await setUp(t);
  await call(app, ['PUT', at], { ...device, imsi: '466923103145252' });
  const parameters = { url: 'http://sync.example.com/', user: 'ada', password: 'p' };
  const body = { device: 'phone', format: 'oma', profile: 'sync', parameters, security: 'netwpin' };
  const { status, json } = await call(app, ['POST', '/push/configure'], body);
  t.is(status, 202);
  const { message, data } = await readSent(store, json['ids']);
  t.true(message.parts > 1);
  const push = readPush(data);
  if (push.kind !== 'configuration') return t.fail();
  t.is(proofOf(push, { imsi: '466923103145252' }), 'right');
  t.regex(push.document, /"PROVIDER-ID" value="sync.example.com"/);
  t.regex(push.document, /"URI" value=".\/Contacts"\/>\s*<parm name="AACCEPT" value="text\/x-vcard"/);
});

test('a dry run shows what would be sent and sends nothing, and the owner is told what to type', async (t) => {
  const { app } = await setUp(t);
  const document = '<!DOCTYPE wap-provisioningdoc><wap-provisioningdoc version="1.0"/>';
  const body = { number, format: 'oma', document, security: 'userpinmac', pin: '12345', dryRun: true };
  const { status, json } = await call(app, ['POST', '/push/configure'], body);
  t.is(status, 200);
  t.deepEqual(json['ids'], []);
  t.regex(json['typedPin'] as string, /^12345\d{5}$/);
  t.like(json['message'], { udh: '05040b840b84', data: '010604' + '03b69183' + '030b6a008546' + '01', dcs: 4 });
  t.like((await call(app, ['GET', '/messages'])).json, { items: [] });
});

test('a message tells everything but its octets, to readers of the API and to webhooks, and goes out with them', async (t) => {
  const { app, store } = await setUp(t);
  const hook = { url: 'https://hooks.example.com/', events: ['sent'] };
  t.is((await call(app, ['PUT', '/webhooks/w'], hook)).status, 200);
  await call(app, ['PUT', at], device);
  const parameters = { url: 'http://sync.example.com/', user: 'ada', password: 'open sesame' };
  const body = { device: 'phone', format: 'oma', profile: 'sync', parameters };
  const [configured] = (await call(app, ['POST', '/push/configure'], body)).json['ids'] as [string];
  const [notified] = (await call(app, ['POST', '/push/notify'], { device: 'phone' })).json['ids'] as [string];
  t.true(Buffer.from((await readSent(store, [configured])).data).includes('open sesame'), 'what is sent has it');
  for (const id of [configured, notified]) {
    const { message, data } = await readSent(store, [id]);
    const shown = (await call(app, ['GET', `/messages/${id}`])).json;
    t.like(shown, { id, to: number, binary: true, text: '', dcs: 4 });
    await store.transact((tx) => tellEvent(tx, { event: 'sent', message, state: 'sent', now: 0 }));
    const events = await store.db.select().from(store.tables.webhookCalls);
    t.is(events.at(-1)!.event.message['id'], id);
    t.false(JSON.stringify([shown, events]).includes(Buffer.from(data).toString('base64').slice(0, 24)));
  }
});

test('the profiles are listed with what they ask for', async (t) => {
  const { app } = await setUp(t);
  const { items } = (await call(app, ['GET', '/push/profiles'])).json as { items: { format: string; name: string }[] };
  t.deepEqual(
    items.map(({ format, name }) => `${format} ${name}`),
    [
      ...['oma sync', 'oma device-management', 'oma email', 'oma browser', 'oma activesync'],
      ...['ota browser', 'ota bookmark', 'ota sync', 'si indication'],
    ],
  );
});

test('neither secrets nor numbers reach the log', async (t) => {
  const { app, logged } = await setUp(t);
  await call(app, ['PUT', at], device);
  await call(app, ['POST', '/push/notify'], { device: 'phone' });
  await call(app, ['POST', '/push/configure'], { number, format: 'oma', document: '<secret', pin: '98765' });
  for (const secret of ['secret', number, '98765']) t.false(logged.join('').includes(secret));
});
