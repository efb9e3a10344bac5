import test from 'ava';
import { findUser } from '../../src/accounts/users.js';
import { enqueueMail, markMailFailed, markMailSent, retryMail } from '../../src/store/mails.js';
import { ada, call, type Listed, setUp, start } from './set-up.js';

test('an address that mail cannot go on to is refused by name, and nothing changes', async (t) => {
  const { app } = await setUp(t);
  const bad = ['', 'ada', '@example.com', 'a@', 'a@b@c', 'a b@c', 'Ada <a@b>', 'a@b\r\nRCPT TO:<c@d>', '"a"@b', 'é@b'];
  for (const address of [...bad, `${'a'.repeat(65)}@example.com`, `a@${'b.'.repeat(123)}example`, '+1@exa mple.com']) {
    const answer = await call(app, ['PATCH', `/users/${ada}`], { forwardTo: ['ok@example.com', address] });
    t.is(answer.status, 400, address);
    t.like(answer.json['error'], { code: 'bad-field', field: 'forwardTo' }, address);
  }
  const many = Array.from({ length: 21 }, (_, n) => `a${n}@example.com`);
  t.is((await call(app, ['PATCH', `/users/${ada}`], { forwardTo: many })).status, 400);
  t.deepEqual((await call(app, ['GET', `/users/${ada}`])).json['forwardTo'], []);
});

test('what goes on to a number is kept in one form, and refused where the address names who pays or is no number', async (t) => {
  const { app } = await setUp(t);
  for (const address of [
    'sms:Bank',
    'sms:+447700900555?pass=secret',
    'sms:+447700900555?user=ada',
    'sms:+4477?maxmsgs=999',
  ]) {
    const answer = await call(app, ['PATCH', `/users/${ada}`], { forwardTo: [address] });
    t.like(answer.json['error'], { code: 'bad-field', field: 'forwardTo' }, address);
    t.false(answer.json['error'] !== undefined && JSON.stringify(answer.json).includes('secret'));
  }
  const given = ['"sms:+44 7700 900-555"@example.com', 'sms:+447700900556?MAXMSGS=2&id=modem1', 'ada@mail.example'];
  const { json } = await call(app, ['PATCH', `/users/${ada}`], { forwardTo: given });
  const kept = ['sms:+447700900555', 'sms:+447700900556?maxmsgs=2&id=modem1', 'ada@mail.example'];
  t.deepEqual(json['forwardTo'], kept);
  t.deepEqual((await call(app, ['PATCH', `/users/${ada}`], { forwardTo: kept })).json['forwardTo'], kept);
});

test('forwardTo is set, kept and taken away as other fields of a user are', async (t) => {
  const { app } = await setUp(t);
  const given = [' Ada@Mail.example', 'ada@mail.example', 'o/u+x=1@bücher.example'];
  const set = await call(app, ['PATCH', `/users/${ada}`], { forwardTo: given });
  const kept = ['ada@mail.example', 'o/u+x=1@xn--bcher-kva.example'];
  t.deepEqual(set.json['forwardTo'], kept);
  t.deepEqual((await call(app, ['PATCH', `/users/${ada}`], { displayName: 'Ada' })).json['forwardTo'], kept);
  const { items } = (await call(app, ['GET', '/users'])).json as unknown as Listed;
  t.deepEqual(items[0]?.['forwardTo'], kept);
  t.deepEqual((await call(app, ['PATCH', `/users/${ada}`], { forwardTo: null })).json['forwardTo'], []);
  await call(app, ['PATCH', `/users/${ada}`], { forwardTo: given });
  t.deepEqual((await call(app, ['PUT', `/users/${ada}`], {})).json['forwardTo'], []);
});

test('a text that comes in is shown as from where its gateway says, and its copy as mail on its way', async (t) => {
  const { app } = await setUp(t);
  await call(app, ['PATCH', `/users/${ada}`], { forwardTo: ['ada@mail.example'] });
  const number = '+447700900123';
  const shown: [emailFrom: string | null, from: string][] = [
    [null, `sms:${number}@example.com`],
    ['sms:%s@sms.example.org', `sms:${number}@sms.example.org`],
    ['%s', number],
  ];
  for (const [emailFrom, from] of shown) {
    const gateway = { type: 'loopback', password: 'pin', deliverTo: [ada], emailFrom };
    t.is((await call(app, ['PUT', '/gateways/in'], gateway)).status, 200);
    const query = new URLSearchParams({ id: 'in', pass: 'pin', number, data: 'Hello' });
    t.is((await app.inject(`/sms/deliver.html?${query.toString()}`)).payload, 'OK');
    const { items } = (await call(app, ['GET', `/users/${ada}/messages`])).json as unknown as Listed;
    t.like(items[0], { class: 'SMS', from, text: 'Hello' });
  }
  const { items } = (await call(app, ['GET', '/mails?state=queued'])).json as unknown as Listed;
  t.is(items.length, 3);
  const metrics = (await app.inject('/metrics')).payload;
  t.regex(metrics, /^easms_mail_queue_depth 3$/m);
  t.notRegex(JSON.stringify(items), /Hello/);
});

test('shows what waits for the relay and why, and what became of the rest, newest first', async (t) => {
  const { app, store } = await setUp(t);
  const { id: userId } = await findUser(store, ada);
  const [now, expiresAt] = [start, start + 60_000];
  await store.transact(function* (tx) {
    for (const id of ['m-1', 'm-2', 'm-3']) {
      const envelope = { sender: ada, recipients: [`${id}@mail.example`], octets: Buffer.from('secret') };
      yield* enqueueMail(tx, { id, userId, ...envelope, expiresAt, now });
    }
    yield* markMailSent(tx, 'm-1', now + 1);
    yield* markMailFailed(tx, 'm-2', { error: '550 no', now: now + 2 });
    yield* retryMail(tx, 'm-3', { recipients: ['m-3@mail.example'], dueAt: now + 5, error: '451 later' });
  });
  const { items } = (await call(app, ['GET', '/mails'])).json as unknown as Listed;
  t.deepEqual(
    items.map(({ id, state, error, dueAt }) => [id, state, error, dueAt]),
    [
      ['m-3', 'queued', '451 later', new Date(now + 5).toISOString()],
      ['m-2', 'failed', '550 no', null],
      ['m-1', 'sent', null, null],
    ],
  );
  t.like((await call(app, ['GET', '/mails/m-3'])).json, { user: ada, sender: ada, attempts: 0, finishedAt: null });
  const page = (await call(app, ['GET', '/mails?limit=2'])).json as unknown as Listed;
  const rest = (await call(app, ['GET', `/mails?limit=2&cursor=${page.next}`])).json as unknown as Listed;
  t.deepEqual([...page.items, ...rest.items], items);
  t.is((await call(app, ['GET', '/mails?state=lost'])).status, 400);
  t.is((await call(app, ['GET', '/mails/m-4'])).json['error'] !== undefined, true);
  t.is((await app.inject('/api/v1/mails')).statusCode, 401);
});
