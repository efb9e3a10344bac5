// What a device changed: Add, Change, Delete and Fetch of one Collection. A command that fails is an answer for itself;
// the others stand.
// MS-ASCMD 2.2.3.32 Commands, 2.2.3.154 Responses

import { hash } from 'node:crypto';
import { getClientAdd, putClientAdd } from '../../../store/client-adds.js';
import { addItem, changeItem, getItem, getTombstone, moveItem, removeItem } from '../../../store/items.js';
import { passPhoneText, type PhoneTexts } from '../../../message/phone-texts.js';
import { FolderType, getFolderOfType } from '../../../store/mailboxes.js';
import { confirmText, getTextOfAdd, mergeAdd } from '../../../store/outbox.js';
import type { Transaction } from '../../../store/session.js';
import type { BodyPreference, ItemClass, StickyOptions } from '../../../store/states.js';
import type { Folder, Item } from '../../../store/tables.js';
import type { Steps } from '../../../store/transaction.js';
import { readMobileAddresses } from '../../../sms/mobile-address.js';
import { type CountryCode, sameNumber } from '../../../sms/number.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { child, type Element, element, text } from '../../../wbxml/element.js';
import type { Exchange } from '../../exchange.js';
import { readMailChange } from '../../item-classes/mail-change.js';
import { readSms, readSmsChange, type SmsData } from '../../item-classes/sms.js';
import { limits } from '../../limits.js';
import { applyDraftAdd, applyDraftChange, takesDrafts } from './drafts/apply-draft.js';
import { type Sendings, wasSent } from './drafts/send-drafts.js';
import { isNameOf, itemServerId, readItemId } from '../../server-id.js';
import { SyncStatus } from '../../statuses.js';
import { hasTexts } from '../../versions.js';
import { writeProperties } from './write.js';

export interface Applying {
  exchange: Exchange;
  folder: Folder;
  deletesAsMoves: boolean;
  /** Changed by somebody else since the device looked: our version wins. */
  isInConflict: (item: Item) => boolean;
  options: readonly StickyOptions[];
  /** Under which class the device sees texts here, also those it adds. */
  textsAs: ItemClass;
  sendings: Sendings;
  /** Absent where the user's phones serve no gateway. */
  phoneTexts: PhoneTexts | undefined;
  /** The sequences of drafts before this request changed them: with it in mind they are sent. */
  draftsBefore: Map<number, number>;
}

/** The children of Responses: refusals, successful Adds and Fetches. */
export function* applyCommands(tx: Transaction, commands: readonly Element[], applying: Applying): Steps<Element[]> {
  const responses: Element[] = [];
  for (const command of commands) {
    const response = yield* applyOne(tx, command, applying);
    if (response) responses.push(response);
  }
  return responses;
}

function* applyOne(tx: Transaction, command: Element, applying: Applying): Steps<Element | undefined> {
  switch (command.tag) {
    case AirSync.Add:
      return yield* applyAdd(tx, command, applying);
    case AirSync.Change:
      return yield* applyChange(tx, command, applying);
    case AirSync.Delete:
      return yield* applyDelete(tx, command, applying);
    case AirSync.Fetch:
      return yield* applyFetch(tx, command, applying);
    default:
      return undefined;
  }
}

// MS-ASCMD 2.2.3.7.2 Add (Sync)
function* applyAdd(tx: Transaction, command: Element, applying: Applying): Steps<Element> {
  const itemClass = text(command, AirSync.Class);
  const clientId = text(command, AirSync.ClientId) ?? '';
  const data = child(command, AirSync.ApplicationData);
  const answer = (status: number, serverId?: string, more?: Element) =>
    element(AirSync.Add, [
      itemClass ? element(AirSync.Class, itemClass) : undefined,
      element(AirSync.ClientId, clientId.slice(0, limits.keyCharacters)),
      serverId === undefined ? undefined : element(AirSync.ServerId, serverId),
      element(AirSync.Status, String(status)),
      more,
    ]);
  if (clientId === '' || clientId.length > limits.keyCharacters) return answer(SyncStatus.ProtocolError);
  if (itemClass !== 'SMS' && data && takesDrafts(applying)) {
    const drafted = yield* applyDraftAdd(tx, command, applying);
    return answer(drafted.status, drafted.serverId, drafted.data);
  }
  // MS-ASEMAIL 2.2.2 lets a client add texts; a mail comes in by SendMail.
  const { version, now } = applying.exchange;
  const sms = itemClass === 'SMS' && hasTexts(version) && data ? readSms(data, now) : undefined;
  if (!sms) return answer(SyncStatus.ConversionError);
  const item = yield* addOnce(tx, { clientId, sms }, applying);
  return answer(SyncStatus.Success, itemServerId(item, applying.textsAs));
}

