// Move: the items of a conversation go to one folder. What the user wrote stays where it is.
// MS-ASCMD 2.2.3.117.1 Move (ItemOperations); MS-ASCON 2.2.2.7 Move

import { FolderType, getFolders } from '../../../store/mailboxes.js';
import { moveItem } from '../../../store/items.js';
import { findItemIds, getItemOfUser } from '../../../store/search.js';
import type { Transaction } from '../../../store/session.js';
import type { Folder } from '../../../store/tables.js';
import type { Steps } from '../../../store/transaction.js';
import { ItemOperations } from '../../../wbxml/airsync/item-operations.js';
import { child, type Element, element, text } from '../../../wbxml/element.js';
import { conversationMatcher, readConversationId } from '../../conversation.js';
import type { Exchange } from '../../exchange.js';
import { readFolderId } from '../../server-id.js';
import { ItemOperationsStatus } from '../../statuses.js';
import { isSince } from '../../versions.js';

/** Items moved by one commit. */
const itemsAtOnce = 200;

const itsOwnWords: readonly number[] = [FolderType.SentItems, FolderType.Drafts, FolderType.Outbox];

export async function moveConversation(exchange: Exchange, request: Element): Promise<Element> {
  const conversationId = child(request, ItemOperations.ConversationId);
  return element(ItemOperations.Move, [
    element(ItemOperations.Status, String(await move(exchange, request))),
    element(ItemOperations.ConversationId, readConversationId(conversationId) ?? ''),
  ]);
}

async function move(exchange: Exchange, request: Element): Promise<number> {
  const { user, services, version } = exchange;
  const conversationId = readConversationId(child(request, ItemOperations.ConversationId));
  const destinationId = text(request, ItemOperations.DstFldId);
  if (!isSince(version, '14.0') || !conversationId || !destinationId) return ItemOperationsStatus.ProtocolError;
  const options = child(request, ItemOperations.Options);
  if (!options || !child(options, ItemOperations.MoveAlways)) return ItemOperationsStatus.MoveAlwaysMissing;
  const folders = await services.store.read((session) => getFolders(session, user.id));
  const destination = folders.find(({ id }) => id === readFolderId(destinationId));
  if (!destination) return ItemOperationsStatus.NotFound;
  if (destination.type === FolderType.Outbox) return ItemOperationsStatus.DestinationInvalid;
  const ids = await findItemIds(services.store, {
    folderIds: folders.filter(({ type }) => type !== FolderType.Outbox).map(({ id }) => id),
    classes: ['Email', 'SMS'],
    terms: [],
    matches: conversationMatcher(conversationId, folders, exchange),
  });
  if (ids.length === 0) return ItemOperationsStatus.NotFound;
  const sources = folders.filter(({ id, type }) => id !== destination.id && !itsOwnWords.includes(type));
  await moveAll(exchange, ids, { sources, destination });
  return ItemOperationsStatus.Success;
}

interface Way {
  sources: readonly Folder[];
  destination: Folder;
}

async function moveAll({ services, user }: Exchange, ids: readonly number[], way: Way): Promise<void> {
  for (let start = 0; start < ids.length; start += itemsAtOnce) {
    const some = ids.slice(start, start + itemsAtOnce);
    await services.store.transact((tx) => moveSome(tx, { userId: user.id, ids: some, ...way }));
  }
}

// The device named none of the items, so it is told of each, as every other device.
function* moveSome(tx: Transaction, moving: Way & { userId: number; ids: readonly number[] }): Steps<void> {
  for (const id of moving.ids) {
    const item = yield* getItemOfUser(tx, moving.userId, id);
    if (!item || !moving.sources.some((folder) => folder.id === item.folderId)) continue;
    yield* moveItem(tx, item, { folderId: moving.destination.id });
  }
}
