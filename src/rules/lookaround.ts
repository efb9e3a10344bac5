// RE2 looks neither ahead nor behind. The patterns by which administrators ask whether a number has no gateway yet,
// `^(?!.*@)(.*)$` and `(.*?[\d]*)(?!@)`, mean: there is no @ in it. They are translated; any other is refused (D14).

import { RuleError } from './errors.js';

export interface Translated {
  /** Without lookaround. */
  readonly pattern: string;
  /** A text that holds an @ does not match. */
  readonly isWithoutAt: boolean;
}

const at = String.raw`(?:@|\\@|\[@\]|\(@\))`;
const ahead = new RegExp(String.raw`^(\^|\\A)?\(\?!\.[*]\??${at}(?:\.\*\??)?\$?\)`);
const behind = new RegExp(String.raw`\(\?!${at}\)(\$|\\z)?$`);

/** Throws RuleError UNSUPPORTED_LOOKAROUND, with the lookaround as it is written. */
export function translateLookaround(written: string): Translated {
  const translated = withoutAt(written);
  const other = findLookaround(translated.pattern);
  if (other !== undefined) throw new RuleError('UNSUPPORTED_LOOKAROUND', other);
  return translated;
}

function withoutAt(written: string): Translated {
  if (ahead.test(written)) return { pattern: written.replace(ahead, '^'), isWithoutAt: true };
  if (behind.test(written)) return { pattern: written.replace(behind, '$1'), isWithoutAt: true };
  return { pattern: written, isWithoutAt: false };
}

const lookaround = /^\(\?(?:<?[=!])/;
// What may hold `(?=` without meaning it: escapes, \Q…\E, classes, in which `]` may stand first.
const opaque = /^(?:\\Q[^]*?(?:\\E|$)|\\[^]|\[\^?\]?(?:\\[^]|\[:\^?\w+:\]|[^\]\\])*\]?)/;

function findLookaround(pattern: string): string | undefined {
  for (let rest = pattern; rest !== '';) {
    if (lookaround.test(rest)) return rest.slice(0, lengthOfGroup(rest));
    rest = rest.slice(opaque.exec(rest)?.[0].length ?? 1);
  }
  return undefined;
}

function lengthOfGroup(text: string): number {
  let depth = 0;
  let length = 0;
  while (length < text.length) {
    const rest = text.slice(length);
    if (rest.startsWith('(')) depth++;
    if (rest.startsWith(')')) depth--;
    length += opaque.exec(rest)?.[0].length ?? 1;
    if (depth === 0) break;
  }
  return length;
}
