// Fetch: an item by its ServerId or by the LongId that a search gave it, or an attachment by its FileReference.
// MS-ASCMD 2.2.3.67.1 Fetch (ItemOperations)

import { getFolders } from '../../../store/mailboxes.js';
import type { Session } from '../../../store/session.js';
import type { Steps } from '../../../store/transaction.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../../wbxml/airsync/air-sync-base.js';
import { DocumentLibrary } from '../../../wbxml/airsync/document-library.js';
import { ItemOperations } from '../../../wbxml/airsync/item-operations.js';
import { Search } from '../../../wbxml/airsync/search.js';
import { child, children, type Element, element, text, textOf } from '../../../wbxml/element.js';
import { readBodyOptions } from '../../body-options.js';
import { surroundingsIn } from '../../conversation.js';
import { StatusError } from '../../errors.js';
import type { Exchange } from '../../exchange.js';
import { writeItem } from '../../item-classes/item.js';
import { ItemOperationsStatus } from '../../statuses.js';
import { findItem, findItemAnywhere, type VisibleItem } from '../../visible-item.js';
import { type Delivery, deliverBody, makeRoom, octetsOf } from './delivery.js';
import { fetchAttachment } from './fetch-attachment.js';

export async function fetch(exchange: Exchange, request: Element, delivery: Delivery): Promise<Element> {
  const { store } = exchange.services;
  const names = namesIn(request);
  try {
    const fetched = await store.read((session) => fetchNamed(session, { exchange, request, delivery }));
    return element(ItemOperations.Fetch, [statusOf(ItemOperationsStatus.Success), ...names, ...fetched]);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return element(ItemOperations.Fetch, [statusOf(error.status), ...names]);
  }
}

const statusOf = (status: number) => element(ItemOperations.Status, String(status));

/** What the device called it by, in the order of the answer. */
function namesIn(request: Element): Element[] {
  const tags = [
    { tag: AirSync.CollectionId, characters: 64 },
    { tag: AirSync.ServerId, characters: 64 },
    { tag: Search.LongId, characters: 256 },
    { tag: DocumentLibrary.LinkId, characters: 1024 },
    { tag: AirSyncBase.FileReference, characters: 256 },
  ];
  return tags.flatMap(({ tag, characters }) => {
    const name = text(request, tag);
    return name ? [element(tag, name.slice(0, characters))] : [];
  });
}

interface Fetching {
  exchange: Exchange;
  request: Element;
  delivery: Delivery;
}

/** What follows the names: Class and Properties. Throws StatusError of this one Fetch. */
function* fetchNamed(session: Session, fetching: Fetching): Steps<readonly Element[]> {
  const { exchange, request } = fetching;
  if (text(request, ItemOperations.Store)?.toLowerCase() !== 'mailbox')
    throw new StatusError(ItemOperationsStatus.StoreUnknown, 'a store that this server has not');
  const { serverId, longId, fileReference } = readNames(request);
  if (fileReference !== undefined) return yield* fetchAttachment(session, { ...fetching, fileReference });
  const visible =
    serverId === undefined
      ? yield* findItemAnywhere(session, exchange, longId!)
      : yield* findItem(session, exchange, serverId);
  const collectionId = text(request, AirSync.CollectionId);
  if (!visible || (serverId !== undefined && (collectionId ?? '') !== String(visible.item.folderId)))
    throw new StatusError(ItemOperationsStatus.NotFound, 'no such item');
  return yield* fetchItem(session, fetching, visible);
}

interface Names {
  serverId: string | undefined;
  longId: string | undefined;
  fileReference: string | undefined;
}

// One thing and one name for it. MS-ASCMD 2.2.3.8 airsyncbase:FileReference
function readNames(request: Element): Names {
  const of = (tag: number) => {
    const found = children(request, tag);
    if (found.length > 1) throw new StatusError(ItemOperationsStatus.ProtocolError, 'two names of one kind');
    return found[0] && (textOf(found[0]) ?? '');
  };
  const names = {
    serverId: of(AirSync.ServerId),
    longId: of(Search.LongId),
    fileReference: of(AirSyncBase.FileReference),
  };
  if (Object.values(names).filter((name) => name !== undefined).length !== 1)
    throw new StatusError(ItemOperationsStatus.ProtocolError, 'Fetch of nothing, or of several things');
  return names;
}

function* fetchItem(session: Session, fetching: Fetching, { item, as }: VisibleItem): Steps<readonly Element[]> {
  const { exchange, request, delivery } = fetching;
  const asked = child(request, ItemOperations.Options);
  const options = asked && readBodyOptions(asked, as, ItemOperationsStatus.ProtocolError);
  const folders = yield* getFolders(session, exchange.user.id);
  const surroundings = surroundingsIn(folders, exchange)(item);
  const wish = { as, version: exchange.version, options, owner: exchange.user, surroundings };
  const written = yield* writeItem(session, item, wish);
  const properties = chosen(written, asked && child(asked, ItemOperations.Schema));
  if (!makeRoom(delivery, octetsOf(properties)))
    throw new StatusError(ItemOperationsStatus.TooLarge, 'more than one answer carries');
  return [element(AirSync.Class, as), element(ItemOperations.Properties, deliverBody(properties, delivery))];
}

// MS-ASCMD 2.2.3.158 Schema
function chosen(properties: readonly Element[], schema: Element | undefined): readonly Element[] {
  if (!schema) return properties;
  const tags = new Set(children(schema).map(({ tag }) => tag));
  return properties.filter(({ tag }) => tags.has(tag));
}
