import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Accepted } from '../../../src/gateway/bearer.js';
import { openHttp, rehearse } from '../../../src/gateway/bearers/http.js';
import { readSetup } from '../../../src/gateway/bearers/http/setup.js';
import { OptionError, SubmitError, type SubmitErrorCode } from '../../../src/gateway/errors.js';
import { patchUser } from '../../../src/accounts/users.js';
import type { Store } from '../../../src/store/open.js';
import type { Message, User } from '../../../src/store/tables.js';
import { openCaller } from '../../hooks/callers.js';
import { type Hearing, listen, pem, type StrangeServer, written } from '../../hooks/strange-server.js';
import { openStage, type Stage, start } from '../stage.js';
import { scratchFolder } from '../../scratch-folder.js';

const url = 'http://127.0.0.1/';

const refused: [string, Record<string, unknown>, string | RegExp | undefined][] = [
  ['url', {}, undefined],
  ['url', { url: 'http://%number%/' }, /without variables/],
  [
    'url',
    { url: 'http://host/?d=%data&c=%parts%' },
    'In this template the variable data is not closed by a percent sign.',
  ],
  ['url', { url: 'http://host/?d=%text%' }, 'In this template there is no variable text.'],
  ['body', { url, body: '%data;ucs2%' }, 'In this template there is no attribute "ucs2" (variable data).'],
  ['body', { url, method: 'GET', body: 'x' }, 'A GET has no body.'],
  ['body', { url, body: '' }, undefined],
  ['headers', { url, headers: { 'X-A': '%nobody%' } }, 'In this template there is no variable nobody.'],
  ['headers', { url, headers: { 'X A': '1' } }, /malformed/],
  ['headers', { url, headers: { Host: 'x' } }, /malformed/],
  ['headers', { url, headers: { 'X-A': 'a\nb' } }, /malformed/],
  ['headers', { url, headers: { 'X-A': 1 } }, undefined],
  ['headers', { url, headers: { 'Content-Type': 'text/plain; charset=klingon' } }, /character set/],
  ['method', { url, method: 'PUT' }, undefined],
  ['successPattern', { url, successPattern: '(' }, /missing closing \)/],
  ['successPattern', { url, successPattern: '^(?!ERR)' }, /\(\?!/],
  ['idPattern', { url, idPattern: '\\d+' }, 'It has no group.'],
  ['timeoutSeconds', { url, timeoutSeconds: 0 }, undefined],
  ['timeoutSeconds', { url, timeoutSeconds: 601 }, undefined],
  ['concurrency', { url, concurrency: 129 }, undefined],
  ['clientCertificate', { url, clientCertificate: pem('client') }, 'Certificates need a URL of https.'],
  [
    'clientCertificate',
    { url: 'https://h/', clientCertificate: '/nowhere.pem' },
    'It is no PEM, and no file that can be read.',
  ],
  ['clientCertificate', { url: 'https://h/', clientCertificate: pem('client') }, /no key/],
  ['clientCertificate', { url: 'https://h/', clientKey: pem('client.key') }, undefined],
  ['clientCertificate', { url: 'https://h/', clientCertificate: pem('client.key') }, 'It holds no certificate.'],
  ['clientKey', { url: 'https://h/', clientCertificate: pem('client'), clientKey: pem('client') }, /no key/],
  ['clientKey', { url: 'https://h/', clientCertificate: pem('client'), clientKey: pem('stranger.key') }, /not the one/],
  ['caCertificate', { url: 'https://h/', caCertificate: pem('client.key') }, 'It holds no certificate.'],
  ['token', { url, token: 'x' }, undefined],
];

for (const [n, [field, options, detail]] of refused.entries())
  test(`a gateway is not saved with a bad option (${n + 1}): ${field}`, (t) => {
    const error = t.throws(() => readSetup(options), { instanceOf: OptionError });
    t.is(error?.field, field);
    if (detail instanceof RegExp) t.regex(error.detail!, detail);
    else t.is(error?.detail, detail);
  });

