// Builds the element tree from tokens as they come, within the limits; it knows nothing of octets but their offsets.

import type { DocumentType } from './document-type.js';
import type { Attribute, Content, Element, Tag } from './element.js';
import { WbxmlError, placeOf, type WbxmlErrorCode } from './errors.js';
import { limits } from './limits.js';
import { GlobalToken, TagOctet } from './shapes.js';

/** One per document. Each call names the offset of the token it stands for, which errors carry. */
export class TreeBuilder {
  root: Element | undefined = undefined;
  page = 0;
  readonly #type: DocumentType;
  readonly #known: Uint8Array;
  #nodes = 0;
  #latest: Tag | undefined = undefined;
  // The open elements, outermost first: their tags and what they hold so far.
  readonly #tags: Tag[] = [];
  readonly #contents: (Element[] | string | Uint8Array | undefined)[] = [];
  // Of the open elements that have some, by their depth; absent in types that have none.
  #attributes: Map<number, readonly Attribute[]> | undefined = undefined;

  constructor(type: DocumentType) {
    this.#type = type;
    this.#known = type.known;
  }

  switchPage(page: number, offset: number): void {
    if (!this.#type.hasPage(page)) {
      throw new WbxmlError('UNKNOWN_PAGE', { offset, page, token: GlobalToken.SWITCH_PAGE });
    }
    this.page = page;
  }

  /** Checks that the element of this tag octet may stand here and gives its tag; `open` or `leaf` follows. */
  admit(octet: number, offset: number): Tag {
    const token = octet & TagOctet.TOKEN;
    const tag = (this.page << 8) | token;
    if (octet >= TagOctet.ATTRIBUTES || token <= GlobalToken.LITERAL) {
      throw new WbxmlError('UNSUPPORTED_TOKEN', { offset, page: this.page, token: octet });
    }
    this.#latest = tag;
    if (this.#known[(this.page << 6) | token] !== 1) this.#refuse('UNKNOWN_TOKEN', offset);
    if (++this.#nodes > limits.nodes) this.#refuse('TOO_MANY_NODES', offset);
    const depth = this.#tags.length;
    if (depth >= limits.depth) this.#refuse('TOO_DEEP', offset);
    if (depth > 0 && !this.#takesChildren(depth - 1)) this.#refuse('MIXED_CONTENT', offset);
    return tag;
  }

  open(tag: Tag, attributes?: readonly Attribute[]): void {
    if (attributes !== undefined) (this.#attributes ??= new Map()).set(this.#tags.length, attributes);
    this.#tags.push(tag);
    this.#contents.push(undefined);
  }

  /** An element that is complete at once. */
  leaf(tag: Tag, content: Content): void {
    const depth = this.#tags.length;
    if (depth === 0) this.root = { tag, content };
    else (this.#contents[depth - 1] as Element[]).push({ tag, content });
  }

  /** Text of the open element; several in a row are one. */
  text(text: string, offset: number): void {
    const top = this.#top(offset);
    const before = this.#contents[top];
    if (text === '') return;
    if (before === undefined) this.#contents[top] = text;
    else if (typeof before !== 'string') this.#refuse('MIXED_CONTENT', offset);
    else if (before.length + text.length > limits.textOctets) this.#refuse('TEXT_TOO_LONG', offset);
    else this.#contents[top] = before + text;
  }

  opaque(octets: Uint8Array, offset: number): void {
    const top = this.#top(offset);
    if (octets.length === 0) return;
    if (this.#contents[top] !== undefined) this.#refuse('MIXED_CONTENT', offset);
    this.#contents[top] = octets;
  }

  close(offset: number): void {
    this.#top(offset);
    const content = this.#contents.pop();
    const tag = this.#tags.pop()!;
    if (this.#attributes === undefined) this.leaf(tag, content);
    else this.#closeAttributed(tag, content);
  }

  #closeAttributed(tag: Tag, content: Content): void {
    const depth = this.#tags.length;
    const attributes = this.#attributes!.get(depth);
    this.#attributes!.delete(depth);
    if (attributes === undefined) return this.leaf(tag, content);
    const whole = { tag, content, attributes };
    if (depth === 0) this.root = whole;
    else (this.#contents[depth - 1] as Element[]).push(whole);
  }

  /** The whole tree, when the document ends with it. */
  finish(position: number, available: number): Element {
    if (position < available) this.#refuse('TRAILING_BYTES', position);
    return this.root!;
  }

  /** A reading error gets the page and token of the tag that was read last: the octets around it have no other name. */
  located(error: unknown): unknown {
    if (!(error instanceof WbxmlError) || error.page !== undefined || this.#latest === undefined) return error;
    return new WbxmlError(error.code, {
      ...(error.offset !== undefined && { offset: error.offset }),
      ...placeOf(this.#latest),
    });
  }

  #top(offset: number): number {
    if (this.#tags.length === 0) this.#refuse('UNEXPECTED_TOKEN', offset);
    return this.#tags.length - 1;
  }

  #takesChildren(index: number): boolean {
    const content = this.#contents[index];
    if (content === undefined) this.#contents[index] = [];
    return content === undefined || Array.isArray(content);
  }

  #refuse(code: WbxmlErrorCode, offset: number): never {
    throw new WbxmlError(code, { offset, ...(this.#latest !== undefined && placeOf(this.#latest)) });
  }
}
