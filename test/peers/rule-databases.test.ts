// Statements of rules on a PostgreSQL and a MariaDB: values are bound whatever is in them, and what became of a statement that
// failed is known.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { HookError } from '../../src/hooks/errors.js';
import { StatementExecutor } from '../../src/hooks/sql/execute.js';
import { freePort } from '../../bench/free-ports.js';
import { startPostgres } from './postgres-server.js';

const mariadbd = ['/usr/sbin/mariadbd', '/usr/sbin/mysqld'].find((path) => existsSync(path));

interface Maria {
  run(statements: string): string;
}

async function startMaria(t: ExecutionContext, port: number): Promise<Maria | undefined> {
  if (mariadbd === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'easms-maria-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const [data, socket, first] = ['data', 'socket', 'first.sql'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  // As root it asks whom to be instead.
  const isRoot = userInfo().uid === 0;
  const user = isRoot ? ['--user=mysql'] : [];
  if (isRoot) chownSync(folder, ...(['-u', '-g'].map((flag) => idOf(flag)) as [number, number]));
  const own = ['--no-defaults', `--datadir=${data}`, `--tmpdir=${folder}`, ...user];
  const fresh = [...own, '--auth-root-authentication-method=normal', '--skip-test-db'];
  execFileSync('mariadb-install-db', fresh, { stdio: 'pipe' });
  writeFileSync(
    first,
    "create database crm;\ncreate user easms@'127.0.0.1' identified by 'p@ss';\ngrant all on crm.* to easms@'127.0.0.1';\n",
  );
  const where = [`--socket=${socket}`, `--port=${port}`, '--bind-address=127.0.0.1', `--init-file=${first}`];
  const child = spawn(mariadbd, [...own, ...where], { stdio: 'ignore' });
  t.teardown(() => ended(child));
  const run = (statements: string): string =>
    execFileSync('mariadb', ['--no-defaults', `--socket=${socket}`, '-u', 'root', '-N', '-B', 'crm'], {
      input: statements,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  for (let tries = 0; ; tries++)
    try {
      run('select 1');
      return { run };
    } catch (error) {
      if (tries === 400) throw error;
      await wait(50);
    }
}

function idOf(flag: string): number {
  return Number(execFileSync('id', [flag, 'mysql'], { encoding: 'utf8' }));
}

async function ended(child: ChildProcess): Promise<void> {
  const end = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await end;
}

const nasty = `x', (select 1)); drop table log; -- "\\'`;

interface Peer {
  url: (port: number) => string;
  password?: string;
  start: (t: ExecutionContext, port: number) => Promise<Maria | undefined>;
  slow: string;
}

const peers: Record<string, Peer> = {
  PostgreSQL: {
    url: (port) => `postgresql://easms@127.0.0.1:${port}/postgres`,
    start: startPostgres,
    slow: 'select pg_sleep(30)',
  },
  MariaDB: {
    url: (port) => `mysql://easms@127.0.0.1:${port}/crm`,
    password: 'p@ss',
    start: startMaria,
    slow: 'select sleep(30)',
  },
};

for (const [name, peer] of Object.entries(peers))
  test.serial(`${name} binds values, says what it refuses, and is not waited for without end`, async (t) => {
    const port = await freePort();
    const server = await peer.start(t, port);
    if (!server) {
      t.log(`skipped: ${name} is not installed`);
      return t.pass();
    }
    server.run('create table log (number varchar(40) unique, text varchar(400));');
    const executor = new StatementExecutor({ timeoutMilliseconds: 2_000 });
    t.teardown(() => executor.close());
    const listed = { url: peer.url(port), password: peer.password };
    const ask = (pieces: string[], parameters: string[] = [], at = listed): Promise<void> =>
      executor.execute(at, { pieces, parameters });
    const codeOf = async (work: Promise<void>): Promise<string | undefined> =>
      (await t.throwsAsync(work, { instanceOf: HookError }))?.code;
    const insert = ['insert into log (number, text) values (', ', ', ')'];
    await ask(insert, ['+447700900123', nasty]);
    t.is(server.run('select count(*) from log;'), '1');
    t.is(server.run(`select length(text) from log;`), String(nasty.length));
    t.is(await codeOf(ask(insert, ['+447700900123', 'again'])), 'STATEMENT_REFUSED');
    t.is(await codeOf(ask(['insert into nothing values (1)'])), 'STATEMENT_REFUSED');
    // One statement is one statement.
    t.is(await codeOf(ask(['insert into log (number) values (1); drop table log'])), 'STATEMENT_REFUSED');
    t.is(server.run('select count(*) from log;'), '1');
    const began = Date.now();
    const slow = await codeOf(ask([peer.slow]));
    t.true(slow === 'STATEMENT_REFUSED' || slow === 'STATEMENT_UNKNOWN', slow);
    t.true(Date.now() - began < 15_000);
    const wrong = { url: listed.url.replace('easms@', 'nobody@'), password: 'wrong' };
    t.is(await codeOf(ask(insert, ['1', '2'], wrong)), 'NO_DATABASE');
    const closed = { url: peer.url(await freePort()), password: peer.password };
    t.is(await codeOf(ask(insert, ['1', '2'], closed)), 'NO_DATABASE');
    t.is(server.run('select count(*) from log;'), '1');
  });
