// One device's connection to the server in this process: the octets go over a socket, so that what is held can be hung up.

import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface WireRequest {
  path: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface WireAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  octets: Buffer;
}

export class Wire {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(port: number) {
    this.#port = port;
  }

  /** The answer, and how to hang up before it comes; then it never does. */
  send({ path, headers, body }: WireRequest): { answer: Promise<WireAnswer>; hangUp: () => void } {
    let hangUp = () => {};
    const answer = new Promise<WireAnswer>((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: this.#port, method: 'POST', path, headers, agent: this.#agent },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode!, headers: response.headers, octets: Buffer.concat(chunks) }),
          );
        },
      );
      hangUp = () => {
        sent.off('error', reject);
        sent.on('error', () => {});
        sent.destroy();
      };
      sent.on('error', reject);
      sent.end(body);
    });
    return { answer, hangUp: () => hangUp() };
  }

  close(): void {
    this.#agent.destroy();
  }
}
