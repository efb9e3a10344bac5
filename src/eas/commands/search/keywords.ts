// What people type to find mail: words, "phrases", `from:` and the like, and NOT.
// MS-ASCMD 2.2.3.80.1 FreeText (Find), MS-ASCMD 2.2.3.80.2 FreeText (Search)

import type { SearchField, SearchTerm } from '../../../store/search.js';
import { limits } from '../../limits.js';

const fields: Readonly<Record<string, SearchField>> = {
  subject: 'subject',
  body: 'text',
  from: 'from',
  to: 'to',
  cc: 'cc',
};

//  -  from:  "some words"  |  word
const token = /(-?)(?:(\w+):(?=\S))?(?:"([^"]*)"?|(\S+))/g;

/** `undefined` where it is longer than the limits. None where it holds no word. */
export function readKeywords(text: string): SearchTerm[] | undefined {
  if (text.length > limits.searchCharacters) return undefined;
  const terms: SearchTerm[] = [];
  let isExcluded = false;
  for (const match of text.matchAll(token)) {
    if (match[0] === 'AND') continue;
    if (match[0] === 'NOT') isExcluded = true;
    else {
      const term = readTerm(match);
      if (term.text !== '') terms.push(isExcluded || match[1] ? { ...term, isExcluded: true } : term);
      isExcluded = false;
    }
  }
  return terms.length > limits.searchTerms ? undefined : terms;
}

function readTerm([, , name, phrase, word]: RegExpExecArray): SearchTerm {
  const text = (phrase ?? word!.replace(/\*$/, '')).trim();
  const field = name === undefined ? undefined : fields[name.toLowerCase()];
  if (field) return { text, field };
  // Not every colon names a field: an hour has one, and so has an address on the web.
  return { text: name === undefined ? text : `${name}:${text}` };
}

/** Whether it asks for one thing or another, which is not looked for. */
export function hasAlternatives(text: string): boolean {
  return /(^|\s)OR(\s|$)/.test(text.replaceAll(/"[^"]*"?/g, ''));
}
