// Items that cannot be written are left out, noted and shown to the administrator: whatever is wrong with one of them, the
// device gets all others. It gets that one as well once it can be written.

import type { Transaction } from '../../../store/session.js';
import { forgetSkippedItem, getSkippedItemIds, recordSkippedItem } from '../../../store/skipped-items.js';
import type { Steps } from '../../../store/transaction.js';
import type { Element } from '../../../wbxml/element.js';
import type { Exchange } from '../../exchange.js';
import type { ServerChange } from './basket.js';
import { hasContent } from '../../item-classes/item.js';
import { loadContent, type MailContent } from '../../item-classes/mail.js';
import { type Manner, type Wishes, wishesOf, writeChange } from './write.js';

export type Writing = Manner & { exchange: Exchange };

export function* writeChanges(tx: Transaction, changes: readonly ServerChange[], manner: Writing): Steps<Element[]> {
  if (changes.length === 0) return [];
  const { device } = manner.exchange;
  const wishes = wishesOf(manner);
  const skipped = yield* getSkippedAmong(tx, changes, device.id);
  const written: Element[] = [];
  for (const change of changes) {
    const isMissing = 'item' in change && skipped.has(change.item.id);
    const content = mayHaveContent(change, wishes) ? yield* contentOf(tx, change, wishes) : undefined;
    const command = writeOrFail(isMissing ? asNew(change) : change, wishes, content);
    if ('tag' in command) written.push(command);
    else yield* skip(tx, change, { manner, reason: command.reason });
    if ('tag' in command && isMissing) yield* forgetSkippedItem(tx, { deviceId: device.id, itemId: change.item.id });
  }
  return written;
}

// Only what is changed can be one that the device did not get.
function* getSkippedAmong(tx: Transaction, changes: readonly ServerChange[], deviceId: number): Steps<Set<number>> {
  if (!changes.some(({ kind }) => kind === 'Change')) return new Set();
  return new Set(yield* getSkippedItemIds(tx, deviceId));
}

type Written = Exclude<ServerChange, { kind: 'Delete' }>;

function mayHaveContent(change: ServerChange, wishes: Wishes): change is Written {
  return (change.kind === 'Add' || change.kind === 'Change') && hasContent(change.item, wishes[change.as]);
}

function* contentOf(tx: Transaction, { item, as }: Written, wishes: Wishes): Steps<MailContent> {
  return yield* loadContent(tx, item, wishes[as]);
}

// The device never got it, so that a change of it is the whole of it.
function asNew<T extends ServerChange>(change: T): T {
  return change.kind === 'Change' ? { ...change, kind: 'Add' } : change;
}

function writeOrFail(
  change: ServerChange,
  wishes: Wishes,
  content: MailContent | undefined,
): Element | { reason: string } {
  try {
    return writeChange(change, wishes, content);
  } catch (error) {
    return { reason: (error as Error).name };
  }
}

function* skip(tx: Transaction, change: ServerChange, why: { manner: Writing; reason: string }): Steps<void> {
  const itemId = 'item' in change ? change.item.id : change.tombstone.itemId;
  const { exchange } = why.manner;
  const { device, services, now } = exchange;
  services.log.warn(
    { device: device.deviceId, itemId, reason: why.reason },
    'an item cannot be written and is left out',
  );
  yield* recordSkippedItem(tx, { deviceId: device.id, itemId, reason: why.reason, now });
}
