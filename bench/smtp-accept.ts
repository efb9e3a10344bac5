// Mails for numbers that become texts over SMTP with full durability, while the dispatcher works; beside them mails that
// Debian's postfix takes into its queue, and those that the bare library keeps. The load is postfix's own smtp-source,
// which keeps its connections. The server believes this machine who sends, as it does of a mail server beside it; the
// gateway is slow, as in `accept`.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { EasmsUnderTest } from './easms-under-test.js';
import { type Figure, median, rounded, Unmeasurable } from './figure.js';
import { startPostfix } from './postfix.js';
import { type Place, type ProcessUnderTest, startProcess } from './process-under-test.js';
import { scratchFolder } from './scratch-folder.js';
import { besideLimit, medianRate, type Rate } from './wrk.js';

const sessions = 50;
const rounds = 3;
const mailsPerRound = 4_000;
const sender = 'ann@example.com';
const toNumber = 'sms:+447700900123@example.com';
const elsewhere = 'ann@example.net';

export async function smtpAccept(): Promise<Figure> {
  const easms = await startEasms();
  const limit = await startProcess('./smtp-limit.js', [await scratchFolder()]);
  const postfix = await startPostfix({ folder: await scratchFolder() });
  const rates = { own: [] as Rate[], limit: [] as Rate[], rival: [] as number[] };
  try {
    // The first turn warms up.
    for (let round = 0; round <= rounds; round++) {
      rates.own.push(await measure(easms.process));
      rates.limit.push(await measure(limit));
      if (!postfix) continue;
      rates.rival.push(await send({ host: '127.0.0.1', port: postfix.port }, elsewhere));
      await postfix.untilIdle();
    }
  } finally {
    postfix?.end();
  }
  await limit.end();
  await easms.end();
  checkStored(easms.dataDir);
  const own = medianRate(rates.own.slice(1));
  return {
    figure: 'smtp-accept',
    unit: 'mails/s',
    ...besideTheLimit(own, medianRate(rates.limit.slice(1))),
    ...(postfix && besideTheRival(own, { name: postfix.name, value: median(rates.rival.slice(1)) })),
  };
}

function besideTheLimit(own: Rate, limit: Rate) {
  const { cpuMsPerRequest, limitCpuMsPerRequest, ...rates } = besideLimit(own, limit);
  return { ...rates, cpuMsPerMail: cpuMsPerRequest, limitCpuMsPerMail: limitCpuMsPerRequest };
}

function besideTheRival(own: Rate, { name, value }: { name: string; value: number }) {
  return { rival: name, rivalValue: rounded(value), ratio: rounded(own.perSecond / value) };
}

async function startEasms(): Promise<EasmsUnderTest> {
  const config = join(await scratchFolder(), 'easms.yaml');
  await writeFile(config, 'trustedNetworks: [127.0.0.1]\nlog: { level: error }\n');
  const easms = await EasmsUnderTest.start({ config });
  await easms.putUser(sender);
  await easms.administer('PUT', '/gateways/loop', { type: 'loopback', delaySeconds: 1 });
  return easms;
}

async function measure(under: ProcessUnderTest): Promise<Rate> {
  const before = await under.usage();
  const perSecond = await send(under.smtp!, toNumber);
  const { cpuMilliseconds } = await under.usage();
  return { perSecond, cpuMsPerRequest: (cpuMilliseconds - before.cpuMilliseconds) / mailsPerRound };
}

/** Mails a second. Throws Unmeasurable without smtp-source. */
async function send({ host, port }: Place, recipient: string): Promise<number> {
  const count = ['-s', String(sessions), '-m', String(mailsPerRound)];
  const load = ['-d', ...count, '-f', sender, '-t', recipient, `${host}:${port}`];
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
