// `/gateways` over HTTP: what is refused, what is kept, what is shown of it, and what a trial shows.

import test from 'ava';
import { getGateway } from '../../src/store/gateways.js';
import { pem } from '../hooks/strange-server.js';
import { call, type Listed, number, readingOnly, setUp, text } from './set-up.js';

const url = 'https://sms.example.com/send?pw=s3cret&to=%number%&d=%data%';
const http = { type: 'http', url };

const refused: [object, string, RegExp][] = [
  [{ type: 'http' }, 'url', /./],
  [{ ...http, url: 'https://h/?d=%text%' }, 'url', /there is no variable text/],
  [{ ...http, url: 'https://h/?d=%data;ucs2%' }, 'url', /there is no attribute "ucs2" \(variable data\)/],
  [{ ...http, url: 'https://h/?d=%data&p=%parts%' }, 'url', /the variable data is not closed/],
  [{ ...http, url: 'https://%number%/' }, 'url', /a host without variables/],
  [{ ...http, body: '%nobody%' }, 'body', /there is no variable nobody/],
  [{ ...http, headers: { Host: 'x' } }, 'headers', /malformed/],
  [{ ...http, successPattern: '(?!x)' }, 'successPattern', /unsupported/],
  [{ ...http, idPattern: 'x' }, 'idPattern', /no group/],
  [{ ...http, method: 'PUT' }, 'method', /./],
  [{ ...http, timeoutSeconds: 0 }, 'timeoutSeconds', /./],
  [{ ...http, answers: ['sent'] }, 'answers', /./],
  [{ ...http, limits: { perDay: 0 } }, 'limits.perDay', /./],
  [{ ...http, limits: { perYear: 1 } }, 'limits.perYear', /./],
  [{ ...http, clientCertificate: 'none' }, 'clientCertificate', /no file that can be read/],
  [{ type: 'http', preset: 'pigeon' }, 'preset', /There is easms, clickatell, /],
  [{ type: 'http', preset: 'o2' }, 'parameters.baId', /./],
  [{ type: 'http', preset: 'o2', parameters: { baId: '1', colour: 'red' } }, 'parameters.colour', /./],
  [{ ...http, parameters: { baId: '1' } }, 'parameters', /those of a preset/],
];

test('a gateway that could not send is refused, and the field and what is wrong with it are named', async (t) => {
  const { app, logged } = await setUp(t);
  for (const [body, field, message] of refused) {
    const { status, json } = await call(app, ['PUT', '/gateways/g'], body);
    const error = json['error'] as { code: string; field: string; message: string };
    t.is(status, 400, JSON.stringify(body));
    t.is(error.field, field);
    t.regex(error.message, message);
  }
  t.is((await call(app, ['GET', '/gateways/g'])).status, 404);
  t.notRegex(logged.join(''), /s3cret|ucs2/);
});

const telling: Record<string, object> = {
  own: {
    type: 'http',
    url: 'https://hal:url-secret@sms.example.com:8443/path-secret?pw=s3cret&to=%number%',
    headers: { Authorization: 'Basic header-secret', 'Content-Type': 'text/plain' },
    body: 'pass=body-secret&d=%data%',
    successPattern: 'ok',
    caCertificate: pem('authority') + pem('client.key'),
    emailFrom: 'sms:%s@52&pass=from-secret',
    password: 'p-secret',
  },
  twilio: {
    ...{ type: 'http', preset: 'twilio' },
    parameters: {
      ...{ accountSid: 'AC1', authToken: 't-secret', from: '+15550100' },
      reportUrl: 'https://sms.example.com/sms/report/twilio?secret=report-secret',
    },
  },
  json: { type: 'http', preset: 'generic-json', parameters: { url: 'https://u:url-secret@sms.example.com' } },
  far: {
    type: 'http',
    preset: 'sms-gate',
    parameters: { server: 'https://sms.example.com', user: 'u', password: 's3cret' },
  },
};