interface ClientAdd {
  clientId: string;
  sms: SmsData;
}

// The same ClientId with the same content is the same Add, whose answer was lost; the item keeps its ServerId even
// where it has been moved or removed since, because the device asks what became of its Add.
function* addOnce(
  tx: Transaction,
  { clientId, sms }: ClientAdd,
  applying: Applying,
): Steps<Pick<Item, 'id' | 'folderId' | 'class'>> {
  const { exchange, folder } = applying;
  const add = { deviceId: exchange.device.id, folderId: folder.id, clientId, digest: digestOf(sms) };
  const known = yield* getClientAdd(tx, add);
  if (known !== undefined) return { id: known, folderId: folder.id, class: 'SMS' };
  const item = yield* placeText(tx, sms, applying);
  yield* putClientAdd(tx, Object.assign(add, { itemId: item.id, now: exchange.now }));
  return item;
}

function digestOf({ from, to, text: body, date }: SmsData): string {
  return hash('sha256', JSON.stringify([from, to, body, date]), 'base64url');
}

function* placeText(tx: Transaction, sms: SmsData, applying: Applying): Steps<Item> {
  const { exchange, folder } = applying;
  const deviceId = exchange.device.id;
  if (folder.type === FolderType.SentItems) {
    const merged = yield* confirmByAdd(tx, sms, applying);
    if (merged) return merged;
  }
  const { from, to, subject, text: body, date, read, importance } = sms;
  const place = { userId: exchange.user.id, folderId: folder.id, class: 'SMS' as const, changedBy: deviceId };
  const own = Object.assign(place, { from, to, subject, text: body, date, read, importance });
  // A text that a phone keeps in its own Outbox is its to send: another device, or this one after a restart, would send
  // it again.
  if (folder.type === FolderType.Outbox)
    return yield* addItem(tx, { ...own, offeredTo: deviceId, fetchedAt: exchange.now });
  const item = yield* addItem(tx, own);
  const { phoneTexts } = applying;
  if (phoneTexts && folder.type === FolderType.Inbox)
    yield* passPhoneText(tx, phoneTexts, { item, device: exchange.device });
  return item;
}

// A phone may say by this Add that it sent a text we offered: then it is that text, and no second item.
function* confirmByAdd(tx: Transaction, sms: SmsData, { exchange }: Applying): Steps<Item | undefined> {
  const { device, services, now } = exchange;
  const country = services.store.settings.current.defaultCountry as CountryCode | undefined;
  const numbers = (readMobileAddresses(sms.to) ?? []).flatMap(({ number }) => number ?? []);
  const isRecipient = (number: string) => numbers.some((each) => sameNumber(each, number, country));
  const found = yield* getTextOfAdd(tx, { deviceId: device.id, text: sms.text, isRecipient, now });
  if (!found) return undefined;
  const { item, message } = found;
  if (message.confirmedAt !== null) return yield* mergeAdd(tx, item, device.id);
  yield* confirmText(tx, { item, deviceId: device.id, way: 'add', now });
  const sentItems = yield* getFolderOfType(tx, item.userId, FolderType.SentItems);
  return yield* getItem(tx, sentItems.id, item.id);
}

// MS-ASCMD 2.2.3.24.2 Change (Sync)
function* applyChange(tx: Transaction, command: Element, applying: Applying): Steps<Element | undefined> {
  const serverId = text(command, AirSync.ServerId) ?? '';
  const found = yield* findItem(tx, serverId, applying);
  const refuse = (status: number) => refusal(AirSync.Change, serverId, status);
  if (!found && (yield* wasSent(tx, applying.exchange, command))) return undefined;
  if (!found) return refuse(SyncStatus.ObjectNotFound);
  const { item, as } = found;
  const isInConflict = applying.isInConflict(item);
  if (isInConflict && !isClientWinning(as, applying)) return refuse(SyncStatus.Conflict);
  // The device wins in what it says; of what else is new it has to be told, so that this is not its own doing alone.
  const changedBy = isInConflict ? undefined : applying.exchange.device.id;
  if (item.properties.isDraft && takesDrafts(applying)) {
    const { status, data } = yield* applyDraftChange(tx, { command, item, changedBy }, applying);
    return status === SyncStatus.Success && !data ? undefined : answerTo(AirSync.Change, serverId, { status, data });
  }
  const data = child(command, AirSync.ApplicationData);
  const change = data && (as === 'SMS' ? readSmsChange(data) : readMailChange(data, item));
  if (!change) return refuse(SyncStatus.ConversionError);
  // A text on its way belongs to the sender who wrote it; the phone may mark it, not rewrite it.
  const { read, importance, properties } = change;
  const allowed = item.messageId === null ? change : dropUndefined({ read, importance, properties });
  yield* changeItem(tx, item, allowed, changedBy);
  return undefined;
}

