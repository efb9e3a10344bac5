// Sync: a device's changes go in, ours come out, and where there are none the request costs two reads or waits.
// MS-ASCMD 2.2.1.21 Sync

import { type CollectionGlance, glanceAtCollection } from '../../../store/collections.js';
import type { Session, Transaction } from '../../../store/session.js';
import { beginPhoneTexts, tellOfPhoneTexts } from '../../../message/phone-texts.js';
import { FolderType } from '../../../store/mailboxes.js';
import type { Steps } from '../../../store/transaction.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { type Element, element } from '../../../wbxml/element.js';
import { StatusError } from '../../errors.js';
import type { Answer, Exchange } from '../../exchange.js';
import { isHierarchyNew } from '../../hierarchy.js';
import type { Hold } from '../../holds.js';
import { limits } from '../../limits.js';
import { noteOutboxRound } from '../../outbox-round.js';
import { readFolderId } from '../../server-id.js';
import { SyncStatus } from '../../statuses.js';
import { asksForTexts } from '../../folder-view.js';
import { prepareSendings } from './drafts/send-drafts.js';
import { syncCollection, type Turn } from './collection.js';
import { viewFor } from './notice.js';
import { areEqual } from './options.js';
import { checkOnce, type CollectionRequest, completed, readSync, type SyncRequest, WaitOutOfRange } from './read.js';
import { writeSync } from './write.js';

export async function sync(exchange: Exchange): Promise<Answer> {
  const { memory, device, services } = exchange;
  const request = readRequest(exchange);
  if ('tag' in request) return request;
  const glance = isInMidst(exchange, request)
    ? notIdle
    : await services.store.read((session) => glanceAtAll(session, { exchange, request }));
  if (glance.coversOutbox) noteOutboxRound(exchange);
  const answer = glance.isIdle ? undefined : await syncAll(exchange, request);
  memory.remember(device.id, { request: asNextRequest(request), isUnanswered: answer === undefined });
  if (answer) return answer;
  return request.waitSeconds === undefined ? undefined : holdSync(exchange, request, glance.coversOutbox);
}

// An answer without body says that nothing changed, so the keys are still good; what was applied must not be again.
function asNextRequest(request: SyncRequest): SyncRequest {
  return { ...request, collections: request.collections.map((collection) => ({ ...collection, commands: [] })) };
}

function readRequest({ body, memory, device, version }: Exchange): SyncRequest | Element {
  if (!body) {
    const remembered = memory.recallUnanswered(device.id);
    if (remembered) return remembered;
    throw new StatusError(SyncStatus.EmptyRequestNotCached, 'an empty Sync, and nothing is remembered');
  }
  try {
    const request = completed(readSync(body, version), memory.recall(device.id));
    if (!request) throw new StatusError(SyncStatus.EmptyRequestNotCached, 'a partial Sync, and nothing is remembered');
    if (request.collections.length > limits.collections)
      return refusalWithLimit(SyncStatus.TooManyCollections, limits.collections);
    checkOnce(request);
    return request;
  } catch (error) {
    if (error instanceof WaitOutOfRange) return refusalWithLimit(SyncStatus.WaitOutOfRange, error.limit);
    throw error;
  }
}

// MS-ASCMD 2.2.3.95 Limit
function refusalWithLimit(status: number, limit: number): Element {
  return element(AirSync.Sync, [element(AirSync.Status, String(status)), element(AirSync.Limit, String(limit))]);
}

interface Glance {
  /** Nothing to apply, nothing to tell: no write, whatever the size of the mailbox. */
  isIdle: boolean;
  coversOutbox: boolean;
}

function* glanceAtAll(
  session: Session,
  { exchange, request }: { exchange: Exchange; request: SyncRequest },
): Steps<Glance> {
  const all: Glance = { isIdle: true, coversOutbox: false };
  for (const collection of request.collections) {
    const one = yield* glanceAtOne(session, exchange, collection);
    all.isIdle &&= one.isIdle;
    all.coversOutbox ||= one.coversOutbox;
  }
  return all;
}

const notIdle: Glance = { isIdle: false, coversOutbox: false };

