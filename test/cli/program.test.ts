import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { easmsAlone, refusal, scripted } from './scripted-api.js';

const anna = {
  address: 'anna@example.com',
  displayName: 'Anna',
  phoneNumber: null,
  smsAccess: 'inherit',
  admin: false,
};

const wrongUsage: Record<string, string[]> = {
  'a command without its sub-command': ['user'],
  'a sub-command that does not exist': ['user', 'dance'],
  'a missing argument': ['user', 'show'],
  'a missing option': ['send', '--from', 'anna@example.com', 'hello'],
  'an unknown option': ['user', 'list', '--colour', 'red'],
  'a value that is no choice': ['user', 'set', 'anna@example.com', '--sms-access', 'perhaps'],
  'two passwords': ['user', 'add', 'a@example.com', '--password', 'x', '--password-stdin'],
  'a server that is no web address': ['user', 'list', '--server', 'localhost:8080', '--token', 'x'],
  'a setting without a value': ['settings', 'set', 'expireMinutes', '--token', 'x'],
  'a setting that would reach into the language': ['settings', 'set', '__proto__.x=1', '--token', 'x'],
  'a time-out that is no number': ['send', '--from', 'a@b', '--to', '+1', '--timeout', 'soon', 'hello', '--token', 'x'],
  'a phone without a password': ['phone', '--server', 'http://127.0.0.1:1', '--user', 'a@b'],
  'a phone with a device id that is none': [
    ...['phone', '--server', 'http://127.0.0.1:1', '--user', 'a@b', '--password', 'x', '--device-id', '-'],
  ],
};

for (const [what, words] of Object.entries(wrongUsage)) {
  test(`ends with 2 and says why: ${what}`, async (t) => {
    const { status, out, err } = await easmsAlone(...words);
    t.is(status, 2);
    t.is(out, '');
    t.not(err, '');
  });
}

test('ends with 1 and one sentence where no server answers', async (t) => {
  const { status, err } = await easmsAlone('user', 'list', '--server', 'http://127.0.0.1:1', '--token', 'x');
  t.is(status, 1);
  t.is(err, 'easms: no server answers at http://127.0.0.1:1: is it running (easms serve)?\n');
});

test('ends with 1 and the sentence of the server where it refuses', async (t) => {
  const { easms } = await scripted(t, {
    'PATCH /users/anna%40example.com': [refusal(400, 'this field does not hold what it should', 'phoneNumber')],
    'GET /queue': [refusal(401, 'who are you?')],
    'GET /settings': ['<html>a proxy</html>'],
    'GET /devices': [500],
  });
  t.deepEqual(await easms('user', 'set', 'anna@example.com', '--phone', 'x'), {
    status: 1,
    out: '',
    err: 'easms: this field does not hold what it should (phoneNumber)\n',
  });
  t.is((await easms('queue')).err, 'easms: the server does not take the token\n');
  t.regex((await easms('settings')).err, /^easms: what answers at .* is no easms server\n$/);
  t.is((await easms('device', 'list')).status, 1);
});

test('does not replace a user by adding one of the same address', async (t) => {
  const { easms, asked } = await scripted(t, { 'GET /users/anna%40example.com': [anna] });
  const { status, err } = await easms('user', 'add', 'anna@example.com', '--password', 'x');
  t.is(status, 1);
  t.is(err, 'easms: it exists already: change it with "set"\n');
  t.deepEqual(
    asked.map(({ what }) => what),
    ['GET /users/anna%40example.com'],
  );
});

test('adds a user with what is given and nothing else', async (t) => {
  const { easms, asked } = await scripted(t, { 'PUT /users/anna%40example.com': [anna] });
  const words = ['--password', 'x', '--phone', '+447700900001', '--alias', 'a@example.com', '--alias', 'b@example.com'];
  t.deepEqual(await easms('user', 'add', 'anna@example.com', ...words), {
    status: 0,
    out: 'anna@example.com is added\n',
    err: '',
  });
  t.deepEqual(asked[1], {
    what: 'PUT /users/anna%40example.com',
    token: 'Bearer secret',
    body: { password: 'x', phoneNumber: '+447700900001', aliases: ['a@example.com', 'b@example.com'] },
  });
});