test('certificates may be PEM or the path of a file, and one PEM may hold the key too', (t) => {
  const file = join(scratchFolder(), 'both.pem');
  const both = pem('client.key') + pem('client');
  writeFileSync(file, both);
  const of = (options: object): unknown => readSetup({ url: 'https://h/', ...options }).identity;
  t.deepEqual(of({ clientCertificate: file }), { cert: both, key: both, ca: undefined });
  t.deepEqual(of({ clientCertificate: both }), { cert: both, key: both, ca: undefined });
  t.like(of({ clientCertificate: pem('client'), clientKey: pem('client.key'), caCertificate: pem('authority') }), {
    key: pem('client.key'),
    ca: pem('authority'),
  });
  t.is(of({}), undefined);
});

const row: Message = {
  id: 'm-1',
  userId: null,
  origin: 'api',
  recipient: '+447700900123',
  text: 'hello',
  parts: 1,
  sender: null,
  properties: null,
  pinnedGateway: null,
  state: 'queued',
  error: null,
  gateway: null,
  deviceId: null,
  offeredAt: null,
  fetchedAt: null,
  confirmedAt: null,
  addMerged: false,
  dueAt: start,
  expiresAt: start,
  warnAt: null,
  begunAt: null,
  sentAt: null,
  claimedBy: null,
  claimedUntil: 0,
  createdAt: start,
  finishedAt: null,
};

interface Provider {
  server: StrangeServer;
  submit(message?: Partial<Message>): Promise<Accepted>;
}

interface Setting {
  answer: (hearing: Hearing) => void;
  query?: string;
  options?: Record<string, unknown>;
  signal?: AbortSignal;
  partPauses?: readonly number[];
}

async function openProvider(t: ExecutionContext, setting: Setting): Promise<Provider> {
  const { answer, query = '?to=%number%&d=%data%', options = {}, partPauses } = setting;
  const { signal = new AbortController().signal } = setting;
  const server = await listen(t, answer);
  // None of these templates asks for the user.
  const services = { store: undefined as never, now: () => start, openCaller };
  const address = `http://127.0.0.1:${server.port}/${query}`;
  const bearer = openHttp(services, { id: 'provider', options: { url: address, ...options } }, partPauses);
  t.teardown(() => bearer.close());
  return {
    server,
    submit: (message = {}) =>
      bearer.submit({
        message: { ...row, ...message },
        begin: () => t.fail(),
        beginSending: async () => true,
        signal,
      }),
  };
}

async function failureOf(t: ExecutionContext, answer: Promise<Accepted>): Promise<SubmitError> {
  return await t.throwsAsync<SubmitError>(answer, { instanceOf: SubmitError });
}

const says =
  (status: string, body = '', fields: string[] = []) =>
  ({ socket }: Hearing): void =>
    void socket.write(written(status, body, fields));

const verdicts: [string, Setting, SubmitErrorCode, string][] = [
  ['429', { answer: says('429 Slow down') }, 'HTTP_TRY_LATER', 'the provider asks to try later (HTTP 429)'],
  ['500', { answer: says('500 Oops', 'x') }, 'HTTP_TRY_LATER', 'the provider asks to try later (HTTP 500)'],
  ['400', { answer: says('400 No') }, 'HTTP_REFUSED', 'the provider refused the text (HTTP 400)'],
  ['404', { answer: says('404 No') }, 'HTTP_REFUSED', 'the provider refused the text (HTTP 404)'],
  [
    '302',
    { answer: says('302 Found', '', ['Location: /x']) },
    'HTTP_REDIRECTED',
    'the provider answered with a redirect, which is not followed (HTTP 302)',
  ],
  [
    '200 without what means sent',
    { answer: says('200 OK', 'ERR: 301'), options: { successPattern: '^ID: ' } },
    'HTTP_UNCONFIRMED',
    'the answer of the provider is not the one that means sent (HTTP 200)',
  ],
  [
    '200 with what means sent too late',
    { answer: says('200 OK', `${'x'.repeat(4095)}ID: 1`), options: { successPattern: 'ID: ' } },
    'HTTP_UNCONFIRMED',
    'the answer of the provider is not the one that means sent (HTTP 200)',
  ],
  [
    'a 5xx of 10 MB',
    { answer: says('503 No', 'x'.repeat(10_000_000)) },
    'HTTP_NO_ANSWER',
    'the provider gave no complete answer (HTTP 503)',
  ],
  [
    'a 5xx that never ends',
    {
      answer: ({ socket }) => socket.write('HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n'),
      options: { timeoutSeconds: 2 },
    },
    'HTTP_NO_ANSWER',
    'the provider gave no complete answer',
  ],
  [
    'nothing',
    { answer: () => undefined, options: { timeoutSeconds: 2 } },
    'HTTP_NO_ANSWER',
    'the provider gave no complete answer',
  ],
  ['a cut', { answer: ({ socket }) => socket.destroy() }, 'HTTP_NO_ANSWER', 'the provider gave no complete answer'],
];

