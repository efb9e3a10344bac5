// Mails for numbers that become texts over SMTP with full durability, while the dispatcher works; beside them mails that
// Debian's postfix takes into its queue. The load is postfix's own smtp-source, which keeps its connections. The server
// believes this machine who sends, as it does of a mail server beside it; the gateway is slow, as in `accept`.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { EasmsUnderTest } from './easms-under-test.js';
import { type Figure, median, rounded, Unmeasurable } from './figure.js';
import { startPostfix } from './postfix.js';
import { scratchFolder } from './scratch-folder.js';
import { thousandths } from './wrk.js';

const sessions = 50;
const rounds = 3;
const mailsPerRound = 4_000;
const sender = 'ann@example.com';
const toNumber = 'sms:+447700900123@example.com';

export async function smtpAccept(): Promise<Figure> {
  const easms = await startEasms();
  const { host, port } = easms.process.smtp!;
  const postfix = await startPostfix({ folder: await scratchFolder() });
  const own: number[] = [];
  const others: number[] = [];
  try {
    await send(`${host}:${port}`, toNumber);
    if (postfix) await send(`127.0.0.1:${postfix.port}`, 'ann@example.net');
    const before = (await easms.process.usage()).cpuMilliseconds;
    for (let round = 0; round < rounds; round++) {
      await postfix?.untilIdle();
      own.push(await send(`${host}:${port}`, toNumber));
      if (postfix) others.push(await send(`127.0.0.1:${postfix.port}`, 'ann@example.net'));
    }
    const cpuMsPerMail = ((await easms.process.usage()).cpuMilliseconds - before) / (rounds * mailsPerRound);
    await easms.end();
    checkStored(easms.dataDir);
    return {
      figure: 'smtp-accept',
      unit: 'mails/s',
      ...beside(own, others, postfix?.name),
      cpuMsPerMail: thousandths(cpuMsPerMail),
    };
  } finally {
    postfix?.end();
  }
}

function beside(own: readonly number[], others: readonly number[], rival: string | undefined) {
  const value = median(own);
  if (rival === undefined) return { value: rounded(value) };
  const rivalValue = median(others);
  return { value: rounded(value), rival, rivalValue: rounded(rivalValue), ratio: rounded(value / rivalValue) };
}

async function startEasms(): Promise<EasmsUnderTest> {
  const config = join(await scratchFolder(), 'easms.yaml');
  await writeFile(config, 'trustedNetworks: [127.0.0.1]\nlog: { level: error }\n');
  const easms = await EasmsUnderTest.start({ config });
  await easms.putUser(sender);
  await easms.administer('PUT', '/gateways/loop', { type: 'loopback', delaySeconds: 1 });
  return easms;
}

/** Mails a second. Throws Unmeasurable without smtp-source. */
async function send(to: string, recipient: string): Promise<number> {
  const load = ['-d', '-s', String(sessions), '-m', String(mailsPerRound), '-f', sender, '-t', recipient, to];
  const started = performance.now();
  const child = spawn('/usr/sbin/smtp-source', load, { stdio: 'ignore' });
  const failed = once(child, 'error').then(() => {
    throw new Unmeasurable("smtp-source is not installed: it is part of Debian's postfix");
  });
  const [status] = (await Promise.race([once(child, 'exit'), failed])) as [number | null];
  failed.catch(() => {});
  // It ends at the first mail that is refused.
  if (status !== 0) throw new Error(`smtp-source ended with ${status}`);
  return mailsPerRound / ((performance.now() - started) / 1000);
}

// Accepted is on disk: every 250 has its row.
function checkStored(dataDir: string): void {
  const database = new Database(join(dataDir, 'easms.db'), { readonly: true });
  const stored = database.prepare('select count(*) from messages').pluck().get() as number;
  database.close();
  const answered = (rounds + 1) * mailsPerRound;
  if (stored !== answered) throw new Error(`${answered} mails were accepted and ${stored} texts are stored`);
}
