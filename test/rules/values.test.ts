// Values with variables, each where it stands; and actions that are none.

import test from 'ava';
import fc from 'fast-check';
import { RuleError, type RuleErrorCode } from '../../src/rules/errors.js';
import type { Action } from '../../src/rules/rule.js';
import { withoutSecrets } from '../../src/rules/without-secrets.js';
import { all, compile, incoming, outgoing, rule, tryRules } from './samples.js';

const edit = (header: string, value: string, pattern?: string): Action => ({
  type: 'header',
  mode: 'edit',
  header,
  value,
  ...(pattern !== undefined && { pattern }),
});
const url = (target: string): Action => ({ type: 'execute', kind: 'url', target });
const sql = (statement: string, ...parameters: string[]): Action => ({
  type: 'sql',
  connection: 'crm',
  statement,
  parameters,
});

const refused: readonly [title: string, action: Action, code: RuleErrorCode][] = [
  ['an unknown type', { type: 'explode' } as unknown as Action, 'BAD_ACTION'],
  ['an unknown variable', { type: 'forward', to: '%%nobody%%@example.org' }, 'BAD_VARIABLE'],
  ['a forward to nobody', { type: 'forward', to: ' , ' }, 'BAD_ACTION'],
  ['an address that is none', { type: 'copy', to: 'somewhere' }, 'BAD_ACTION'],
  ['more addresses than the limit', { type: 'copy', to: 'a@b.example,'.repeat(101) }, 'TOO_MANY'],
  ['a text of a book', { type: 'send', to: '+15551234567', text: 'x'.repeat(8_193) }, 'TOO_MANY'],
  ['a header without a name', edit('', 'x'), 'BAD_ACTION'],
  ['a header with a line end in its name', edit('X\r\nY', 'x'), 'BAD_ACTION'],
  ['an edit without a value', { type: 'header', mode: 'edit', header: 'X' }, 'BAD_ACTION'],
  ['an empty To', edit('To', ''), 'BAD_ACTION'],
  ['a message without To', { type: 'header', mode: 'remove', header: 'To' }, 'BAD_ACTION'],
  ['a pattern that is none', edit('To', 'x', '['), 'BAD_PATTERN'],
  ['a priority of 6', { type: 'priority', value: 6 }, 'BAD_ACTION'],
  ['a priority without a meaning', { type: 'priority', value: 'urgent' as 'high' }, 'BAD_ACTION'],
  ['a gateway without an id', { type: 'gateway', gateway: ' ' }, 'BAD_ACTION'],
  ['a folder without a name', { type: 'move', folder: '' }, 'BAD_ACTION'],
  ['a variable as program', { type: 'execute', kind: 'program', target: '/bin/%%body%%' }, 'BAD_VARIABLE'],
  ['no program', { type: 'execute', kind: 'program', target: '' }, 'BAD_ACTION'],
  ['a variable in the scheme', url('%%body%%://example.org/'), 'BAD_VARIABLE'],
  ['a variable in the host', url('http://%%body%%.example.org/'), 'BAD_VARIABLE'],
  ['a variable in the port', url('http://example.org:%%body%%/'), 'BAD_VARIABLE'],
  ['a variable in the password', url('http://a:%%body%%@example.org/'), 'BAD_VARIABLE'],
  ['a URL of another scheme', url('file:///etc/passwd'), 'BAD_ACTION'],
  ['a URL that is none', { type: 'webhook', url: 'example.org/hook' }, 'BAD_ACTION'],
  [
    'a URL with arguments',
    { type: 'execute', kind: 'url', target: 'http://example.org/', arguments: ['a'] },
    'BAD_ACTION',
  ],
  ['no statement', sql(' '), 'BAD_ACTION'],
  ['no connection', { type: 'sql', connection: '', statement: 'SELECT 1' }, 'BAD_ACTION'],
  ['a variable as name of a table', sql('SELECT * FROM "%%body%%"'), 'BAD_VARIABLE'],
  ['a variable in a comment', sql('SELECT 1 -- %%body%%'), 'BAD_VARIABLE'],
  ['a variable in a dollar quote', sql('SELECT $$%%body%%$$'), 'BAD_VARIABLE'],
  ['a variable in a literal with a backslash', sql("SELECT 'a\\n%%body%%'"), 'BAD_VARIABLE'],
  ['a variable in a literal with a prefix', sql("SELECT E'%%body%%'"), 'BAD_VARIABLE'],
  ['a variable in a literal that does not end', sql("SELECT '%%body%%"), 'BAD_VARIABLE'],
  ['a mark without a parameter', sql('SELECT ?'), 'BAD_ACTION'],
  ['a parameter without a mark', sql('SELECT 1', 'a'), 'BAD_ACTION'],
];

