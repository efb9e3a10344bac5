// wrk as the source of load: it needs a tenth of what a server needs, so that the generator is not the limit.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median, rounded, Unmeasurable } from './figure.js';
import type { ProcessUnderTest } from './process-under-test.js';

const run = promisify(execFile);

export interface Load {
  connections: number;
  /** 1 where nothing is said. */
  threads?: number;
  seconds: number;
  /** A file of `bench/wrk`, and what it is given. */
  script: string;
  args: readonly string[];
}

export interface LoadReport {
  perSecond: number;
  requests: number;
  /** Of all answers, heads included. */
  octets: number;
  /** Processor time of the server, all its threads: what a busy machine does not change. */
  cpuMsPerRequest: number;
}

interface Printed {
  requests: number;
  octets: number;
  microseconds: number;
  failures: number;
  refused: number;
}

/** Throws where one request failed or was answered with anything but 2xx, and Unmeasurable without wrk. */
export async function load(under: ProcessUnderTest, asked: Load): Promise<LoadReport> {
  const before = await under.usage();
  const { requests, octets, microseconds, failures, refused } = await runWrk(under, asked);
  const after = await under.usage();
  if (failures > 0 || refused > 0)
    throw new Error(`of ${requests} requests ${failures} failed and ${refused} were refused`);
  const cpuMsPerRequest = (after.cpuMilliseconds - before.cpuMilliseconds) / requests;
  return { perSecond: requests / (microseconds / 1e6), requests, octets, cpuMsPerRequest };
}

async function runWrk({ host, port }: ProcessUnderTest, { connections, threads = 1, seconds, script, args }: Load) {
  const path = fileURLToPath(new URL(`../../bench/wrk/${script}`, import.meta.url));
  const shape = ['--threads', String(threads), '--connections', String(connections), '--duration', `${seconds}s`];
  const { stdout } = await run('wrk', [...shape, '--script', path, `http://${host}:${port}`, '--', ...args]).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new Unmeasurable('wrk is not installed') : error;
    },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Printed;
}

export interface Rate {
  perSecond: number;
  cpuMsPerRequest: number;
}

/** Of several rounds. */
export function medianRate(rounds: readonly Rate[]): Rate {
  return {
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    cpuMsPerRequest: median(rounds.map(({ cpuMsPerRequest }) => cpuMsPerRequest)),
  };
}

/** The fields of a figure that is a rate beside the limit of the same run. */
export function besideLimit(own: Rate, limit: Rate) {
  return {
    value: rounded(own.perSecond),
    cpuMsPerRequest: thousandths(own.cpuMsPerRequest),
    limitValue: rounded(limit.perSecond),
    ofLimit: rounded(own.perSecond / limit.perSecond),
    limitCpuMsPerRequest: thousandths(limit.cpuMsPerRequest),
  };
}

/** Both in turns, in one run: what disturbs the machine disturbs both. The first turn warms up and does not count. */
export async function besideLimitInTurns(own: () => Promise<Rate>, limit: () => Promise<Rate>, rounds = 5) {
  const rates = { own: [] as Rate[], limit: [] as Rate[] };
  for (let round = 0; round <= rounds; round++) {
    rates.own.push(await own());
    rates.limit.push(await limit());
  }
  return besideLimit(medianRate(rates.own.slice(1)), medianRate(rates.limit.slice(1)));
}

export function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
