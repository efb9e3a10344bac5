import test from 'ava';
import { patchUser, putUser } from '../../src/accounts/users.js';
import { findMessage } from '../../src/store/messages.js';
import { ada, call, number, password, setUp, start, type Listed } from './set-up.js';

type App = Awaited<ReturnType<typeof setUp>>['app'];

async function send(app: App, parameters: Record<string, string>, text = 'Hi'): Promise<string> {
  const query = new URLSearchParams({ number, data: text, ...parameters });
  return (await app.inject({ url: `/sms/?${query.toString()}` })).payload;
}

test('refuses what no SMS account can be, naming the field', async (t) => {
  const { app } = await setUp(t);
  const wrong: [string, object, string][] = [
    ['a%b', {}, 'name'],
    ['a:b', {}, 'name'],
    ['a', { expires: '2026-02-30' }, 'expires'],
    ['a', { expires: 'soon' }, 'expires'],
    ['a', { monthlyLimit: -1 }, 'monthlyLimit'],
    ['a', { members: ['group:'] }, 'members'],
    ['a', { members: ['nobody'] }, 'members'],
    ['a', { lastSent: 'yesterday' }, 'lastSent'],
    ['a', { colour: 'red' }, 'colour'],
  ];
  for (const [name, body, field] of wrong) {
    const { status, json } = await call(app, ['PUT', `/sms-accounts/${encodeURIComponent(name)}`], body);
    t.is(status, 400, JSON.stringify(body));
    t.is((json['error'] as { field: string }).field, field);
  }
  for (const method of ['GET', 'PATCH', 'DELETE'] as const)
    t.is((await call(app, [method, '/sms-accounts/nobody'], method === 'PATCH' ? {} : undefined)).status, 404);
});

test('keeps an account, never shows its password, and lists accounts by name', async (t) => {
  const { app } = await setUp(t);
  const body = { password: 'secret', description: 'Trial', expires: '2030-09-30', monthlyLimit: 10, members: [ada] };
  const made = await call(app, ['PUT', '/sms-accounts/Trial'], body);
  t.like(made.json, {
    name: 'trial',
    active: true,
    hasPassword: true,
    gateway: null,
    monthlyLimit: 10,
    sentThisMonth: 0,
  });
  t.false(JSON.stringify(made.json).includes('secret'));
  await call(app, ['PUT', '/sms-accounts/alerts'], {});
  const { items } = (await call(app, ['GET', '/sms-accounts'])).json as unknown as Listed;
  t.deepEqual(
    items.map(({ name }) => name),
    ['alerts', 'trial'],
  );
  const patched = await call(app, ['PATCH', '/sms-accounts/trial'], { active: false, expires: null, password: '' });
  t.like(patched.json, { active: false, expires: null, hasPassword: false, description: 'Trial', members: [ada] });
  t.is((await call(app, ['DELETE', '/sms-accounts/trial'])).status, 204);
});

test('sends for an account by its name and password, in each form of the name, and counts each part', async (t) => {
  const { app, store } = await setUp(t);
  await call(app, ['PUT', '/sms-accounts/pilot@example.com'], {
    password: 'of the pilot',
    monthlyLimit: 5,
    gateway: 'loop',
  });
  for (const user of ['pilot@example.com', 'PILOT%example.com', 'pilot/example.com', 'pilot%40example.com']) {
    const answer = await send(app, { user, pass: 'of the pilot' });
    const message = await findMessage(store, answer.slice(3));
    t.like(message, { userId: null, pinnedGateway: 'loop', properties: { account: 'pilot@example.com' } }, user);
  }
  t.regex(
    await send(app, { user: 'pilot@example.com', pass: 'of the pilot' }, 'x'.repeat(161)),
    /^ERROR monthly-limit-reached .* Refused by the SMS account\./,
  );
  t.regex(await send(app, { user: 'pilot@example.com', pass: 'wrong' }), /^ERROR bad-credentials /);
  t.regex(await send(app, { user: 'pilot@example.com' }), /^ERROR authentication-required /);
  const { json } = await call(app, ['GET', '/sms-accounts/pilot@example.com']);
  t.like(json, { sentThisMonth: 4, sentPreviousMonth: 0, lastSent: new Date(start).toISOString() });
  await call(app, ['PATCH', '/sms-accounts/pilot@example.com'], { sentThisMonth: 0 });
  t.regex(await send(app, { user: 'pilot@example.com', pass: 'of the pilot' }, 'x'.repeat(161)), /^OK /);
});

test('lets anybody send through an account without a password, in the name of no user', async (t) => {
  const { app, store } = await setUp(t);
  await call(app, ['PUT', '/sms-accounts/open'], { members: [ada] });
  for (const pass of [undefined, ''])
    t.like(
      await findMessage(store, (await send(app, { user: 'open', ...(pass !== undefined && { pass }) })).slice(3)),
      {
        userId: null,
        properties: { account: 'open' },
      },
    );
  t.regex(await send(app, { user: ada }), /^ERROR authentication-required /);
  await call(app, ['PATCH', '/sms-accounts/open'], { expires: '2001-01-01' });
  t.regex(await send(app, { user: 'open' }), /^ERROR account-expired .* the SMS account\./);
});

