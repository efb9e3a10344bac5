// Adds and Changes of drafts, in the folder that is theirs, and their sending.
// MS-ASEMAIL 3.1.5, since 16.0

import { getClientAdd, putClientAdd } from '../../../../store/client-adds.js';
import { getItem, removeItem } from '../../../../store/items.js';
import { FolderType } from '../../../../store/mailboxes.js';
import { submitMailSteps } from '../../../../message/mail.js';
import type { Transaction } from '../../../../store/session.js';
import type { Item } from '../../../../store/tables.js';
import type { Steps } from '../../../../store/transaction.js';
import { AirSync } from '../../../../wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../../../wbxml/airsync/air-sync-base.js';
import { child, type Element, element, text } from '../../../../wbxml/element.js';
import { StatusError } from '../../../errors.js';
import { itemServerId } from '../../../server-id.js';
import { SyncStatus } from '../../../statuses.js';
import { isSince } from '../../../versions.js';
import { statusErrorOf } from '../../compose-submission.js';
import type { Applying } from '../apply.js';
import { readDraft } from './draft-data.js';
import { addDraft, changeDraft, type DraftChange, findFiles } from './draft-item.js';
import { digestOf, type Sending } from './send-drafts.js';

/** Whether a device may write mail into this folder. */
export function takesDrafts({ folder, exchange }: Applying): boolean {
  return folder.type === FolderType.Drafts && isSince(exchange.version, '16.0');
}

export interface DraftAnswer {
  status: number;
  serverId?: string;
  /** Where there is something to say beside the ServerId. */
  data?: Element;
}

/** The same ClientId with the same content is the same Add, whose answer was lost. */
export function* applyDraftAdd(tx: Transaction, command: Element, applying: Applying): Steps<DraftAnswer> {
  const sending = applying.sendings.get(command);
  if (sending) return { status: yield* send(tx, sending) };
  const { exchange, folder } = applying;
  const clientId = text(command, AirSync.ClientId)!;
  const add = { deviceId: exchange.device.id, folderId: folder.id, clientId, digest: digestOf(command) };
  const known = yield* getClientAdd(tx, add);
  try {
    const draft = readDraft(child(command, AirSync.ApplicationData)!);
    const filing = { user: exchange.user, folderId: folder.id, deviceId: exchange.device.id, now: exchange.now };
    if (known !== undefined) return yield* answerAgain(tx, known, { ...filing, draft });
    const { item, references } = yield* addDraft(tx, draft, filing);
    yield* putClientAdd(tx, { ...add, itemId: item.id, now: exchange.now });
    return answerAdded(item, references);
  } catch (error) {
    return { status: statusOf(error) };
  }
}

function* answerAgain(
  tx: Transaction,
  id: number,
  { folderId, ...change }: DraftChange & { folderId: number },
): Steps<DraftAnswer> {
  const isThere = (yield* getItem(tx, folderId, id)) !== undefined;
  const references = isThere ? yield* findFiles(tx, { id, folderId }, change) : undefined;
  return answerAdded({ folderId, id, class: 'Email' }, references);
}

function answerAdded(
  item: Pick<Item, 'folderId' | 'id' | 'class'>,
  references: ReadonlyMap<string, number> = new Map(),
): DraftAnswer {
  return { serverId: itemServerId(item), ...answerWith(references) };
}

// MS-ASAIRS 2.2.2.24.1 FileReference (Attachment): by it the device names a file that it added.
function answerWith(references: ReadonlyMap<string, number>): DraftAnswer {
  if (references.size === 0) return { status: SyncStatus.Success };
  const attachments = [...references].map(([clientId, id]) =>
    element(AirSyncBase.Attachment, [
      element(AirSyncBase.FileReference, String(id)),
      element(AirSyncBase.ClientId, clientId),
    ]),
  );
  const data = element(AirSync.ApplicationData, [element(AirSyncBase.Attachments, attachments)]);
  return { status: SyncStatus.Success, data };
}

interface DraftCommand {
  command: Element;
  item: Item;
  /** The device, where nobody else has changed the draft since it looked. */
  changedBy: number | undefined;
}

/** Without a ServerId, which the device has said. */
export function* applyDraftChange(
  tx: Transaction,
  { command, item, changedBy }: DraftCommand,
  applying: Applying,
): Steps<DraftAnswer> {
  const { draftsBefore, exchange } = applying;
  const { device, now } = exchange;
  const sending = applying.sendings.get(command);
  if (sending) return { status: yield* sendStored(tx, sending, { item, before: draftsBefore.get(item.id) }) };
  const data = child(command, AirSync.ApplicationData);
  if (!data) return { status: SyncStatus.ConversionError };
  try {
    const draft = readDraft(data);
    const references = yield* changeDraft(tx, item, { draft, deviceId: device.id, changedBy, now });
    if (!draftsBefore.has(item.id)) draftsBefore.set(item.id, item.sequence);
    return answerWith(references);
  } catch (error) {
    return { status: statusOf(error) };
  }
}

interface StoredDraft {
  item: Item;
  /** Its sequence, where this request has changed it. */
  before: number | undefined;
}

function* sendStored(tx: Transaction, sending: Sending, { item, before }: StoredDraft): Steps<number> {
  // Somebody else changed what was read for the sending; the device asks again with what it is now.
  if ('mail' in sending && sending.readAt !== (before ?? item.sequence)) return SyncStatus.Conflict;
  const status = yield* send(tx, sending);
  // Nobody's own change, so that the device is told as well: the draft is no longer there.
  if (status === SyncStatus.Success) yield* removeItem(tx, (yield* getItem(tx, item.folderId, item.id))!);
  return status;
}

function* send(tx: Transaction, sending: Sending): Steps<number> {
  if ('status' in sending) return sending.status;
  try {
    yield* submitMailSteps(tx, sending.mail);
    return SyncStatus.Success;
  } catch (error) {
    // The same ClientId came twice in one instant, with other words.
    return statusOf(statusErrorOf(error));
  }
}

// What a draft says may be refused; a statement that fails never comes back here.
function statusOf(error: unknown): number {
  if (error instanceof StatusError) return error.status;
  throw error;
}
