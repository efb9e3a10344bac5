// The tables of push as SQLite keeps them. Twin: push-tables.pg.ts.

import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { users } from './account-tables.sqlite.js';
import { type PushFolder, type PushMarks, type PushOptions, pushProtocols } from './states.js';

export const pushDevices = sqliteTable(
  'push_devices',
  {
    name: text('name').primaryKey(),
    number: text('number').notNull(),
    imei: text('imei'),
    imsi: text('imsi'),
    client: text('client'),
    active: integer('active', { mode: 'boolean' }).notNull().default(true),
    protocol: text('protocol', { enum: pushProtocols }).notNull().default('san-1.2'),
    serverId: text('server_id'),
    password: text('password'),
    nonce: text('nonce'),
    gateway: text('gateway'),
    // Whose mailbox it watches.
    userId: integer('user_id').references(() => users.id, { onDelete: 'set null' }),
    folders: text('folders', { mode: 'json' }).$type<PushFolder[]>().notNull(),
    options: text('options', { mode: 'json' }).$type<PushOptions>().notNull(),
    // What of the watched folders it was told.
    marks: text('marks', { mode: 'json' }).$type<PushMarks>().notNull(),
    sessionId: integer('session_id').notNull().default(0),
    notifiedAt: integer('notified_at'),
    lastMessage: text('last_message'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [index('push_devices_user').on(t.userId)],
);
