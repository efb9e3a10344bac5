// What a device may be given of the items and attachments that it names. A text on its way through a phone is that
// phone's alone, and only once Sync has given it: what else hands it out would have it sent twice.

import { type AttachmentHead, getAttachmentHead } from '../store/contents.js';
import { getItemOfUser } from '../store/search.js';
import type { Session } from '../store/session.js';
import type { ItemClass } from '../store/states.js';
import type { Item } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import type { Exchange } from './exchange.js';
import { isNameOf, itemServerId, readItemId } from './server-id.js';
import { hasTexts } from './versions.js';

export interface VisibleItem {
  item: Item;
  /** The class that the name stands for: a text may be named as the mail it is shown as. */
  as: ItemClass;
}

type Viewer = Pick<Exchange, 'user' | 'device' | 'version'>;

/** The item of this ServerId, in the folder that the ServerId says. */
export function* findItem(session: Session, viewer: Viewer, serverId: string): Steps<VisibleItem | undefined> {
  const visible = yield* findItemAnywhere(session, viewer, serverId);
  return visible && itemServerId(visible.item, visible.as) === serverId ? visible : undefined;
}

/** The item that a LongId names, wherever it lies by now. MS-ASCMD 2.2.3.98 LongId */
export function* findItemAnywhere(session: Session, viewer: Viewer, longId: string): Steps<VisibleItem | undefined> {
  const name = readItemId(longId);
  const item = name && (yield* getItemOfUser(session, viewer.user.id, name.itemId));
  if (!item || !isNameOf(name, item)) return undefined;
  const as = name.isAsMail ? 'Email' : item.class;
  return isVisible(item, as, viewer) ? { item, as } : undefined;
}

function isVisible(item: Item, as: ItemClass, { device, version }: Viewer): boolean {
  if (as === 'SMS' && !hasTexts(version)) return false;
  if (item.offeredTo === null) return true;
  return as === 'SMS' && item.offeredTo === device.id && item.fetchedAt !== null;
}

/** A LongId is the ServerId that the item had when it was found. */
export function longIdOf(item: Item, as: ItemClass): string {
  return itemServerId(item, as);
}

const fileReferenceForm = /^[1-9]\d{0,14}$/;

/** The attachment of this FileReference, if its item is this user's. */
export function* findAttachment(
  session: Session,
  viewer: Viewer,
  fileReference: string,
): Steps<AttachmentHead | undefined> {
  if (!fileReferenceForm.test(fileReference)) return undefined;
  const head = yield* getAttachmentHead(session, Number(fileReference));
  const item = head && (yield* getItemOfUser(session, viewer.user.id, head.itemId));
  return item && isVisible(item, 'Email', viewer) ? head : undefined;
}
