// The Email class, as far as this server writes mail itself: notices in plain text.
// MS-ASEMAIL 2.2.2

import type { ItemChange } from '../../store/items.js';
import type { Item } from '../../store/tables.js';
import { Email } from '../../wbxml/airsync/email.js';
import { AirSyncBase } from '../../wbxml/airsync/air-sync-base.js';
import { type Element, element, text } from '../../wbxml/element.js';
import { type BodyWish, writeBody } from './body.js';
import { writeDate } from './date.js';

export function writeEmail(item: Item, wish: BodyWish): Element[] {
  return [
    element(Email.To, item.to),
    element(Email.From, item.from),
    element(Email.Subject, item.subject ?? ''),
    element(Email.DateReceived, writeDate(item.date)),
    element(Email.Importance, String(item.importance)),
    element(Email.Read, item.read ? '1' : '0'),
    element(Email.MessageClass, 'IPM.Note'),
    element(Email.InternetCPID, '65001'),
    writeBody(item.text, wish),
    element(AirSyncBase.NativeBodyType, '1'),
  ];
}

/** Of a mail that lies in a folder a device changes the Read mark. `undefined` where the value is malformed. */
export function readEmailChange(data: Element): ItemChange | undefined {
  const read = text(data, Email.Read);
  if (read === undefined) return {};
  return read === '0' || read === '1' ? { read: read === '1' } : undefined;
}
