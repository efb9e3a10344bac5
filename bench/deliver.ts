// Texts that come in at an HTTP front and leave through an HTTP gateway, side by side with Kannel in the same run: how many
// are accepted each second while the gateway carries, and how many reach the sink each second until nothing waits any
// longer. Ours is on disk before each answer.

import { EasmsUnderTest, password } from './easms-under-test.js';
import { type Figure, median, rounded, Unmeasurable } from './figure.js';
import { type Kannel, kannelUser, startKannel } from './kannel.js';
import { startLimit } from './limit-under-test.js';
import { type ProcessUnderTest, startProcess } from './process-under-test.js';
import { scratchFolder } from './scratch-folder.js';
import { SinkUnderLoad } from './sink-under-load.js';
import { load, type LoadReport, thousandths } from './wrk.js';

const connections = 32;
const rounds = 3;
const secondsPerRound = 4;
const warmUpSeconds = 2;
/** Of one round; what was not delivered by then counts as lost. */
const drainSeconds = 60;
const sender = 'ann@example.com';

/** One round, or the median of several. */
interface Passage {
  acceptedPerSecond: number;
  deliveredPerSecond: number;
  /** Processor time of the gateway for each text on its whole way. */
  cpuMsPerText: number;
}

interface Comparison {
  own: Passage;
  rival: Passage | undefined;
  rivalName: string | undefined;
  /** Texts that a bare handler accepts each second, one INSERT each in a shared commit, while nothing is carried. */
  limitPerSecond: number;
  /** Bare parts that carry as well, with the writes that cannot be left out. */
  bareParts: Passage;
}

/** Texts delivered each second; see `acceptBesideKannel` for the other half of the same run. */
export async function deliver(): Promise<Figure> {
  const comparison = await compare();
  return {
    ...figure('deliver', 'deliveredPerSecond', comparison),
    ...besideBareParts('deliveredPerSecond', comparison),
  };
}

/** Texts accepted each second while the gateway carries them. */
export async function acceptBesideKannel(): Promise<Figure> {
  const comparison = await compare();
  if (!comparison.rival) throw new Unmeasurable('kannel is not installed');
  const { own, rival, limitPerSecond } = comparison;
  return {
    ...figure('accept-vs-kannel', 'acceptedPerSecond', comparison),
    limitValue: rounded(limitPerSecond),
    ofLimit: rounded(own.acceptedPerSecond / limitPerSecond),
    limitRatio: rounded(limitPerSecond / rival.acceptedPerSecond),
    ...besideBareParts('acceptedPerSecond', comparison),
  };
}

type Rate = 'acceptedPerSecond' | 'deliveredPerSecond';

function besideBareParts(rate: Rate, { own, rival, bareParts }: Comparison) {
  return {
    barePartsValue: rounded(bareParts[rate]),
    ofBareParts: rounded(own[rate] / bareParts[rate]),
    ...(rival && { barePartsRatio: rounded(bareParts[rate] / rival[rate]) }),
    barePartsCpuMsPerText: thousandths(bareParts.cpuMsPerText),
  };
}

function figure(name: string, rate: Rate, { own, rival, rivalName }: Comparison) {
  const value = {
    figure: name,
    value: rounded(own[rate]),
    unit: 'texts/s',
    cpuMsPerText: thousandths(own.cpuMsPerText),
  };
  if (!rival || rivalName === undefined) return value;
  return {
    ...value,
    rival: rivalName,
    rivalValue: rounded(rival[rate]),
    ratio: rounded(own[rate] / rival[rate]),
    rivalCpuMsPerText: thousandths(rival.cpuMsPerText),
  };
}

let comparison: Promise<Comparison> | undefined;

/** Measured once for both figures: they are two ends of one run. */
function compare(): Promise<Comparison> {
  return (comparison ??= measure());
}

