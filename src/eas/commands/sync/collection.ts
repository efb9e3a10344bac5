// One Collection of a Sync, inside the transaction of the request: the key decides, then the device's changes are
// applied, then ours are collected, then the state and the answer are written together.
// MS-ASCMD 2.2.3.29.2 Collection (Sync)

import { createHash } from 'node:crypto';
import { getCollection, putCollection } from '../../../store/collections.js';
import { getFolder } from '../../../store/mailboxes.js';
import { markFetched } from '../../../store/outbox.js';
import type { Transaction } from '../../../store/session.js';
import { forgetSkippedItems } from '../../../store/skipped-items.js';
import type { Marks, StickyOptions } from '../../../store/states.js';
import type { Collection, Folder, Item } from '../../../store/tables.js';
import type { Steps } from '../../../store/transaction.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { decode } from '../../../wbxml/decode.js';
import { children, type Element, text } from '../../../wbxml/element.js';
import { encode } from '../../../wbxml/encode.js';
import type { Exchange } from '../../exchange.js';
import { itemServerId, readFolderId } from '../../server-id.js';
import { SyncStatus } from '../../statuses.js';
import { applyCommands } from './apply.js';
import type { ServerChange } from './basket.js';
import type { Sendings } from './drafts/send-drafts.js';
import { collectChanges, isUnseenChange } from './collect.js';
import { cutoffOf, settledUntil } from './filter.js';
import { hasNotice, noticeGiven, refuseChanges, viewFor, writeNotice } from './notice.js';
import type { CollectionRequest } from './read.js';
import { shownIn, turnTo } from './shown.js';
import { writeChanges } from './skip.js';
import type { View } from './walk.js';
import { writeCollection, writeRefusedCollection } from './write.js';

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
  sendings: Sendings;
}

export function* syncCollection(tx: Transaction, turn: Turn): Steps<CollectionAnswer> {
  const { exchange, request } = turn;
  const folder = yield* findFolder(tx, turn);
  if (!folder) return refused(request, SyncStatus.ObjectNotFound);
  if (folder.deleted) return refused(request, SyncStatus.FolderHierarchyChanged);
  const state = yield* getCollection(tx, exchange.device.id, folder.id);
  if (request.syncKey === '0') return yield* start(tx, { ...turn, folder, state });
  // What the device has is not what it may see now: it begins anew.
  if (!state || state.view !== viewFor(exchange.device)) return refused(request, SyncStatus.InvalidSyncKey);
  const known = { ...turn, folder, state };
  if (request.syncKey === String(state.syncKey)) return yield* advance(tx, known);
  if (state.answer && request.syncKey === String(state.syncKey - 1)) return yield* repeat(tx, known, state.answer);
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
  const view = viewFor(exchange.device);
  const options = request.options ?? state?.options ?? [];
  if (state) yield* forgetSkippedItems(tx, { deviceId: exchange.device.id, folderId: folder.id });
  yield* putCollection(tx, {
    deviceId: exchange.device.id,
    folderId: folder.id,
    syncKey,
    view,
    // From here on the device knows what it does itself, also before it asks for the first items.
    marks: view === 'notice' ? {} : turnTo(shownIn(folder, options, exchange.version), {}, folder.itemSequence),
    settledSequence: -1,
    settledUntil: null,
    options,
    answer: null,
    requestDigest: null,
  });
  return { collection: writeCollection({ syncKey, request, responses: [], commands: [], isMore: false }), changes: 0 };
}

/** What goes into the answer, and where the device stands once it has it. */
interface Gathered {
  responses: Element[];
  commands: Element[];
  marks: Marks;
  isComplete: boolean;
  /** The last change in the folder that was looked at. */
  itemSequence: number;
}

function* advance(tx: Transaction, turn: Known): Steps<CollectionAnswer> {
  const { request, state, exchange } = turn;
  const options = request.options ?? state.options;
  const gather = state.view === 'notice' ? gatherNotice : gatherChanges;
  const { responses, commands, marks, isComplete, itemSequence } = yield* gather(tx, turn, options);
  const settledSequence = isComplete ? itemSequence : -1;
  const until = settledUntil({ options, now: exchange.now });
  const settled = { ...state, marks, options, settledSequence, settledUntil: until };
  if (commands.length === 0 && request.commands.length === 0 && (isComplete || request.getChanges === false)) {
    yield* putCollection(tx, settled);
    return { collection: undefined, changes: 0 };
  }
  const syncKey = state.syncKey + 1;
  const isMore = !isComplete && request.getChanges !== false;
  const collection = writeCollection({ syncKey, request, responses, commands, isMore });
  const answer = Buffer.from(encode(collection));
  yield* putCollection(tx, { ...settled, syncKey, answer, requestDigest: digestOf(request) });
  return { collection, changes: commands.length };
}

