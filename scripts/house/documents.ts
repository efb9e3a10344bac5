// What the documents point at exists: files, headings, npm scripts and commands of easms.

import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type Complaints, root, type Source } from './sources.js';

/** Links to files and headings of this project. */
export function checkLinks(documents: readonly Source[], exists = existsInProject): Complaints {
  const headings = new Map(documents.map(({ path, text }) => [path, anchorsOf(text)]));
  return documents.flatMap(({ path, text }) =>
    [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => {
      if (/^[a-z]+:/i.test(link!)) return [];
      const [file, anchor] = link!.split('#') as [string, string | undefined];
      const target = file === '' ? path : posix.join(posix.dirname(path), file);
      if (!exists(target)) return [`${path} links to ${target}, which does not exist`];
      const isMissing = anchor !== undefined && headings.get(target)?.has(anchor) === false;
      return isMissing ? [`${path} links to ${target}#${anchor}: no such heading`] : [];
    }),
  );
}

function existsInProject(path: string): boolean {
  return existsSync(join(root, path));
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
}

// As code forges name headings: lower case, spaces to hyphens, other marks dropped.
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!.toLowerCase());
  return new Set(headings.map((heading) => heading.replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')));
}

export interface Commands {
  /** Of package.json. */
  readonly scripts: readonly string[];
  /** Sub-commands of easms. */
  readonly easms: readonly string[];
}

/** Commands in code blocks and code spans: `npm run x`, `npm test`, `npx easms x`. */
export function checkCommands(documents: readonly Source[], commands: Commands): Complaints {
  return documents.flatMap(({ path, text }) => {
    const code = codeOf(text);
    const missing = (pattern: RegExp, known: readonly string[]): string[] =>
      [...code.matchAll(pattern)].map(([, name]) => name!).filter((name) => !known.includes(name));
    return [
      ...missing(/\bnpm (?:run |(?=test|start))([a-z:]+)/g, commands.scripts).map(
        (name) => `${path} names npm run ${name}, which package.json does not have`,
      ),
      ...missing(/(?:\bnpx |^|\$ )easms ([a-z][a-z-]+)/gm, commands.easms).map(
        (name) => `${path} names easms ${name}, which does not exist`,
      ),
    ];
  });
}

function codeOf(text: string): string {
  const blocks = [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].map(([, block]) => block!);
  const spans = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!);
  return [...blocks, ...spans].join('\n');
}