async function measure(): Promise<Comparison> {
  const sink = await SinkUnderLoad.start();
  const easms = await startOurs(sink.url);
  const kannel = await kannelIfThere(sink.url);
  const limit = await startLimit('accept');
  const carrier = await startProcess('./carry-limit.js', [await scratchFolder(), sink.url]);
  const limits: number[] = [];
  const sides = [ours(easms.process), ours(carrier), ...(kannel ? [kannels(kannel)] : [])];
  const passages: Passage[][] = sides.map(() => []);
  for (const side of sides) await pass(side, sink, warmUpSeconds);
  await burst(ours(limit), warmUpSeconds);
  for (let round = 0; round < rounds; round++) {
    for (const [each, side] of sides.entries()) passages[each]!.push(await pass(side, sink, secondsPerRound));
    limits.push((await burst(ours(limit), secondsPerRound)).perSecond);
  }
  await limit.end();
  await carrier.end();
  await easms.end();
  await kannel?.end();
  await sink.end();
  const [own, bareParts, rival] = passages.map(medianPassage);
  const limitPerSecond = median(limits);
  return { own: own!, bareParts: bareParts!, rival, rivalName: kannel?.name, limitPerSecond };
}

async function startOurs(sinkUrl: string): Promise<EasmsUnderTest> {
  const easms = await EasmsUnderTest.start();
  await easms.putUser(sender);
  const url = `${sinkUrl}/cgi-bin/sendsms?username=u&password=p&to=%number%&text=%data%`;
  await easms.administer('PUT', '/gateways/sink', { type: 'http', method: 'GET', url, concurrency: connections });
  return easms;
}

async function kannelIfThere(sinkUrl: string): Promise<Kannel | undefined> {
  try {
    return await startKannel(sinkUrl);
  } catch (error) {
    if (error instanceof Unmeasurable) return undefined;
    throw error;
  }
}

interface Side {
  under: ProcessUnderTest;
  /** None of ours may arrive twice; what a rival does with its texts is its own affair. */
  isOurs: boolean;
  /** What `submit.lua` is given. */
  args: readonly string[];
}

function ours(under: ProcessUnderTest): Side {
  const credentials = new URLSearchParams({ user: sender, pass: password }).toString();
  return { under, isOurs: true, args: [`/sms/?${credentials}`, 'number', 'data'] };
}

function kannels(under: ProcessUnderTest): Side {
  return {
    under,
    isOurs: false,
    args: [`/cgi-bin/sendsms?${new URLSearchParams(kannelUser).toString()}`, 'to', 'text'],
  };
}

function burst({ under, args }: Side, seconds: number): Promise<LoadReport> {
  return load(under, { connections, seconds, script: 'submit.lua', args });
}

/** One burst, and the wait until all of it left. */
async function pass(side: Side, sink: SinkUnderLoad, seconds: number): Promise<Passage> {
  const { under, isOurs } = side;
  await sink.reset();
  const before = await under.usage();
  const { perSecond, requests } = await burst(side, seconds);
  const came = await sink.drained(requests, drainSeconds);
  const after = await under.usage();
  // wrk hangs up on what is under way at its end, so up to one more per connection may have been accepted.
  if (isOurs && came.texts > requests + connections)
    throw new Error(`${requests} texts were accepted and ${came.texts} reached the sink`);
  return {
    acceptedPerSecond: perSecond,
    deliveredPerSecond: (came.texts * 1000) / (came.lastMilliseconds - came.firstMilliseconds),
    cpuMsPerText: (after.cpuMilliseconds - before.cpuMilliseconds) / came.texts,
  };
}

function medianPassage(passages: readonly Passage[]): Passage {
  const of = (rate: keyof Passage) => median(passages.map((passage) => passage[rate]));
  return {
    acceptedPerSecond: of('acceptedPerSecond'),
    deliveredPerSecond: of('deliveredPerSecond'),
    cpuMsPerText: of('cpuMsPerText'),
  };
}
