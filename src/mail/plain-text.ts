// Plain text of HTML and HTML of plain text, and what a person wrote apart from what the mail program added.

import { convert, type HtmlToTextOptions } from 'html-to-text';
import { limits } from './limits.js';
import { boundedHtml } from './html-bounds.js';
import { attributionEnd, beginsHistory, isQuoted, isSentFrom, isSignature } from './quoted-history.js';

const asWritten = { options: { uppercase: false } };
const conversion: HtmlToTextOptions = {
  wordwrap: false,
  // What is too long is cut before: the library would print a line about it.
  limits: { maxInputLength: Number.MAX_SAFE_INTEGER, maxDepth: 2 * limits.htmlDepth, ellipsis: '' },
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, noAnchorUrl: true } },
    { selector: 'img', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, ...asWritten })),
  ],
};

/** The text of a page; of a page beyond the limit that of its beginning. */
export function textOfHtml(html: string): string {
  const text = convert(boundedHtml(html), conversion);
  return text.replaceAll('\0', '').replaceAll('\u00a0', ' ').trim();
}

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const link = /https?:\/\/[^\s<>"]+/gi;

/** A page that shows the text: its lines, and its links of http and https alone. */
export function htmlOfText(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n').map(htmlOfLine);
  return `<html><head><meta charset="utf-8"></head><body><div>${lines.join('<br>\r\n')}</div></body></html>`;
}

function htmlOfLine(line: string): string {
  const pieces: string[] = [];
  let position = 0;
  for (const { 0: found, index } of line.matchAll(link)) {
    const address = escaped(withoutPunctuation(found));
    pieces.push(escaped(line.slice(position, index)), `<a href="${address}">${address}</a>`);
    position = index + withoutPunctuation(found).length;
  }
  // Of several spaces a browser shows one.
  return [...pieces, escaped(line.slice(position))].join('').replace(/ (?= )|^ /g, '&nbsp;');
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (mark) => marks[mark]!);
}

// The mark at the end of a sentence is not part of the address before it.
function withoutPunctuation(address: string): string {
  let end = address.length;
  while (end > 0 && ".,;:!?)]'*".includes(address[end - 1]!)) end--;
  return address.slice(0, end);
}

/** What of a mail is not its writer's own words, and is taken away. */
export interface Cuts {
  history: boolean;
  signature: boolean;
}

/**
 * What the writer of an answer wrote: without the quoted history, the signature after `-- ` (RFC 3676 4.3 Usenet
 * Signature Convention) and the line that says from what the mail was sent. A text that is nothing else stays whole.
 */
export function ownWords(text: string, cuts: Cuts = { history: true, signature: true }): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const own = withoutClosing(cuts.history ? withoutHistory(lines, cuts) : withoutSignature(lines, cuts), cuts);
  const words = own.join('\n').trim();
  return words === '' ? text : words;
}

function withoutHistory(lines: readonly string[], cuts: Cuts): string[] {
  const own: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (beginsHistory(lines, at) || (cuts.signature && isSignature(lines[at]!))) break;
    const after = attributionEnd(lines, at);
    if (after === undefined) own.push(lines[at]!);
    else return [...own, ...answersBetween(lines, after, cuts)];
  }
  return own;
}

/** The history stays: the signature ends where it begins. */
function withoutSignature(lines: readonly string[], cuts: Cuts): readonly string[] {
  const start = cuts.signature ? lines.findIndex(isSignature) : -1;
  if (start === -1) return lines;
  const beginsOthers = (line: string, at: number): boolean =>
    at > start && (isQuoted(line) || beginsHistory(lines, at) || attributionEnd(lines, at) !== undefined);
  const end = lines.findIndex(beginsOthers);
  return [...lines.slice(0, start), ...(end === -1 ? [] : lines.slice(end))];
}

// After `On … wrote:` come the lines of the other, each marked, with answers below or between; unmarked they are all his.
function answersBetween(lines: readonly string[], start: number, cuts: Cuts): string[] {
  const first = lines.findIndex((line, at) => at >= start && line.trim() !== '');
  if (first === -1 || !isQuoted(lines[first]!)) return [];
  const rest = lines.slice(first);
  const signature = cuts.signature ? rest.findIndex(isSignature) : -1;
  return (signature === -1 ? rest : rest.slice(0, signature)).filter((line) => !isQuoted(line));
}

function withoutClosing(lines: readonly string[], cuts: Cuts): string[] {
  let end = lines.length;
  const isDropped = (line: string): boolean => line.trim() === '' || (cuts.history && isQuoted(line));
  while (end > 0 && isDropped(lines[end - 1]!)) end--;
  if (end > 0 && cuts.signature && isSentFrom(lines[end - 1]!)) end--;
  return lines.slice(0, end);
}
