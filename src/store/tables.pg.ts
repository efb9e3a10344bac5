// The tables as PostgreSQL keeps them. Every change here has its twin in tables.sqlite.ts.

import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import {
  accessModes,
  attemptOutcomes,
  confirmationWays,
  deviceStates,
  gatewayTypes,
  itemClasses,
  messageStates,
  type PingFolder,
  type SmsSettings,
  type StickyOptions,
} from './states.js';

// The driver hands back a Buffer, PGlite a Uint8Array; the program sees a Buffer from both.
const bytea = customType<{ data: Buffer; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (bytes) => Buffer.from(bytes),
});

export const settings = pgTable('settings', {
  name: text('name').primaryKey(),
  value: jsonb('value').$type<Record<string, unknown>>().notNull(),
});

export const domains = pgTable('domains', {
  name: text('name').primaryKey(),
  smsAccess: text('sms_access', { enum: ['allowed', 'denied'] })
    .notNull()
    .default('allowed'),
  deviceDefaultState: text('device_default_state', { enum: deviceStates }),
  smsSettings: jsonb('sms_settings').$type<SmsSettings>(),
});

export const users = pgTable(
  'users',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    address: text('address').notNull().unique(),
    domain: text('domain').notNull(),
    displayName: text('display_name'),
    phoneNumber: text('phone_number'),
    passwordHash: text('password_hash'),
    aliases: jsonb('aliases').$type<string[]>().notNull(),
    smsAccess: text('sms_access', { enum: accessModes }).notNull().default('inherit'),
    forwardTo: jsonb('forward_to').$type<string[]>().notNull(),
    smsSettings: jsonb('sms_settings').$type<SmsSettings>(),
    admin: boolean('admin').notNull().default(false),
    createdAt: bigint('created_at', { mode: 'number' }).notNull(),
  },
  (t) => [index('users_domain').on(t.domain)],
);

// Every name that a user can be found by: the address itself and the aliases.
export const addresses = pgTable(
  'addresses',
  {
    address: text('address').primaryKey(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
  },
  (t) => [index('addresses_user').on(t.userId)],
);

export const mailboxes = pgTable(
  'mailboxes',
  {
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    sequence: bigint('sequence', { mode: 'number' }).notNull().default(0),
    hierarchySequence: bigint('hierarchy_sequence', { mode: 'number' }).notNull().default(0),
    activeDeviceId: bigint('active_device_id', { mode: 'number' }),
    activeSince: bigint('active_since', { mode: 'number' }),
  },
  (t) => [primaryKey({ columns: [t.userId] })],
);

export const folders = pgTable(
  'folders',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    parentId: bigint('parent_id', { mode: 'number' }),
    type: integer('type').notNull(),
    name: text('name').notNull(),
    enteredSequence: bigint('entered_sequence', { mode: 'number' }).notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    deleted: boolean('deleted').notNull().default(false),
    // The sequence of the last change of an item in this folder: what a Sync without changes looks at.
    itemSequence: bigint('item_sequence', { mode: 'number' }).notNull().default(0),
  },
  (t) => [index('folders_hierarchy').on(t.userId, t.sequence)],
);

export const items = pgTable(
  'items',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    folderId: bigint('folder_id', { mode: 'number' }).notNull(),
    class: text('class', { enum: itemClasses }).notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    enteredSequence: bigint('entered_sequence', { mode: 'number' }).notNull(),
    // The device that put it here itself, and the one whose own change was the last: neither is told of its own doing.
    enteredBy: bigint('entered_by', { mode: 'number' }),
    changedBy: bigint('changed_by', { mode: 'number' }),
    // Only this device sees the item: a text that is offered to the elected phone.
    offeredTo: bigint('offered_to', { mode: 'number' }),
    fetchedAt: bigint('fetched_at', { mode: 'number' }),
    messageId: text('message_id'),
    from: text('from').notNull(),
    to: text('to').notNull(),
    subject: text('subject'),
    text: text('text').notNull(),
    date: bigint('date', { mode: 'number' }).notNull(),
    read: boolean('read').notNull().default(false),
    importance: integer('importance').notNull().default(1),
  },
  (t) => [
    index('items_changed').on(t.folderId, t.class, t.sequence),
    index('items_entered').on(t.folderId, t.class, t.enteredSequence),
    index('items_message').on(t.messageId),
  ],
);

