// What an item has beside its plain text: HTML, the mail's octets, attachments. The rows go with their item and stay with it
// when it moves; a text message has none.

import { and, asc, eq, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Attachment, Tables } from './tables.js';
import { run, type Steps } from './transaction.js';

export interface Content {
  html: string | undefined;
  /** The octets as they came; absent where the server composes them, as of a draft. */
  mime: Uint8Array | undefined;
}

/** Takes the place of what the item had. Whoever makes the item sets `hasContent` of its properties. */
export function* putContent(tx: Transaction, { itemId, html, mime }: Content & { itemId: number }): Steps<void> {
  const { itemContents } = tx.tables;
  const content = { html: html ?? null, mime: mime ? bufferOf(mime) : null };
  yield* run(
    tx.db
      .insert(itemContents)
      .values({ itemId, ...content })
      .onConflictDoUpdate({ target: itemContents.itemId, set: content }),
  );
}

const contentOf = prepared((db, { itemContents }) =>
  db
    .select({ html: itemContents.html, mime: itemContents.mime })
    .from(itemContents)
    .where(eq(itemContents.itemId, sql.placeholder('itemId'))),
);

export function* getContent(session: Session, itemId: number): Steps<Content | undefined> {
  const [row] = yield* run(contentOf(session, { itemId }));
  return row && { html: row.html ?? undefined, mime: row.mime ?? undefined };
}

export interface NewAttachment {
  itemId: number;
  name: string;
  contentType: string;
  /** Without angle brackets, as a `cid:` link of the body names it. */
  contentId: string | undefined;
  isInline: boolean;
  octets: Uint8Array;
}

/** Returns its id. Whoever makes the item sets `hasAttachments` of its properties. */
export function* addAttachment(tx: Transaction, attachment: NewAttachment): Steps<number> {
  const { attachments } = tx.tables;
  const { itemId, name, contentType, contentId, isInline, octets } = attachment;
  const head = { itemId, name, contentType, contentId: contentId ?? null, isInline, size: octets.length };
  const row = { ...head, octets: bufferOf(octets) };
  return (yield* run(tx.db.insert(attachments).values(row).returning({ id: attachments.id })))[0]!.id;
}

/** An attachment without its octets; `size` counts them. */
export type AttachmentHead = Omit<Attachment, 'octets'>;

const headColumns = ({ attachments }: Tables) => ({
  id: attachments.id,
  itemId: attachments.itemId,
  name: attachments.name,
  contentType: attachments.contentType,
  contentId: attachments.contentId,
  isInline: attachments.isInline,
  size: attachments.size,
});

const headsOf = prepared((db, tables) =>
  db
    .select(headColumns(tables))
    .from(tables.attachments)
    .where(eq(tables.attachments.itemId, sql.placeholder('itemId')))
    .orderBy(asc(tables.attachments.id)),
);

/** The attachments of an item in the order they were added. */
export function* listAttachments(session: Session, itemId: number): Steps<AttachmentHead[]> {
  return yield* run(headsOf(session, { itemId }));
}

const headOf = prepared((db, tables) =>
  db
    .select(headColumns(tables))
    .from(tables.attachments)
    .where(eq(tables.attachments.id, sql.placeholder('id'))),
);

/** Of any mailbox, as below. */
export function* getAttachmentHead(session: Session, id: number): Steps<AttachmentHead | undefined> {
  return (yield* run(headOf(session, { id })))[0];
}

/** Of any mailbox: whoever names one by what a device said checks whose item it belongs to. */
export function* getAttachment(session: Session, id: number): Steps<Attachment | undefined> {
  const { attachments } = session.tables;
  return (yield* run(session.db.select().from(attachments).where(eq(attachments.id, id))))[0];
}

/** Whether the item had it. */
export function* removeAttachment(tx: Transaction, itemId: number, id: number): Steps<boolean> {
  const { attachments } = tx.tables;
  const itsOwn = and(eq(attachments.id, id), eq(attachments.itemId, itemId));
  return (yield* run(tx.db.delete(attachments).where(itsOwn).returning({ id: attachments.id }))).length > 0;
}

/** Gives another item the same attachments, under ids of their own; returns how many. */
export function* copyAttachments(tx: Transaction, fromItemId: number, toItemId: number): Steps<number> {
  const heads = yield* listAttachments(tx, fromItemId);
  // One at a time, so that only one is in memory.
  for (const { id } of heads) {
    const attachment = (yield* getAttachment(tx, id))!;
    yield* addAttachment(tx, { ...attachment, contentId: attachment.contentId ?? undefined, itemId: toItemId });
  }
  return heads.length;
}

// The drivers bind Buffers; the octets are not copied.
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}
