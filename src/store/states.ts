// The closed word lists of the tables, kept beside them because both dialects spell them out.

/** States of an outbound message, as the API shows them. A claim by a dispatcher is still `queued`. */
export const messageStates = [
  'queued',
  'offered', // lies in the phone's Outbox, not fetched: may be withdrawn
  'sending', // fetched or handed to the bearer: never goes back by itself
  'sent',
  'delivered',
  'failed',
  'expired',
  'unknown', // may have been sent: told, never repeated
] as const;
export type MessageState = (typeof messageStates)[number];

export const deviceStates = ['allowed', 'blocked', 'quarantined'] as const;
export type DeviceState = (typeof deviceStates)[number];

export const accessModes = ['inherit', 'allowed', 'denied'] as const;
export type AccessMode = (typeof accessModes)[number];

export const gatewayTypes = ['gsm-modem', 'http', 'activesync', 'loopback'] as const;
export type GatewayType = (typeof gatewayTypes)[number];

export const itemClasses = ['SMS', 'Email'] as const;
export type ItemClass = (typeof itemClasses)[number];

/** How a phone said that it sent a text from its Outbox. */
export const confirmationWays = ['delete', 'move', 'add'] as const;
export type ConfirmationWay = (typeof confirmationWays)[number];

/** What one attempt of a bearer came to; absent while it is under way. */
export const attemptOutcomes = ['sent', 'refused', 'try-later', 'unknown', 'withdrawn'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/** `smsSettings` of a user, a domain or the server: the first level that has them replaces the others whole. */
export interface SmsSettings {
  gateway?: string;
  /** Parts; 0 for no limit. */
  monthlyLimit?: number;
  /** The last day, such as `2026-11-30`, in the time zone of the server. */
  expires?: string;
  active?: boolean;
  description?: string;
}

/** What a token of the API may be used for. */
export const tokenScopes = ['send', 'read', 'admin'] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** What an administrator asked for, without what is secret. */
export type AuditedChange = Record<string, unknown>;

/** How a device wants bodies of one type. MS-ASAIRS 2.2.2.12 BodyPreference, 2.2.2.11 BodyPartPreference */
export interface BodyPreference {
  /** 1 plain text, 2 HTML, 3 RTF, 4 MIME. MS-ASAIRS 2.2.2.41.4 Type (BodyPreference) */
  type: number;
  /** Octets after which the body is cut. */
  truncationSize?: number;
  /** Whole or not at all, instead of cut. */
  allOrNone?: boolean;
  /** Characters of plain text that are given beside a body that is cut. */
  preview?: number;
}

/** What a device asked of one class in a collection's Options, kept because Options are sticky. */
export interface StickyOptions {
  class: ItemClass;
  filterType?: number;
  /** The device's change wins over ours. MS-ASCMD 2.2.3.34 Conflict */
  clientWins?: boolean;
  /** 1 for signed mail only, 2 for all mail. MS-ASCMD 2.2.3.110.3 MIMESupport (Sync) */
  mimeSupport?: number;
  bodyPreferences?: BodyPreference[];
  bodyPartPreference?: BodyPreference;
}

/** What a device has of one class of items in one folder, without a list of them. Numbers are of the mailbox's sequence. */
export interface Mark {
  /** The class under which the device sees them: a text is shown as mail to a device that asks for no texts. */
  as: ItemClass;
  /** Everything that entered the folder up to here was given. */
  entered: number;
  /** Every change and removal up to here was told. */
  changed: number;
  /** Where the mailbox stood when the device began: what it did itself before that it has forgotten. */
  started: number;
  /** Items dated before this instant, or at it with a smaller id, the device does not have. */
  since: number;
  sinceId: number;
}

/** Items of which the device is told to let go, because it asked for them under another class, or no longer at all. */
export interface Leaving {
  class: ItemClass;
  /** Where the device stood when it let go. */
  mark: Mark;
  /** The last change in the folder by then. */
  upTo: number;
  /** What entered up to here has been taken back. */
  position: number;
}

export interface Marks {
  Email?: Mark;
  SMS?: Mark;
  leaving?: Leaving[];
}

/** The device's own folder, or the one with the notice alone that a quarantined device gets. */
export const collectionViews = ['mailbox', 'notice'] as const;
export type CollectionView = (typeof collectionViews)[number];

/** Who decided on the state of a device; rules do not overrule an administrator. */
export const deviceStateSources = ['default', 'rule', 'administrator'] as const;
export type DeviceStateSource = (typeof deviceStateSources)[number];

export const deviceRuleFields = ['type', 'model', 'userAgent', 'user'] as const;

export const deviceWipes = ['none', 'device', 'account'] as const;
export type DeviceWipe = (typeof deviceWipes)[number];

/** What a scope says of the policy; what it does not name is as in the scope above it. */
export type PolicyDocument = Record<string, boolean | number | string | string[] | null>;

/** States of a mail on its way to the relay. */
export const mailStates = ['queued', 'sent', 'failed'] as const;

/** What mail programs keep of an item beside what a text has. Address lists are as RFC 5322 writes them. */
export interface ItemProperties {
  cc?: string;
  bcc?: string;
  replyTo?: string;
  /** Of a text: who it is from as mail programs see it, where the gateway says so. */
  mailFrom?: string;
  /** Message-ID, In-Reply-To and References, in angle brackets as in the mail. */
  messageId?: string;
  inReplyTo?: string;
  references?: string;
  /** It has a row of contents. */
  hasContent?: boolean;
  hasAttachments?: boolean;
  isDraft?: boolean;
  /** Signed or encrypted: only its octets are the mail. */
  isSecured?: boolean;
  /** Signed, and readable without the signature. */
  isClearSigned?: boolean;
  flag?: ItemFlag;
  categories?: string[];
  /** 1 reply to sender, 2 reply to all, 3 forward. MS-ASEMAIL 2.2.2.43 LastVerbExecuted */
  lastVerb?: number;
  lastVerbAt?: number;
}

/** MS-ASEMAIL 2.2.2.34 Flag: the values as the device wrote them, by element name. */
export interface ItemFlag {
  status: number;
  values: Record<string, string>;
}

export interface PingFolder {
  id: string;
  class: string;
}

/** What a bearer's delivery report says became of a text, or of one part of it. */
export const deliveryOutcomes = ['delivered', 'failed'] as const;
export type DeliveryOutcome = (typeof deliveryOutcomes)[number];

/** What a gateway may carry; absent where there is no limit. */
export interface GatewayLimits {
  perMinute?: number;
  perDay?: number;
  uniqueRecipientsPerMonth?: number;
  /** Between the beginnings of two messages. */
  pauseSeconds?: number;
}

/** What few outbound messages have. */
export interface MessageProperties {
  /** Base64 of the octets of a binary message, whose `text` is empty; sealed in a push message. */
  data?: string;
  /** Base64 of the user data header, without its length octet. TS 23.040 9.2.3.24 TP-User Data */
  udh?: string;
  /** TS 23.040 9.2.3.9 TP-Protocol-Identifier */
  pid?: number;
  /** TS 23.040 9.2.3.10 TP-Data-Coding-Scheme */
  dcs?: number;
  /** `&name=value` pairs that pass on to the gateway's URL, as the sender wrote them. */
  values?: string[];
  /** Where answers go. */
  reply?: string;
  /** What the sender calls it. */
  msgid?: string;
  /** The SMS account that it is counted for. */
  account?: string;
  /** 1 is the highest, 5 the lowest. */
  priority?: number;
  /** How many rules, forwards and servers it has behind it. */
  hops?: number;
  /** Whom it was for, and through which gateway, before rules changed that: `number[@gatewayId]`. */
  askedTo?: string;
  /** Message-ID of the mail that it was written as. */
  mailId?: string;
}

/** What few incoming texts have; as of an outbound message. */
export interface IncomingProperties {
  data?: string;
  udh?: string;
  pid?: number;
  dcs?: number;
  /** When its sender sent it. */
  sentAt?: number;
  /** Nobody was there to have it. */
  unplaced?: true;
  /** The rule that kept it from all mailboxes. */
  keptBy?: string;
  /** A rule had sent it to somebody who could not have it. */
  returned?: true;
  /** How many rules, forwards and servers it has behind it. */
  hops?: number;
  /** Of a long message that came in parts: how many there were to be, and which of them never came. */
  parts?: number;
  missing?: number[];
  /** Nothing but the reference of a part of this text. */
  partOf?: string;
  /** Of one that a phone received: whose phone that is, and the item that it is in their mailbox already. */
  own?: { user: number; item: number };
}

/** What a part of a long incoming text has beside its content. */
export interface PartProperties extends Pick<IncomingProperties, 'udh' | 'pid' | 'dcs' | 'sentAt'> {
  sender: string;
  recipient?: string;
  /** What its gateway calls it. */
  reference?: string;
  /** Its octets are a text in UTF-16LE, such as one that ends within a character. */
  isUtf16?: true;
  /** Of its content, which is gone from here once it is part of a text. */
  digest: string;
  /** The text that it became part of. */
  partOf?: string;
}

/** What is told to webhooks. */
export const eventNames = ['received', 'sent', 'delivered', 'failed'] as const;
export type EventName = (typeof eventNames)[number];

/** One event as it is told, whole. */
export interface EventDocument {
  /** The same in every attempt: whoever hears it twice knows it by this. */
  id: string;
  event: EventName;
  /** ISO 8601. */
  at: string;
  message: Record<string, unknown>;
}

export const pushProtocols = ['san-1.2', 'syncml-1.1'] as const;
export type PushProtocol = (typeof pushProtocols)[number];

/** A database of a phone, and the folder here whose changes wake it. */
export interface PushFolder {
  uri: string;
  /** A number of WSP; 0 where it is not told. */
  contentType: number;
  /** 206 to 210. */
  syncType: number;
  /** `inbox`, `sent`, …, its id, or its path; absent where nothing is watched. */
  mailboxFolder?: string;
}

/** What one phone wants otherwise than most. */
export interface PushOptions {
  dcs?: number;
  sourcePort?: number;
  destinationPort?: number;
  applicationId?: boolean;
  target?: string;
  publicId?: 'number' | 'text';
  uiMode?: 'unspecified' | 'background' | 'informative' | 'interactive';
  initiator?: 'user' | 'server';
  quietMinutes?: number;
}

/** The last change that was told, by the id of the folder. */
export type PushMarks = Record<string, number>;

/** What an address does that stands for others. */
export const distributionKinds = ['list', 'notification'] as const;
export type DistributionKind = (typeof distributionKinds)[number];

export const ruleDirections = ['outgoing', 'incoming'] as const;
export type RuleDirection = (typeof ruleDirections)[number];

/** A condition or an action, as the administrator wrote it. */
export type RulePart = { type: string } & Record<string, unknown>;

/** What an action brings about beside the message; `forward` is what a user has sent on to a phone. */
export const effectKinds = ['mail', 'text', 'forward', 'move', 'program', 'url', 'webhook', 'sql'] as const;
export type EffectKind = (typeof effectKinds)[number];

export const effectStates = [
  'waiting',
  'done',
  'failed',
  'unknown', // may have been done: told, never repeated
] as const;
export type EffectState = (typeof effectStates)[number];

/** All that an effect needs, with the values of its message in it. */
export type EffectDocument = Record<string, unknown>;