for (const [what, setting, code, message] of verdicts)
  test(`a provider that answers ${what}: ${code}`, async (t) => {
    const provider = await openProvider(t, setting);
    const error = await failureOf(t, provider.submit());
    t.is(error.code, code);
    t.is(error.message, message);
    t.is(provider.server.heard.length, 1);
  });

test('a provider that cannot be reached is tried later, and a full stop leaves unknown what was written', async (t) => {
  const stop = new AbortController();
  const provider = await openProvider(t, { answer: () => stop.abort(), signal: stop.signal });
  t.is((await failureOf(t, provider.submit())).code, 'SHUT_DOWN');
  t.is((await failureOf(t, provider.submit())).code, 'HTTP_NOT_CONNECTED');
});

test('when to try again is kept', async (t) => {
  const provider = await openProvider(t, { answer: says('503 No', '', ['Retry-After: 120']) });
  t.is((await failureOf(t, provider.submit())).retryAfterSeconds, 120);
});

test('a text that the request has no writing for is refused before anything begins', async (t) => {
  const length = await openProvider(t, { answer: says('200 OK'), query: '?d=%data;len;hex%' });
  t.is((await failureOf(t, length.submit({ text: 'x'.repeat(300) }))).code, 'HTTP_UNWRITABLE');
  const header = await openProvider(t, { answer: says('200 OK'), options: { headers: { 'X-Text': '%data%' } } });
  t.is((await failureOf(t, header.submit({ text: 'a\r\nX-Evil: 1' }))).code, 'HTTP_UNWRITABLE');
  t.deepEqual([...length.server.heard, ...header.server.heard], []);
});

test('no error repeats the number, the text or the secrets of the address', async (t) => {
  const text = 'a secret text';
  for (const setting of [
    { answer: says('400 No', text), query: '?pw=secret&to=%number%&d=%data%' },
    { answer: says('200 OK'), options: { headers: { 'X-Text': '%data%' } } },
    { answer: ({ socket }: Hearing) => socket.destroy(), query: '?pw=secret&to=%number%&d=%data%' },
  ]) {
    const error = await failureOf(t, (await openProvider(t, setting)).submit({ text: `${text}\n` }));
    const cause = error.cause as Error | undefined;
    const said = JSON.stringify([error.message, error, cause?.message, cause, String(cause?.cause)]);
    t.notRegex(said, /secret|4477|127\.0/);
  }
});

test('a text of any length is one request, and its id is kept', async (t) => {
  const provider = await openProvider(t, {
    answer: says('202 Accepted', '{"id": "abc-1"}'),
    query: '?to=%number;interprefix=00%&d=%data%&n=%parts%&m=%msgid%',
    options: { successPattern: '"id"', idPattern: '"id":\\s*"([^"]+)"' },
  });
  const accepted = await provider.submit({ text: 'x'.repeat(400), parts: 3, recipient: '+447700900123', id: 'm-1' });
  t.deepEqual(accepted, { outcome: 'sent', references: [{ reference: 'abc-1' }] });
  t.true(provider.server.heard[0]!.startsWith(`GET /?to=00447700900123&d=${'x'.repeat(400)}&n=3&m=m-1 HTTP/1.1\r\n`));
});

test('a text sent has no id where the answer has none that can be kept', async (t) => {
  for (const answer of ['no id', '"id": ""', `"id": "${'x'.repeat(300)}"`]) {
    const options = { idPattern: '"id":\\s*"([^"]*)"' };
    t.deepEqual(await (await openProvider(t, { answer: says('200 OK', answer), options })).submit(), {
      outcome: 'sent',
    });
  }
});

const wap = Buffer.from('0605040b8423f0', 'hex').subarray(1);
const binary = {
  id: 'm-2',
  text: '',
  parts: 2,
  properties: { data: Buffer.alloc(200, 7).toString('base64'), udh: wap.toString('base64'), dcs: 4 },
};
const binaryQuery = '?b=%binary%&h=%udh;len;hex%&d=%data;hex%&n=%parts%&m=%msgid%&c=%dcs%';

