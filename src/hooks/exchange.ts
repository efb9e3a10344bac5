// One request on its way and the answer to it. What it knows for certain is whether anything of the request was written.

import type { Dispatcher } from 'undici';
import { HookError } from './errors.js';
import { limits } from './limits.js';

export interface Answer {
  status: number;
  /** Names in lower case; several fields of one name are joined by commas. */
  headers: Record<string, string>;
  /** At most as many octets as the limit allows. */
  body: Uint8Array;
  /** False where the answer is longer than the limit and was cut here. */
  isWhole: boolean;
}

type ReceivedHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

export class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<Answer>;
  #state: 'waiting' | 'written' | 'over' = 'waiting';
  #settle!: { resolve: (answer: Answer) => void; reject: (error: HookError) => void };
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: ReceivedHeaders = {};
  readonly #chunks: Uint8Array[] = [];
  #octets = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMilliseconds: number) {
    this.#timer = setTimeout(() => this.giveUp('its time is over'), timeoutMilliseconds);
    this.answer = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  /** Ends it now, whatever has come of it. What was not written yet will not be. */
  giveUp(why: string): void {
    this.#fail(new Error(why));
    this.#controller?.abort(new Error(why));
  }

  /** The connection stands and the request is about to be written. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The caller has been told that nothing is written; or undici would write it a second time. A throw keeps it from both.
    if (this.#state !== 'waiting') throw new Error('the request is not written again');
    this.#state = 'written';
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ReceivedHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    const room = limits.answerOctets - this.#octets;
    this.#octets += chunk.length;
    this.#chunks.push(chunk.subarray(0, room));
    if (chunk.length <= room) return;
    this.#succeed({ isWhole: false });
    controller.abort(new Error('the answer is longer than the limit'));
  }

  onResponseEnd(): void {
    this.#succeed({ isWhole: true });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#fail(error);
  }

  #succeed({ isWhole }: Pick<Answer, 'isWhole'>): void {
    clearTimeout(this.#timer);
    this.#state = 'over';
    const body = Buffer.concat(this.#chunks);
    this.#settle.resolve({ status: this.#status, headers: joined(this.#headers), body, isWhole });
  }

  #fail(cause: Error): void {
    clearTimeout(this.#timer);
    const state = this.#state;
    this.#state = 'over';
    if (state === 'waiting' && cause instanceof HookError) this.#settle.reject(cause);
    else if (state === 'waiting')
      this.#settle.reject(new HookError(isMistake(cause) ? 'BAD_CALL' : 'NOT_CONNECTED', undefined, { cause }));
    if (state === 'written') this.#settle.reject(new HookError('NO_ANSWER', undefined, { cause }));
  }
}

function isMistake(error: Error & { code?: unknown }): boolean {
  return error.code === 'UND_ERR_INVALID_ARG' || error.code === 'UND_ERR_NOT_SUPPORTED';
}

function joined(headers: ReceivedHeaders): Record<string, string> {
  const fields = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(fields) as Record<string, string>;
}
