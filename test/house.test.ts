import test from 'ava';
import { checkCitations, citationsIn, pinnedDocuments } from '../scripts/house/citations.js';
import { checkCommands, checkLinks } from '../scripts/house/documents.js';
import { compareCatalogues, readCatalogue, readTables } from '../scripts/house/error-catalogue.js';
import { checkEnvironment, checkImports, checkTables } from '../scripts/house/imports.js';
import { checkForms, checkNames, checkSizes, checkTests } from '../scripts/house/names.js';
import { compareSections, readSections, withoutSections } from '../scripts/house/sections.js';
import { readSource, readSources } from '../scripts/house/sources.js';

const sources = readSources('src', '.ts');
const tests = readSources('test', '.ts');
const everything = [
  ...sources,
  ...tests,
  ...['bench', 'examples', 'scripts'].flatMap((folder) => readSources(folder, '.ts')),
];
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].map(readSource).concat(readSources('docs', '.md'));
const manifest = JSON.parse(readSource('package.json').text) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
};

test('rooms import whom the table allows', (t) => {
  t.deepEqual(checkImports(sources), []);
});

test('every row of the import table and every dependency is used', (t) => {
  t.deepEqual(checkTables(sources, Object.keys(manifest.dependencies)), []);
});

test('the environment is read in one file', (t) => {
  t.deepEqual(checkEnvironment(sources), []);
});

test('docs/errors.md and the tables of errors.ts hold the same codes', async (t) => {
  const tables = await readTables(sources);
  t.true(tables.size > 0);
  t.deepEqual(compareCatalogues(tables, readCatalogue(readSource('docs/errors.md').text)), []);
});

test('every document that is cited has its revision pinned', (t) => {
  const citations = sources.flatMap(citationsIn);
  t.true(citations.length > 0);
  t.deepEqual(checkCitations(citations, pinnedDocuments(withoutSections(readSource('docs/specs.md').text))), []);
});

test('docs/specs.md says of every section of ActiveSync that is cited how far it is followed', (t) => {
  const rows = readSections(readSource('docs/specs.md').text);
  t.true(rows.length > 0);
  t.deepEqual(compareSections(sources.flatMap(citationsIn), rows), []);
});

test('files are named for what is in them', (t) => {
  t.deepEqual(checkNames(everything), []);
});

test('files are short', (t) => {
  // Tests are held by the linter, which does not count blank lines.
  t.deepEqual(checkSizes(sources), []);
});

test('no file only passes on exports or declares an enum', (t) => {
  t.deepEqual(checkForms(everything), []);
});

test('every room has tests', (t) => {
  t.deepEqual(checkTests(sources, tests), []);
});

test('links in the documents lead somewhere', (t) => {
  t.deepEqual(checkLinks(documents), []);
});

test('commands in the documents exist', (t) => {
  const easms = readSources('src/cli', '.ts').map(({ path }) => path.replace(/^src\/cli\/(.*)\.ts$/, '$1'));
  t.deepEqual(checkCommands(documents, { scripts: Object.keys(manifest.scripts), easms }), []);
});
