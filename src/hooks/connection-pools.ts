// Connections to other servers that are kept for the next request: one pool for each origin and TLS identity.

import { TLSSocket } from 'node:tls';
import { buildConnector, Pool } from 'undici';
import { AddressGuard, guardedLookup } from './address-guard.js';
import { limits } from './limits.js';

/** PEM texts: who we are, and whom we trust instead of the authorities that everybody trusts. */
export interface TlsIdentity {
  cert?: string | undefined;
  key?: string | undefined;
  ca?: string | undefined;
}

// A peer may close a connection at the very moment at which it is used again, and then nobody knows whether it read the
// request. So an idle one is given up well before a peer would: most wait for 5 seconds or more, and many say how long.
const idleMilliseconds = 2_000;
const longestIdleMilliseconds = 30_000;

export class ConnectionPools {
  readonly #pools = new Map<string, Pool>();
  #isClosed = false;

  /** Undefined after `close`. */
  get(origin: string, identity?: TlsIdentity, allowedHosts?: readonly string[]): Pool | undefined {
    if (this.#isClosed) return undefined;
    const { cert, key: ownKey, ca } = identity ?? {};
    // Connections that were made under a guard, and such as were not, are never each other's.
    const key = identity || allowedHosts ? JSON.stringify([origin, cert, ownKey, ca, allowedHosts]) : origin;
    const pool = this.#pools.get(key) ?? openPool(origin, connectorOf(identity, allowedHosts));
    // The one used last stands last.
    this.#pools.delete(key);
    this.#pools.set(key, pool);
    if (this.#pools.size > limits.origins) this.#closeOldest();
    return pool;
  }

  /** Resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.close()));
  }

  #closeOldest(): void {
    const [key, pool] = this.#pools.entries().next().value!;
    this.#pools.delete(key);
    void pool.close();
  }
}

function openPool(origin: string, connect: buildConnector.connector): Pool {
  return new Pool(origin, {
    connections: limits.connectionsPerOrigin,
    // One request at a time on a connection: undici writes a pipelined one again when the one before it fails.
    pipelining: 1,
    connect,
    keepAliveTimeout: idleMilliseconds,
    keepAliveMaxTimeout: longestIdleMilliseconds,
    maxHeaderSize: limits.answerHeaderOctets,
    // Each call has one time limit for all of it.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

function connectorOf(
  identity: TlsIdentity | undefined,
  allowedHosts: readonly string[] | undefined,
): buildConnector.connector {
  const { cert, key, ca } = identity ?? {};
  const given = {
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(ca !== undefined && { ca }),
    ...(allowedHosts && { lookup: guardedLookup(new AddressGuard(allowedHosts)) }),
  };
  const connect = buildConnector({ ...given, timeout: limits.connectMilliseconds });
  if (cert === undefined) return connect;
  return (options, connected) =>
    connect(options, (...result) => {
      const [error, socket] = result;
      if (error === null && socket instanceof TLSSocket) awaitVerdict(socket, connected);
      else connected(...result);
    });
}

/**
 * Since TLS 1.3 a client is through with the handshake before the server has looked at its certificate: a refusal would come
 * when the request is already written. A server that took the certificate says so with a ticket, as nearly all do.
 * RFC 8446 4.6.1 New Session Ticket Message, 2 Protocol Overview
 */
function awaitVerdict(socket: TLSSocket, connected: buildConnector.Callback): void {
  if (socket.getProtocol() !== 'TLSv1.3') return connected(null, socket);
  // A turn later: nothing may be written while the ticket is still being read.
  const taken = (): void => settle(() => setImmediate(connected, null, socket));
  const refused = (error: Error): void => settle(() => connected(error, null));
  const closed = (): void => refused(new Error('the connection was closed on our certificate'));
  const timer = setTimeout(taken, limits.certificateVerdictMilliseconds);
  socket.once('session', taken).once('error', refused).once('close', closed);

  function settle(tell: () => void): void {
    clearTimeout(timer);
    socket.off('session', taken).off('error', refused).off('close', closed);
    tell();
  }
}
