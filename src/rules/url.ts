// URLs that rules call. Variables stand in path and query alone, so that a message never chooses whom it is told to (D34).

import { RuleError } from './errors.js';
import { fill, type Filling } from './fill.js';
import { limits } from './limits.js';
import { describePiece, readTemplate, type Template } from './template.js';

export interface UrlTemplate {
  readonly template: Template;
  /** Of the path: a value must not become a step up. */
  readonly segments: number;
}

/** Throws RuleError BAD_ACTION, BAD_VARIABLE. */
export function readUrl(written: string): UrlTemplate {
  const template = readTemplate(written.trim());
  checkOrigin(template);
  const url = parsed(template.map((piece) => (piece.kind === 'literal' ? piece.text : 'x')).join(''));
  if (!url || !/^https?:$/.test(url.protocol)) throw new RuleError('BAD_ACTION', 'the URL is none of http or https');
  return { template, segments: segmentsOf(url) };
}

function checkOrigin(template: Template): void {
  let before = '';
  for (const piece of template) {
    if (piece.kind === 'literal') before += piece.text;
    else if (!/^https?:\/\/[^/?#\\]+[/?#]/i.test(before))
      throw new RuleError('BAD_VARIABLE', `${describePiece(piece)} in scheme, host or port`);
  }
}

/** `undefined` where the values make something else of it. */
export function fillUrl({ template, segments }: UrlTemplate, filling: Filling): string | undefined {
  const url = parsed(fill(template, 'url', filling));
  if (!url || segmentsOf(url) !== segments || url.href.length > limits.urlCharacters) return undefined;
  return url.href;
}

function parsed(written: string): URL | undefined {
  return URL.canParse(written) ? new URL(written) : undefined;
}

function segmentsOf({ pathname }: URL): number {
  return pathname.split('/').length;
}
