// The tables of push as PostgreSQL keeps them. Twin: push-tables.sqlite.ts.

import { bigint, boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { users } from './account-tables.pg.js';
import { type PushFolder, type PushMarks, type PushOptions, pushProtocols } from './states.js';

export const pushDevices = pgTable(
  'push_devices',
  {
    name: text('name').primaryKey(),
    number: text('number').notNull(),
    imei: text('imei'),
    imsi: text('imsi'),
    client: text('client'),
    active: boolean('active').notNull().default(true),
    protocol: text('protocol', { enum: pushProtocols }).notNull().default('san-1.2'),
    serverId: text('server_id'),
    password: text('password'),
    nonce: text('nonce'),
    gateway: text('gateway'),
    // Whose mailbox it watches.
    userId: bigint('user_id', { mode: 'number' }).references(() => users.id, { onDelete: 'set null' }),
    folders: jsonb('folders').$type<PushFolder[]>().notNull(),
    options: jsonb('options').$type<PushOptions>().notNull(),
    // What of the watched folders it was told.
    marks: jsonb('marks').$type<PushMarks>().notNull(),
    sessionId: integer('session_id').notNull().default(0),
    notifiedAt: bigint('notified_at', { mode: 'number' }),
    lastMessage: text('last_message'),
    createdAt: bigint('created_at', { mode: 'number' }).notNull(),
  },
  (t) => [index('push_devices_user').on(t.userId)],
);