test('sends mail of a user on to several addresses, and to none again', async (t) => {
  const { easms, asked } = await scripted(t, { 'PATCH /users/anna%40example.com': [anna, anna] });
  await easms('user', 'set', 'anna@example.com', '--forward-to', 'a@mail.example', '--forward-to', 'b@mail.example');
  await easms('user', 'set', 'anna@example.com', '--no-forward-to');
  t.deepEqual(
    asked.map(({ body }) => body),
    [{ forwardTo: ['a@mail.example', 'b@mail.example'] }, { forwardTo: [] }],
  );
});

test('shows mail on its way to the relay', async (t) => {
  const mail = {
    id: 'm1',
    state: 'queued',
    user: anna.address,
    sender: '',
    recipients: ['a@mail.example'],
    attempts: 2,
  };
  const more = { dueAt: '2026-01-01T00:00:00.000Z', error: '451 later' };
  const { easms } = await scripted(t, { 'GET /mails?state=queued': [{ items: [{ ...mail, ...more }], next: null }] });
  const { out } = await easms('mail', 'list', '--state', 'queued');
  t.regex(out, /^id +state +user +sender +recipients +attempts +dueAt +error\nm1 +queued +anna@example\.com/);
  t.regex(out, /a@mail\.example +2 +2026-01-01T00:00:00\.000Z +451 later\n$/);
});

test('reads a list to its last page', async (t) => {
  const { easms } = await scripted(t, {
    'GET /users': [{ items: [anna], next: 'p 2' }],
    'GET /users?cursor=p%202': [{ items: [{ ...anna, address: 'bob@example.com', admin: true }], next: null }],
  });
  t.is(
    (await easms('user', 'list')).out,
    [
      'address           displayName  phoneNumber  smsAccess  admin',
      'anna@example.com  Anna         -            inherit    no',
      'bob@example.com   Anna         -            inherit    yes',
      '',
    ].join('\n'),
  );
  t.deepEqual(JSON.parse((await easms('user', 'list', '--json')).out) as unknown, [
    anna,
    { ...anna, address: 'bob@example.com', admin: true },
  ]);
});

test('shows a text from outside without the characters that command a terminal', async (t) => {
  const item = { id: '1', class: 'SMS', date: 'now', from: '+447700900123', to: '', text: 'red\u001b[31m\nalert' };
  const { easms } = await scripted(t, {
    'GET /users/anna%40example.com/messages?folder=inbox': [{ items: [item], next: null }],
  });
  t.true((await easms('user', 'messages', 'anna@example.com')).out.includes('red [31m alert'));
});

test('lists the items that a device was not given', async (t) => {
  const item = { itemId: '7', folder: 'inbox', reason: 'TOO_DEEP', at: '2026-01-28T12:00:00.000Z' };
  const path = 'GET /devices/anna%40example.com/PHONE1/skipped';
  const { easms } = await scripted(t, { [path]: [{ items: [item], next: null }] });
  const { status, out } = await easms('device', 'skipped', 'anna@example.com', 'PHONE1');
  t.is(status, 0);
  t.regex(out, /7 +inbox +2026-01-28T12:00:00\.000Z +TOO_DEEP/);
});

test('blocks a device', async (t) => {
  const device = { user: 'anna@example.com', deviceId: 'PHONE1', state: 'blocked' };
  const { easms, asked } = await scripted(t, { 'PATCH /devices/anna%40example.com/PHONE1': [device] });
  const { out } = await easms('device', 'block', 'anna@example.com', 'PHONE1');
  t.is(out, 'PHONE1 of anna@example.com is blocked\n');
  t.deepEqual(asked[0]?.body, { state: 'blocked' });
});

test('orders a wipe, and says what cannot be and what may have happened', async (t) => {
  const device = { user: 'anna@example.com', deviceId: 'P1', wipe: 'device', wipeSentAt: null, wipedAt: null };
  const { easms, asked } = await scripted(t, {
    'PATCH /devices/anna%40example.com/P1': [
      { ...device, wipeDeliverable: true },
      { ...device, wipe: 'account', wipeDeliverable: false },
      { ...device, wipe: 'none', wipeSentAt: '2026-01-31T12:00:00.000Z' },
    ],
  });
  const wipe = async (...flags: string[]) => (await easms('device', 'wipe', 'anna@example.com', 'P1', ...flags)).out;
  t.regex(await wipe(), /is told to delete all its data the next time it comes/);
  t.regex(await wipe('--account'), /refused instead, and not wiped/);
  t.regex(await wipe('--cancel'), /had it at 2026-01-31T12:00:00.000Z: it may have wiped itself/);
  t.deepEqual(
    asked.map(({ body }) => body),
    [{ wipe: 'device' }, { wipe: 'account' }, { wipe: 'none' }],
  );
});

