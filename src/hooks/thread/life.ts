// One thread for calls from its start to its end, and the calls that are in its hands meanwhile.

import { Worker } from 'node:worker_threads';
import { HookError } from '../errors.js';
import type { HttpCall, HttpReply } from '../http-call.js';
import { limits } from '../limits.js';
import { readRetryAfter } from '../retry-after.js';
import { type Order, type Outcome, type Outcomes, readCause, writeCall } from './messages.js';
import { TurnBatch } from './turn-batch.js';

export interface GivenCall {
  call: HttpCall;
  /** Its number among the callers of this thread. */
  caller: number;
  now: () => number;
  resolve: (reply: HttpReply) => void;
  reject: (error: HookError) => void;
}

interface InHand extends GivenCall {
  /** Until when the thread must have said what came of it, as `performance.now` counts. */
  until: number;
  /** It was found overdue once. */
  isOverdue: boolean;
}

export interface LifeOptions {
  entry: URL;
  /** Once, when the thread is gone and nothing is in its hands any longer. */
  onEnd: (error: Error) => void;
  /** How long after its time a call may stay without a word, until the thread is taken for stuck. */
  overdueMilliseconds: number;
}

export class ThreadLife {
  readonly #options: LifeOptions;
  readonly #worker: Worker;
  readonly #begun = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #inHand = new Map<number, InHand>();
  readonly #orders = new TurnBatch<Order>((orders) => this.#worker.postMessage(orders));
  readonly #ended: Promise<void>;
  readonly #bornAt = performance.now();
  #isUp = false;
  #number = 0;
  #error: Error | undefined;
  #onIdle: (() => void) | undefined;
  #watch: NodeJS.Timeout | undefined;

  /** @throws Error where the system gives no thread */
  constructor(options: LifeOptions) {
    this.#options = options;
    this.#worker = new Worker(options.entry, { workerData: this.#begun, name: 'calls' });
    this.#worker.unref();
    this.#worker.on('message', (message: Outcomes) => this.#settleAll(message));
    this.#worker.on('error', (error) => (this.#error = error));
    this.#ended = new Promise((resolve) => this.#worker.once('exit', (code) => resolve(this.#end(code))));
  }

  give(given: GivenCall): void {
    const { call, caller, now, resolve, reject } = given;
    const number = (this.#number = (this.#number + 1) | 0);
    const until = this.#wordAfter(call.timeoutMilliseconds);
    if (this.#inHand.size === 0) this.#hold();
    this.#inHand.set(number, { call, caller, now, resolve, reject, until, isOverdue: false });
    this.#orders.add(['call', number, caller, ...writeCall(call)]);
  }

  /** Gives up all calls that this signal stops: which of them were written is for the thread to say. */
  stop(signal: AbortSignal): void {
    const until = this.#wordAfter(0);
    for (const [number, inHand] of this.#inHand) {
      if (inHand.call.signal !== signal) continue;
      inHand.until = until;
      if (this.#orders.takeBack((order) => order[0] === 'call' && order[1] === number))
        this.#settle(number)?.reject(new HookError('NOT_CONNECTED', 'it was given up before it began'));
      else this.#orders.add(['stop', number]);
    }
  }

  closeCaller(caller: number): void {
    this.#orders.add(['close', caller]);
  }

  /** Ends it when nothing is in its hands, or after a moment, whatever it does. */
  async end(): Promise<void> {
    if (this.#inHand.size > 0) await this.#idleOrOverdue();
    await this.#worker.terminate();
    await this.#ended;
  }

  async #idleOrOverdue(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      timer = setTimeout(resolve, this.#options.overdueMilliseconds);
    });
    clearTimeout(timer);
  }

  /** When the thread must have said something that it says so long after it heard. */
  #wordAfter(milliseconds: number): number {
    const now = performance.now();
    return milliseconds + (this.#isUp ? now : Math.max(now, this.#bornAt + limits.threadStartMilliseconds));
  }

  /** A process does not end while something is in the hands of the thread, and does where nothing is. */
  #hold(): void {
    this.#worker.ref();
    this.#watch ??= setInterval(() => this.#lookForOverdue(), this.#options.overdueMilliseconds).unref();
  }

  #settle(number: number): InHand | undefined {
    const inHand = this.#inHand.get(number);
    this.#inHand.delete(number);
    if (this.#inHand.size === 0) {
      this.#worker.unref();
      this.#onIdle?.();
    }
    return inHand;
  }

  #settleAll([outcomes, bodies]: Outcomes): void {
    this.#isUp = true;
    let start = 0;
    for (const outcome of outcomes) {
      const inHand = this.#settle(outcome[1]);
      const octets = outcome[0] === 'answered' ? outcome[4] : 0;
      if (inHand) tell(inHand, outcome, bodies.subarray(start, start + octets));
      start += octets;
    }
  }

  // Found twice: the first time may be this thread's own delay, with the word already waiting to be read.
  #lookForOverdue(): void {
    const now = performance.now();
    for (const inHand of this.#inHand.values()) {
      if (now < inHand.until) continue;
      if (inHand.isOverdue) {
        this.#error ??= new Error('the thread did not keep the time of a call');
        return void this.#worker.terminate();
      }
      inHand.isOverdue = true;
    }
  }

  #end(code: number): void {
    clearInterval(this.#watch);
    const cause = this.#error ?? new Error(`the thread ended with ${code}`);
    const begun = Atomics.load(this.#begun, 0);
    for (const [number, { reject }] of this.#inHand)
      // Numbers wrap.
      reject(new HookError(((number - begun) | 0) > 0 ? 'NOT_CONNECTED' : 'NO_ANSWER', undefined, { cause }));
    this.#inHand.clear();
    this.#onIdle?.();
    this.#options.onEnd(cause);
  }
}

function tell({ now, resolve, reject }: InHand, outcome: Outcome, body: Uint8Array): void {
  if (outcome[0] === 'answered') return resolve(new ThreadReply(outcome, body, now()));
  const [, , code, detail, cause] = outcome;
  reject(new HookError(code, detail, { cause: readCause(cause) }));
}

class ThreadReply implements HttpReply {
  readonly status: number;
  readonly isWhole: boolean;
  readonly retryAfterSeconds: number | undefined;
  readonly body: Uint8Array;
  readonly #headers: string;

  constructor(answered: Extract<Outcome, readonly ['answered', ...unknown[]]>, body: Uint8Array, now: number) {
    const [, , status, isWhole, , retryAfter, headers] = answered;
    this.status = status;
    this.isWhole = isWhole;
    this.retryAfterSeconds = readRetryAfter(retryAfter, now);
    this.body = body;
    this.#headers = headers;
  }

  get headers(): Record<string, string> {
    return JSON.parse(this.#headers) as Record<string, string>;
  }
}
