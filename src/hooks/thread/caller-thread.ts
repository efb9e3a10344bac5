// Callers whose calls are made in a thread beside the main one, the same for all of them. It starts with the first call, and
// again with the next one should it die.

import { HookError } from '../errors.js';
import type { HttpCall, HttpCaller, HttpReply } from '../http-call.js';
import { limits } from '../limits.js';
import { type GivenCall, ThreadLife } from './life.js';

export interface CallerThreadOptions {
  /** When the thread died of itself. */
  onDeath: (error: Error) => void;
  /** What the thread runs; else the one that is made for it. */
  entry?: URL;
  overdueMilliseconds?: number;
}

const ownEntry = new URL('./worker.js', import.meta.url);

export class CallerThread {
  readonly #options: CallerThreadOptions;
  readonly #heard = new WeakSet<AbortSignal>();
  #life: ThreadLife | undefined;
  #isClosed = false;
  #callers = 0;

  constructor(options: CallerThreadOptions) {
    this.#options = options;
  }

  /** A caller with connections of its own. */
  open({ now = Date.now }: { now?: () => number } = {}): HttpCaller {
    const caller = ++this.#callers;
    return new ThreadCaller({
      give: (call, { resolve, reject }) => this.#give({ call, caller, now, resolve, reject }),
      onClosed: () => this.#life?.closeCaller(caller),
    });
  }

  /** Takes no more calls, and waits a moment for those that were given up. What is left then has no known outcome. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#life?.end();
  }

  #give(given: GivenCall): void {
    const { signal } = given.call;
    if (this.#isClosed) return given.reject(closed());
    if (signal?.aborted) return given.reject(new HookError('NOT_CONNECTED', 'it was given up before it began'));
    if (signal) this.#hear(signal);
    this.#alive(given)?.give(given);
  }

  #alive({ reject }: GivenCall): ThreadLife | undefined {
    try {
      return (this.#life ??= this.#start());
    } catch (cause) {
      reject(new HookError('NOT_CONNECTED', 'there is no thread for it', { cause }));
      return undefined;
    }
  }

  #start(): ThreadLife {
    const { entry = ownEntry, overdueMilliseconds = limits.overdueMilliseconds, onDeath } = this.#options;
    const onEnd = (error: Error): void => {
      this.#life = undefined;
      if (!this.#isClosed) onDeath(error);
    };
    return new ThreadLife({ entry, overdueMilliseconds, onEnd });
  }

  /** One listener for each signal, however many calls it stops. */
  #hear(signal: AbortSignal): void {
    if (this.#heard.has(signal)) return;
    this.#heard.add(signal);
    signal.addEventListener('abort', () => this.#life?.stop(signal), { once: true });
  }
}

function closed(): HookError {
  return new HookError('NOT_CONNECTED', 'the caller is closed');
}

interface Ways {
  give: (call: HttpCall, outcome: Pick<GivenCall, 'resolve' | 'reject'>) => void;
  onClosed: () => void;
}

class ThreadCaller implements HttpCaller {
  readonly #ways: Ways;
  #underWay = 0;
  #idle: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(ways: Ways) {
    this.#ways = ways;
  }

  async call(call: HttpCall): Promise<HttpReply> {
    if (this.#closing) throw closed();
    this.#underWay++;
    try {
      return await new Promise((resolve, reject) => this.#ways.give(call, { resolve, reject }));
    } finally {
      if (--this.#underWay === 0) this.#idle?.();
    }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    this.#ways.onClosed();
  }
}
