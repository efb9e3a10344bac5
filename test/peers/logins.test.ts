// Passwords that dovecot and slapd know, asked by the back ends.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Credentials } from '../../src/accounts/credentials.js';
import { verifyByImap } from '../../src/accounts/imap-login.js';
import { verifyByLdap } from '../../src/accounts/ldap-bind.js';
import { putUser } from '../../src/accounts/users.js';
import { openSqlite } from '../../src/store/open.js';
import { defaultSettings, type ImapSettings, type LdapSettings } from '../../src/store/settings.js';
import { freePort } from '../../bench/free-ports.js';
import { listening } from './mail-servers.js';

const ada = 'ada@example.com';
const password = 'pässword of "ada" \\ {3}';

const slapd = ['/usr/sbin/slapd', '/usr/lib/openldap/slapd'].find((path) => existsSync(path));
const dovecot = ['/usr/sbin/dovecot'].find((path) => existsSync(path));

function isAbsent(t: ExecutionContext, what: string, program: string | undefined): program is undefined {
  const isRoot = userInfo().uid === 0;
  if (program !== undefined && (what !== 'dovecot' || isRoot)) return false;
  t.log(`skipped: ${what} is not installed, or cannot be run by this user`);
  t.pass();
  return true;
}

function openFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'easms-logins-'));
  chmodSync(folder, 0o755);
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function endWith(t: ExecutionContext, child: ChildProcess): void {
  t.teardown(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  });
}

function makeCertificate(folder: string): { certificate: string; key: string } {
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate, ...subject],
    { stdio: 'ignore' },
  );
  return { certificate, key };
}

async function startDovecot(t: ExecutionContext, program: string): Promise<ImapSettings & { plainPort: number }> {
  const folder = openFolder(t);
  const { certificate, key } = makeCertificate(folder);
  const [port, plainPort] = [await freePort(), await freePort()];
  for (const name of ['run', 'state', 'mail']) mkdirSync(join(folder, name), { mode: 0o755 });
  writeFileSync(join(folder, 'users'), `${ada}:{PLAIN}${password}\n`);
  const { uid, gid } = userInfo();
  writeFileSync(
    join(folder, 'dovecot.conf'),
    `
protocols = imap
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
listen = 127.0.0.1
ssl = yes
ssl_cert = <${certificate}
ssl_key = <${key}
disable_plaintext_auth = yes
auth_mechanisms = plain login
mail_location = maildir:${folder}/mail/%u
first_valid_uid = 0
first_valid_gid = 0
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/mail/%u
}
service imap-login {
  inet_listener imap {
    port = ${plainPort}
  }
  inet_listener imaps {
    port = ${port}
    ssl = yes
  }
}
`,
  );
  const child = spawn(program, ['-F', '-c', join(folder, 'dovecot.conf')], { stdio: 'ignore' });
  endWith(t, child);
  await listening(port);
  return { host: 'localhost', port, plainPort, tls: 'implicit', loginName: 'address', caCertificate: certificate };
}

test('dovecot lets in whoever knows the password, over TLS from the start and by STARTTLS', async (t) => {
  if (isAbsent(t, 'dovecot', dovecot)) return;
  const { plainPort, ...settings } = await startDovecot(t, dovecot);
  const withTls: ImapSettings[] = [settings, { ...settings, port: plainPort, tls: 'starttls' }];
  for (const each of withTls) {
    t.true(await verifyByImap(each, { address: ada, password }), each.tls);
    t.false(await verifyByImap(each, { address: ada, password: 'wrong' }));
    t.false(await verifyByImap(each, { address: 'nobody@example.com', password }));
    t.false(await verifyByImap(each, { address: ada, password: '' }));
    t.false(await verifyByImap(each, { address: ada, password: `${password}\r\na9 NOOP` }));
  }
  const unavailable = { code: 'BACK_END_UNAVAILABLE' };
  const untrusted = { ...settings, caCertificate: undefined };
  await t.throwsAsync(
    verifyByImap(untrusted, { address: ada, password }),
    unavailable,
    'a certificate nobody vouches for',
  );
  await t.throwsAsync(verifyByImap({ ...settings, port: await freePort() }, { address: ada, password }), unavailable);
  await t.throwsAsync(
    verifyByImap({ ...settings, host: '192.0.2.1', tls: 'none' }, { address: ada, password }),
    unavailable,
  );
});

