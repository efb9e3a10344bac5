// The tables as SQLite keeps them. Every change here has its twin in tables.pg.ts.

import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
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

export const settings = sqliteTable('settings', {
  name: text('name').primaryKey(),
  value: text('value', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
});

export const domains = sqliteTable('domains', {
  name: text('name').primaryKey(),
  smsAccess: text('sms_access', { enum: ['allowed', 'denied'] })
    .notNull()
    .default('allowed'),
  deviceDefaultState: text('device_default_state', { enum: deviceStates }),
  smsSettings: text('sms_settings', { mode: 'json' }).$type<SmsSettings>(),
});

export const users = sqliteTable(
  'users',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    address: text('address').notNull().unique(),
    domain: text('domain').notNull(),
    displayName: text('display_name'),
    phoneNumber: text('phone_number'),
    passwordHash: text('password_hash'),
    aliases: text('aliases', { mode: 'json' }).$type<string[]>().notNull(),
    smsAccess: text('sms_access', { enum: accessModes }).notNull().default('inherit'),
    forwardTo: text('forward_to', { mode: 'json' }).$type<string[]>().notNull(),
    smsSettings: text('sms_settings', { mode: 'json' }).$type<SmsSettings>(),
    admin: integer('admin', { mode: 'boolean' }).notNull().default(false),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [index('users_domain').on(t.domain)],
);

// Every name that a user can be found by: the address itself and the aliases.
export const addresses = sqliteTable(
  'addresses',
  {
    address: text('address').primaryKey(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
  },
  (t) => [index('addresses_user').on(t.userId)],
);

export const mailboxes = sqliteTable(
  'mailboxes',
  {
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    sequence: integer('sequence').notNull().default(0),
    hierarchySequence: integer('hierarchy_sequence').notNull().default(0),
    activeDeviceId: integer('active_device_id'),
    activeSince: integer('active_since'),
  },
  (t) => [primaryKey({ columns: [t.userId] })],
);

export const folders = sqliteTable(
  'folders',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    parentId: integer('parent_id'),
    type: integer('type').notNull(),
    name: text('name').notNull(),
    enteredSequence: integer('entered_sequence').notNull(),
    sequence: integer('sequence').notNull(),
    deleted: integer('deleted', { mode: 'boolean' }).notNull().default(false),
    // The sequence of the last change of an item in this folder: what a Sync without changes looks at.
    itemSequence: integer('item_sequence').notNull().default(0),
  },
  (t) => [index('folders_hierarchy').on(t.userId, t.sequence)],
);

export const items = sqliteTable(
  'items',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    folderId: integer('folder_id').notNull(),
    class: text('class', { enum: itemClasses }).notNull(),
    sequence: integer('sequence').notNull(),
    enteredSequence: integer('entered_sequence').notNull(),
    // The device that put it here itself, and the one whose own change was the last: neither is told of its own doing.
    enteredBy: integer('entered_by'),
    changedBy: integer('changed_by'),
    // Only this device sees the item: a text that is offered to the elected phone.
    offeredTo: integer('offered_to'),
    fetchedAt: integer('fetched_at'),
    messageId: text('message_id'),
    from: text('from').notNull(),
    to: text('to').notNull(),
    subject: text('subject'),
    text: text('text').notNull(),
    date: integer('date').notNull(),
    read: integer('read', { mode: 'boolean' }).notNull().default(false),
    importance: integer('importance').notNull().default(1),
  },
  (t) => [
    index('items_changed').on(t.folderId, t.class, t.sequence),
    index('items_entered').on(t.folderId, t.class, t.enteredSequence),
    index('items_message').on(t.messageId),
  ],
);

export const tombstones = sqliteTable(
  'tombstones',
  {
    folderId: integer('folder_id').notNull(),
    sequence: integer('sequence').notNull(),
    itemId: integer('item_id').notNull(),
    class: text('class', { enum: itemClasses }).notNull(),
    enteredSequence: integer('entered_sequence').notNull(),
    enteredBy: integer('entered_by'),
    changedBy: integer('changed_by'),
    offeredTo: integer('offered_to'),
  },
  (t) => [
    primaryKey({ columns: [t.folderId, t.class, t.sequence] }),
    index('tombstones_item').on(t.itemId, t.folderId),
  ],
);

