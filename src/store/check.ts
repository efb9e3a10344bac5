// Whether the database of a running server is whole, looked at from outside of it.

import { fork } from 'node:child_process';
import type { CheckAnswer, CheckedDatabase } from './check-process.js';

const entry = new URL('./check-process.js', import.meta.url);

/** What is known of it; a word of SQLite where it could not be read; `undefined` where that took too long. */
export async function checkDatabase(
  file: string,
  timeoutMilliseconds: number,
): Promise<CheckedDatabase | string | undefined> {
  const child = fork(entry, [], { env: {}, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMilliseconds);
  const answer = await new Promise<CheckAnswer | undefined>((resolve) => {
    child.once('message', (told: CheckAnswer) => resolve(told));
    child.once('error', () => resolve({ code: 'NO_PROCESS' }));
    child.once('close', (status) => resolve(status === null ? undefined : { code: 'NO_ANSWER' }));
    child.send(file, (error) => error && resolve({ code: 'NO_PROCESS' }));
  });
  clearTimeout(timer);
  if (answer === undefined) return undefined;
  return 'found' in answer ? answer.found : answer.code;
}