test('a binary message is one request for each part, each with its header', async (t) => {
  let asked = 0;
  const provider = await openProvider(t, {
    answer: (hearing) => says('200 OK', `ID: ${++asked}`)(hearing),
    query: binaryQuery,
    options: { idPattern: 'ID: (.*)' },
  });
  t.deepEqual(await provider.submit(binary), {
    outcome: 'sent',
    references: [
      { reference: '1', part: 0 },
      { reference: '2', part: 1 },
    ],
  });
  const asks = [...provider.server.heard.join('').matchAll(/GET \/\?b=1&h=(\w+)&d=(\w+)&n=2&m=(\S+)&c=4 /g)];
  t.deepEqual(
    asks.map(([, header, data, id]) => [header!.replace(/(0003)../, '$1--'), data!.length / 2, id]),
    [
      ['0B05040B8423F00003--0201', 128, 'm-2-1'],
      ['0B05040B8423F00003--0202', 72, 'm-2-2'],
    ],
  );
  t.is(asks[0]![1]!.slice(16, 18), asks[1]![1]!.slice(16, 18));
});

test('a later part that is refused is given again alone, and then the message is done', async (t) => {
  const answers = ['200 OK', '400 No', '503 No', '200 OK'];
  const provider = await openProvider(t, {
    answer: (hearing) => says(answers.shift()!)(hearing),
    query: binaryQuery,
    partPauses: [1, 1, 1],
  });
  t.deepEqual(await provider.submit(binary), { outcome: 'sent' });
  const asks = [...provider.server.heard.join('').matchAll(/m=m-2-(\d)/g)].map(([, part]) => part);
  t.deepEqual(asks.sort(), ['1', '2', '2', '2']);
});

for (const [answers, code] of [
  [['400 No'], 'HTTP_REFUSED'],
  [['503 No'], 'HTTP_TRY_LATER'],
  [['200 OK', '400 No', '400 No', '400 No'], 'HTTP_INCOMPLETE'],
  [['200 OK', 'cut'], 'HTTP_NO_ANSWER'],
  [['200 OK', '400 No', 'cut'], 'HTTP_NO_ANSWER'],
] as const)
  test(`a binary message whose parts are answered ${answers.join(', ')}: ${code}`, async (t) => {
    let asked = 0;
    const provider = await openProvider(t, {
      answer: (hearing) => {
        const answer = answers[asked++];
        if (answer === undefined || answer === 'cut') hearing.socket.destroy();
        else says(answer)(hearing);
      },
      query: binaryQuery,
      partPauses: [1, 1],
    });
    t.is((await failureOf(t, provider.submit(binary))).code, code);
    t.is(asked, answers.length);
  });

async function openStageWith(phoneNumber: string): Promise<{ store: Store; userId: number }> {
  const stage = await openStage();
  const { address, id } = await stage.addUser('ann@example.com');
  await patchUser(stage.store, address, { phoneNumber });
  return { store: stage.store, userId: id };
}

test('what the user is called is read where the template or the message asks for it', async (t) => {
  const { store, userId } = await openStageWith('+447700900001');
  const urlOf = async (query: string, more: Partial<Message> = {}): Promise<string> =>
    (await rehearse(store, { url: `http://h/?${query}` }, { ...row, userId, ...more }))[0]!.url;
  const all = 'f=%from%&a=%sender_phonealias%&s=%sender%';
  t.is(await urlOf(all), 'http://h/?f=ann%40example.com&a=%2B447700900001&s=');
  t.is(await urlOf(all, { userId: null }), 'http://h/?f=&a=&s=');
  t.is(await urlOf('s=%sender%', { sender: '%sender_phonealias%' }), 'http://h/?s=%2B447700900001');
  t.is(await urlOf('s=%sender%', { sender: 'Shop' }), 'http://h/?s=Shop');
});

