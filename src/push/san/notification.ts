// A Server Alerted Notification of OMA DS 1.2: which databases a phone should synchronize, and how.
// OMA DS 1.2 Server Alerted Notification: package 0
//
//    octets  0         16   17         18 19 20  21 22      23
//            digest    version, ui, initiator    SessionID  length of the server id, server id
//                      and 27 bits for later
//
//    03 28 00 00 00 1234 10 …   0000000011 00 …: version 1.2 in 10 bits, 10 informative, 1 by the server
//
//    4 bits count of syncs, 4 for later; of each sync  60 000007 0A …: two-way, text/x-vcard, length of the URI, URI

import { PushError } from '../errors.js';
import { Octets, utf8 } from '../octets.js';
import { DIGEST_OCTETS, digestOf, type DigestSecrets } from './digest.js';

// OMA DS 1.2 Server Alerted Notification: ui-mode, initiator
export const uiModes = ['unspecified', 'background', 'informative', 'interactive'] as const;
export type UiMode = (typeof uiModes)[number];

export const initiators = ['user', 'server'] as const;
export type Initiator = (typeof initiators)[number];

// Alert codes; what stands in a notification is the code less 200.
// SyncML Representation Protocol 1.1: Alert codes
export const SyncType = {
  TwoWay: 206,
  OneWayFromClient: 207,
  RefreshFromClient: 208,
  OneWayFromServer: 209,
  RefreshFromServer: 210,
} as const;
export const syncTypes: readonly number[] = Object.values(SyncType);

export interface Sync {
  /** 206 to 210. */
  readonly syncType: number;
  /** A number of WSP; 0 where it is not told. */
  readonly contentType: number;
  readonly uri: string;
}

export interface Notification {
  /** 12 for 1.2. */
  readonly version: number;
  readonly uiMode: UiMode;
  readonly initiator: Initiator;
  /** 0 to 65535. */
  readonly sessionId: number;
  readonly serverId: string;
  /** None for all databases. */
  readonly syncs: readonly Sync[];
}

const VERSION = 12;
const ALERT_BASE = 200;
const MOST_SYNCS = 15;
const LAST_CONTENT_TYPE = 0xff_ffff;

/** @throws PushError BAD_FIELD */
export function writeNotification(
  notification: Omit<Notification, 'version'>,
  secrets: Omit<DigestSecrets, 'serverId'>,
): Uint8Array {
  const { serverId } = notification;
  const trigger = writeTrigger(notification);
  return Buffer.concat([digestOf(trigger, { serverId, ...secrets }), trigger]);
}

function writeTrigger({ uiMode, initiator, sessionId, serverId, syncs }: Omit<Notification, 'version'>): Uint8Array {
  if (syncs.length > MOST_SYNCS) throw new PushError('BAD_FIELD', { field: 'num-syncs' });
  const head = Buffer.alloc(7);
  head.writeUInt16BE((VERSION << 6) | (uiModes.indexOf(uiMode) << 4) | (initiators.indexOf(initiator) << 3), 0);
  head.writeUInt16BE(checked(sessionId, 0xffff, 'session-id'), 5);
  const count = Uint8Array.of(syncs.length << 4);
  return Buffer.concat([head, writeName(serverId, 'server-identifier'), count, ...syncs.map(writeSync)]);
}

function writeSync({ syncType, contentType, uri }: Sync): Uint8Array {
  if (!syncTypes.includes(syncType)) throw new PushError('BAD_FIELD', { field: 'sync-type' });
  const head = Buffer.alloc(4);
  head.writeUInt8((syncType - ALERT_BASE) << 4, 0);
  head.writeUIntBE(checked(contentType, LAST_CONTENT_TYPE, 'content-type'), 1, 3);
  return Buffer.concat([head, writeName(uri, 'server-uri')]);
}

function writeName(name: string, field: string): Uint8Array {
  const octets = Buffer.from(name, 'utf8');
  return Buffer.concat([Uint8Array.of(checked(octets.length, 0xff, field)), octets]);
}

function checked(value: number, most: number, field: string): number {
  if (!Number.isInteger(value) || value < 0 || value > most) throw new PushError('BAD_FIELD', { field });
  return value;
}

/** What vendors append is left unread. @throws PushError TRUNCATED, BAD_VERSION */
export function readNotification(notification: Uint8Array): Notification {
  const octets = new Octets(notification);
  octets.take(DIGEST_OCTETS);
  const bits = octets.integer(2);
  const version = bits >> 6;
  // 1.0 and 1.1 have no such package; later ones may have another form.
  if (version !== VERSION) throw new PushError('BAD_VERSION', { offset: DIGEST_OCTETS, field: 'version' });
  octets.take(3);
  return {
    version,
    uiMode: uiModes[(bits >> 4) & 0b11]!,
    initiator: initiators[(bits >> 3) & 1]!,
    sessionId: octets.integer(2),
    serverId: readName(octets),
    syncs: Array.from({ length: octets.octet() >> 4 }, () => readSync(octets)),
  };
}

function readSync(octets: Octets): Sync {
  const syncType = (octets.octet() >> 4) + ALERT_BASE;
  return { syncType, contentType: octets.integer(3), uri: readName(octets) };
}

function readName(octets: Octets): string {
  return utf8(octets.take(octets.octet()));
}
