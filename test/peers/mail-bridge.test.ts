// The bridge as people use it, with programs nobody here wrote: swaks is the mail program, postfix the relay, dovecot the mailbox.
// A mail goes out as a text, the other side answers, and the answer is in the mailbox, here and there.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { type ServerProcess, startProcess } from '../server-process.js';
import { isAbsent } from './libwbxml.js';
import { mailsOf, type MailServers, startMailServers, whyNoMailServers } from './mail-servers.js';

const ada = 'ada@example.com';
const bob = 'bob@example.com';
const password = 'correct horse';
const customer = '+12025550123';
const reason = whyNoMailServers();
const execute = promisify(execFile);

/** The provider behind the gateway: takes texts, and says what it is told to. */
interface Provider {
  server: Server;
  url: string;
  taken: { number: string; text: string; at: number }[];
  status: number;
}

interface Bridge {
  mail: MailServers;
  provider: Provider;
  easms: ServerProcess;
  folder: string;
}

let bridge: Bridge | undefined;

function mayRun(t: ExecutionContext): boolean {
  if (isAbsent(t, 'python3')) return false;
  if (reason === undefined) return true;
  t.log(`skipped: ${reason}`);
  t.pass();
  return false;
}

async function openProvider(): Promise<Provider> {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url!, 'http://localhost');
    const text = { number: searchParams.get('to')!, text: searchParams.get('text')!, at: Date.now() };
    if (provider.status === 200) provider.taken.push(text);
    response.writeHead(provider.status).end('done');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: Provider = { server, url, taken: [], status: 200 };
  return provider;
}

async function openBridge(): Promise<Bridge> {
  const [mail, provider] = [await startMailServers([ada, bob]), await openProvider()];
  const folder = mkdtempSync(join(tmpdir(), 'easms-bridge-'));
  const environment = { EASMS_RELAY_HOST: '127.0.0.1', EASMS_RELAY_PORT: String(mail.smtpPort) };
  const easms = await startProcess(folder, { environment });
  const url = `${provider.url}/send?to=%number%&text=%data%`;
  await easms.api('PUT', '/gateways/sink', { type: 'http', url, password: '4711', emailFrom: 'sms:%s@example.com' });
  for (const address of [ada, bob]) await easms.api('PUT', `/users/${address}`, { password, forwardTo: [address] });
  await easms.api('PATCH', '/settings', { defaultCountry: 'US', retry: { firstSeconds: 0.1 } });
  return { mail, provider, easms, folder };
}

test.before(async () => {
  if (reason === undefined) bridge = await openBridge();
});

test.after.always(async () => {
  if (!bridge) return;
  await bridge.easms.stop();
  await bridge.mail.stop();
  bridge.provider.server.close();
  rmSync(bridge.folder, { recursive: true, force: true });
});

/** A mail by somebody's mail program. Resolves when our server has said 250. */
async function writeMail(
  { easms }: Bridge,
  mail: { from: string; to: string; id?: string; body: string },
): Promise<void> {
  await execute('swaks', [
    ...[
      '--server',
      '127.0.0.1',
      '--port',
      String(easms.smtpPort),
      '--auth-user',
      mail.from,
      '--auth-password',
      password,
    ],
    ...['--from', mail.from, '--to', mail.to, '--header', 'Subject: Dinner', '--body', mail.body, '--silent', '2'],
    ...(mail.id === undefined ? [] : ['--header', `Message-Id: ${mail.id}`]),
  ]);
}

async function answer({ easms }: Bridge, text: string, number = customer): Promise<void> {
  const body = new URLSearchParams({ id: 'sink', pass: '4711', number, data: text });
  const response = await fetch(`${easms.url}/sms/deliver.html`, { method: 'POST', body });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

interface Item {
  from: string;
  class: string;
  subject: string | null;
  text: string;
}

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let tries = 0; tries < 500; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await wait(20);
  }
  throw new Error('it does not come');
}

async function inboxOf({ easms }: Bridge, address: string): Promise<Item[]> {
  return (await easms.api<{ items: Item[] }>('GET', `/users/${address}/messages`)).items;
}

async function textTaken({ provider }: Bridge, nth: number): Promise<Provider['taken'][number]> {
  return until(() => provider.taken[nth]);
}

