// Opens the embedded store and brings its tables up to date.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { Changes } from './changes.js';
import type { Dialect } from './dialect.js';
import { PolicyCache } from './policies.js';
import { Presence } from './presence.js';
import type { Db, Session, Transaction } from './session.js';
import { RecentRows } from './recent.js';
import { sealEverything } from './sealing.js';
import { keepSecrets, passingSecrets, type Secrets } from './secrets.js';
import { StoreError } from './errors.js';
import { SettingsCache } from './settings.js';
import { EachCommit } from './ground.js';
import { RedoFile } from './redo/redo-file.js';
import { RedoLog } from './redo/redo-log.js';
import { SharedCommit } from './shared-commit.js';
import * as sqliteTables from './tables.sqlite.js';
import { type Steps, walk } from './transaction.js';
import { WantedEvents } from './webhooks.js';

export interface Store extends Session {
  readonly changes: Changes;
  readonly presence: Presence;
  readonly policies: PolicyCache;
  /** Reads outside a transaction, with the same bodies that run inside one. */
  read<T>(body: (session: Session) => Steps<T>): Promise<T>;
  /** Resolves when the commit is on disk; what the body announced is then published. */
  transact<T>(body: (tx: Transaction) => Steps<T>): Promise<T>;
  /** What was accepted and the database has not committed yet; `undefined` where there is no log before it. */
  waiting(): RedoLog['waiting'] | undefined;
  close(): Promise<void>;
}

// Looked for upwards from this file, so that the server starts from any working directory and from any build folder.
function migrationsFolder(dialect: Dialect): string {
  let folder = new URL('./', import.meta.url);
  while (!existsSync(new URL(`drizzle/${dialect}/meta/_journal.json`, folder))) {
    const parent = new URL('../', folder);
    if (parent.href === folder.href) throw new Error(`the folder drizzle/${dialect} is missing from this installation`);
    folder = parent;
  }
  return fileURLToPath(new URL(`drizzle/${dialect}`, folder));
}

/** How many changes of the tables this version knows. */
export function knownMigrations(): number {
  const journal = readFileSync(join(migrationsFolder('sqlite'), 'meta/_journal.json'), 'utf8');
  return (JSON.parse(journal) as { entries: unknown[] }).entries.length;
}

/** Beside the database, and no part of it: a copy of the one is worth little without the other. */
export function secretsFile(database: string): string {
  return join(dirname(database), 'secrets.key');
}

// A key that was lost is not made anew where anything is sealed: it may still be found.
function openSecrets(connection: Database.Database, file: string): Secrets {
  if (file === ':memory:') return passingSecrets();
  if (!existsSync(secretsFile(file)) && holdsSealed(connection)) throw new StoreError('SECRETS_UNREADABLE');
  return keepSecrets(secretsFile(file));
}

const sealedPlaces = [
  ['gateways', 'options'],
  ['webhooks', 'url'],
  ['push_devices', 'password'],
  ['distributions', 'targets'],
  ['rules', 'actions'],
  ['effects', 'document'],
  ['settings', 'value'],
  ['messages', 'properties'],
] as const;

function holdsSealed(connection: Database.Database): boolean {
  return sealedPlaces.some(
    ([table, column]) =>
      connection.prepare(`select 1 from ${table} where ${column} like '%sealed:1:%' limit 1`).get() !== undefined,
  );
}

/** `file` may be ':memory:'. Throws StoreError SECRETS_UNREADABLE, REDO_UNREADABLE. */
export async function openSqlite(file: string): Promise<Store> {
  const connection = new Database(file);
  connection.pragma('journal_mode = WAL');
  // better-sqlite3 opens a WAL file with NORMAL: a power cut may then lose commits already answered with "accepted".
  connection.pragma('synchronous = FULL');
  // Every checkpoint syncs the whole file; by default one comes each thousand pages, which is each few hundred texts.
  connection.pragma('wal_autocheckpoint = 8000');
  // The newest pages of every mailbox that is busy; 2 MB, the default, do not hold them. Taken as it is needed.
  connection.pragma('cache_size = -65536');
  connection.pragma('temp_store = MEMORY');
  connection.pragma('foreign_keys = ON');
  connection.pragma('busy_timeout = 5000');
  // What was written before the last end is there before the tables are changed.
  const redoLog = file === ':memory:' ? undefined : new RedoLog(connection, new RedoFile(`${file}-redo`));
  const drizzled = drizzle(connection);
  migrate(drizzled, { migrationsFolder: migrationsFolder('sqlite') });
  const changes = new Changes();
  const session: Session = {
    dialect: 'sqlite',
    db: drizzled as unknown as Db,
    tables: sqliteTables,
    prepared: new Map(),
    recent: new RecentRows(),
    secrets: openSecrets(connection, file),
    settings: new SettingsCache(),
    wantedEvents: new WantedEvents(changes),
  };
  const ground = redoLog ?? new EachCommit(connection);
  const commits = new SharedCommit({ connection, ground }, session, changes);
  // After the statements of commits and savepoints were made, which are no rows.
  redoLog?.watch();
  const store: Store = {
    ...session,
    changes,
    presence: new Presence(),
    policies: new PolicyCache(changes),
    read: async (body) => {
      commits.beginReading();
      const value = walk(body(session));
      const kept = commits.kept();
      if (kept) await kept;
      return value;
    },
    transact: (body) => commits.transact(body),
    waiting: () => redoLog?.waiting,
    close: async () => {
      await store.presence.flush(store);
      await commits.close();
      connection.close();
    },
  };
  await store.transact(sealEverything);
  await store.settings.load(store);
  await store.policies.load(store);
  await store.wantedEvents.load(store);
  return store;
}
