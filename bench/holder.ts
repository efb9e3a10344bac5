// A program that holds thousands of requests open and tells when they are answered; in a process of its own, so that
// what it does with their answers takes no time from who measures. It hears its orders over IPC.

import { readFile } from 'node:fs/promises';
import type { Order, Told } from './holder-process.js';
import { HttpConnection } from './http-connection.js';

const openedAtATime = 100;
let connections: HttpConnection[] = [];
let bodies: Buffer[] = [];

process.on('message', (order: Order) => {
  if (order.do === 'hold') void hold(order);
  else hangUp();
});

async function hold({ file, host, port }: Order & { do: 'hold' }): Promise<void> {
  const requests = split(await readFile(file));
  connections = [];
  bodies = [];
  let answered = 0;
  const take = (body: Buffer) => {
    bodies.push(body);
    if (++answered === requests.length) tell({ told: 'all answered', at: now(), bodies: differing(bodies) });
  };
  for (let first = 0; first < requests.length; first += openedAtATime) {
    const some = requests.slice(first, first + openedAtATime);
    const opened = await Promise.all(some.map(() => HttpConnection.open({ host, port })));
    connections.push(...opened);
    for (const [index, connection] of opened.entries())
      connection.exchange(some[index]!).then(({ body }) => take(body), hungUp);
  }
  tell({ told: 'all sent' });
}

// By whichever side it was: who waits for answers finds that some are missing.
const hungUp = () => {};

function hangUp(): void {
  for (const connection of connections) connection.close();
  tell({ told: 'hung up', at: now() });
}

function split(file: Buffer): Buffer[] {
  const requests: Buffer[] = [];
  for (let start = 0; start < file.length;) {
    const lineEnd = file.indexOf('\n', start);
    const end = lineEnd + 1 + Number(file.toString('latin1', start, lineEnd));
    requests.push(file.subarray(lineEnd + 1, end));
    start = end;
  }
  return requests;
}

function differing(octets: readonly Buffer[]): string[] {
  return [...new Set(octets.map((each) => each.toString('hex')))];
}

/** Comparable between the processes of one machine. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

function tell(told: Told): void {
  process.send!(told);
}
