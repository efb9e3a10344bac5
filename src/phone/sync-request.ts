// Writes a Sync: for each collection its key, what the phone wants to see of it, and what the phone did to it.
// MS-ASCMD 2.2.1.21 Sync; MS-ASMS 3.1.4.1.1 Synchronizing SMS Messages

import type { Element } from '../wbxml/element.js';
import { element } from '../wbxml/element.js';
import { AirSyncBase } from '../wbxml/airsync/air-sync-base.js';
import { AirSync } from '../wbxml/airsync/air-sync.js';
import type { ClientCommand, Collection } from './collection.js';
import type { Settled } from './options.js';
import { writeApplicationData } from './sms-item.js';

export interface SyncWishes extends Pick<Settled, 'windowSize' | 'protocolVersion'> {
  /** The types of the folders in which texts are wanted as such. */
  readonly textFolders: readonly number[];
}

export function writeSync(collections: readonly Collection[], wishes: SyncWishes): Element {
  const all = collections.map((collection) => writeCollection(collection, wishes));
  return element(AirSync.Sync, [element(AirSync.Collections, all)]);
}

// The order of the children is the document's.
// MS-ASCMD 2.2.3.29.2 Collection (Sync)
function writeCollection(collection: Collection, wishes: SyncWishes): Element {
  const isFirst = collection.syncKey === '0';
  return element(AirSync.Collection, [
    element(AirSync.SyncKey, collection.syncKey),
    element(AirSync.CollectionId, collection.id),
    // With key 0 there is nothing to get yet, and asking for it is a protocol error.
    ...(isFirst ? [] : [element(AirSync.DeletesAsMoves, '1'), element(AirSync.GetChanges)]),
    element(AirSync.WindowSize, String(wishes.windowSize)),
    ...writeOptions(collection, wishes),
    isFirst ? undefined : writeCommands(collection.waiting),
  ]);
}

// One block for mail, a second one for texts. At 12.1 there is no Class in it: the folder says it.
function writeOptions({ type }: Collection, { textFolders, protocolVersion }: SyncWishes): Element[] {
  if (protocolVersion === '12.1') return [options()];
  return textFolders.includes(type) ? [options('Email'), options('SMS')] : [options('Email')];
}

const EVERYTHING = '0';
const PLAIN_TEXT = '1';

function options(itemClass?: 'Email' | 'SMS'): Element {
  return element(AirSync.Options, [
    itemClass && element(AirSync.Class, itemClass),
    element(AirSync.FilterType, EVERYTHING),
    element(AirSyncBase.BodyPreference, [element(AirSyncBase.Type, PLAIN_TEXT)]),
  ]);
}

function writeCommands(commands: readonly ClientCommand[]): Element | undefined {
  return commands.length === 0 ? undefined : element(AirSync.Commands, commands.map(writeCommand));
}

function writeCommand(command: ClientCommand): Element {
  if (command.kind === 'delete') return element(AirSync.Delete, [element(AirSync.ServerId, command.serverId)]);
  return element(AirSync.Add, [
    element(AirSync.Class, 'SMS'),
    element(AirSync.ClientId, command.clientId),
    writeApplicationData(command.draft),
  ]);
}
