// A text that lies in a phone's Outbox: offered, fetched, confirmed or withdrawn. The bearer offers and withdraws, Sync
// fetches and confirms; each step holds only in the state it expects, so that a race ends in exactly one of them.

import { and, asc, eq, gte, inArray, isNull, sql } from 'drizzle-orm';
import { addItem, getItem, moveItem, removeItem } from './items.js';
import { FolderType, getFolderOfType } from './mailboxes.js';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { ConfirmationWay } from './states.js';
import type { Confirmation, Device, Item, Message } from './tables.js';
import { run, type Steps } from './transaction.js';

export interface Offer {
  message: Message;
  device: Pick<Device, 'id' | 'userId'>;
  /** The item's addresses in the form of MS-ASMS. */
  from: string;
  to: string;
  now: number;
}

const offerMessage = prepared((db, { messages }) =>
  db
    .update(messages)
    .set({
      state: 'offered',
      deviceId: sql`${sql.placeholder('deviceRow')}`,
      offeredAt: sql`${sql.placeholder('now')}`,
      fetchedAt: null,
      addMerged: false,
    })
    .where(and(eq(messages.id, sql.placeholder('id')), eq(messages.state, 'queued')))
    .returning({ gateway: messages.gateway }),
);

/** Puts a queued text into the Outbox of one device. False when it is no longer queued. */
export function* offerText(tx: Transaction, { message, device, from, to, now }: Offer): Steps<boolean> {
  const offered = yield* run(offerMessage(tx, { id: message.id, deviceRow: device.id, now }));
  if (offered.length === 0) return false;
  const outbox = yield* getFolderOfType(tx, device.userId, FolderType.Outbox);
  yield* addItem(tx, {
    userId: device.userId,
    folderId: outbox.id,
    class: 'SMS',
    from,
    to,
    text: message.text,
    date: now,
    read: true,
    messageId: message.id,
    offeredTo: device.id,
  });
  tx.announce({ topic: 'message', gateway: offered[0]!.gateway ?? 'none', state: 'offered' });
  return true;
}

/** Takes an offered text back, to be routed again. False when the phone has fetched or confirmed it meanwhile. */
export function* withdrawText(tx: Transaction, message: Message): Steps<boolean> {
  const { messages } = tx.tables;
  const withdrawn = yield* run(
    tx.db
      .update(messages)
      .set({ state: 'queued', deviceId: null, offeredAt: null, gateway: null })
      .where(and(eq(messages.id, message.id), eq(messages.state, 'offered'), isNull(messages.confirmedAt)))
      .returning({ id: messages.id }),
  );
  if (withdrawn.length === 0) return false;
  const item = yield* itemOfMessage(tx, message.id);
  if (item) yield* removeItem(tx, item);
  return true;
}

// One by one: together with the state, a list of ids would make SQLite walk all that is offered.
const fetchMessage = prepared((db, { messages }) =>
  db
    .update(messages)
    .set({ state: 'sending', fetchedAt: sql`${sql.placeholder('now')}` })
    .where(and(eq(messages.id, sql.placeholder('id')), eq(messages.state, 'offered'))),
);

/** From here on the phone may send these texts: they are never offered again by themselves. */
export function* markFetched(tx: Transaction, fetched: readonly Item[], now: number): Steps<void> {
  const { items } = tx.tables;
  const ids = fetched.flatMap((item) => item.messageId ?? []);
  if (ids.length === 0) return;
  const itemIds = fetched.map((item) => item.id);
  yield* run(tx.db.update(items).set({ fetchedAt: now }).where(inArray(items.id, itemIds)));
  for (const id of ids) yield* run(fetchMessage(tx, { id, now }));
}

export interface Confirming {
  item: Item;
  deviceId: number;
  way: ConfirmationWay;
  now: number;
}

/**
 * The phone sent this text: the item enters Sent Items, once, and the confirmation waits for the bearer.
 * The device that put it there itself is not told of it.
 */
