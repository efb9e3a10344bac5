// One HTTP request to another server and its answer. The caller learns for certain whether nothing was written, and so may
// try again; redirects are not followed and nothing is tried twice.
// RFC 9110 9.2.2 Idempotent Methods: a client must not repeat a request by itself that may have been acted upon

import { setMaxListeners } from 'node:events';
import { AddressGuard } from './address-guard.js';
import { HookError } from './errors.js';
import { ConnectionPools, type TlsIdentity } from './connection-pools.js';
import { type Answer, Exchange } from './exchange.js';
import { readRetryAfter } from './retry-after.js';

export interface HttpCall {
  /** Name and password before the host become Basic authentication, where no header says otherwise. */
  url: string;
  method: 'GET' | 'POST' | 'HEAD';
  headers?: Readonly<Record<string, string>> | undefined;
  body?: Uint8Array | string | undefined;
  /** For all of it, from the connection to the last octet of the answer. */
  timeoutMilliseconds: number;
  signal?: AbortSignal | undefined;
  tls?: TlsIdentity | undefined;
  /** Hosts and networks that may be reached, as the address guard reads them; absent where any may. */
  allowedHosts?: readonly string[] | undefined;
}

export interface HttpReply extends Answer {
  retryAfterSeconds: number | undefined;
}

export interface HttpCaller {
  /** @throws HookError NOT_CONNECTED, NO_ANSWER, BAD_CALL, FORBIDDEN_ADDRESS */
  call(call: HttpCall): Promise<HttpReply>;
  /** Takes no more calls; resolves when those under way have ended. */
  close(): Promise<void>;
}

/** Callers have connections of their own; `now` is for a `Retry-After` that is a date. */
export type OpenCaller = (given?: { now?: () => number }) => HttpCaller;

/** Calls that are made in this thread. */
export const openCaller: OpenCaller = ({ now = Date.now } = {}) => {
  const pools = new ConnectionPools();
  return {
    call: async (call) => {
      const answer = await exchange(pools, call);
      return { ...answer, retryAfterSeconds: readRetryAfter(answer.headers['retry-after'], now()) };
    },
    close: () => pools.close(),
  };
};

async function exchange(pools: ConnectionPools, { signal, ...call }: HttpCall): Promise<Answer> {
  if (signal?.aborted) throw new HookError('NOT_CONNECTED', 'it was given up before it began');
  const exchange = beginExchange(pools, call);
  const stop = (): void => exchange.giveUp('it was given up');
  // One signal stops everything that is under way; Node takes more than ten listeners for a leak.
  if (signal) setMaxListeners(0, signal);
  signal?.addEventListener('abort', stop);
  try {
    return await exchange.answer;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** A call as it begins, without the signal that would stop it. @throws HookError BAD_CALL, NOT_CONNECTED, FORBIDDEN_ADDRESS */
export function beginExchange(pools: ConnectionPools, call: Omit<HttpCall, 'signal'>): Exchange {
  const { origin, path, headers } = readTarget(call);
  // A literal address is never looked up.
  if (call.allowedHosts) new AddressGuard(call.allowedHosts).checkUrl(call.url);
  const pool = pools.get(origin, call.tls, call.allowedHosts);
  if (!pool) throw new HookError('NOT_CONNECTED', 'the caller is closed');
  const exchange = new Exchange(call.timeoutMilliseconds);
  pool.dispatch({ path, method: call.method, headers, body: call.body ?? null }, exchange);
  return exchange;
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
