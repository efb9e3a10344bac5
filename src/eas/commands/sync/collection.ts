// One Collection of a Sync, inside the transaction of the request: the key decides, then the device's changes are
// applied, then ours are collected, then the state and the answer are written together.
// MS-ASCMD 2.2.3.29.2 Collection (Sync)

import { hash } from 'node:crypto';
import {
  advanceCollection,
  type CollectionState,
  getCollection,
  getKeptAnswer,
  putCollection,
  settleCollection,
} from '../../../store/collections.js';
import type { PhoneTexts } from '../../../message/phone-texts.js';
import { getFolder } from '../../../store/mailboxes.js';
import { markFetched } from '../../../store/outbox.js';
import type { Transaction } from '../../../store/session.js';
import { forgetSkippedItems } from '../../../store/skipped-items.js';
import { itemClasses, type Marks, type StickyOptions } from '../../../store/states.js';
import type { Folder, Item } from '../../../store/tables.js';
import type { Steps } from '../../../store/transaction.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { type Element, text } from '../../../wbxml/element.js';
import { encode } from '../../../wbxml/encode.js';
import type { Exchange } from '../../exchange.js';
import { itemServerId, readFolderId } from '../../server-id.js';
import { SyncStatus } from '../../statuses.js';
import { applyCommands } from './apply.js';
import type { ServerChange } from './basket.js';
import type { Sendings } from './drafts/send-drafts.js';
import { collectChanges, isUnseenChange } from './collect.js';
import { cutoffOf, settledUntil } from './filter.js';
import { keepAnswer, retell } from './kept-answer.js';
import { hasNotice, noticeGiven, refuseChanges, viewFor, writeNotice } from './notice.js';
import { areEqual } from './options.js';
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
  phoneTexts: PhoneTexts | undefined;
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
  const { windowSize, sendings, phoneTexts } = turn;
  const known: Known = { exchange, request, windowSize, sendings, phoneTexts, folder, state };
  if (request.syncKey === String(state.syncKey)) return yield* advance(tx, known);
  if (request.syncKey === String(state.syncKey - 1)) return yield* repeat(tx, known);
  return refused(request, SyncStatus.InvalidSyncKey);
}

function refused(request: CollectionRequest, status: number): CollectionAnswer {
  return { collection: writeRefusedCollection(request, status), changes: 0 };
}

function* findFolder(tx: Transaction, { exchange, request }: Turn): Steps<Folder | undefined> {
  const id = readFolderId(request.collectionId);
  return id === undefined ? undefined : yield* getFolder(tx, exchange.user.id, id);
}

type Known = Turn & { folder: Folder; state: CollectionState };

// MS-ASCMD 2.2.3.181.4 SyncKey (Sync): 0 begins anew. Keys count on over all beginnings, so that no old one fits again.
function* start(
  tx: Transaction,
  turn: Turn & { folder: Folder; state: CollectionState | undefined },
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
  changes: ServerChange[];
  hasNotice: boolean;
  marks: Marks;
  isComplete: boolean;
  /** The last change in the folder that was looked at. */
  itemSequence: number;
}

function* advance(tx: Transaction, turn: Known): Steps<CollectionAnswer> {
  const { request, state, exchange, folder } = turn;
  const options = optionsOf(turn);
  const gathered = state.view === 'notice' ? gatherNotice(turn) : yield* gatherChanges(tx, turn, options);
  const { responses, changes, hasNotice, marks, isComplete, itemSequence } = gathered;
  const { deviceId, folderId, view } = state;
  const settledSequence = isComplete ? itemSequence : -1;
  const until = settledUntil({ options, now: exchange.now });
  const commands = yield* writeChanges(tx, changes, { exchange, folder, options });
  if (hasNotice) commands.push(writeNotice(folder, exchange));
  const isSilent = commands.length === 0 && request.commands.length === 0;
  if (isSilent && (isComplete || request.getChanges === false)) {
    yield* settleCollection(tx, { ...state, marks, options, settledSequence, settledUntil: until });
    return { collection: undefined, changes: 0 };
  }
  const syncKey = state.syncKey + 1;
  const isMore = !isComplete && request.getChanges !== false;
  const answer = keepAnswer({ responses, changes, hasNotice, isMore });
  const write = areEqual(options, state.options) ? advanceCollection : putCollection;
  // Written out, here and below: what is kept is frozen, and slow to spread.
  const standing = { deviceId, folderId, syncKey, view, marks, settledSequence, settledUntil: until, options };
  yield* write(tx, Object.assign(standing, { answer, requestDigest: digestOf(request) }));
  return { collection: writeCollection({ syncKey, request, responses, commands, isMore }), changes: commands.length };
}

