// The elements of a Sync answer.
// MS-ASCMD 2.2.1.21 Sync, response

import type { StickyOptions } from '../../../store/states.js';
import type { Item } from '../../../store/tables.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { type Element, element } from '../../../wbxml/element.js';
import { writeEmail } from '../../item-classes/email.js';
import { writeSms } from '../../item-classes/sms.js';
import { itemServerId } from '../../server-id.js';
import { SyncStatus } from '../../statuses.js';
import type { ProtocolVersion } from '../../versions.js';
import type { ServerChange } from './collect.js';
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

interface Manner {
  options: readonly StickyOptions[];
  version: ProtocolVersion;
}

/** MS-ASCMD 2.2.3.27.6 Class (Sync): named where it is not the class of the folder. */
export function writeChange(change: ServerChange, { options, version }: Manner): Element {
  if (change.kind === 'Delete') {
    const { tombstone } = change;
    // In 14.0 the deletion of a text carries no Class.
    const isNamed = tombstone.class === 'SMS' && version !== '14.0';
    return element(AirSync.Delete, [
      isNamed ? element(AirSync.Class, 'SMS') : undefined,
      element(AirSync.ServerId, itemServerId({ folderId: tombstone.folderId, id: tombstone.itemId })),
    ]);
  }
  const { item } = change;
  return element(change.kind === 'Add' ? AirSync.Add : AirSync.Change, [
    item.class === 'SMS' ? element(AirSync.Class, 'SMS') : undefined,
    element(AirSync.ServerId, itemServerId(item)),
    element(AirSync.ApplicationData, writeApplicationData(item, options)),
  ]);
}

export function writeApplicationData(item: Item, options: readonly StickyOptions[]): Element[] {
  const truncationSize = options
    .find((each) => each.class === item.class)
    ?.bodyPreferences?.find(({ type }) => type === 1)?.truncationSize;
  return item.class === 'SMS' ? writeSms(item, { truncationSize }) : writeEmail(item, { truncationSize });
}
