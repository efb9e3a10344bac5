// The tables of mailboxes, as PostgreSQL keeps them. Twin: mailbox-tables.sqlite.ts.

import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.js';
import { users } from './account-tables.pg.js';
import { type ItemProperties, itemClasses, mailStates } from './states.js';

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
    // Of the last one that was no new item: whoever has read so far has only new ones to look for.
    changedSequence: bigint('changed_sequence', { mode: 'number' }).notNull().default(0),
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
    properties: jsonb('properties').$type<ItemProperties>().notNull().default({}),
  },
  (t) => [
    index('items_date').on(t.folderId, t.class, t.date),
    // Only what changed since it entered: a new item costs no entry here.
    index('items_changed')
      .on(t.folderId, t.class, t.sequence)
      .where(sql`sequence > entered_sequence`),
    index('items_entered').on(t.folderId, t.class, t.enteredSequence),
    index('items_message')
      .on(t.messageId)
      .where(sql`message_id is not null`),
  ],
);

// What a mail has beside its plain text; a text message has no row here.
export const itemContents = pgTable(
  'item_contents',
  {
    itemId: bigint('item_id', { mode: 'number' })
      .notNull()
      .references(() => items.id, { onDelete: 'cascade' }),
    html: text('html'),
    // The octets as they came; absent where the server composes them, as of a draft.
    mime: bytea('mime').$type<Buffer>(),
  },
  (t) => [primaryKey({ columns: [t.itemId] })],
);

export const attachments = pgTable(
  'attachments',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    itemId: bigint('item_id', { mode: 'number' })
      .notNull()
      .references(() => items.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    contentType: text('content_type').notNull(),
    contentId: text('content_id'),
    isInline: boolean('is_inline').notNull().default(false),
    size: integer('size').notNull(),
    octets: bytea('octets').$type<Buffer>().notNull(),
  },
  (t) => [index('attachments_item').on(t.itemId)],
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
    // Whether the item was within what a device filters for; absent of old ones, which then count as within.
    date: bigint('date', { mode: 'number' }),
  },
  (t) => [
    primaryKey({ columns: [t.folderId, t.class, t.sequence] }),
    index('tombstones_item').on(t.itemId, t.folderId),
  ],
);

// Mail on its way to the relay.
export const mails = pgTable(
  'mails',
  {
    id: text('id').primaryKey(),
    userId: bigint('user_id', { mode: 'number' }),
    // The envelope: who gets reports, and who gets the mail.
    sender: text('sender').notNull(),
    recipients: jsonb('recipients').$type<string[]>().notNull(),
    octets: bytea('octets').$type<Buffer>().notNull(),
    state: text('state', { enum: mailStates }).notNull().default('queued'),
    attempts: integer('attempts').notNull().default(0),
    error: text('error'),
    dueAt: bigint('due_at', { mode: 'number' }).notNull(),
    expiresAt: bigint('expires_at', { mode: 'number' }).notNull(),
    createdAt: bigint('created_at', { mode: 'number' }).notNull(),
    finishedAt: bigint('finished_at', { mode: 'number' }),
  },
  (t) => [index('mails_due').on(t.state, t.dueAt)],
);
