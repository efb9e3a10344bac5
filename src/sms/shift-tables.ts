// The tables that the septets of a text are read and written by.
// TS 23.038 6.2.1.2 National Language Tables

import { defaultAlphabet, extensionTable } from './alphabet.js';
import type { NationalTables } from './national-languages.js';

/** By code, 0x00 to 0x7F; `undefined` where the table has nothing. Some codes stand for two UTF-16 units. */
export type CodeTable = readonly (string | undefined)[];

export interface TextTables {
  readonly locking: CodeTable;
  readonly single: CodeTable;
}

const defaultTable: CodeTable = [...defaultAlphabet];
const defaultExtension: CodeTable = tableOf(extensionTable);

/** What is read by a table that does not exist is read by the default one. */
// TS 23.038 6.2.1.2.4 National Language Identifier
export function tablesFor(_languages: NationalTables): TextTables {
  return { locking: defaultTable, single: defaultExtension };
}

function tableOf(codes: Readonly<Record<string, number>>): CodeTable {
  const table = new Array<string | undefined>(0x80).fill(undefined);
  for (const [character, code] of Object.entries(codes)) table[code] = character;
  return table;
}
