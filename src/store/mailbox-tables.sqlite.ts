// The tables of mailboxes, as SQLite keeps them. Twin: mailbox-tables.pg.ts.

import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { users } from './account-tables.sqlite.js';
import { type ItemProperties, itemClasses, mailStates } from './states.js';

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
    // Of the last one that was no new item: whoever has read so far has only new ones to look for.
    changedSequence: integer('changed_sequence').notNull().default(0),
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
    properties: text('properties', { mode: 'json' }).$type<ItemProperties>().notNull().default({}),
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
export const itemContents = sqliteTable(
  'item_contents',
  {
    itemId: integer('item_id')
      .notNull()
      .references(() => items.id, { onDelete: 'cascade' }),
    html: text('html'),
    // The octets as they came; absent where the server composes them, as of a draft.
    mime: blob('mime', { mode: 'buffer' }).$type<Buffer>(),
  },
  (t) => [primaryKey({ columns: [t.itemId] })],
);

export const attachments = sqliteTable(
  'attachments',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    itemId: integer('item_id')
      .notNull()
      .references(() => items.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    contentType: text('content_type').notNull(),
    contentId: text('content_id'),
    isInline: integer('is_inline', { mode: 'boolean' }).notNull().default(false),
    size: integer('size').notNull(),
    octets: blob('octets', { mode: 'buffer' }).$type<Buffer>().notNull(),
  },
  (t) => [index('attachments_item').on(t.itemId)],
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
    // Whether the item was within what a device filters for; absent of old ones, which then count as within.
    date: integer('date'),
  },
  (t) => [
    primaryKey({ columns: [t.folderId, t.class, t.sequence] }),
    index('tombstones_item').on(t.itemId, t.folderId),
  ],
);

// Mail on its way to the relay.
export const mails = sqliteTable(
  'mails',
  {
    id: text('id').primaryKey(),
    userId: integer('user_id'),
    // The envelope: who gets reports, and who gets the mail.
    sender: text('sender').notNull(),
    recipients: text('recipients', { mode: 'json' }).$type<string[]>().notNull(),
    octets: blob('octets', { mode: 'buffer' }).$type<Buffer>().notNull(),
    state: text('state', { enum: mailStates }).notNull().default('queued'),
    attempts: integer('attempts').notNull().default(0),
    error: text('error'),
    dueAt: integer('due_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    createdAt: integer('created_at').notNull(),
    finishedAt: integer('finished_at'),
  },
  (t) => [index('mails_due').on(t.state, t.dueAt)],
);
