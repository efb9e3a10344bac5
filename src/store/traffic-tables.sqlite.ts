// What stands beside the queue, as SQLite keeps it: what gateways carried and call it, requests that may come again, incoming
// texts and their parts, and events for others. Twin: traffic-tables.pg.ts.

import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import {
  deliveryOutcomes,
  type EventDocument,
  type EventName,
  type IncomingProperties,
  type PartProperties,
} from './states.js';

// How much a gateway with limits carried, by period: `minute:…`, `day:2026-11-23`.
export const gatewayUsage = sqliteTable(
  'gateway_usage',
  {
    gateway: text('gateway').notNull(),
    period: text('period').notNull(),
    messages: integer('messages').notNull(),
    endsAt: integer('ends_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.period] }), index('gateway_usage_end').on(t.endsAt)],
);

// Whom a gateway with a limit of recipients has written to in a month, such as `2026-11`.
export const gatewayRecipients = sqliteTable(
  'gateway_recipients',
  {
    gateway: text('gateway').notNull(),
    month: text('month').notNull(),
    recipient: text('recipient').notNull(),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.month, t.recipient] })],
);

// What a bearer calls a text that it took, or one part of it: delivery reports name it. A modem's numbers come round again.
export const bearerReferences = sqliteTable(
  'bearer_references',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    gateway: text('gateway').notNull(),
    reference: text('reference').notNull(),
    messageId: text('message_id').notNull(),
    recipient: text('recipient').notNull(),
    // Of how many, counted from 0; null for a text that was handed over whole.
    part: integer('part'),
    outcome: text('outcome', { enum: deliveryOutcomes }),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    index('bearer_references_reference').on(t.gateway, t.reference),
    index('bearer_references_message').on(t.messageId),
    index('bearer_references_created').on(t.createdAt),
  ],
);

// Delivery reports that came before what they report on was known.
export const earlyReports = sqliteTable(
  'early_reports',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    gateway: text('gateway').notNull(),
    reference: text('reference').notNull(),
    outcome: text('outcome', { enum: deliveryOutcomes }).notNull(),
    reason: text('reason'),
    at: integer('at').notNull(),
  },
  (t) => [index('early_reports_reference').on(t.gateway, t.reference), index('early_reports_at').on(t.at)],
);

// Requests by the key that their sender gave them: the same one again gets its first answer.
export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    // The sender's row and the key as given.
    key: text('key').notNull(),
    recipient: text('recipient').notNull(),
    digest: text('digest').notNull(),
    messageId: text('message_id').notNull(),
    parts: integer('parts').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.key, t.recipient] }), index('idempotency_keys_created').on(t.createdAt)],
);

// Texts that gateways received, each once; where they were placed are items.
export const incoming = sqliteTable(
  'incoming',
  {
    id: text('id').primaryKey(),
    gateway: text('gateway').notNull(),
    // What the bearer calls it: the same one again is not taken twice.
    reference: text('reference'),
    sender: text('sender').notNull(),
    recipient: text('recipient'),
    text: text('text').notNull(),
    properties: text('properties', { mode: 'json' }).$type<IncomingProperties>(),
    receivedAt: integer('received_at').notNull(),
  },
  (t) => [unique('incoming_reference').on(t.gateway, t.reference), index('incoming_received').on(t.receivedAt)],
);

// Parts of long incoming texts that wait for the others. TS 23.040 9.2.3.24.1
export const incomingParts = sqliteTable(
  'incoming_parts',
  {
    gateway: text('gateway').notNull(),
    // And the number it was sent to, where that is known.
    sender: text('sender').notNull(),
    reference: integer('reference').notNull(),
    total: integer('total').notNull(),
    part: integer('part').notNull(),
    text: text('text'),
    // Of a binary message.
    data: blob('data', { mode: 'buffer' }).$type<Buffer>(),
    properties: text('properties', { mode: 'json' }).$type<PartProperties>(),
    receivedAt: integer('received_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.gateway, t.sender, t.reference, t.total, t.part] }),
    index('incoming_parts_received').on(t.receivedAt),
  ],
);

export const webhooks = sqliteTable('webhooks', {
  id: text('id').primaryKey(),
  url: text('url').notNull(),
  events: text('events', { mode: 'json' }).$type<EventName[]>().notNull(),
  secret: text('secret'),
  active: integer('active', { mode: 'boolean' }).notNull().default(true),
  // How it is called, beside the URL: method, headers, body.
  options: text('options', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  lastError: text('last_error'),
  createdAt: integer('created_at').notNull(),
});

// One event on its way to one webhook, due from the commit that made it.
export const webhookCalls = sqliteTable(
  'webhook_calls',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    webhook: text('webhook')
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    event: text('event', { mode: 'json' }).$type<EventDocument>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
    // Absent when it was given up: it is kept to be looked at.
    dueAt: integer('due_at'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    index('webhook_calls_due')
      .on(t.dueAt)
      .where(sql`due_at is not null`),
    index('webhook_calls_webhook').on(t.webhook),
    index('webhook_calls_created').on(t.createdAt),
  ],
);

// What is known of the modem of a gateway when the server starts anew.
export const modems = sqliteTable('modems', {
  gateway: text('gateway').primaryKey(),
  imei: text('imei'),
  imsi: text('imsi'),
  device: text('device'),
  // Of the PIN that was entered and is not known to be right.
  triedPin: text('tried_pin'),
  pinFailed: integer('pin_failed', { mode: 'boolean' }).notNull().default(false),
});

// By which number the parts of the last long text to somebody were told, and how many of them there were in the day that began
// then and in the one before it. TS 23.040 9.2.3.24.1
export const concatenations = sqliteTable(
  'concatenations',
  {
    gateway: text('gateway').notNull(),
    recipient: text('recipient').notNull(),
    reference: integer('reference').notNull(),
    usedAt: integer('used_at').notNull(),
    since: integer('since').notNull().default(0),
    used: integer('used').notNull().default(0),
    usedBefore: integer('used_before').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.recipient] }), index('concatenations_used').on(t.usedAt)],
);

// The sent-messages list: who wrote to whom, so that an answer finds its way back while the link lasts.
export const replyLinks = sqliteTable(
  'reply_links',
  {
    // International, where the number is valid.
    number: text('number').notNull(),
    // `user:ROW`, or the address that the sender asked answers to go to.
    target: text('target').notNull(),
    // Message-ID of the mail that the text was written as.
    mailId: text('mail_id'),
    sentAt: integer('sent_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    // How often the other side was told that several may be meant.
    conflicts: integer('conflicts').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.number, t.target] }), index('reply_links_end').on(t.expiresAt)],
);
