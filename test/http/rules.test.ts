import test from 'ava';
import { sql } from 'drizzle-orm';
import { receive } from '../../src/message/receive.js';
import { saveRules } from '../../src/message/rule-list.js';
import { submit } from '../../src/message/submit.js';
import { defaultSettings } from '../../src/store/settings.js';
import { addEffect, endEffect, listEffects } from '../../src/store/effects.js';
import { ada, adminToken, call, number, password, setUp } from './set-up.js';

const all = [{ type: 'all' }];
const secretive = {
  title: 'no secrets',
  conditions: [{ type: 'match', field: 'body', op: 'contains', value: 'secret' }],
  actions: [{ type: 'reject', reason: 'not over the air' }],
};

test('refuses what is no rule, naming the field or the rule at fault, and keeps the list as it was', async (t) => {
  const { app } = await setUp(t);
  t.is((await call(app, ['PUT', '/rules/outgoing'], [secretive])).status, 200);
  const mistakes: [code: string, place: RegExp, rules: object][] = [
    ['unknown-field', /^0\.color$/, [{ ...secretive, color: 'red' }]],
    ['bad-field', /^0\.title$/, [{ ...secretive, title: '' }]],
    ['bad-field', /^0\.conditions\.0\.type$/, [{ ...secretive, conditions: [{ type: 'maybe' }] }]],
    ['bad-field', /^0\.conditions\.0\.op$/, [{ ...secretive, conditions: [{ type: 'match', field: 'body' }] }]],
    [
      'unknown-field',
      /^0\.conditions\.0\.conditions\.0\.color$/,
      [{ ...secretive, conditions: [{ type: 'any-of', conditions: [{ type: 'all', color: 'red' }] }] }],
    ],
    ['bad-field', /^1\.actions\.0\.to$/, [secretive, { ...secretive, actions: [{ type: 'forward' }] }]],
    ['unknown-field', /^0\.actions\.0\.reason$/, [{ ...secretive, actions: [{ type: 'accept', reason: 'so' }] }]],
    [
      'bad-rule',
      /rule 1 \(no secrets\), condition 1/,
      [{ ...secretive, conditions: [{ type: 'match', field: 'body', op: 'regex', value: '(' }] }],
    ],
    [
      'bad-rule',
      /lookaround|look around|looks around/,
      [{ ...secretive, conditions: [{ type: 'match', field: 'body', op: 'regex', value: '(?<=a)b' }] }],
    ],
    [
      'bad-rule',
      /action 1/,
      [{ ...secretive, actions: [{ type: 'execute', kind: 'url', target: 'https://%%from%%/' }] }],
    ],
  ];
  for (const [code, place, rules] of mistakes) {
    const { status, json } = await call(app, ['PUT', '/rules/outgoing'], rules);
    const error = json['error'] as { code: string; field?: string; message: string };
    t.is(status, 400);
    t.is(error.code, code, error.message);
    t.regex(error.field ?? error.message, place);
  }
  const { json } = await call(app, ['GET', '/rules/outgoing']);
  t.is((json as unknown as object[]).length, 1);
  t.is((await call(app, ['GET', '/rules/sideways'])).status, 400);
});

test('the whole list is put and read, one rule is added, changed, switched, moved and taken away', async (t) => {
  const { app } = await setUp(t);
  const put = await call(app, ['PUT', '/rules/incoming'], [secretive, { title: 'b', conditions: all, actions: [] }]);
  const [a, b] = put.json as unknown as { id: string; title: string; enabled: boolean }[];
  t.like(a, { ...secretive, enabled: true });
  t.deepEqual((await call(app, ['GET', '/rules/incoming'])).json, put.json);
  t.deepEqual((await call(app, ['GET', '/rules/outgoing'])).json as unknown, []);
  const added = await call(app, ['POST', '/rules/incoming'], {
    title: 'c',
    conditions: all,
    actions: [{ type: 'stop' }],
  });
  t.is(added.status, 201);
  const c = added.json as { id: string };
  const off = await call(app, ['PATCH', `/rules/incoming/${a!.id}`], { enabled: false });
  t.like(off.json, { ...secretive, enabled: false, id: a!.id });
  const order = await call(app, ['POST', '/rules/incoming/order'], [c.id, b!.id, a!.id]);
  t.deepEqual(
    (order.json as unknown as { id: string }[]).map(({ id }) => id),
    [c.id, b!.id, a!.id],
  );
  t.is((await call(app, ['POST', '/rules/incoming/order'], [c.id, b!.id])).status, 400);
  t.is((await call(app, ['DELETE', `/rules/incoming/${b!.id}`])).status, 204);
  t.is((await call(app, ['GET', `/rules/incoming/${b!.id}`])).status, 404);
  // What is put back as it was read stays the same rules.
  const left = (await call(app, ['GET', '/rules/incoming'])).json;
  t.deepEqual((await call(app, ['PUT', '/rules/incoming'], left as object)).json, left);
  const { json } = await call(app, ['GET', '/audit?limit=50']);
  const actions = (json['items'] as { action: string; resource: string }[]).map(
    ({ action, resource }) => `${action} ${resource}`,
  );
  t.true(actions.includes('PUT /rules/incoming'));
  t.true(actions.includes(`PATCH /rules/incoming/${a!.id}`));
});