test.serial('a mail is a text, and its answer is in the mailbox here and in that of the mail server', async (t) => {
  if (!mayRun(t)) return;
  const { mail } = bridge!;
  const began = Date.now();
  const id = '<dinner-1@client.example>';
  await writeMail(bridge!, { from: ada, to: `"sms:${customer}"@example.com`, id, body: 'Dinner at eight? Grüße, Ada' });
  const accepted = Date.now();
  const text = await textTaken(bridge!, 0);
  t.deepEqual([text.number, text.text], [customer, 'Dinner at eight? Grüße, Ada']);
  const answered = Date.now();
  await answer(bridge!, 'Yes, gern! 🌍', '(202) 555-0123');
  const item = await until(async () => (await inboxOf(bridge!, ada))[0]);
  const here = Date.now();
  t.like(item, { class: 'SMS', from: 'sms:2025550123@example.com', text: 'Yes, gern! 🌍' });
  await until(() => /to=<ada@example\.com>.*status=sent/.test(mail.log()) || undefined);
  const there = Date.now();
  const [seen, ...others] = await mailsOf(mail, ada, 1);
  t.deepEqual(others, []);
  t.like(seen, { from: '"sms:2025550123"@example.com', to: ada, text: 'Yes, gern! 🌍', inReplyTo: id, defects: [] });
  t.like(seen, { auto: 'auto-generated', returnPath: '<>', type: 'text/plain' });
  t.true(seen!.references!.endsWith(id));
  t.regex(seen!.received, /using TLSv1\.[23]/);
  t.deepEqual(await inboxOf(bridge!, bob), []);
  t.log(`swaks until 250: ${accepted - began} ms; until the provider had the text: ${text.at - began} ms`);
  t.log(
    `answer until it was in the mailbox here: ${here - answered} ms; and in that of dovecot: ${there - answered} ms`,
  );
});

test.serial('an answer to that mail is a text again, and the conversation one thread', async (t) => {
  if (!mayRun(t)) return;
  const [first] = await mailsOf(bridge!.mail, ada, 1);
  await writeMail(bridge!, { from: ada, to: first!.from, body: 'Where?' });
  t.deepEqual((({ number, text }) => [number, text])(await textTaken(bridge!, 1)), ['2025550123', 'Where?']);
  await answer(bridge!, 'At the harbour', customer);
  const mails = await mailsOf(bridge!.mail, ada, 2);
  const second = mails.find(({ text }) => text === 'At the harbour')!;
  const rootOf = ({ references }: { references: string | null }) => references!.split(/\s+/)[0];
  t.is(rootOf(second), rootOf(first!));
  t.not(second.id, first!.id);
});

test.serial('where two wrote, the phone is asked whom it means, and #email# says so', async (t) => {
  if (!mayRun(t)) return;
  await writeMail(bridge!, { from: bob, to: `"sms:${customer}"@example.com`, body: 'And I?' });
  await textTaken(bridge!, 2);
  await answer(bridge!, 'Who is it?', customer);
  const told = await textTaken(bridge!, 3);
  t.is(told.number, customer);
  t.regex(told.text, /#name@example\.com#/);
  await answer(bridge!, 'For you #bob@example.com#', customer);
  const [seen, ...others] = await mailsOf(bridge!.mail, bob, 1);
  t.deepEqual(others, []);
  t.like(seen, { to: bob, text: 'For you #bob@example.com#' });
});

test.serial('a text that no gateway takes comes back as a report that python reads', async (t) => {
  if (!mayRun(t)) return;
  const { provider, mail } = bridge!;
  provider.status = 400;
  const id = '<refused@client.example>';
  await writeMail(bridge!, { from: bob, to: `"sms:${customer}"@example.com`, id, body: 'Not this one' });
  const mails = await mailsOf(mail, bob, 2);
  provider.status = 200;
  const report = mails.find(({ type }) => type === 'multipart/report')!;
  t.deepEqual(report.parts, ['text/plain', 'message/delivery-status', 'message/rfc822']);
  t.like(report, { to: bob, auto: 'auto-replied', inReplyTo: id, returnPath: '<>', defects: [] });
  t.like(report.status[1], { Action: 'failed', Status: '5.0.0' });
  t.true(report.text.includes('Not this one'));
});

test.serial('what the mail server refuses is told here, and goes round in no circle', async (t) => {
  if (!mayRun(t)) return;
  const { easms } = bridge!;
  await easms.api('PATCH', `/users/${bob}`, { forwardTo: ['gone@example.com'] });
  await answer(bridge!, 'Still there? #bob@example.com#', customer);
  const letter = await until(async () =>
    (await inboxOf(bridge!, bob)).find(({ subject }) => subject?.startsWith('Mail was not delivered')),
  );
  t.regex(letter.text, /gone@example\.com\n {4}550 5\.1\.1/);
  const { items } = await easms.api<{ items: { state: string; recipients: string[] }[] }>('GET', '/mails');
  t.deepEqual(
    items.filter(({ recipients }) => recipients[0] === 'gone@example.com').map(({ state }) => state),
    ['failed'],
  );
  t.true(items.every(({ state }) => state !== 'queued'));
  const metrics = await (await fetch(`${easms.url}/metrics`)).text();
  t.regex(metrics, /^easms_mail_queue_depth 0$/m);
});
