// A text or a mail as a Sync carries it: the children of ApplicationData.
// MS-ASMS 2.2.2 Elements; MS-ASEMAIL 2.2.2 Elements

import type { Element } from '../wbxml/element.js';
import { child, element, text } from '../wbxml/element.js';
import { AirSyncBase } from '../wbxml/airsync/air-sync-base.js';
import { AirSync } from '../wbxml/airsync/air-sync.js';
import { Email } from '../wbxml/airsync/email.js';
import { readMobileAddresses } from '../sms/mobile-address.js';
import type { ItemClass } from './events.js';

/** An item in a folder of the phone. Addresses stand as the server wrote them. */
export interface Item {
  readonly serverId: string;
  readonly class: ItemClass;
  readonly from: string;
  readonly to: string;
  readonly subject: string | undefined;
  readonly text: string;
  readonly read: boolean;
  readonly dateReceived: string;
}

/** A text that the phone adds to the mailbox. */
export type Draft = Pick<Item, 'from' | 'to' | 'text' | 'read' | 'dateReceived'>;

const PLAIN_TEXT = '1';

/** Reads a Commands/Add, or a Commands/Change over what is known of the item. */
export function readItem(command: Element, known?: Item): Item {
  const data = child(command, AirSync.ApplicationData) ?? element(AirSync.ApplicationData);
  const body = child(data, AirSyncBase.Body);
  const itemClass = text(command, AirSync.Class);
  return {
    serverId: text(command, AirSync.ServerId) ?? '',
    // Absent in an Add: the default class of the folder.
    class: itemClass === undefined ? (known?.class ?? 'Email') : itemClass === 'SMS' ? 'SMS' : 'Email',
    from: text(data, Email.From) ?? known?.from ?? '',
    to: text(data, Email.To) ?? known?.to ?? '',
    subject: text(data, Email.Subject) ?? known?.subject,
    text: (body && text(body, AirSyncBase.Data)) ?? known?.text ?? '',
    read: (text(data, Email.Read) ?? (known?.read === true ? '1' : '0')) === '1',
    dateReceived: text(data, Email.DateReceived) ?? known?.dateReceived ?? '',
  };
}

export function writeApplicationData(draft: Draft): Element {
  return element(AirSync.ApplicationData, [
    element(Email.To, draft.to),
    element(Email.From, draft.from),
    element(Email.DateReceived, draft.dateReceived),
    element(Email.Importance, '1'),
    element(Email.Read, draft.read ? '1' : '0'),
    element(AirSyncBase.Body, [
      element(AirSyncBase.Type, PLAIN_TEXT),
      element(AirSyncBase.EstimatedDataSize, String(Buffer.byteLength(draft.text))),
      element(AirSyncBase.Data, draft.text),
    ]),
  ]);
}

/** The numbers in a To or From, as they would be dialled. */
export function numbersOf(address: string): string {
  const numbers = (readMobileAddresses(address) ?? []).flatMap(({ number }) => number ?? []);
  return numbers.join(',') || address;
}
