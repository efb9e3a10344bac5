// A notification as the phone knows it: OMA DS 1.2, or the alert of SyncML 1.1.

import { Port } from './ports.js';
import { carry, type Carriage, type PushMessage } from './push-message.js';
import { type Initiator, type Sync, type UiMode, writeNotification } from './san/notification.js';
import { type PublicIdForm, writeServerAlert } from './syncml/server-alert.js';
import { mimeTypeOf } from './wsp/content-type.js';
import { ApplicationId } from './wsp/push-pdu.js';

/** What the two protocols say in their own ways. */
export interface Alarm {
  readonly serverId: string;
  readonly sessionId: number;
  readonly syncs: readonly Sync[];
}

const ports = { destination: Port.WapPush, source: Port.Sender };
const of = { ports, applicationId: ApplicationId.SyncMl, tellsApplicationId: true };

/** @throws PushError BAD_FIELD */
export function notificationMessage(
  alarm: Alarm & { uiMode: UiMode; initiator: Initiator; password: string; nonce: string },
  carriage?: Carriage,
): PushMessage {
  const { serverId, sessionId, syncs, uiMode, initiator, password, nonce } = alarm;
  const body = writeNotification({ serverId, sessionId, syncs, uiMode, initiator }, { password, nonce });
  return carry({ ...of, contentType: { type: 'application/vnd.syncml.ds.notification' }, body }, carriage);
}

/** @throws PushError BAD_FIELD */
export function serverAlertMessage(
  alarm: Alarm & { target: string; publicId?: PublicIdForm | undefined },
  carriage?: Carriage,
): PushMessage {
  const { serverId: source, sessionId, target, publicId } = alarm;
  const databases = alarm.syncs.map(({ syncType, uri, contentType }) => ({
    ...{ syncType, uri },
    mimeType: mimeTypeOf(contentType),
  }));
  const body = writeServerAlert({ target, source, sessionId, databases }, publicId);
  return carry({ ...of, contentType: { type: 'application/vnd.syncml+wbxml' }, body }, carriage);
}
