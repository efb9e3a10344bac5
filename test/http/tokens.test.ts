import test from 'ava';
import { Check } from 'typebox/schema';
import { findUser } from '../../src/accounts/users.js';
import { addItem } from '../../src/store/items.js';
import { FolderType, getFolderOfType } from '../../src/store/mailboxes.js';
import { findMessage } from '../../src/store/messages.js';
import { pem } from '../hooks/strange-server.js';
import { ada, adminToken, as, call, type Listed, type Method, number, password, putLoopback, setUp } from './set-up.js';

const message = { from: ada, to: [number], text: 'Hi' };

async function openWithTokens(t: Parameters<typeof setUp>[0]) {
  const { app, store, logged } = await setUp(t);
  await putLoopback(store, 'other');
  const make = async (name: string, body: object) =>
    (await call(app, ['PUT', `/tokens/${name}`], body)).json['token'] as string;
  return { app, store, logged, make };
}

test('lets a token do what it is for and nothing else', async (t) => {
  const { app, make } = await openWithTokens(t);
  const send = await make('send', { scopes: ['send'] });
  const read = await make('read', { scopes: ['read'] });
  const both = await make('both', { scopes: ['send', 'read'] });
  const admin = await make('admin', { scopes: ['admin'] });
  // Status by token: send, read, both, admin.
  const table: [[Method, string], object | undefined, number, number, number, number][] = [
    [['POST', '/messages'], message, 202, 403, 202, 202],
    [['GET', '/users'], undefined, 403, 200, 200, 200],
    [['GET', '/messages'], undefined, 403, 200, 200, 200],
    [['GET', '/audit'], undefined, 403, 200, 200, 200],
    [['PATCH', `/users/${ada}`], { admin: true }, 403, 403, 403, 200],
    [['PUT', '/tokens/mine'], { scopes: ['admin'] }, 403, 403, 403, 201],
    [['POST', '/gateways/loop/test'], { number, text: 'Hi' }, 403, 403, 403, 202],
    [['POST', '/sms-http'], { query: 'x', bypassAuth: true }, 403, 403, 403, 400],
    [['GET', '/nothing/here'], undefined, 404, 404, 404, 404],
  ];
  for (const [request, body, ...statuses] of table)
    for (const [n, token] of [send, read, both, admin].entries())
      t.is((await as(app, token, request, body)).status, statuses[n]!, `${request.join(' ')} ${n}`);
  const refused = await as(app, send, ['GET', '/users']);
  t.like(refused.json['error'], { code: 'insufficient-scope' });
});

test('keeps a token for one gateway to that gateway and the messages it carries', async (t) => {
  const { app, store, make } = await openWithTokens(t);
  const token = await make('one', { scopes: ['send', 'read'], gateway: 'loop' });
  const sent = await as(app, token, ['POST', '/messages'], message);
  t.is(sent.status, 202);
  const [id] = sent.json['ids'] as string[];
  t.is((await findMessage(store, id!))?.pinnedGateway, 'loop');
  t.is((await as(app, token, ['POST', '/messages'], { ...message, gateway: 'loop' })).status, 202);
  t.is((await as(app, token, ['POST', '/messages'], { ...message, gateway: 'other' })).status, 403);
  t.is((await as(app, token, ['GET', `/messages/${id}`])).status, 200);
  const foreign = await call(app, ['POST', '/messages'], { ...message, gateway: 'other' });
  t.is((await as(app, token, ['GET', `/messages/${(foreign.json['ids'] as string[])[0]}`])).status, 404);
  t.is((await as(app, token, ['GET', '/gateways/loop'])).status, 200);
  for (const path of ['/gateways/other', '/gateways', '/messages', '/users', '/settings', '/tokens'])
    t.is((await as(app, token, ['GET', path])).status, 403, path);
});

const url = 'https://u:s3cret@hooks.example.com/s3cret?key=s3cret';
const addressed = 'sms:+447700900124@52&pass=s3cret';
const keyed = `${pem('authority')}${pem('client.key')}`;
const actions = [
  { type: 'webhook', url },
  { type: 'execute', kind: 'program', target: '/usr/bin/tell', arguments: ['s3cret'] },
  { type: 'sql', connection: 'db', statement: "insert into t values ('s3cret', ?)", parameters: ['s3cret'] },
  { type: 'copy', to: addressed },
];
const rules = [{ title: 'told', conditions: [{ type: 'all' }], actions }];
const auth = {
  imap: { host: 'imap.example.com', caCertificate: keyed },
  ldap: { url: 'ldaps://ldap.example.com', searchPassword: 's3cret', caCertificate: keyed },
};
const sqlConnections = [{ name: 'db', url: 'postgresql://easms:s3cret@db.example.com/texts' }];

