import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { ConfigError, loadConfig, readCliEnvironment, type ServeFlags } from '../src/config.js';
import { canSharePort } from '../src/node-version.js';

const folder = mkdtempSync(join(tmpdir(), 'easms-config-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(text: string): string {
  const path = join(folder, `${++files}.yaml`);
  writeFileSync(path, text);
  return path;
}

/** The one line that a configuration is refused with; files are shown without their folder. */
function refusal(flags: ServeFlags, environment: Record<string, string> = {}): string {
  try {
    loadConfig(flags, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(`${folder}/`, '').replace(/^\d+/, 'N');
  }
  return 'accepted';
}

for (const [what, text, line] of [
  ['a key nobody knows', 'http: { prot: 80 }', 'N.yaml: http.prot: is no key of the configuration'],
  ['a key that an object inherits', 'constructor: 1', 'N.yaml: constructor: is no key of the configuration'],
  ['a port out of range', 'http: { port: 65536 }', 'N.yaml: http.port: must be a whole number from 0 to 65535'],
  ['a port that is no number', 'http: { port: 8o8o }', 'N.yaml: http.port: must be a whole number from 0 to 65535'],
  ['a value where keys belong', 'http: 8080', 'N.yaml: http: must hold keys and values'],
  ['a list at the top', '- http', 'N.yaml: must hold keys and values'],
  [
    'a port for /sms/ out of range',
    'http: { sms: { port: -1 } }',
    'N.yaml: http.sms.port: must be a whole number from 0 to 65535',
  ],
  ['no thread for it', 'http: { sms: { threads: 0 } }', 'N.yaml: http.sms.threads: must be a whole number from 1 to 8'],
  [
    'more threads than there may be',
    'http: { sms: { threads: 9 } }',
    'N.yaml: http.sms.threads: must be a whole number from 1 to 8',
  ],
  ['an empty text', 'dataDir: ""', 'N.yaml: dataDir: must be a text that is not empty'],
  [
    'an unknown level',
    'log: { level: loud }',
    'N.yaml: log.level: must be one of fatal, error, warn, info, debug, trace, silent',
  ],
  [
    'a database that is not there yet',
    'database: postgres://u:hunter2@h/d',
    'N.yaml: database: PostgreSQL is not part of this version yet; use sqlite',
  ],
  [
    'HTTPS, which would not be spoken',
    'http: { tls: { cert: a, key: b } }',
    'N.yaml: http.tls.cert: HTTPS is not part of this version yet; let a reverse proxy speak it',
  ],
  [
    'an address that is none',
    'http: { publicUrl: sms.example.com }',
    'N.yaml: http.publicUrl: must be an address that begins with http:// or https://',
  ],
  ['a key given twice', 'dataDir: a\ndataDir: b', 'N.yaml: Map keys must be unique at line 2, column 1'],
] as const) {
  test(`refuses ${what} in one line with file, key and reason`, (t) => {
    t.is(refusal({ config: file(text) }), line);
  });
}

test('refuses what is no YAML without showing what stands around it', (t) => {
  const line = refusal({ config: file('relay: { password: hunter2\nhttp: [') });
  t.regex(line, /^N\.yaml: .* at line \d+, column \d+$/);
  t.false(line.includes('hunter2'));
});

test('refuses a file that cannot be read', (t) => {
  t.is(refusal({ config: join(folder, 'absent.yaml') }), 'absent.yaml: cannot be read (ENOENT)');
});

test('names the variable or the flag that is wrong', (t) => {
  const reason = 'must be a whole number from 0 to 65535';
  t.is(refusal({}, { EASMS_HTTP_PORT: 'tcp://10.0.0.1:80' }), `EASMS_HTTP_PORT: ${reason}`);
  t.is(refusal({ httpPort: '-1' }), `--http-port: ${reason}`);
  t.is(refusal({ httpPort: '1e3' }), `--http-port: ${reason}`);
  t.is(
    refusal({ databaseUrl: 'postgresql://x' }),
    '--database-url: PostgreSQL is not part of this version yet; use sqlite',
  );
});

test('refuses a secret that is empty or in a file that is not there', (t) => {
  t.is(refusal({}, { EASMS_ADMIN_TOKEN: '' }), 'EASMS_ADMIN_TOKEN: is empty');
  t.is(refusal({}, { EASMS_ADMIN_TOKEN_FILE: file('\n') }), 'EASMS_ADMIN_TOKEN_FILE: is empty');
  t.is(
    refusal({}, { EASMS_ADMIN_TOKEN_FILE: join(folder, 'gone') }),
    'EASMS_ADMIN_TOKEN_FILE: cannot be read (ENOENT)',
  );
});

test('begins without any configuration', (t) => {
  const { values, adminToken, notices } = loadConfig({}, {});
  t.like(values, {
    dataDir: './data',
    database: 'sqlite',
    'http.host': '127.0.0.1',
    'http.port': 8080,
    'log.level': 'info',
  });
  t.is(adminToken, undefined);
  t.deepEqual(notices, []);
});

test('puts the environment over the file and flags over both', (t) => {
  const config = file('dataDir: from-file\nhttp: { port: 1, host: "::1" }\nlog: { level: debug }');
  const { values } = loadConfig(
    { config, httpPort: '0' },
    { EASMS_HTTP_PORT: '2', EASMS_DATA_DIR: 'from-environment' },
  );
  t.like(values, { dataDir: 'from-environment', 'http.port': 0, 'http.host': '::1', 'log.level': 'debug' });
});

test('several threads at one port need a Node that can have them', (t) => {
  const refused = 'http.sms.threads: must be 1: only from Node 22.12 on can several threads listen at one port';
  const config = file('http: { sms: { port: 0, threads: 2 } }');
  t.is(refusal({ config }), canSharePort() ? 'accepted' : `N.yaml: ${refused}`);
  for (const [version, can] of [
    ['20.20.2', false],
    ['22.11.0', false],
    ['22.12.0', true],
    ['23.0.0', false],
    ['23.1.0', true],
    ['24.0.0', true],
  ] as const)
    t.is(canSharePort(version), can, version);
});

test('takes the port for /sms/ from file, environment and flag, and says where its other settings do nothing', (t) => {
  const config = file('http: { sms: { port: 1, host: "::1" } }');
  t.like(loadConfig({ config }, {}).values, { 'http.sms.port': 1, 'http.sms.host': '::1', 'http.sms.threads': 1 });
  const over = loadConfig({ config, smsPort: '0' }, { EASMS_HTTP_SMS_PORT: '2', EASMS_HTTP_SMS_THREADS: '1' });
  t.like(over.values, { 'http.sms.port': 0, 'http.sms.threads': 1 });
  t.deepEqual(over.notices, []);
  t.is(loadConfig({}, {}).values['http.sms.port'], undefined);
  t.is(refusal({ smsPort: 'x' }), '--sms-port: must be a whole number from 0 to 65535');
  t.deepEqual(loadConfig({}, { EASMS_HTTP_SMS_THREADS: '1' }).notices, [
    'http.sms.port is not set: the other settings of the port for /sms/ do nothing',
  ]);
});

test('takes an empty file for no configuration', (t) => {
  t.is(loadConfig({ config: file('# all defaults\n') }, {}).values['http.port'], 8080);
});

test('reads a secret from the file a variable names', (t) => {
  t.is(loadConfig({}, { EASMS_ADMIN_TOKEN_FILE: file('token\n') }).adminToken, 'token');
  t.is(loadConfig({}, { EASMS_ADMIN_TOKEN: 'token' }).adminToken, 'token');
});

test('opens a port for mail unless it is switched off', (t) => {
  t.is(loadConfig({}, {}).values['smtp.port'], 2525);
  t.is(loadConfig({ smtpPort: '0' }, {}).values['smtp.port'], 0);
  t.is(loadConfig({ config: file('smtp: { port: off }') }, {}).values['smtp.port'], undefined);
  t.is(loadConfig({ smtpPort: 'off' }, {}).values['smtp.port'], undefined);
});

test('refuses half of a certificate, and one that is none', (t) => {
  const refused = (yaml: string) => t.throws(() => loadConfig({ config: file(yaml) }, {}))?.message ?? '';
  const nonsense = file('no PEM');
  t.regex(refused(`smtp: { tls: { cert: ${nonsense} } }`), /smtp\.tls: cert and key go together/);
  t.regex(refused('smtp: { tls: { cert: /nowhere/cert.pem } }'), /smtp\.tls\.cert: names a file .* \(ENOENT\)$/);
  t.regex(refused('smtp: { tls: { port: 465 } }'), /smtp\.tls\.port: needs smtp\.tls\.cert/);
  t.regex(refused(`smtp: { tls: { cert: ${nonsense}, key: ${nonsense} } }`), /smtp\.tls: cert and key are no PEM/);
});

test('reads the networks that are trusted, and refuses what is none', (t) => {
  const { values } = loadConfig({}, { EASMS_TRUSTED_NETWORKS: '10.0.0.0/8, ::1' });
  t.true(values.trustedNetworks.has('10.9.8.7'));
  t.true(values.trustedNetworks.has('::1'));
  t.false(values.trustedNetworks.has('127.0.0.1'));
  t.false(loadConfig({}, {}).values.trustedNetworks.has('127.0.0.1'));
  const config = file('trustedNetworks: [10.0.0.0/8, intranet]');
  t.throws(() => loadConfig({ config }), {
    message: /trustedNetworks: must be a list of addresses and networks such as 192\.168\.7\.0\/24$/,
  });
});

test('reads the relay, its password from a file as well', (t) => {
  const config = file('relay: { host: mail.example.com, user: easms }');
  const { values, notices } = loadConfig({ config }, { EASMS_RELAY_PASSWORD_FILE: file('secret\n') });
  t.like(values, {
    'relay.host': 'mail.example.com',
    'relay.port': 587,
    'relay.user': 'easms',
    'relay.password': 'secret',
  });
  t.deepEqual(notices, []);
});

test('refuses half a log-in of the relay and a port that is none, and says what does nothing without a host', (t) => {
  const reason = 'relay: user and password go together: one of them is missing';
  t.is(refusal({}, { EASMS_RELAY_HOST: 'h', EASMS_RELAY_USER: 'easms' }), reason);
  t.is(refusal({}, { EASMS_RELAY_HOST: 'h', EASMS_RELAY_PASSWORD: 'secret' }), reason);
  t.is(refusal({}, { EASMS_RELAY_PORT: '0' }), 'EASMS_RELAY_PORT: must be a whole number from 1 to 65535');
  const { notices } = loadConfig({}, { EASMS_RELAY_PORT: '25' });
  t.deepEqual(notices, ['relay.host is not set: the other settings of the relay do nothing']);
});

test('says which EASMS_ variables are no settings', (t) => {
  const { notices } = loadConfig({}, { EASMS_HTTP_PROT: '80', EASMS_SERVER: 'http://x', EASMS_TOKEN: 't', PATH: '/' });
  t.deepEqual(notices, ['EASMS_HTTP_PROT is no setting of easms and does nothing']);
});

test('gives the commands the server, the token and the data folder', (t) => {
  t.deepEqual(readCliEnvironment({}), { server: undefined, token: undefined, dataDir: './data' });
  const environment = { EASMS_SERVER: 'http://x', EASMS_TOKEN_FILE: file('t\n'), EASMS_DATA_DIR: '/var/lib/easms' };
  t.deepEqual(readCliEnvironment(environment), { server: 'http://x', token: 't', dataDir: '/var/lib/easms' });
});
