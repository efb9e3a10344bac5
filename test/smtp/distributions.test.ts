import test from 'ava';
import { putSmsAccount } from '../../src/accounts/sms-accounts.js';
import { unknownVariables } from '../../src/message/notification.js';
import { type Distribution, putDistribution } from '../../src/store/distributions.js';
import { listMails } from '../../src/store/mails.js';
import type { Message } from '../../src/store/tables.js';
import { call, setUp, start } from '../http/set-up.js';
import { anna, bert, mailOf, number, openOffice } from './mail-program.js';

const here = ['127.0.0.1'];
const root = 'root@elsewhere.test';
const other = '+447700900124';

async function openListOffice(t: Parameters<typeof openOffice>[0], list: Partial<Distribution>, trusted = here) {
  const office = await openOffice(t, { trusted });
  const whole = { address: 'all@example.com', kind: 'list', template: null, targets: [], ...list } as const;
  await office.store.transact((tx) => putDistribution(tx, { ...whole, now: start }));
  const program = await office.call();
  await program.greet();
  const give = (from: string, octets = mailOf({ From: from })) =>
    program.give({ from, to: ['All@Example.com'], octets }).then((replies) => replies.at(-1)!);
  return { ...office, program, give };
}

test('lets nobody write to a list from outside without a log-in, whoever its members are', async (t) => {
  const { give, texts } = await openListOffice(t, { targets: [`sms:${number}?user=alerts&pass=alertpwd`] }, []);
  t.is(await give(root), '530 5.7.0 Authentication required');
  t.deepEqual(await texts(), []);
});

test('sends no text to a member of a list for nobody', async (t) => {
  const { give, texts } = await openListOffice(t, { targets: [`sms:${number}`] });
  t.is(await give(root), '530 5.7.0 Authentication required');
  t.deepEqual(await texts(), []);
});

test('has the account in the address of a member pay, whoever wrote to the list', async (t) => {
  const { give, texts, services } = await openListOffice(t, {
    targets: [`sms:${number}?user=alerts&pass=alertpwd@example.com`, `sms:${other}`],
  });
  t.regex(await give(anna), /^250 /);
  const [first, second] = await texts();
  t.like(first, { recipient: number, userId: null, properties: { account: 'alerts' } });
  t.like(second, { recipient: other, userId: (await services.credentials.lookUp(anna))!.id });
});

test('leaves out the members of a list that cannot be reached, and charges the limit to the account', async (t) => {
  const { give, texts, store, logged } = await openListOffice(t, {
    targets: [`sms:${number}?user=alerts&pass=wrong`, `sms:${other}?user=alerts&pass=alertpwd`],
  });
  await putSmsAccount(store, 'alerts', { password: 'alertpwd', monthlyLimit: 1, now: start });
  t.regex(await give(root), /^250 /);
  t.deepEqual(
    (await texts()).map(({ recipient }) => recipient),
    [other],
  );
  t.false(logged.join('').includes('wrong'), 'no password in the log');
  const again = mailOf({ From: root, 'Message-ID': '<2@x.test>' });
  t.is(await give(root, again), '550 5.7.1 This month has too few texts left for it: refused by the SMS account');
});

test('gives a mail to the members of a list that are people, here and elsewhere', async (t) => {
  const { give, inbox, store } = await openListOffice(t, { targets: [bert, 'eve@elsewhere.test'] });
  t.regex(await give(root), /^250 /);
  t.like((await inbox(bert))[0], { from: root });
  t.deepEqual(
    (await listMails(store)).map(({ recipients }) => recipients),
    [['eve@elsewhere.test']],
  );
});

// The document, *Sending SMS from Email Clients*: NAME is any but the protocol's own.
const text = 'text@example.com';
const extended: [form: string, target: string, becomes: Partial<Message> | string][] = [
  [`text:${number}@example.com`, 'sms:%%extensionnosep%%', { recipient: number, parts: 1 }],
  [`"text:${number}"@example.com`, 'sms:%%extensionnosep%%', { recipient: number }],
  [`"TEXT:+44 7700 900-123"@Example.com`, 'SMS:%%ExtensionNoSep%%', { recipient: number }],
  [`text:${number}@example.com`, 'sms:%%extensionnosep%%?maxmsgs=7', { recipient: number, parts: 2 }],
  [`text:${number}?maxmsgs=1@example.com`, 'sms:%%extensionnosep%%?maxmsgs=7', { parts: 2 }],
  [`text:${number}?maxmsgs=2@example.com`, 'sms:%%extensionnosep%%', { parts: 2 }],
  [
    `text:${number}?sender=Anna@example.com`,
    '"sms:%%extensionnosep%%?maxmsgs=2"@example.com',
    { sender: 'Anna', parts: 2 },
  ],
  ['text:Bank@example.com', 'sms:%%extensionnosep%%', '550 5.1.1 Nobody here has this address'],
  ['text:@example.com', 'sms:%%extensionnosep%%', '550 5.1.1 Nobody here has this address'],
  [text, 'sms:%%extensionnosep%%', '550 5.1.1 Nobody here has this address'],
  [`text:${number},${other}@example.com`, 'sms:%%extensionnosep%%', '550 5.1.1 Nobody here has this address'],
  [`other:${number}@example.com`, 'sms:%%extensionnosep%%', '550 5.1.1 Nobody here has this address'],
  [`text:${number}@example.com`, `sms:${other}`, '550 5.1.1 Nobody here has this address'],
  [`text:${number}?maxmsgs=0@example.com`, 'sms:%%extensionnosep%%', /^553 5\.1\.3 /.source],
];
for (const [form, target, becomes] of extended)
  test(`reads <${form}> by the helper address with ${target}`, async (t) => {
    const { program, texts } = await openListOffice(t, { address: text, targets: [target] });
    const octets = mailOf({ From: anna }, 'x'.repeat(200));
    const reply = (await program.give({ from: anna, to: [form], octets })).at(-1)!;
    if (typeof becomes === 'string') return t.true(reply === becomes || new RegExp(becomes).test(reply), reply);
    t.regex(reply, /^250 /);
    const [first, ...others] = await texts();
    t.like(first, becomes);
    t.deepEqual(others, []);
  });

