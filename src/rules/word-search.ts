// Whether a text holds any of many words, in one walk over the text however many they are: the automaton of Aho and Corasick.
// A. Aho, M. Corasick, Efficient String Matching, Communications of the ACM 18 (1975)

import { RuleError } from './errors.js';
import { limits } from './limits.js';

/** A step of the walk: what has been read is the beginning of a word. */
interface Node {
  readonly next: Map<number, Node>;
  /** The longest end of this beginning that begins a word itself. */
  fallback: Node | undefined;
  /** A word ends here. */
  isEnd: boolean;
}

export type WordSearch = (text: string) => boolean;

/**
 * @param words Not empty.
 * Throws RuleError TOO_MANY.
 */
export function buildWordSearch(words: readonly string[]): WordSearch {
  const characters = words.reduce((sum, word) => sum + word.length, 0);
  if (characters > limits.soughtCharacters) throw new RuleError('TOO_MANY', 'characters to look for in a text');
  const root = newNode();
  for (const word of words) addWord(root, word);
  linkFallbacks(root);
  return (text) => holdsAny(root, text);
}

function newNode(): Node {
  return { next: new Map(), fallback: undefined, isEnd: false };
}

function addWord(root: Node, word: string): void {
  let node = root;
  for (let each = 0; each < word.length; each++) {
    const unit = word.charCodeAt(each);
    const known = node.next.get(unit) ?? newNode();
    node.next.set(unit, known);
    node = known;
  }
  node.isEnd = true;
}

// Breadth first: the fallback of a node is nearer to the root, and linked before it.
function linkFallbacks(root: Node): void {
  const waiting = [...root.next.values()];
  for (const node of waiting) node.fallback = root;
  for (const node of waiting) {
    for (const [unit, child] of node.next) {
      child.fallback = follow(node.fallback!, unit);
      child.isEnd ||= child.fallback.isEnd;
      waiting.push(child);
    }
  }
}

// The root has no fallback: what begins no word leads back to it.
function follow(from: Node, unit: number): Node {
  let node = from;
  for (;;) {
    const next = node.next.get(unit);
    if (next) return next;
    if (!node.fallback) return node;
    node = node.fallback;
  }
}

function holdsAny(root: Node, text: string): boolean {
  let node = root;
  for (let each = 0; each < text.length; each++) {
    node = follow(node, text.charCodeAt(each));
    if (node.isEnd) return true;
  }
  return false;
}
