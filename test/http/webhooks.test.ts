import test from 'ava';
import { receive } from '../../src/message/receive.js';
import { listCalls } from '../../src/store/webhook-calls.js';
import { findWebhook } from '../../src/store/webhooks.js';
import { call, type Listed, number, readingOnly, setUp, start, text } from './set-up.js';

const hook = { url: 'https://hook.example/', events: ['received'] };

test('refuses what cannot be called, naming the field, and stores nothing', async (t) => {
  const { app } = await setUp(t);
  const mistakes: [field: string, body: object][] = [
    ['url', { events: ['sent'] }],
    ['events', { url: hook.url }],
    ['events', { ...hook, events: [] }],
    ['events.0', { ...hook, events: ['opened'] }],
    ['url', { ...hook, url: 'ftp://hook.example/' }],
    ['url', { ...hook, url: 'https://%from%/' }],
    ['url', { ...hook, url: 'https://hook.example/?a=%data;upper%' }],
    ['method', { ...hook, method: 'PUT' }],
    ['secret', { ...hook, secret: '' }],
    ['headers', { ...hook, headers: { 'a b': 'c' } }],
    ['headers', { ...hook, headers: { a: 'b\r\nc: d' } }],
    ['headers', { ...hook, headers: { 'Content-Length': '1' } }],
    ['headers', { ...hook, headers: { 'X-Easms-Signature': 'forged' } }],
    ['color', { ...hook, color: 'red' }],
  ];
  for (const [field, body] of mistakes) {
    const { status, json } = await call(app, ['PUT', '/webhooks/hook'], body);
    t.is(status, 400, field);
    t.is((json['error'] as { field: string }).field, field);
  }
  t.is((await call(app, ['PUT', '/webhooks/no%20id'], hook)).status, 400);
  t.deepEqual((await call(app, ['GET', '/webhooks'])).json, { items: [], next: null });
});

test('what a token that may only read was shown of a webhook cannot be written back over what is kept', async (t) => {
  const { app, store } = await setUp(t);
  const secretive = { ...hook, url: 'https://u:s3cret@hook.example/s3cret?d=%data%', headers: { 'x-key': 's3cret' } };
  await call(app, ['PUT', '/webhooks/hook'], secretive);
  const kept = await findWebhook(store, 'hook');
  const read = await readingOnly(app);
  const shown = { url: 'https://hook.example (not shown)', headers: { 'x-key': '(not shown)' }, method: 'POST' };
  t.like(await read('/webhooks/hook'), shown);
  const { items } = (await read('/webhooks')) as unknown as Listed;
  t.like(items[0], shown);
  t.notRegex(JSON.stringify(items), /s3cret/);
  for (const field of ['url', 'headers'] as const)
    for (const method of ['PATCH', 'PUT'] as const) {
      const { status, json } = await call(app, [method, '/webhooks/hook'], { ...hook, [field]: shown[field] });
      t.is(status, 400, `${method} ${field}`);
      t.like(json['error'], { code: 'bad-field', field });
    }
  t.deepEqual(await findWebhook(store, 'hook'), kept);
  t.like((await call(app, ['GET', '/webhooks/hook'])).json, secretive);
});

test('a webhook that is not there is told so', async (t) => {
  const { app } = await setUp(t);
  for (const [method, path] of [
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['GET', '/calls'],
  ] as const) {
    const { status, json } = await call(app, [method, `/webhooks/none${path}`], method === 'PATCH' ? {} : undefined);
    t.is(status, 404);
    t.is((json['error'] as { code: string }).code, 'unknown-webhook');
  }
});

test('makes, changes, lists and deletes webhooks, and never gives a secret back', async (t) => {
  const { app, store } = await setUp(t);
  const made = await call(app, ['PUT', '/webhooks/hook'], { ...hook, secret: 'a secret', headers: { 'x-a': 'b' } });
  t.deepEqual(made.json, {
    ...{ id: 'hook', ...hook, active: true, method: 'POST', headers: { 'x-a': 'b' }, hasSecret: true },
    ...{ lastError: null, waiting: 0, givenUp: 0, createdAt: new Date(start).toISOString() },
  });
  const changed = await call(app, ['PATCH', '/webhooks/hook'], {
    method: 'GET',
    headers: { 'x-a': null },
    active: false,
  });
  t.like(changed.json, { active: false, method: 'GET', headers: {}, hasSecret: true });
  t.is((await findWebhook(store, 'hook'))!.secret, 'a secret', 'what is not given stays');
  t.like((await call(app, ['PATCH', '/webhooks/hook'], { secret: null })).json, { hasSecret: false });
  await call(app, ['PUT', '/webhooks/other'], hook);
  const listed = (await call(app, ['GET', '/webhooks?limit=1'])).json as unknown as Listed;
  t.deepEqual([listed.items.map(({ id }) => id), listed.next], [['hook'], 'hook']);
  t.is((await call(app, ['DELETE', '/webhooks/hook'])).status, 204);
  t.is((await call(app, ['GET', '/webhooks/hook'])).status, 404);
  t.false(JSON.stringify([made, changed]).includes('a secret'));
});

test('shows what waits for a webhook, and what it did not take', async (t) => {
  const { app, store } = await setUp(t);
  await call(app, ['PUT', '/webhooks/hook'], hook);
  let ids = 0;
  const services = { store, now: () => start, newId: () => `i${++ids}` };
  await receive(services, { gateway: 'loop', sender: number, text });
  await receive(services, { gateway: 'loop', sender: number, text });
  t.like((await call(app, ['GET', '/webhooks/hook'])).json, { waiting: 2, givenUp: 0 });
  const calls = (await call(app, ['GET', '/webhooks/hook/calls?limit=1'])).json as unknown as Listed;
  t.like(calls.items[0], { state: 'waiting', attempts: 0, lastError: null, dueAt: new Date(start).toISOString() });
  t.like(calls.items[0]!['event'], { id: 'i1.received', event: 'received', message: { from: number, text } });
  const next = await call(app, ['GET', `/webhooks/hook/calls?cursor=${calls.next!}`]);
  t.like((next.json as unknown as Listed).items[0]!['event'], { id: 'i2.received' });
  await call(app, ['DELETE', '/webhooks/hook']);
  t.deepEqual(await listCalls(store, { webhook: 'hook', limit: 10 }), []);
});
