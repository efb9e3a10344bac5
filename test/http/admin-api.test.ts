import test from 'ava';
import { findUser } from '../../src/accounts/users.js';
import { openSqlite } from '../../src/store/open.js';
import { ada, adminToken, authorization, call, type Method, number, password, setUp, text } from './set-up.js';

interface Refused {
  error: { code: string; message: string; field?: string };
}

test('lets nobody in without the token', async (t) => {
  const { app } = await setUp(t);
  const without = await app.inject('/api/v1/users');
  t.is(without.statusCode, 401);
  t.is(without.json<Refused>().error.code, 'authentication-required');
  for (const wrong of [
    'Bearer',
    'Bearer wrong',
    `Basic ${adminToken}`,
    `Bearer ${adminToken}x`,
    `Bearer ${adminToken} x`,
  ])
    t.is((await app.inject({ url: '/api/v1/users', headers: { authorization: wrong } })).statusCode, 401, wrong);
  const queried = await app.inject(`/api/v1/users?token=${encodeURIComponent(adminToken)}`);
  t.is(queried.statusCode, 401);
});

test('refuses unknown fields by name, in bodies and in queries, and changes nothing', async (t) => {
  const { app, store } = await setUp(t);
  const before = await findUser(store, ada);
  const unknown: [Method, string, object | undefined, string][] = [
    ['PUT', `/users/${ada}`, { pasword: 'x' }, 'pasword'],
    ['PATCH', `/users/${ada}`, { displayName: 'Ada', nick: 'x' }, 'nick'],
    ['PATCH', '/domains/example.com', { smsaccess: 'denied' }, 'smsaccess'],
    ['PATCH', '/settings', { device: { looplimit: 1 } }, 'device.looplimit'],
    ['PUT', '/gateways/g', { type: 'loopback', colour: 'red' }, 'colour'],
    ['POST', '/messages', { from: ada, to: [number], text, user: ada }, 'user'],
    ['POST', '/messages', { from: ada, to: [number], text, authenticated: true }, 'authenticated'],
    ['PATCH', `/devices/${ada}/d1`, { wiped: true }, 'wiped'],
    ['PUT', '/policies/server', { allowCameras: false }, 'allowCameras'],
    ['GET', '/users?size=1', undefined, 'size'],
    ['GET', '/queue?state=queued', undefined, 'state'],
  ];
  for (const [method, path, body, field] of unknown) {
    const { status, json } = await call(app, [method, path], body);
    t.is(status, 400, path);
    t.like(json, { error: { code: 'unknown-field', field } }, path);
  }
  t.deepEqual(await findUser(store, ada), before);
});

test('names the field whose value is not of its kind', async (t) => {
  const { app } = await setUp(t);
  const bad: [Method, string, object | undefined, string][] = [
    ['PUT', `/users/${ada}`, { admin: 'true' }, 'admin'],
    ['PUT', `/users/${ada}`, { smsAccess: 'maybe' }, 'smsAccess'],
    ['PUT', `/users/${ada}`, { aliases: [1] }, 'aliases.0'],
    ['PATCH', '/settings', { device: { loopLimitPerMinute: 0.5 } }, 'device.loopLimitPerMinute'],
    ['PATCH', '/settings', { defaultCountry: 'XX' }, 'defaultCountry'],
    ['PATCH', '/settings', { expireMinutes: 0 }, 'expireMinutes'],
    ['PUT', '/gateways/g', {}, 'type'],
    ['PUT', '/gateways/g', { type: 'pigeon' }, 'type'],
    ['PUT', '/gateways/g', { type: 'activesync' }, 'user'],
    ['PUT', '/gateways/g', { type: 'activesync', user: 'nobody@example.com' }, 'user'],
    ['PUT', '/gateways/g', { type: 'loopback', user: ada }, 'user'],
    ['PUT', '/gateways/g', { type: 'loopback', url: 'https://example.com' }, 'url'],
    ['PUT', '/gateways/g', { type: 'loopback', concurrency: 0 }, 'concurrency'],
    ['PUT', '/gateways/a%20b', { type: 'loopback' }, 'id'],
    ['POST', '/messages', { from: ada, to: [number] }, 'text'],
    ['POST', '/messages', { from: ada, to: number, text }, 'to'],
    ['POST', '/messages', { from: ada, to: [number], text, binary: 1 }, 'binary'],
    ['POST', '/messages', { from: ada, to: [number], text: 'no base64!', binary: true }, 'text'],
    ['POST', '/messages', { from: ada, to: [number], text: 'AAA=', binary: true, udh: 'AAMq' }, 'text'],
    ['POST', '/messages', { from: ada, to: [number], text, udh: 'AAMqAgE=' }, 'udh'],
    ['POST', '/messages', { from: ada, to: [number], text, pid: 256 }, 'pid'],
    ['POST', '/messages', { from: ada, to: [number], text, dcs: 1.5 }, 'dcs'],
    ['POST', '/messages', { from: ada, to: [number], text, expireMinutes: 0 }, 'expireMinutes'],
    ['POST', '/messages', { from: ada, to: [number], text, warningMinutes: -1 }, 'warningMinutes'],
    ['GET', '/users?limit=0', undefined, 'limit'],
    ['GET', '/users?limit=many', undefined, 'limit'],
    ['GET', '/devices?cursor=x', undefined, 'cursor'],
  ];
  for (const [method, path, body, field] of bad) {
    const { status, json } = await call(app, [method, path], body);
    t.is(status, 400, `${path} ${field}`);
    t.like(json, { error: { code: 'bad-field', field } }, path);
  }
});

