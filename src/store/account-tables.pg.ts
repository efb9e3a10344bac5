// The tables of accounts and of what holds for devices, as PostgreSQL keeps them. Twin: account-tables.sqlite.ts.

import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
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

// Accounts for sending that are no mail users.
export const smsAccounts = pgTable('sms_accounts', {
  // In lower case.
  name: text('name').primaryKey(),
  active: boolean('active').notNull().default(true),
  // Absent where nobody has to prove anything.
  passwordHash: text('password_hash'),
  description: text('description'),
  gateway: text('gateway'),
  // The last day it is good for, such as `2026-11-30`, in the time zone of the server.
  expires: text('expires'),
  // Parts; 0 for no limit.
  monthlyLimit: integer('monthly_limit').notNull().default(0),
  // Addresses of users, `group:NAME`, `domain:NAME`.
  members: jsonb('members').$type<string[]>().notNull(),
  createdAt: bigint('created_at', { mode: 'number' }).notNull(),
});

export const groups = pgTable('groups', {
  name: text('name').primaryKey(),
  members: jsonb('members').$type<string[]>().notNull(),
  createdAt: bigint('created_at', { mode: 'number' }).notNull(),
});

// Addresses that stand for others: mailing lists, and accounts that make a notification of each mail.
export const distributions = pgTable('distributions', {
  address: text('address').primaryKey(),
  kind: text('kind', { enum: distributionKinds }).notNull(),
  // Of a notification.
  template: text('template'),
  // Sealed: an address may hold a password.
  targets: text('targets').notNull(),
  createdAt: bigint('created_at', { mode: 'number' }).notNull(),
});

// Parts that were sent, by `user:ROW` and `account:NAME`.
export const smsCounters = pgTable('sms_counters', {
  subject: text('subject').primaryKey(),
  // Such as `2026-11`: `sent` is of this month and `previous` of the one before it.
  month: text('month').notNull(),
  sent: integer('sent').notNull(),
  previous: integer('previous').notNull(),
  lastSent: bigint('last_sent', { mode: 'number' }),
  // What was accepted before this instant is not in it.
  since: bigint('since', { mode: 'number' }).notNull(),
});

export const tokens = pgTable('tokens', {
  name: text('name').primaryKey(),
  digest: text('digest').notNull(),
  scopes: jsonb('scopes').$type<TokenScope[]>().notNull(),
  gateway: text('gateway'),
  createdAt: bigint('created_at', { mode: 'number' }).notNull(),
});

// From where the right password of a user or an account came, by `user:ROW` and `account:NAME`.
export const familiarPlaces = pgTable(
  'familiar_places',
  {
    subject: text('subject').notNull(),
    // `device:ID`, `network:ADDRESS`.
    place: text('place').notNull(),
    lastSeen: bigint('last_seen', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.subject, t.place] }), index('familiar_places_seen').on(t.lastSeen)],
);

// What administrators changed: the row stands before the change is made.
export const audit = pgTable(
  'audit',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    at: bigint('at', { mode: 'number' }).notNull(),
    actor: text('actor').notNull(),
    // From where it was asked.
    origin: text('origin'),
    action: text('action').notNull(),
    resource: text('resource').notNull(),
    change: jsonb('change').$type<AuditedChange>(),
    // The HTTP status it came to; absent where the server ended before that was known.
    status: integer('status'),
  },
  (t) => [index('audit_at').on(t.at)],
);
