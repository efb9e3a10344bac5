// A prepared statement that runs straight on SQLite. Drizzle looks up for each value and each column of each row, every
// time, what kind it is; here that is done once per statement.

import { Column, is, Param, Placeholder, SQL } from 'drizzle-orm';
import type { Prepared } from './statement.js';

export type Direct = (values: Record<string, unknown>) => unknown;

interface NativeStatement {
  raw(): NativeStatement;
  all(...parameters: unknown[]): unknown[][];
  run(...parameters: unknown[]): unknown;
}

interface Field {
  path: string[];
  field: unknown;
}

/** What drizzle 0.45 keeps in a prepared statement of better-sqlite3. */
interface Inside {
  stmt: NativeStatement;
  query: { params: unknown[] };
  fields: Field[] | undefined;
  executeMethod: string;
}

/** `undefined` where the statement is none that is known here: nested rows of joins, one-row reads. */
export function runDirectly(prepared: Prepared): Direct | undefined {
  const { stmt, query, fields, executeMethod } = prepared as unknown as Partial<Inside>;
  if (!stmt || !query) return undefined;
  const bind = bindAll(query.params);
  if (executeMethod === 'run') return (values) => stmt.run(...bind(values));
  if (executeMethod !== 'all' || !fields || !fields.every(isPlain)) return undefined;
  const raw = stmt.raw();
  const mapRow = rowMapper(fields);
  return (values) => raw.all(...bind(values)).map(mapRow);
}

function isPlain({ path, field }: Field): boolean {
  return path.length === 1 && (is(field, Column) || is(field, SQL) || is(field, SQL.Aliased));
}

type Read = (values: Record<string, unknown>) => unknown;

function bindAll(parameters: readonly unknown[]): (values: Record<string, unknown>) => unknown[] {
  const reads = parameters.map(readOf);
  return (values) => reads.map((read) => read(values));
}

function readOf(parameter: unknown): Read {
  if (is(parameter, Placeholder)) return readPlaceholder(parameter);
  if (!is(parameter, Param) || !is(parameter.value, Placeholder)) return () => parameter;
  const { encoder, value } = parameter;
  const read = readPlaceholder(value);
  return (values) => encoder.mapToDriverValue(read(values));
}

function readPlaceholder({ name }: Placeholder): Read {
  return (values) => {
    const value = values[name];
    if (value === undefined) throw new TypeError(`a statement lacks its value ${name}`);
    return value;
  };
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown;
}

function rowMapper(fields: readonly Field[]): (row: unknown[]) => unknown {
  const columns = fields.map(({ path, field }) => ({ name: path[0]!, decoder: decoderOf(field) }));
  return (row) => {
    const mapped: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index++) {
      const { name, decoder } = columns[index]!;
      const value = row[index];
      mapped[name] = decoder && value !== null ? decoder.mapFromDriverValue(value) : value;
    }
    return mapped;
  };
}

/** None where the driver's value is the value. */
function decoderOf(field: unknown): Decoder | undefined {
  const aliased = is(field, SQL.Aliased) ? field.sql : field;
  const decoder = (is(aliased, SQL) ? (aliased as unknown as { decoder: Decoder }).decoder : aliased) as Decoder;
  return decoder.mapFromDriverValue === Column.prototype.mapFromDriverValue ? undefined : decoder;
}
