// The same as decode(), over the described shapes: slower and plainer. The property tests hold the two equal.

import { AirSyncDocument } from './airsync/document.js';
import type { DocumentType } from './document-type.js';
import type { Element } from './element.js';
import { WbxmlError } from './errors.js';
import { readHeader } from './header.js';
import { limits } from './limits.js';
import { GlobalToken, TagOctet, tokenShape, type Integer, type Token } from './shapes.js';
import { StringTable } from './string-table.js';
import { TreeBuilder } from './tree-builder.js';
import { decodeUtf8 } from './utf8.js';

/** One token where it stands in the document. */
interface Placed {
  readonly token: Token;
  readonly at: number;
  readonly available: number;
}

/** The root element, as decode() gives it. @throws WbxmlError and nothing else. */
export function decodeDescribed(octets: Uint8Array, type: DocumentType = AirSyncDocument): Element {
  const { end, stringTable } = readHeader(octets);
  const strings = new StringTable(stringTable);
  const tree = new TreeBuilder(type);
  let at = end;
  try {
    while (tree.root === undefined) {
      const token = parse(octets, at);
      build(tree, strings, { token, at, available: octets.length });
      at += token.end;
    }
    return tree.finish(at, octets.length);
  } catch (error) {
    throw tree.located(error);
  }
}

function parse(octets: Uint8Array, at: number): Token {
  try {
    return tokenShape.parse(octets.subarray(at)) as Token;
  } catch (error) {
    if (error instanceof RangeError) throw new WbxmlError('TRUNCATED', { offset: octets.length });
    throw error;
  }
}

function build(tree: TreeBuilder, strings: StringTable, placed: Placed): void {
  const { token, at } = placed;
  switch (token.token) {
    case GlobalToken.SWITCH_PAGE:
      return tree.switchPage(token.page!, at);
    case GlobalToken.END:
      return tree.close(at);
    case GlobalToken.STR_I:
      return tree.text(inlineText(placed), at);
    case GlobalToken.STR_T:
      return tree.text(strings.at(valueOf(token.reference!, at), at), at);
    case GlobalToken.OPAQUE:
      return tree.opaque(opaque(placed), at);
    default:
      return startTag(tree, token.token, at);
  }
}

function startTag(tree: TreeBuilder, octet: number, at: number): void {
  const tag = tree.admit(octet, at);
  if (octet & TagOctet.CONTENT) tree.open(tag);
  else tree.leaf(tag, undefined);
}

function inlineText({ token, at }: Placed): string {
  const offset = at + token.textAt!;
  if (token.text!.length > limits.textOctets) throw new WbxmlError('TEXT_TOO_LONG', { offset });
  return decodeUtf8(token.text!, offset);
}

function opaque({ token, at, available }: Placed): Uint8Array {
  const length = valueOf(token.length!, at);
  if (length > limits.opaqueOctets) throw new WbxmlError('OPAQUE_TOO_LONG', { offset: at + token.length!.at });
  if (token.opaque!.length < length) throw new WbxmlError('TRUNCATED', { offset: available });
  return token.opaque!;
}

function valueOf(integer: Integer, at: number): number {
  if (Number.isNaN(integer.value)) throw new WbxmlError('BAD_INTEGER', { offset: at + integer.at });
  return integer.value;
}