for (const [title, action, code] of refused) {
  test(`refuses ${title}`, async (t) => {
    const error = await t.throwsAsync(compile([rule(all, action)]), { instanceOf: RuleError });
    t.is(error.code, code);
  });
}

test('refuses a gateway for what has come already', async (t) => {
  const compiling = compile([rule(all, { type: 'gateway', gateway: 'a' })], { direction: 'incoming' });
  t.is((await t.throwsAsync(compiling, { instanceOf: RuleError })).code, 'BAD_ACTION');
});

/** What an edit of Subject makes of a value. */
async function filled(value: string, message = outgoing(), pattern?: string): Promise<string> {
  return (await tryRules([rule(all, edit('Subject', value, pattern))], message)).message.subject;
}

for (const [value, expected] of [
  ['%%From%% %%from_alias%% %%from_domain%%', 'alice@example.org alice example.org'],
  ['%%TO%% %%number%% %%to_alias%%', '+15551234567@gw +15551234567 +15551234567'],
  ['%%body%%|%%data%%|%data%', 'See you at eight|See you at eight|See you at eight'],
  ['%%sender%% %%sender_name%% %sender_phonealias%', 'alice@example.org Alice +15550001111'],
  ['%%user%% %%domain%% %%gateway%% %%country%%', 'alice@example.org example.org gw US'],
  ['%%msgid%% %%size%% %%parts%% %%encoding%% %%binary%%', 'm1 16 1 gsm7 0'],
  ['%%date%% %%time%% %%rule%%', '2026-11-30 20:30:15 rule'],
  ['%%header:x-app%%%%header:X-None%%', 'crm'],
  ['100% sure, %off% and 50%%', '100% sure, %off% and 50%%'],
  ['$1 stays without a pattern', '$1 stays without a pattern'],
] as const) {
  test(`fills in ${value}`, async (t) => {
    const message = outgoing({ to: '+15551234567@gw', gateway: 'gw', headers: [{ name: 'X-App', value: 'crm' }] });
    t.is(await filled(value, message), expected);
  });
}

for (const [pattern, value, expected] of [
  ['(b)(c)', '$2$1', 'acbd'],
  ['(b)(c)', '$$2$$1', 'acbd'],
  ['(b)(c)', '$12', 'ab2d'],
  ['(b)(c)', '$3-', 'a-d'],
  ['(b)(c)', '\\$1 %%from_alias%%', 'a$1 aliced'],
  ['(x)?b', '[$1]', 'a[]cd'],
  ['x', 'y', 'abcd'],
  ['(b)', '$1$', 'ab$cd'],
] as const) {
  test(`rewrites abcd by ${pattern} and ${value}`, async (t) => {
    t.is(await filled(value, outgoing({ subject: 'abcd' }), pattern), expected);
  });
}

test('a value with a pattern is not read for groups again', async (t) => {
  t.is(await filled('%%body%%', outgoing({ subject: 'a', body: '$1' }), '(a)'), '$1');
});

