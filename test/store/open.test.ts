import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import Database from 'better-sqlite3';
import { getTableName, is, sql } from 'drizzle-orm';
import { getTableConfig as pgConfig, PgTable } from 'drizzle-orm/pg-core';
import { getTableConfig as sqliteConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { lockFolder } from '../../src/store/folder-lock.js';
import { openSqlite } from '../../src/store/open.js';
import { defaultSettings } from '../../src/store/settings.js';
import * as pgTables from '../../src/store/tables.pg.js';
import * as sqliteTables from '../../src/store/tables.sqlite.js';
import { freshStore } from './fresh-store.js';

const folder = mkdtempSync(join(tmpdir(), 'easms-store-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

test('a data folder serves one at a time', (t) => {
  const lock = lockFolder(folder);
  t.throws(() => lockFolder(folder), { code: 'DATA_FOLDER_IN_USE' });
  lock.release();
  lockFolder(folder).release();
});

test('commits wait for the disk', async (t) => {
  const store = await openSqlite(join(folder, 'pragmas.db'));
  const pragma = (name: string): unknown => Object.values(store.db.get(sql.raw(`PRAGMA ${name}`)) as object)[0];
  t.is(pragma('journal_mode'), 'wal');
  t.is(pragma('synchronous'), 2); // FULL
  t.is(pragma('foreign_keys'), 1);
  await store.close();
});

test('a store that is opened again keeps its rows and migrates nothing twice', async (t) => {
  const file = join(folder, 'again.db');
  const first = await openSqlite(file);
  await first.settings.save(first, { ...defaultSettings, expireMinutes: 5 });
  await first.close();
  const second = await openSqlite(file);
  t.is(second.settings.current.expireMinutes, 5);
  await second.close();
  const connection = new Database(file);
  const migrations = connection.prepare('SELECT hash FROM __drizzle_migrations').pluck().all();
  t.is(new Set(migrations).size, migrations.length);
  connection.close();
});

test('the migrations make the tables that the queries are written for', async (t) => {
  const store = await freshStore();
  for (const table of Object.values(sqliteTables).filter((value) => is(value, SQLiteTable))) {
    const made = store.db.all(sql.raw(`PRAGMA table_info("${getTableName(table)}")`)) as unknown as {
      name: string;
      notnull: number;
    }[];
    const meant = sqliteConfig(table).columns.map(({ name, notNull }) => [name, Number(notNull)]);
    t.deepEqual(made.map(({ name, notnull }) => [name, notnull]).sort(), meant.sort(), getTableName(table));
  }
});

test('both dialects have the same tables, columns and indexes by the same names', (t) => {
  const sqlite = Object.entries(sqliteTables).flatMap(([name, table]) =>
    is(table, SQLiteTable) ? [shapeOf(name, sqliteConfig(table))] : [],
  );
  const pg = Object.entries(pgTables).flatMap(([name, table]) =>
    is(table, PgTable) ? [shapeOf(name, pgConfig(table))] : [],
  );
  t.true(sqlite.length > 10);
  t.deepEqual(sqlite, pg);
});

interface TableConfig {
  name: string;
  columns: { name: string; notNull: boolean; primary: boolean }[];
  indexes: { config: { name: string | undefined; columns: unknown[] } }[];
  primaryKeys: { columns: { name: string }[] }[];
  uniqueConstraints: { columns: { name: string }[] }[];
  foreignKeys: { onDelete: string | undefined }[];
}

function shapeOf(exported: string, config: TableConfig | ReturnType<typeof pgConfig>): object {
  const { name, columns, indexes, primaryKeys, uniqueConstraints, foreignKeys } = config as TableConfig;
  const named = (of: { columns: { name: string }[] }[]): string[][] =>
    of.map((key) => key.columns.map((column) => column.name));
  return {
    exported,
    name,
    columns: columns.map((column) => [column.name, column.notNull, column.primary]),
    indexes: indexes.map((index) => [
      index.config.name,
      (index.config.columns as { name: string }[]).map((column) => column.name),
    ]),
    primaryKeys: named(primaryKeys),
    unique: named(uniqueConstraints),
    foreignKeys: foreignKeys.map((key) => key.onDelete),
  };
}
