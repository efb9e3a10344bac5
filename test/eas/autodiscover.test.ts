import test from 'ava';
import { DOMParser } from '@xmldom/xmldom';
import Fastify, { type FastifyInstance } from 'fastify';
import pino from 'pino';
import { Credentials } from '../../src/accounts/credentials.js';
import { putUser } from '../../src/accounts/users.js';
import { registerAutodiscover } from '../../src/eas/autodiscover/autodiscover.js';
import { openSqlite } from '../../src/store/open.js';
import { noon } from './talking-device.js';

const mobileSync = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006';
const frame = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006';
const outlook = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';

interface Stage {
  app: FastifyInstance;
  logged: string[];
  counted: string[];
  close(): Promise<void>;
}

async function begin({
  publicUrl,
  displayName = 'Ann',
}: { publicUrl?: string; displayName?: string } = {}): Promise<Stage> {
  const store = await openSqlite(':memory:');
  const now = () => noon;
  await putUser(store, 'ann@example.com', { password: 'secret', aliases: ['annie'], now: noon, displayName });
  await putUser(store, 'bob@example.com', { now: noon });
  const app = Fastify({ routerOptions: { caseSensitive: false }, exposeHeadRoutes: false });
  const logged: string[] = [];
  const counted: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const observe = (command: string, status: string) => void counted.push(`${command} ${status}`);
  registerAutodiscover(app, { store, credentials: new Credentials({ store, now }), log, now, observe, publicUrl });
  await app.ready();
  const close = async () => {
    await app.close();
    await store.close();
  };
  return { app, logged, counted, close };
}

interface Asking {
  path?: string;
  headers?: Record<string, string>;
  payload?: string | Buffer;
}

const authorization = `Basic ${Buffer.from('ann@example.com:secret').toString('base64')}`;

async function ask({ app }: Stage, { path, headers, payload = requestOf() }: Asking = {}) {
  const response = await app.inject({
    method: 'POST',
    url: path ?? '/autodiscover/autodiscover.xml',
    headers: { authorization, 'content-type': 'text/xml', host: 'sms.example.com', ...headers },
    payload,
  });
  return { http: response.statusCode, type: response.headers['content-type'], xml: response.payload };
}

function requestOf({ address = 'ann@example.com', schema = mobileSync, doctype = '' } = {}): string {
  return `<?xml version="1.0" encoding="utf-8"?>${doctype}
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/mobilesync/requestschema/2006">
  <Request>
    <EMailAddress>${address}</EMailAddress>
    ${schema && `<AcceptableResponseSchema>${schema}</AcceptableResponseSchema>`}
  </Request>
</Autodiscover>`;
}

/** Paths of all elements that hold text, and the namespace of Response. */
function read(xml: string): { schema: string | null; values: Record<string, string> } {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement!;
  const response = root.firstChild as typeof root;
  const values: Record<string, string> = {};
  const walk = (parent: typeof root, path: string) => {
    const inner = [...parent.childNodes].filter((node) => node.nodeType === node.ELEMENT_NODE) as (typeof root)[];
    if (inner.length === 0) values[path] = parent.textContent ?? '';
    for (const each of inner) walk(each, path === '' ? each.localName! : `${path}/${each.localName}`);
  };
  walk(response, '');
  return { schema: root.namespaceURI === frame ? response.namespaceURI : root.namespaceURI, values };
}

test('nobody is told anything without the right password', async (t) => {
  const stage = await begin();
  const wrong = `Basic ${Buffer.from('ann@example.com:wrong').toString('base64')}`;
  for (const headers of [{ authorization: wrong }, { authorization: '' }]) {
    const { http, xml } = await ask(stage, { headers });
    t.deepEqual([http, xml], [401, '']);
  }
  await stage.close();
});

test('GET and the like are answered 405, in any letter case of the path', async (t) => {
  const stage = await begin();
  for (const method of ['GET', 'HEAD', 'PUT', 'OPTIONS'] as const) {
    const { statusCode, headers } = await stage.app.inject({ method, url: '/AutoDiscover/AutoDiscover.XML' });
    t.deepEqual([statusCode, headers['allow'], headers['location']], [405, 'POST', undefined]);
  }
  await stage.close();
});