test('a sender is told the reason of the rule, in the form that it asked for', async (t) => {
  const { app } = await setUp(t);
  await call(
    app,
    ['PUT', '/rules/outgoing'],
    [secretive, { title: 'away', conditions: all, actions: [{ type: 'gateway', gateway: 'nowhere' }] }],
  );
  const query = (data: string): string =>
    `/sms/?${new URLSearchParams({ user: ada, pass: password, number, data }).toString()}`;
  const plain = await app.inject({ url: query('a secret') });
  t.is(plain.statusCode, 403);
  t.is(plain.payload, 'ERROR rejected-by-rule A rule of this server rejects the message: not over the air.');
  const json = await app.inject({ url: query('hello'), headers: { accept: 'application/json' } });
  t.is(json.statusCode, 404);
  t.deepEqual(json.json(), { error: { code: 'unknown-gateway', message: 'There is no gateway of this id: nowhere.' } });
  const body = { from: ada, to: [number], text: 'a secret' };
  t.like(await call(app, ['POST', '/messages'], body), { status: 403 });
});

test('a message is tried without being sent: which rules matched, what each did, and what would be done outside', async (t) => {
  const { app } = await setUp(t);
  const rules = [
    secretive,
    { title: 'off', enabled: false, conditions: all, actions: [{ type: 'delete' }] },
    {
      title: 'archive and route',
      conditions: all,
      actions: [{ type: 'copy', to: 'archive@example.net' }, { type: 'gateway', gateway: 'loop' }, { type: 'stop' }],
    },
    { title: 'last', conditions: all, actions: [{ type: 'delete' }] },
  ];
  await call(app, ['PUT', '/rules/outgoing'], rules);
  const { status, json } = await call(app, ['POST', '/rules/outgoing/test'], { from: ada, to: number, text: 'hello' });
  t.is(status, 200);
  t.like(json, { verdict: 'accept', matched: ['archive and route'], gateway: 'loop', reason: null });
  t.like(json['message'], { to: `${number}@loop`, text: 'hello' });
  t.deepEqual(json['effects'], [{ rule: 'archive and route', type: 'copy', to: ['archive@example.net'] }]);
  const trace = json['trace'] as { state: string; because: string | null; deeds: object[] }[];
  t.deepEqual(
    trace.map(({ state }) => state),
    ['not-matched', 'disabled', 'matched', 'not-reached'],
  );
  t.truthy(trace[0]?.because);
  t.is(trace[2]?.deeds.length, 3);
  // Rules that are not kept yet.
  const tried = await call(app, ['POST', '/rules/outgoing/test'], {
    from: ada,
    to: number,
    text: 'hello',
    rules: [rules[3]],
  });
  t.like(tried.json, { verdict: 'delete', matched: ['last'] });
  t.is((await call(app, ['POST', '/rules/outgoing/test'], { from: ada, to: number, at: 'noon' })).status, 400);
  t.deepEqual((await call(app, ['GET', '/messages'])).json, { items: [], next: null });
  t.deepEqual((await call(app, ['GET', '/rules/effects'])).json, { items: [], next: null });
});

