// The element tree: what decode() gives and encode() takes, and how the rooms above read and build it.

/** `page << 8 | token`, so that 0x0216 reads "page 2, token 0x16". */
export type Tag = number;

/** Children, text, opaque octets, or nothing: an empty tag and a tag with empty content are the same. */
export type Content = readonly Element[] | string | Uint8Array | undefined;

export interface Element {
  readonly tag: Tag;
  readonly content: Content;
}

/** An element; an `undefined` among the children stands for one that is left out. */
export function element(tag: Tag, content?: Content | readonly (Element | undefined)[]): Element {
  if (typeof content !== 'object' || content instanceof Uint8Array || isWhole(content)) return { tag, content };
  return { tag, content: content.filter((each) => each !== undefined) };
}

// Most lists leave nothing out, and are then taken as they are.
function isWhole(content: readonly (Element | undefined)[]): content is readonly Element[] {
  return !content.includes(undefined);
}

const NONE: readonly Element[] = [];

/** The child elements, all of them or those of one tag. */
export function children(parent: Element, tag?: Tag): readonly Element[] {
  const { content } = parent;
  if (typeof content !== 'object' || content instanceof Uint8Array) return NONE;
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
