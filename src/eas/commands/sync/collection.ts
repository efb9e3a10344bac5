// One Collection of a Sync, inside the transaction of the request: the key decides, then the device's changes are
// applied, then ours are collected, then the state and the answer are written together.
// MS-ASCMD 2.2.3.31.2 Collection (Sync)

import { createHash } from 'node:crypto';
import { getCollection, putCollection } from '../../../store/collections.js';
import { getFolder, getMailbox } from '../../../store/mailboxes.js';
import { markFetched } from '../../../store/outbox.js';
import type { Transaction } from '../../../store/session.js';
import type { ItemClass, StickyOptions } from '../../../store/states.js';
import type { Collection, Folder, Item } from '../../../store/tables.js';
import type { Steps } from '../../../store/transaction.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { decode } from '../../../wbxml/decode.js';
import { children, type Element, text } from '../../../wbxml/element.js';
import { encode } from '../../../wbxml/encode.js';
import type { Exchange } from '../../exchange.js';
import { readFolderId } from '../../server-id.js';
import { SyncStatus } from '../../statuses.js';
import { applyCommands } from './apply.js';
import { collectChanges, freshMark, isUnseenChange, type ServerChange } from './collect.js';
import type { CollectionRequest } from './read.js';
import { writeApplicationData, writeChange, writeCollection, writeRefusedCollection } from './write.js';

export interface CollectionAnswer {
  /** Absent where there is nothing to say: the device keeps its key. */
  collection: Element | undefined;
  changes: number;
}

export interface Turn {
  exchange: Exchange;
  request: CollectionRequest;
  /** How many changes this answer may still take. */
  windowSize: number;
}

export function* syncCollection(tx: Transaction, turn: Turn): Steps<CollectionAnswer> {
  const { exchange, request } = turn;
  const folder = yield* findFolder(tx, turn);
  if (!folder) return refused(request, SyncStatus.ObjectNotFound);
  if (folder.deleted) return refused(request, SyncStatus.FolderHierarchyChanged);
  const state = yield* getCollection(tx, exchange.device.id, folder.id);
  if (request.syncKey === '0') return yield* start(tx, { ...turn, folder, state });
  if (!state) return refused(request, SyncStatus.InvalidSyncKey);
  if (request.syncKey === String(state.syncKey)) return yield* advance(tx, { ...turn, folder, state });
  if (state.answer && request.syncKey === String(state.syncKey - 1))
    return yield* repeat(tx, { ...turn, folder, state }, state.answer);
  return refused(request, SyncStatus.InvalidSyncKey);
}

function refused(request: CollectionRequest, status: number): CollectionAnswer {
  return { collection: writeRefusedCollection(request, status), changes: 0 };
}

function* findFolder(tx: Transaction, { exchange, request }: Turn): Steps<Folder | undefined> {
  const id = readFolderId(request.collectionId);
  return id === undefined ? undefined : yield* getFolder(tx, exchange.user.id, id);
}

type Known = Turn & { folder: Folder; state: Collection };

// MS-ASCMD 2.2.3.181.4 SyncKey (Sync): 0 begins anew. Keys count on over all beginnings, so that no old one fits again.
function* start(
  tx: Transaction,
  turn: Turn & { folder: Folder; state: Collection | undefined },
): Steps<CollectionAnswer> {
  const { exchange, request, folder, state } = turn;
  const syncKey = (state?.syncKey ?? 0) + 1;
  const { sequence } = yield* getMailbox(tx, exchange.user.id);
  yield* putCollection(tx, {
    deviceId: exchange.device.id,
    folderId: folder.id,
    syncKey,
    view: 'mailbox',
    marks: { Email: freshMark('Email', sequence), SMS: freshMark('SMS', sequence) },
    settledSequence: -1,
    settledUntil: null,
    options: request.options ?? state?.options ?? [],
    answer: null,
    requestDigest: null,
  });
  return { collection: writeCollection({ syncKey, request, responses: [], commands: [], isMore: false }), changes: 0 };
}

