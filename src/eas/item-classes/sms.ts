// The SMS class: an item of the mailbox as ApplicationData and back.
// MS-ASMS 2.2.2 Elements, MS-ASEMAIL 2.2.2

import { readMobileAddresses } from '../../sms/mobile-address.js';
import type { ItemChange } from '../../store/items.js';
import type { Item } from '../../store/tables.js';
import { AirSyncBase } from '../../wbxml/airsync/air-sync-base.js';
import { Email } from '../../wbxml/airsync/email.js';
import { child, type Element, element, text, textOf } from '../../wbxml/element.js';
import { readDate, writeDate } from './date.js';
import { type BodySource, writeBody } from './body.js';
import type { ItemWish } from './item.js';

/** What a device adds: everything that the item keeps. */
export interface SmsData {
  from: string;
  to: string;
  subject: string | undefined;
  text: string;
  date: number;
  read: boolean;
  importance: number;
}

/** `undefined` where the item is malformed, which is Status 6 for this item alone. */
export function readSms(data: Element, now: number): SmsData | undefined {
  const change = readSmsChange(data);
  if (!change) return undefined;
  const { from = '', to = '', subject, text: body = '', date = now, read = false, importance = 1 } = change;
  return { from, to, subject: subject ?? undefined, text: body, date, read, importance };
}

/** The properties that a Change names; what it leaves out stays. */
export function readSmsChange(data: Element): ItemChange | undefined {
  const change: ItemChange = {};
  for (const each of Array.isArray(data.content) ? (data.content as readonly Element[]) : []) {
    const read = readers[each.tag]?.(each);
    if (read === 'malformed') return undefined;
    Object.assign(change, read);
  }
  return change;
}

type Reader = (property: Element) => ItemChange | 'malformed';

const readers: Readonly<Record<number, Reader>> = {
  [Email.From]: (property) => readAddresses(property, 'from'),
  [Email.To]: (property) => readAddresses(property, 'to'),
  [Email.Subject]: (property) => ({ subject: textOf(property) ?? '' }),
  [Email.DateReceived]: readDateReceived,
  [Email.Read]: readRead,
  [Email.Importance]: readImportance,
  [AirSyncBase.Body]: readBody,
};

function readAddresses(property: Element, name: 'from' | 'to'): ItemChange | 'malformed' {
  const value = textOf(property);
  return value === undefined || readMobileAddresses(value) === undefined ? 'malformed' : { [name]: value };
}

function readDateReceived(property: Element): ItemChange | 'malformed' {
  const date = readDate(textOf(property) ?? '');
  return date === undefined ? 'malformed' : { date };
}

// MS-ASEMAIL 2.2.2.58 Read
function readRead(property: Element): ItemChange | 'malformed' {
  const value = textOf(property);
  return value === '0' || value === '1' ? { read: value === '1' } : 'malformed';
}

// MS-ASEMAIL 2.2.2.38 Importance
function readImportance(property: Element): ItemChange | 'malformed' {
  const value = textOf(property);
  return value !== undefined && /^[012]$/.test(value) ? { importance: Number(value) } : 'malformed';
}

// EstimatedDataSize is not believed: phones send one that does not fit the text.
function readBody(property: Element): ItemChange | 'malformed' {
  const type = text(property, AirSyncBase.Type) ?? '1';
  if (type !== '1') return 'malformed';
  const data = child(property, AirSyncBase.Data);
  return data ? readData(data) : {};
}

function readData(data: Element): ItemChange | 'malformed' {
  const value = textOf(data);
  return value === undefined ? 'malformed' : { text: value };
}

/** The children of ApplicationData. */
export function writeSms(item: Item, { options, version }: Pick<ItemWish, 'options' | 'version'>): Element[] {
  const plain = options?.bodyPreferences?.filter(({ type }) => type === 1);
  return [
    element(Email.To, item.to),
    element(Email.From, item.from),
    element(Email.DateReceived, writeDate(item.date)),
    element(Email.Importance, String(item.importance)),
    element(Email.Read, item.read ? '1' : '0'),
    element(Email.MessageClass, 'IPM.Note.Mobile.SMS'),
    element(Email.InternetCPID, '65001'),
    writeBody(sourceOf(item.text), plain ? { bodyPreferences: plain } : {}, version),
  ];
}

// A text is plain text whatever a device would like. MS-ASMS 2.2.2.1 Body
function sourceOf(text: string): BodySource {
  return { text, html: () => text, mime: () => text, nativeType: 1, isSecured: false };
}