test('what is no XML, or declares anything, is answered 400 with ErrorCode 600', async (t) => {
  const stage = await begin();
  const bomb = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;">]>';
  const payloads = [
    '',
    'Autodiscover',
    '<Autodiscover>',
    requestOf({ doctype: bomb, address: '&y;' }),
    requestOf({ doctype: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' }),
    requestOf({ address: '&unknown;' }),
    Buffer.from('<Autodiscover>\xff</Autodiscover>', 'latin1'),
    '<a>'.repeat(20_000),
  ];
  for (const payload of payloads) {
    const { http, xml } = await ask(stage, { payload });
    t.is(http, 400);
    const { schema, values } = read(xml);
    t.deepEqual(
      [schema, values],
      [frame, { 'Error/ErrorCode': '600', 'Error/Message': 'Invalid Request', 'Error/DebugData': '' }],
    );
  }
  t.is(stage.logged.length, payloads.length);
  t.is((await ask(stage, { payload: requestOf({ address: 'x'.repeat(65_536) }) })).http, 413);
  await stage.close();
});

test('a Host that is none is answered 400', async (t) => {
  const stage = await begin();
  for (const host of ['sms.example.com/evil', '"><script>', 'a@b'])
    t.is((await ask(stage, { headers: { host } })).http, 400, host);
  await stage.close();
});

test('a request that lacks something is answered ErrorCode 600, one for Outlook 601', async (t) => {
  const stage = await begin();
  const codeOf = async (payload: string) => read((await ask(stage, { payload })).xml).values['Error/ErrorCode'];
  t.is(await codeOf(requestOf({ schema: '' })), '600');
  t.is(await codeOf(requestOf({ address: ' ' })), '600');
  t.is(await codeOf('<Autodiscover/>'), '600');
  t.is(await codeOf('<Request/>'), '600');
  t.is(await codeOf(requestOf({ schema: outlook })), '601');
  t.deepEqual(
    stage.counted,
    ['600', '600', '600', '600', '601'].map((code) => `Autodiscover ${code}`),
  );
  await stage.close();
});

test('an address of somebody else and one of nobody get the same refusal', async (t) => {
  const stage = await begin();
  for (const address of ['bob@example.com', 'nobody@example.com']) {
    const { http, xml } = await ask(stage, { payload: requestOf({ address }) });
    const { schema, values } = read(xml);
    t.deepEqual(
      [http, schema, values['Action/Error/Status'], values['User/EMailAddress']],
      [200, mobileSync, '2', address],
    );
  }
  t.false(stage.logged.some((line) => line.includes('@')));
  await stage.close();
});

test('a user learns where to sync, by address or alias, with or without a plain doctype', async (t) => {
  const stage = await begin({ displayName: 'Ann & Sons \u0001<3' });
  const url = 'http://sms.example.com/Microsoft-Server-ActiveSync';
  const payloads = [
    requestOf(),
    requestOf({ address: 'ANNIE@Example.com' }),
    requestOf({ doctype: '<!DOCTYPE Autodiscover SYSTEM "a.dtd">' }),
    `\ufeff${requestOf()}`,
  ];
  for (const payload of payloads) {
    const { http, type, xml } = await ask(stage, { payload, path: '/Autodiscover/autodiscover.xml' });
    t.deepEqual([http, type], [200, 'text/xml; charset=utf-8']);
    t.deepEqual(read(xml), {
      schema: mobileSync,
      values: {
        Culture: 'en:us',
        'User/DisplayName': 'Ann & Sons <3',
        'User/EMailAddress': 'ann@example.com',
        'Action/Settings/Server/Type': 'MobileSync',
        'Action/Settings/Server/Url': url,
        'Action/Settings/Server/Name': url,
      },
    });
  }
  t.deepEqual(
    stage.counted,
    payloads.map(() => 'Autodiscover 1'),
  );
  await stage.close();
});

test('the configured address is told, whatever Host and scheme the request names', async (t) => {
  for (const publicUrl of [
    'https://mail.example.com',
    'https://mail.example.com/',
    'https://mail.example.com/sms/?x',
  ]) {
    const stage = await begin({ publicUrl });
    const headers = { host: 'other.example.com', 'x-forwarded-proto': 'http' };
    const { values } = read((await ask(stage, { headers })).xml);
    const below = publicUrl.includes('/sms') ? '/sms' : '';
    t.is(values['Action/Settings/Server/Url'], `https://mail.example.com${below}/Microsoft-Server-ActiveSync`);
    await stage.close();
  }
  const stage = await begin();
  const { values } = read((await ask(stage, { headers: { 'x-forwarded-proto': 'https' } })).xml);
  t.is(values['Action/Settings/Server/Url'], 'http://sms.example.com/Microsoft-Server-ActiveSync');
  await stage.close();
});
