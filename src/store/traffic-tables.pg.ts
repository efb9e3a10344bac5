// What stands beside the queue, as PostgreSQL keeps it: what gateways carried and call it, requests that may come again, incoming
// texts and their parts, and events for others. Twin: traffic-tables.sqlite.ts.

import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.js';
import {
  deliveryOutcomes,
  type EventDocument,
  type EventName,
  type IncomingProperties,
  type PartProperties,
} from './states.js';

// How much a gateway with limits carried, by period: `minute:…`, `day:2026-11-23`.
export const gatewayUsage = pgTable(
  'gateway_usage',
  {
    gateway: text('gateway').notNull(),
    period: text('period').notNull(),
    messages: integer('messages').notNull(),
    endsAt: bigint('ends_at', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.period] }), index('gateway_usage_end').on(t.endsAt)],
);

// Whom a gateway with a limit of recipients has written to in a month, such as `2026-11`.
export const gatewayRecipients = pgTable(
  'gateway_recipients',
  {
    gateway: text('gateway').notNull(),
    month: text('month').notNull(),
    recipient: text('recipient').notNull(),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.month, t.recipient] })],
);

// What a bearer calls a text that it took, or one part of it: delivery reports name it. A modem's numbers come round again.
export const bearerReferences = pgTable(
  'bearer_references',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    gateway: text('gateway').notNull(),
    reference: text('reference').notNull(),
    messageId: text('message_id').notNull(),
    recipient: text('recipient').notNull(),
    // Of how many, counted from 0; null for a text that was handed over whole.
    part: integer('part'),
    outcome: text('outcome', { enum: deliveryOutcomes }),
    createdAt: bigint('created_at', { mode: 'number' }).notNull(),
  },
  (t) => [
    index('bearer_references_reference').on(t.gateway, t.reference),
    index('bearer_references_message').on(t.messageId),
    index('bearer_references_created').on(t.createdAt),
  ],
);

// Delivery reports that came before what they report on was known.
export const earlyReports = pgTable(
  'early_reports',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    gateway: text('gateway').notNull(),
    reference: text('reference').notNull(),
    outcome: text('outcome', { enum: deliveryOutcomes }).notNull(),
    reason: text('reason'),
    at: bigint('at', { mode: 'number' }).notNull(),
  },
  (t) => [index('early_reports_reference').on(t.gateway, t.reference), index('early_reports_at').on(t.at)],
);

// Requests by the key that their sender gave them: the same one again gets its first answer.
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    // The sender's row and the key as given.
    key: text('key').notNull(),
    recipient: text('recipient').notNull(),
    digest: text('digest').notNull(),
    messageId: text('message_id').notNull(),
    parts: integer('parts').notNull(),
    createdAt: bigint('created_at', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.key, t.recipient] }), index('idempotency_keys_created').on(t.createdAt)],
);

// Texts that gateways received, each once; where they were placed are items.
export const incoming = pgTable(
  'incoming',
  {
    id: text('id').primaryKey(),
    gateway: text('gateway').notNull(),
    // What the bearer calls it: the same one again is not taken twice.
    reference: text('reference'),
    sender: text('sender').notNull(),
    recipient: text('recipient'),
    text: text('text').notNull(),
    properties: jsonb('properties').$type<IncomingProperties>(),
    receivedAt: bigint('received_at', { mode: 'number' }).notNull(),
  },
  (t) => [unique('incoming_reference').on(t.gateway, t.reference), index('incoming_received').on(t.receivedAt)],
);

// Parts of long incoming texts that wait for the others. TS 23.040 9.2.3.24.1
export const incomingParts = pgTable(
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
    data: bytea('data'),
    properties: jsonb('properties').$type<PartProperties>(),
    receivedAt: bigint('received_at', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.gateway, t.sender, t.reference, t.total, t.part] }),
    index('incoming_parts_received').on(t.receivedAt),
  ],
);

export const webhooks = pgTable('webhooks', {
  id: text('id').primaryKey(),
  url: text('url').notNull(),
  events: jsonb('events').$type<EventName[]>().notNull(),
  secret: text('secret'),
  active: boolean('active').notNull().default(true),
  // How it is called, beside the URL: method, headers, body.
  options: jsonb('options').$type<Record<string, unknown>>().notNull(),
  lastError: text('last_error'),
  createdAt: bigint('created_at', { mode: 'number' }).notNull(),
});

// One event on its way to one webhook, due from the commit that made it.
export const webhookCalls = pgTable(
  'webhook_calls',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    webhook: text('webhook')
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    event: jsonb('event').$type<EventDocument>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
    // Absent when it was given up: it is kept to be looked at.
    dueAt: bigint('due_at', { mode: 'number' }),
    createdAt: bigint('created_at', { mode: 'number' }).notNull(),
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
export const modems = pgTable('modems', {
  gateway: text('gateway').primaryKey(),
  imei: text('imei'),
  imsi: text('imsi'),
  device: text('device'),
  // Of the PIN that was entered and is not known to be right.
  triedPin: text('tried_pin'),
  pinFailed: boolean('pin_failed').notNull().default(false),
});

// By which number the parts of the last long text to somebody were told, and how many of them there were in the day that began
// then and in the one before it. TS 23.040 9.2.3.24.1
export const concatenations = pgTable(
  'concatenations',
  {
    gateway: text('gateway').notNull(),
    recipient: text('recipient').notNull(),
    reference: integer('reference').notNull(),
    usedAt: bigint('used_at', { mode: 'number' }).notNull(),
    since: bigint('since', { mode: 'number' }).notNull().default(0),
    used: integer('used').notNull().default(0),
    usedBefore: integer('used_before').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.gateway, t.recipient] }), index('concatenations_used').on(t.usedAt)],
);

// The sent-messages list: who wrote to whom, so that an answer finds its way back while the link lasts.
export const replyLinks = pgTable(
  'reply_links',
  {
    // International, where the number is valid.
    number: text('number').notNull(),
    // `user:ROW`, or the address that the sender asked answers to go to.
    target: text('target').notNull(),
    // Message-ID of the mail that the text was written as.
    mailId: text('mail_id'),
    sentAt: bigint('sent_at', { mode: 'number' }).notNull(),
    expiresAt: bigint('expires_at', { mode: 'number' }).notNull(),
    // How often the other side was told that several may be meant.
    conflicts: integer('conflicts').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.number, t.target] }), index('reply_links_end').on(t.expiresAt)],
);