// Of equal ones those that are kept: what was made of them is still at hand.
function optionsOf({ request: { options: asked }, state: { options: kept } }: Known): StickyOptions[] {
  return asked === undefined || areEqual(asked, kept) ? kept : asked;
}

function gatherNotice({ request, folder, state }: Known): Gathered {
  const hasToKnow = request.getChanges !== false && !hasNotice(folder, state.marks);
  return {
    responses: refuseChanges(request.commands),
    changes: [],
    hasNotice: hasToKnow,
    marks: hasToKnow ? noticeGiven : state.marks,
    isComplete: request.getChanges !== false,
    itemSequence: folder.itemSequence,
  };
}

function* gatherChanges(tx: Transaction, known: Known, options: readonly StickyOptions[]): Steps<Gathered> {
  const { exchange, request } = known;
  const shown = shownIn(known.folder, options, exchange.version);
  const marks = turnTo(shown, known.state.marks, known.folder.itemSequence);
  const turn = marks === known.state.marks ? known : { ...known, state: { ...known.state, marks } };
  const responses = yield* apply(tx, turn, { options, isInConflict: (item) => isUnseenChange(item, viewOf(turn)) });
  // What was applied moved the folder on; without commands it is still as it was found.
  const folder = request.commands.length > 0 ? (yield* findFolder(tx, turn))! : turn.folder;
  const { itemSequence } = folder;
  const nothing = { responses, changes: [], hasNotice: false, itemSequence };
  if (request.getChanges === false) return Object.assign(nothing, { marks, isComplete: false });
  if (isOwnDoing(known, { marks, options }))
    return Object.assign(nothing, { marks: upTo(itemSequence, marks), isComplete: true });
  const view = Object.assign(viewOf(turn, folder), { cutoffOf: cutoffsOf(turn, options) });
  const collected = yield* collectChanges(tx, view, Math.min(turn.windowSize, request.windowSize));
  const changes = withoutAnswered(collected.changes, responses);
  yield* markFetched(tx, offeredAmong(changes), exchange.now);
  const { marks: reached, isComplete } = collected;
  return { responses, changes, hasNotice: false, marks: reached, isComplete, itemSequence };
}

// The device had everything when it spoke, and what moved the folder on is what it said itself, of which it is not told.
// A draft that is sent leaves the folder by the server's doing.
function isOwnDoing(known: Known, now: { marks: Marks; options: readonly StickyOptions[] }): boolean {
  const { state, folder, exchange, sendings } = known;
  const isSettled = state.settledSequence === folder.itemSequence;
  const isInTime = state.settledUntil === null || exchange.now < state.settledUntil;
  const asksTheSame = now.marks === state.marks && areEqual(now.options, state.options);
  return isSettled && isInTime && asksTheSame && sendings.size === 0;
}

function upTo(itemSequence: number, marks: Marks): Marks {
  const moved: Marks = {};
  for (const itemClass of itemClasses) {
    const mark = marks[itemClass];
    if (!mark) continue;
    const { as, started, since, sinceId } = mark;
    moved[itemClass] = { as, entered: itemSequence, changed: itemSequence, started, since, sinceId };
  }
  if (marks.leaving) moved.leaving = marks.leaving;
  return moved;
}

