// docs/specs.md says of each section of an ActiveSync document that the sources cite how far it is followed.

import type { Citation } from './citations.js';
import type { Complaints } from './sources.js';

export interface SectionRow {
  readonly document: string;
  readonly section: string;
  readonly state: string;
}

const states = ['Yes', 'Partial', 'No'];
const heading = /^## Sections$/m;

/** What stands before the tables of sections: the documents and their revisions. */
export function withoutSections(specs: string): string {
  return specs.split(heading)[0]!;
}

/** The rows | Section | Title | State | Note | below `## Sections`, under the heading of their document. */
export function readSections(specs: string): SectionRow[] {
  const below = specs.split(heading)[1] ?? '';
  return below.split(/^### /m).flatMap((part) => {
    const document = /^[\w-]+/.exec(part)?.[0] ?? '';
    const rows = part.matchAll(/^\| (\d[\d.]*) +\| [^|]+ \| (\w+) +\|/gm);
    return [...rows].map(([, section, state]) => ({ document, section: section!, state: state! }));
  });
}

/** Every section cited has a row, and every row is cited, unless it says No. */
export function compareSections(citations: readonly Citation[], rows: readonly SectionRow[]): Complaints {
  const cited = new Map(sectionsCited(citations).map((each) => [nameOf(each), each]));
  const described = new Set(rows.map(nameOf));
  return [
    ...[...cited].filter(([name]) => !described.has(name)).map(([name, { path, line }]) => unwritten(name, path, line)),
    ...rows
      .filter((row) => row.state !== 'No' && !cited.has(nameOf(row)))
      .map((row) => `docs/specs.md says ${row.state} of ${nameOf(row)}, which no source cites`),
    ...rows
      .filter((row) => row.state === 'No' && cited.has(nameOf(row)))
      .map((row) => `${nameOf(row)} is No, and cited`),
    ...rows
      .filter(({ state }) => !states.includes(state))
      .map((row) => `${nameOf(row)} is neither ${states.join(', ')}`),
    ...repeated(rows.map(nameOf)).map((name) => `docs/specs.md has two rows of ${name}`),
  ];
}

function unwritten(name: string, path: string, line: number): string {
  return `${path}:${line} cites ${name}, of which docs/specs.md has no row`;
}

function sectionsCited(citations: readonly Citation[]): (Citation & { section: string })[] {
  return citations.filter(
    (each): each is Citation & { section: string } => /^MS-AS/.test(each.document) && each.section !== undefined,
  );
}

function nameOf({ document, section }: { document: string; section: string }): string {
  return `${document} ${section}`;
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