// MS-ASCMD 2.2.3.34 Conflict
function isClientWinning(as: ItemClass, { options }: Applying): boolean {
  return options.some((each) => each.class === as && each.clientWins);
}

function dropUndefined<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as never;
}

// MS-ASCMD 2.2.3.42.2 Delete (Sync)
function* applyDelete(tx: Transaction, command: Element, applying: Applying): Steps<Element | undefined> {
  const { exchange, folder, deletesAsMoves } = applying;
  const deviceId = exchange.device.id;
  const serverId = text(command, AirSync.ServerId) ?? '';
  const item = (yield* findItem(tx, serverId, applying))?.item;
  if (!item) return yield* answerGone(tx, serverId, applying);
  if (folder.type === FolderType.Outbox && item.offeredTo === deviceId && item.messageId !== null)
    yield* confirmText(tx, { item, deviceId, way: 'delete', now: exchange.now });
  else if (deletesAsMoves && folder.type !== FolderType.DeletedItems && folder.type !== FolderType.Outbox)
    yield* moveToDeletedItems(tx, item, deviceId);
  else yield* removeItem(tx, item, deviceId);
  return undefined;
}

function* moveToDeletedItems(tx: Transaction, item: Item, leftBy: number): Steps<void> {
  const deleted = yield* getFolderOfType(tx, item.userId, FolderType.DeletedItems);
  yield* moveItem(tx, item, { folderId: deleted.id, leftBy });
}

// What left the folder before the device said so is deleted, as the device wants it.
function* answerGone(tx: Transaction, serverId: string, { folder }: Applying): Steps<Element | undefined> {
  const id = readItemId(serverId);
  if (id?.folderId === folder.id && (yield* getTombstone(tx, folder.id, id.itemId))) return undefined;
  return refusal(AirSync.Delete, serverId, SyncStatus.ObjectNotFound);
}

// MS-ASCMD 2.2.3.67.2 Fetch (Sync): what was cut is asked for, and comes whole.
function* applyFetch(tx: Transaction, command: Element, applying: Applying): Steps<Element> {
  const serverId = text(command, AirSync.ServerId) ?? '';
  const found = yield* findItem(tx, serverId, applying);
  if (!found) return refusal(AirSync.Fetch, serverId, SyncStatus.ObjectNotFound);
  return element(AirSync.Fetch, [
    element(AirSync.ServerId, serverId),
    element(AirSync.Status, String(SyncStatus.Success)),
    element(
      AirSync.ApplicationData,
      yield* writeProperties(tx, found, { ...applying, options: applying.options.map(uncut) }),
    ),
  ]);
}

// A BodyPart has no place in Responses.
function uncut({ bodyPreferences, bodyPartPreference: _, ...options }: StickyOptions): StickyOptions {
  return bodyPreferences ? { ...options, bodyPreferences: bodyPreferences.map(withoutSize) } : options;
}

function withoutSize({ truncationSize: _, ...preference }: BodyPreference): BodyPreference {
  return preference;
}

/** An item of this folder that this device may see, and the class by whose name it calls it. */
function* findItem(
  tx: Transaction,
  serverId: string,
  { folder, exchange }: Applying,
): Steps<{ item: Item; as: ItemClass } | undefined> {
  const name = readItemId(serverId);
  if (name?.folderId !== folder.id) return undefined;
  const item = yield* getItem(tx, folder.id, name.itemId);
  if (!item || !isNameOf(name, item)) return undefined;
  const isOthers = item.offeredTo !== null && (item.offeredTo !== exchange.device.id || name.isAsMail);
  return isOthers ? undefined : { item, as: name.isAsMail ? 'Email' : item.class };
}

function refusal(tag: number, serverId: string, status: number): Element {
  return answerTo(tag, serverId, { status });
}

function answerTo(tag: number, serverId: string, answer: { status: number; data?: Element | undefined }): Element {
  const name = serverId.slice(0, limits.keyCharacters);
  return element(tag, [element(AirSync.ServerId, name), element(AirSync.Status, String(answer.status)), answer.data]);
}
