// A draft as an item of the mailbox.

import { createHash } from 'node:crypto';
import { addAttachment, putContent, listAttachments, removeAttachment } from '../../../../store/contents.js';
import { type ClientAdd, getClientAdd, renewClientAdd } from '../../../../store/client-adds.js';
import { addItem, changeItem } from '../../../../store/items.js';
import type { Session, Transaction } from '../../../../store/session.js';
import type { ItemProperties } from '../../../../store/states.js';
import type { Item, User } from '../../../../store/tables.js';
import type { Steps } from '../../../../store/transaction.js';
import type { DraftData, NewFile } from './draft-data.js';

export interface FiledDraft {
  item: Item;
  /** FileReferences by the ClientIds of the device. */
  references: ReadonlyMap<string, number>;
}

interface Filing {
  user: User;
  folderId: number;
  deviceId: number;
  now: number;
}

export interface DraftChange {
  draft: DraftData;
  deviceId: number;
  now: number;
}

export function* addDraft(tx: Transaction, draft: DraftData, filing: Filing): Steps<FiledDraft> {
  const { user, folderId, deviceId, now } = filing;
  const item = yield* addItem(tx, {
    userId: user.id,
    folderId,
    class: 'Email',
    from: user.address,
    to: draft.to ?? '',
    subject: draft.subject ?? '',
    text: draft.body?.text ?? '',
    date: now,
    read: draft.read ?? true,
    importance: draft.importance ?? 1,
    properties: propertiesOf(draft, { isDraft: true }),
    changedBy: deviceId,
  });
  if (draft.body) yield* putContent(tx, { itemId: item.id, html: draft.body.html, mime: undefined });
  return { item, references: yield* addFiles(tx, item, { draft, deviceId, now }) };
}

/** What the draft does not name stays. Gives back the FileReferences of what came to it. */
export function* changeDraft(
  tx: Transaction,
  item: Item,
  change: DraftChange & { changedBy: number | undefined },
): Steps<ReadonlyMap<string, number>> {
  const { draft, changedBy } = change;
  const { to, subject, importance, read, body } = draft;
  if (body) yield* putContent(tx, { itemId: item.id, html: body.html, mime: undefined });
  for (const reference of draft.removed) yield* removeAttachment(tx, item.id, Number(reference) || 0);
  const references = yield* addFiles(tx, item, change);
  const hasAttachments = (yield* listAttachments(tx, item.id)).length > 0;
  const properties = { ...propertiesOf(draft, item.properties), hasAttachments };
  const named = { to, subject, importance, read, text: body?.text };
  const values = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  yield* changeItem(tx, item, { ...values, properties }, changedBy);
  return references;
}

type Draft = Pick<Item, 'id' | 'folderId'>;

/** The same file under the same ClientId is the one that is there: the answer to its Add was lost. */
function* addFiles(tx: Transaction, item: Draft, change: DraftChange): Steps<Map<string, number>> {
  const references = yield* findFiles(tx, item, change);
  for (const file of change.draft.added) {
    if (references.has(file.clientId)) continue;
    const id = yield* addAttachment(tx, { ...file, itemId: item.id });
    yield* renewClientAdd(tx, { ...keyOf(item, file, change), itemId: id, now: change.now });
    references.set(file.clientId, id);
  }
  return references;
}

/** Those of the files that the draft has by now. */
export function* findFiles(tx: Session, item: Draft, change: DraftChange): Steps<Map<string, number>> {
  const references = new Map<string, number>();
  const { added } = change.draft;
  const present = added.length > 0 ? (yield* listAttachments(tx, item.id)).map(({ id }) => id) : [];
  for (const file of added) {
    const known = yield* getClientAdd(tx, keyOf(item, file, change));
    if (known !== undefined && present.includes(known)) references.set(file.clientId, known);
  }
  return references;
}

function keyOf(item: Draft, file: NewFile, { deviceId }: DraftChange): ClientAdd {
  const clientId = `file ${item.id} ${file.clientId}`;
  return { deviceId, folderId: item.folderId, clientId, digest: digestOf(file) };
}

function digestOf({ name, contentType, octets }: NewFile): string {
  return createHash('sha256')
    .update(JSON.stringify([name, contentType]))
    .update(octets)
    .digest('base64url');
}

function propertiesOf(draft: DraftData, before: ItemProperties): ItemProperties {
  const { cc, bcc, replyTo, body, added } = draft;
  return {
    ...before,
    ...(cc !== undefined && { cc }),
    ...(bcc !== undefined && { bcc }),
    ...(replyTo !== undefined && { replyTo }),
    ...(body && { hasContent: true }),
    ...(added.length > 0 && { hasAttachments: true }),
  };
}
