// What an earlier run of the server left behind, and what this one leaves: a text that a bearer held when the process
// ended may have been sent. What was claimed only is free.

import { reportUnknown } from '../message/report.js';
import { getHeld, getOrphans } from '../store/attempts.js';
import { releaseClaims, releaseClaimsOfOthers } from '../store/queue.js';
import { submitErrors } from './errors.js';
import type { GatewayServices } from './services.js';

const batchSize = 50;

/** `by` names the dispatcher that starts: whatever another one held is nobody's now. */
export async function recoverOrphans({ store, now, log }: GatewayServices, by: string): Promise<void> {
  const reason = 'the server ended while the text was being sent';
  await store.transact((tx) => releaseClaimsOfOthers(tx, by));
  let found: number;
  do {
    found = await store.transact(function* (tx) {
      const orphans = yield* getOrphans(tx, by, batchSize);
      for (const message of orphans) yield* reportUnknown(tx, { message, reason, now: now() });
      return orphans.length;
    });
    if (found > 0) log.warn({ messages: found }, 'texts that were being sent when the server ended may have been sent');
  } while (found > 0);
}

/** Records what is still in flight as unknown and gives back what was claimed only. */
export async function leaveBehind({ store, now, log }: GatewayServices, by: string): Promise<void> {
  const reason = submitErrors.SHUT_DOWN.message;
  const held = await store.transact(function* (tx) {
    const messages = yield* getHeld(tx, by);
    for (const message of messages) yield* reportUnknown(tx, { message, reason, now: now() });
    yield* releaseClaims(tx, by);
    return messages.length;
  });
  if (held > 0) log.warn({ messages: held }, 'texts still being sent at the end are recorded as unknown');
}
