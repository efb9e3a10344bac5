// The tables as SQLite keeps them; those of accounts and mailboxes stand in files of their own. Every change has its twin
// in tables.pg.ts.

import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import { users } from './account-tables.sqlite.js';
import { items } from './mailbox-tables.sqlite.js';
import {
  attemptOutcomes,
  collectionViews,
  confirmationWays,
  deviceStateSources,
  deviceStates,
  deviceWipes,
  gatewayTypes,
  type GatewayLimits,
  type Marks,
  type MessageProperties,
  messageStates,
  type PingFolder,
  type StickyOptions,
} from './states.js';

export * from './account-tables.sqlite.js';
export * from './mailbox-tables.sqlite.js';
export * from './push-tables.sqlite.js';
export * from './rule-tables.sqlite.js';
export * from './traffic-tables.sqlite.js';

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
    stateSource: text('state_source', { enum: deviceStateSources }).notNull().default('default'),
    policyKey: integer('policy_key'),
    temporaryPolicyKey: integer('temporary_policy_key'),
    // Of the policy as it was sent to this device in its version: with the key, and with the temporary one.
    policyDigest: text('policy_digest'),
    temporaryPolicyDigest: text('temporary_policy_digest'),
    // What the device said of the policy. MS-ASPROV 2.2.2.54.1 Status (Policy), in a request
    policyStatus: integer('policy_status'),
    wipe: text('wipe', { enum: deviceWipes }).notNull().default('none'),
    wipeRequestedAt: integer('wipe_requested_at'),
    wipeSentAt: integer('wipe_sent_at'),
    wipedAt: integer('wiped_at'),
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
    // Which folder the device was shown: its own, or the one with the notice that a quarantined device gets.
    view: text('view', { enum: collectionViews }).notNull().default('mailbox'),
    // How far the device has read, per class of items, because it may begin with one class and add the other later.
    marks: text('marks', { mode: 'json' }).$type<Marks>().notNull(),
    // What the folder's itemSequence was when this device had everything: a Sync without changes compares this alone.
    settledSequence: integer('settled_sequence').notNull(),
    // When the filter's next day begins and items fall out of it; absent where nothing is filtered.
    settledUntil: integer('settled_until'),
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
  limits: text('limits', { mode: 'json' }).$type<GatewayLimits>(),
  webhookSecret: text('webhook_secret'),
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
    // What few texts have.
    properties: text('properties', { mode: 'json' }).$type<MessageProperties>(),
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
    // When its sender is told that it still waits; absent once that was done, or where nobody can be told.
    warnAt: integer('warn_at'),
    // When the attempt under way began, or the one that sent the text: most texts are sent by their first, which then needs
    // no row of its own. Those that came to nothing are in `attempts`.
    begunAt: integer('begun_at'),
    // When it was sent, of a text that came to another end after that.
    sentAt: integer('sent_at'),
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
    index('messages_warn')
      .on(t.warnAt)
      .where(sql`warn_at is not null`),
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

// Items that could not be written for a device: left out, so that what follows is not held up, and tried again when they
// change or the device begins anew.
export const skippedItems = sqliteTable(
  'skipped_items',
  {
    deviceId: integer('device_id')
      .notNull()
      .references(() => devices.id, { onDelete: 'cascade' }),
    itemId: integer('item_id')
      .notNull()
      .references(() => items.id, { onDelete: 'cascade' }),
    reason: text('reason').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.deviceId, t.itemId] })],
);
