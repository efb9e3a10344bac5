// Servers that answer as they are told to, in octets: what no HTTP library would send can be sent here.

import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { ExecutionContext } from 'ava';

export function pem(name: string): string {
  return readFileSync(new URL(`../../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
}

export interface StrangeServer {
  port: number;
  /** What was read on each connection, in their order. */
  heard: string[];
}

export interface Hearing {
  socket: Socket;
  /** All that this connection said so far. */
  heard: string;
  /** How many requests have ended on it; those with a body end with their header. */
  requests: number;
}

/** `answer` is called for each chunk. */
export async function listen(
  t: ExecutionContext,
  answer: (hearing: Hearing) => void,
  tls?: TlsOptions,
): Promise<StrangeServer> {
  const heard: string[] = [];
  const onConnection = (socket: Socket): void => {
    const index = heard.push('') - 1;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard[index] += chunk.toString('latin1');
      answer({ socket, heard: heard[index]!, requests: heard[index]!.split('\r\n\r\n').length - 1 });
    });
  };
  const server = tls ? createTlsServer(tls, onConnection) : createServer(onConnection);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, heard };
}

export function written(status: string, body = '', fields: readonly string[] = []): string {
  const header = [`HTTP/1.1 ${status}`, `Content-Length: ${Buffer.byteLength(body)}`, ...fields];
  return `${header.join('\r\n')}\r\n\r\n${body}`;
}
