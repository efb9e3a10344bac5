// The readable twin of a document: indented XML, as the fixtures hold it and `easms decode` prints it.

import { DOMParser, type Document, type Element as XmlElement, type Node } from '@xmldom/xmldom';
import { AirSyncDocument } from './airsync/document.js';
import type { AttributeSpace } from './attribute-space.js';
import type { DocumentType } from './document-type.js';
import { attributed, children, element, type Content, type Element } from './element.js';
import { WbxmlError, placeOf } from './errors.js';
import { limits } from './limits.js';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';
const INDENT = '  ';

// Marks an element whose content is opaque: XML has no octets.
const OPAQUE_ATTRIBUTE = 'opaque';
const OPAQUE_FORM = 'base64';

/**
 * The namespace stands where it changes, opaque content as `<Mime opaque="base64">`, octets of an attribute as hexadecimal
 * digits.
 */
export function toXml(root: Element, type: DocumentType = AirSyncDocument): string {
  const lines = [DECLARATION];
  writeLines(root, { lines, type, namespace: '', indent: '' });
  return `${lines.join('\n')}\n`;
}

interface Writing {
  readonly lines: string[];
  readonly type: DocumentType;
  readonly namespace: string;
  readonly indent: string;
}

function writeLines(written: Element, writing: Writing): void {
  const { tag, content } = written;
  const { lines, type, indent } = writing;
  const name = type.nameOf(tag);
  const namespace = type.namespaceOf(tag >> 8);
  if (name === undefined || namespace === undefined) throw new WbxmlError('UNKNOWN_TOKEN', placeOf(tag));

  const start = indent + '<' + name + namespaceIn(writing, namespace) + attributesOf(written);
  if (content === undefined || content.length === 0) lines.push(`${start}/>`);
  else if (typeof content === 'string') lines.push(`${start}>${escaped(content)}</${name}>`);
  else if (content instanceof Uint8Array) lines.push(`${start} ${opaqueMark}>${base64(content)}</${name}>`);
  else {
    lines.push(`${start}>`);
    for (const each of children(written)) writeLines(each, { lines, type, namespace, indent: indent + INDENT });
    lines.push(`${indent}</${name}>`);
  }
}

function namespaceIn(writing: Writing, namespace: string): string {
  return namespace === writing.namespace ? '' : ` xmlns="${namespace}"`;
}

function attributesOf({ attributes = [] }: Element): string {
  return attributes
    .map(({ name, value }) => ` ${name}="${typeof value === 'string' ? quoted(value) : hex(value)}"`)
    .join('');
}

function quoted(text: string): string {
  return escaped(text).replace(/["\t\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('hex').toUpperCase();
}

const opaqueMark = `${OPAQUE_ATTRIBUTE}="${OPAQUE_FORM}"`;

function base64(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('base64');
}

// What XML cannot hold is shown as U+FFFD. What its readers take for an end of line, or for a sign of a wrong encoding
// (xmldom warns of U+FFFD), is kept as a reference.
// XML 1.0 2.2 Characters; XML 1.0 2.11 End-of-Line Handling
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu, '\uFFFD')
    .replace(/[&<>]/g, (character) => ENTITIES[character]!)
    .replace(/[\r\u0085\u2028\uFFFD]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Reads what toXml wrote, or a person. A plain doctype is skipped, one that declares anything is refused.
 *
 * @throws WbxmlError BAD_XML, UNKNOWN_NAME, MIXED_CONTENT, TOO_DEEP or DOCUMENT_TOO_LONG
 */
export function fromXml(xml: string, type: DocumentType = AirSyncDocument): Element {
  if (xml.length > limits.documentOctets) throw new WbxmlError('DOCUMENT_TOO_LONG');
  const document = parse(xml);
  if (document.doctype?.internalSubset) throw new WbxmlError('BAD_XML');
  if (!document.documentElement) throw new WbxmlError('BAD_XML');
  return readElement(document.documentElement, type, 1);
}

function parse(xml: string): Document {
  const onError = () => {
    throw new WbxmlError('BAD_XML');
  };
  try {
    return new DOMParser({ onError }).parseFromString(xml, 'text/xml');
  } catch {
    throw new WbxmlError('BAD_XML');
  }
}

function readElement(xml: XmlElement, type: DocumentType, depth: number): Element {
  const name = `${xml.namespaceURI ?? ''}:${xml.localName}`;
  const tag = type.tagOf(xml.namespaceURI ?? '', xml.localName ?? '');
  if (tag === undefined) throw new WbxmlError('UNKNOWN_NAME', { name });
  if (depth > limits.depth) throw new WbxmlError('TOO_DEEP', { name });
  const content = readContent(xml, type, depth);
  return type.attributes ? attributed(tag, readAttributes(xml, type.attributes), content) : element(tag, content);
}

function readAttributes(xml: XmlElement, space: AttributeSpace): Record<string, string> {
  const given = [...xml.attributes].filter(({ name }) => !/^xmlns(:|$)/.test(name));
  const unknown = given.find(({ name }) => !space.has(name));
  if (unknown) throw new WbxmlError('UNKNOWN_NAME', { name: unknown.name });
  return Object.fromEntries(given.map(({ name, value }) => [name, value]));
}

function readContent(xml: XmlElement, type: DocumentType, depth: number): Content {
  const inner = [...xml.childNodes].filter((node): node is XmlElement => node.nodeType === node.ELEMENT_NODE);
  const text = [...xml.childNodes]
    .filter(isText)
    .map((node) => node.nodeValue ?? '')
    .join('');
  if (inner.length > 0 && text.trim() !== '') throw new WbxmlError('MIXED_CONTENT', { name: xml.tagName });
  if (inner.length > 0) return inner.map((each) => readElement(each, type, depth + 1));
  // Where there are attributes, blanks between tags are there for the reader.
  if (text === '' || (type.attributes && text.trim() === '')) return undefined;
  return xml.getAttribute(OPAQUE_ATTRIBUTE) === OPAQUE_FORM ? new Uint8Array(Buffer.from(text, 'base64')) : text;
}

function isText(node: Node): boolean {
  return node.nodeType === node.TEXT_NODE || node.nodeType === node.CDATA_SECTION_NODE;
}
