// The log of a thread that has none: its lines go to the thread that writes the log, as far as that one keeps up.

import { limits } from './limits.js';
import type { RefusalLog } from './refuse.js';
import type { LogLine } from './sms-batch.js';

export class PassedOnLog implements RefusalLog {
  readonly #onLine: () => void;
  #lines: LogLine[] = [];
  /** Passed on, or about to be, and not known to be read. */
  #unread = 0;
  #leftOut = 0;

  /** `onLine` is called when there is something to take. */
  constructor(onLine: () => void) {
    this.#onLine = onLine;
  }

  error(line: object, message: string): void {
    this.#add('error', line, message);
  }

  warn(line: object, message: string): void {
    this.#add('warn', line, message);
  }

  info(line: object, message: string): void {
    this.#add('info', line, message);
  }

  take(): LogLine[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  noteRead(lines: number): void {
    this.#unread -= lines;
    if (this.#leftOut === 0 || this.#unread >= limits.waitingLines) return;
    const requests = this.#leftOut;
    this.#leftOut = 0;
    this.#add('warn', { requests }, 'more requests were refused than could be told one by one');
  }

  #add(level: LogLine[0], line: object, message: string): void {
    if (this.#unread >= limits.waitingLines) return void this.#leftOut++;
    this.#unread++;
    this.#lines.push([level, line, message]);
    this.#onLine();
  }
}
