// The tables for PostgreSQL, made by PostgreSQL itself, are those of SQLite: columns, keys and indexes.

import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { sql } from 'drizzle-orm';
import { openSqlite } from '../../src/store/open.js';
import { type PostgresServer, startPostgres } from './postgres-server.js';

const migrations = new URL('../../../drizzle/pg/', import.meta.url);

// Every line is one fact in the same words for both: a column, a key, an index, a reference.

const ofSqlite = sql`
  with named as (select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like '%drizzle%'),
  indexes as (select n.name as t, i.* from named n, pragma_index_list(n.name) i)
  select 'column ' || n.name || '.' || c.name || ' ' || lower(c.type) || iif(c."notnull" or c.pk, ' not null', '')
    || coalesce(' default ' || c.dflt_value, '') as line from named n, pragma_table_info(n.name) c
  union all
  select 'key ' || t || ' ' || group_concat(name, ', ') from (
    select n.name as t, c.name from named n, pragma_table_info(n.name) c where c.pk > 0 order by n.name, c.pk) group by t
  union all
  select 'index ' || i.name || ' on ' || i.t || iif(i."unique", ' unique', '') || ' ' || (
    select group_concat(name || iif("desc", ' desc', ''), ', ') from (select * from pragma_index_xinfo(i.name) where key order by seqno))
    || iif(i.partial, ' where ' || substr(m.sql, instr(m.sql, ' WHERE ') + 7), '')
  from indexes i join sqlite_master m on m.type = 'index' and m.name = i.name where i.origin <> 'pk'
  union all
  select 'reference ' || n.name || '.' || f."from" || ' to ' || f."table" || '.' || f."to" || ' ' || lower(f.on_delete)
  from named n, pragma_foreign_key_list(n.name) f`;

const ofPostgres = `
  select 'column ' || table_name || '.' || column_name || ' ' || case data_type
      when 'bigint' then 'integer' when 'boolean' then 'integer' when 'jsonb' then 'text' when 'bytea' then 'blob'
      when 'double precision' then 'real' else data_type end
    || case is_nullable when 'NO' then ' not null' else '' end
    || coalesce(' default ' || nullif(column_default, case when column_default like 'nextval(%' then column_default end), '') as line
  from information_schema.columns where table_schema = 'public'
  union all
  select case when i.indisprimary then 'key ' || t.relname || ' ' else
      'index ' || x.relname || ' on ' || t.relname || case when i.indisunique then ' unique' else '' end || ' ' end
    || (select string_agg(pg_get_indexdef(i.indexrelid, k, true) || case when i.indoption[k - 1] & 1 = 1 then ' desc' else '' end, ', ' order by k)
      from generate_series(1, i.indnkeyatts) k)
    || coalesce(' where ' || pg_get_expr(i.indpred, i.indrelid), '')
  from pg_index i join pg_class t on t.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
    join pg_namespace s on s.oid = t.relnamespace where s.nspname = 'public'
  union all
  select 'reference ' || t.relname || '.' || a.attname || ' to ' || o.relname || '.' || b.attname || ' ' ||
    case c.confdeltype when 'c' then 'cascade' when 'n' then 'set null' when 'd' then 'set default' when 'r' then 'restrict' else 'no action' end
  from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_class o on o.oid = c.confrelid
    join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1] join pg_attribute b on b.attrelid = o.oid and b.attnum = c.confkey[1]
  where c.contype = 'f'`;

/** Names without quotes, values without types, and no brackets around a condition. */
function plain(line: string): string {
  return line
    .replace(/["'`]/g, '')
    .replace(/::\w+( \w+)?/g, '')
    .replace(/\btrue\b/g, '1')
    .replace(/\bfalse\b/g, '0')
    .replace(/ where \((.*)\)$/, ' where $1')
    .replace(/ where .*/, (condition) => condition.toLowerCase());
}

async function linesOfSqlite(): Promise<string[]> {
  const store = await openSqlite(':memory:');
  const rows = await store.db.all<{ line: string }>(ofSqlite);
  await store.close();
  return rows.map(({ line }) => plain(line)).sort();
}

function linesOfPostgres(server: PostgresServer): string[] {
  return server.run(ofPostgres).split('\n').map(plain).sort();
}

function migrate(server: PostgresServer): void {
  const files = readdirSync(migrations).filter((name) => name.endsWith('.sql'));
  for (const file of files.sort()) server.run(readFileSync(new URL(file, migrations), 'utf8'));
}

const without = (lines: readonly string[], others: readonly string[]) => lines.filter((line) => !others.includes(line));

test('PostgreSQL makes of its migrations the columns, keys and indexes that SQLite makes of its own', async (t) => {
  const server = await startPostgres(t);
  if (!server) {
    t.log('skipped: PostgreSQL is not installed (initdb, postgres)');
    return t.pass();
  }
  migrate(server);
  const [sqlite, postgres] = [await linesOfSqlite(), linesOfPostgres(server)];
  t.deepEqual(without(sqlite, postgres), [], 'in SQLite alone');
  t.deepEqual(without(postgres, sqlite), [], 'in PostgreSQL alone');
  t.true(sqlite.length > 200, `${sqlite.length} facts`);
  t.log(`${sqlite.length} columns, keys, indexes and references are the same in both`);

  // What would be seen: a column, its kind, its default, an index and its order, a key.
  server.run(`
    alter table tokens add column strange text;
    alter table users alter column admin drop not null;
    alter table sms_accounts alter column monthly_limit set default 5;
    drop index audit_at; create index audit_at on audit (at desc);
    alter table familiar_places drop constraint familiar_places_subject_place_pk;
    alter table familiar_places add primary key (place, subject);
    alter table sms_counters alter column sent type text;`);
  t.deepEqual(without(linesOfPostgres(server), sqlite), [
    'column sms_accounts.monthly_limit integer not null default 5',
    'column sms_counters.sent text not null',
    'column tokens.strange text',
    'column users.admin integer default 0',
    'index audit_at on audit at desc',
    'key familiar_places place, subject',
  ]);
});
