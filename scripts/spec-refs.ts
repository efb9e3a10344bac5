// Prints what the sources cite, by document, and what they say is still missing; fails on a document without a pin, and on a
// section of ActiveSync of which docs/specs.md says nothing, or something though nobody cites it.

import { checkCitations, type Citation, citationsIn, pinnedDocuments } from './house/citations.js';
import { compareSections, readSections, withoutSections } from './house/sections.js';
import { readSource, readSources } from './house/sources.js';

const citations = readSources('src', '.ts').flatMap(citationsIn);
const specs = readSource('docs/specs.md').text;
const complaints = [
  ...checkCitations(citations, pinnedDocuments(withoutSections(specs))),
  ...compareSections(citations, readSections(specs)),
];

for (const document of [...new Set(citations.map((citation) => citation.document))].sort())
  console.log(describe(citations.filter((citation) => citation.document === document)));
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;

function describe(cited: readonly Citation[]): string {
  const files = new Set(cited.map(({ path }) => path));
  const sections = new Set(cited.flatMap(({ section }) => section ?? []));
  const todos = cited.filter(({ todo }) => todo !== undefined);
  return [
    `${cited[0]!.document}: cited ${cited.length} times in ${files.size} files, ${sections.size} sections`,
    ...todos.map(({ section, path, line, todo }) => `  todo ${section ?? ''} ${path}:${line} ${todo}`),
  ].join('\n');
}
