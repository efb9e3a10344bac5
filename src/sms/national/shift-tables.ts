// The two tables that the septets of a text are read and written by.
// TS 23.038 6.2.1.2 National Language Tables

import { defaultAlphabet, extensionTable } from '../alphabet.js';
import type { NationalTables } from './languages.js';
import { lockingTables } from './locking-tables.js';
import type { CodeTable } from './printed-table.js';
import { singleTables } from './single-tables.js';

export interface TextTables {
  readonly locking: CodeTable;
  readonly single: CodeTable;
}

const defaultTable: CodeTable = Array.from(defaultAlphabet, (character) =>
  character === '\x1b' ? undefined : character,
);
const defaultExtension: CodeTable = tableOf(extensionTable);

/** A table that does not exist is read as the default one. */
// TS 23.038 6.2.1.2.4 National Language Identifier
export function tablesFor({ locking = 0, single = 0 }: NationalTables): TextTables {
  return { locking: lockingTables[locking] ?? defaultTable, single: singleTables[single] ?? defaultExtension };
}

function tableOf(codes: Readonly<Record<string, number>>): CodeTable {
  const table = new Array<string | undefined>(0x80).fill(undefined);
  for (const [character, code] of Object.entries(codes)) table[code] = character;
  return table;
}
