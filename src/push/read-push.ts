// A push message as a phone receives it: what it is, what it says, and whether it proves itself.

import { decode } from '../wbxml/decode.js';
import type { DocumentType } from '../wbxml/document-type.js';
import { WbxmlError } from '../wbxml/errors.js';
import { OtaDocument, SyncSetDocument } from '../wbxml/ota/document.js';
import { ProvDocument } from '../wbxml/prov/document.js';
import { SiDocument } from '../wbxml/si/document.js';
import { shown } from './configuration.js';
import { PushError } from './errors.js';
import { isMacRight, isTypedPinRight, keyOf, Sec, type Security } from './prov/security.js';
import { isDigestRight } from './san/digest.js';
import { type Notification, readNotification } from './san/notification.js';
import { readServerAlert, type ServerAlert } from './syncml/server-alert.js';
import type { ContentType } from './wsp/content-type.js';
import { readPushPdu } from './wsp/push-pdu.js';

type Document = 'configuration' | 'settings' | 'sync-settings' | 'indication';

type Said =
  | { readonly kind: 'notification'; readonly notification: Notification }
  | { readonly kind: 'server-alert'; readonly alert: ServerAlert }
  // As XML.
  | { readonly kind: Document; readonly document: string };

export type ReadPush = Said & { readonly contentType: ContentType; readonly body: Uint8Array };

function documentOf(kind: Document, type: DocumentType): (body: Uint8Array) => Said {
  return (body) => ({ kind, document: shown(decode(body, type), type) });
}

const readers: Readonly<Record<string, (body: Uint8Array) => Said>> = {
  'application/vnd.syncml.ds.notification': (body) => ({ kind: 'notification', notification: readNotification(body) }),
  'application/vnd.syncml+wbxml': (body) => ({ kind: 'server-alert', alert: readServerAlert(body) }),
  'application/vnd.wap.connectivity-wbxml': documentOf('configuration', ProvDocument),
  'application/x-wap-prov.browser-settings': documentOf('settings', OtaDocument),
  'application/x-wap-prov.browser-bookmarks': documentOf('settings', OtaDocument),
  'application/vnd.nokia.syncset+wbxml': documentOf('sync-settings', SyncSetDocument),
  'application/vnd.wap.sic': documentOf('indication', SiDocument),
};

/** The octets behind the user data header of all parts. @throws PushError */
export function readPush(pdu: Uint8Array): ReadPush {
  const { contentType, body } = readPushPdu(pdu);
  const read = Object.hasOwn(readers, contentType.type) ? readers[contentType.type] : undefined;
  if (!read) throw new PushError('UNKNOWN_CONTENT_TYPE', { field: 'Content-Type' });
  try {
    return { ...read(body), contentType, body };
  } catch (error) {
    if (error instanceof WbxmlError) throw new PushError('BAD_DOCUMENT', {}, error);
    throw error;
  }
}

/** What a phone knows of its server, its card and its owner. */
export interface PushSecrets {
  readonly password?: string | undefined;
  readonly nonce?: string | undefined;
  readonly imsi?: string | undefined;
  /** What the owner types. */
  readonly pin?: string | undefined;
}

/** `unsigned` proves nothing; `unchecked`: what it would be checked against is not known. */
export type Proof = 'right' | 'wrong' | 'unsigned' | 'unchecked';

export function proofOf(push: ReadPush, secrets: PushSecrets): Proof {
  if (push.kind === 'notification') return digestProof(push.body, push.notification.serverId, secrets);
  if (push.kind !== 'configuration' || push.contentType.sec === undefined) return 'unsigned';
  return macProof(push, secrets);
}

function digestProof(body: Uint8Array, serverId: string, { password, nonce = '' }: PushSecrets): Proof {
  if (password === undefined) return 'unchecked';
  return isDigestRight(body, { serverId, password, nonce }) ? 'right' : 'wrong';
}

function macProof({ body, contentType: { sec, mac = '' } }: ReadPush, secrets: PushSecrets): Proof {
  const { pin, imsi } = secrets;
  const found = Object.entries(Sec).find(([, number]) => number === sec)?.[0] as Exclude<Security, 'none'> | undefined;
  if (found === undefined) return 'unchecked';
  const isLacking = (found !== 'netwpin' && pin === undefined) || (found.includes('netwpin') && imsi === undefined);
  if (isLacking) return 'unchecked';
  if (found === 'userpinmac') return isTypedPinRight(pin!, body) ? 'right' : 'wrong';
  return isMacRight(mac, { key: keyOf(found, { pin, imsi }), body }) ? 'right' : 'wrong';
}

/** The name of a security by its number in SEC. */
export function securityOf({ sec }: ContentType): Security | undefined {
  if (sec === undefined) return 'none';
  return Object.entries(Sec).find(([, number]) => number === sec)?.[0] as Security | undefined;
}