test('what a token that may only read was shown of a gateway cannot be written back over what is kept', async (t) => {
  const { app, store } = await setUp(t);
  const read = await readingOnly(app);
  for (const [id, body] of Object.entries(telling)) await call(app, ['PUT', `/gateways/${id}`], body);
  const kept = await store.read((session) => getGateway(session, 'own'));
  const { url, headers, body, emailFrom } = await read('/gateways/own');
  const { parameters } = await read('/gateways/twilio');
  const refusals: [string, string, unknown][] = [
    ['own', 'url', url],
    ['own', 'headers', headers],
    ['own', 'body', body],
    ['own', 'emailFrom', emailFrom],
    ['twilio', 'parameters', parameters],
  ];
  for (const [id, field, value] of refusals)
    for (const method of ['PATCH', 'PUT'] as const) {
      const { status, json } = await call(app, [method, `/gateways/${id}`], { ...telling[id], [field]: value });
      t.is(status, 400, `${method} ${field}`);
      t.like(json['error'], { code: 'bad-field', field });
    }
  t.deepEqual(await store.read((session) => getGateway(session, 'own')), kept);
  t.is((await call(app, ['PATCH', '/gateways/own'], { description: 'a name (not shown)' })).status, 200);
});

test('a token that may only read sees of a gateway the host and the names of headers, and no secret', async (t) => {
  const { app } = await setUp(t);
  for (const [id, body] of Object.entries(telling))
    t.is((await call(app, ['PUT', `/gateways/${id}`], body)).status, 200, id);
  const read = await readingOnly(app);
  const { items } = (await read('/gateways')) as unknown as Listed;
  t.is(items.length, 5);
  t.notRegex(JSON.stringify(items), /secret(?!")|s3cret|hal|PRIVATE/);
  t.like(
    items.find(({ id }) => id === 'own'),
    {
      url: 'https://sms.example.com:8443 (not shown)',
      headers: { Authorization: '(not shown)', 'Content-Type': '(not shown)' },
      body: '(not shown)',
      successPattern: 'ok',
      caCertificate: pem('authority'),
      emailFrom: 'sms:%s@52&pass=(not shown)',
      hasPassword: true,
      health: 'up',
    },
  );
  t.deepEqual((await read('/gateways/twilio'))['parameters'], {
    ...{ accountSid: 'AC1', from: '+15550100', reportUrl: 'https://sms.example.com (not shown)' },
  });
  t.deepEqual((await read('/gateways/json'))['parameters'], { url: 'https://sms.example.com (not shown)' });
  t.deepEqual((await read('/gateways/far'))['parameters'], { server: 'https://sms.example.com', user: 'u' });
  const whole = (await call(app, ['GET', '/gateways/own'])).json;
  const { url, headers, body, emailFrom } = telling['own'] as Record<string, unknown>;
  t.like(whole, { url, headers, body, emailFrom });
  // Of one gateway alone no less.
  const readOne = await readingOnly(app, 'own');
  t.like(await readOne('/gateways/own'), { url: 'https://sms.example.com:8443 (not shown)', body: '(not shown)' });
});

test('keeps everything that a gateway over HTTP has, and shows its secrets to nobody', async (t) => {
  const { app, store, logged } = await setUp(t);
  const shown = {
    ...http,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Team': 'a' },
    body: '{"to":"%number%"}',
    successPattern: 'ok',
    idPattern: '(\\d+)',
    caCertificate: pem('authority'),
    timeoutSeconds: 5,
    concurrency: 3,
    limits: { perMinute: 30, pauseSeconds: 0.5 },
    emailFrom: 'sms:%s@example.com',
    deliverTo: ['ada@example.com'],
    description: 'the shop',
    active: false,
  };
  const secrets = { password: 'p-secret', webhookSecret: 'w-secret', clientKey: pem('client.key') };
  const put = await call(app, ['PUT', '/gateways/shop'], { ...shown, ...secrets, clientCertificate: pem('client') });
  t.is(put.status, 200);
  const expected = {
    ...shown,
    clientCertificate: pem('client'),
    hasPassword: true,
    hasWebhookSecret: true,
    hasClientKey: true,
  };
  t.like(put.json, expected);
  t.like((await call(app, ['GET', '/gateways/shop'])).json, expected);
  t.notRegex(put.json ? JSON.stringify(put.json) : '', /p-secret|w-secret|PRIVATE/);
  t.notRegex(logged.join(''), /secret|PRIVATE/);
  const row = await store.read((session) => getGateway(session, 'shop'));
  t.like(row, { password: 'p-secret', webhookSecret: 'w-secret', limits: { perMinute: 30, pauseSeconds: 0.5 } });
});

test('a change keeps the secrets it does not name, and null takes one away', async (t) => {
  const { app, store } = await setUp(t);
  const parameters = { accountSid: 'AC1', authToken: 't-secret', from: '+15550100' };
  const made = await call(app, ['PUT', '/gateways/shop'], {
    ...{ type: 'http', preset: 'twilio', parameters, password: 'p-secret', limits: { perDay: 250 } },
    clientCertificate: pem('client') + pem('client.key'),
  });
  t.deepEqual(made.json['parameters'], { accountSid: 'AC1', from: '+15550100' });
  t.is(made.json['clientCertificate'], pem('client'));
  t.like(made.json, { preset: 'twilio', hasPassword: true, hasClientKey: true });
  t.is(made.json['url'], undefined);
  const patch = { parameters: { from: '+15550199' }, limits: { perDay: null, perMinute: 6 }, description: 'x' };
  const changed = await call(app, ['PATCH', '/gateways/shop'], patch);
  t.like(changed.json, { hasPassword: true, hasClientKey: true, limits: { perMinute: 6 }, description: 'x' });
  const row = await store.read((session) => getGateway(session, 'shop'));
  t.deepEqual(row?.options['parameters'], { ...parameters, from: '+15550199' });
  const bare = await call(app, ['PATCH', '/gateways/shop'], { password: null, clientCertificate: null });
  t.like(bare.json, { hasPassword: false, hasClientKey: false });
});

test('a trial shows the request as it would be sent', async (t) => {
  const { app } = await setUp(t);
  const trial = async (body: object): Promise<unknown> => {
    t.is((await call(app, ['PUT', '/gateways/g'], { type: 'http', ...body })).status, 200);
    const { status, json } = await call(app, ['POST', '/gateways/g/test'], { number, text: 'Grüße', dryRun: true });
    t.is(status, 200);
    return (json['requests'] as unknown[])[0];
  };
  const clickatell =
    'http://api.clickatell.com/http/sendmsg?user=xxx&password=xxx&api_id=xxx&to=%number%&udh=%udh;len;hex%' +
    '&data=%data;isascii%%data;isunicode;unicode;value=&unicode=1%&concat=%parts%';
  t.deepEqual(await trial({ url: clickatell }), {
    method: 'GET',
    url:
      'http://api.clickatell.com/http/sendmsg?user=xxx&password=xxx&api_id=xxx&to=%2B447700900123&udh=' +
      '&data=0047007200FC00DF0065&unicode=1&concat=1',
    headers: {},
  });
  t.deepEqual(
    await trial({ url: 'https://h/x', headers: { 'Content-Type': 'application/json' }, body: '{"t":"%data%"}' }),
    {
      method: 'POST',
      url: 'https://h/x',
      headers: { 'Content-Type': 'application/json' },
      body: '{"t":"Grüße"}',
    },
  );
  const parameters = { accountSid: 'AC1', authToken: 't', from: '+15550100' };
  t.like(await trial({ preset: 'twilio', parameters, headers: { Authorization: 'Bearer own' } }), {
    method: 'POST',
    url: 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json',
    headers: { 'content-type': 'application/x-www-form-urlencoded', Authorization: 'Bearer own' },
    body: 'To=%2B447700900123&Body=Gr%C3%BC%C3%9Fe&From=%2B15550100',
  });
});

test('a trial with a text that the template has no writing for is refused', async (t) => {
  const { app } = await setUp(t);
  await call(app, ['PUT', '/gateways/g'], { type: 'http', url: 'https://h/?d=%data;len;hex%' });
  const long = { number, text: text.repeat(20), dryRun: true };
  t.like((await call(app, ['POST', '/gateways/g/test'], long)).json, {
    error: { code: 'bad-parameter', field: 'text' },
  });
});
