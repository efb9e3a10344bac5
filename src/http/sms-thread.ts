// The program of a thread that serves `/sms/` on a port of its own: it speaks HTTP and reads what is asked. Who asks, and
// whether it is accepted, is found beside the store; nothing of either is kept here.

import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { FastifyReply } from 'fastify';
import { bareApp } from './bare-app.js';
import { HttpError } from './errors.js';
import { limits } from './limits.js';
import { PassedOnLog } from './passed-on-log.js';
import {
  type FromThread,
  type PackedWish,
  packWish,
  type ThreadSettings,
  type ToThread,
  unpackAccepted,
} from './sms-batch.js';
import { answerTexts, smsRoutes, type SmsWish } from './sms.js';

const server = parentPort!;
const waiting = new Map<number, FastifyReply>();
let lastNumber = 0;
let wishes: PackedWish[] = [];
let isScheduled = false;

const log = new PassedOnLog(schedule);
const app = bareApp(log);
await app.register(async (scope) => smsRoutes(scope, { log, handOver }));
app.route({ method: ['GET', 'HEAD'], url: '/healthz', handler: () => ({ status: 'alive' }) });
server.on('message', take);
await listen(workerData as ThreadSettings);

function handOver(wish: SmsWish, reply: FastifyReply): void {
  if (waiting.size >= limits.waitingTexts) throw new HttpError('TOO_BUSY');
  const number = ++lastNumber;
  waiting.set(number, reply);
  wishes.push(packWish(number, wish));
  schedule();
}

/** One message for all that comes in this turn of the event loop. */
function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(flush);
}

function flush(): void {
  isScheduled = false;
  const batch = wishes;
  wishes = [];
  tell({ kind: 'batch', wishes: batch, lines: log.take() });
}

function take(message: ToThread): void {
  if (message.kind === 'close') return void close();
  log.noteRead(message.linesRead);
  for (const accepted of message.accepted) answerTexts(replyTo(accepted[0]), unpackAccepted(accepted));
  for (const [number, answer] of message.refused) answerTexts(replyTo(number), answer);
}

function replyTo(number: number): FastifyReply {
  const reply = waiting.get(number)!;
  waiting.delete(number);
  return reply;
}

async function listen({ host, port, isShared }: ThreadSettings): Promise<void> {
  // An option that fastify passes on.
  const options = { host, port, ...(isShared && { reusePort: true }) };
  try {
    await app.listen(options);
    tell({ kind: 'listening', address: app.server.address() as AddressInfo });
  } catch (error) {
    tell({ kind: 'not listening', code: String((error as NodeJS.ErrnoException).code) });
    server.close();
  }
}

/** No connection more, and an answer to whatever came; then nothing holds the thread. */
async function close(): Promise<void> {
  await app.close();
  flush();
  server.close();
}

function tell(message: FromThread): void {
  server.postMessage(message);
}
