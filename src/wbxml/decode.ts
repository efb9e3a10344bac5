// WBXML octets to an element tree: one pass over the tokens, no recursion.
// WAP-192-WBXML 5.8 Token Structure; MS-ASWBXML 2.1.2.1 Code Pages

import { AirSyncDocument } from './airsync/document.js';
import { AttributeReader } from './attribute-reader.js';
import type { DocumentType } from './document-type.js';
import type { Element } from './element.js';
import { readHeader } from './header.js';
import { OctetReader } from './octet-reader.js';
import { GlobalToken, TagOctet } from './shapes.js';
import { StringTable } from './string-table.js';
import { TreeBuilder } from './tree-builder.js';

/** The root element. Opaque contents are views on `octets`. @throws WbxmlError and nothing else. */
export function decode(octets: Uint8Array, type: DocumentType = AirSyncDocument): Element {
  const { end, stringTable } = readHeader(octets);
  const reader = new OctetReader(octets, end);
  const strings = new StringTable(stringTable);
  const tree = new TreeBuilder(type);
  try {
    const attributes = type.attributes && new AttributeReader(type.attributes, reader, strings);
    while (tree.root === undefined) {
      if (attributes !== undefined && isTagWithAttributes(octets[reader.position]))
        readAttributed(reader, tree, attributes);
      else readToken(reader, tree, strings);
    }
    return tree.finish(reader.position, octets.length);
  } catch (error) {
    throw tree.located(error);
  }
}

function readToken(reader: OctetReader, tree: TreeBuilder, strings: StringTable): void {
  const at = reader.position;
  const octet = reader.octet();
  switch (octet) {
    case GlobalToken.SWITCH_PAGE:
      return tree.switchPage(reader.octet(), at);
    case GlobalToken.END:
      return tree.close(at);
    case GlobalToken.STR_I:
      return tree.text(reader.text(), at);
    case GlobalToken.STR_T:
      return tree.text(strings.at(reader.integer(), at), at);
    case GlobalToken.OPAQUE:
      return tree.opaque(reader.opaque(), at);
    default:
      return readTag(octet, reader, tree);
  }
}

// Most tags hold one text and nothing else: they are read to their END at once and never opened.
function readTag(octet: number, reader: OctetReader, tree: TreeBuilder): void {
  const tag = tree.admit(octet, reader.position - 1);
  if ((octet & TagOctet.CONTENT) === 0) return tree.leaf(tag, undefined);
  if (!reader.skip(GlobalToken.STR_I)) return tree.open(tag);

  const textAt = reader.position - 1;
  const text = reader.text();
  if (reader.skip(GlobalToken.END)) return tree.leaf(tag, text === '' ? undefined : text);
  tree.open(tag);
  tree.text(text, textAt);
}

// STR_T, OPAQUE and the extensions have the same bits as tags with attributes.
function isTagWithAttributes(octet = 0): boolean {
  return octet >= TagOctet.ATTRIBUTES && (octet & TagOctet.TOKEN) > GlobalToken.LITERAL;
}

function readAttributed(reader: OctetReader, tree: TreeBuilder, attributes: AttributeReader): void {
  const at = reader.position;
  const octet = reader.octet();
  tree.open(tree.admit(octet & ~TagOctet.ATTRIBUTES, at), attributes.read());
  if ((octet & TagOctet.CONTENT) === 0) tree.close(at);
}
