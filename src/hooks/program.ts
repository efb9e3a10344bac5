// Runs one program for a rule: no shell, no environment, nothing on its standard input, and an end to its time and to what it
// may say.

import { spawn } from 'node:child_process';
import { HookError } from './errors.js';
import { limits } from './limits.js';

export interface ProgramCall {
  /** As it is listed: an absolute path. */
  program: string;
  arguments: readonly string[];
  /** `rules.allowedExecutables`. */
  allowed: readonly string[];
  signal?: AbortSignal | undefined;
  timeoutMilliseconds?: number;
}

/** What it came to. It ran, whatever it says of that. */
export interface ProgramEnd {
  exitCode: number | undefined;
  signal: string | undefined;
  /** The end of what it wrote to standard error. */
  said: string;
}

/** Throws HookError FORBIDDEN_PROGRAM and NOT_STARTED where it did not run, NO_END where it was ended. */
export async function runProgram(call: ProgramCall): Promise<ProgramEnd> {
  const { program, allowed, signal } = call;
  if (!program.startsWith('/') || !allowed.includes(program)) throw new HookError('FORBIDDEN_PROGRAM');
  // An argument that holds it would end there.
  if (call.arguments.some((argument) => argument.includes('\0')))
    throw new HookError('NOT_STARTED', 'an argument holds a NUL');
  if (signal?.aborted) throw new HookError('NOT_STARTED', 'it was given up before it began');
  return new Promise((resolve, reject) => watch(call, { resolve, reject }));
}

interface Outcome {
  resolve: (end: ProgramEnd) => void;
  reject: (error: HookError) => void;
}

function watch(call: ProgramCall, { resolve, reject }: Outcome): void {
  const { program, signal, timeoutMilliseconds = limits.programMilliseconds } = call;
  // A group of its own: what it starts ends with it.
  const child = spawn(program, call.arguments, {
    ...{ shell: false, env: {}, cwd: '/', detached: true, windowsHide: true },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let octets = 0;
  let said = Buffer.alloc(0);
  let endedFor: string | undefined;
  const end = (why: string): void => {
    endedFor ??= why;
    killGroup(child.pid);
  };
  const timer = setTimeout(() => end('its time was over'), timeoutMilliseconds);
  const stop = (): void => end('the server stopped');
  signal?.addEventListener('abort', stop);
  const listen = (chunk: Buffer, isError: boolean): void => {
    octets += chunk.length;
    if (isError) said = Buffer.concat([said, chunk]).subarray(-limits.programWords);
    if (octets > limits.programOctets) end('it said more than the limit');
  };
  child.stdout.on('data', (chunk: Buffer) => listen(chunk, false));
  child.stderr.on('data', (chunk: Buffer) => listen(chunk, true));
  const settle = (tell: () => void): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    // Those that it left behind may still hold its output.
    killGroup(child.pid);
    child.stdout.destroy();
    child.stderr.destroy();
    tell();
  };
  child.on('error', (cause) => {
    if (child.pid === undefined) settle(() => reject(new HookError('NOT_STARTED', codeOf(cause), { cause })));
  });
  child.on('exit', (exitCode, killedBy) =>
    settle(() => {
      if (endedFor !== undefined) reject(new HookError('NO_END', endedFor));
      else resolve({ exitCode: exitCode ?? undefined, signal: killedBy ?? undefined, said: wordsOf(said) });
    }),
  );
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of it is left.
  }
}

function codeOf(cause: Error & { code?: unknown }): string | undefined {
  return typeof cause.code === 'string' ? cause.code : undefined;
}

function wordsOf(said: Buffer): string {
  return said
    .toString()
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
}
