// One connection that sends a request and awaits its answer: thousands of them cost the bench little.

import { createConnection, type Socket } from 'node:net';

export interface HttpAnswer {
  status: number;
  body: Buffer;
  /** Of head and body together. */
  octets: number;
}

export class HttpConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #awaiting: { resolve: (answer: HttpAnswer) => void; reject: (reason: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.#awaiting?.reject(error));
    socket.on('close', () => this.#awaiting?.reject(new Error('the server hung up')));
  }

  static open({ host, port }: { host: string; port: number }): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host, port });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new HttpConnection(socket));
      });
    });
  }

  exchange(request: Uint8Array): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#awaiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#awaiting = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const octets = headEnd + 4 + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    if (this.#received.length < octets) return;
    const body = Buffer.from(this.#received.subarray(headEnd + 4, octets));
    this.#received = Buffer.alloc(0);
    const awaiting = this.#awaiting;
    this.#awaiting = undefined;
    awaiting?.resolve({ status: Number(head.slice(9, 12)), body, octets });
  }
}

/** Runs every piece of work, so many of them at a time, each of those on a connection of its own. */
export async function inParallel<T>(
  work: readonly T[],
  { host, port, connections }: { host: string; port: number; connections: number },
  run: (connection: HttpConnection, piece: T) => Promise<void>,
): Promise<void> {
  const left = work[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = await HttpConnection.open({ host, port });
      for (const piece of left) await run(connection, piece);
      connection.close();
    }),
  );
}

/** On a connection of its own. */
export async function askOnce(
  place: { process: { host: string; port: number } },
  request: Uint8Array,
): Promise<HttpAnswer> {
  const connection = await HttpConnection.open(place.process);
  const answer = await connection.exchange(request);
  connection.close();
  return answer;
}
