// One HTTP request to another server and its answer. The caller learns for certain whether nothing was written, and so may
// try again; redirects are not followed and nothing is tried twice.
// RFC 9110 9.2.2 Idempotent Methods: a client must not repeat a request by itself that may have been acted upon

import { setMaxListeners } from 'node:events';
import { HookError } from './errors.js';
import { ConnectionPools, type TlsIdentity } from './connection-pools.js';
import { type Answer, Exchange } from './exchange.js';
import { readRetryAfter } from './retry-after.js';

export interface HttpCall {
  /** Name and password before the host become Basic authentication, where no header says otherwise. */
  url: string;
  method: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>> | undefined;
  body?: Uint8Array | string | undefined;
  /** For all of it, from the connection to the last octet of the answer. */
  timeoutMilliseconds: number;
  signal?: AbortSignal | undefined;
  tls?: TlsIdentity | undefined;
}

export interface HttpReply extends Answer {
  retryAfterSeconds: number | undefined;
}

export interface HttpCaller {
  /** @throws HookError NOT_CONNECTED, NO_ANSWER, BAD_CALL */
  call(call: HttpCall): Promise<HttpReply>;
  /** Takes no more calls; resolves when those under way have ended. */
  close(): Promise<void>;
}

export function openCaller({ now = Date.now }: { now?: () => number } = {}): HttpCaller {
  const pools = new ConnectionPools();
  return {
    call: async (call) => {
      const answer = await exchange(pools, call);
      return { ...answer, retryAfterSeconds: readRetryAfter(answer.headers['retry-after'], now()) };
    },
    close: () => pools.close(),
  };
}

async function exchange(pools: ConnectionPools, call: HttpCall): Promise<Answer> {
  const { origin, path, headers } = readTarget(call);
  const pool = pools.get(origin, call.tls);
  if (!pool) throw new HookError('NOT_CONNECTED', 'the caller is closed');
  if (call.signal?.aborted) throw new HookError('NOT_CONNECTED', 'it was given up before it began');
  const exchange = new Exchange();
  const stop = (): void => exchange.giveUp('it was given up');
  // One signal stops everything that is under way; Node takes more than ten listeners for a leak.
  if (call.signal) setMaxListeners(0, call.signal);
  const timer = setTimeout(() => exchange.giveUp('its time is over'), call.timeoutMilliseconds);
  call.signal?.addEventListener('abort', stop);
  try {
    pool.dispatch({ path, method: call.method, headers, body: call.body ?? null }, exchange);
    return await exchange.answer;
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', stop);
  }
}

interface Target {
  origin: string;
  path: string;
  headers: Record<string, string>;
}

/** @throws HookError BAD_CALL */
function readTarget({ url: written, headers = {} }: HttpCall): Target {
  // What the parser says repeats the address and the secrets in it.
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new HookError('BAD_CALL', 'the URL is none of http or https');
  const { origin, pathname, search, username, password } = url;
  const given = Object.keys(headers).map((name) => name.toLowerCase());
  const added: Record<string, string> = {};
  if (!given.includes('user-agent')) added['user-agent'] = 'easms';
  if ((username || password) && !given.includes('authorization')) added.authorization = basic(username, password);
  return { origin, path: pathname + search, headers: { ...added, ...headers } };
}

// RFC 7617 2 The 'Basic' Authentication Scheme
function basic(username: string, password: string): string {
  const octets = Buffer.from(`${unescaped(username)}:${unescaped(password)}`);
  return `Basic ${octets.toString('base64')}`;
}

function unescaped(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}