test('replaces the device rules from a file, and refuses one that holds no list', async (t) => {
  const rules = [{ field: 'type', pattern: 'iP*', state: 'allowed' }];
  const { easms, asked } = await scripted(t, { 'PUT /device-rules': [rules], 'GET /device-rules': [rules] });
  const folder = mkdtempSync(join(tmpdir(), 'easms-rules-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const good = write('good.json', JSON.stringify(rules));
  t.is((await easms('device', 'rules', 'set', good)).out, 'field  pattern  state\ntype   iP*      allowed\n');
  t.deepEqual(asked[0]?.body, rules);
  for (const file of [write('half.json', '[{'), write('none.json', '{}'), join(folder, 'absent.json')])
    t.is((await easms('device', 'rules', 'set', file)).status, 2, file);
  t.is((await easms('device', 'rules', 'list', '--json')).out, `${JSON.stringify(rules)}\n`);
  t.is(asked.length, 2);
});

test('changes a policy by name and value, by scope, and takes it back', async (t) => {
  const { easms, asked } = await scripted(t, {
    'PATCH /policies/user%3Aanna%40example.com': [
      { scope: 'user:anna@example.com', effective: { allowCamera: false } },
    ],
    'DELETE /policies/server': [204],
  });
  const { out } = await easms(
    'policy',
    'set',
    'user:anna@example.com',
    'allowCamera=false',
    'minDevicePasswordLength=6',
  );
  t.is(out, 'scope                  user:anna@example.com\neffective.allowCamera  no\n');
  await easms('policy', 'unset', 'user:anna@example.com', 'allowCamera');
  t.is((await easms('policy', 'unset', 'server')).out, 'server says nothing of its own\n');
  t.deepEqual(
    asked.map(({ body }) => body),
    [{ allowCamera: false, minDevicePasswordLength: 6 }, { allowCamera: null }, undefined],
  );
});

test('adds a gateway, and tries it without sending', async (t) => {
  const { easms, asked } = await scripted(t, {
    'PUT /gateways/loop': [{ id: 'loop', type: 'loopback' }],
    'POST /gateways/loop/test': [{ ids: [], parts: 1 }],
  });
  t.is((await easms('gateway', 'add', 'loop', '--type', 'loopback')).out, 'loop is added\n');
  t.is((await easms('gateway', 'test', 'loop', '--to', '+447700900123', '--dry-run')).status, 0);
  t.deepEqual(asked.at(-1)?.body, { number: '+447700900123', text: 'A test of easms', dryRun: true });
});

test('lists what gateways brought, and what of it nobody has', async (t) => {
  const text = { id: 'i1', gateway: 'in', from: '+447700900123', to: null, receivedAt: 'x', placed: false, text: 'Hi' };
  const { easms } = await scripted(t, {
    'GET /incoming': [{ items: [], next: null }],
    'GET /incoming?placed=false': [{ items: [text], next: null }],
  });
  t.is((await easms('incoming')).out, 'none\n');
  t.regex((await easms('incoming', 'list', '--unplaced')).out, /i1 .*\+447700900123 .*no .*Hi/);
});

test('adds a webhook for some events, and shows what it has not taken', async (t) => {
  const event = { id: 'i1.received', event: 'received', at: '2026-11-23T03:00:00.000Z' };
  const waiting = { event, state: 'waiting', attempts: 2, dueAt: null, lastError: 'it answered with HTTP 500' };
  const { easms, asked } = await scripted(t, {
    'PUT /webhooks/crm': [{ id: 'crm' }],
    'GET /webhooks/crm/calls': [{ items: [waiting], next: null }],
  });
  const url = ['--url', 'https://crm.example.com/texts'];
  const given = [...url, '--event', 'received', '--event', 'failed', '--header', 'x-key: a:b', '--active', 'no'];
  t.is((await easms('webhook', 'add', 'crm', ...given)).out, 'crm is added\n');
  const body = { url: url[1], events: ['received', 'failed'], headers: { 'x-key': 'a:b' }, active: false };
  t.deepEqual(asked.at(-1)?.body, body);
  t.regex((await easms('webhook', 'calls', 'crm')).out, /i1\.received .* waiting .* 2 .*HTTP 500/);
  t.is((await easms('webhook', 'set', 'crm', '--header', 'none')).status, 2);
  t.is((await easms('webhook', 'set', 'crm', '--active', 'maybe')).status, 2);
});

test('adds a provider by its preset, with limits and header fields', async (t) => {
  const { easms, asked } = await scripted(t, { 'PUT /gateways/shop': [{ id: 'shop' }] });
  const flags = [
    '--preset',
    'twilio',
    '--parameter',
    'accountSid=AC1',
    '--parameter',
    'from=+44=x',
    '--limit',
    'perDay=250',
  ];
  const more = [
    '--header',
    'X-Team: a: b',
    '--timeout-seconds',
    '2.5',
    '--active',
    'no',
    '--deliver-to',
    'a@example.com',
  ];
  t.is((await easms('gateway', 'add', 'shop', ...flags, ...more)).out, 'shop is added\n');
  t.deepEqual(asked.at(-1)?.body, {
    type: 'http',
    preset: 'twilio',
    parameters: { accountSid: 'AC1', from: '+44=x' },
    limits: { perDay: 250 },
    headers: { 'X-Team': 'a: b' },
    timeoutSeconds: 2.5,
    active: false,
    deliverTo: ['a@example.com'],
  });
});

for (const wrong of [
  [],
  ['--type', 'http', '--header', 'X'],
  ['--preset', 'o2', '--limit', 'perDay=many'],
  ['--preset', 'o2', '--parameter', 'x'],
])
  test(`does not add a gateway that is written as ${JSON.stringify(wrong)}`, async (t) => {
    const { easms, asked } = await scripted(t, {});
    t.is((await easms('gateway', 'add', 'shop', ...wrong)).status, 2);
    t.deepEqual(asked, []);
  });

test('shows the request that a gateway would send', async (t) => {
  const post = {
    method: 'POST',
    url: 'https://h/?a=1',
    headers: { 'Content-Type': 'text/plain' },
    body: 'to=\u001b+44',
  };
  const { easms, asked } = await scripted(t, {
    'POST /gateways/shop/test': [
      { ids: [], parts: 1, requests: [post, { method: 'GET', url: 'https://h/', headers: {} }] },
    ],
  });
  const { out } = await easms('gateway', 'test', 'shop', '+447700900123', 'hello', '--dry-run');
  t.is(out, 'POST https://h/?a=1\nContent-Type: text/plain\n\nto= +44\n\nGET https://h/\n');
  t.deepEqual(asked.at(-1)?.body, { number: '+447700900123', text: 'hello', dryRun: true });
  t.is((await easms('gateway', 'test', 'shop', '--dry-run')).status, 2);
});

test('says of every gateway what keeps it from carrying, and ends with 1 where there is something', async (t) => {
  const gateway = { active: true, health: 'up', lastError: null };
  const findings = [{ about: 'SIM', isWell: false, says: 'asks for its PIN' }];
  const gateways = [
    { ...gateway, id: 'm', type: 'gsm-modem' },
    { ...gateway, id: 'web', type: 'http', health: 'down', lastError: 'connect ECONNREFUSED' },
    { ...gateway, id: 'off', type: 'gsm-modem', active: false },
  ];
  const { easms } = await scripted(t, {
    'GET /gateways': [
      { items: gateways, next: null },
      { items: [], next: null },
    ],
    'GET /gateways/m/modem': [{ findings }],
    'GET /findings': [
      { findings: [{ about: 'disk', isWell: false, says: 'has 3 MiB left for ./data' }] },
      { findings: [] },
    ],
  });
  const { status, out, err } = await easms('doctor');
  const [first, ...others] = out.split('\n');
  t.regex(first!, /^ok {3}server: .* answers/);
  t.deepEqual(others, [
    'BAD  disk: has 3 MiB left for ./data',
    'ok   gateway m: is up',
    'BAD  gateway m, SIM: asks for its PIN',
    'BAD  gateway web: is down: connect ECONNREFUSED',
    '',
  ]);
  t.deepEqual([status, err], [1, 'easms: 3 things are not well\n']);
  t.is((await easms('doctor')).status, 0);
});

test('looks at a device without a server', async (t) => {
  const missing = await easmsAlone('doctor', '--device', '/dev/ttyUSB99');
  t.deepEqual([missing.status, missing.err], [1, 'easms: one thing is not well\n']);
  t.regex(missing.out, /^BAD {2}port: \/dev\/ttyUSB99 is not there/);
  t.is((await easmsAlone('doctor', '--device', '/dev/ttyUSB99', '--baud-rate', 'fast')).status, 2);
});

test('changes settings by name and value, and gives them their defaults again', async (t) => {
  const { easms, asked } = await scripted(t, {
    'PATCH /settings': [{ expireMinutes: 60, device: { provisioning: 'optional' } }],
  });
  const { out } = await easms('settings', 'set', 'expireMinutes=60', 'device.provisioning=optional');
  t.is(out, 'expireMinutes        60\ndevice.provisioning  optional\n');
  await easms('settings', 'unset', 'device.provisioning', 'device.defaultState');
  t.deepEqual(
    asked.map(({ body }) => body),
    [
      { expireMinutes: 60, device: { provisioning: 'optional' } },
      { device: { provisioning: null, defaultState: null } },
    ],
  );
});

const message = { id: 'm1', state: 'queued', to: '+447700900123', gateway: null, error: null, attempts: [] };
const submitted = { 'POST /messages': [{ ids: ['m1'] }] };

test('ends with 1 and the reason when a text is not sent', async (t) => {
  const failed = { ...message, state: 'failed', error: 'the number is not in service' };
  const { easms } = await scripted(t, { ...submitted, 'GET /messages/m1': [failed] });
  const { status, err } = await easms('send', '--from', 'anna@example.com', '--to', '+447700900123', 'hello');
  t.is(status, 1);
  t.is(err, 'easms: the message m1 ended as failed: the number is not in service\n');
});

test('stops watching a text in time, and says that the server goes on', async (t) => {
  const { easms } = await scripted(t, { ...submitted, 'GET /messages/m1': [message] });
  const words = ['--from', 'anna@example.com', '--to', '+447700900123', '--timeout', '0', 'hello'];
  t.is((await easms('send', ...words)).err, 'easms: the message m1 is still queued; the server goes on\n');
});

test('watches a text from step to step until it is sent', async (t) => {
  const states = ['queued', 'queued', 'offered', 'sending', 'sent'].map((state) => ({ ...message, state }));
  const { easms, asked } = await scripted(t, {
    ...submitted,
    'GET /messages/m1': states,
    'GET /users/anna%40example.com/gateway': [{ deviceId: 'PHONE1', valid: true }],
  });
  const { status, out } = await easms('send', '--from', 'anna@example.com', '--to', '+447700900123', 'hello');
  t.is(status, 0);
  t.is(out, 'm1  queued\nm1  offered to PHONE1\nm1  sending\nm1  sent\n');
  t.deepEqual(asked[0]?.body, { from: 'anna@example.com', to: ['+447700900123'], text: 'hello' });
});

test('sends octets with all that goes with them', async (t) => {
  const { easms, asked } = await scripted(t, { ...submitted, 'GET /messages/m1': [{ ...message, state: 'sent' }] });
  const to = ['--from', 'anna@example.com', '--to', '+447700900123'];
  const octets = ['--binary', '--udh', 'BQQLhCPw', '--pid', '0', '--dcs', '245', '--value', 'a=1', '--value', '&b=2'];
  const times = ['--expire-minutes', '1.5', '--warning-minutes', '0', '--idempotency-key', 'k'];
  t.is((await easms('send', ...to, ...octets, ...times, '+/8=')).status, 0);
  t.deepEqual(asked[0]?.body, {
    from: 'anna@example.com',
    to: ['+447700900123'],
    text: '+/8=',
    ...{ binary: true, udh: 'BQQLhCPw', pid: 0, dcs: 245, values: ['a=1', '&b=2'] },
    ...{ expireMinutes: 1.5, warningMinutes: 0 },
  });
  t.is(asked[0]?.idempotencyKey, 'k');
  const { status, err } = await easms('send', ...to, '--pid', 'x', 'hello');
  t.is(status, 2);
  t.is(err, 'easms: parts, minutes, --pid and --dcs are numbers\n');
});
