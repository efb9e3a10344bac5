// Changes of elements: documents that are well-formed and say what nobody meant.

import { AirSyncDocument } from '../../src/wbxml/airsync/document.js';
import { children, type Content, type Element, type Tag } from '../../src/wbxml/element.js';
import type { Chance } from './chance.js';
import { live } from './live.js';
import { strangeTexts } from './strange-texts.js';

const knownTags = Array.from({ length: 26 << 8 }, (_, tag) => tag).filter(
  (tag) => AirSyncDocument.nameOf(tag) !== undefined,
);

const onSamePage = (tag: Tag) => knownTags.filter((each) => each >> 8 === tag >> 8);
const tagsOfPage = new Map(knownTags.map((tag) => [tag >> 8, onSamePage(tag)]));

type Change = (element: Element, chance: Chance, other: Element) => Element | readonly Element[];

const withContent = ({ tag }: Element, content: Content): Element => ({ tag, content });

const changes: readonly Change[] = [
  () => [],
  (element) => [element, element],
  (element, chance) => new Array<Element>(1 + chance.below(600)).fill(element),
  (element) => withContent(element, undefined),
  (element, chance) => withContent(element, chance.pick(strangeTexts)),
  (element, chance) => withContent(element, chance.pick(strangeTexts)),
  (element, chance) => withContent(element, chance.octets(chance.below(40))),
  (element) => withContent(element, [...children(element)].reverse()),
  (element, chance) => withContent(element, [...children(element)].slice(chance.below(3))),
  (element, chance) => ({ ...element, tag: chance.pick(knownTags) }),
  (element, chance) => ({ ...element, tag: chance.pick(tagsOfPage.get(element.tag >> 8) ?? knownTags) }),
  (element, chance, other) => [element, chance.pick(subtrees(other))],
  (element, chance, other) => withContent(element, [...children(element), chance.pick(subtrees(other))]),
  (element, chance) => nested(element, 1 + chance.below(70)),
];

function nested(element: Element, times: number): Element {
  let around = element;
  for (let each = 0; each < times; each++) around = withContent(element, [around]);
  return around;
}

function subtrees(element: Element): Element[] {
  return [element, ...children(element).flatMap(subtrees)];
}

/** One to three changes anywhere below the root, or now and then of the root; `other` is a tree to take pieces of. */
export function changeTree(root: Element, chance: Chance, other: Element): Element {
  let changed = root;
  for (let left = 1 + chance.below(3); left > 0; left--) changed = changeOnce(changed, chance, other);
  return changed;
}

function changeOnce(root: Element, chance: Chance, other: Element): Element {
  const count = countOf(root);
  const at = chance.isWithin(0.05) ? 0 : 1 + chance.below(Math.max(1, count - 1));
  const change = chance.pick(changes);
  const changed =
    replaceAt(root, { left: at }, (target) => change(target, chance, other))[0] ?? withContent(root, undefined);
  return countOf(changed) > mostElements ? root : changed;
}

// Copies of copies would fill the memory of whoever makes them; too many elements for the server stand in a test of it.
const mostElements = 5000;

function countOf(element: Element): number {
  return children(element).reduce((sum, each) => sum + countOf(each), 1);
}

/** One element alone, the one that is met after so many others: copies are the same object, and only one is meant. */
function replaceAt(
  element: Element,
  counter: { left: number },
  put: (target: Element) => Element | readonly Element[],
): readonly Element[] {
  if (counter.left-- === 0) {
    const replaced = put(element);
    return 'tag' in replaced ? [replaced] : replaced;
  }
  const inner = children(element);
  if (inner.length === 0 || counter.left < 0) return [element];
  return [
    withContent(
      element,
      inner.flatMap((each) => replaceAt(each, counter, put)),
    ),
  ];
}

/** Keys and ids as this server issued them: what is asked with a wrong key never comes to the store. */
export function enliven(element: Element, chance: Chance): Element {
  const mark = live[element.tag];
  if (mark !== undefined && chance.isWithin(0.8)) return withContent(element, mark);
  const inner = children(element);
  return inner.length === 0
    ? element
    : withContent(
        element,
        inner.map((each) => enliven(each, chance)),
      );
}
