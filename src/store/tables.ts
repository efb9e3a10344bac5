// One name for the tables of either dialect, and the compiler's proof that both give the same rows.

import type { Table } from 'drizzle-orm';
import type * as pg from './tables.pg.js';
import type * as sqlite from './tables.sqlite.js';

// The formatter would drop the brackets around the second function and with them the meaning.
// prettier-ignore
type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
type Read<M> = { [K in keyof M]: M[K] extends Table ? M[K]['$inferSelect'] : never };
type Write<M> = { [K in keyof M]: M[K] extends Table ? Required<M[K]['$inferInsert']> : never };

// Written over whole modules, so that a new table or column is compared without anyone remembering to.
true satisfies Equal<Read<typeof sqlite>, Read<typeof pg>>;
true satisfies Equal<Write<typeof sqlite>, Write<typeof pg>>;

export type Tables = typeof sqlite;
type Row<Name extends keyof Tables> = Tables[Name]['$inferSelect'];

export type Domain = Row<'domains'>;
export type User = Row<'users'>;
export type Mailbox = Row<'mailboxes'>;
export type Folder = Row<'folders'>;
export type Item = Row<'items'>;
export type Tombstone = Row<'tombstones'>;
export type Device = Row<'devices'>;
export type Collection = Row<'collections'>;
export type Gateway = Row<'gateways'>;
export type Message = Row<'messages'>;
export type NewMessage = Tables['messages']['$inferInsert'];
export type Attempt = Row<'attempts'>;
export type Confirmation = Row<'confirmations'>;
export type Attachment = Row<'attachments'>;
export type DeviceRule = Row<'deviceRules'>;
export type Policy = Row<'policies'>;
export type Mail = Row<'mails'>;
export type BearerReference = Row<'bearerReferences'>;
export type EarlyReport = Row<'earlyReports'>;
export type IdempotencyKey = Row<'idempotencyKeys'>;
export type Incoming = Row<'incoming'>;
export type IncomingPart = Row<'incomingParts'>;
export type Webhook = Row<'webhooks'>;
export type WebhookCall = Row<'webhookCalls'>;
export type PushDevice = Row<'pushDevices'>;
export type ModemRow = Row<'modems'>;
export type ConcatenationRow = Row<'concatenations'>;
export type SmsAccount = Row<'smsAccounts'>;
export type Group = Row<'groups'>;
export type DistributionRow = Row<'distributions'>;
export type SmsCounter = Row<'smsCounters'>;
export type Token = Row<'tokens'>;
export type ReplyLink = Row<'replyLinks'>;
export type Audited = Row<'audit'>;
export type Rule = Row<'rules'>;
export type Effect = Row<'effects'>;
