// The SyncML document types: the same tags, told apart by the public id.
// SyncML Representation Protocol 1.1: WBXML Definition

import { documentType, type DocumentType } from '../document-type.js';
import { MetInf } from './met-inf.js';
import { SyncMl } from './syncml.js';

const pages = [
  { page: 0, namespace: 'SYNCML:SYNCML1.1', tags: SyncMl },
  { page: 1, namespace: 'syncml:metinf', tags: MetInf },
];

/** WBXML 1.2, 0x0FD3 for "-//SYNCML//DTD SyncML 1.1//EN", UTF-8, no string table. */
export const SyncMl11Document = documentType(pages, { header: Uint8Array.of(0x02, 0x9f, 0x53, 0x6a, 0x00) });

/** The same with the public id as a text in the string table, as some servers write it. */
export const SyncMl11TextDocument: DocumentType = documentType(pages, {
  header: withPublicIdText('-//SYNCML//DTD SyncML 1.1//EN'),
});

// WAP-192-WBXML 5.5 Document Public Identifier: 0 and its place in the string table. Those servers leave out the NUL behind it.
function withPublicIdText(text: string): Uint8Array {
  const table = Buffer.from(text, 'latin1');
  return Buffer.concat([Uint8Array.of(0x02, 0x00, 0x00, 0x6a, table.length), table]);
}
