import test from 'ava';
import { checkCitations, citationsIn, pinnedDocuments } from '../../scripts/house/citations.js';
import { checkCommands, checkLinks } from '../../scripts/house/documents.js';
import { compareCatalogues, readCatalogue } from '../../scripts/house/error-catalogue.js';
import { checkEnvironment, checkImports, checkTables } from '../../scripts/house/imports.js';
import { compareSections, readSections, withoutSections } from '../../scripts/house/sections.js';
import { checkForms, checkNames, checkSizes, checkTests } from '../../scripts/house/names.js';

const source = (path: string, text = ''): { path: string; text: string } => ({ path, text });

test('refuses an import between rooms that the table does not allow', (t) => {
  const complaints = checkImports([
    source('src/eas/sync.ts', "import type { Bearer } from '../gateway/bearer.js';"),
    source('src/eas/ping.ts', "export { submit } from '../message/routes.js';"),
    source('src/phone/phone.ts', "const store = await import('../store/open.js');"),
    source('src/cli/send.ts', "import { startServer } from '../server.js';"),
  ]);
  t.deepEqual(complaints, [
    'src/eas/sync.ts may not import gateway/bearer.ts',
    'src/eas/ping.ts may not import message/routes.ts',
    'src/phone/phone.ts may not import store/open.ts',
    'src/cli/send.ts may not import server.ts',
  ]);
});

test('refuses a room and a package without a row', (t) => {
  const complaints = checkImports([
    source('src/cellar/wine.ts', "import { openSqlite } from '../store/open.js';"),
    source('src/sms/tpdu.ts', "import pad from 'left-pad/index.js';"),
    source('src/http/app.ts', "import Database from 'better-sqlite3';"),
  ]);
  t.deepEqual(complaints, [
    'src/cellar/wine.ts lies in a room without a row in the import table: cellar',
    'src/sms/tpdu.ts imports left-pad, which has no row in the table of packages',
    'src/http/app.ts may not import better-sqlite3',
  ]);
});

test('allows what the tables name', (t) => {
  const text =
    "import { eq } from 'drizzle-orm/sqlite-core'; import { join } from 'node:path'; import { x } from './b.js';";
  const sources = [
    source('src/store/a.ts', text),
    source('src/eas/sync.ts', "import { submit } from '../message/submit.js';"),
    source('src/cli/demo.ts', "import { startServer } from '../server.js';"),
    source('src/server.ts', "import { buildApp } from './http/app.js';"),
  ];
  t.deepEqual(checkImports(sources), []);
});

test('finds dependencies that nothing imports and rows of rooms that are gone', (t) => {
  const complaints = checkTables(
    [source('src/wbxml/decode.ts', "import { Parser } from 'binary-parser';")],
    ['binary-parser', 'left-pad', 'typescript', '@types/node'],
  );
  t.true(complaints.includes('the import table has a row for store, which does not exist'));
  t.is(complaints.at(-1), 'package.json depends on left-pad, which nothing imports');
});

test('finds a read of the environment outside config.ts', (t) => {
  const sources = [source('src/config.ts', 'process.env'), source('src/eas/a.ts', 'const { HOME } = process.env;')];
  t.deepEqual(checkEnvironment(sources), ['src/eas/a.ts reads process.env: src/config.ts does']);
});

test('finds names that say nothing and names in another case', (t) => {
  t.deepEqual(
    checkNames([source('src/eas/utils.ts'), source('src/eas/folderSync.ts'), source('src/store/tables.pg.ts')]),
    ['src/eas/utils.ts: "utils" says nothing about what is in it', 'src/eas/folderSync.ts is not named in kebab-case'],
  );
});

test('finds a file of 401 lines and leaves one of 400', (t) => {
  const sources = [source('src/a.ts', 'x\n'.repeat(401)), source('src/b.ts', 'x\n'.repeat(400))];
  t.deepEqual(checkSizes(sources), ['src/a.ts has 401 lines: split it before 400']);
});

test('finds files that only pass on exports, and enums', (t) => {
  const complaints = checkForms([
    source('src/a.ts', "export * from './b.js';\nexport { c } from './c.js';"),
    source('src/b.ts', 'export enum Colour { Red }'),
    source('src/c.ts', "export { d } from './d.js';\nexport const c = 1;"),
  ]);
  t.deepEqual(complaints, ['src/a.ts only passes on exports', 'src/b.ts declares an enum: write an object as const']);
});

test('finds a room without tests', (t) => {
  const sources = [source('src/sms/a.ts'), source('src/eas/a.ts'), source('src/main.ts')];
  t.deepEqual(checkTests(sources, [source('test/sms/a.test.ts'), source('test/eas/corpus.ts')]), [
    'src/eas has no tests in test/eas',
  ]);
});