export function* confirmText(tx: Transaction, { item, deviceId, way, now }: Confirming): Steps<void> {
  const { confirmations, messages } = tx.tables;
  const sentItems = yield* getFolderOfType(tx, item.userId, FolderType.SentItems);
  yield* moveItem(tx, item, {
    folderId: sentItems.id,
    leftBy: way === 'add' ? undefined : deviceId,
    enteredBy: way === 'delete' ? undefined : deviceId,
    changedBy: way === 'delete' ? undefined : deviceId,
    change: { date: now },
  });
  yield* run(
    tx.db
      .update(messages)
      .set({ confirmedAt: now, addMerged: way === 'add' })
      .where(eq(messages.id, item.messageId!)),
  );
  yield* run(
    tx.db.insert(confirmations).values({ messageId: item.messageId!, deviceId, way, at: now }).onConflictDoNothing(),
  );
  tx.announce({ topic: 'confirmation' });
}

/** How long after the offer an Add to Sent Items may still confirm it. */
export const addConfirmsForMilliseconds = 7 * 24 * 60 * 60 * 1000;
/** A phone that deletes from Outbox and adds to Sent Items does both within one round; later it is another text. */
export const addFollowsDeleteForMilliseconds = 10 * 60 * 1000;

export interface SentItemsAdd {
  deviceId: number;
  text: string;
  isRecipient(number: string): boolean;
  now: number;
}

/** The text in the phone's hands that an Add to Sent Items speaks of: the oldest unconfirmed, else one just confirmed. */
export function* getTextOfAdd(tx: Session, add: SentItemsAdd): Steps<{ message: Message; item: Item } | undefined> {
  const { messages } = tx.tables;
  const candidates = yield* run(
    tx.db
      .select()
      .from(messages)
      .where(
        and(
          eq(messages.deviceId, add.deviceId),
          inArray(messages.state, ['sending', 'unknown', 'sent']),
          eq(messages.text, add.text),
          eq(messages.addMerged, false),
          gte(messages.offeredAt, add.now - addConfirmsForMilliseconds),
        ),
      )
      .orderBy(asc(messages.offeredAt), asc(messages.id)),
  );
  const equal = candidates.filter((message) => add.isRecipient(message.recipient));
  const message =
    equal.find(({ confirmedAt }) => confirmedAt === null) ??
    equal.find(({ confirmedAt }) => confirmedAt! >= add.now - addFollowsDeleteForMilliseconds);
  const item = message && (yield* itemOfMessage(tx, message.id));
  return item && { message, item };
}

/** The phone's own copy of a text it has already confirmed becomes the item that is there. */
export function* mergeAdd(tx: Transaction, item: Item, deviceId: number): Steps<Item> {
  const { items, messages } = tx.tables;
  yield* run(tx.db.update(messages).set({ addMerged: true }).where(eq(messages.id, item.messageId!)));
  yield* run(tx.db.update(items).set({ enteredBy: deviceId, changedBy: deviceId }).where(eq(items.id, item.id)));
  tx.recent.forgetItem(item.id);
  return (yield* getItem(tx, item.folderId, item.id))!;
}

export function* itemOfMessage(tx: Session, messageId: string): Steps<Item | undefined> {
  const { items } = tx.tables;
  return (yield* run(
    tx.db.select().from(items).where(eq(items.messageId, messageId)).orderBy(asc(items.id)).limit(1),
  ))[0];
}

/** Confirmations that no bearer has dealt with yet, oldest first. */
export async function listConfirmations(session: Session): Promise<Confirmation[]> {
  const { confirmations } = session.tables;
  return session.db.select().from(confirmations).orderBy(asc(confirmations.at)).limit(1000);
}

export function* dropConfirmation(tx: Transaction, messageId: string): Steps<void> {
  const { confirmations } = tx.tables;
  yield* run(tx.db.delete(confirmations).where(eq(confirmations.messageId, messageId)));
}