test('lets nobody send through a helper address from outside, whatever account is in it', async (t) => {
  const targets = ['sms:%%extensionnosep%%?user=alerts&pass=alertpwd'];
  const { program, texts } = await openListOffice(t, { address: text, targets }, []);
  const replies = await program.give({
    from: root,
    to: [`text:${number}@example.com`],
    octets: mailOf({ From: root }),
  });
  t.true(replies.includes('530 5.7.0 Authentication required'));
  t.deepEqual(await texts(), []);
});

test('has the account of a helper address pay, and an extension cannot name another', async (t) => {
  const targets = ['sms:%%extensionnosep%%?user=alerts&pass=alertpwd'];
  const { program, texts } = await openListOffice(t, { address: text, targets });
  const to = [`"text:${number}?user=anna%example.com&pass=wrong"@example.com`];
  t.regex((await program.give({ from: root, to, octets: mailOf({ From: root }) })).at(-1)!, /^250 /);
  t.like((await texts())[0], { recipient: number, userId: null, properties: { account: 'alerts' } });
});

test('makes a notification of a mail', async (t) => {
  const template = '%%From_Name%% <%%from_alias%% at %%from_domain%%> %%subject%%, %%size%%, %%attachments%%|%%body%%';
  const { give, texts } = await openListOffice(t, {
    kind: 'notification',
    template,
    targets: [`sms:${number}?user=alerts&pass=alertpwd`],
  });
  const octets = mailOf({ From: 'Root <root@elsewhere.test>', Subject: 'Disk full' }, 'Now.');
  t.regex(await give(root, octets), /^250 /);
  t.is((await texts())[0]?.text, `Root <root at elsewhere.test> Disk full, ${octets.length + 2} B, |Now.`);
});

test('knows which variables a notification may have', (t) => {
  t.deepEqual(unknownVariables('%%subject%% %%SIZE%% 100%% %%date%% %%to%%'), []);
  t.deepEqual(unknownVariables('%%weather%%'), ['weather']);
});

test('keeps mailing lists and notifications, and never shows a password of theirs', async (t) => {
  const { app } = await setUp(t);
  const member = `sms:${number}?user=alerts&pass=alertpwd`;
  const shown = `sms:${number}?user=alerts&pass=`;
  const put = await call(app, ['PUT', '/mailing-lists/Alerts@example.com'], { members: [member, bert] });
  t.like(put, { status: 200, json: { address: 'alerts@example.com', members: [shown, bert] } });
  const kept = await call(app, ['PATCH', '/mailing-lists/alerts@example.com'], { members: [shown] });
  t.deepEqual(kept.json, { address: 'alerts@example.com', members: [shown] });
  const wrong = await call(app, ['PUT', '/mailing-lists/alerts@example.com'], { members: ['nobody'] });
  t.like(wrong, { status: 400, json: { error: { code: 'bad-field', field: 'members' } } });
  const helper = { members: ['sms:%%extensionnosep%%?user=alerts&pass=alertpwd'] };
  const shownHelper = { members: ['sms:%%extensionnosep%%?user=alerts&pass='] };
  t.like((await call(app, ['PUT', '/mailing-lists/text@example.com'], helper)).json, shownHelper);
  t.is((await call(app, ['DELETE', '/mailing-lists/text@example.com'])).status, 204);
  t.like((await call(app, ['PUT', '/mailing-lists/sms@example.com'], helper)).json, { error: { field: 'address' } });
  const odd = { members: ['sms:%%extensionnosep%%1'] };
  t.like((await call(app, ['PUT', '/mailing-lists/text@example.com'], odd)).json, { error: { field: 'members' } });
  t.like((await call(app, ['PUT', '/mailing-lists/ada@example.com'], {})).json, { error: { code: 'address-taken' } });
  t.is((await call(app, ['GET', '/notifications/alerts@example.com'])).status, 404);
  const made = await call(app, ['PUT', '/notifications/new@example.com'], { to: [member] });
  t.like(made.json, { template: '%%from%%: %%subject%% (%%size%%)', to: [shown] });
  const unknown = { template: '%%weather%%', to: [member] };
  t.like((await call(app, ['PUT', '/notifications/new@example.com'], unknown)).json, { error: { field: 'template' } });
  t.like((await call(app, ['PUT', '/notifications/new@example.com'], { to: [bert] })).json, { error: { field: 'to' } });
  t.is(((await call(app, ['GET', '/mailing-lists'])).json as { items?: unknown[] }).items?.length, 1);
  t.is((await call(app, ['DELETE', '/mailing-lists/alerts@example.com'])).status, 204);
  t.is((await call(app, ['DELETE', '/mailing-lists/alerts@example.com'])).status, 404);
  t.false(JSON.stringify((await call(app, ['GET', '/audit'])).json).includes('alertpwd'));
});
