// A Sync request as types. Tolerant in the order of elements, strict in what would change their meaning.
// MS-ASCMD 2.2.1.21 Sync

import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { child, children, type Element, text } from '../../../wbxml/element.js';
import type { StickyOptions } from '../../../store/states.js';
import { limits } from '../../limits.js';
import type { ProtocolVersion } from '../../versions.js';
import { protocolError, readOptions } from './options.js';

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

/** What a request says, and what it leaves to the one before it. */
export interface SaidRequest {
  request: SyncRequest;
  /** The collections that are not named are as in the last request. MS-ASCMD 2.2.3.130 Partial */
  isPartial: boolean;
  saysWait: boolean;
  saysWindowSize: boolean;
}

/** A Wait or HeartbeatInterval outside the bounds; the answer names the nearest one. */
export class WaitOutOfRange extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super('Wait or HeartbeatInterval is out of range');
    this.limit = limit;
  }
}

export function readSync(root: Element, version: ProtocolVersion): SaidRequest {
  const isPartial = child(root, AirSync.Partial) !== undefined;
  const list = child(root, AirSync.Collections);
  const collections = list ? children(list, AirSync.Collection) : [];
  const waitSeconds = readWait(root);
  const windowSize = text(root, AirSync.WindowSize);
  const saysWait = waitSeconds !== undefined;
  const saysWindowSize = windowSize !== undefined;
  if (collections.length === 0 && !(isPartial && (saysWait || saysWindowSize)))
    throw protocolError('Sync without a Collection');
  return {
    request: {
      collections: collections.map((each) => readCollection(each, version)),
      waitSeconds,
      windowSize: readWindowSize(windowSize, limits.windowSize),
    },
    isPartial,
    saysWait,
    saysWindowSize,
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

function readCollection(collection: Element, version: ProtocolVersion): CollectionRequest {
  const syncKey = readKey(text(collection, AirSync.SyncKey));
  const commands = child(collection, AirSync.Commands);
  const request = {
    syncKey,
    collectionId: readKey(text(collection, AirSync.CollectionId)),
    getChanges: readFlag(text(collection, AirSync.GetChanges)),
    deletesAsMoves: readFlag(text(collection, AirSync.DeletesAsMoves)) ?? true,
    windowSize: readWindowSize(text(collection, AirSync.WindowSize), 100),
    options: readOptions(children(collection, AirSync.Options), version),
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

/** What `Partial` leaves out is as in the last request. `undefined` where there is none to take it from. */
export function completed(said: SaidRequest, last: SyncRequest | undefined): SyncRequest | undefined {
  const { request, isPartial, saysWait, saysWindowSize } = said;
  if (!isPartial) return request;
  if (!last) return undefined;
  const named = new Map(request.collections.map((each) => [each.collectionId, each]));
  const kept = last.collections.map((each) => {
    const own = named.get(each.collectionId);
    named.delete(each.collectionId);
    return own ?? each;
  });
  return {
    collections: [...kept, ...named.values()],
    waitSeconds: saysWait ? request.waitSeconds : last.waitSeconds,
    windowSize: saysWindowSize ? request.windowSize : last.windowSize,
  };
}

/** The same collection twice: which of them would be meant? */
export function checkOnce({ collections }: SyncRequest): void {
  if (new Set(collections.map(({ collectionId }) => collectionId)).size !== collections.length)
    throw protocolError('a Collection twice');
}
