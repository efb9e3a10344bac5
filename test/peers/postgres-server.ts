// A PostgreSQL of its own on a fresh folder, reached over a socket there, and over TCP only where a port is given.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';

/** Debian keeps the server's programs out of the PATH, in a folder for each version. */
function findPrograms(): string | undefined {
  const versions = '/usr/lib/postgresql';
  const ofDebian = existsSync(versions) ? readdirSync(versions).map((version) => join(versions, version, 'bin')) : [];
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...ofDebian.sort().reverse()];
  return folders.find((folder) => ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))));
}

// It refuses to run as root.
function whoMayRunIt(): { uid?: number; gid?: number } {
  if (userInfo().uid !== 0) return {};
  const idOf = (flag: string, name: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  try {
    return { uid: idOf('-u', 'postgres'), gid: idOf('-g', 'postgres') };
  } catch {
    return { uid: idOf('-u', 'nobody'), gid: idOf('-g', 'nobody') };
  }
}

export interface PostgresServer {
  /** Runs statements; throws with what the server said where one fails. Gives what the last select answers. */
  run(statements: string): string;
}

/** `undefined` where PostgreSQL is not installed. */
export async function startPostgres(t: ExecutionContext, port?: number): Promise<PostgresServer | undefined> {
  const programs = findPrograms();
  if (programs === undefined) return undefined;
  const owner = whoMayRunIt();
  const folder = mkdtempSync(join(tmpdir(), 'easms-pg-'));
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid!);
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, 'data');
  const initdb = ['-D', data, '-U', 'easms', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
  execFileSync(join(programs, 'initdb'), initdb, { ...owner, cwd: folder, stdio: 'pipe' });
  // Nothing of it has to outlive the test.
  const where =
    port === undefined ? ['-c', 'listen_addresses='] : ['-c', 'listen_addresses=127.0.0.1', '-p', String(port)];
  const settings = [...where, '-c', 'fsync=off', '-c', 'shared_buffers=16MB'];
  const child = spawn(join(programs, 'postgres'), ['-D', data, '-k', folder, ...settings], {
    ...owner,
    cwd: folder,
    stdio: 'ignore',
  });
  t.teardown(() => ended(child));
  const run = (statements: string): string => {
    const flags = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-U', 'easms', '-d', 'postgres'];
    const at = port === undefined ? [] : ['-p', String(port)];
    return execFileSync('psql', [...flags, ...at, '-f', '-'], {
      input: statements,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  };
  await untilItAnswers(run);
  return { run };
}

async function untilItAnswers(run: (statements: string) => string): Promise<void> {
  for (let tries = 0; ; tries++)
    try {
      return void run('select 1');
    } catch (error) {
      if (tries === 200) throw error;
      await wait(50);
    }
}

async function ended(child: ChildProcess): Promise<void> {
  const end = new Promise((resolve) => child.once('exit', resolve));
  // PostgreSQL, Shutting Down the Server: SIGINT is the fast one.
  child.kill('SIGINT');
  await end;
}
