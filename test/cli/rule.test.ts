// `easms rule` before an API that says what was asked of it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { easmsAlone, refusal, scripted } from './scripted-api.js';

const wrongUsage: Record<string, string[]> = {
  'a direction that is none': ['list', '--direction', 'sideways'],
  'a test without a text': ['test', '--from', 'ada@example.com', '--to', '+1'],
  'a file that is not there': ['set', '/nowhere.json', '--token', 'x'],
  'a number of messages that is none': ['count', '--last', 'many', '--token', 'x'],
  'a document that is not there': ['import', '/nowhere.xml', '--token', 'x'],
  'no rule': ['enable', '--token', 'x'],
  'no effect': ['retry', '--token', 'x'],
  'an effect that is none': ['retry', 'first', '--token', 'x'],
  'effects beside all that failed': ['retry', '1', '--failed', '--token', 'x'],
};
for (const [what, words] of Object.entries(wrongUsage))
  test(`rule ends with 2 and says why: ${what}`, async (t) => {
    const { status, out, err } = await easmsAlone('rule', ...words);
    t.is(status, 2);
    t.is(out, '');
    t.not(err, '');
  });

const a = { id: 'r1', title: 'no secrets', enabled: true, conditions: [{}], actions: [{ type: 'reject' }] };
const b = {
  id: 'r2',
  title: 'archive',
  enabled: false,
  conditions: [{}],
  actions: [{ type: 'copy' }, { type: 'stop' }],
};

test('rules are listed in their order and switched by number, title or id', async (t) => {
  const { easms, asked } = await scripted(t, {
    'GET /rules/outgoing': [[a, b]],
    'GET /rules/incoming': [[]],
    'PATCH /rules/outgoing/r2': [{ ...b, enabled: true }],
    'PATCH /rules/outgoing/r1': [{ ...a, enabled: false }],
  });
  t.is(
    (await easms('rule', 'list')).out,
    'number  enabled  title       conditions  actions     id\n' +
      '1       yes      no secrets  1           reject      r1\n' +
      '2       no       archive     1           copy, stop  r2\n',
  );
  t.is((await easms('rule', 'list', '--direction', 'incoming')).out, 'none\n');
  t.is((await easms('rule', 'enable', '2')).out, 'archive is enabled\n');
  t.is((await easms('rule', 'disable', 'no secrets')).out, 'no secrets is disabled\n');
  t.deepEqual(
    asked.filter(({ what }) => what.startsWith('PATCH')).map(({ body }) => body),
    [{ enabled: true }, { enabled: false }],
  );
  t.like(await easms('rule', 'enable', '3'), { status: 1, err: 'easms: there is no outgoing rule 3\n' });
});

test('a message is tried, and it is said which rules matched and what each did', async (t) => {
  const trial = {
    verdict: 'accept',
    reason: null,
    gateway: 'uk',
    priority: null,
    placed: false,
    message: { from: 'ada@example.com', to: '+447700900123@uk', text: 'Hello' },
    effects: [],
    trace: [
      {
        position: 1,
        title: 'no secrets',
        state: 'not-matched',
        because: 'the body does not contain "secret"',
        deeds: [],
      },
      {
        position: 2,
        title: 'to Britain',
        state: 'matched',
        because: null,
        deeds: [
          { action: 'gateway', done: true, words: 'through uk' },
          { action: 'header', done: false, words: 'the pattern finds nothing' },
        ],
      },
    ],
  };
  const { easms, asked } = await scripted(t, {
    'POST /rules/outgoing/test': [trial, refusal(400, 'A pattern is not one.')],
  });
  const words = [
    'rule',
    'test',
    '--direction',
    'outgoing',
    '--from',
    'ada@example.com',
    '--to',
    '+447700900123',
    '--text',
    'Hello',
  ];
  t.deepEqual(await easms(...words), {
    status: 0,
    err: '',
    out: `1. no secrets: not matched: the body does not contain "secret"
2. to Britain: matched
   gateway: through uk
   not header: the pattern finds nothing

verdict: accept
from: ada@example.com
to: +447700900123@uk
text: Hello
gateway: uk
`,
  });
  t.deepEqual(asked[0]!.body, { from: 'ada@example.com', to: '+447700900123', text: 'Hello' });
  t.like(await easms(...words), { status: 1, err: 'easms: A pattern is not one.\n' });
});

test('rules are counted, exported and imported', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'easms-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'rules.json');
  writeFileSync(file, JSON.stringify([a]));
  const counts = {
    messages: 3,
    rules: [{ title: 'no secrets', matched: 2 }],
    verdicts: { accept: 1, reject: 2, delete: 0 },
    effects: { copy: 1 },
    changed: 0,
  };
  const { easms, asked } = await scripted(t, {
    'POST /rules/outgoing/dry-run': [counts],
    'GET /rules/outgoing': [[a, b]],
    'GET /rules/outgoing/export?ids=r2': ['<rules/>\n'],
    'PUT /rules/outgoing': [[a]],
  });
  t.is(
    (await easms('rule', 'count', '--last', '3', '--rules', file)).out,
    'of the last 3 messages:\n  accept: 1\n  reject: 2\n  copy: 1\nmatched  title\n2        no secrets\n',
  );
  t.deepEqual(asked[0]!.body, { last: 3, rules: [a] });
  t.is((await easms('rule', 'export', '--rule', 'archive')).out, '<rules/>\n');
  const out = join(folder, 'rules.xml');
  t.is((await easms('rule', 'export', out, '--rule', '2')).out, `written to ${out}\n`);
  t.is(readFileSync(out, 'utf8'), '<rules/>\n');
  t.is((await easms('rule', 'set', file)).status, 0);
});

test('effects are tried again one by one, or all that failed', async (t) => {
  const effect = { id: 7, rule: 'archive', kind: 'url', message: 'm1', state: 'waiting', attempts: 0 };
  const { easms, asked } = await scripted(t, {
    'POST /rules/effects/7/retry': [effect],
    'POST /rules/effects/8/retry?mayRepeat=true': [refusal(404, 'Rules bring about nothing of this id.')],
    'GET /rules/effects?state=failed': [{ items: [{ id: 7 }], next: null }],
  });
  t.regex((await easms('rule', 'retry', '7')).out, /7 +archive +url +m1 +waiting/);
  t.is((await easms('rule', 'retry', '8', '--may-repeat')).status, 1);
  t.is((await easms('rule', 'retry', '--failed')).status, 0);
  t.deepEqual(asked.filter(({ what }) => what.endsWith('/7/retry')).length, 2);
});