/** Whatever can be told to a server, with `s3cret` for what proves somebody somewhere. */
const secretive: [Method, string, object][] = [
  ['PATCH', '/settings', { auth, rules: { sqlConnections, allowedExecutables: ['/usr/bin/tell'] } }],
  ['PUT', '/gateways/own', { type: 'http', url, headers: { a: 's3cret' }, body: 's3cret', password: 's3cret' }],
  ['PUT', '/gateways/json', { type: 'http', preset: 'generic-json', parameters: { url, token: 's3cret' } }],
  ['PUT', '/webhooks/hook', { url, events: ['received', 'sent'], headers: { a: 's3cret' }, secret: 's3cret' }],
  ['PUT', '/push/devices/phone', { number, user: ada, password: 's3cret', nonce: 's3cret', imsi: '234150999999999' }],
  [
    'POST',
    '/push/configure',
    { number, format: 'si', profile: 'link', parameters: { url: 'http://example.com/?s3cret', text: 'Hi' } },
  ],
  ['PUT', '/rules/outgoing', rules],
  ['PUT', '/rules/incoming', rules],
  ['PATCH', `/users/${ada}`, { password: 's3cret', forwardTo: ['boss@example.org'] }],
  ['PUT', '/sms-accounts/52', { password: 's3cret', members: [ada] }],
  ['PUT', '/groups/all', { members: [ada] }],
  ['PUT', '/mailing-lists/all@example.com', { members: [addressed] }],
  ['PUT', '/notifications/new@example.com', { to: [addressed] }],
  ['PUT', '/policies/server', {}],
  ['POST', '/messages', message],
  ['POST', '/incoming', { gateway: 'loop', query: 'number=%2B447700900124&data=Hello' }],
];

const named: Readonly<Record<string, string>> = {
  '/domains/{domain}': '/domains/example.com',
  '/users/{address}': `/users/${ada}`,
  '/users/{address}/messages': `/users/${ada}/messages`,
  '/users/{address}/gateway': `/users/${ada}/gateway`,
  '/gateways/{id}': '/gateways/own',
  '/webhooks/{id}': '/webhooks/hook',
  '/webhooks/{id}/calls': '/webhooks/hook/calls',
  '/push/devices/{name}': '/push/devices/phone',
  '/rules/{direction}': '/rules/incoming',
  '/rules/{direction}/export': '/rules/outgoing/export',
  '/sms-accounts/{name}': '/sms-accounts/52',
  '/groups/{name}': '/groups/all',
  '/mailing-lists/{address}': '/mailing-lists/all@example.com',
  '/notifications/{address}': '/notifications/new@example.com',
  '/policies/{scope}': '/policies/server',
  '/tokens/{name}': '/tokens/reader',
};

interface Described {
  responses: { '200': { content?: { 'application/json': { schema: object } } } };
}

// OpenAPI 3.0.3 4.7.24 Schema Object: nullable
function withNull(schema: object): object {
  return JSON.parse(JSON.stringify(schema), (_name, value: { nullable?: true } | null) =>
    value?.nullable === true ? { anyOf: [{ ...value, nullable: undefined }, { type: 'null' }] } : value,
  ) as object;
}

// These take an id that is made, and show what the list of them shows, or ask a device.
const asListed = new Set([
  ...['/devices/{address}/{deviceId}', '/devices/{address}/{deviceId}/skipped', '/gateways/{id}/modem'],
  ...['/messages/{id}', '/incoming/{id}', '/mails/{id}', '/rules/{direction}/{id}'],
]);

