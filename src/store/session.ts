// What a query runs on: the store itself, or one transaction of it.

import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import type { Change } from './changes.js';
import type { Dialect } from './dialect.js';
import type { RecentRows } from './recent.js';
import type { Secrets } from './secrets.js';
import type { SettingsCache } from './settings.js';
import type { Built } from './statement.js';
import type { Tables } from './tables.js';
import type { WantedEvents } from './webhooks.js';

// Queries are typed against the asynchronous SQLite builder; a handle of the other dialect is cast to it when opened.
export type Db = BaseSQLiteDatabase<'async', unknown>;

export interface Session {
  readonly dialect: Dialect;
  readonly db: Db;
  readonly tables: Tables;
  /** Statements already prepared on this connection, by the function that builds them. */
  readonly prepared: Map<unknown, Built>;
  readonly recent: RecentRows;
  readonly secrets: Secrets;
  readonly settings: SettingsCache;
  /** What any active webhook wants to hear. */
  readonly wantedEvents: WantedEvents;
}

export interface Transaction extends Session {
  /** Wakes whoever waits for this change: after the commit, and only then. */
  announce(change: Change): void;
}
