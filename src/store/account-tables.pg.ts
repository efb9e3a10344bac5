// The tables of accounts and of what holds for devices, as PostgreSQL keeps them. Twin: account-tables.sqlite.ts.

import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { accessModes, deviceRuleFields, deviceStates, type PolicyDocument, type SmsSettings } from './states.js';

export const settings = pgTable('settings', {
  name: text('name').primaryKey(),
  value: jsonb('value').$type<Record<string, unknown>>().notNull(),
});

export const domains = pgTable('domains', {
  name: text('name').primaryKey(),
  smsAccess: text('sms_access', { enum: ['allowed', 'denied'] })
    .notNull()
    .default('allowed'),
  deviceDefaultState: text('device_default_state', { enum: deviceStates }),
  smsSettings: jsonb('sms_settings').$type<SmsSettings>(),
});

export const users = pgTable(
  'users',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    address: text('address').notNull().unique(),
    domain: text('domain').notNull(),
    displayName: text('display_name'),
    phoneNumber: text('phone_number'),
    passwordHash: text('password_hash'),
    aliases: jsonb('aliases').$type<string[]>().notNull(),
    smsAccess: text('sms_access', { enum: accessModes }).notNull().default('inherit'),
    forwardTo: jsonb('forward_to').$type<string[]>().notNull(),
    smsSettings: jsonb('sms_settings').$type<SmsSettings>(),
    admin: boolean('admin').notNull().default(false),
    createdAt: bigint('created_at', { mode: 'number' }).notNull(),
  },
  (t) => [index('users_domain').on(t.domain)],
);

// Every name that a user can be found by: the address itself and the aliases.
export const addresses = pgTable(
  'addresses',
  {
    address: text('address').primaryKey(),
    userId: bigint('user_id', { mode: 'number' })
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
  },
  (t) => [index('addresses_user').on(t.userId)],
);

// In their order; the first that fits decides the state of a device.
export const deviceRules = pgTable(
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
export const policies = pgTable('policies', {
  scope: text('scope').primaryKey(),
  document: jsonb('document').$type<PolicyDocument>().notNull(),
});
