// The program of a thread that serves `/sms/` on a port of its own: it speaks HTTP and reads what is asked. Who asks, and
// whether it is accepted, is found beside the store; nothing of either is kept here.

import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { FastifyReply } from 'fastify';
import { bareApp } from './bare-app.js';
import { HttpError } from './errors.js';
import { PassedOnLog } from './passed-on-log.js';
import {
  type FromThread,
  type PackedAnswer,
  type PackedWish,
  packWish,
  type ThreadSettings,
  type ToThread,
  unpackAnswer,
} from './sms-batch.js';
import { answerTexts, smsRoutes, type SmsWish } from './sms.js';

const server = parentPort!;
const settings = workerData as ThreadSettings;
const waiting = new Map<number, FastifyReply>();
let lastNumber = 0;
let wishes: PackedWish[] = [];
let isScheduled = false;
const answersPerTurn = 16;
const answers: PackedAnswer[] = [];

const log = new PassedOnLog(schedule);
const app = bareApp(log);
await app.register(async (scope) => smsRoutes(scope, { log, handOver }));
app.route({ method: ['GET', 'HEAD'], url: '/healthz', handler: () => ({ status: 'alive' }) });
server.on('message', take);
await listen();

function handOver(wish: SmsWish, reply: FastifyReply): void {
  if (waiting.size >= settings.mostWaiting) throw new HttpError('TOO_BUSY');
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
  const isAnswering = answers.length > 0;
  for (const answer of message.answers) answers.push(answer);
  if (!isAnswering) answerSome();
}

/** A few, and then what came meanwhile: the server has the next texts to store while others are still answered. */
function answerSome(): void {
  for (const answer of answers.splice(0, answersPerTurn)) {
    const reply = waiting.get(answer[0])!;
    waiting.delete(answer[0]);
    answerTexts(reply, unpackAnswer(answer));
  }
  if (answers.length > 0) setImmediate(answerSome);
}

async function listen(): Promise<void> {
  const { host, port, isShared } = settings;
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