test('no GET shows a token that may only read what proves somebody somewhere', async (t) => {
  const { app, store, make } = await openWithTokens(t);
  for (const [method, path, body] of secretive) {
    const { status, json } = await call(app, [method, path], body);
    t.true(status < 300, `${path} ${JSON.stringify(json)}`);
  }
  const { id: userId } = await findUser(store, ada);
  await store.transact(function* (tx) {
    const { id: folderId } = yield* getFolderOfType(tx, userId, FolderType.Inbox);
    yield* addItem(tx, { userId, folderId, class: 'Email', from: ada, to: addressed, text: 'Hi', date: 1 });
  });
  const reader = await make('reader', { scopes: ['read'] });
  const { json } = await call(app, ['GET', '/openapi.json']);
  const described = Object.entries(json['paths'] as Record<string, { get?: Described }>).flatMap(([path, { get }]) =>
    get ? [[path.replace('/api/v1', ''), get] as const] : [],
  );
  t.true(described.length > 40);
  const shown: string[] = [];
  for (const [path, { responses }] of described.filter(([path]) => !asListed.has(path))) {
    const known = path.includes('{') ? named[path] : path;
    if (known === undefined) return t.fail(`which ${path} is asked for?`);
    const { statusCode, payload } = await app.inject({
      url: `/api/v1${known}`,
      headers: { authorization: `Bearer ${reader}` },
    });
    t.is(statusCode, 200, known);
    t.notRegex(payload, /s3cret|234150999999999|PRIVATE KEY/, known);
    const schema = responses['200'].content?.['application/json'].schema;
    if (schema) t.true(Check(withNull(schema), JSON.parse(payload)), `${known} is as it is described`);
    shown.push(payload);
  }
  // What there is was there to be shown.
  for (const part of ['hooks.example.com', 'db.example.com', 'imap.example.com', 'BEGIN CERTIFICATE', '@52&pass='])
    t.true(shown.join('').includes(part), part);
});

test('a login in the address of the directory is refused: it would be shown to whoever may read', async (t) => {
  const { app } = await setUp(t);
  const ldap = { url: 'ldaps://easms:s3cret@ldap.example.com', bindDn: 'uid=%local-part%' };
  const { status, json } = await call(app, ['PATCH', '/settings'], { auth: { backend: 'ldap', ldap } });
  t.is(status, 400);
  t.like(json['error'], { code: 'bad-field', field: 'auth.ldap.url' });
});

test('shows a token once, keeps only its digest, and ends it when it is replaced or deleted', async (t) => {
  const { app, store, make, logged } = await openWithTokens(t);
  const first = await make('t', { scopes: ['read'] });
  const shown = JSON.stringify([
    (await call(app, ['GET', '/tokens'])).json,
    (await call(app, ['GET', '/tokens/t'])).json,
    await store.db.select().from(store.tables.tokens),
    logged,
  ]);
  t.false(shown.includes(first));
  t.is((await as(app, first, ['GET', '/users'])).status, 200);
  const second = await make('t', { scopes: ['read'] });
  t.is((await as(app, first, ['GET', '/users'])).status, 401);
  t.is((await as(app, second, ['GET', '/users'])).status, 200);
  t.is((await call(app, ['DELETE', '/tokens/t'])).status, 204);
  t.is((await as(app, second, ['GET', '/users'])).status, 401);
  t.is((await call(app, ['DELETE', '/tokens/t'])).status, 404);
  t.is((await call(app, ['PUT', '/tokens/t'], { scopes: ['fly'] })).status, 400);
  t.is((await call(app, ['PUT', '/tokens/t'], { scopes: [] })).status, 400);
});

test('keeps who changed what, when, from where and what came of it, without what is secret', async (t) => {
  const { app, store, make } = await openWithTokens(t);
  const token = await make('console', { scopes: ['admin'] });
  await as(app, token, ['PATCH', `/users/${ada}`], { smsAccess: 'denied', password: 'a new secret' });
  await call(app, ['PUT', '/gateways/p'], {
    type: 'http',
    url: 'https://example.com/?key=secret-key&to=%number%',
    headers: { authorization: 'Bearer secret-bearer' },
    password: 'secret-pin',
  });
  await call(app, ['DELETE', '/users/nobody@example.com']);
  await call(app, ['GET', '/users']);
  await call(app, ['POST', '/messages'], message);
  const { items } = (await call(app, ['GET', '/audit'])).json as unknown as Listed;
  t.deepEqual(
    items.map(
      ({ actor, action, resource, status }) =>
        `${String(actor)} ${String(action)} ${String(resource)} ${String(status)}`,
    ),
    [
      'administrator DELETE /users/nobody@example.com 404',
      'administrator PUT /gateways/p 200',
      `token console PATCH /users/${ada} 200`,
      'administrator PUT /tokens/console 201',
    ],
  );
  t.deepEqual(items[2]?.['change'], { smsAccess: 'denied', password: '(not shown)' });
  t.like(items[1]?.['change'], { type: 'http', headers: ['authorization'] });
  const everything = JSON.stringify(await store.db.select().from(store.tables.audit));
  for (const secret of ['a new secret', 'secret-key', 'secret-bearer', 'secret-pin', token, adminToken])
    t.false(everything.includes(secret), secret);
  const first = (await call(app, ['GET', '/audit?limit=1'])).json as unknown as Listed;
  const second = (await call(app, ['GET', `/audit?limit=10&cursor=${first.next}`])).json as unknown as Listed;
  t.deepEqual([...first.items, ...second.items], items);
});

