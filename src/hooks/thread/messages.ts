// What crosses between the main thread and the one that makes the calls: flat rows of plain values, because each object that
// is cloned costs both sides time.

import type { TlsIdentity } from '../connection-pools.js';
import type { HookErrorCode } from '../errors.js';
import type { HttpCall } from '../http-call.js';

/** To the thread. All rows of one turn of the event loop are one message, in the order in which they were given. */
export type Order =
  /** `number` grows by one with each call of a thread, and wraps. */
  | readonly [order: 'call', number: number, caller: number, ...call: WrittenCall]
  | readonly [order: 'stop', number: number]
  /** This caller makes no more calls. */
  | readonly [order: 'close', caller: number];

type WrittenCall = readonly [
  method: HttpCall['method'],
  url: string,
  timeoutMilliseconds: number,
  headers: HttpCall['headers'],
  body: HttpCall['body'],
  tls: TlsIdentity | undefined,
  allowedHosts: HttpCall['allowedHosts'],
];

/** From the thread: the rows of one turn, and the bodies of all answers one behind the other. */
export type Outcomes = readonly [outcomes: readonly Outcome[], bodies: Uint8Array];

export type Outcome =
  /** `headers` is JSON, which costs nothing where nobody reads it. */
  | readonly [
      outcome: 'answered',
      number: number,
      status: number,
      isWhole: boolean,
      octets: number,
      retryAfter: string | undefined,
      headers: string,
    ]
  | readonly [outcome: 'failed', number: number, code: HookErrorCode, detail: string | undefined, cause: Cause];

/** What is told of an error beneath ours; its stack stays in the thread. */
export type Cause = readonly [message: string, code: string | undefined] | undefined;

export function writeCall(call: HttpCall): WrittenCall {
  const { method, url, timeoutMilliseconds, headers, body, tls, allowedHosts } = call;
  // A view is cloned with all that lies around it, such as the pool that small buffers share.
  const ownOctets = typeof body === 'object' ? new Uint8Array(body) : body;
  return [method, url, timeoutMilliseconds, headers, ownOctets, tls, allowedHosts];
}

export function readCall(written: WrittenCall): HttpCall {
  const [method, url, timeoutMilliseconds, headers, body, tls, allowedHosts] = written;
  return { method, url, timeoutMilliseconds, headers, body, tls, allowedHosts };
}

export function writeCause(cause: unknown): Cause {
  if (!(cause instanceof Error)) return undefined;
  const { code } = cause as { code?: unknown };
  return [cause.message, typeof code === 'string' ? code : undefined];
}

export function readCause(written: Cause): Error | undefined {
  if (!written) return undefined;
  const [message, code] = written;
  const cause = new Error(message);
  cause.stack = `Error: ${message}`;
  return code === undefined ? cause : Object.assign(cause, { code });
}
