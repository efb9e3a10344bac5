// A draft as an item of the mailbox.

import { addAttachment, putContent, listAttachments, removeAttachment } from '../../../../store/contents.js';
import { addItem, changeItem } from '../../../../store/items.js';
import type { Transaction } from '../../../../store/session.js';
import type { ItemProperties } from '../../../../store/states.js';
import type { Item, User } from '../../../../store/tables.js';
import type { Steps } from '../../../../store/transaction.js';
import type { DraftData } from './draft-data.js';

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
  return { item, references: yield* addFiles(tx, item.id, draft) };
}

/** What the draft does not name stays. */
export function* changeDraft(tx: Transaction, item: Item, change: { draft: DraftData; deviceId: number }): Steps<void> {
  const { draft, deviceId } = change;
  const { to, subject, importance, read, body } = draft;
  if (body) yield* putContent(tx, { itemId: item.id, html: body.html, mime: undefined });
  for (const reference of draft.removed) yield* removeAttachment(tx, item.id, Number(reference) || 0);
  yield* addFiles(tx, item.id, draft);
  const hasAttachments = (yield* listAttachments(tx, item.id)).length > 0;
  const properties = { ...propertiesOf(draft, item.properties), hasAttachments };
  const named = { to, subject, importance, read, text: body?.text };
  const values = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  yield* changeItem(tx, item, { ...values, properties }, deviceId);
}

function* addFiles(tx: Transaction, itemId: number, { added }: DraftData): Steps<Map<string, number>> {
  const references = new Map<string, number>();
  for (const file of added) references.set(file.clientId, yield* addAttachment(tx, { ...file, itemId }));
  return references;
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