test('rules are counted on the last messages, also those that are switched off', async (t) => {
  const { app, services } = await setUp(t);
  for (const data of ['one', 'a secret', 'another secret'])
    await call(app, ['POST', '/messages'], { from: ada, to: [number], text: data });
  const rules = [
    { ...secretive, enabled: false },
    { title: 'all', conditions: all, actions: [{ type: 'copy', to: 'a@example.net' }] },
  ];
  await call(app, ['PUT', '/rules/outgoing'], rules);
  const { json } = await call(app, ['POST', '/rules/outgoing/dry-run'], {});
  t.deepEqual(json, {
    messages: 3,
    rules: [
      { title: 'no secrets', matched: 2 },
      { title: 'all', matched: 1 },
    ],
    verdicts: { accept: 1, reject: 2, delete: 0 },
    effects: { copy: 1 },
    changed: 0,
  });
  const last = await call(app, ['POST', '/rules/outgoing/dry-run'], { last: 1 });
  t.is(last.json['messages'], 1);
  // What rules had sent another way is counted as it was asked for.
  const routing = { title: 'to loop', conditions: [{ type: 'match', field: 'to', op: 'equals', value: number }] };
  await call(app, ['PUT', '/rules/outgoing'], [{ ...routing, actions: [{ type: 'gateway', gateway: 'loop' }] }]);
  await call(app, ['POST', '/messages'], { from: ada, to: [number], text: 'four' });
  const routed = await call(app, ['POST', '/rules/outgoing/dry-run'], {});
  t.like(routed.json, { messages: 4, rules: [{ title: 'to loop', matched: 4 }], changed: 4 });
  await receive(services, { gateway: 'loop', sender: number, text: 'a secret' });
  const incoming = await call(app, ['POST', '/rules/incoming/dry-run'], { rules: [secretive] });
  t.like(incoming.json, { messages: 1, verdicts: { accept: 0, reject: 1, delete: 0 } });
});

test('what rules brought about is listed with the text that it is of', async (t) => {
  const { app, services } = await setUp(t);
  await saveRules(services, 'outgoing', [
    { title: 'copy', enabled: true, conditions: [{ type: 'all' }], actions: [{ type: 'copy', to: 'a@example.net' }] },
  ]);
  const { json } = await call(app, ['POST', '/messages'], { from: ada, to: [number], text: 'hello' });
  const [id] = json['ids'] as string[];
  const listed = await call(app, ['GET', `/rules/effects?state=waiting&message=${id}`]);
  t.like((listed.json['items'] as object[])[0], { message: id, rule: 'copy', kind: 'mail', attempts: 0, error: null });
  t.is((await call(app, ['GET', '/rules/effects?state=done'])).json['next'], null);
});

test('the test of a gateway goes through that gateway, whatever rules say', async (t) => {
  const { app } = await setUp(t);
  await call(app, ['PUT', '/rules/outgoing'], [{ title: 'never', conditions: all, actions: [{ type: 'reject' }] }]);
  const { status } = await call(app, ['POST', '/gateways/loop/test'], { number, text: 'hello' });
  t.is(status, 202);
});

test('what rules may do outside stands in the settings; passwords are never read back and not lost', async (t) => {
  const { app, store } = await setUp(t);
  const mistakes: [string, object][] = [
    ['rules.allowedExecutables', { allowedExecutables: ['program'] }],
    ['rules.allowedUrlHosts', { allowedUrlHosts: ['https://example.com'] }],
    ['rules.allowedUrlHosts', { allowedUrlHosts: ['10.0.0.0/33'] }],
    ['rules.sqlConnections.url', { sqlConnections: [{ name: 'a', url: 'oracle://a@b/c' }] }],
    [
      'rules.sqlConnections',
      {
        sqlConnections: [
          { name: 'a', url: 'sqlite:/a' },
          { name: 'a', url: 'sqlite:/b' },
        ],
      },
    ],
  ];
  for (const [field, rules] of mistakes) {
    const { status, json } = await call(app, ['PATCH', '/settings'], { rules });
    t.is(status, 400);
    t.is((json['error'] as { field: string }).field, field);
  }
  const url = 'postgresql://crm@db.example.com/crm';
  const rules = {
    allowedExecutables: ['/usr/local/bin/told'],
    allowedUrlHosts: ['*.example.com', '10.1.0.0/16'],
    sqlConnections: [{ name: 'crm', url: 'postgresql://crm:hush@db.example.com/crm' }],
  };
  const { json } = await call(app, ['PATCH', '/settings'], { rules });
  t.deepEqual(json['rules'], {
    ...rules,
    sqlConnections: [{ name: 'crm', url, hasPassword: true }],
    textsPerHour: 100,
  });
  // As it was read, it is written again.
  await call(app, ['PATCH', '/settings'], { rules: json['rules'] });
  t.deepEqual(store.settings.current.rules.sqlConnections, [{ name: 'crm', url, password: 'hush' }]);
  t.false(JSON.stringify(json).includes('hush'));
});

async function askXml(app: Parameters<typeof call>[0], path: string, xml: string, type = 'application/xml') {
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': type };
  return app.inject({ method: 'POST', url: `/api/v1${path}`, headers, payload: xml });
}