export const tombstones = pgTable(
  'tombstones',
  {
    folderId: bigint('folder_id', { mode: 'number' }).notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    itemId: bigint('item_id', { mode: 'number' }).notNull(),
    class: text('class', { enum: itemClasses }).notNull(),
    enteredSequence: bigint('entered_sequence', { mode: 'number' }).notNull(),
    enteredBy: bigint('entered_by', { mode: 'number' }),
    changedBy: bigint('changed_by', { mode: 'number' }),
    offeredTo: bigint('offered_to', { mode: 'number' }),
  },
  (t) => [
    primaryKey({ columns: [t.folderId, t.class, t.sequence] }),
    index('tombstones_item').on(t.itemId, t.folderId),
  ],
);

export const devices = pgTable(
  'devices',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    deviceId: text('device_id').notNull(),
    type: text('type').notNull(),
    protocolVersion: text('protocol_version').notNull(),
    userAgent: text('user_agent'),
    model: text('model'),
    imei: text('imei'),
    friendlyName: text('friendly_name'),
    os: text('os'),
    osLanguage: text('os_language'),
    phoneNumber: text('phone_number'),
    mobileOperator: text('mobile_operator'),
    enableOutboundSms: boolean('enable_outbound_sms').notNull().default(false),
    // What the administrator or the first contact decided; the election and every command read it.
    state: text('state', { enum: deviceStates }).notNull(),
    policyKey: bigint('policy_key', { mode: 'number' }),
    temporaryPolicyKey: bigint('temporary_policy_key', { mode: 'number' }),
    hierarchyKey: bigint('hierarchy_key', { mode: 'number' }).notNull().default(0),
    hierarchyWatermark: bigint('hierarchy_watermark', { mode: 'number' }).notNull().default(0),
    previousHierarchyWatermark: bigint('previous_hierarchy_watermark', { mode: 'number' }).notNull().default(0),
    pingHeartbeatSeconds: integer('ping_heartbeat_seconds'),
    pingFolders: jsonb('ping_folders').$type<PingFolder[]>(),
    lastOutboxSync: bigint('last_outbox_sync', { mode: 'number' }),
    lastSeen: bigint('last_seen', { mode: 'number' }).notNull(),
    createdAt: bigint('created_at', { mode: 'number' }).notNull(),
  },
  (t) => [unique('devices_user_device').on(t.userId, t.deviceId)],
);

export const collections = pgTable(
  'collections',
  {
    deviceId: bigint('device_id', { mode: 'number' })
      .notNull()
      .references(() => devices.id, { onDelete: 'cascade' }),
    folderId: bigint('folder_id', { mode: 'number' }).notNull(),
    syncKey: bigint('sync_key', { mode: 'number' }).notNull(),
    // How far the device has read in the mailbox's sequence: which items it was given, and which changes of them.
    // Per class, because a device may begin with one class and add the other later.
    emailEntered: bigint('email_entered', { mode: 'number' }).notNull(),
    emailChanged: bigint('email_changed', { mode: 'number' }).notNull(),
    smsEntered: bigint('sms_entered', { mode: 'number' }).notNull(),
    smsChanged: bigint('sms_changed', { mode: 'number' }).notNull(),
    // What the folder's itemSequence was when this device had everything: a Sync without changes compares this alone.
    settledSequence: bigint('settled_sequence', { mode: 'number' }).notNull(),
    startedSequence: bigint('started_sequence', { mode: 'number' }).notNull(),
    options: jsonb('options').$type<StickyOptions[]>().notNull(),
    // The answer that issued syncKey, kept until the next one: a repeated previous key gets it again.
    answer: bytea('answer').$type<Buffer>(),
    requestDigest: text('request_digest'),
  },
  (t) => [primaryKey({ columns: [t.deviceId, t.folderId] })],
);

