// Cuts a page to what can be laid out in little time.

import { limits } from './limits.js';

const tag = /<(?<end>\/?)(?<name>[a-z][a-z0-9]*)/gi;
const empty = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

// Elements that people leave open, and what the next of them closes.
const closes: Readonly<Record<string, readonly string[]>> = {
  p: ['p'],
  li: ['p', 'li'],
  td: ['p', 'td', 'th'],
  th: ['p', 'td', 'th'],
  tr: ['p', 'td', 'th', 'tr'],
  dt: ['p', 'dt', 'dd'],
  dd: ['p', 'dt', 'dd'],
  option: ['option'],
};

/** The beginning of the page; without its tags where they nest too deep. */
export function boundedHtml(html: string): string {
  const beginning = html.slice(0, limits.htmlCharacters);
  const open: string[] = [];
  let tags = 0;
  for (const { groups, index } of beginning.matchAll(tag)) {
    if (++tags > limits.htmlTags) return beginning.slice(0, index);
    follow(open, { name: groups!.name!.toLowerCase(), isEnd: groups!.end === '/' });
    if (open.length > limits.htmlDepth) return wordsOf(beginning);
  }
  return beginning;
}

function follow(open: string[], { name, isEnd }: { name: string; isEnd: boolean }): void {
  if (isEnd) {
    const start = open.lastIndexOf(name);
    if (start !== -1) open.length = start;
  } else if (!empty.has(name)) {
    while (closes[name]?.includes(open.at(-1) ?? '')) open.pop();
    open.push(name);
  }
}

function wordsOf(html: string): string {
  return html
    .replace(/<[^<>]*>/g, ' ')
    .replace(/[<>]/g, ' ')
    .replace(/[ \t]{2,}/g, ' ');
}