export const devices = sqliteTable(
  'devices',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    userId: integer('user_id')
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
    enableOutboundSms: integer('enable_outbound_sms', { mode: 'boolean' }).notNull().default(false),
    // What the administrator or the first contact decided; the election and every command read it.
    state: text('state', { enum: deviceStates }).notNull(),
    policyKey: integer('policy_key'),
    temporaryPolicyKey: integer('temporary_policy_key'),
    hierarchyKey: integer('hierarchy_key').notNull().default(0),
    hierarchyWatermark: integer('hierarchy_watermark').notNull().default(0),
    previousHierarchyWatermark: integer('previous_hierarchy_watermark').notNull().default(0),
    pingHeartbeatSeconds: integer('ping_heartbeat_seconds'),
    pingFolders: text('ping_folders', { mode: 'json' }).$type<PingFolder[]>(),
    lastOutboxSync: integer('last_outbox_sync'),
    lastSeen: integer('last_seen').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [unique('devices_user_device').on(t.userId, t.deviceId)],
);

export const collections = sqliteTable(
  'collections',
  {
    deviceId: integer('device_id')
      .notNull()
      .references(() => devices.id, { onDelete: 'cascade' }),
    folderId: integer('folder_id').notNull(),
    syncKey: integer('sync_key').notNull(),
    // How far the device has read in the mailbox's sequence: which items it was given, and which changes of them.
    // Per class, because a device may begin with one class and add the other later.
    emailEntered: integer('email_entered').notNull(),
    emailChanged: integer('email_changed').notNull(),
    smsEntered: integer('sms_entered').notNull(),
    smsChanged: integer('sms_changed').notNull(),
    // What the folder's itemSequence was when this device had everything: a Sync without changes compares this alone.
    settledSequence: integer('settled_sequence').notNull(),
    startedSequence: integer('started_sequence').notNull(),
    options: text('options', { mode: 'json' }).$type<StickyOptions[]>().notNull(),
    // The answer that issued syncKey, kept until the next one: a repeated previous key gets it again.
    answer: blob('answer', { mode: 'buffer' }).$type<Buffer>(),
    requestDigest: text('request_digest'),
  },
  (t) => [primaryKey({ columns: [t.deviceId, t.folderId] })],
);

export const clientAdds = sqliteTable(
  'client_adds',
  {
    deviceId: integer('device_id')
      .notNull()
      .references(() => devices.id, { onDelete: 'cascade' }),
    folderId: integer('folder_id').notNull(),
    clientId: text('client_id').notNull(),
    digest: text('digest').notNull(),
    itemId: integer('item_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.deviceId, t.folderId, t.clientId, t.digest] }),
    index('client_adds_created').on(t.createdAt),
  ],
);

export const gateways = sqliteTable('gateways', {
  id: text('id').primaryKey(),
  type: text('type', { enum: gatewayTypes }).notNull(),
  active: integer('active', { mode: 'boolean' }).notNull().default(true),
  description: text('description'),
  password: text('password'),
  emailFrom: text('email_from'),
  deliverTo: text('deliver_to', { mode: 'json' }).$type<string[]>().notNull(),
  options: text('options', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  lastError: text('last_error'),
  createdAt: integer('created_at').notNull(),
});

export const messages = sqliteTable(
  'messages',
  {
    id: text('id').primaryKey(),
    userId: integer('user_id'),
    origin: text('origin').notNull(),
    recipient: text('recipient').notNull(),
    text: text('text').notNull(),
    parts: integer('parts').notNull(),
    sender: text('sender'),
    pinnedGateway: text('pinned_gateway'),
    state: text('state', { enum: messageStates }).notNull().default('queued'),
    error: text('error'),
    gateway: text('gateway'),
    deviceId: integer('device_id'),
    offeredAt: integer('offered_at'),
    fetchedAt: integer('fetched_at'),
    confirmedAt: integer('confirmed_at'),
    // A Sent Items Add of the phone was merged into this text; the next equal one is another text.
    addMerged: integer('add_merged', { mode: 'boolean' }).notNull().default(false),
    dueAt: integer('due_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    claimedBy: text('claimed_by'),
    claimedUntil: integer('claimed_until').notNull().default(0),
    createdAt: integer('created_at').notNull(),
    finishedAt: integer('finished_at'),
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

export const attempts = sqliteTable(
  'attempts',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    messageId: text('message_id')
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    gateway: text('gateway').notNull(),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
    outcome: text('outcome', { enum: attemptOutcomes }),
    reason: text('reason'),
  },
  (t) => [index('attempts_message').on(t.messageId)],
);

// A phone's word that it sent a text: written with the Sync that said it, taken away when the message is completed.
export const confirmations = sqliteTable('confirmations', {
  messageId: text('message_id')
    .primaryKey()
    .references(() => messages.id, { onDelete: 'cascade' }),
  deviceId: integer('device_id').notNull(),
  way: text('way', { enum: confirmationWays }).notNull(),
  at: integer('at').notNull(),
});
