// Programs of rules and statements of rules: what ends them, and what is known then.

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import { HookError } from '../../src/hooks/errors.js';
import { runProgram } from '../../src/hooks/program.js';
import { readDatabase, withoutPassword } from '../../src/hooks/sql/database.js';
import { StatementExecutor } from '../../src/hooks/sql/execute.js';
import { writeStatement } from '../../src/hooks/sql/statement.js';
import { scratchFolder } from '../scratch-folder.js';

const dir = scratchFolder();

function script(name: string, lines: string): string {
  const path = join(dir, name);
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
  return path;
}

async function run(program: string, more: Partial<Parameters<typeof runProgram>[0]> = {}) {
  return runProgram({ program, arguments: [], allowed: [program], ...more });
}

async function codeOf(t: ExecutionContext, work: Promise<unknown>): Promise<string | undefined> {
  return (await t.throwsAsync(work, { instanceOf: HookError }))?.code;
}

test('what is not listed by its whole path is not started', async (t) => {
  for (const [program, allowed] of [
    ['/bin/true', []],
    ['/bin/true', ['/bin']],
    ['true', ['true']],
    ['/bin/../bin/true', ['/bin/true']],
  ] as const)
    t.is(await codeOf(t, runProgram({ program, arguments: [], allowed })), 'FORBIDDEN_PROGRAM');
  t.is(await codeOf(t, run('/nowhere/program')), 'NOT_STARTED');
  t.is(await codeOf(t, run('/bin/true', { arguments: ['a\0b'] })), 'NOT_STARTED');
  const plain = join(dir, 'plain');
  writeFileSync(plain, 'no program');
  t.is(await codeOf(t, run(plain)), 'NOT_STARTED');
});

test('a program that does not end is ended, with all that it started', async (t) => {
  const pids = join(dir, 'pids');
  const endless = script('endless', `sleep 1000 & echo $! > ${pids}; wait`);
  t.is(await codeOf(t, run(endless, { timeoutMilliseconds: 300 })), 'NO_END');
  const child = Number(readFileSync(pids, 'utf8'));
  const isThere = (): boolean =>
    existsSync(`/proc/${child}/stat`) && !/^\d+ \(sleep\) Z/.test(readFileSync(`/proc/${child}/stat`, 'utf8'));
  for (let turn = 0; turn < 1000 && isThere(); turn++) await new Promise((resolve) => setImmediate(resolve));
  t.false(isThere());
});

test('a program that talks without end is ended', async (t) => {
  t.is(await codeOf(t, run(script('talker', 'exec cat /dev/zero'))), 'NO_END');
});

test('a program ends when the server does', async (t) => {
  const controller = new AbortController();
  const waiting = run(script('waiter', 'sleep 1000'), { signal: controller.signal });
  controller.abort();
  t.is(await codeOf(t, waiting), 'NO_END');
  t.is(await codeOf(t, run('/bin/true', { signal: controller.signal })), 'NOT_STARTED');
});

test('what a program leaves behind does not hold up its end', async (t) => {
  t.like(await run(script('leaver', 'sleep 1000 & exit 0')), { exitCode: 0 });
});

test('how a program ended and what it said last is known', async (t) => {
  t.deepEqual(await run(script('angry', 'echo out; printf "no\\nway" >&2; exit 7')), {
    exitCode: 7,
    signal: undefined,
    said: 'no way',
  });
  t.like(await run(script('suicide', 'kill -TERM $$')), { exitCode: undefined, signal: 'SIGTERM' });
});

test('addresses of databases that are none are known, and passwords are kept apart', (t) => {
  for (const url of [
    ...[
      '',
      'sqlite:relative.db',
      'sqlite://host/a.db',
      'oracle://a@b/c',
      'postgresql://host/db',
      'postgresql://user@host/',
    ],
    ...['postgresql://user@host/db?options=-c%20x', 'mysql://user@host/db?multipleStatements=true', 'mysql://user@/db'],
  ])
    t.is(readDatabase({ url }), undefined, url);
  t.deepEqual(readDatabase({ url: 'sqlite:/var/lib/a.db' }), { kind: 'sqlite', file: '/var/lib/a.db' });
  const mysql = { kind: 'mysql', host: 'db', port: 3306, user: 'a b', password: 'p@w', database: 'crm', isTls: true };
  t.deepEqual(readDatabase({ url: 'mariadb://a%20b:p%40w@db/crm?tls=yes' }), mysql as never);
  t.deepEqual(withoutPassword({ url: 'postgresql://u:p%40w@db/crm' }), {
    url: 'postgresql://u@db/crm',
    password: 'p@w',
  });
});

test('marks are those of the database, and what is not about rows is refused', (t) => {
  const statement = { pieces: ['insert into a values (', ', ', ')'], parameters: ['1', '2'] };
  t.is(writeStatement(statement, 'postgresql'), 'insert into a values ($1, $2)');
  t.is(writeStatement(statement, 'mysql'), 'insert into a values (?, ?)');
  for (const text of ["attach 'a' as b", '-- x\n  PRAGMA foo', '/* */ vacuum', '# x\nset a = 1', 'COPY a from program'])
    t.throws(() => writeStatement({ pieces: [text], parameters: [] }, 'sqlite'), { instanceOf: HookError }, text);
  t.throws(() => writeStatement({ pieces: ['a'], parameters: ['b'] }, 'sqlite'), { instanceOf: HookError });
});

test('a statement without end is ended, others go on, and the main thread is never held up', async (t) => {
  const file = join(dir, 'a.db');
  new Database(file).exec('create table log (n)').close();
  const executor = new StatementExecutor({ timeoutMilliseconds: 1_500 });
  t.teardown(() => executor.close());
  const listed = { url: `sqlite:${file}` };
  const endless = 'insert into log with recursive a(n) as (select 1 union all select n + 1 from a) select n from a';
  let turns = 0;
  const turning = setInterval(() => turns++, 10);
  t.teardown(() => clearInterval(turning));
  const first = codeOf(t, executor.execute(listed, { pieces: [endless], parameters: [] }));
  const second = executor.execute(listed, { pieces: ['insert into log values (', ')'], parameters: ['one'] });
  t.is(await first, 'STATEMENT_UNKNOWN');
  await second;
  t.true(turns > 10);
  t.deepEqual(new Database(file).prepare('select n from log').all(), [{ n: 'one' }]);
  t.is(
    await codeOf(t, executor.execute(listed, { pieces: ['select 1; select 2'], parameters: [] })),
    'STATEMENT_REFUSED',
  );
});
