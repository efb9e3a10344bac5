// An element tree to WBXML octets: texts inline, pages switched where the next tag needs it.
// WAP-192-WBXML 5.3 BNF for Document Structure; MS-ASWBXML 2.1 ActiveSync WBXML Algorithm Details

import { AirSyncDocument } from './airsync/document.js';
import { AttributeWriter } from './attribute-writer.js';
import type { DocumentType } from './document-type.js';
import { type Element, EncodedContent } from './element.js';
import { WbxmlError, placeOf } from './errors.js';
import { OctetWriter } from './octet-writer.js';
import { limits } from './limits.js';
import { GlobalToken, TagOctet } from './shapes.js';

// Reused: nothing here waits, so no two documents are written at a time.
const writer = new OctetWriter();

/** The octets of a document, its own copy. @throws WbxmlError for a tag the type has not, or too deep a tree. */
export function encode(root: Element, type: DocumentType = AirSyncDocument): Uint8Array {
  writer.start(type.header);
  if (type.attributes) writeAttributed(root, { type, attributes: new AttributeWriter(type.attributes, writer) }, 1);
  else writeElement(root, type, 1);
  return writer.finish();
}

const noHeader = new Uint8Array();

/** Children of an element of one page, once for all documents of the type that hold them. @throws WbxmlError as `encode`. */
export function encodeContent(children: readonly Element[], page: number, type = AirSyncDocument): EncodedContent {
  writer.start(noHeader, page);
  for (const each of children) writeElement(each, type, 2);
  return new EncodedContent(writer.finishToKeep(), { first: page, last: writer.page });
}

// Recursion is bounded by the depth, and cheaper than a stack of our own.
function writeElement({ tag, content }: Element, type: DocumentType, depth: number): void {
  if (depth > limits.depth) throw new WbxmlError('TOO_DEEP', placeOf(tag));
  const { known } = type;
  const token = tag & 0xff;
  const page = tag >> 8;
  if (token > TagOctet.TOKEN || known[(page << 6) | token] !== 1) throw new WbxmlError('UNKNOWN_TOKEN', placeOf(tag));
  if (content === undefined || content.length === 0) return writer.tag(page, token);
  writer.tag(page, token | TagOctet.CONTENT);
  if (typeof content === 'string') return writer.textAndEnd(content);
  if (content instanceof Uint8Array) writer.opaque(content);
  else if (content instanceof EncodedContent) writeEncoded(content, page);
  else for (const each of content) writeElement(each, type, depth + 1);
  writer.octet(GlobalToken.END);
}

function writeEncoded({ octets, firstPage, lastPage }: EncodedContent, page: number): void {
  if (firstPage !== page) throw new TypeError('the content was encoded for an element of another page');
  writer.written(octets, lastPage);
}

interface Attributed {
  readonly type: DocumentType;
  readonly attributes: AttributeWriter;
}

// Apart from the above, which has no time to ask for what ActiveSync never has.
function writeAttributed({ tag, content, attributes = [] }: Element, writing: Attributed, depth: number): void {
  if (depth > limits.depth) throw new WbxmlError('TOO_DEEP', placeOf(tag));
  const token = tag & 0xff;
  if (writing.type.nameOf(tag) === undefined) throw new WbxmlError('UNKNOWN_TOKEN', placeOf(tag));
  const isEmpty = content === undefined || content.length === 0;
  const flags = (attributes.length > 0 ? TagOctet.ATTRIBUTES : 0) | (isEmpty ? 0 : TagOctet.CONTENT);
  writer.tag(tag >> 8, token | flags);
  if (attributes.length > 0) writing.attributes.write(attributes);
  if (isEmpty) return;
  if (typeof content === 'string') return writer.textAndEnd(content);
  if (content instanceof Uint8Array) writer.opaque(content);
  else if (content instanceof EncodedContent) writeEncoded(content, tag >> 8);
  else for (const each of content) writeAttributed(each, writing, depth + 1);
  writer.octet(GlobalToken.END);
}