test('headers are added, edited and removed', async (t) => {
  const header = (mode: 'add' | 'edit' | 'remove', value?: string, pattern?: string): Action => ({
    type: 'header',
    mode,
    header: 'X-Tag',
    ...(value !== undefined && { value }),
    ...(pattern !== undefined && { pattern }),
  });
  const tags = async (...actions: Action[]) => {
    const headers = [
      { name: 'x-tag', value: 'one' },
      { name: 'X-Tag', value: 'two' },
    ];
    return (await tryRules([rule(all, ...actions)], outgoing({ headers }))).message.headers.map(({ value }) => value);
  };
  t.deepEqual(await tags(header('add', 'three')), ['one', 'two', 'three']);
  t.deepEqual(await tags(header('edit', 'three')), ['three']);
  t.deepEqual(await tags(header('edit', '$1!', '(o)')), ['o!ne', 'two'.replace('o', 'o!')]);
  t.deepEqual(await tags(header('remove')), []);
  t.deepEqual(await tags(header('remove', undefined, '^t')), ['one']);
});

test('rewrites that double a header end at the limit', async (t) => {
  const rules = Array.from({ length: 40 }, () => rule(all, edit('Subject', '$1$1', '^(.*)$')));
  const { message } = await tryRules(rules, outgoing({ subject: 'x' }));
  t.true(message.subject.length <= 8_192);
});

test('a line end in a text begins no other header', async (t) => {
  t.is(await filled('%%body%%', outgoing({ body: 'a\r\nBcc: b@example.org\0' })), 'a Bcc: b@example.org ');
});

test('a text adds neither a gateway nor a parameter to To', async (t) => {
  const rules = [rule(all, edit('To', '%%number%%@gw&note=%%body%%'))];
  const { destination } = await tryRules(rules, outgoing({ body: 'x&sender=+1@other?maxmsgs=9' }));
  t.deepEqual(destination, {
    number: '+15551234567',
    gateway: 'gw',
    parameters: [['note', 'x&sender=+1@other?maxmsgs=9']],
  });
});

test('a text adds no address and no parameter of an address', async (t) => {
  const to = '%%body%%@example.org, sms:+15551234567?data=%%body%%';
  const { effects } = await tryRules([rule(all, { type: 'copy', to })], outgoing({ body: 'a@b.example, c&id=1 <d>' }));
  t.like(effects[0], { to: ['sms:+15551234567?data=a@b.example%2C%20c%26id%3D1%20%3Cd%3E'] });
  const plain = await tryRules([rule(all, { type: 'copy', to })], outgoing({ body: 'x,y' }));
  t.like(plain.effects[0], { to: ['xy@example.org', 'sms:+15551234567?data=x%2Cy'] });
});

test('an action without an address left is skipped', async (t) => {
  const action: Action = { type: 'send', to: '%%sender_phonealias%%', text: 'hello' };
  const { effects, trace } = await tryRules([rule(all, action)], incoming(), { isTraced: true });
  t.deepEqual(effects, []);
  t.like(trace[0]!.deeds[0], { isDone: false, words: 'no address is left' });
});

test('a message is sent to numbers and addresses with what the variables stand for', async (t) => {
  const action: Action = {
    type: 'send',
    to: '%%from%%; boss@example.org',
    text: 'Got: %%body%%',
    subject: 'Re: %%from%%',
  };
  const { effects } = await tryRules([rule(all, action)], incoming({ body: 'a\nb\0' }));
  t.like(effects[0], { to: ['+15557654321', 'boss@example.org'], text: 'Got: a\nb', subject: 'Re: +15557654321' });
});

test('a text makes no step up in a path', async (t) => {
  const to = async (body: string) =>
    (await tryRules([rule(all, url('https://example.org/a/%%body%%/b'))], outgoing({ body }))).effects;
  t.deepEqual(await to('..'), []);
  t.like((await to('../x'))[0], { url: 'https://example.org/a/..%2Fx/b' });
});

test('whatever a text holds, a URL keeps its host and its parameters', async (t) => {
  const set = await compile([rule(all, url('https://hook.example/p?x=1&data=%%body%%&y=2'))]);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (body) => {
      const called = set.evaluate(outgoing({ body }), { now: 0 }).effects[0] as unknown as { url: string };
      const { host, pathname, searchParams } = new URL(called.url);
      t.deepEqual([host, pathname, [...searchParams.keys()]], ['hook.example', '/p', ['x', 'data', 'y']]);
      t.is(searchParams.get('data'), body.replaceAll(/\p{Surrogate}/gu, '\uFFFD'));
    }),
  );
});

