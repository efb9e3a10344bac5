// What a phone tells of its life. Every event is a plain object that fits on a line of JSON.

import type { PushErrorCode } from '../push/errors.js';
import type { Proof, ReadPush } from '../push/read-push.js';
import type { Notification } from '../push/san/notification.js';
import type { ServerAlert } from '../push/syncml/server-alert.js';
import type { PhoneErrorCode } from './errors.js';

/** How a phone tells the server that a text has left: MS-ASMS leaves the way to the phone. */
export const confirmationModes = ['delete', 'move', 'add'] as const;
export type ConfirmationMode = (typeof confirmationModes)[number];

export type ItemClass = 'SMS' | 'Email';

export type MailCommand = 'SendMail' | 'SmartReply';

/** All there is on the phone, or what belongs to the account. */
export type Wipe = 'device' | 'account';

export type PhoneEvent =
  | { readonly event: 'provisioned'; readonly policyKey: string }
  | { readonly event: 'settings'; readonly outbound: boolean }
  | { readonly event: 'folders'; readonly folders: readonly { id: string; type: number; name: string }[] }
  | SyncedEvent
  /** The server knew the sync key no longer: this collection is read again from its beginning. */
  | { readonly event: 'started-over'; readonly collection: string }
  | { readonly event: 'ping'; readonly status: number; readonly changed: readonly string[] }
  /** A mail or a text that another put into the Inbox. */
  | ReceivedEvent
  /** The phone gave a text to the network. */
  | { readonly event: 'sms-sent'; readonly to: string; readonly text: string; readonly serverId: string }
  /** The server offered a text again that the phone had already given to the network: it is not sent twice. */
  | { readonly event: 'sms-repeated'; readonly serverId: string }
  | { readonly event: 'confirmed'; readonly way: ConfirmationMode; readonly serverId: string }
  | { readonly event: 'uploaded'; readonly clientId: string; readonly serverId: string }
  /** The server has taken a mail, or an answer to one. */
  | { readonly event: 'mail-sent'; readonly command: MailCommand; readonly clientId: string }
  | RefusedEvent
  | PushEvent
  | PushRefusedEvent
  | { readonly event: 'blocked'; readonly message: string }
  /** The server had the phone wiped: it holds nothing any more, has said so, and ends. */
  | { readonly event: 'wiped'; readonly what: Wipe }
  | ErrorEvent;

/** A notification, configuration or indication reached the phone, by air or as an item that holds it. */
export interface PushEvent {
  readonly event: 'push';
  readonly from: string;
  readonly port?: number;
  readonly kind: ReadPush['kind'];
  readonly notification?: Notification;
  readonly alert?: ServerAlert;
  /** As XML. */
  readonly document?: string;
  /** Whether it proves itself by what the phone knows of its server, its card and its owner. */
  readonly proof: Proof;
}

/** Octets came for a port of push that are none. */
export interface PushRefusedEvent {
  readonly event: 'push-refused';
  readonly from: string;
  readonly port?: number;
  readonly code: PushErrorCode;
  readonly message: string;
}

export interface SyncedEvent {
  readonly event: 'synced';
  readonly collection: string;
  readonly added: number;
  readonly changed: number;
  readonly deleted: number;
  readonly moreAvailable: boolean;
}

export interface ReceivedEvent {
  readonly event: 'received';
  readonly class: ItemClass;
  readonly from: string;
  readonly subject?: string;
  readonly text: string;
  readonly serverId: string;
}

/** The server did not take a mail, and it is not sent again. */
export interface RefusedEvent {
  readonly event: 'refused';
  readonly command: MailCommand;
  readonly clientId: string;
  /** Of the protocol; in its place the HTTP status, where that is the answer. */
  readonly status?: number;
  readonly httpStatus?: number;
  readonly message: string;
}

export interface ErrorEvent {
  readonly event: 'error';
  readonly code: PhoneErrorCode;
  readonly message: string;
  /** When the phone tries again; absent where it does not. */
  readonly retryInMs?: number;
}

export type Listener = (event: PhoneEvent) => void;
