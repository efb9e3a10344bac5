// One element of an imported document, read strictly: what the schema does not know is refused, not passed over.

import { DOMParser, type Document, type Element } from '@xmldom/xmldom';
import { RuleError } from '../errors.js';
import { limits } from '../limits.js';

/** Throws RuleError BAD_XML, TOO_MANY. */
export function parseDocument(xml: string): XmlNode {
  if (xml.length > limits.xmlCharacters) throw new RuleError('TOO_MANY', 'characters in the document');
  const document = parse(xml.replace(/^\uFEFF/, ''));
  // What it declares could make much of little.
  if (document.doctype?.internalSubset) throw new RuleError('BAD_XML', 'it declares entities');
  if (!document.documentElement) throw new RuleError('BAD_XML', 'it is empty');
  return new XmlNode(document.documentElement);
}

function parse(xml: string): Document {
  const onError = (_level: string, message: string): void => {
    throw new RuleError('BAD_XML', message.split('\n')[0]);
  };
  try {
    return new DOMParser({ onError }).parseFromString(xml, 'text/xml');
  } catch (error) {
    if (error instanceof RuleError) throw error;
    throw new RuleError('BAD_XML', 'it is not well-formed');
  }
}

export class XmlNode {
  readonly #element: Element;
  // Made when they are asked for: a document may nest deeper than a stack.
  #waiting: XmlNode[] | undefined;
  readonly #attributes: Map<string, string>;

  constructor(element: Element) {
    this.#element = element;
    const given = [...element.attributes].filter(({ name }) => !/^xmlns(:|$)/.test(name));
    this.#attributes = new Map(given.map(({ name, value }) => [name, value]));
  }

  get name(): string {
    return this.#element.localName ?? '';
  }

  get namespace(): string {
    return this.#element.namespaceURI ?? '';
  }

  /** The element that comes next, if that is its name. */
  take(name: string): XmlNode | undefined {
    return this.#inner[0]?.name === name ? this.#inner.shift() : undefined;
  }

  takeAll(): XmlNode[] {
    return this.#inner.splice(0);
  }

  /** Throws RuleError BAD_XML. */
  need(name: string): XmlNode {
    return this.take(name) ?? this.refuse(`lacks ${name}`);
  }

  /** Throws RuleError BAD_XML where there is another value than these. */
  attribute<T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.#attributes.get(name);
    this.#attributes.delete(name);
    const known = values.find((each) => each === value);
    return value !== undefined && known === undefined ? this.refuse(`has no ${name}="${value}"`) : known;
  }

  rawAttribute(name: string): string | undefined {
    const value = this.#attributes.get(name);
    this.#attributes.delete(name);
    return value;
  }

  boolean(name: string): boolean | undefined {
    const value = this.attribute(name, ['true', 'false', '1', '0']);
    return value === undefined ? undefined : value === 'true' || value === '1';
  }

  /** What it holds as text. Throws RuleError BAD_XML. */
  text(): string {
    const form = this.attribute('form', ['json']);
    this.end(true);
    const text = this.#element.textContent ?? '';
    return form === 'json' ? this.#fromJson(text) : text;
  }

  /** Throws RuleError BAD_XML where something is left that nobody took. */
  end(isText = false): void {
    const left = this.#inner[0]?.name ?? [...this.#attributes.keys()][0];
    if (left !== undefined) this.refuse(`may not have ${left} there`);
    if (!isText && this.#ownText().trim() !== '') this.refuse('may not have text');
  }

  refuse(what: string): never {
    const { lineNumber } = this.#element as { lineNumber?: number };
    throw new RuleError('BAD_XML', `${this.name} ${what}${lineNumber === undefined ? '' : `, line ${lineNumber}`}`);
  }

  get #inner(): XmlNode[] {
    return (this.#waiting ??= [...this.#element.childNodes]
      .filter((node): node is Element => node.nodeType === node.ELEMENT_NODE)
      .map((each) =>
        each.namespaceURI === this.namespace ? new XmlNode(each) : this.refuse(`may not have ${each.tagName}`),
      ));
  }

  #ownText(): string {
    const texts = [...this.#element.childNodes].filter(
      (node) => node.nodeType === node.TEXT_NODE || node.nodeType === node.CDATA_SECTION_NODE,
    );
    return texts.map((node) => node.nodeValue ?? '').join('');
  }

  #fromJson(text: string): string {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'string') return value;
    } catch {
      // Told below.
    }
    return this.refuse('is no string of JSON');
  }
}