test('a program gets values as arguments, one each', async (t) => {
  const action: Action = {
    type: 'execute',
    kind: 'program',
    target: '/usr/bin/note',
    arguments: ['--', '%%from%%', '%%body%%'],
  };
  const { effects } = await tryRules([rule(all, action)], outgoing({ body: '$(rm -rf /) "; \0' }));
  t.like(effects[0], {
    type: 'program',
    program: '/usr/bin/note',
    arguments: ['--', 'alice@example.org', '$(rm -rf /) "; '],
  });
});

for (const [statement, own, pieces, parameters] of [
  ['SELECT %%from%%', [], ['SELECT ', ''], ['alice@example.org']],
  ["SELECT 'it''s %%body%%'", [], ['SELECT ', ''], ["it's See you at eight"]],
  ["LIKE '%%%from_alias%%%'", [], ['LIKE ', ''], ['%alice%']],
  ["SELECT '%body% ?', ? -- ?", ['%%from%%'], ["SELECT '%body% ?', ", ' -- ?'], ['alice@example.org']],
  ['SELECT $2, $1, $1', ['a', 'b'], ['SELECT ', ', ', ', ', ''], ['b', 'a', 'a']],
  ['SELECT "a""?", `?`, /* ? */ $x$ ? $x$', [], ['SELECT "a""?", `?`, /* ? */ $x$ ? $x$'], []],
] as const) {
  test(`binds what stands in ${statement}`, async (t) => {
    const { effects } = await tryRules([rule(all, sql(statement, ...own))], outgoing());
    t.like(effects[0], { type: 'sql', connection: 'crm', pieces: [...pieces], parameters: [...parameters] });
  });
}

for (const [statement, shown] of [
  ["insert into keys values ('abc')", 'insert (not shown)'],
  [' UPDATE t SET a = "b"', 'UPDATE (not shown)'],
  ['select $$abc$$', 'select (not shown)'],
  ['select $1$$abc$$', 'select (not shown)'],
  ['select a -- abc', 'select (not shown)'],
  ['select/* abc */ a', 'select (not shown)'],
  ['select `a`', 'select (not shown)'],
  ['select a from t where b = 4711', 'select (not shown)'],
  ["'abc'", '(not shown)'],
  ['insert into t2 (a, b) values (?, %%from%%)', undefined],
  ['insert into t values ($1, $12)', undefined],
] as const) {
  test(`shows no literal of ${statement}`, (t) => {
    const { actions } = withoutSecrets(rule(all, sql(statement)));
    t.deepEqual(actions, [sql(shown ?? statement)]);
  });
}

for (const [written, shown] of [
  ['https://example.com/abc', 'https://example.com (not shown)'],
  ['HTTPS://example.com?abc', 'HTTPS://example.com (not shown)'],
  ['https://abc:abc@example.com', 'https://example.com (not shown)'],
  ['https://abc@abc@example.com:8443#abc', 'https://example.com:8443 (not shown)'],
  ['https:\\\\abc@example.com', '(not shown)'],
  ['https:///abc@example.com', 'https:// (not shown)'],
  ['abc', '(not shown)'],
  ['https://example.com:8443/', 'https://example.com:8443/'],
] as const) {
  test(`shows the host alone of ${written}`, (t) => {
    t.deepEqual(withoutSecrets(rule(all, url(written))).actions, [url(shown)]);
  });
}

test('a folder is one, whatever stands in the text', async (t) => {
  const to = async (folder: string) =>
    (await tryRules([rule(all, { type: 'move', folder })], outgoing({ body: '../x' }))).effects[0];
  t.like(await to('%%user%%/Texts/%%body%%'), { address: 'alice@example.org', folder: 'Texts/.._x' });
  t.like(await to('Archive'), { address: undefined, folder: 'Archive' });
});