test('walks through the authentications of a member: the account first, the own password next, else nobody', async (t) => {
  const { app, store } = await setUp(t);
  await call(app, ['PUT', '/groups/staff'], { members: [ada] });
  await call(app, ['PUT', '/sms-accounts/shared'], {
    password: 'of the account',
    members: ['group:staff'],
    monthlyLimit: 3,
  });
  const senderOf = async (pass: string) => findMessage(store, (await send(app, { user: ada, pass })).slice(3));
  t.like(await senderOf('of the account'), { userId: 1, properties: { account: 'shared' } });
  t.like(await senderOf(password), { userId: 1, properties: { account: 'shared' } });
  t.regex(await send(app, { user: ada, pass: 'wrong' }), /^ERROR bad-credentials /);
  await patchUser(store, ada, { smsAccess: 'denied' });
  t.regex(await send(app, { user: ada, pass: password }), /^ERROR access-denied .* the access of the user\./);
  t.regex(
    await send(app, { user: ada, pass: 'of the account' }),
    /^OK /,
    'the account lets in whom the policy does not',
  );
  t.regex(await send(app, { user: ada, pass: 'of the account' }), /^ERROR monthly-limit-reached /);
  t.like((await call(app, ['GET', `/users/${ada}`])).json, { sentThisMonth: 3 });
  await call(app, ['DELETE', '/groups/staff']);
  t.regex(await send(app, { user: ada, pass: 'of the account' }), /^ERROR bad-credentials /);
});

test('sends for the user whose name an account bears, if the user shares it', async (t) => {
  const { app, store } = await setUp(t);
  const senderOf = async (pass: string) => findMessage(store, (await send(app, { user: ada, pass })).slice(3));
  await call(app, ['PUT', `/sms-accounts/${ada}`], { password: 'of the account' });
  t.like(await senderOf('of the account'), { userId: null, properties: { account: ada } }, 'nobody is a member');
  await call(app, ['PATCH', `/sms-accounts/${ada}`], { members: [ada] });
  t.like(await senderOf('of the account'), { userId: 1, properties: { account: ada } });
  t.like(await senderOf(password), { userId: 1, properties: { account: ada } });
  await call(app, ['PATCH', `/sms-accounts/${ada}`], { password: null });
  t.like(await findMessage(store, (await send(app, { user: ada })).slice(3)), { userId: null }, 'nothing is proved');
});

test('names the level whose settings refuse, the nearest alone being asked', async (t) => {
  const { app } = await setUp(t);
  const right = { user: ada, pass: password };
  await call(app, ['PATCH', '/settings'], { smsSettings: { active: false } });
  t.regex(await send(app, right), /^ERROR account-inactive .* the SMS settings of the server\./);
  await call(app, ['PATCH', '/domains/example.com'], { smsSettings: { expires: '2001-01-01' } });
  t.regex(await send(app, right), /^ERROR account-expired .* the SMS settings of the domain\./);
  await call(app, ['PATCH', `/users/${ada}`], { smsSettings: { monthlyLimit: 1 } });
  t.regex(await send(app, right), /^OK /);
  t.regex(await send(app, right), /^ERROR monthly-limit-reached /);
  const posted = await call(app, ['POST', '/messages'], { from: ada, to: [number], text: 'Hi' });
  t.is((posted.json['error'] as { code: string }).code, 'monthly-limit-reached');
  await call(app, ['PATCH', `/users/${ada}`], { smsSettings: { active: false } });
  const refused = await call(app, ['POST', '/messages'], { from: ada, to: [number], text: 'Hi' });
  t.like(refused.json['error'], { code: 'account-inactive', step: 'user-settings' });
  t.deepEqual((await call(app, ['GET', `/users/${ada}`])).json['smsSettings'], { monthlyLimit: 1, active: false });
  await call(app, ['PATCH', `/users/${ada}`], { smsSettings: null });
  t.regex(await send(app, right), /^ERROR account-expired /);
});

test('pins what the settings of a user name, unless the request names another', async (t) => {
  const { app, store } = await setUp(t);
  await call(app, ['PUT', '/gateways/other'], { type: 'loopback' });
  await call(app, ['PATCH', `/users/${ada}`], { smsSettings: { gateway: 'other' } });
  const gatewayOf = async (id?: string) => {
    const answer = await send(app, { user: ada, pass: password, ...(id && { id }) });
    return (await findMessage(store, answer.slice(3)))?.pinnedGateway;
  };
  t.is(await gatewayOf(), 'other');
  t.is(await gatewayOf('loop'), 'loop');
});

test('answers 429 with Retry-After to guesses, and the right password all the same', async (t) => {
  const { app, store } = await setUp(t);
  await putUser(store, 'bob@example.com', { password: 'of bob', now: start });
  t.regex(await send(app, { user: ada, pass: password }), /^OK /);
  let refused;
  for (let n = 0; n < 41 && refused?.statusCode !== 429; n++)
    refused = await app.inject({ url: `/sms/?number=%2B447700900123&data=Hi&user=${ada}&pass=guess${n}` });
  t.is(refused?.statusCode, 429);
  t.regex(String(refused?.headers['retry-after']), /^\d+$/);
  t.regex(await send(app, { user: ada, pass: password }), /^OK /);
  t.regex(await send(app, { user: 'bob', pass: 'of bob' }), /^OK /);
});