test('refuses bodies that are not one JSON object, and queries that repeat a name', async (t) => {
  const { app } = await setUp(t);
  const put = (payload: string | Buffer, headers: Record<string, string>) =>
    app.inject({ method: 'PUT', url: `/api/v1/users/${ada}`, payload, headers: { authorization, ...headers } });
  const json = { 'content-type': 'application/json' };
  for (const answer of [
    await put('{', json),
    await put(Buffer.from([0x7b, 0xff, 0x7d]), json),
    await put('{}', { ...json, 'content-encoding': 'gzip' }),
    await put('a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
    await put('{}', { 'content-type': 'text/plain' }),
  ]) {
    t.is(answer.statusCode, 400);
    t.is(answer.json<Refused>().error.code, 'bad-body');
  }
  for (const payload of ['[]', 'null', '"x"', '1', '']) t.is((await put(payload, json)).statusCode, 400, payload);
  t.is((await put(`"${'x'.repeat(10 * 1024 * 1024)}"`, json)).statusCode, 413);
  t.like((await call(app, ['GET', '/users?limit=1&limit=2'])).json, {
    error: { code: 'bad-parameter', field: 'limit' },
  });
  t.like((await call(app, ['PUT', `/users/${ada}`], JSON.parse('{"__proto__":{"admin":true}}') as object)).json, {
    error: { code: 'unknown-field', field: '__proto__' },
  });
});

test('says what is not there, and what stands in the way', async (t) => {
  const { app } = await setUp(t);
  const refused: [status: number, code: string, Method, string, object?][] = [
    [404, 'unknown-user', 'GET', '/users/nobody@example.com'],
    [404, 'unknown-user', 'GET', '/users/nobody@example.com/messages'],
    [404, 'unknown-user', 'GET', '/users/nobody@example.com/gateway'],
    [404, 'unknown-user', 'GET', '/devices?user=nobody@example.com'],
    [404, 'unknown-folder', 'GET', `/users/${ada}/messages?folder=constructor`],
    [404, 'unknown-folder', 'GET', `/users/${ada}/messages?folder=999`],
    [404, 'unknown-domain', 'DELETE', '/domains/example.org'],
    [409, 'domain-in-use', 'DELETE', '/domains/example.com'],
    [404, 'unknown-device', 'DELETE', `/devices/${ada}/d1`],
    [404, 'unknown-gateway', 'DELETE', '/gateways/none'],
    [404, 'unknown-gateway', 'POST', '/gateways/none/test', { number, text }],
    [404, 'unknown-message', 'GET', '/messages/none'],
    [404, 'unknown-user', 'POST', '/messages', { from: 'nobody@example.com', to: [number], text }],
    [400, 'bad-number', 'POST', '/messages', { from: ada, to: [number, 'x'], text }],
    [400, 'bad-address', 'PUT', '/users/nobody', {}],
    [400, 'bad-domain', 'PUT', '/domains/-', {}],
    [400, 'bad-password', 'PATCH', `/users/${ada}`, { password: '' }],
    [400, 'bad-field', 'PUT', '/gateways/g', { type: 'gsm-modem', device: '/etc/passwd' }],
    [404, 'unknown-gateway', 'POST', '/gateways/none/ussd', { code: '*100#' }],
    [404, 'unknown-gateway', 'GET', '/gateways/none/modem'],
  ];
  for (const [status, code, method, path, body] of refused) {
    const answer = await call(app, [method, path], body);
    t.is(answer.status, status, path);
    t.like(answer.json, { error: { code } }, path);
  }
});

test('describes every resource to whoever asks', async (t) => {
  const { app } = await setUp(t);
  const answer = await app.inject('/api/v1/openapi.json');
  t.is(answer.statusCode, 200);
  const { openapi, paths } = answer.json<{ openapi: string; paths: Record<string, Record<string, unknown>> }>();
  t.regex(openapi, /^3\./);
  t.deepEqual(Object.keys(paths['/api/v1/users/{address}'] ?? {}).sort(), ['delete', 'get', 'patch', 'put']);
  for (const path of [
    'domains/{domain}',
    'devices/{address}/{deviceId}',
    'gateways/{id}/test',
    'messages',
    'queue',
    'settings',
  ])
    t.truthy(paths[`/api/v1/${path}`], path);
});

test('takes a changed password at once', async (t) => {
  const store = await openSqlite(':memory:');
  const { app } = await setUp(t, { store });
  await call(app, ['PATCH', `/users/${ada}`], { password: 'a new password' });
  const send = (pass: string) =>
    app.inject(`/sms/?user=${ada}&pass=${encodeURIComponent(pass)}&number=${number}&data=x`);
  t.is((await send(password)).statusCode, 401);
  t.is((await send('a new password')).statusCode, 200);
});
