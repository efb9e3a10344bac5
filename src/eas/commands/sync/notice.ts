// What a quarantined device sees instead of the mailbox: an Inbox with one item, the notice, and no change of its own is
// taken. When it is allowed, its keys are refused once and it begins with the mailbox.

import { quarantineNotice } from '../../../message/notice.js';
import { FolderType } from '../../../store/mailboxes.js';
import type { CollectionView, Marks } from '../../../store/states.js';
import type { Device, Folder } from '../../../store/tables.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../../wbxml/airsync/air-sync-base.js';
import { Email } from '../../../wbxml/airsync/email.js';
import { type Element, element, text } from '../../../wbxml/element.js';
import type { Exchange } from '../../exchange.js';
import { writeDate } from '../../item-classes/date.js';
import { limits } from '../../limits.js';
import { SyncStatus } from '../../statuses.js';
import { freshMark } from './shown.js';

export function viewFor({ state }: Pick<Device, 'state'>): CollectionView {
  return state === 'quarantined' ? 'notice' : 'mailbox';
}

/** Whether the device has what there is to see for it. */
export function hasNotice(folder: Pick<Folder, 'type'>, marks: Marks): boolean {
  return folder.type !== FolderType.Inbox || marks.Email !== undefined;
}

/** Of a device that has the notice. */
export const noticeGiven: Marks = { Email: freshMark('Email', 0) };

export function noticeServerId(folder: Pick<Folder, 'id'>): string {
  return `${folder.id}:notice`;
}

export function writeNotice(folder: Folder, { device, user }: Exchange): Element {
  return element(AirSync.Add, [
    element(AirSync.ServerId, noticeServerId(folder)),
    element(AirSync.ApplicationData, writeData({ device, user })),
  ]);
}

function writeData({ device, user }: Pick<Exchange, 'device' | 'user'>): Element[] {
  const { subject, text: body } = quarantineNotice(device);
  return [
    element(Email.To, user.address),
    element(Email.From, `postmaster@${user.domain}`),
    element(Email.Subject, subject),
    element(Email.DateReceived, writeDate(device.createdAt)),
    element(Email.Importance, '2'),
    element(Email.Read, '0'),
    element(Email.MessageClass, 'IPM.Note'),
    element(Email.InternetCPID, '65001'),
    element(AirSyncBase.Body, [
      element(AirSyncBase.Type, '1'),
      element(AirSyncBase.EstimatedDataSize, String(Buffer.byteLength(body))),
      element(AirSyncBase.Data, body),
    ]),
    element(AirSyncBase.NativeBodyType, '1'),
  ];
}

/** Each for itself: what else the device asked is answered all the same. */
export function refuseChanges(commands: readonly Element[]): Element[] {
  const named = [AirSync.Class, AirSync.ClientId, AirSync.ServerId];
  return commands.map((command) =>
    element(command.tag, [
      ...named.map((tag) => {
        const name = text(command, tag);
        return name === undefined ? undefined : element(tag, name.slice(0, limits.keyCharacters));
      }),
      element(AirSync.Status, String(SyncStatus.ConversionError)),
    ]),
  );
}