async function exported(app: Parameters<typeof call>[0], path: string) {
  return app.inject({ url: `/api/v1${path}`, headers: { authorization: `Bearer ${adminToken}` } });
}

test('rules leave as XML, all or some, and come in again as they were', async (t) => {
  const { app } = await setUp(t);
  const rules = [secretive, { title: 'b', enabled: false, conditions: all, actions: [{ type: 'stop' }] }];
  const kept = (await call(app, ['PUT', '/rules/outgoing'], rules)).json as unknown as { id: string }[];
  const whole = await exported(app, '/rules/outgoing/export');
  t.is(whole.statusCode, 200);
  t.is(whole.headers['content-type'], 'application/xml; charset=utf-8');
  const some = await exported(app, `/rules/outgoing/export?ids=${kept[1]!.id}`);
  t.false(some.payload.includes('secret'));
  t.is((await exported(app, '/rules/outgoing/export?ids=none')).statusCode, 404);
  const replaced = await askXml(app, '/rules/outgoing/import?mode=replace', whole.payload);
  t.is(replaced.statusCode, 200, replaced.payload);
  const again = (await call(app, ['GET', '/rules/outgoing'])).json as unknown as object[];
  t.is(again.length, 2);
  t.like(again[0], { ...secretive, enabled: true });
  t.like(again[1], rules[1]!);
  // A part of a document, behind what is there; or only to be looked at.
  const dry = await askXml(app, '/rules/outgoing/import?select=2&dryRun=true', whole.payload);
  t.deepEqual(
    dry.json<{ title: string }[]>().map(({ title }) => title),
    ['b'],
  );
  const added = await askXml(app, '/rules/outgoing/import?select=2', whole.payload, 'text/xml; charset=utf-8');
  t.is(added.statusCode, 200);
  const titles = (await call(app, ['GET', '/rules/outgoing'])).json as unknown as { title: string }[];
  t.deepEqual(
    titles.map(({ title }) => title),
    ['no secrets', 'b', 'b'],
  );
});

test('a document that holds no rules of this direction is refused, and nothing is kept of it', async (t) => {
  const { app } = await setUp(t);
  await call(app, ['PUT', '/rules/outgoing'], [secretive]);
  const { payload: xml } = await exported(app, '/rules/outgoing/export');
  for (const [path, document, type] of [
    ['/rules/incoming/import', xml, undefined],
    ['/rules/outgoing/import', '<rules', undefined],
    ['/rules/outgoing/import', xml.replace(/<[a-z]/, '<!DOCTYPE a [<!ENTITY b "c">]>$&'), undefined],
    ['/rules/outgoing/import?select=7', xml, undefined],
    ['/rules/outgoing/import?select=one', xml, undefined],
    ['/rules/outgoing/import', '{}', 'application/json'],
    ['/rules/outgoing/import', xml, 'application/x-www-form-urlencoded'],
  ] as const) {
    const { statusCode, payload } = await askXml(app, path, document, type);
    t.is(statusCode, 400, `${path} ${payload}`);
  }
  t.is(((await call(app, ['GET', '/rules/outgoing'])).json as unknown as object[]).length, 1);
  t.deepEqual((await call(app, ['GET', '/rules/incoming'])).json as unknown, []);
});

const hidden = {
  title: 'told outside',
  conditions: all,
  actions: [
    { type: 'webhook', url: 'https://user:webhook-word@hooks.example.com/path-secret/%%number%%?token=t0ken' },
    { type: 'execute', kind: 'url', target: 'https://example.org:8443/deliver.html?id=58&pass=url-secret' },
    { type: 'execute', kind: 'program', target: '/usr/bin/tell', arguments: ['--key', 'argument-secret'] },
    { type: 'sql', connection: 'db', statement: 'insert into t values (?)', parameters: ['parameter-secret'] },
    { type: 'sql', connection: 'db', statement: "insert into keys values ('literal-secret', %%number%%)" },
    { type: 'copy', to: 'sms:+447700900124@52&pass=copy-secret&maxmsgs=2, boss@example.org' },
    { type: 'send', to: 'sms:+447700900124?pass=send-secret', text: 'Hi' },
    { type: 'header', mode: 'edit', header: 'To', value: '%%to%%&pass=header-secret' },
  ],
};

