// What incoming texts need by the clock: an end to the wait for parts that do not come, and somebody for texts nobody has.

import { countWaiting, getOldestWaiting, getStaleGroups } from '../store/incoming-parts.js';
import { getUnplaced } from '../store/incoming.js';
import type { Transaction } from '../store/session.js';
import type { Steps } from '../store/transaction.js';
import { limits } from './limits.js';
import { placeIncoming } from './place-incoming.js';
import { closeGroup } from './reassembly.js';
import { reassemblyMilliseconds, type ReceiveServices, takeAll } from './receive.js';
import { type Addressee, findNamed } from './reply-to.js';

/** How often it is looked at. */
export const sweepMilliseconds = 15_000;

// Messages of one transaction: the others have their turn in between.
const groupsAtOnce = 50;
const textsAtOnce = 100;

/** The sweep of one server. Its first run looks at everything that an earlier one left. */
export function incomingSweep(services: ReceiveServices): () => Promise<void> {
  let mayBeUnplaced = true;
  services.store.changes.listen('unplaced', () => (mayBeUnplaced = true));
  return async () => {
    await closeStaleGroups(services);
    await closeWhatIsTooMuch(services);
    if (!mayBeUnplaced) return;
    mayBeUnplaced = false;
    const isLeft = await placeWaiting(services).catch((error: unknown) => {
      mayBeUnplaced = true;
      throw error;
    });
    if (isLeft) mayBeUnplaced = true;
  };
}

async function closeStaleGroups(services: ReceiveServices): Promise<void> {
  const closed = await takeAll(services, function* (tx, taking) {
    const keys = yield* getStaleGroups(tx, taking.now - reassemblyMilliseconds(services), groupsAtOnce);
    for (const key of keys) yield* closeGroup(tx, taking, key);
    return keys.length;
  });
  if (closed > 0) await closeStaleGroups(services);
}

async function closeWhatIsTooMuch(services: ReceiveServices): Promise<void> {
  const closed = await takeAll(services, function* (tx, taking) {
    if ((yield* countWaiting(tx)) <= limits.waitingParts) return 0;
    const oldest = yield* getOldestWaiting(tx);
    if (oldest) yield* closeGroup(tx, taking, oldest);
    return 1;
  });
  if (closed > 0) await closeWhatIsTooMuch(services);
}

/** Whether some are left. */
async function placeWaiting({ store, now }: ReceiveServices): Promise<boolean> {
  const left = await store.transact((tx) => placeUnplaced(tx, now()));
  return left > 0;
}

function* placeUnplaced(tx: Transaction, now: number): Steps<number> {
  const unplaced = yield* getUnplaced(tx, textsAtOnce);
  let left = 0;
  for (const text of unplaced) {
    const { deliverByHash } = tx.settings.current.incoming;
    const user = deliverByHash ? yield* findNamed(tx, text.text) : undefined;
    // Nobody had written to its sender when it came: somebody would have it.
    const addressee: Addressee = user ? { by: 'hash', user } : { by: 'gateway' };
    const { users } = yield* placeIncoming(tx, { text, addressee, now });
    if (users.length === 0) left++;
  }
  return unplaced.length === textsAtOnce ? left + 1 : left;
}
