import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { adminTokenFile } from '../src/admin-token.js';
import { logTo } from '../src/log.js';
import { type RunningServer, startServer } from '../src/server.js';
import { Ping } from '../src/wbxml/airsync/ping.js';
import { decode } from '../src/wbxml/decode.js';
import { type Element, element } from '../src/wbxml/element.js';
import { encode } from '../src/wbxml/encode.js';
import { openPostOffice } from './mail/post-office.js';

const main = fileURLToPath(new URL('../src/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'easms-server-'));
const children = new Set<ChildProcess>();
test.after.always(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

let folders = 0;
const freshFolder = (): string => join(folder, String(++folders));

interface Ready {
  event: string;
  http: string;
  sms?: string;
}

interface Run {
  child: ChildProcess;
  /** What has come on stderr so far. */
  told: () => string;
  /** The first line on stdout; rejects where the process ends without one. */
  ready: Promise<Ready>;
  exit: Promise<number | string>;
}

function run(flags: string[], environment: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [main, ...flags], {
    env: { PATH: process.env['PATH'], EASMS_SMTP_PORT: '0', ...environment },
    cwd: folder,
  });
  children.add(child);
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  const exit = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  const ready = new Promise<Ready>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (line: string) => resolve(JSON.parse(line) as Ready));
    void exit.then(() => reject(new Error(told)));
  });
  ready.catch(() => {});
  return { child, told: () => told, ready, exit };
}

test('refuses a bad configuration with one line and status 2', async (t) => {
  const config = join(folder, 'bad.yaml');
  writeFileSync(config, 'http: { port: none }');
  const { exit, told } = run(['--config', config]);
  t.is(await exit, 2);
  t.is(told(), `${config}: http.port: must be a whole number from 0 to 65535\n`);
});