// A device that began anew repeats its Adds: it is told their ServerIds in Responses, not by a second Add.
function withoutAnswered(changes: ServerChange[], responses: readonly Element[]): ServerChange[] {
  const added = responses.filter(({ tag }) => tag === AirSync.Add);
  if (added.length === 0) return changes;
  const answered = new Set(added.map((response) => text(response, AirSync.ServerId)));
  return changes.filter((change) => change.kind !== 'Add' || !answered.has(itemServerId(change.item, change.as)));
}

// The answer was lost: the same request gets it again. A request that says more than the lost one gets the same Commands,
// and its own words are applied; what was applied before is recognised and answered the same.
function* repeat(tx: Transaction, turn: Known): Steps<CollectionAnswer> {
  const { request, state, exchange, folder } = turn;
  const answer = yield* getKeptAnswer(tx, state);
  if (!answer) return refused(request, SyncStatus.InvalidSyncKey);
  const options = request.options ?? state.options;
  const told = yield* retell(tx, answer, { exchange, folder, options });
  const isSame = digestOf(request) === state.requestDigest;
  const responses = isSame ? told.responses : yield* applyAgain(tx, turn, told.changes);
  const { commands, isMore } = told;
  if (!isSame || !areEqual(options, state.options)) {
    const kept = keepAnswer({ ...told, responses, hasNotice: state.view === 'notice' && commands.length > 0 });
    const now = { options, answer: kept, requestDigest: digestOf(request) };
    // What was applied just now lies behind the marks, and what other Options want too: the next key collects it.
    yield* putCollection(tx, { ...state, ...now, settledSequence: -1 });
  }
  return { collection: writeCollection({ syncKey: state.syncKey, request, responses, commands, isMore }), changes: 0 };
}

function* applyAgain(tx: Transaction, turn: Known, changes: readonly ServerChange[]): Steps<Element[]> {
  const { request, state } = turn;
  if (state.view === 'notice') return refuseChanges(request.commands);
  const unseen = new Set(changes.map(serverIdOf));
  const isInConflict = (item: Item) =>
    unseen.has(itemServerId(item, state.marks[item.class]?.as)) || isUnseenChange(item, viewOf(turn));
  return yield* apply(tx, turn, { options: request.options ?? state.options, isInConflict });
}

function serverIdOf(change: ServerChange): string {
  if ('item' in change) return itemServerId(change.item, change.as);
  const { folderId, itemId: id, class: own } = change.tombstone;
  return itemServerId({ folderId, id, class: own }, change.as);
}

interface ApplyWith {
  options: readonly StickyOptions[];
  isInConflict: (item: Item) => boolean;
}

function* apply(tx: Transaction, turn: Known, { options, isInConflict }: ApplyWith): Steps<Element[]> {
  const { exchange, request, folder, state, sendings, phoneTexts } = turn;
  if (request.commands.length === 0) return [];
  const { deletesAsMoves, commands } = request;
  const textsAs = state.marks.SMS?.as ?? 'SMS';
  const how = { deletesAsMoves, isInConflict, options, textsAs, draftsBefore: new Map() };
  return yield* applyCommands(tx, commands, { exchange, folder, sendings, phoneTexts, ...how });
}

function viewOf({ exchange, state, folder: found }: Known, folder = found): Omit<View, 'cutoffOf'> {
  const { itemSequence, changedSequence, id: folderId } = folder;
  return { deviceId: exchange.device.id, folderId, itemSequence, changedSequence, marks: state.marks };
}

function cutoffsOf({ folder, exchange }: Known, options: readonly StickyOptions[]): View['cutoffOf'] {
  return (as) => cutoffOf(as, { folder, options, now: exchange.now });
}

function offeredAmong(changes: readonly ServerChange[]): Item[] {
  return changes.flatMap((change) => (change.kind === 'Add' && change.item.offeredTo !== null ? [change.item] : []));
}

function digestOf(request: CollectionRequest): string {
  const manner = `${request.getChanges}|${request.deletesAsMoves}`;
  // Most say nothing themselves.
  if (request.commands.length === 0) return manner;
  return hash(
    'sha256',
    Buffer.concat([Buffer.from(manner), ...request.commands.map((command) => encode(command))]),
    'base64url',
  );
}
