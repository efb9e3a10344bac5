// What FolderCreate, FolderUpdate and FolderDelete have in common: the key decides, the folders are changed, and the
// device gets the next key. It is not told of its own change later; of what others did before it, it still is.
// MS-ASCMD 2.2.1.3 FolderCreate, MS-ASCMD 2.2.1.4 FolderDelete, MS-ASCMD 2.2.1.6 FolderUpdate

import { createHash } from 'node:crypto';
import { changeDevice } from '../../store/devices.js';
import { forgetFolderDeeds, getFolderDeeds, putFolderDeed } from '../../store/folder-deeds.js';
import { getMailbox } from '../../store/mailboxes.js';
import type { Transaction } from '../../store/session.js';
import type { Device, Folder } from '../../store/tables.js';
import type { Steps } from '../../store/transaction.js';
import { FolderHierarchy } from '../../wbxml/airsync/folder-hierarchy.js';
import { text } from '../../wbxml/element.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { readDevice, standingOf } from '../hierarchy.js';
import { limits } from '../limits.js';
import { folderServerId, readFolderId } from '../server-id.js';

export interface FolderCommand {
  name: 'FolderCreate' | 'FolderUpdate' | 'FolderDelete';
  syncKey: string;
  /** All else that the request says: what makes it the same request when it comes again. */
  words: readonly string[];
  invalidSyncKey: number;
  /** Changes the folders and gives the id of the one it is about. Throws StatusError, and then nothing is changed. */
  change: (tx: Transaction) => Steps<number>;
}

export interface Changed {
  syncKey: string;
  serverId: string;
}

/** Throws StatusError. */
export async function changeFolders(exchange: Exchange, command: FolderCommand): Promise<Changed> {
  return exchange.services.store.transact((tx) => changeOnce(tx, exchange, command));
}

function* changeOnce(tx: Transaction, exchange: Exchange, command: FolderCommand): Steps<Changed> {
  const device = yield* readDevice(tx, exchange);
  const standing = standingOf(device, command.syncKey);
  if (!standing) throw new StatusError(command.invalidSyncKey, 'a SyncKey that was not issued');
  const syncKey = String(Number(command.syncKey) + 1);
  const digest = digestOf(command);
  if (standing === 'current') return yield* changeNow(tx, { exchange, command, device, syncKey, digest });
  const deeds = yield* getFolderDeeds(tx, device.id);
  const done = deeds.find((deed) => deed.syncKey === command.syncKey && deed.digest === digest);
  if (done) return { syncKey, serverId: folderServerId(done.folderId) };
  // Whatever the lost answer told, the device does not know it.
  yield* forgetFolderDeeds(tx, device.id, command.syncKey);
  const asBefore = { ...device, hierarchyWatermark: device.previousHierarchyWatermark };
  return yield* changeNow(tx, { exchange, command, device: asBefore, syncKey, digest });
}

interface Change {
  exchange: Exchange;
  command: FolderCommand;
  device: Device;
  syncKey: string;
  digest: string;
}

function* changeNow(tx: Transaction, { exchange, command, device, syncKey, digest }: Change): Steps<Changed> {
  const watermark = device.hierarchyWatermark;
  const before = (yield* getMailbox(tx, device.userId)).hierarchySequence;
  const folderId = yield* command.change(tx);
  const after = (yield* getMailbox(tx, device.userId)).hierarchySequence;
  yield* changeDevice(tx, device.id, {
    hierarchyKey: Number(syncKey),
    previousHierarchyWatermark: watermark,
    // What others did meanwhile lies between, and is still to be told.
    hierarchyWatermark: before === watermark ? after : watermark,
  });
  yield* putFolderDeed(tx, { deviceId: device.id, syncKey: command.syncKey, digest, folderId, now: exchange.now });
  return { syncKey, serverId: folderServerId(folderId) };
}

function digestOf({ name, words }: FolderCommand): string {
  return `${name} ${createHash('sha256').update(JSON.stringify(words)).digest('base64url')}`;
}

/** The text of a required element. Throws StatusError where it is absent, empty or longer than the limit. */
export function required({ body }: Exchange, tag: number, malformed: number): string {
  const value = body && text(body, tag);
  if (value === undefined || value === '' || value.length > limits.keyCharacters)
    throw new StatusError(malformed, 'an element is missing or too long');
  return value;
}

/** Throws StatusError where it is no name for a folder. MS-ASCMD 2.2.3.49.1 DisplayName (FolderCreate) */
export function requiredName({ body }: Exchange, malformed: number): string {
  const name = ((body && text(body, FolderHierarchy.DisplayName)) ?? '').trim();
  if (name === '' || name.length > limits.folderNameCharacters || /\p{Cc}/u.test(name))
    throw new StatusError(malformed, 'the DisplayName is missing, too long or holds control characters');
  return name;
}

/** The folder of a ServerId among those of the mailbox. */
export function findFolder(folders: readonly Folder[], serverId: string): Folder | undefined {
  const id = readFolderId(serverId);
  return folders.find((folder) => folder.id === id);
}

/** Whether another folder in the same place has this name, in whatever letter case. */
export function isNameTaken(
  folders: readonly Folder[],
  place: { parentId: number | undefined; name: string; except?: number },
): boolean {
  const folded = fold(place.name);
  const siblings = folders.filter(({ parentId }) => (parentId ?? undefined) === place.parentId);
  return siblings.some(({ id, name }) => id !== place.except && fold(name) === folded);
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