test('compares the error catalogue both ways', (t) => {
  const documented = readCatalogue(
    '# Errors\n\n## store\n\n| `DUPLICATE` | x |\n| `GONE` | x |\n\n## eas: more\n\n| `A` | x |\n',
  );
  const tables = new Map([['store', new Set(['DUPLICATE', 'no-gateway'])]]);
  t.deepEqual(compareCatalogues(tables, documented), [
    'store: no-gateway is not UPPER_CASE',
    'docs/errors.md does not list no-gateway of store',
    'docs/errors.md lists GONE, which store does not have',
    'docs/errors.md lists A, which eas does not have',
  ]);
});

test('reads citations with section, line and todo', (t) => {
  const text =
    '// MS-ASCMD 2.2.3.177.17 Status (Sync), TS 23.038 6.2.1\n// todo(RFC 7617 2 The scheme (Basic)): charset\n// MS-ASHTTP, MS-EAS-Provisioning-WBXML';
  const seen = citationsIn(source('src/a.ts', text)).map(({ document, section, line, todo }) => [
    document,
    section,
    line,
    todo,
  ]);
  t.deepEqual(seen, [
    ['MS-ASCMD', '2.2.3.177.17', 1, undefined],
    ['TS 23.038', '6.2.1', 1, undefined],
    ['RFC 7617', '2', 2, 'charset'],
    ['MS-ASHTTP', undefined, 3, undefined],
  ]);
});

test('refuses a citation of a document without a pin', (t) => {
  const pinned = pinnedDocuments('| Document | Revision |\n|---|---|\n| MS-ASCMD | 24.0 |\n| TS 23.038 | 17.0.0 |\n');
  t.deepEqual([...pinned], ['MS-ASCMD', 'TS 23.038']);
  const citations = citationsIn(source('src/a.ts', 'MS-ASCMD 2.2\nTS 23.040 9.2'));
  t.deepEqual(checkCitations(citations, pinned), ['src/a.ts:2 cites TS 23.040, which docs/specs.md does not pin']);
});

test('finds links to files and headings that are not there', (t) => {
  const page =
    '# A page\n[a](b.md) [b](#a-page) [c](#nowhere) [d](https://example.com) `[e](code.md)` [f](../README.md#the-end)';
  const documents = [source('docs/a.md', page), source('README.md', '# The End!\n')];
  t.deepEqual(
    checkLinks(documents, (path) => path === 'docs/a.md' || path === 'README.md'),
    ['docs/a.md links to docs/b.md, which does not exist', 'docs/a.md links to docs/a.md#nowhere: no such heading'],
  );
});

test('finds commands that do not exist', (t) => {
  const text = '`npm run check`, `npm test`, `npm run fly`\n\n```\n$ easms demo\nnpx easms juggle\n```\neasms works.';
  t.deepEqual(checkCommands([source('README.md', text)], { scripts: ['check', 'test'], easms: ['demo'] }), [
    'README.md names npm run fly, which package.json does not have',
    'README.md names easms juggle, which does not exist',
  ]);
});

const specs = `| MS-ASCMD | v20190618 |

## Sections

### MS-ASCMD

| Section | Title | State | Note |
|---|---|---|---|
| 2.2.1.21 | Sync | Yes | |
| 2.2.1.8 | GetHierarchy | No | |
| 2.2.1.13 | Ping | Maybe | |
| 2.2.1.13 | Ping | Maybe | |

### MS-ASHTTP

| Section | Title | State | Note |
|---|---|---|---|
| 2.2.3 | HTTP OPTIONS Command | Partial | |
`;

test('finds sections that are cited without a row, and rows that nobody cites', (t) => {
  const cited = [
    source('src/eas/a.ts', '// MS-ASCMD 2.2.1.21 Sync\n// MS-ASCMD 2.2.1.13 Ping; MS-ASCMD 2.2.1.8 GetHierarchy'),
    source('src/eas/b.ts', '\n// MS-ASHTTP 2.2.1 HTTP POST; RFC 7617 2; TS 23.038 6.2.1'),
  ].flatMap(citationsIn);
  t.deepEqual(compareSections(cited, readSections(specs)), [
    'src/eas/b.ts:2 cites MS-ASHTTP 2.2.1, of which docs/specs.md has no row',
    'docs/specs.md says Partial of MS-ASHTTP 2.2.3, which no source cites',
    'MS-ASCMD 2.2.1.8 is No, and cited',
    'MS-ASCMD 2.2.1.13 is neither Yes, Partial, No',
    'MS-ASCMD 2.2.1.13 is neither Yes, Partial, No',
    'docs/specs.md has two rows of MS-ASCMD 2.2.1.13',
  ]);
  t.deepEqual([...pinnedDocuments(withoutSections(specs))], ['MS-ASCMD']);
});