test('bounds how often a sender and an address may ask in a minute', async (t) => {
  const { app } = await openWithTokens(t);
  await call(app, ['PATCH', '/settings'], { rateLimits: { sendsPerSender: 2 } });
  const send = async () =>
    app.inject({ url: `/sms/?number=%2B447700900123&data=Hi&user=${ada}&pass=${encodeURIComponent(password)}` });
  t.is((await send()).statusCode, 200);
  t.is((await as(app, adminToken, ['POST', '/messages'], message)).status, 202);
  const refused = await send();
  t.is(refused.statusCode, 429);
  t.is(refused.headers['retry-after'], '30');
  await call(app, ['PATCH', '/settings'], { rateLimits: { sendsPerSender: 0, requestsPerAddress: 1 } });
  t.is((await send()).statusCode, 200);
  t.is((await send()).statusCode, 429);
});

test('does by functions what the document does by functions', async (t) => {
  const { app, store } = await openWithTokens(t);
  const query = `user=${ada}&pass=${encodeURIComponent(password)}&number=%2B447700900123&data=Hi`;
  const sent = await call(app, ['POST', '/sms-http'], { query });
  t.is(sent.status, 202);
  t.like(await findMessage(store, (sent.json['ids'] as string[])[0]!), { userId: 1, text: 'Hi', origin: 'api' });
  t.is((await call(app, ['POST', '/sms-http'], { query: 'number=%2B4477&data=Hi' })).status, 401);
  const bypassed = await call(app, ['POST', '/sms-http'], { query: 'number=%2B4477&data=Hi', bypassAuth: true });
  t.like(await findMessage(store, (bypassed.json['ids'] as string[])[0]!), { userId: null });
  const taken = await call(app, ['POST', '/incoming'], { gateway: 'loop', query: 'number=%2B447700900124&data=Hello' });
  t.deepEqual(taken, { status: 202, json: { taken: true } });
  t.is(((await call(app, ['GET', '/incoming'])).json as unknown as Listed).items[0]?.['text'], 'Hello');
  // As the document's script has it: the id and the password of the gateway in the string.
  await call(app, ['PATCH', '/gateways/loop'], { password: 'pinnumber' });
  const asScript = (more: string) =>
    call(app, ['POST', '/incoming'], { query: `number=447700900124&data=SMS+for+%23${ada}%23${more}` });
  t.is((await asScript('&id=loop&pass=pinnumber')).status, 202);
  for (const wrong of ['&id=loop&pass=1', '&id=loop', '&pass=pinnumber', ''])
    t.like(await asScript(wrong), { status: 403, json: { error: { code: 'access-denied' } } }, wrong);
  t.is((await call(app, ['POST', '/incoming'], { gateway: 'none', query: 'number=1&data=2' })).status, 404);
  const validate = async (body: object) => (await call(app, ['POST', '/validate-account'], body)).json;
  t.like(await validate({ name: ada, password }), { valid: true, user: ada, step: 'defaults' });
  t.like(await validate({ name: ada, password: 'wrong' }), { valid: false, code: 'bad-credentials', user: null });
  await call(app, ['PATCH', `/users/${ada}`], { smsSettings: { monthlyLimit: 2 }, sentThisMonth: 1 });
  t.like(await validate({ name: ada, password }), { valid: true, step: 'user-settings' });
  await call(app, ['PATCH', `/users/${ada}`], { sentThisMonth: 2 });
  t.like(await validate({ name: ada, password }), {
    ...{ valid: false, code: 'monthly-limit-reached', step: 'user-settings', user: ada },
  });
  await call(app, ['PATCH', '/domains/example.com'], { smsAccess: 'denied' });
  t.like(await validate({ name: ada, password }), { valid: false, code: 'access-denied', step: 'domain-access' });
});
