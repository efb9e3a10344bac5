// The tables as PostgreSQL keeps them; those of accounts and mailboxes stand in files of their own. Every change has its twin
// in tables.sqlite.ts.

import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.js';
import { users } from './account-tables.pg.js';
import { items } from './mailbox-tables.pg.js';
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

export * from './account-tables.pg.js';
export * from './mailbox-tables.pg.js';
export * from './push-tables.pg.js';
export * from './rule-tables.pg.js';
export * from './traffic-tables.pg.js';

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
    stateSource: text('state_source', { enum: deviceStateSources }).notNull().default('default'),
    policyKey: bigint('policy_key', { mode: 'number' }),
    temporaryPolicyKey: bigint('temporary_policy_key', { mode: 'number' }),
    // Of the policy as it was sent to this device in its version: with the key, and with the temporary one.
    policyDigest: text('policy_digest'),
    temporaryPolicyDigest: text('temporary_policy_digest'),
    // What the device said of the policy. MS-ASPROV 2.2.2.54.1 Status (Policy), in a request
    policyStatus: integer('policy_status'),
    wipe: text('wipe', { enum: deviceWipes }).notNull().default('none'),
    wipeRequestedAt: bigint('wipe_requested_at', { mode: 'number' }),
    wipeSentAt: bigint('wipe_sent_at', { mode: 'number' }),
    wipedAt: bigint('wiped_at', { mode: 'number' }),
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
    // Which folder the device was shown: its own, or the one with the notice that a quarantined device gets.
    view: text('view', { enum: collectionViews }).notNull().default('mailbox'),
    // How far the device has read, per class of items, because it may begin with one class and add the other later.
    marks: jsonb('marks').$type<Marks>().notNull(),
    // What the folder's itemSequence was when this device had everything: a Sync without changes compares this alone.
    settledSequence: bigint('settled_sequence', { mode: 'number' }).notNull(),
    // When the filter's next day begins and items fall out of it; absent where nothing is filtered.
    settledUntil: bigint('settled_until', { mode: 'number' }),
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
  limits: jsonb('limits').$type<GatewayLimits>(),
  webhookSecret: text('webhook_secret'),
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
    // What few texts have.
    properties: jsonb('properties').$type<MessageProperties>(),
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
    // When its sender is told that it still waits; absent once that was done, or where nobody can be told.
    warnAt: bigint('warn_at', { mode: 'number' }),
    // When the attempt under way began, or the one that sent the text: most texts are sent by their first, which then needs
    // no row of its own. Those that came to nothing are in `attempts`.
    begunAt: bigint('begun_at', { mode: 'number' }),
    // When it was sent, of a text that came to another end after that.
    sentAt: bigint('sent_at', { mode: 'number' }),
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
    index('messages_warn')
      .on(t.warnAt)
      .where(sql`warn_at is not null`),
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

// Items that could not be written for a device: left out, so that what follows is not held up, and tried again when they
// change or the device begins anew.
export const skippedItems = pgTable(
  'skipped_items',
  {
    deviceId: bigint('device_id', { mode: 'number' })
      .notNull()
      .references(() => devices.id, { onDelete: 'cascade' }),
    itemId: bigint('item_id', { mode: 'number' })
      .notNull()
      .references(() => items.id, { onDelete: 'cascade' }),
    reason: text('reason').notNull(),
    at: bigint('at', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.deviceId, t.itemId] })],
);
