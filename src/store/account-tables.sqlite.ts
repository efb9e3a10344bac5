// The tables of accounts and of what holds for devices, as SQLite keeps them. Twin: account-tables.pg.ts.

import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { accessModes, deviceRuleFields, deviceStates, type PolicyDocument, type SmsSettings } from './states.js';

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

// In their order; the first that fits decides the state of a device.
export const deviceRules = sqliteTable(
  'device_rules',
  {
    position: integer('position').notNull(),
    field: text('field', { enum: deviceRuleFields }).notNull(),
    pattern: text('pattern').notNull(),
    state: text('state', { enum: deviceStates }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.position] })],
);

// `server`, `domain:D`, `user:A`, `device:A:ID`: each names what it changes of the one before.
export const policies = sqliteTable('policies', {
  scope: text('scope').primaryKey(),
  document: text('document', { mode: 'json' }).$type<PolicyDocument>().notNull(),
});
