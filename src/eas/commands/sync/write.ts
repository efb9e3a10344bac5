// The elements of a Sync answer.
// MS-ASCMD 2.2.1.21 Sync, response

import type { Session } from '../../../store/session.js';
import type { ItemClass, StickyOptions } from '../../../store/states.js';
import type { CountryCode } from '../../../sms/number.js';
import type { Folder, Item } from '../../../store/tables.js';
import type { Steps } from '../../../store/transaction.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { type Element, element } from '../../../wbxml/element.js';
import type { Exchange } from '../../exchange.js';
import { writeItem } from '../../item-classes/item.js';
import { itemServerId } from '../../server-id.js';
import { SyncStatus } from '../../statuses.js';
import type { ServerChange } from './basket.js';
import type { CollectionRequest } from './read.js';

export function writeSync(collections: readonly Element[]): Element {
  return element(AirSync.Sync, [element(AirSync.Collections, collections)]);
}

interface WrittenCollection {
  syncKey: number;
  request: CollectionRequest;
  responses: readonly Element[];
  commands: readonly Element[];
  isMore: boolean;
}

export function writeCollection({ syncKey, request, responses, commands, isMore }: WrittenCollection): Element {
  return element(AirSync.Collection, [
    element(AirSync.SyncKey, String(syncKey)),
    element(AirSync.CollectionId, request.collectionId),
    element(AirSync.Status, String(SyncStatus.Success)),
    responses.length > 0 ? element(AirSync.Responses, responses) : undefined,
    isMore ? element(AirSync.MoreAvailable) : undefined,
    commands.length > 0 ? element(AirSync.Commands, commands) : undefined,
  ]);
}

export function writeRefusedCollection(request: CollectionRequest, status: number): Element {
  return element(AirSync.Collection, [
    element(AirSync.SyncKey, request.syncKey),
    element(AirSync.CollectionId, request.collectionId),
    element(AirSync.Status, String(status)),
  ]);
}

/** For whom a Collection is written, and how that device wants it. */
export interface Manner {
  exchange: Pick<Exchange, 'user' | 'version' | 'services'>;
  folder: Pick<Folder, 'type'>;
  options: readonly StickyOptions[];
}

/** MS-ASCMD 2.2.3.27.6 Class (Sync): named where it is not the class of the folder. */
export function* writeChange(session: Session, change: ServerChange, manner: Manner): Steps<Element> {
  if (change.kind === 'Delete') return writeDelete(change, manner);
  const { item, as } = change;
  const serverId = element(AirSync.ServerId, itemServerId(item, as));
  if (change.kind === 'SoftDelete') return element(AirSync.SoftDelete, [serverId]);
  return element(change.kind === 'Add' ? AirSync.Add : AirSync.Change, [
    as === 'SMS' ? element(AirSync.Class, 'SMS') : undefined,
    serverId,
    element(AirSync.ApplicationData, yield* writeApplicationData(session, { item, as }, manner)),
  ]);
}

function writeDelete({ tombstone, as }: Extract<ServerChange, { kind: 'Delete' }>, { exchange }: Manner): Element {
  const { folderId, itemId, class: own } = tombstone;
  return element(AirSync.Delete, [
    // In 14.0 the deletion of a text carries no Class.
    as === 'SMS' && exchange.version !== '14.0' ? element(AirSync.Class, 'SMS') : undefined,
    element(AirSync.ServerId, itemServerId({ folderId, id: itemId, class: own }, as)),
  ]);
}

export function* writeApplicationData(
  session: Session,
  { item, as }: { item: Item; as: ItemClass },
  { exchange, folder, options }: Manner,
): Steps<Element[]> {
  const defaultCountry = exchange.services.store.settings.current.defaultCountry as CountryCode | undefined;
  const surroundings = { folderType: folder.type, defaultCountry };
  const wish = { as, version: exchange.version, owner: exchange.user, surroundings };
  return yield* writeItem(session, item, { ...wish, options: options.find((each) => each.class === as) });
}