test('Autodiscover tells the configured address', async (t) => {
  const adminToken = 'a-token-of-this-test';
  const { child, ready, exit, told } = run(['--data-dir', freshFolder(), '--http-port', '0'], {
    EASMS_HTTP_PUBLIC_URL: 'https://sms.example.com',
    EASMS_ADMIN_TOKEN: adminToken,
  });
  const { http } = await ready;
  await administer({ http, adminToken }, 'PUT', '/users/anna@example.com', { password: 'secret' });
  const schema = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006';
  const wish = `<EMailAddress>anna@example.com</EMailAddress><AcceptableResponseSchema>${schema}</AcceptableResponseSchema>`;
  const answer = await fetch(`${http}/AutoDiscover/autodiscover.xml`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('anna@example.com:secret')}` },
    body: `<Autodiscover><Request>${wish}</Request></Autodiscover>`,
  });
  t.regex(await answer.text(), /<Url>https:\/\/sms\.example\.com\/Microsoft-Server-ActiveSync<\/Url>/);
  t.false(told().includes('does nothing') || told().includes('do nothing'));
  child.kill('SIGTERM');
  t.is(await exit, 0);
});

test('refuses a flag it does not have with status 2', async (t) => {
  const { exit, told } = run(['--port', '1']);
  t.is(await exit, 2);
  t.regex(told(), /unknown option '--port'/);
});

test('refuses a port that is taken with one sentence and status 1', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const { exit, told } = run(['--data-dir', freshFolder(), '--http-port', String(port)]);
  t.is(await exit, 1);
  t.is(told(), 'the HTTP port is taken: give another with --http-port\n');
  taken.close();
});

test('has a port for /sms/ alone where it is told so, and says where', async (t) => {
  const flags = ['--http-port', '0', '--sms-port', '0', '--data-dir'];
  const server = run([...flags, freshFolder()], { EASMS_ADMIN_TOKEN: 'a-token-of-this-test' });
  const { http, sms } = await server.ready;
  await administer({ http, adminToken: 'a-token-of-this-test' }, 'PUT', '/gateways/loop', { type: 'loopback' });
  await administer({ http, adminToken: 'a-token-of-this-test' }, 'PUT', '/users/anna@example.com', { password: 's' });
  const sent = await fetch(`${sms}/sms/?user=anna&pass=s&number=%2B447700900123&data=Hi`);
  t.regex(await sent.text(), /^OK \S+$/);
  t.true(server.told().includes(`for /sms/ alone also on ${sms}\n`));
  const second = run(['--http-port', '0', '--sms-port', new URL(sms!).port, '--data-dir', freshFolder()]);
  t.is(await second.exit, 1);
  t.is(second.told(), 'the port for /sms/ is taken: give another with --sms-port\n');
  server.child.kill('SIGTERM');
  t.is(await server.exit, 0);
  t.false(server.told().includes('failed'));
});

test('refuses a data folder in use, and takes it at once after a SIGKILL', async (t) => {
  const flags = ['--data-dir', freshFolder(), '--http-port', '0'];
  const first = run(flags);
  await first.ready;
  const second = run(flags);
  t.is(await second.exit, 1);
  t.is(second.told(), 'another server runs on this data folder\n');
  first.child.kill('SIGKILL');
  await first.exit;
  const third = run(flags);
  t.is((await third.ready).event, 'ready');
});

test('says on stdout that it is ready, on stderr where to go, and ends with 0 on SIGTERM', async (t) => {
  const dataDir = freshFolder();
  const server = run(['--data-dir', dataDir, '--http-port', '0']);
  const { event, http } = await server.ready;
  t.is(event, 'ready');
  t.is((await fetch(`${http}/healthz`)).status, 200);
  t.true(server.told().includes(adminTokenFile(dataDir)));
  t.is(statSync(join(dataDir, 'easms.db')).mode & 0o077, 0);
  const token = readFileSync(adminTokenFile(dataDir), 'utf8').trim();
  const headers = { authorization: `Bearer ${token}` };
  t.is((await fetch(`${http}/api/v1/users`, { headers })).status, 200);
  t.false(server.told().includes(token));
  server.child.kill('SIGTERM');
  t.is(await server.exit, 0);
});

test('ends with 0 on SIGINT, and takes the token from the environment', async (t) => {
  const server = run(['--data-dir', freshFolder(), '--http-port', '0'], { EASMS_ADMIN_TOKEN: 'from-outside' });
  const { http } = await server.ready;
  const headers = { authorization: 'Bearer from-outside' };
  t.is((await fetch(`${http}/api/v1/users`, { headers })).status, 200);
  server.child.kill('SIGINT');
  t.is(await server.exit, 0);
});

test('a restart while somebody guesses does not lock out the phone that was here before', async (t) => {
  const dataDir = freshFolder();
  const start = () => startServer({ dataDir, host: '127.0.0.1', port: 0, log: logTo({ write: () => {} }, 'silent') });
  const first = await start();
  await administer(first, 'PUT', '/users/anna@example.com', { password: 'secret' });
  const sync = async ({ http }: RunningServer, device: string) => {
    const query = `Cmd=FolderSync&User=anna&DeviceId=${device}&DeviceType=T`;
    const authorization = `Basic ${Buffer.from('anna@example.com:secret').toString('base64')}`;
    const headers = { authorization, 'ms-asprotocolversion': '14.1' };
    return (await fetch(`${http}/Microsoft-Server-ActiveSync?${query}`, { method: 'POST', headers })).status;
  };
  t.false([401, 429].includes(await sync(first, 'PHONE')));
  await first.close();
  const second = await start();
  t.teardown(() => second.close());
  const guess = async (pass: string) =>
    (await fetch(`${second.http}/sms/?user=anna@example.com&pass=${pass}&number=123&data=x`)).status;
  const answers = new Set<number>();
  for (let n = 0; n < 15; n++) answers.add(await guess(`guess-${n}`));
  t.deepEqual([...answers], [401, 429]);
  t.is(await sync(second, 'STRANGER'), 429);
  t.false([401, 429].includes(await sync(second, 'PHONE')));
  t.false([401, 429].includes(await sync(second, 'STRANGER')), 'the password is known from now on');
});

test('answers a held Ping when it is told to end', async (t) => {
  const log = logTo({ write: () => {} }, 'silent');
  const server = await startServer({ dataDir: freshFolder(), host: '127.0.0.1', port: 0, log });
  await administer(server, 'PATCH', '/settings', { device: { provisioning: 'optional' } });
  await administer(server, 'PUT', '/users/anna@example.com', { password: 'secret' });
  const held = post(server, 'Ping', [
    element(Ping.HeartbeatInterval, '3540'),
    element(Ping.Folders, [element(Ping.Folder, [element(Ping.Id, '1'), element(Ping.Class, 'Email')])]),
  ]);
  while (!/^easms_held_requests 1$/m.test(await (await fetch(`${server.http}/metrics`)).text()));
  await server.close();
  const answer = await held;
  t.is(answer.status, 200);
  const { tag, content } = decode(Buffer.from(await answer.arrayBuffer()));
  t.is(tag, Ping.Ping);
  t.deepEqual(content, [element(Ping.Status, '1')]); // the heartbeat is over, nothing has changed
});

test('a mail for another domain leaves through the configured relay, and one that waits does not hold the end up', async (t) => {
  const log = logTo({ write: () => {} }, 'silent');
  const office = await openPostOffice({
    recipient: (address) => (address.startsWith('eve') ? '450 later' : undefined),
  });
  const relay = { host: '127.0.0.1', port: office.port, user: 'easms', password: 'secret' };
  const server = await startServer({ dataDir: freshFolder(), host: '127.0.0.1', port: 0, relay, log });
  await administer(server, 'PATCH', '/settings', { device: { provisioning: 'optional' } });
  await administer(server, 'PUT', '/users/anna@example.com', { password: 'secret' });
  const sent = await fetch(`${server.http}/Microsoft-Server-ActiveSync?${query('SendMail')}`, {
    method: 'POST',
    headers: { ...headersOf('12.1'), 'content-type': 'message/rfc822' },
    body: 'To: bob@elsewhere.test, eve@elsewhere.test\r\nSubject: hi\r\n\r\nhello\r\n',
  });
  t.is(sent.status, 200);
  while (office.taken.length === 0) await new Promise((resolve) => setImmediate(resolve));
  t.like(office.taken[0], { from: 'anna@example.com', to: ['bob@elsewhere.test'], user: 'easms' });
  await server.close();
  await office.close();
});

function query(command: string): string {
  return `Cmd=${command}&User=anna%40example.com&DeviceId=PHONE1&DeviceType=TestPhone`;
}

function headersOf(version: string): Record<string, string> {
  return { authorization: `Basic ${btoa('anna@example.com:secret')}`, 'ms-asprotocolversion': version };
}

function post({ http }: RunningServer, command: string, content: Element[]): Promise<Response> {
  return fetch(`${http}/Microsoft-Server-ActiveSync?${query(command)}`, {
    method: 'POST',
    headers: { ...headersOf('14.1'), 'content-type': 'application/vnd.ms-sync.wbxml' },
    body: encode(element(Ping.Ping, content)) as Uint8Array<ArrayBuffer>,
  });
}

async function administer(
  { http, adminToken }: Pick<RunningServer, 'http' | 'adminToken'>,
  method: string,
  path: string,
  body: object,
): Promise<void> {
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
  const answer = await fetch(`${http}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
}

test('a server that could not listen leaves its data folder to the next', async (t) => {
  const log = logTo({ write: () => {} }, 'silent');
  const options = { dataDir: freshFolder(), host: '127.0.0.1', log };
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  await t.throwsAsync(startServer({ ...options, port }), { code: 'EADDRINUSE' });
  taken.close();
  const server = await startServer({ ...options, port: 0 });
  await Promise.all([server.close(), server.close()]);
  await t.throwsAsync(fetch(`${server.http}/healthz`));
});

test('SIGHUP ends no server: a certificate that was renewed is used at once, and doctor knows of it', async (t) => {
  const fixture = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
  const [cert, key] = ['renewed.pem', 'renewed.key.pem'].map((name) => join(folder, name)) as [string, string];
  writeFileSync(cert, fixture('stranger'));
  writeFileSync(key, fixture('stranger.key'));
  const tls = { EASMS_SMTP_TLS_CERT: cert, EASMS_SMTP_TLS_KEY: key, EASMS_SMTP_TLS_PORT: '0' };
  const { child, ready, exit } = run(['--http-port', '0', '--data-dir', freshFolder()], {
    ...tls,
    EASMS_ADMIN_TOKEN: 'x',
  });
  const { http, smtps } = (await ready) as Ready & { smtps: string };
  const subject = async (): Promise<string> => {
    const socket = connect({ host: '127.0.0.1', port: Number(smtps.split(':').at(-1)), rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { CN } = socket.getPeerCertificate().subject;
    socket.destroy();
    return String(CN);
  };
  t.is(await subject(), 'stranger');
  writeFileSync(cert, fixture('server'));
  writeFileSync(key, fixture('server.key'));
  child.kill('SIGHUP');
  while ((await subject()) !== 'localhost') await new Promise((resolve) => setImmediate(resolve));
  const answer = await fetch(`${http}/api/v1/findings`, { headers: { authorization: 'Bearer x' } });
  const { findings } = (await answer.json()) as { findings: { about: string; says: string }[] };
  t.regex(findings.find(({ about }) => about === 'smtp.tls')?.says ?? '', /localhost/);
  child.kill('SIGTERM');
  t.is(await exit, 0);
});