function* advance(tx: Transaction, turn: Known): Steps<CollectionAnswer> {
  const { exchange, request, state } = turn;
  const options = request.options ?? state.options;
  const responses = yield* apply(tx, turn, { options, isInConflict: (item) => isUnseenChange(item, viewOf(turn)) });
  // What was applied moved the folder on; without commands it is still as it was found.
  const folder = request.commands.length > 0 ? (yield* findFolder(tx, turn))! : turn.folder;
  const { changes, marks, isComplete } = yield* collect(tx, { ...turn, folder, options, responses });
  const settled = { ...state, marks, options, settledSequence: isComplete ? folder.itemSequence : -1 };
  if (changes.length === 0 && request.commands.length === 0) {
    yield* putCollection(tx, settled);
    return { collection: undefined, changes: 0 };
  }
  yield* markFetched(tx, offeredAmong(changes), exchange.now);
  const syncKey = state.syncKey + 1;
  const commands = changes.map((change) => writeChange(change, { options, version: exchange.version }));
  const collection = writeCollection({ syncKey, request, responses, commands, isMore: !isComplete });
  const answer = Buffer.from(encode(collection));
  yield* putCollection(tx, { ...settled, syncKey, answer, requestDigest: digestOf(request) });
  return { collection, changes: changes.length };
}

// The answer was lost: the same request gets it again, to the octet. A request that says more than the lost one gets
// the same Commands, and its own words are applied; what was applied before is recognised and answered the same.
function* repeat(tx: Transaction, turn: Known, answer: Buffer): Steps<CollectionAnswer> {
  const { request, state } = turn;
  const stored = decode(answer);
  if (digestOf(request) === state.requestDigest) return { collection: stored, changes: 0 };
  const commands = children(stored, AirSync.Commands).flatMap((each) => [...children(each)]);
  const unseen = new Set(commands.map((command) => text(command, AirSync.ServerId)));
  const isInConflict = (item: Item) => unseen.has(`${item.folderId}:${item.id}`) || isUnseenChange(item, viewOf(turn));
  const responses = yield* apply(tx, turn, { options: request.options ?? state.options, isInConflict });
  const isMore = children(stored, AirSync.MoreAvailable).length > 0;
  const collection = writeCollection({ syncKey: state.syncKey, request, responses, commands, isMore });
  const again = { answer: Buffer.from(encode(collection)), requestDigest: digestOf(request) };
  // What was applied just now lies behind the marks; it is collected with the next key.
  yield* putCollection(tx, { ...state, ...again, settledSequence: -1 });
  return { collection, changes: 0 };
}

interface ApplyWith {
  options: readonly StickyOptions[];
  isInConflict: (item: Item) => boolean;
}

function* apply(tx: Transaction, turn: Known, { options, isInConflict }: ApplyWith): Steps<Element[]> {
  const { exchange, request, folder } = turn;
  if (request.commands.length === 0) return [];
  const write = (item: Item) => writeApplicationData(item, options);
  const applying = { exchange, folder, deletesAsMoves: request.deletesAsMoves, isInConflict, write };
  return yield* applyCommands(tx, request.commands, applying);
}

type Collecting = Known & { options: readonly StickyOptions[]; responses: readonly Element[] };

function* collect(tx: Transaction, turn: Collecting) {
  const { request, folder, state } = turn;
  if (request.getChanges === false) return { changes: [], marks: state.marks, isComplete: false };
  const view = {
    ...viewOf(turn),
    itemSequence: folder.itemSequence,
    classes: classesOf(turn.options),
  };
  const collected = yield* collectChanges(tx, view, Math.min(turn.windowSize, request.windowSize));
  // A device that began anew repeats its Adds: it is told their ServerIds in Responses, not by a second Add.
  const answered = new Set(turn.responses.map((response) => text(response, AirSync.ServerId)));
  const isNew = (change: ServerChange) =>
    change.kind !== 'Add' || !answered.has(`${change.item.folderId}:${change.item.id}`);
  return { ...collected, changes: collected.changes.filter(isNew) };
}

function viewOf({ exchange, folder, state }: Known) {
  return { deviceId: exchange.device.id, folderId: folder.id, marks: state.marks };
}

/** Without Options a Collection is of the folder's own class. */
export function classesOf(options: readonly StickyOptions[]): ItemClass[] {
  return options.length === 0 ? ['Email'] : options.map((each) => each.class);
}

function offeredAmong(changes: readonly ServerChange[]): Item[] {
  return changes.flatMap((change) => (change.kind === 'Add' && change.item.offeredTo !== null ? [change.item] : []));
}

function digestOf(request: CollectionRequest): string {
  const hash = createHash('sha256').update(`${request.getChanges}|${request.deletesAsMoves}`);
  for (const command of request.commands) hash.update(encode(command));
  return hash.digest('base64url');
}
