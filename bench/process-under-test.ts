// A server in a process of its own, so that what loads it and what it uses stay apart.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Question, Usage } from './meter.js';

export interface Place {
  readonly host: string;
  readonly port: number;
}

export interface ProcessUnderTest extends Place {
  /** The port for `/sms/` alone, of a server that has one. */
  readonly sms?: Place | undefined;
  /** The port for mail. */
  readonly smtp?: Place | undefined;
  usage(): Promise<Usage>;
  usageAfterCollection(): Promise<Usage>;
  end(): Promise<void>;
}

const running = new Set<ProcessUnderTest>();

/** Ends what a figure left running, so that a failed run leaves no server behind. */
export async function endAll(): Promise<void> {
  for (const each of [...running]) await each.end();
}

/** Runs a program of `dist` that prints a JSON line with `http` or `smtp`, and perhaps `sms`, when it is ready. */
export async function startProcess(program: string, args: readonly string[]): Promise<ProcessUnderTest> {
  const meter = fileURLToPath(new URL('./meter.js', import.meta.url));
  const script = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, [...profiling(), '--expose-gc', '--import', meter, script, ...args], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  const { smtp, http = `smtp://${smtp}`, sms } = await whenReady(child, script);
  return endAtEnd({
    ...placeOf(http),
    sms: sms === undefined ? undefined : placeOf(sms),
    smtp: smtp === undefined ? undefined : placeOf(`smtp://${smtp}`),
    usage: () => ask(child, 'usage'),
    usageAfterCollection: () => ask(child, 'usage after collection'),
    end: () => end(child),
  });
}

/** What was started ends with the run, unless it was ended before. */
export function endAtEnd<Started extends ProcessUnderTest>(started: Started): Started {
  const under: Started = {
    ...started,
    end: () => {
      running.delete(under);
      return started.end();
    },
  };
  running.add(under);
  return under;
}

// A profile of each process, written when it ends: it tells what dominates, and costs a tenth of what is measured.
function profiling(): string[] {
  const folder = process.env['BENCH_PROFILES'];
  return folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [];
}

// Settings of whoever runs the bench must not change what is measured.
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(EASMS_|NODE_)/.test(name)));
}

interface Ready {
  /** Absent where mail is all that is taken. */
  http?: string;
  sms?: string;
  smtp?: string;
}

async function whenReady(child: ChildProcess, script: string): Promise<Ready> {
  const lines = createInterface({ input: child.stdout! });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${script} ended with ${code} before it was ready`);
  });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  ended.catch(() => {});
  return JSON.parse(line) as Ready;
}

function placeOf(url: string): Place {
  const { hostname: host, port } = new URL(url);
  return { host, port: Number(port) };
}

async function ask(child: ChildProcess, question: Question): Promise<Usage> {
  const answered = once(child, 'message');
  child.send(question);
  return (await answered)[0] as Usage;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
