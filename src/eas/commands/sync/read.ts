// A Sync request as types. Tolerant in the order of elements, strict in what would change their meaning.
// MS-ASCMD 2.2.1.21 Sync

import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../../wbxml/airsync/air-sync-base.js';
import { child, children, type Element, text } from '../../../wbxml/element.js';
import type { ItemClass, StickyOptions } from '../../../store/states.js';
import { StatusError } from '../../errors.js';
import { limits } from '../../limits.js';
import { SyncStatus } from '../../statuses.js';

export interface SyncRequest {
  collections: readonly CollectionRequest[];
  /** Seconds to wait for a change, from Wait or HeartbeatInterval. */
  waitSeconds: number | undefined;
  windowSize: number;
}

export interface CollectionRequest {
  syncKey: string;
  collectionId: string;
  /** Absent counts as true, except with key 0. MS-ASCMD 2.2.3.84 GetChanges */
  getChanges: boolean | undefined;
  deletesAsMoves: boolean;
  windowSize: number;
  /** Absent: the Options of the last request that had some are meant. */
  options: StickyOptions[] | undefined;
  commands: readonly Element[];
}

/** A Wait or HeartbeatInterval outside the bounds; the answer names the nearest one. */
export class WaitOutOfRange extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super('Wait or HeartbeatInterval is out of range');
    this.limit = limit;
  }
}

export function readSync(root: Element): SyncRequest {
  // Partial means "and the collections of last time", which is answered like an empty request nobody remembers.
  if (child(root, AirSync.Partial)) throw new StatusError(SyncStatus.EmptyRequestNotCached, 'nothing to complete');
  const list = child(root, AirSync.Collections);
  const collections = list ? children(list, AirSync.Collection) : [];
  if (collections.length === 0) throw protocolError('Sync without a Collection');
  return {
    collections: collections.map(readCollection),
    waitSeconds: readWait(root),
    windowSize: readWindowSize(text(root, AirSync.WindowSize), limits.windowSize),
  };
}

// MS-ASCMD 2.2.3.197 Wait, 2.2.3.87.2 HeartbeatInterval (Sync)
function readWait(root: Element): number | undefined {
  const wait = text(root, AirSync.Wait);
  const heartbeat = text(root, AirSync.HeartbeatInterval);
  if (wait !== undefined && heartbeat !== undefined) throw protocolError('both Wait and HeartbeatInterval');
  if (wait !== undefined) return within(wait, { least: 1, most: 59 }) * 60;
  if (heartbeat !== undefined) return within(heartbeat, { least: 60, most: 3540 });
  return undefined;
}

function within(value: string, { least, most }: { least: number; most: number }): number {
  if (!/^\d{1,9}$/.test(value)) throw protocolError('Wait or HeartbeatInterval is no number');
  if (Number(value) < least) throw new WaitOutOfRange(least);
  if (Number(value) > most) throw new WaitOutOfRange(most);
  return Number(value);
}

function readCollection(collection: Element): CollectionRequest {
  const syncKey = readKey(text(collection, AirSync.SyncKey));
  const commands = child(collection, AirSync.Commands);
  const request = {
    syncKey,
    collectionId: readKey(text(collection, AirSync.CollectionId)),
    getChanges: readFlag(text(collection, AirSync.GetChanges)),
    deletesAsMoves: readFlag(text(collection, AirSync.DeletesAsMoves)) ?? true,
    windowSize: readWindowSize(text(collection, AirSync.WindowSize), 100),
    options: readOptions(children(collection, AirSync.Options)),
    commands: commands ? children(commands) : [],
  };
  if (request.commands.length > limits.clientCommands) throw protocolError('too many client commands');
  if (syncKey !== '0') return request;
  if (request.getChanges === true) throw protocolError('GetChanges with SyncKey 0');
  if (commands) throw protocolError('Commands with SyncKey 0');
  return request;
}

function readKey(value: string | undefined): string {
  if (value === undefined || value === '' || value.length > limits.keyCharacters)
    throw protocolError('SyncKey or CollectionId is missing or too long');
  return value;
}

// An empty tag means 1. MS-ASCMD 2.2.3.84 GetChanges, 2.2.3.43 DeletesAsMoves
function readFlag(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : value !== '0';
}

// MS-ASCMD 2.2.3.199 WindowSize: 0 and everything above 512 mean 512.
function readWindowSize(value: string | undefined, absent: number): number {
  const size = value === undefined ? absent : Number(value);
  return Number.isInteger(size) && size > 0 && size <= limits.windowSize ? size : limits.windowSize;
}

// MS-ASCMD 2.2.3.125.6 Options (Sync): at most one for SMS and one for the class of the folder.
export function readOptions(options: readonly Element[]): StickyOptions[] | undefined {
  if (options.length === 0) return undefined;
  const read = options.map(readOneOptions);
  if (new Set(read.map((each) => each.class)).size !== read.length) throw protocolError('two Options of one class');
  return read;
}

function readOneOptions(options: Element): StickyOptions {
  const itemClass = readClass(text(options, AirSync.Class));
  const filterType = Number(text(options, AirSync.FilterType) ?? 0);
  const preference = children(options, AirSyncBase.BodyPreference).find((each) => text(each, AirSyncBase.Type) === '1');
  const truncationSize = preference && text(preference, AirSyncBase.TruncationSize);
  return {
    class: itemClass,
    ...(Number.isInteger(filterType) && filterType > 0 ? { filterType } : {}),
    ...(truncationSize && /^\d{1,9}$/.test(truncationSize)
      ? { bodyPreferences: [{ type: 1, truncationSize: Number(truncationSize) }] }
      : {}),
  };
}

function readClass(name: string | undefined): ItemClass {
  if (name === undefined || name === '' || name === 'Email') return 'Email';
  if (name === 'SMS') return 'SMS';
  throw protocolError('a class that no folder here holds');
}

function protocolError(reason: string): StatusError {
  return new StatusError(SyncStatus.ProtocolError, reason);
}