test('a user logs in with the password that dovecot knows', async (t) => {
  if (isAbsent(t, 'dovecot', dovecot)) return;
  const imap = await startDovecot(t, dovecot);
  const store = await openSqlite(':memory:');
  await putUser(store, ada, { password: 'the local one', now: 1 });
  await store.settings.save(store, { ...defaultSettings, auth: { ...defaultSettings.auth, backend: 'imap', imap } });
  const credentials = new Credentials({ store, now: () => 1 });
  t.is((await credentials.verify('ada', password))?.address, ada);
  t.is(await credentials.verify('ada', 'the local one'), undefined);
  t.is(await credentials.verify('nobody', password), undefined);
});

async function startSlapd(t: ExecutionContext, program: string): Promise<LdapSettings> {
  const folder = openFolder(t);
  const { certificate, key } = makeCertificate(folder);
  const port = await freePort();
  const url = `ldap://localhost:${port}`;
  mkdirSync(join(folder, 'data'));
  writeFileSync(
    join(folder, 'slapd.conf'),
    `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile ${certificate}
TLSCertificateKeyFile ${key}
pidfile ${folder}/pid
database mdb
suffix "dc=example,dc=com"
rootdn "cn=admin,dc=example,dc=com"
rootpw of-the-administrator
directory ${folder}/data
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
`,
  );
  const entries = `
dn: dc=example,dc=com
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: cn=Ada \\+ Lovelace,dc=example,dc=com
objectClass: inetOrgPerson
cn: Ada + Lovelace
sn: Lovelace
mail: ${ada}
uid: ada
userPassword:: ${Buffer.from(password).toString('base64')}

dn: uid=bob,dc=example,dc=com
objectClass: inetOrgPerson
uid: bob
cn: Bob
sn: Bob
mail: bob@example.com
userPassword: of bob
`;
  const added = spawnSync(program, ['-T', 'add', '-f', join(folder, 'slapd.conf')], {
    input: entries,
    encoding: 'utf8',
  });
  if (added.status !== 0) throw new Error(added.stderr);
  const child = spawn(program, ['-f', join(folder, 'slapd.conf'), '-h', url, '-d', '0'], { stdio: 'ignore' });
  endWith(t, child);
  await listening(port);
  return {
    url,
    startTls: true,
    caCertificate: readFileSync(certificate, 'utf8'),
    baseDn: 'dc=example,dc=com',
    filter: '(mail=%address%)',
    searchDn: 'cn=admin,dc=example,dc=com',
    searchPassword: 'of-the-administrator',
  };
}

test('slapd lets in whoever knows the password, whose entry is searched for or named', async (t) => {
  if (isAbsent(t, 'slapd', slapd)) return;
  const settings = await startSlapd(t, slapd);
  t.true(await verifyByLdap(settings, { address: ada, password }));
  t.false(await verifyByLdap(settings, { address: ada, password: 'wrong' }));
  t.false(await verifyByLdap(settings, { address: ada, password: '' }), 'a bind without a password succeeds as nobody');
  for (const address of ['nobody@example.com', '*', 'ada*', '*)(mail=bob@example.com', 'ada@example.com)(uid=*'])
    t.false(await verifyByLdap(settings, { address, password }), address);
  const named: LdapSettings = { ...settings, bindDn: 'uid=%local-part%,dc=example,dc=com' };
  t.true(await verifyByLdap(named, { address: 'bob@example.com', password: 'of bob' }));
  t.false(await verifyByLdap(named, { address: 'bob@example.com', password }));
  t.false(await verifyByLdap(named, { address: 'x,uid=bob@example.com', password: 'of bob' }));
  const plain: LdapSettings = { ...settings, startTls: false };
  t.true(await verifyByLdap(plain, { address: ada, password }), 'to this machine without encryption');
  const unavailable = { code: 'BACK_END_UNAVAILABLE' };
  await t.throwsAsync(verifyByLdap({ ...settings, searchPassword: 'wrong' }, { address: ada, password }), unavailable);
  await t.throwsAsync(verifyByLdap({ ...plain, url: 'ldap://192.0.2.1' }, { address: ada, password }), unavailable);
  const untrusted = { ...settings, caCertificate: undefined };
  await t.throwsAsync(verifyByLdap(untrusted, { address: ada, password }), unavailable);
});
