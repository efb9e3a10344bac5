// One request to the server under test, and its answer; what is held is hung up after a while, and must then be let go.

import { setImmediate as turn } from 'node:timers/promises';
import type { Setting } from './setting.js';
import type { WireAnswer } from './wire.js';

export interface Asked {
  query: string;
  version: string;
  policyKey: string;
  octets: Uint8Array;
}

const deadlineMilliseconds = 30_000;
// What is answered at once is not held for longer than a few turns.
const turnsOfAHold = 40;

/** Throws where there is no answer, with the reason alone. */
export async function ask({ bench, wire }: Setting, asked: Asked): Promise<WireAnswer | 'held'> {
  const { answer, hangUp } = wire.send(requestOf(asked));
  let answered: WireAnswer | undefined;
  let failure: Error | undefined;
  answer.then((given) => (answered = given)).catch((error: Error) => (failure = error));
  const deadline = performance.now() + deadlineMilliseconds;
  for (let turnsHeld = 0; turnsHeld < turnsOfAHold;) {
    await turn();
    if (failure) throw new Error(`the connection broke: ${failure.message}`);
    if (answered) return answered;
    turnsHeld = bench.eas.held() > 0 ? turnsHeld + 1 : 0;
    if (performance.now() > deadline) throw new Error('was never answered');
  }
  hangUp();
  while (bench.eas.held() > 0) {
    await turn();
    if (performance.now() > deadline) throw new Error('stays held though the device hung up');
  }
  return 'held';
}

function requestOf({ query, version, policyKey, octets }: Asked) {
  return {
    path: `/Microsoft-Server-ActiveSync?${query}`,
    headers: {
      authorization: `Basic ${Buffer.from('ann@example.com:secret').toString('base64')}`,
      'ms-asprotocolversion': version,
      'x-ms-policykey': policyKey,
      ...(octets.length > 0 ? { 'content-type': 'application/vnd.ms-sync.wbxml' } : {}),
    },
    body: octets,
  };
}

/** The server itself failed: a 500 that a version asks for by the document says nothing in the log of an error. */
export function hasFailed({ bench }: Setting): boolean {
  return bench.logged.some((line) => (JSON.parse(line) as { level: number }).level >= 50);
}
