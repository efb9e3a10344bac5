// Sync: one round over all collections. A request that got no answer is repeated word for word, with the same keys,
// until one comes: the server recognises it, and nothing is lost or done twice.
// MS-ASCMD 2.2.1.21 Sync

import type { Element } from '../wbxml/element.js';
import { child, children, text } from '../wbxml/element.js';
import { AirSync } from '../wbxml/airsync/air-sync.js';
import { startOver } from './collection.js';
import type { ClientCommand, Collection } from './collection.js';
import { PhoneError } from './errors.js';
import type { Mailbox, Sent, SyncRequest } from './mailbox.js';
import { request } from './request.js';
import type { Line } from './request.js';
import { SyncStatus, refusal, statusNumber } from './statuses.js';
import { applyAnswer } from './sync-answer.js';
import type { Applied } from './sync-answer.js';
import { writeSync } from './sync-request.js';
import type { SyncWishes } from './sync-request.js';

/** What the answer says. */
type Heard = Omit<Round, 'isRepeated'>;

export interface Round {
  readonly applied: ReadonlyMap<Collection, Applied>;
  /** The server knew their sync keys no longer. */
  readonly startedOver: readonly Collection[];
  /** The request was one from before: what the phone wants by now was no part of it. */
  readonly isRepeated: boolean;
  /** One collection refused says nothing about the others: what they brought stands. */
  readonly refused: PhoneError | undefined;
}

/** @throws PhoneError; what the phone had to tell then waits for the next round */
export async function sync(line: Line, mailbox: Mailbox, wishes: SyncWishes): Promise<Round> {
  const isRepeated = mailbox.unanswered !== undefined;
  const { document, sent } = (mailbox.unanswered ??= prepare(mailbox, wishes));
  const answer = await request(line, { command: 'Sync', document, root: AirSync.Sync });
  mailbox.unanswered = undefined;
  const heard = readRound(answer, mailbox, sent);
  takeBack(sent, heard);
  return { ...heard, isRepeated };
}

function prepare(mailbox: Mailbox, wishes: SyncWishes): SyncRequest {
  const collections = [...mailbox.collections.values()];
  const document = writeSync(collections, wishes);
  const sent = new Map<Collection, readonly ClientCommand[]>();
  for (const collection of collections) {
    if (collection.syncKey === '0') continue;
    sent.set(collection, collection.waiting);
    collection.waiting = [];
  }
  return { document, sent };
}

// Commands that were not answered go first next time.
function takeBack(sent: Sent, { applied }: Heard): void {
  for (const [collection, commands] of sent) {
    if (!applied.has(collection)) collection.waiting.unshift(...commands);
  }
}

function readRound(answer: Element | undefined, mailbox: Mailbox, sent: Sent): Heard {
  const applied = new Map<Collection, Applied>();
  const startedOver: Collection[] = [];
  const refused: PhoneError[] = [];
  for (const { collection, status, content } of readCollections(answer, mailbox)) {
    if (status === SyncStatus.InvalidSyncKey) {
      startOver(collection);
      startedOver.push(collection);
    } else if (status !== SyncStatus.Success || content === undefined) {
      refused.push(syncRefusal(status));
    } else {
      applied.set(collection, applyAnswer(content, collection, sent.get(collection) ?? []));
    }
  }
  if (refused.length + startedOver.length === 0) refused.push(...silence(sent, applied));
  return { applied, startedOver, refused: refused[0] };
}

interface AnsweredCollection {
  readonly collection: Collection;
  readonly status: number | undefined;
  readonly content: Element | undefined;
}

// A Status at the root other than success is that of every collection.
function readCollections(answer: Element | undefined, mailbox: Mailbox): AnsweredCollection[] {
  if (answer === undefined) return [];
  const global = statusNumber(text(answer, AirSync.Status) ?? '1');
  if (global !== SyncStatus.Success)
    return [...mailbox.collections.values()].map((collection) => ({ collection, status: global, content: undefined }));
  const list = child(answer, AirSync.Collections);
  return (list === undefined ? [] : children(list, AirSync.Collection)).map((content) => {
    const collection = mailbox.collections.get(text(content, AirSync.CollectionId) ?? '');
    if (collection === undefined) throw new PhoneError('BAD_ANSWER', { command: 'Sync' });
    return { collection, status: statusNumber(text(content, AirSync.Status)), content };
  });
}

// An empty answer, and a collection the answer leaves out, say that nothing changed. Where the phone changed
// something that cannot be true.
function silence(sent: Sent, applied: ReadonlyMap<Collection, Applied>): PhoneError[] {
  const ignored = [...sent].some(([collection, commands]) => commands.length > 0 && !applied.has(collection));
  return ignored ? [new PhoneError('BAD_ANSWER', { command: 'Sync' })] : [];
}

function syncRefusal(status: number | undefined): PhoneError {
  if (status === SyncStatus.FolderHierarchyChanged || status === SyncStatus.ObjectNotFound)
    return new PhoneError('FOLDERS_CHANGED', { command: 'Sync', status });
  if (status === SyncStatus.Retry) return new PhoneError('RETRY_LATER', { command: 'Sync', status });
  return refusal('Sync', status);
}
