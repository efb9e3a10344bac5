// Statements on SQLite files, one after the other in a process of their own that is ended when one takes too long.

import { type ChildProcess, fork } from 'node:child_process';
import { HookError } from '../errors.js';
import type { SqliteAnswer, SqliteOrder } from './sqlite-process.js';

const ownEntry = new URL('./sqlite-process.js', import.meta.url);

export class SqliteProcess {
  readonly #entry: URL;
  #child: ChildProcess | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(entry = ownEntry) {
    this.#entry = entry;
  }

  /** Throws HookError NO_DATABASE, STATEMENT_REFUSED, STATEMENT_UNKNOWN. */
  execute(order: Omit<SqliteOrder, 'busyMilliseconds'>, timeoutMilliseconds: number): Promise<void> {
    const mine = this.#last.then(() =>
      this.#ask({ ...order, busyMilliseconds: timeoutMilliseconds / 2 }, timeoutMilliseconds),
    );
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  close(): void {
    this.#isClosed = true;
    this.#end();
  }

  async #ask(order: SqliteOrder, timeoutMilliseconds: number): Promise<void> {
    if (this.#isClosed) throw new HookError('NO_DATABASE', 'the server stops');
    const { code } = await this.#answerOf(order, timeoutMilliseconds);
    if (code === undefined) return;
    const isNotReached = /^SQLITE_(BUSY|LOCKED|CANTOPEN|IOERR|FULL|NOMEM)/.test(code);
    throw new HookError(isNotReached ? 'NO_DATABASE' : 'STATEMENT_REFUSED', code);
  }

  #answerOf(order: SqliteOrder, timeoutMilliseconds: number): Promise<SqliteAnswer> {
    const child = (this.#child ??= this.#start());
    return new Promise<SqliteAnswer>((resolve, reject) => {
      const settle = (tell: () => void): void => {
        clearTimeout(timer);
        child.off('message', answered).off('exit', gone).off('error', gone);
        tell();
      };
      const answered = (answer: SqliteAnswer): void => settle(() => resolve(answer));
      const gone = (): void => settle(() => reject(new HookError('STATEMENT_UNKNOWN', 'its process ended')));
      const timer = setTimeout(() => {
        this.#end();
        settle(() => reject(new HookError('STATEMENT_UNKNOWN', 'its time was over')));
      }, timeoutMilliseconds);
      child.on('message', answered).on('exit', gone).on('error', gone);
      child.send(order);
    });
  }

  #start(): ChildProcess {
    const child = fork(this.#entry, [], { env: {}, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.on('error', () => undefined);
    child.once('exit', () => {
      if (this.#child === child) this.#child = undefined;
    });
    return child;
  }

  #end(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}
