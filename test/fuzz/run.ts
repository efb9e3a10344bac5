// Sends the cases of a seed one after the other and holds each answer, and now and then the state, to what always holds.

import { AirSyncDocument } from '../../src/wbxml/airsync/document.js';
import { decode } from '../../src/wbxml/decode.js';
import { ask, hasFailed } from './ask.js';
import { type Case, makeCase } from './cases.js';
import { checkState, closeSetting, happen, openSetting, type Setting } from './setting.js';
import type { WireAnswer } from './wire.js';

export interface Wish {
  seed: number;
  /** The number of the first case, and how many there are. */
  first: number;
  cases: number;
  /** After so many cases the state is checked. */
  checkEvery: number;
  /** After so many cases the server is a new one: its mailbox has grown, and every check reads all of it. */
  serverEvery: number;
  /** Told how many cases are done, after each check. */
  onCheck?: (cases: number) => void;
}

export interface Report {
  cases: number;
  checks: number;
  /** How many answers each HTTP code had; `held` for requests that were held and hung up. */
  outcomes: Record<string, number>;
  /** By processor time, of server and sender together. */
  slowest: { number: number; milliseconds: number };
  /** Of JavaScript, after the first server and after the last, where the collector can be called. */
  heapOctets: { first: number; last: number };
}

// Processor time of one case, which a machine that does other things too does not change much.
const longestMilliseconds = 2000;
const happenEvery = 200;

export class FuzzFailure extends Error {
  constructor(what: string, { seed, number, of, octets }: Failed) {
    const hex = Buffer.from(octets).toString('hex');
    super(
      [
        `case ${number} of seed ${seed} (${of.command} ${of.version} of ${of.deviceId}, made of ${of.from}): ${what}`,
        `query: ${of.query}`,
        `request: ${hex || 'no body'}`,
        `alone: npm run fuzz -- --seed ${seed} --only ${number}`,
      ].join('\n'),
    );
  }
}

interface Failed {
  seed: number;
  number: number;
  of: Case;
  octets: Uint8Array;
}

export async function fuzz(wish: Wish): Promise<Report> {
  const report: Report = {
    cases: 0,
    checks: 0,
    outcomes: {},
    slowest: { number: -1, milliseconds: 0 },
    heapOctets: { first: 0, last: 0 },
  };
  for (let first = wish.first; first < wish.first + wish.cases; first += wish.serverEvery) {
    const cases = Math.min(wish.serverEvery, wish.first + wish.cases - first);
    await fuzzServer({ ...wish, first, cases }, report);
    report.heapOctets.last = heapOctets();
    report.heapOctets.first ||= report.heapOctets.last;
  }
  return report;
}

async function fuzzServer(wish: Wish, report: Report): Promise<void> {
  const setting = await openSetting();
  try {
    for (let number = wish.first; number < wish.first + wish.cases; number++) {
      const failed = await runCase(setting, { seed: wish.seed, number, report });
      const done = number - wish.first + 1;
      if (done % happenEvery === 0) await happen(setting, number);
      if (done % wish.checkEvery === 0 || done === wish.cases) {
        await checkAll(setting, failed, report);
        wish.onCheck?.(report.cases);
      }
    }
  } finally {
    await closeSetting(setting);
  }
}

async function checkAll(setting: Setting, last: Failed, report: Report): Promise<void> {
  report.checks++;
  const wrong = await checkState(setting);
  if (wrong.length > 0) throw new FuzzFailure(`by then the state is wrong: ${wrong.join('; ')}`, last);
}

interface Running {
  seed: number;
  number: number;
  report: Report;
}

async function runCase(setting: Setting, { seed, number, report }: Running): Promise<Failed> {
  const { bench } = setting;
  const of = makeCase(seed, number);
  bench.clock.now += 1000;
  bench.logged.length = 0;
  const known = setting.look(of.deviceId, of.draw);
  const octets = of.octets(known);
  const failed = { seed, number, of, octets };
  const before = process.cpuUsage();
  const policyKey = of.carriesPolicyKey ? known.policyKey : '77';
  const answer = await ask(setting, { ...of, policyKey, octets }).catch((error: Error) => {
    throw new FuzzFailure(error.message, failed);
  });
  const { user, system } = process.cpuUsage(before);
  const milliseconds = (user + system) / 1000;
  if (milliseconds > report.slowest.milliseconds) report.slowest = { number, milliseconds };
  const outcome = answer === 'held' ? 'held' : String(answer.status);
  report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1;
  report.cases++;
  const wrong = hasFailed(setting) ? 'the server failed' : answer === 'held' ? undefined : complaint(answer, of);
  if (wrong !== undefined) throw new FuzzFailure(`${wrong}\n${bench.logged.join('')}`, failed);
  if (milliseconds > longestMilliseconds)
    throw new FuzzFailure(`took ${Math.round(milliseconds)} ms of the processor`, failed);
  return failed;
}

// A query that was changed may ask for another command than the one it was made of: of `Cmd=FolderSync`, `Cmd=Sync`.
function isAsked(name: string | undefined, { command, query }: Pick<Case, 'command' | 'query'>): boolean {
  if (name === command || command === 'GetAttachment') return true;
  return [...new URLSearchParams(query)].some(([key, value]) => key === 'Cmd' && value === name);
}

/** What is wrong with an answer; nothing where it is one of the protocol. */
export function complaint(
  { status, headers, octets }: WireAnswer,
  { command, query, version }: Case,
): string | undefined {
  // MS-ASCMD 2.2.2: at 12.1 500 stands where later versions say a Status in the body.
  if (status >= 500 && ![501, 503].includes(status) && !(status === 500 && version === '12.1'))
    return `answered ${status}`;
  const type = headers['content-type'];
  if (status !== 200 || octets.length === 0 || type?.startsWith('application/vnd.ms-sync.wbxml') !== true)
    return undefined;
  try {
    const name = AirSyncDocument.nameOf(decode(octets).tag);
    return isAsked(name, { command, query }) ? undefined : `the answer is a ${name}`;
  } catch (error) {
    return `the answer is no document: ${String(error)}`;
  }
}

function heapOctets(): number {
  for (let each = 0; each < 4; each++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
