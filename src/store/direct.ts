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

type Decode = (value: unknown) => unknown;

/**
 * A function that makes one row, written out for its columns: an object that is filled name by name costs a third of a
 * page of items. The names are those of our own tables.
 */
function rowMapper(fields: readonly Field[]): (row: unknown[]) => unknown {
  const decoders = fields.map(({ field }) => decodeOf(decoderOf(field)));
  const members = fields.map(({ path }, index) => {
    const value = `row[${index}]`;
    return `${JSON.stringify(path[0])}: ${decoders[index] ? `decoders[${index}](${value})` : value}`;
  });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- nothing of a request is in it
  const build = new Function('decoders', `return (row) => ({ ${members.join(', ')} })`);
  return (build as (decoders: readonly (Decode | undefined)[]) => (row: unknown[]) => unknown)(decoders);
}

function decodeOf(decoder: Decoder | undefined): Decode | undefined {
  if (!decoder) return undefined;
  // Most items have nothing of their own beside what every item has.
  return (value) => (value === null ? null : value === '{}' ? {} : decoder.mapFromDriverValue(value));
}

/** None where the driver's value is the value. */
function decoderOf(field: unknown): Decoder | undefined {
  const aliased = is(field, SQL.Aliased) ? field.sql : field;
  const decoder = (is(aliased, SQL) ? (aliased as unknown as { decoder: Decoder }).decoder : aliased) as Decoder;
  return decoder.mapFromDriverValue === Column.prototype.mapFromDriverValue ? undefined : decoder;
}
