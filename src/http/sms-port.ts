// A port for `/sms/` alone, served by threads of their own, so that speaking HTTP takes nothing from the thread that has the
// store. A thread that ends is started again; what it had brought is committed all the same, and its senders ask again.

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { traceOf } from './error-of.js';
import { limits } from './limits.js';
import type { FromThread, ThreadSettings } from './sms-batch.js';
import { type SmsAcceptance, ThreadTalk } from './thread-talk.js';

export interface SmsPortOptions extends SmsAcceptance {
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** More than one listen at the same port: for Node 22.12 and later. */
  threads: number;
  /** Of each thread; that of the limits where nothing is said. */
  mostWaiting?: number;
  /** A test keeps hold of them. */
  startThread?: (settings: ThreadSettings) => Worker;
}

/** The port cannot be listened at; the code is that of the system. */
export class SmsPortError extends Error {
  override readonly name = 'SmsPortError';
  readonly code: string;

  constructor(code: string) {
    super(`the port for /sms/ cannot be opened (${code})`);
    this.code = code;
  }
}

export class SmsPort {
  readonly #options: SmsPortOptions;
  readonly #settings: ThreadSettings;
  readonly #running = new Map<Worker, ThreadTalk>();
  readonly #closing = new AbortController();
  #lastEnd = -Infinity;
  #address: AddressInfo | undefined;

  private constructor(options: SmsPortOptions) {
    const { host, port, threads, mostWaiting = limits.waitingTexts } = options;
    this.#options = options;
    this.#settings = { host, port, isShared: threads > 1, mostWaiting };
  }

  /** All its threads, or none. Throws SmsPortError. */
  static async open(options: SmsPortOptions): Promise<SmsPort> {
    const opened = new SmsPort(options);
    try {
      await opened.#open();
    } catch (error) {
      await opened.close();
      throw error;
    }
    return opened;
  }

  get address(): AddressInfo {
    return this.#address!;
  }

  /** Whatever came is answered, in bounded time. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#running].map(([worker, talk]) => end(worker, talk)));
  }

  async #open(): Promise<void> {
    const settings = this.#settings;
    // Two servers of one user could share a port without knowing of each other.
    if (settings.isShared) settings.port = await freePort(settings);
    this.#address = await this.#start();
    settings.port = this.#address.port;
    await Promise.all(Array.from({ length: this.#options.threads - 1 }, () => this.#start()));
  }

  /** Resolves when it listens; from then on it is replaced when it ends. */
  #start(): Promise<AddressInfo> {
    const { startThread = startProgram, log } = this.#options;
    const worker = startThread(this.#settings);
    const talk = new ThreadTalk(worker, this.#options);
    this.#running.set(worker, talk);
    return new Promise((resolve, reject) => {
      let listens = false;
      worker.on('message', (message: FromThread) => {
        if (message.kind === 'batch') return talk.take(message);
        if (message.kind === 'not listening') return reject(new SmsPortError(message.code));
        listens = true;
        resolve(message.address);
      });
      worker.on('error', (error) => log.error({ error: traceOf(error) }, 'a thread of the port for /sms/ failed'));
      worker.once('exit', (status) => {
        this.#running.delete(worker);
        reject(new SmsPortError(`exit ${status}`));
        if (listens) void this.#replace();
      });
    });
  }

  async #replace(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#options.log.error({}, 'a thread of the port for /sms/ is gone: another one is started');
      const isOften = performance.now() - this.#lastEnd < oftenMilliseconds;
      this.#lastEnd = performance.now();
      if (isOften) await pause(pauseMilliseconds, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.#start();
        return;
      } catch (error) {
        this.#options.log.error({ error: traceOf(error) }, 'a thread of the port for /sms/ did not start');
      }
    }
  }
}

// One that ends again and again must not take the processor from the rest.
const oftenMilliseconds = 5_000;
const pauseMilliseconds = 1_000;

function startProgram(workerData: ThreadSettings): Worker {
  return new Worker(new URL('./sms-thread.js', import.meta.url), { workerData });
}

async function end(worker: Worker, talk: ThreadTalk): Promise<void> {
  const ended = once(worker, 'exit');
  talk.tell({ kind: 'close' });
  // It cuts what hangs by itself; a thread that is stuck does not even do that.
  const tooLate = setTimeout(() => void worker.terminate(), 2 * limits.closingMilliseconds);
  await ended.catch(() => undefined);
  clearTimeout(tooLate);
}

async function freePort({ host, port }: ThreadSettings): Promise<number> {
  const probe = createServer();
  try {
    await once(probe.listen({ host, port }), 'listening');
  } catch (error) {
    throw new SmsPortError(String((error as NodeJS.ErrnoException).code));
  }
  const address = probe.address() as AddressInfo;
  await once(probe.close(), 'close');
  return address.port;
}