// eslint-disable-next-line require-yield -- reads nothing, as the mailbox is none of this device's business
function* gatherNotice(_tx: Transaction, turn: Known): Steps<Gathered> {
  const { exchange, request, folder, state } = turn;
  const isGiven = hasNotice(folder, state.marks) || request.getChanges === false;
  return {
    responses: refuseChanges(request.commands),
    commands: isGiven ? [] : [writeNotice(folder, exchange)],
    marks: isGiven ? state.marks : noticeGiven,
    isComplete: request.getChanges !== false,
    itemSequence: folder.itemSequence,
  };
}

function* gatherChanges(tx: Transaction, known: Known, options: readonly StickyOptions[]): Steps<Gathered> {
  const { exchange, request } = known;
  const shown = shownIn(known.folder, options, exchange.version);
  const marks = turnTo(shown, known.state.marks, known.folder.itemSequence);
  const turn = { ...known, state: { ...known.state, marks } };
  const responses = yield* apply(tx, turn, { options, isInConflict: (item) => isUnseenChange(item, viewOf(turn)) });
  // What was applied moved the folder on; without commands it is still as it was found.
  const folder = request.commands.length > 0 ? (yield* findFolder(tx, turn))! : turn.folder;
  const { itemSequence } = folder;
  if (request.getChanges === false) return { responses, commands: [], marks, isComplete: false, itemSequence };
  const view = { ...viewOf({ ...turn, folder }), cutoffOf: cutoffsOf(turn, options) };
  const collected = yield* collectChanges(tx, view, Math.min(turn.windowSize, request.windowSize));
  const changes = withoutAnswered(collected.changes, responses);
  yield* markFetched(tx, offeredAmong(changes), exchange.now);
  const commands = yield* writeChanges(tx, changes, { exchange, folder, options });
  return { responses, commands, marks: collected.marks, isComplete: collected.isComplete, itemSequence };
}

// A device that began anew repeats its Adds: it is told their ServerIds in Responses, not by a second Add.
function withoutAnswered(changes: ServerChange[], responses: readonly Element[]): ServerChange[] {
  if (responses.length === 0) return changes;
  const answered = new Set(responses.map((response) => text(response, AirSync.ServerId)));
  return changes.filter((change) => change.kind !== 'Add' || !answered.has(itemServerId(change.item, change.as)));
}

// The answer was lost: the same request gets it again, to the octet. A request that says more than the lost one gets
// the same Commands, and its own words are applied; what was applied before is recognised and answered the same.
function* repeat(tx: Transaction, turn: Known, answer: Buffer): Steps<CollectionAnswer> {
  const { request, state } = turn;
  const stored = decode(answer);
  if (digestOf(request) === state.requestDigest) return { collection: stored, changes: 0 };
  const commands = children(stored, AirSync.Commands).flatMap((each) => [...children(each)]);
  const responses = yield* applyAgain(tx, turn, commands);
  const isMore = children(stored, AirSync.MoreAvailable).length > 0;
  const collection = writeCollection({ syncKey: state.syncKey, request, responses, commands, isMore });
  const again = { answer: Buffer.from(encode(collection)), requestDigest: digestOf(request) };
  // What was applied just now lies behind the marks; it is collected with the next key.
  yield* putCollection(tx, { ...state, ...again, settledSequence: -1 });
  return { collection, changes: 0 };
}

function* applyAgain(tx: Transaction, turn: Known, commands: readonly Element[]): Steps<Element[]> {
  const { request, state } = turn;
  if (state.view === 'notice') return refuseChanges(request.commands);
  const unseen = new Set(commands.map((command) => text(command, AirSync.ServerId)));
  const isInConflict = (item: Item) =>
    unseen.has(itemServerId(item, state.marks[item.class]?.as)) || isUnseenChange(item, viewOf(turn));
  return yield* apply(tx, turn, { options: request.options ?? state.options, isInConflict });
}

interface ApplyWith {
  options: readonly StickyOptions[];
  isInConflict: (item: Item) => boolean;
}

function* apply(tx: Transaction, turn: Known, { options, isInConflict }: ApplyWith): Steps<Element[]> {
  const { exchange, request, folder, state } = turn;
  if (request.commands.length === 0) return [];
  const { deletesAsMoves, commands } = request;
  const textsAs = state.marks.SMS?.as ?? 'SMS';
  const how = { deletesAsMoves, isInConflict, options, textsAs, sendings: turn.sendings };
  return yield* applyCommands(tx, commands, { exchange, folder, ...how });
}

function viewOf({ exchange, folder, state }: Known): Omit<View, 'cutoffOf'> {
  const { itemSequence, id: folderId } = folder;
  return { deviceId: exchange.device.id, folderId, itemSequence, marks: state.marks };
}

function cutoffsOf({ folder, exchange }: Known, options: readonly StickyOptions[]): View['cutoffOf'] {
  return (as) => cutoffOf(as, { folder, options, now: exchange.now });
}

function offeredAmong(changes: readonly ServerChange[]): Item[] {
  return changes.flatMap((change) => (change.kind === 'Add' && change.item.offeredTo !== null ? [change.item] : []));
}

function digestOf(request: CollectionRequest): string {
  const hash = createHash('sha256').update(`${request.getChanges}|${request.deletesAsMoves}`);
  for (const command of request.commands) hash.update(encode(command));
  return hash.digest('base64url');
}
