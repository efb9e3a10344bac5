// The thread that makes calls for the main thread. Run as the entry of a worker; ./messages.ts draws what goes in and out.

import { parentPort, workerData } from 'node:worker_threads';
import { ConnectionPools } from '../connection-pools.js';
import { HookError } from '../errors.js';
import type { Answer, Exchange } from '../exchange.js';
import { beginExchange } from '../http-call.js';
import { type Order, type Outcome, type Outcomes, readCall, writeCause } from './messages.js';
import { TurnBatch } from './turn-batch.js';

type Came = readonly [number: number, result: Answer | HookError];

const port = parentPort!;
/** The number of the last call that was begun: should this thread die, those after it were never written. */
const begun = workerData as Int32Array;
/** By caller. */
const pools = new Map<number, ConnectionPools>();
/** By number. */
const exchanges = new Map<number, Exchange>();
const outcomes = new TurnBatch<Came>(tell);

port.on('message', (orders: readonly Order[]) => orders.forEach(obey));
// It has come up.
tell([]);

function obey(order: Order): void {
  if (order[0] === 'call') return call(order);
  if (order[0] === 'stop') return exchanges.get(order[1])?.giveUp('it was given up');
  void pools.get(order[1])?.close();
  pools.delete(order[1]);
}

function call([, number, caller, ...written]: Extract<Order, readonly ['call', ...unknown[]]>): void {
  Atomics.store(begun, 0, number);
  try {
    const exchange = beginExchange(poolsOf(caller), readCall(written));
    exchanges.set(number, exchange);
    exchange.answer.then(
      (answer) => settle(number, answer),
      (error: HookError) => settle(number, error),
    );
  } catch (error) {
    if (!(error instanceof HookError)) throw error;
    outcomes.add([number, error]);
  }
}

function poolsOf(caller: number): ConnectionPools {
  const known = pools.get(caller) ?? new ConnectionPools();
  pools.set(caller, known);
  return known;
}

function settle(number: number, result: Answer | HookError): void {
  exchanges.delete(number);
  outcomes.add([number, result]);
}

function tell(came: readonly Came[]): void {
  const octets = came.reduce((sum, [, result]) => sum + octetsOf(result), 0);
  const bodies = new Uint8Array(octets);
  let end = 0;
  for (const [, result] of came) {
    if (!(result instanceof HookError)) bodies.set(result.body, end);
    end += octetsOf(result);
  }
  const message: Outcomes = [came.map(written), bodies];
  port.postMessage(message, [bodies.buffer]);
}

function octetsOf(result: Answer | HookError): number {
  return result instanceof HookError ? 0 : result.body.length;
}

function written([number, result]: Came): Outcome {
  if (result instanceof HookError) return ['failed', number, result.code, result.detail, writeCause(result.cause)];
  const { status, isWhole, body, headers } = result;
  return ['answered', number, status, isWhole, body.length, headers['retry-after'], JSON.stringify(headers)];
}