test('bodies are escaped by their Content-Type and written in its character set', async (t) => {
  const { store } = await openStage();
  const message = { ...row, text: 'a "b" & <c>\né' };
  const bodyOf = async (type: string | undefined): Promise<string | undefined> => {
    const headers = type === undefined ? {} : { 'content-TYPE': type };
    return (await rehearse(store, { url, headers, body: 'd=%data%' }, message))[0]!.body;
  };
  t.is(await bodyOf('application/json; charset=utf-8'), 'd=a \\"b\\" & <c>\\né');
  t.is(await bodyOf('application/vnd.api+JSON'), 'd=a \\"b\\" & <c>\\né');
  t.is(await bodyOf('application/x-www-form-urlencoded'), 'd=a+%22b%22+%26+%3Cc%3E%0A%C3%A9');
  t.is(await bodyOf('text/xml'), 'd=a &quot;b&quot; &amp; &lt;c&gt;&#10;é');
  t.is(await bodyOf('text/plain'), 'd=a "b" & <c>\né');
  t.is(await bodyOf(undefined), 'd=a "b" & <c>\né');
  const headers = { 'Content-Type': 'text/plain; charset=iso-8859-1' };
  const provider = await openProvider(t, { answer: says('200 OK'), options: { body: '%data%', headers } });
  await provider.submit({ text: 'é€' });
  t.true(provider.server.heard[0]!.endsWith('content-length: 2\r\n\r\n\u00e9?'));
});

test("the sender's own pairs end the URL of a GET that has no place for them", async (t) => {
  const { store } = await openStage();
  const message = { ...row, properties: { values: ['&unicode=1', '&a=b'] } };
  const urlOf = async (options: Record<string, unknown>): Promise<string> =>
    (await rehearse(store, options, message))[0]!.url;
  t.is(await urlOf({ url: 'http://h/?x=1' }), 'http://h/?x=1&unicode=1&a=b');
  t.is(await urlOf({ url: 'http://h/#f' }), 'http://h/?unicode=1&a=b#f');
  t.is(await urlOf({ url: 'http://h/?%value%&x=1' }), 'http://h/?&unicode=1&a=b&x=1');
  t.is(await urlOf({ url: 'http://h/', method: 'POST' }), 'http://h/');
});

/** A gateway over HTTP among the others of a store, with dispatch at work. */
async function openHouse(
  t: ExecutionContext,
  answer: (hearing: Hearing) => void,
): Promise<{ stage: Stage; server: StrangeServer; user: User; asked: () => number }> {
  const server = await listen(t, answer);
  const stage = await openStage();
  const options = { url: `http://127.0.0.1:${server.port}/?d=%data%`, timeoutSeconds: 1.5 };
  await stage.addGateway('provider', options, { type: 'http' });
  t.teardown(() => stage.dispatcher.stop());
  const user = await stage.addUser('ada@example.com');
  return { stage, server, user, asked: () => server.heard.join('').split('GET ').length - 1 };
}

test.serial('a text put off with Retry-After goes out once, and not before', async (t) => {
  const answers = [written('503 No', '', ['Retry-After: 600'])];
  const house = await openHouse(t, ({ socket }) => socket.write(answers.shift() ?? written('200 OK')));
  const id = await house.stage.submit({ user: house.user });
  await house.stage.settle();
  t.is(await house.stage.state(id), 'queued');
  await house.stage.after(9);
  t.is(house.asked(), 1);
  await house.stage.after(2);
  t.is(await house.stage.state(id), 'sent');
  await house.stage.after(60);
  t.is(house.asked(), 2);
});

for (const [what, answer] of Object.entries({
  'gives no answer': () => undefined,
  'answers after the time is over': ({ socket }) => void setTimeout(() => socket.write(written('200 OK')), 1_900),
  'takes the text and is cut off': ({ socket }) => socket.destroy(),
  'breaks off within its answer': ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nO'),
} satisfies Record<string, (hearing: Hearing) => unknown>))
  test.serial(`a provider that ${what} is asked once, and the sender is told that nobody knows`, async (t) => {
    const house = await openHouse(t, answer);
    const id = await house.stage.submit({ user: house.user });
    await house.stage.settle();
    t.is(await house.stage.state(id), 'unknown');
    await house.stage.after(120);
    t.is(await house.stage.state(id), 'unknown');
    t.is(house.asked(), 1);
    t.is((await house.stage.subjects(house.user)).length, 1);
  });

test.serial('a provider that answers twice has one text for each that was sent', async (t) => {
  const house = await openHouse(t, ({ socket }) => socket.write(written('200 OK', 'a') + written('400 No', 'b')));
  const ids = [];
  for (let n = 0; n < 10; n++) ids.push(await house.stage.submit({ user: house.user }));
  await house.stage.settle();
  for (const id of ids) t.is(await house.stage.state(id), 'sent');
  t.is(house.asked(), 10);
});
