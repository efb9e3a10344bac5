import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { adminToken, call, setUp } from '../http/set-up.js';
import { easmsAlone } from './scripted-api.js';

const fixture = new URL('../../../fixtures/icewarp/', import.meta.url).pathname;
// The month in which the fixture was written.
const written = Date.UTC(2026, 10, 30, 12);

function openFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'easms-icewarp-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function openServer(t: ExecutionContext) {
  const { app, store } = await setUp(t, { now: () => written });
  await call(app, ['DELETE', '/gateways/loop']);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const server = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const easmsAs = (token: string, words: readonly string[]) =>
    easmsAlone(...words, '--server', server, '--token', token);
  const easms = (...words: string[]) => easmsAs(adminToken, words);
  return { app, store, easms, easmsAs };
}

function filesOf(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

/** As they would be without a password. */
function withoutPasswords(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      text.replace(/^([^:\n]+):secret-of-\w+:/gm, '$1::').replace(/ *<PIN>.*<\/PIN>\n/g, ''),
    ]),
  );
}

test('exports what it imported as equal files, the passwords being empty and listed', async (t) => {
  const { app, easms } = await openServer(t);
  const taken = await easms('import', 'icewarp', fixture);
  t.deepEqual({ status: taken.status, err: taken.err }, { status: 0, err: '' }, taken.out);
  t.true(taken.out.includes('SMS account open has no password'));
  const folder = openFolder(t);
  const given = await easms('export', folder, '--format', 'icewarp');
  t.is(given.status, 0, given.err);
  t.deepEqual(filesOf(folder), withoutPasswords(filesOf(fixture)));
  const accounts = ['pilot@example.com', 'alerts', 'mike@example.com', 'example.org'];
  for (const name of [...accounts.map((account) => `SMS account ${account}`), 'gateway O2_HTTP'])
    t.true(given.out.includes(`left out  ${name}: the password`), given.out);
  t.true(given.out.includes('left out  gateway COM3: the PIN'), given.out);
  t.false(given.out.includes('secret-of'));
  // Chosen among users and domains, which the brackets say.
  t.like((await call(app, ['GET', '/sms-accounts/mike@example.com'])).json, { members: ['mike@example.com'] });
  t.like((await call(app, ['GET', '/sms-accounts/example.org'])).json, { members: ['domain:example.org'] });
  t.like((await call(app, ['GET', '/sms-accounts/pilot@example.com'])).json, {
    ...{ hasPassword: true, gateway: 'O2_HTTP', monthlyLimit: 100, sentThisMonth: 42, sentPreviousMonth: 17 },
    ...{ expires: '2009-09-30', active: true, lastSent: new Date(1_796_040_000_000).toISOString() },
  });
});

test('brings a client certificate along as the path that it is', async (t) => {
  const { easms } = await openServer(t);
  const folder = openFolder(t);
  const pem = join(folder, 'cert.pem');
  const subject = ['-subj', '/CN=easms', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'only-cert.pem')];
  try {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject], {
      stdio: 'ignore',
    });
  } catch {
    t.log('skipped: openssl is not installed');
    return t.pass();
  }
  writeFileSync(
    pem,
    readFileSync(join(folder, 'only-cert.pem'), 'utf8') + readFileSync(join(folder, 'key.pem'), 'utf8'),
  );
  mkdirSync(join(folder, 'in', 'config'), { recursive: true });
  const text = `<?xml version="1.0" encoding="utf-8"?>
<GATEWAYS>
  <ITEM>
    <ACTIVE>1</ACTIVE>
    <ID>O2</ID>
    <TYPE>HTTP Request</TYPE>
    <DEVICE>https://sms.example.com/?to=%number%</DEVICE>
    <CLIENTCERT>${pem}</CLIENTCERT>
  </ITEM>
</GATEWAYS>
`;
  const file = join(folder, 'in', 'config', 'smsgateway.dat');
  writeFileSync(file, text);
  t.is((await easms('import', 'icewarp', join(folder, 'in'))).status, 0);
  await easms('export', join(folder, 'out'), '--format', 'icewarp');
  t.is(readFileSync(join(folder, 'out', 'config', 'smsgateway.dat'), 'utf8'), text);
  writeFileSync(file, text.replace(pem, 'C:\\certificates\\cert_o2.pem'));
  const without = await easms('import', 'icewarp', join(folder, 'in'));
  t.is(without.status, 1);
  t.true(without.out.includes('cert_o2.pem; the gateway is not active until it has one'), without.out);
});

