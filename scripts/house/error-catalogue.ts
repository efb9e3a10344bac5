// docs/errors.md holds every code of every errors.ts under the heading of its room, and no other.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Complaints, roomOf, root, type Source } from './sources.js';

/** Codes by room. */
export type Catalogue = ReadonlyMap<string, ReadonlySet<string>>;

const code = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

/** The codes in the tables that `src/<room>/errors.ts` exports, from the compiled files. */
export async function readTables(sources: readonly Source[]): Promise<Catalogue> {
  const catalogue = new Map<string, Set<string>>();
  for (const { path } of sources.filter((source) => /^src\/[^/]+\/errors\.ts$/.test(source.path))) {
    const compiled = join(root, 'dist', path.replace(/\.ts$/, '.js'));
    const exported = (await import(pathToFileURL(compiled).href)) as Record<string, unknown>;
    catalogue.set(roomOf(path)!, new Set(Object.values(exported).flatMap(codesOf)));
  }
  return catalogue;
}

// Tables are the plain objects; what stands beside them is the error class.
function codesOf(exported: unknown): string[] {
  return typeof exported === 'object' && exported !== null ? Object.keys(exported) : [];
}

/** The first column of the tables in docs/errors.md: `## room`, then rows of | `CODE` | … |. */
export function readCatalogue(text: string): Catalogue {
  const catalogue = new Map<string, Set<string>>();
  for (const section of text.split(/^## /m).slice(1)) {
    const room = /^[\w-]*/.exec(section)![0];
    catalogue.set(room, new Set([...section.matchAll(/^\| `([^`]+)`/gm)].map((row) => row[1]!)));
  }
  return catalogue;
}

export function compareCatalogues(tables: Catalogue, documented: Catalogue): Complaints {
  return [
    ...rowsOf(tables).flatMap((row) => (code.test(row.code) ? [] : [`${row.room}: ${row.code} is not UPPER_CASE`])),
    ...rowsOf(tables)
      .filter((row) => !documented.get(row.room)?.has(row.code))
      .map((row) => `docs/errors.md does not list ${row.code} of ${row.room}`),
    ...rowsOf(documented)
      .filter((row) => !tables.get(row.room)?.has(row.code))
      .map((row) => `docs/errors.md lists ${row.code}, which ${row.room} does not have`),
  ];
}

function rowsOf(catalogue: Catalogue): { room: string; code: string }[] {
  return [...catalogue].flatMap(([room, codes]) => [...codes].map((name) => ({ room, code: name })));
}
