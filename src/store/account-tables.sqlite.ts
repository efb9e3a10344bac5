// The tables of accounts and of what holds for devices, as SQLite keeps them. Twin: account-tables.pg.ts.

import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import {
  accessModes,
  type AuditedChange,
  deviceRuleFields,
  deviceStates,
  distributionKinds,
  type PolicyDocument,
  type SmsSettings,
  type TokenScope,
} from './states.js';

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

// Accounts for sending that are no mail users.
export const smsAccounts = sqliteTable('sms_accounts', {
  // In lower case.
  name: text('name').primaryKey(),
  active: integer('active', { mode: 'boolean' }).notNull().default(true),
  // Absent where nobody has to prove anything.
  passwordHash: text('password_hash'),
  description: text('description'),
  gateway: text('gateway'),
  // The last day it is good for, such as `2026-11-30`, in the time zone of the server.
  expires: text('expires'),
  // Parts; 0 for no limit.
  monthlyLimit: integer('monthly_limit').notNull().default(0),
  // Addresses of users, `group:NAME`, `domain:NAME`.
  members: text('members', { mode: 'json' }).$type<string[]>().notNull(),
  createdAt: integer('created_at').notNull(),
});

export const groups = sqliteTable('groups', {
  name: text('name').primaryKey(),
  members: text('members', { mode: 'json' }).$type<string[]>().notNull(),
  createdAt: integer('created_at').notNull(),
});

// Addresses that stand for others: mailing lists, and accounts that make a notification of each mail.
export const distributions = sqliteTable('distributions', {
  address: text('address').primaryKey(),
  kind: text('kind', { enum: distributionKinds }).notNull(),
  // Of a notification.
  template: text('template'),
  // Sealed: an address may hold a password.
  targets: text('targets').notNull(),
  createdAt: integer('created_at').notNull(),
});

// Parts that were sent, by `user:ROW` and `account:NAME`.
export const smsCounters = sqliteTable('sms_counters', {
  subject: text('subject').primaryKey(),
  // Such as `2026-11`: `sent` is of this month and `previous` of the one before it.
  month: text('month').notNull(),
  sent: integer('sent').notNull(),
  previous: integer('previous').notNull(),
  lastSent: integer('last_sent'),
  // What was accepted before this instant is not in it.
  since: integer('since').notNull(),
});

export const tokens = sqliteTable('tokens', {
  name: text('name').primaryKey(),
  digest: text('digest').notNull(),
  scopes: text('scopes', { mode: 'json' }).$type<TokenScope[]>().notNull(),
  gateway: text('gateway'),
  createdAt: integer('created_at').notNull(),
});

// From where the right password of a user or an account came, by `user:ROW` and `account:NAME`.
export const familiarPlaces = sqliteTable(
  'familiar_places',
  {
    subject: text('subject').notNull(),
    // `device:ID`, `network:ADDRESS`.
    place: text('place').notNull(),
    lastSeen: integer('last_seen').notNull(),
  },
  (t) => [primaryKey({ columns: [t.subject, t.place] }), index('familiar_places_seen').on(t.lastSeen)],
);

// What administrators changed: the row stands before the change is made.
export const audit = sqliteTable(
  'audit',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    actor: text('actor').notNull(),
    // From where it was asked.
    origin: text('origin'),
    action: text('action').notNull(),
    resource: text('resource').notNull(),
    change: text('change', { mode: 'json' }).$type<AuditedChange>(),
    // The HTTP status it came to; absent where the server ended before that was known.
    status: integer('status'),
  },
  (t) => [index('audit_at').on(t.at)],
);