test('changes nothing in a dry run, and ends with 1 where anything is left out', async (t) => {
  const { app, easms } = await openServer(t);
  const dry = await easms('import', 'icewarp', fixture, '--dry-run');
  t.is(dry.status, 0);
  t.true(dry.out.includes('would take  config/smsusers.dat: SMS account alerts'), dry.out);
  t.deepEqual((await call(app, ['GET', '/sms-accounts'])).json['items'], []);
  t.deepEqual((await call(app, ['GET', '/gateways'])).json['items'], []);
  const folder = openFolder(t);
  cpSync(fixture, folder, { recursive: true });
  writeFileSync(join(folder, 'config', 'smsusers.dat'), 'a%b:x\nok:y\n:z\nbad:::::x\n[Ok]:y\n[]:z\n');
  writeFileSync(join(folder, 'config', 'smsstat.dat'), 'nobody@example.net:1:2:3\n');
  const partly = await easms('import', 'icewarp', folder);
  t.is(partly.status, 1);
  t.true(partly.out.includes('taken  config/smsusers.dat: SMS account ok'));
  for (const left of [
    'SMS account a%b: This is not a name',
    'an account without a name',
    'line 4: sent is no number',
    'a second account ok',
    'the counters of nobody@example.net',
  ])
    t.true(partly.out.includes(left), `${left}\n${partly.out}`);
  t.is((await easms('import', 'icewarp', join(folder, 'nowhere'))).status, 2);
  t.false(existsSync(join(folder, 'nowhere')));
});

test('a dry run says what is there already and would be another, and goes without a server as well', async (t) => {
  const { app, easms } = await openServer(t);
  const alone = await easmsAlone(
    'import',
    'icewarp',
    fixture,
    '--dry-run',
    '--server',
    'http://127.0.0.1:1',
    '--token',
    'x',
  );
  t.is(alone.status, 0);
  t.regex(alone.out, /^note {2}no server was asked/m);
  const fresh = await easms('import', 'icewarp', fixture, '--dry-run');
  t.notRegex(fresh.out, /no server|already: (?!config.smsstat.dat: the counters of ada@example.com)/);
  t.is((await easms('import', 'icewarp', fixture)).status, 0);
  const same = await easms('import', 'icewarp', fixture, '--dry-run');
  t.notRegex(same.out, /there already/);
  t.is((await call(app, ['PATCH', '/sms-accounts/alerts'], { description: 'another', monthlyLimit: 7 })).status, 200);
  const { status, out } = await easms('import', 'icewarp', fixture, '--dry-run');
  t.is(status, 0);
  const notes = out.split('\n').filter((line) => line.includes('there already'));
  t.deepEqual(notes, [
    'note  there already: config/smsusers.dat: SMS account alerts; it would change in description, monthlyLimit',
  ]);
});

test('with a token that may only read, what is not shown is neither exported nor said to be another', async (t) => {
  const { easms, easmsAs } = await openServer(t);
  t.is((await easms('import', 'icewarp', fixture)).status, 0);
  const made = await easms('token', 'add', 'monitor', '--scope', 'read');
  const reading = (...words: string[]) => easmsAs(made.out.trim(), words);
  t.regex((await reading('gateway', 'list')).out, /O2_HTTP +http +yes +up/);
  const shown = await reading('gateway', 'show', 'O2_HTTP');
  t.is(shown.status, 0);
  t.regex(shown.out, /^url +https?:\/\/[^/ ]+ \(not shown\)$/m);
  const compared = await reading('import', 'icewarp', fixture, '--dry-run');
  t.notRegex(compared.out, /there already/);
  const folder = openFolder(t);
  const given = await reading('export', folder, '--format', 'icewarp');
  t.regex(given.out, /left out {2}gateway O2_HTTP: its URL is not shown to this token/);
  t.notRegex(readFileSync(join(folder, 'config', 'smsgateway.dat'), 'utf8'), /not shown/);
});

