// The element tree: what decode() gives and encode() takes, and how the rooms above read and build it.

/** `page << 8 | token`, so that 0x0216 reads "page 2, token 0x16". */
export type Tag = number;

/** Children as octets, for a tree that is written many times. Made by `encodeContent`; as a tree it has no children. */
export class EncodedContent {
  readonly octets: Uint8Array;
  /** The page they begin in, which is that of the element around them. */
  readonly firstPage: number;
  readonly lastPage: number;

  constructor(octets: Uint8Array, pages: { first: number; last: number }) {
    this.octets = octets;
    this.firstPage = pages.first;
    this.lastPage = pages.last;
  }

  get length(): number {
    return this.octets.length;
  }
}

/** Children, text, opaque octets, or nothing: an empty tag and a tag with empty content are the same. */
export type Content = readonly Element[] | string | Uint8Array | EncodedContent | undefined;

/** Octets are what the document type keeps as OPAQUE, such as the dates of a service indication. */
export interface Attribute {
  readonly name: string;
  readonly value: string | Uint8Array;
}

export interface Element {
  readonly tag: Tag;
  readonly content: Content;
  /** In document types that have attributes, where there are any. */
  readonly attributes?: readonly Attribute[];
}

/** An element; an `undefined` among the children stands for one that is left out. */
export function element(tag: Tag, content?: Content | readonly (Element | undefined)[]): Element {
  if (!isList(content) || isWhole(content)) return { tag, content };
  return { tag, content: content.filter((each) => each !== undefined) };
}

/** An element of a document type that has attributes; one that is `undefined` is left out. */
export function attributed(
  tag: Tag,
  attributes: Readonly<Record<string, string | Uint8Array | undefined>>,
  content?: Content | readonly (Element | undefined)[],
): Element {
  const given = Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  return { ...element(tag, content), ...(given.length > 0 && { attributes: given }) };
}

/** The text of an attribute; `undefined` where it is absent or holds octets. */
export function attributeOf({ attributes = [] }: Element, name: string): string | undefined {
  const value = attributes.find((each) => each.name === name)?.value;
  return typeof value === 'string' ? value : undefined;
}

function isList<T>(content: readonly T[] | Exclude<Content, readonly Element[]>): content is readonly T[] {
  return Array.isArray(content);
}

// Most lists leave nothing out, and are then taken as they are.
function isWhole(content: readonly (Element | undefined)[]): content is readonly Element[] {
  return !content.includes(undefined);
}

const NONE: readonly Element[] = [];

/** The child elements, all of them or those of one tag. */
export function children(parent: Element, tag?: Tag): readonly Element[] {
  const { content } = parent;
  if (!isList(content)) return NONE;
  return tag === undefined ? content : content.filter((each) => each.tag === tag);
}

/** The first child of that tag. */
export function child(parent: Element, tag: Tag): Element | undefined {
  for (const each of children(parent)) if (each.tag === tag) return each;
  return undefined;
}

/** The text of an element: '' when it is empty, `undefined` when it holds children or opaque octets. */
export function textOf({ content }: Element): string | undefined {
  if (content === undefined || typeof content === 'string') return content ?? '';
  return content.length === 0 ? '' : undefined;
}

/** The text of a child: '' when it is empty, `undefined` when it is absent or holds no text. */
export function text(parent: Element, tag: Tag): string | undefined {
  const found = child(parent, tag);
  return found && textOf(found);
}
