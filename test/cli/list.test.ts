// `easms list` and `easms notification` before an API that says what was asked of it.

import test from 'ava';
import { easmsAlone, refusal, scripted } from './scripted-api.js';

const wrongUsage: Record<string, string[]> = {
  'a list of nobody': ['list', 'add', 'a@example.com', '--token', 'x'],
  'no address': ['list', 'show'],
  'nothing to change': ['notification', 'set', 'n@example.com', '--token', 'x'],
};
for (const [what, words] of Object.entries(wrongUsage))
  test(`it ends with 2 and says why: ${what}`, async (t) => {
    const { status, out, err } = await easmsAlone(...words);
    t.is(status, 2);
    t.is(out, '');
    t.not(err, '');
  });

const path = '/mailing-lists/a%40example.com';
const paid = 'sms:+447700900123?user=alerts&pass=';
const found = { address: 'a@example.com', members: [paid, 'bob@example.com'] };

test('a member that is not there cannot leave, and its password is not repeated', async (t) => {
  const { easms } = await scripted(t, { [`GET ${path}`]: [found] });
  const { status, err } = await easms('list', 'leave', 'a@example.com', 'sms:+1555?pass=hidden');
  t.is(status, 1);
  t.is(err, 'easms: sms:+1555?pass=… is not among them\n');
});

test('a list is made once, shown, changed member by member, and deleted', async (t) => {
  const { easms, asked } = await scripted(t, {
    [`GET ${path}`]: [refusal(404, 'There is no such list.'), found],
    [`PUT ${path}`]: [found],
    [`PATCH ${path}`]: [found],
    [`DELETE ${path}`]: [204],
    'GET /mailing-lists': [{ items: [found], next: null }],
  });
  const out = async (...words: string[]) => (await easms('list', ...words)).out;
  t.is(await out('add', 'a@example.com', `${paid}secret`, 'bob@example.com'), 'a@example.com is added\n');
  t.like(await easms('list', 'add', 'a@example.com', 'x@example.com'), { status: 1 });
  t.is(await out('show', 'a@example.com'), `${paid}\nbob@example.com\n`);
  t.regex(await out('list'), /^address +members\na@example\.com +2\n$/i);
  await out('join', 'a@example.com', 'sms:+447700900124');
  await out('leave', 'a@example.com', 'sms:+447700900123?user=ALERTS&pass=whatever');
  await out('set', 'a@example.com', 'carol@example.com');
  t.is(await out('delete', 'a@example.com'), 'a@example.com is deleted\n');
  t.deepEqual(
    asked.filter(({ what }) => /^P/.test(what)).map(({ body }) => (body as { members: string[] }).members),
    [
      [`${paid}secret`, 'bob@example.com'],
      [paid, 'bob@example.com', 'sms:+447700900124'],
      ['bob@example.com'],
      ['carol@example.com'],
    ],
  );
});

test('a notification account is made with its template and numbers, and changed in what is given', async (t) => {
  const one = '/notifications/n%40example.com';
  const account = { address: 'n@example.com', template: '%%from%%', to: ['sms:+447700900123'] };
  const { easms, asked } = await scripted(t, {
    [`GET ${one}`]: [refusal(404, 'There is no such account.'), account],
    [`PUT ${one}`]: [account],
    [`PATCH ${one}`]: [account],
    [`DELETE ${one}`]: [204],
    'GET /notifications': [{ items: [account], next: null }],
  });
  const to = ['--to', 'sms:+447700900123', '--to', 'sms:+447700900124'];
  t.is((await easms('notification', 'add', 'n@example.com', ...to)).out, 'n@example.com is added\n');
  await easms('notification', 'set', 'n@example.com', '--template', '%%subject%%');
  t.regex((await easms('notification', 'show', 'n@example.com')).out, /template +%%from%%/);
  t.regex((await easms('notification', 'list')).out, /n@example\.com +1 +%%from%%/);
  t.is((await easms('notification', 'delete', 'n@example.com')).status, 0);
  t.deepEqual(
    asked.filter(({ what }) => /^P/.test(what)).map(({ body }) => body),
    [{ to: ['sms:+447700900123', 'sms:+447700900124'] }, { template: '%%subject%%' }],
  );
});