test('changes what a user and a domain say of sending', async (t) => {
  const { app, easms } = await openServer(t);
  t.is((await easms('user', 'set', 'ada@example.com', '--sms-limit', '5', '--sms-expires', '2030-01-01')).status, 0);
  t.is((await easms('user', 'set', 'ada@example.com', '--no-sms-active')).status, 0);
  const settings = async () => (await call(app, ['GET', '/users/ada@example.com'])).json['smsSettings'];
  t.deepEqual(await settings(), { monthlyLimit: 5, expires: '2030-01-01', active: false });
  t.is((await easms('user', 'set', 'ada@example.com', '--name', 'Ada', '--sms-gateway', 'x')).status, 0);
  t.is((await easms('user', 'set', 'ada@example.com', '--no-sms-expires', '--no-sms-gateway')).status, 0);
  t.deepEqual(await settings(), { monthlyLimit: 5, active: false });
  t.is((await easms('user', 'reset', 'ada@example.com', '2', '--previous', '9')).status, 0);
  t.like((await call(app, ['GET', '/users/ada@example.com'])).json, { sentThisMonth: 2, sentPreviousMonth: 9 });
  t.is((await easms('user', 'set', 'ada@example.com', '--no-sms-settings')).status, 0);
  t.is(await settings(), null);
  t.is((await easms('domain', 'set', 'example.com', '--sms-access', 'denied', '--sms-gateway', 'x')).status, 0);
  t.regex((await easms('domain', 'list')).out, /example.com +denied +- +{"gateway":"x"}/);
  t.is((await easms('domain', 'set', 'example.com', '--sms-limit', 'many')).status, 2);
});

test('shows and changes accounts, groups and tokens, and what was changed', async (t) => {
  const { easms } = await openServer(t);
  t.is(
    (await easms('account', 'add', 'alerts', '--password', 'x', '--limit', '10', '--member', 'ada@example.com')).status,
    0,
  );
  t.is((await easms('account', 'add', 'alerts')).status, 1);
  t.is((await easms('account', 'set', 'alerts', '--expires', '2030-01-01', '--no-active')).status, 0);
  t.is((await easms('account', 'reset', 'alerts', '7', '--previous', '3')).status, 0);
  t.is((await easms('account', 'set', 'alerts', '--description', 'Disks are full', '--gateway', 'x')).status, 0);
  t.regex((await easms('account', 'list')).out, /alerts +no +x +10 +7 +3 +2030-01-01 +- +Disks are full/);
  t.is((await easms('account', 'set', 'alerts', '--no-expires', '--no-gateway', '--no-member')).status, 0);
  t.regex((await easms('account', 'show', 'alerts')).out, /expires +-\n.*members +-\n/s);
  t.is((await easms('account', 'reset', 'alerts')).status, 0);
  t.regex((await easms('account', 'list')).out, /alerts +no +- +10 +0 +3 +- /);
  t.is((await easms('account', 'reset', 'alerts', 'some')).status, 2);
  t.is((await easms('account', 'set', 'alerts', '--limit', 'many')).status, 2);
  t.is((await easms('group', 'set', 'staff', 'ada@example.com')).status, 0);
  t.regex((await easms('group', 'list')).out, /staff +ada@example.com/);
  t.regex((await easms('token', 'add', 'monitor', '--scope', 'read')).out, /^easms_[\w-]{43}\n$/);
  t.regex((await easms('token', 'list')).out, /monitor +read/);
  for (const words of [
    ['token', 'delete', 'monitor'],
    ['group', 'delete', 'staff'],
    ['account', 'delete', 'alerts'],
  ])
    t.is((await easms(...words)).status, 0);
  const { out } = await easms('audit', '--limit', '2');
  t.regex(out, /administrator +127\.0\.0\.1 +DELETE +\/sms-accounts\/alerts +204/);
  t.is(out.trim().split('\n').length, 3);
});