export const clientAdds = pgTable(
  'client_adds',
  {
    deviceId: bigint('device_id', { mode: 'number' })
      .notNull()
      .references(() => devices.id, { onDelete: 'cascade' }),
    folderId: bigint('folder_id', { mode: 'number' }).notNull(),
    clientId: text('client_id').notNull(),
    digest: text('digest').notNull(),
    itemId: bigint('item_id', { mode: 'number' }).notNull(),
    createdAt: bigint('created_at', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.deviceId, t.folderId, t.clientId, t.digest] }),
    index('client_adds_created').on(t.createdAt),
  ],
);

export const gateways = pgTable('gateways', {
  id: text('id').primaryKey(),
  type: text('type', { enum: gatewayTypes }).notNull(),
  active: boolean('active').notNull().default(true),
  description: text('description'),
  password: text('password'),
  emailFrom: text('email_from'),
  deliverTo: jsonb('deliver_to').$type<string[]>().notNull(),
  options: jsonb('options').$type<Record<string, unknown>>().notNull(),
  lastError: text('last_error'),
  createdAt: bigint('created_at', { mode: 'number' }).notNull(),
});

export const messages = pgTable(
  'messages',
  {
    id: text('id').primaryKey(),
    userId: bigint('user_id', { mode: 'number' }),
    origin: text('origin').notNull(),
    recipient: text('recipient').notNull(),
    text: text('text').notNull(),
    parts: integer('parts').notNull(),
    sender: text('sender'),
    pinnedGateway: text('pinned_gateway'),
    state: text('state', { enum: messageStates }).notNull().default('queued'),
    error: text('error'),
    gateway: text('gateway'),
    deviceId: bigint('device_id', { mode: 'number' }),
    offeredAt: bigint('offered_at', { mode: 'number' }),
    fetchedAt: bigint('fetched_at', { mode: 'number' }),
    confirmedAt: bigint('confirmed_at', { mode: 'number' }),
    // A Sent Items Add of the phone was merged into this text; the next equal one is another text.
    addMerged: boolean('add_merged').notNull().default(false),
    dueAt: bigint('due_at', { mode: 'number' }).notNull(),
    expiresAt: bigint('expires_at', { mode: 'number' }).notNull(),
    claimedBy: text('claimed_by'),
    claimedUntil: bigint('claimed_until', { mode: 'number' }).notNull().default(0),
    createdAt: bigint('created_at', { mode: 'number' }).notNull(),
    finishedAt: bigint('finished_at', { mode: 'number' }),
  },
  (t) => [
    // What is due in one lane: routed to one gateway, or to none yet.
    index('messages_due').on(t.state, t.gateway, t.dueAt),
    // Texts that were offered to a phone; accepting one costs no entry here.
    index('messages_device')
      .on(t.deviceId, t.offeredAt)
      .where(sql`device_id is not null`),
    // Messages with a reason to wait; a new one has none, so that accepting it costs no entry here.
    index('messages_waiting')
      .on(t.userId, t.state, t.gateway, t.dueAt)
      .where(sql`error is not null`),
  ],
);

export const attempts = pgTable(
  'attempts',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    messageId: text('message_id')
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    gateway: text('gateway').notNull(),
    startedAt: bigint('started_at', { mode: 'number' }).notNull(),
    endedAt: bigint('ended_at', { mode: 'number' }),
    outcome: text('outcome', { enum: attemptOutcomes }),
    reason: text('reason'),
  },
  (t) => [index('attempts_message').on(t.messageId)],
);

// A phone's word that it sent a text: written with the Sync that said it, taken away when the message is completed.
export const confirmations = pgTable('confirmations', {
  messageId: text('message_id')
    .primaryKey()
    .references(() => messages.id, { onDelete: 'cascade' }),
  deviceId: bigint('device_id', { mode: 'number' }).notNull(),
  way: text('way', { enum: confirmationWays }).notNull(),
  at: bigint('at', { mode: 'number' }).notNull(),
});
