// The server's end of one thread of the `/sms/` port: what it brings is accepted, and whatever one commit holds is answered
// in one message.

import type { Worker } from 'node:worker_threads';
import type { RefusalLog } from './refuse.js';
import { type FromThread, packAnswer, type PackedAnswer, type ToThread, unpackWish } from './sms-batch.js';
import type { SmsOutcome, SmsWish } from './sms.js';

export interface SmsAcceptance {
  /** Resolves when it is on disk, or with what the peer is told instead; never rejects. */
  accept: (wish: SmsWish) => Promise<SmsOutcome>;
  log: RefusalLog;
}

export class ThreadTalk {
  readonly #worker: Worker;
  readonly #acceptance: SmsAcceptance;
  #answers: PackedAnswer[] = [];
  #linesRead = 0;
  #isScheduled = false;

  constructor(worker: Worker, acceptance: SmsAcceptance) {
    this.#worker = worker;
    this.#acceptance = acceptance;
  }

  take({ wishes, lines }: Extract<FromThread, { kind: 'batch' }>): void {
    const { accept, log } = this.#acceptance;
    for (const [level, line, message] of lines) log[level](line, message);
    if (lines.length > 0) this.#noteRead(lines.length);
    for (const packed of wishes) void accept(unpackWish(packed)).then((outcome) => this.#answer(packed[0], outcome));
  }

  /** A thread that is gone hears none of it; what was committed for it stays. */
  tell(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #noteRead(lines: number): void {
    this.#linesRead += lines;
    this.#schedule();
  }

  #answer(number: number, outcome: SmsOutcome): void {
    this.#answers.push(packAnswer(number, outcome));
    this.#schedule();
  }

  // A commit resolves all its promises in one go: when they have run, the queue of ticks comes.
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => this.#flush());
  }

  #flush(): void {
    this.#isScheduled = false;
    this.tell({ kind: 'answers', answers: this.#answers, linesRead: this.#linesRead });
    this.#answers = [];
    this.#linesRead = 0;
  }
}
