// The provider behind both gateways of `deliver`: answers each GET at once, in the words that Kannel expects of another
// Kannel, and counts. It knows no more of HTTP than where a request ends, so that it is not the limit. Run as a program.
//
// `GET /count` answers how many came since the last `GET /reset`, and when the first and the last of them came.

import { createServer, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

export interface Count {
  texts: number;
  /** On one clock; 0 where nothing came. */
  firstMilliseconds: number;
  lastMilliseconds: number;
}

const nothing: Count = { texts: 0, firstMilliseconds: 0, lastMilliseconds: 0 };
let counted = { ...nothing };

const accepted = answer('202 Accepted', '0: Accepted for delivery');
const headEnd = Buffer.from('\r\n\r\n');
const questions: readonly { start: Buffer; ask: () => string }[] = [
  { start: Buffer.from('GET /count '), ask: () => JSON.stringify(counted) },
  { start: Buffer.from('GET /reset '), ask: () => JSON.stringify((counted = { ...nothing })) },
];

const server = createServer({ noDelay: true }, serve).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  process.stdout.write(`${JSON.stringify({ event: 'ready', http: `http://127.0.0.1:${port}` })}\n`);
});

function serve(socket: Socket): void {
  let rest: Buffer | undefined;
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    const octets = rest ? Buffer.concat([rest, chunk]) : chunk;
    const question = questions.find(({ start }) => octets.subarray(0, start.length).equals(start));
    if (question) return void socket.end(answer('200 OK', question.ask()));
    const { requests, end } = countRequests(octets);
    rest = end < octets.length ? octets.subarray(end) : undefined;
    if (requests > 0) socket.write(requests === 1 ? accepted : Buffer.concat(Array<Buffer>(requests).fill(accepted)));
    note(requests);
  });
}

/** None of them has a body. */
function countRequests(octets: Buffer): { requests: number; end: number } {
  let requests = 0;
  let end = 0;
  for (let found = octets.indexOf(headEnd); found >= 0; found = octets.indexOf(headEnd, end)) {
    requests++;
    end = found + headEnd.length;
  }
  return { requests, end };
}

function note(requests: number): void {
  if (requests === 0) return;
  const now = performance.now();
  counted.firstMilliseconds ||= now;
  counted.lastMilliseconds = now;
  counted.texts += requests;
}

function answer(status: string, body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    'latin1',
  );
}
