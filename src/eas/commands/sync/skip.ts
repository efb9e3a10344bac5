// Items that cannot be written are left out, noted and shown to the administrator: whatever is wrong with one of them, the
// device gets all others. It gets that one as well once it can be written.

import type { Transaction } from '../../../store/session.js';
import { forgetSkippedItem, getSkippedItemIds, recordSkippedItem } from '../../../store/skipped-items.js';
import type { Steps } from '../../../store/transaction.js';
import type { Element } from '../../../wbxml/element.js';
import type { Exchange } from '../../exchange.js';
import type { ServerChange } from './basket.js';
import { type Manner, writeChange } from './write.js';

export type Writing = Manner & { exchange: Exchange };

export function* writeChanges(tx: Transaction, changes: readonly ServerChange[], manner: Writing): Steps<Element[]> {
  if (changes.length === 0) return [];
  const { device } = manner.exchange;
  const skipped = new Set(yield* getSkippedItemIds(tx, device.id));
  const written: Element[] = [];
  for (const change of changes) {
    const isMissing = 'item' in change && skipped.has(change.item.id);
    const command = yield* writeOrSkip(tx, isMissing ? asNew(change) : change, manner);
    if (command) written.push(command);
    if (command && isMissing) yield* forgetSkippedItem(tx, { deviceId: device.id, itemId: change.item.id });
  }
  return written;
}

// The device never got it, so that a change of it is the whole of it.
function asNew<T extends ServerChange>(change: T): T {
  return change.kind === 'Change' ? { ...change, kind: 'Add' } : change;
}

function* writeOrSkip(tx: Transaction, change: ServerChange, manner: Writing): Steps<Element | undefined> {
  // A statement that fails never comes back into a transaction, so what is caught here is the writing of the item alone.
  try {
    return yield* writeChange(tx, change, manner);
  } catch (error) {
    if (!('item' in change)) throw error;
    yield* skip(tx, change.item.id, { manner, reason: (error as Error).name });
    return undefined;
  }
}

function* skip(tx: Transaction, itemId: number, why: { manner: Writing; reason: string }): Steps<void> {
  const { exchange } = why.manner;
  const { device, services, now } = exchange;
  services.log.warn(
    { device: device.deviceId, itemId, reason: why.reason },
    'an item cannot be written and is left out',
  );
  yield* recordSkippedItem(tx, { deviceId: device.id, itemId, reason: why.reason, now });
}
