// Texts that leave through one modem that answers at once, each second, beside SMS Server Tools on the same emulator in the same
// run; and texts of which the modem brings a report each as well. The emulator is in the process that measures; the server is in its own.

import { setTimeout as pause } from 'node:timers/promises';
import { ModemSim } from '../src/modem-sim/modem-sim.js';
import { EasmsUnderTest } from './easms-under-test.js';
import { type Figure, median, rounded } from './figure.js';
import { openPseudoTerminal } from './pseudo-terminal.js';
import { scratchFolder } from './scratch-folder.js';
import { smsToolsVersion, startSmsTools } from './smstools.js';

const rounds = 3;
const textsPerRound = 1_000;
const warmUpTexts = 500;
const rivalTexts = 12;
const sender = 'ann@example.com';
const text = 'The quick brown fox jumps over the lazy dog, and nobody knows why.';

export async function modemSend(): Promise<Figure> {
  const { perSecond, cpuMsPerText } = await ours({ statusReports: false });
  const own: Figure = {
    figure: 'modem-send',
    value: rounded(perSecond),
    unit: 'texts/s',
    cpuMsPerText: rounded(cpuMsPerText),
  };
  const rival = smsToolsVersion();
  if (rival === undefined) return own;
  const rivalValue = await smsTools();
  return { ...own, rival, rivalValue: rounded(rivalValue), ratio: rounded(perSecond / rivalValue) };
}

export async function modemSendReports(): Promise<Figure> {
  const { perSecond, cpuMsPerText } = await ours({ statusReports: true });
  return {
    figure: 'modem-send-reports',
    value: rounded(perSecond),
    unit: 'texts delivered/s',
    cpuMsPerText: rounded(cpuMsPerText),
  };
}

interface Run {
  perSecond: number;
  /** Processor time of the server for each text, from its acceptance to its end, or to its report. */
  cpuMsPerText: number;
}

interface Asked {
  statusReports: boolean;
}

async function ours({ statusReports }: Asked): Promise<Run> {
  const sim = new ModemSim();
  const { host, port } = await sim.listen();
  const easms = await EasmsUnderTest.start();
  await easms.putUser(sender);
  await easms.administer('PUT', '/gateways/modem', {
    ...{ type: 'gsm-modem', device: `tcp:${host}:${port}`, statusReports },
  });
  await sim.until('connected');
  await untilUp(easms);
  const runs: Run[] = [];
  const one = statusReports ? burstToReports : burst;
  await one(easms, sim, warmUpTexts);
  for (let round = 0; round < rounds; round++) runs.push(await one(easms, sim, textsPerRound));
  await easms.end();
  await sim.close();
  return {
    perSecond: median(runs.map(({ perSecond }) => perSecond)),
    cpuMsPerText: median(runs.map(({ cpuMsPerText }) => cpuMsPerText)),
  };
}

/** So many texts at once, until the last has left. */
async function burst(easms: EasmsUnderTest, sim: ModemSim, texts: number): Promise<Run> {
  const before = sim.sent.length;
  const cpuMsPerText = await carried(easms, texts, async () => {
    while (sim.sent.length < before + texts) await pause(5);
  });
  const sent = sim.sent.slice(before);
  if (new Set(sent.map((each) => each.to)).size !== texts) throw new Error('a text was sent twice');
  return { perSecond: rateOf(sent.map(({ at }) => at)), cpuMsPerText };
}

/** The same until the report on each of them is in. */
async function burstToReports(easms: EasmsUnderTest, sim: ModemSim, texts: number): Promise<Run> {
  const [before, delivered] = [sim.sent.length, await deliveredBy(easms)];
  const cpuMsPerText = await carried(easms, texts, async () => {
    // To be asked costs the server something.
    while (sim.sent.length < before + texts) await pause(5);
    while ((await deliveredBy(easms)) < delivered + texts) await pause(100);
  });
  const milliseconds = Date.now() - sim.sent[before]!.at;
  if (sim.sent.length !== before + texts) throw new Error('a text was sent twice');
  return { perSecond: (texts * 1000) / milliseconds, cpuMsPerText };
}

/** Gives the texts to the server; its processor time for each of them until the end. */
async function carried(easms: EasmsUnderTest, texts: number, untilEnd: () => Promise<void>): Promise<number> {
  const to = Array.from({ length: texts }, (_, n) => `+1202555${String(n).padStart(4, '0')}`);
  const usage = await easms.process.usage();
  await easms.administer('POST', '/messages', { from: sender, to, text });
  await untilEnd();
  const { cpuMilliseconds } = await easms.process.usage();
  return (cpuMilliseconds - usage.cpuMilliseconds) / texts;
}

async function deliveredBy(easms: EasmsUnderTest): Promise<number> {
  const metrics = await (await fetch(`${easms.url}/metrics`)).text();
  return Number(/^easms_messages_total\{[^}]*"delivered"[^}]*\} (\d+)/m.exec(metrics)?.[1] ?? 0);
}

function rateOf(times: readonly number[]): number {
  return ((times.length - 1) * 1000) / (times.at(-1)! - times[0]!);
}

async function untilUp(easms: EasmsUnderTest): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${easms.url}/metrics`)).text();
    if (metrics.includes('easms_gateway_up{gateway="modem"} 1')) return;
    await pause(20);
  }
}

/** Texts each second of the rival, over a pseudo-terminal. */
async function smsTools(): Promise<number> {
  const sim = new ModemSim();
  const { port } = await sim.listen();
  const folder = await scratchFolder();
  const terminal = await openPseudoTerminal(port, folder);
  const smsd = await startSmsTools({ device: terminal.path, folder, receives: false });
  try {
    for (let n = 0; n < rivalTexts; n++) {
      await smsd.put({ name: `text-${n}`, to: `1202555${String(n).padStart(4, '0')}`, text });
    }
    while (sim.sent.length < rivalTexts) await pause(20);
    return rateOf(sim.sent.map(({ at }) => at));
  } finally {
    await smsd.end();
    await terminal.end();
    await sim.close();
  }
}
