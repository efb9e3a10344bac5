// MoveItems: items change their folder; a text moved from Outbox to Sent Items was sent.
// MS-ASCMD 2.2.1.12 MoveItems

import { getCollection } from '../../store/collections.js';
import { getItem, getTombstones, moveItem } from '../../store/items.js';
import { FolderType, getFolder } from '../../store/mailboxes.js';
import { confirmText } from '../../store/outbox.js';
import type { Transaction } from '../../store/session.js';
import type { ItemClass } from '../../store/states.js';
import type { Device, Folder, Item } from '../../store/tables.js';
import type { Steps } from '../../store/transaction.js';
import { Move } from '../../wbxml/airsync/move.js';
import { children, type Element, element, text } from '../../wbxml/element.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { limits } from '../limits.js';
import { isNameOf, type ItemName, itemServerId, readFolderId, readItemId } from '../server-id.js';
import { CommonStatus, MoveItemsStatus } from '../statuses.js';
import { isUnseenChange } from './sync/collect.js';
import { shownIn } from './sync/shown.js';

export async function moveItems(exchange: Exchange): Promise<Element> {
  const moves = exchange.body ? children(exchange.body, Move.Move) : [];
  if (moves.length === 0 || moves.length > limits.moves)
    throw new StatusError(CommonStatus.InvalidContent, 'MoveItems without Move, or with too many');
  // An answer names what it answers: nothing can be said of a Move that names nothing.
  if (moves.some((move) => !text(move, Move.SrcMsgId)))
    throw new StatusError(CommonStatus.InvalidContent, 'a Move without SrcMsgId');
  const responses = await exchange.services.store.transact(function* (tx) {
    const moved: Element[] = [];
    for (const move of moves) moved.push(yield* moveOne(tx, exchange, move));
    return moved;
  });
  return element(Move.MoveItems, responses);
}

function* moveOne(tx: Transaction, exchange: Exchange, move: Element): Steps<Element> {
  const sourceId = (text(move, Move.SrcMsgId) ?? '').slice(0, limits.keyCharacters);
  const answer = (status: number, id?: string) =>
    element(Move.Response, [
      element(Move.SrcMsgId, sourceId),
      element(Move.Status, String(status)),
      id === undefined ? undefined : element(Move.DstMsgId, id),
    ]);
  // It sees nothing of its own that it could move.
  if (exchange.device.state === 'quarantined') return answer(MoveItemsStatus.Failed);
  const id = readItemId(sourceId);
  const source = yield* findFolder(tx, exchange, text(move, Move.SrcFldId));
  if (!id || id.folderId !== source?.id) return answer(MoveItemsStatus.InvalidSource);
  const destination = yield* findFolder(tx, exchange, text(move, Move.DstFldId));
  if (!destination || destination.type === FolderType.Outbox) return answer(MoveItemsStatus.InvalidDestination);
  if (destination.id === source.id) return answer(MoveItemsStatus.SourceIsDestination);
  const moved = yield* moveOrRecognise(tx, { exchange, source, destination, name: id });
  if (!moved) return answer(MoveItemsStatus.InvalidSource);
  return answer(MoveItemsStatus.Success, yield* nameThere(tx, exchange, { destination, itemClass: moved, name: id }));
}

// By this name the device will hear of the item: a text may be shown as mail in the one folder and not in the other. Where
// it does not synchronize the folder, nothing is known, and the text stays what it was.
function* nameThere(
  tx: Transaction,
  { device, version }: Exchange,
  { destination, itemClass, name }: { destination: Folder; itemClass: ItemClass; name: ItemName },
): Steps<string> {
  const state = yield* getCollection(tx, device.id, destination.id);
  const shownAs = state && shownIn(destination, state.options, version)[itemClass];
  const item = { folderId: destination.id, id: name.itemId, class: itemClass };
  return itemServerId(item, shownAs ?? (name.isAsMail ? 'Email' : itemClass));
}

function* findFolder(tx: Transaction, { user }: Exchange, serverId: string | undefined): Steps<Folder | undefined> {
  const id = readFolderId(serverId ?? '');
  const folder = id === undefined ? undefined : yield* getFolder(tx, user.id, id);
  return folder?.deleted ? undefined : folder;
}

interface OneMove {
  exchange: Exchange;
  source: Folder;
  destination: Folder;
  name: ItemName;
}

/** The class of what was moved. */
function* moveOrRecognise(tx: Transaction, move: OneMove): Steps<ItemClass | undefined> {
  const { exchange, source, destination, name } = move;
  const { device, now } = exchange;
  const item = yield* getItem(tx, source.id, name.itemId);
  if (!item) return yield* wasMovedBefore(tx, move);
  if (!isNameOf(name, item)) return undefined;
  if (item.offeredTo !== null && (item.offeredTo !== device.id || name.isAsMail)) return undefined;
  const isSent = source.type === FolderType.Outbox && destination.type === FolderType.SentItems;
  if (isSent && item.messageId !== null) yield* confirmText(tx, { item, deviceId: device.id, way: 'move', now });
  else yield* moveWhole(tx, item, { device, destination });
  return item.class;
}

// What others changed before the move, and the device was not told of, it is told of in the new folder.
function* moveWhole(tx: Transaction, item: Item, to: { device: Device; destination: Folder }): Steps<void> {
  const { device, destination } = to;
  const state = yield* getCollection(tx, device.id, item.folderId);
  const isUnseen = isUnseenChange(item, { deviceId: device.id, marks: state?.marks ?? {} });
  const own = { leftBy: device.id, enteredBy: device.id, changedBy: isUnseen ? undefined : device.id };
  yield* moveItem(tx, item, { folderId: destination.id, ...own });
}

// The answer to the same Move was lost: the device put the item where it wants it, whatever became of it since. What
// somebody else put there is not for it to have by this Move: it is told of that by Sync.
function* wasMovedBefore(tx: Transaction, move: OneMove): Steps<ItemClass | undefined> {
  const { exchange, source, destination, name } = move;
  const { device } = exchange;
  const left = yield* getTombstones(tx, source.id, name.itemId);
  if (left.length === 0) return undefined;
  const marks = (yield* getCollection(tx, device.id, source.id))?.marks ?? {};
  const item = yield* getItem(tx, destination.id, name.itemId);
  const entered = [...(item ? [item] : []), ...(yield* getTombstones(tx, destination.id, name.itemId))];
  for (const { sequence, class: itemClass, enteredSequence, enteredBy } of left) {
    if (entered.some((entry) => entry.enteredBy === device.id && entry.enteredSequence === sequence + 1))
      return itemClass;
    // It knows of this stay in the source, so it is this one that it wants to end.
    if (enteredBy === device.id || enteredSequence <= (marks[itemClass]?.entered ?? 0)) return undefined;
  }
  return undefined;
}