// The answer before said that more is there, and it was none of Outbox: that nothing is idle is known without a look.
function isInMidst({ services, device }: Exchange, { collections }: SyncRequest): boolean {
  const { recent } = services.store;
  return collections.every(({ collectionId, syncKey }) => {
    const folderId = readFolderId(collectionId);
    const known = folderId === undefined ? undefined : recent.collection(device.id, folderId);
    if (known?.settledSequence !== -1 || syncKey !== String(known.syncKey)) return false;
    const folder = recent.folder(known.folderId);
    return folder !== undefined && folder.type !== FolderType.Outbox;
  });
}

function* glanceAtOne(session: Session, { device, now }: Exchange, request: CollectionRequest): Steps<Glance> {
  const folderId = readFolderId(request.collectionId);
  if (folderId === undefined || request.syncKey === '0') return notIdle;
  const glance = yield* glanceAtCollection(session, device.id, folderId);
  if (!glance) return notIdle;
  const options = request.options ?? glance.options;
  const isKeyPresent = request.syncKey === String(glance.syncKey);
  // The key of a lost answer is as good a sign of life; any other gets Status 3 and is no round.
  const isKeyKnown = isKeyPresent || request.syncKey === String(glance.syncKey - 1);
  return {
    isIdle:
      request.commands.length === 0 &&
      isKeyPresent &&
      glance.view === viewFor(device) &&
      (isSettled(glance, now) || request.getChanges === false) &&
      (options === glance.options || areEqual(options, glance.options)),
    coversOutbox: isKeyKnown && glance.folderType === FolderType.Outbox && asksForTexts(options),
  };
}

function isSettled({ settledSequence, itemSequence, settledUntil }: CollectionGlance, now: number): boolean {
  return settledSequence === itemSequence && (settledUntil === null || now < settledUntil);
}

async function syncAll(exchange: Exchange, request: SyncRequest): Promise<Element | undefined> {
  const { services, user } = exchange;
  const sendings = await prepareSendings(exchange, request);
  const phoneTexts = adds(request) ? await beginPhoneTexts(services, user) : undefined;
  const all = { exchange, request, sendings, phoneTexts };
  const collections = await services.store.transact((tx) => syncCollections(tx, all));
  tellOfPhoneTexts(services, phoneTexts);
  return collections.length === 0 ? undefined : writeSync(collections);
}

// With a name of its own: a generator that is made anew for each request is slow to begin and slow to walk.
function* syncCollections(
  tx: Transaction,
  { exchange, request, sendings, phoneTexts }: Omit<Turn, 'request' | 'windowSize'> & { request: SyncRequest },
): Steps<Element[]> {
  const answers: Element[] = [];
  let windowSize = request.windowSize;
  for (const each of request.collections) {
    const turn = { exchange, request: each, windowSize, sendings, phoneTexts };
    const { collection, changes } = yield* syncCollection(tx, turn);
    windowSize -= changes;
    if (collection) answers.push(collection);
  }
  return answers;
}

function adds({ collections }: SyncRequest): boolean {
  return collections.some(({ commands }) => commands.some(({ tag }) => tag === AirSync.Add));
}

// MS-ASCMD 2.2.3.197 Wait: the answer comes with the first change, or without body when the time is over.
function holdSync(exchange: Exchange, request: SyncRequest, coversOutbox: boolean): Hold {
  const { services, user, device, memory } = exchange;
  const again = asNextRequest(request);
  return {
    kind: 'hold',
    userId: user.id,
    deviceRow: device.id,
    command: 'Sync',
    folderIds: again.collections.flatMap(({ collectionId }) => readFolderId(collectionId) ?? []),
    seconds: request.waitSeconds!,
    coversOutbox,
    look: async (change) => {
      const then = { ...exchange, now: services.now() };
      if (change?.topic !== 'folder' && (await services.store.read((session) => isHierarchyNew(session, exchange))))
        return element(AirSync.Sync, [element(AirSync.Status, String(SyncStatus.FolderHierarchyChanged))]);
      const glance = await services.store.read((session) => glanceAtAll(session, { exchange: then, request: again }));
      if (glance.isIdle) return 'stay';
      const answer = await syncAll(then, again);
      if (!answer) return 'stay';
      memory.remember(device.id, { request: again, isUnanswered: false });
      return answer;
    },
    expired: () => undefined,
  };
}
