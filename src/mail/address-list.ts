// Splits a list of addresses into its mailboxes, as people and programs write them.
// RFC 5322 3.4 Address Specification; also semicolons, missing brackets, bare numbers and encoded words in quotes.

import { MailError } from './errors.js';
import { limits } from './limits.js';

/** One word of a mailbox: parts that no space separates. */
export interface Word {
  /** As written, quotes included. */
  raw: string;
  isQuoted: boolean;
}

export interface WrittenMailbox {
  words: Word[];
  comments: string[];
  /** What stands between `<` and `>`. */
  angle: string | undefined;
  /** The whole as written. */
  written: string;
}

// What is opened and not closed is an ordinary character. Linear: escaped characters are passed over in pairs, so that
// after a quote that nothing closes no other is tried; brackets are searched up to the next one only.
const quoted = String.raw`"(?:[^"\\]|\\[^])*"`;
const angle = String.raw`<(?:[^<>"\\]|\\[^]|${quoted})*>`;
const literal = String.raw`\[[^[\]]*\]`;
const encodedWord = String.raw`=\?[^?\s]+\?[BbQq]\?[^?\s<>]*\?=`;
const atom = String.raw`(?:[^\s"(<[,;:\\]|\\[^])+`;
const token = `(?<space>\\s+)|(?<quoted>${quoted})|(?<angle>${angle})|(?<word>${literal}|${encodedWord}|${atom})|[^]`;

// Their colon begins no group: sms:+12025550101@example.com
const scheme = /^(?:sms|smsto|tel|mailto)$/i;
const longestScheme = 6;

/** @throws MailError TOO_MANY_ADDRESSES */
export function splitAddressList(list: string): WrittenMailbox[] {
  if (list.length > limits.addressListCharacters) throw new MailError('TOO_MANY_ADDRESSES');
  const reader = new ListReader(list);
  return reader.read();
}

class ListReader {
  readonly #list: string;
  readonly #token = new RegExp(token, 'gy');
  readonly #mailboxes: WrittenMailbox[] = [];
  #mailbox: WrittenMailbox = emptyMailbox();
  #start = 0;
  #followsSpace = true;
  #followsAt = false;
  #isUri = false;
  #commentsAreClosed = true;

  constructor(list: string) {
    this.#list = list;
  }

  read(): WrittenMailbox[] {
    for (let found = this.#token.exec(this.#list); found !== null; found = this.#token.exec(this.#list)) {
      this.#take(found[0], found.groups ?? {});
    }
    this.#finish(this.#list.length);
    return this.#mailboxes;
  }

  #take(raw: string, kind: Record<string, string | undefined>): void {
    if (kind.space !== undefined) this.#followsSpace = true;
    else if (kind.angle !== undefined) this.#takeAngle(raw.slice(1, -1));
    else if (raw === ',' || raw === ';') this.#finish(this.#token.lastIndex - 1);
    else if (raw === ':') this.#takeColon();
    else if (raw === '(' && this.#takeComment()) this.#followsSpace = true;
    else if (raw === '<') this.#followsSpace = true;
    else this.#takeWord({ raw, isQuoted: kind.quoted !== undefined });
  }

  #takeAngle(inner: string): void {
    // Of two the first is the address, as the other is not where one may stand.
    this.#mailbox.angle ??= inner;
    this.#followsSpace = true;
  }

  // What the word ends with is kept beside it: to look at a string that grows copies it each time.
  #takeWord(word: Word): void {
    const last = this.#mailbox.words.at(-1);
    const joins = !this.#followsSpace || this.#followsAt || word.raw.startsWith('@');
    if (last !== undefined && joins) {
      last.raw += word.raw;
      last.isQuoted = false;
    } else {
      this.#mailbox.words.push(word);
      this.#isUri = false;
    }
    this.#followsSpace = false;
    this.#followsAt = word.raw.endsWith('@');
  }

  // RFC 5322 3.4: the name of a group says nothing of where its members are.
  #takeColon(): void {
    const last = this.#mailbox.words.at(-1);
    const isUri = this.#isUri || (last !== undefined && last.raw.length <= longestScheme && scheme.test(last.raw));
    if (!isUri || this.#followsSpace) return this.#begin(this.#token.lastIndex);
    this.#takeWord({ raw: ':', isQuoted: false });
    this.#isUri = true;
  }

  // RFC 5322 3.2.2 Folding White Space and Comments: they nest.
  #takeComment(): boolean {
    const start = this.#token.lastIndex;
    const end = this.#commentsAreClosed ? endOfComment(this.#list, start) : undefined;
    this.#commentsAreClosed = end !== undefined;
    if (end === undefined) return false;
    this.#mailbox.comments.push(this.#list.slice(start, end));
    this.#token.lastIndex = end + 1;
    return true;
  }

  #finish(end: number): void {
    const { words, comments, angle: address } = this.#mailbox;
    if (words.length > 0 || comments.length > 0 || address !== undefined) {
      if (this.#mailboxes.length === limits.addresses) throw new MailError('TOO_MANY_ADDRESSES');
      this.#mailboxes.push({ ...this.#mailbox, written: this.#list.slice(this.#start, end).trim() });
    }
    this.#begin(end + 1);
  }

  #begin(start: number): void {
    this.#mailbox = emptyMailbox();
    this.#start = start;
    this.#followsSpace = true;
    this.#followsAt = false;
    this.#isUri = false;
  }
}

function emptyMailbox(): WrittenMailbox {
  return { words: [], comments: [], angle: undefined, written: '' };
}

function endOfComment(text: string, start: number): number | undefined {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return at;
  }
  return undefined;
}