test('whoever may not write rules sees neither URLs nor passwords in them, and cannot have them written so', async (t) => {
  const { app } = await setUp(t);
  const { json } = await call(app, ['PUT', '/rules/outgoing'], [hidden]);
  const [kept] = json as unknown as { id: string; actions: object[] }[];
  t.deepEqual(kept?.actions, hidden.actions);
  const { token } = (await call(app, ['PUT', '/tokens/reader'], { scopes: ['read'] })).json;
  const read = async (path: string) =>
    (await app.inject({ url: `/api/v1/rules/outgoing${path}`, headers: { authorization: `Bearer ${String(token)}` } }))
      .payload;
  for (const path of ['', `/${kept!.id}`, '/export']) {
    const shown = await read(path);
    t.regex(shown, /told outside/);
    t.notRegex(shown, /secret|t0ken|webhook-word/);
  }
  const [redacted] = JSON.parse(await read('')) as { actions: Record<string, unknown>[] }[];
  t.deepEqual(redacted?.actions.map(({ url, target, statement, to }) => url ?? target ?? statement ?? to).slice(0, 6), [
    'https://hooks.example.com (not shown)',
    'https://example.org:8443 (not shown)',
    '/usr/bin/tell',
    'insert into t values (?)',
    'insert (not shown)',
    'sms:+447700900124@52&pass=(not shown)&maxmsgs=2, boss@example.org',
  ]);
  // One action after the other, since the first is refused as no URL.
  for (const action of redacted!.actions) {
    const refused = await call(app, ['PUT', '/rules/outgoing'], [{ title: 'b', conditions: all, actions: [action] }]);
    t.like(refused.json['error'], { code: 'bad-rule' });
  }
  t.deepEqual((await call(app, ['GET', '/rules/outgoing'])).json as unknown, json as unknown);
  const exported = await app.inject({
    url: '/api/v1/rules/outgoing/export',
    headers: { authorization: `Bearer ${adminToken}` },
  });
  t.regex(exported.payload, /url-secret/);
});

test('what failed is tried again when it is asked for, what may have been done only where it may be done twice', async (t) => {
  const { app, store } = await setUp(t);
  const effect = {
    ...{ direction: 'outgoing' as const, messageId: 'm', userId: undefined, rule: 'r', kind: 'url' as const },
    ...{ document: { url: 'https://example.com/' }, hops: 0, now: 1 },
  };
  for (const state of ['failed', 'unknown', 'done'] as const) {
    await store.transact((tx) => addEffect(tx, effect));
    const [{ id } = { id: 0 }] = await listEffects(store, { limit: 1 });
    await store.transact((tx) => endEffect(tx, id, { state, now: 2 }));
  }
  const retry = async (id: number, query = '') => {
    const { status, json } = await call(app, ['POST', `/rules/effects/${id}/retry${query}`]);
    return [status, (json['error'] as { code: string } | undefined)?.code ?? json['state']];
  };
  t.deepEqual(await retry(1), [200, 'waiting']);
  t.deepEqual(await retry(1), [409, 'effect-not-failed']);
  t.deepEqual(await retry(2), [409, 'effect-may-be-done']);
  t.deepEqual(await retry(2, '?mayRepeat=true'), [200, 'waiting']);
  t.deepEqual(await retry(3, '?mayRepeat=true'), [409, 'effect-not-failed']);
  t.deepEqual(await retry(4), [404, 'unknown-effect']);
});

test('a trial and a count write nothing and use up nothing of the hour', async (t) => {
  const { app, store, services } = await setUp(t);
  await store.settings.save(store, {
    ...defaultSettings,
    rules: { ...defaultSettings.rules, textsPerHour: 1 },
  });
  const actions = [
    { type: 'send', to: '%%to%%', text: 'again' },
    { type: 'reject', reason: 'no' },
  ] as const;
  await submit(services, { origin: 'api', numbers: [number], text: 'kept' });
  const rule = { title: 'r', enabled: true, conditions: [{ type: 'all' }], actions } as const;
  await saveRules(services, 'outgoing', [{ ...rule, actions: [...actions], conditions: [...rule.conditions] }]);
  const changes = async () => (await store.db.all(sql`select total_changes() as n`))[0];
  const before = await changes();
  for (let n = 0; n < 3; n++) {
    const tried = await call(app, ['POST', '/rules/outgoing/test'], { from: ada, to: number, text: 'tried' });
    t.is((tried.json['effects'] as unknown[]).length, 1);
    t.like((await call(app, ['POST', '/rules/outgoing/dry-run'], {})).json, { messages: 1, effects: { send: 1 } });
  }
  t.deepEqual(await changes(), before);
});
