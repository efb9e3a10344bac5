// What rules may call: hosts that are listed, and of the addresses that those turn out to have only such as are nobody's own.

import { createServer } from 'node:http';
import type { LookupAddress } from 'node:dns';
import test, { type ExecutionContext } from 'ava';
import { AddressGuard, guardedLookup, isGuardEntry, isPublicAddress } from '../../src/hooks/address-guard.js';
import { HookError } from '../../src/hooks/errors.js';
import { openCaller } from '../../src/hooks/http-call.js';
import { CallerThread } from '../../src/hooks/thread/caller-thread.js';

const ownAddresses = [
  ...[
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
  ],
  ...[
    '192.0.0.8',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '255.255.255.255',
  ],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1'],
  ...['2001:db8::1', '2001:0:1::1', '2002:7f00:1::1', '3fff::1', 'not an address', ''],
];

for (const address of ownAddresses)
  test(`"${address}" is no address that rules may reach unless it is listed`, (t) => {
    t.false(isPublicAddress(address));
  });

test('addresses that anybody may have are public', (t) => {
  for (const address of ['8.8.8.8', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '2a00:1450::1'])
    t.true(isPublicAddress(address), address);
});

function codeOf(t: ExecutionContext, work: () => void): string | undefined {
  return t.throws(work, { instanceOf: HookError })?.code;
}

test('a URL is called only where its host is listed, with its port where one is said', (t) => {
  const guard = new AddressGuard(['api.example.com', '*.example.org', '10.1.2.3:8080', '192.168.7.0/24', 'fd00::1']);
  for (const url of [
    'https://api.example.com/a',
    'http://API.example.com:81/',
    'https://api.example.com./',
    'https://a.b.example.org/',
    'http://10.1.2.3:8080/',
    'http://192.168.7.9/',
    'http://[fd00::1]/',
  ])
    t.notThrows(() => guard.checkUrl(url), url);
  for (const url of [
    'https://example.com/',
    'https://example.org/',
    'https://api.example.com.evil.net/',
    'https://evilexample.org/',
    'http://api.example.com@evil.net/',
    'http://10.1.2.3/',
    'http://10.1.2.4:8080/',
    'http://127.0.0.1/',
    // The same in other writings.
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://192.168.8.1/',
    'http://8.8.8.8/',
  ])
    t.is(
      codeOf(t, () => guard.checkUrl(url)),
      'FORBIDDEN_ADDRESS',
      url,
    );
  t.is(
    codeOf(t, () => guard.checkUrl('file:///etc/passwd')),
    'BAD_CALL',
  );
});

test('a star lists every name, and no address', (t) => {
  const guard = new AddressGuard(['*']);
  t.notThrows(() => guard.checkUrl('https://anybody.example/'));
  t.is(
    codeOf(t, () => guard.checkUrl('http://10.0.0.1/')),
    'FORBIDDEN_ADDRESS',
  );
  t.false(guard.allows('10.0.0.1'));
});

test('entries that are none are known', (t) => {
  for (const entry of [
    '',
    'https://a.example',
    'a.example/path',
    '10.0.0.0/33',
    'a..b',
    'a b',
    '*.*',
    'a.example:99999',
  ])
    t.false(isGuardEntry(entry), entry);
  for (const entry of [
    'a.example',
    '*.a.example',
    '*',
    '10.0.0.0/8',
    'fd00::/8',
    '10.0.0.1:80',
    '[fd00::1]:80',
    'localhost:1',
  ])
    t.true(isGuardEntry(entry), entry);
});

interface Found {
  error: string | undefined;
  addresses: unknown;
}

function lookUp(entries: string[], answers: LookupAddress[], all = false): Promise<Found> {
  const lookup = guardedLookup(new AddressGuard(entries), (_name, _options, callback) => callback(null, answers));
  return new Promise((resolve) =>
    lookup('rebound.example', { all }, (error, addresses) =>
      resolve({ error: (error as HookError | null)?.code, addresses }),
    ),
  );
}

const open = { address: '93.184.216.34', family: 4 };
const own = { address: '169.254.169.254', family: 4 };

test('a listed name that is made to point into the own network is not connected to, nor is one that points to both', async (t) => {
  t.is((await lookUp(['rebound.example'], [own])).error, 'FORBIDDEN_ADDRESS');
  t.is((await lookUp(['rebound.example'], [open, own], true)).error, 'FORBIDDEN_ADDRESS');
  t.is((await lookUp(['rebound.example'], [])).error, 'FORBIDDEN_ADDRESS');
  t.deepEqual(await lookUp(['rebound.example'], [open]), { error: undefined, addresses: open.address });
  t.deepEqual(await lookUp(['rebound.example', '169.254.0.0/16'], [own], true), { error: undefined, addresses: [own] });
});

async function listening(t: ExecutionContext, status: number, headers: Record<string, string> = {}) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { port: (server.address() as { port: number }).port, asked };
}

for (const where of ['in this thread', 'in a thread of its own'])
  test(`a guarded call made ${where} reaches what is listed, and follows nobody elsewhere`, async (t) => {
    const thread = new CallerThread({ onDeath: (error) => t.fail(error.message) });
    const caller = where === 'in this thread' ? openCaller() : thread.open();
    t.teardown(async () => {
      await caller.close();
      await thread.close();
    });
    const elsewhere = await listening(t, 200);
    const { port, asked } = await listening(t, 302, { location: `http://127.0.0.1:${elsewhere.port}/` });
    const call = { method: 'GET', timeoutMilliseconds: 5_000 } as const;
    const ask = (host: string, allowedHosts: string[]) =>
      caller.call({ ...call, url: `http://${host}:${port}/`, allowedHosts });
    await t.throwsAsync(ask('127.0.0.1', ['api.example.com']), { message: /none that rules may reach/ });
    // Its name is listed, its address is not.
    const rebound = await t.throwsAsync(ask('localhost', ['*']), { instanceOf: HookError });
    t.is(rebound?.code, 'FORBIDDEN_ADDRESS');
    t.deepEqual(asked, []);
    t.is((await ask('127.0.0.1', [`127.0.0.1:${port}`])).status, 302);
    t.is((await ask('localhost', ['localhost'])).status, 302);
    t.deepEqual(elsewhere.asked, []);
    // A connection that was made without a guard is not used by one that has it.
    t.is((await caller.call({ ...call, url: `http://127.0.0.1:${port}/` })).status, 302);
    await t.throwsAsync(ask('127.0.0.1', []), { instanceOf: HookError });
  });
