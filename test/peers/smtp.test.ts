// swaks as the mail program, postfix as the mail server beside us, and its smtp-source as many of them at once.

import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { startPostfix } from '../../bench/postfix.js';
import { anna, number, openOffice, password } from '../smtp/mail-program.js';

const here = ['127.0.0.1'];
const toNumber = `"sms:${number}"@example.com`;

function pem(name: string): string {
  return readFileSync(new URL(`../../../fixtures/tls/${name}`, import.meta.url), 'utf8');
}

const tls = { cert: pem('server.pem'), key: pem('server.key.pem') };

function isAbsent(t: ExecutionContext, program: string): boolean {
  if (!spawnSync(program, ['--version'], { stdio: 'ignore' }).error) return false;
  t.log(`skipped: ${program} is not installed`);
  t.pass();
  return true;
}

interface Said {
  status: number;
  dialogue: string;
}

/** The server runs in this process: nobody may wait for the program without it. */
function run(program: string, args: readonly string[]): Promise<Said> {
  return new Promise((resolve) => {
    execFile(program, [...args], { encoding: 'utf8', timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, dialogue: stdout + stderr }),
    );
  });
}

function swaks(server: string, ...args: readonly string[]): Promise<Said> {
  return run('swaks', ['--server', server, '--from', anna, '--body', 'Dinner at 8?', ...args]);
}

function cannotEncrypt(t: ExecutionContext, dialogue: string): boolean {
  if (!dialogue.includes('TLS not available')) return false;
  t.log("skipped: swaks needs Perl's Net::SSLeay for TLS");
  t.pass();
  return true;
}

test('swaks sends a text after STARTTLS and a log-in by PLAIN and by LOGIN', async (t) => {
  if (isAbsent(t, 'swaks')) return;
  const { port, texts } = await openOffice(t, { tls });
  for (const way of ['PLAIN', 'LOGIN']) {
    const logIn = ['--auth', way, '--auth-user', anna, '--auth-password', password];
    const { status, dialogue } = await swaks(port.address, '--tls', '--to', toNumber, ...logIn);
    if (cannotEncrypt(t, dialogue)) return;
    t.is(status, 0, dialogue);
    t.regex(dialogue, /TLS started with cipher TLSv1\.[23]/);
  }
  t.deepEqual(
    (await texts()).map((each) => [each.recipient, each.text]),
    [
      [number, 'Dinner at 8?'],
      [number, 'Dinner at 8?'],
    ],
  );
});

test('swaks sends a text over TLS from the first octet', async (t) => {
  if (isAbsent(t, 'swaks')) return;
  const { port, texts } = await openOffice(t, { tls, kind: 'smtps' });
  const logIn = ['--auth-user', anna, '--auth-password', password];
  const { status, dialogue } = await swaks(port.address, '--tls-on-connect', '--to', toNumber, ...logIn);
  if (cannotEncrypt(t, dialogue)) return;
  t.is(status, 0, dialogue);
  t.is((await texts()).length, 1);
});

test('swaks is told why it is refused', async (t) => {
  if (isAbsent(t, 'swaks')) return;
  const { port, texts } = await openOffice(t);
  const wrong = await swaks(port.address, '--to', toNumber, '--auth-user', anna, '--auth-password', 'guess');
  t.is(wrong.status, 28, 'swaks: no authentication succeeded');
  t.regex(wrong.dialogue, /535 5\.7\.8 The name or the password is wrong/);
  const nobody = await swaks(port.address, '--to', toNumber);
  t.is(nobody.status, 24, 'swaks: no recipient accepted');
  t.regex(nobody.dialogue, /530 5\.7\.0 Authentication required/);
  const stranger = await swaks(port.address, '--to', 'eve@elsewhere.test');
  t.is(stranger.status, 24, 'no open relay');
  t.deepEqual(await texts(), []);
});

test('swaks gives a mail over LMTP', async (t) => {
  if (isAbsent(t, 'swaks')) return;
  const { port, texts } = await openOffice(t, { kind: 'lmtp', trusted: here });
  const { status, dialogue } = await swaks(port.address, '--protocol', 'LMTP', '--to', toNumber);
  t.is(status, 0, dialogue);
  t.is((await texts()).length, 1);
});

for (const kind of ['smtp', 'lmtp'] as const) {
  test(`smtp-source gives 500 mails over 20 connections, by ${kind}`, async (t) => {
    const program = '/usr/sbin/smtp-source';
    if (isAbsent(t, program)) return;
    const { port, texts } = await openOffice(t, { kind, trusted: here });
    const load = ['-s', '20', '-m', '500', '-f', anna, '-t', `sms:${number}@example.com`, port.address];
    const { status, dialogue } = await run(program, kind === 'lmtp' ? ['-L', ...load] : load);
    t.is(status, 0, dialogue);
    t.is((await texts()).length, 500);
  });

  test(`postfix hands mail for numbers over, by ${kind}`, async (t) => {
    if (isAbsent(t, 'swaks')) return;
    const { port, texts } = await openOffice(t, { kind, trusted: here, mail: { smsDomains: ['sms.example.com'] } });
    const folder = mkdtempSync(join(tmpdir(), 'easms-postfix-'));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const [host, number_] = port.address.split(':') as [string, string];
    const next = kind === 'lmtp' ? `lmtp:inet:${host}:${number_}` : `smtp:[${host}]:${number_}`;
    const postfix = await startPostfix({ folder, main: `transport_maps = inline:{ sms.example.com=${next} }\n` });
    if (!postfix) {
      t.log('skipped: postfix is not installed, or may not run here');
      return t.pass();
    }
    t.teardown(() => postfix.end());
    const numbers = [number, '+447700900124', '+447700900125'];
    // swaks takes what begins with a plus for an option.
    const to = numbers.map((each, n) => `${n === 0 ? 'sms:' : ''}${each}@sms.example.com`).join(',');
    const { status, dialogue } = await swaks(`127.0.0.1:${postfix.port}`, '--to', to);
    t.is(status, 0, dialogue);
    let arrived = await texts();
    for (let tries = 0; tries < 300 && arrived.length < 3; tries++, arrived = await texts()) await pause(100);
    t.deepEqual(arrived.map(({ recipient }) => recipient).sort(), numbers);
    t.true(arrived.every(({ text }) => text === 'Dinner at 8?'));
  });
}
