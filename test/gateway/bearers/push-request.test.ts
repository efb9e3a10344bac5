// Push messages as requests to HTTP providers: the template of the document's chapter on Clickatell, and one with hexadecimal digits.

import { readFileSync } from 'node:fs';
import test from 'ava';
import { rehearse } from '../../../src/gateway/bearers/http.js';
import { openSqlite } from '../../../src/store/open.js';

interface Recorded {
  pdu: string;
  dcs: number;
  udh: string[];
}

function read(name: string): Recorded {
  return JSON.parse(
    readFileSync(new URL(`../../../../fixtures/push/${name}.json`, import.meta.url), 'utf8'),
  ) as Recorded;
}

// IceWarp SMS Service: Configuring Clickatell HTTP Gateway
const clickatell =
  'http://api.clickatell.com/http/sendmsg?user=xxx&password=xxx&api_id=xxx&to=%number%&udh=%udh;len;hex%' +
  '&data=%data;isascii%%data;isunicode;unicode;value=&unicode=1%&concat=%parts%';

async function requestsOf(url: string, { pdu, dcs, udh }: Recorded): Promise<string[]> {
  const store = await openSqlite(':memory:');
  // The ports alone: concatenation is the bearer's.
  const ports = Buffer.from(udh[0]!.slice(0, 12), 'hex').toString('base64');
  const properties = { data: Buffer.from(pdu, 'hex').toString('base64'), udh: ports, dcs };
  const message = {
    id: 'm1',
    userId: null,
    recipient: '+447700900123',
    text: '',
    parts: udh.length,
    sender: null,
    properties,
  };
  const requests = await rehearse(store, { url, method: 'GET' }, message);
  await store.close();
  return requests.map((request) => request.url);
}

test('a notification is one request to Clickatell: header with its length, octets in base64, one part', async (t) => {
  const recorded = read('san-1.2-one-database');
  t.deepEqual(await requestsOf(clickatell, recorded), [
    'http://api.clickatell.com/http/sendmsg?user=xxx&password=xxx&api_id=xxx&to=%2B447700900123&udh=0605040B84C002' +
      '&data=AQYDzq%2BFQCzjgAlrM90q6rinipjppgMAAAAAAAEQc3luYy5leGFtcGxlLmNvbRBgAAMFCi4vQ2FsZW5kYXI%3D&concat=1',
  ]);
});

test('a configuration is one request to Clickatell for each part, each with its place in the header', async (t) => {
  const recorded = read('oma-w5-userpin');
  const requests = (await requestsOf(clickatell, recorded)).map((url) => new URL(url).searchParams);
  t.is(requests.length, 2);
  for (const [n, query] of requests.entries()) {
    t.regex(query.get('udh')!, new RegExp(`^0B05040B840B840003[0-9A-F]{2}020${n + 1}$`));
    t.is(query.get('concat'), '2');
  }
  t.is(requests[0]!.get('udh')!.slice(18, 20), requests[1]!.get('udh')!.slice(18, 20), 'the same reference');
  const octets = requests.map((query) => Buffer.from(query.get('data')!, 'base64'));
  t.is(octets[0]!.length, 128);
  t.is(Buffer.concat(octets).toString('hex'), recorded.pdu);
});

test('a template may ask for digits, the kind and the coding scheme', async (t) => {
  const recorded = read('si-with-page');
  const [url] = await requestsOf('http://x/?b=%binary%&c=%dcs%&u=%udh;hex%&d=%data;hex%', recorded);
  t.is(url, `http://x/?b=1&c=21&u=05040B8423F0&d=${recorded.pdu.toUpperCase()}`);
});
