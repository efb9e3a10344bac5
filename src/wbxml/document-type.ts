// A document type is a value: its code pages with their tags, looked up by number and by name.
// WAP-192-WBXML 5.8.1 Parser State Machine; WAP-192-WBXML 5.8.2 Tag Code Space

import { type AttributePage, AttributeSpace } from './attribute-space.js';
import type { Tag } from './element.js';
import { PLAIN_HEADER } from './header.js';

export interface CodePage {
  readonly page: number;
  readonly namespace: string;
  readonly tags: Readonly<Record<string, Tag>>;
  /** Tags that peers still send and this project never writes. */
  readonly legacy?: Readonly<Record<string, Tag>>;
}

export interface DocumentType {
  /** One octet per tag, `page << 6 | token`: 1 where the type has it. A flat table because decode() asks once per element. */
  readonly known: Uint8Array;
  /** What stands before the first token when we write: version, public id, character set, length of the string table. */
  readonly header: Uint8Array;
  /** Absent where elements have none. */
  readonly attributes: AttributeSpace | undefined;
  hasPage(page: number): boolean;
  namespaceOf(page: number): string | undefined;
  nameOf(tag: Tag): string | undefined;
  tagOf(namespace: string, name: string): Tag | undefined;
}

const PAGES = 256;
// Tokens 0 to 4 are global, and the two high bits of the octet announce attributes and content.
const FIRST_TOKEN = 0x05;
const LAST_TOKEN = 0x3f;

export interface Form {
  readonly header?: Uint8Array;
  readonly attributes?: readonly AttributePage[];
}

/** Builds the lookups. A table that contradicts itself is a programmer's mistake and throws at load. */
export function documentType(pages: readonly CodePage[], { header, attributes }: Form = {}): DocumentType {
  const known = new Uint8Array(PAGES << 6);
  const namespaces = new Map<number, string>();
  const names = new Map<Tag, string>();
  const tags = new Map<string, Tag>();

  for (const { page, namespace, tags: current, legacy } of pages) {
    assertUnique(namespaces, page, namespace);
    namespaces.set(page, namespace);
    for (const [name, tag] of [...Object.entries(current), ...Object.entries(legacy ?? {})]) {
      assertFits(page, name, tag);
      const key = `${namespace}:${name}`;
      if (names.has(tag) || tags.has(key)) throw new Error(`tag ${key} stands twice in its code page`);
      names.set(tag, name);
      tags.set(key, tag);
      known[(page << 6) | (tag & LAST_TOKEN)] = 1;
    }
  }

  return {
    known,
    header: header ?? PLAIN_HEADER,
    attributes: attributes && new AttributeSpace(attributes),
    hasPage: (page) => namespaces.has(page),
    namespaceOf: (page) => namespaces.get(page),
    nameOf: (tag) => names.get(tag),
    tagOf: (namespace, name) => tags.get(`${namespace}:${name}`),
  };
}

function assertUnique(namespaces: ReadonlyMap<number, string>, page: number, namespace: string): void {
  if (!Number.isInteger(page) || page < 0 || page >= PAGES) throw new Error(`code page ${page} is out of range`);
  if (namespaces.has(page)) throw new Error(`code page ${page} stands twice`);
  if ([...namespaces.values()].includes(namespace)) throw new Error(`namespace ${namespace} stands twice`);
}

function assertFits(page: number, name: string, tag: Tag): void {
  const token = tag & 0xff;
  if (tag >> 8 !== page) throw new Error(`tag ${name} is not of code page ${page}`);
  if (token < FIRST_TOKEN || token > LAST_TOKEN) throw new Error(`tag ${name} is out of range`);
}
