// Pages of a list: `?limit=&cursor=`, answered by `{"items": […], "next": cursor or null}`.

import { type TSchema, Type } from 'typebox';
import { HttpError } from '../errors.js';
import { limits } from '../limits.js';
import { orNull } from './api.js';

export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageItems, default: 100 })),
  cursor: Type.Optional(Type.String({ maxLength: 256, description: 'what `next` of the last page said' })),
};

export const pageOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: orNull(Type.String()) });

export interface PageQuery {
  limit?: number;
  cursor?: string;
}

export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

/** Reads one row more than the page holds: only then does another page follow. */
export async function readPage<Row>(
  { limit = 100 }: PageQuery,
  read: (limit: number) => Promise<Row[]>,
  cursorOf: (row: Row) => string,
): Promise<Page<Row>> {
  const found = await read(limit + 1);
  const rows = found.slice(0, limit);
  return { rows, next: found.length > limit ? cursorOf(rows.at(-1)!) : null };
}

/** A cursor that is the number of a row. Throws HttpError BAD_FIELD. */
export function readRowCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const row = /^\d{1,15}$/.test(cursor) ? Number(cursor) : undefined;
  if (row === undefined) throw new HttpError('BAD_FIELD', 'cursor');
  return row;
}
