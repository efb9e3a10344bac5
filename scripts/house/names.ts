// Names and sizes of files: what one can guess a file's content from.

import ts from 'typescript';
import { type Complaints, roomOf, type Source } from './sources.js';

const longest = 400;
const sayNothing = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'misc',
  'manager',
  'types',
  'tools',
  'shared',
]);
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.(d|pg|sqlite|test))?\.ts$/;

export function checkNames(sources: readonly Source[]): Complaints {
  return sources.flatMap(({ path }) => {
    const names = path.split('/');
    const empty = names.map((name) => name.replace(/\..*$/, '')).find((name) => sayNothing.has(name));
    return [
      ...(empty ? [`${path}: "${empty}" says nothing about what is in it`] : []),
      ...(kebabCase.test(names.at(-1)!) ? [] : [`${path} is not named in kebab-case`]),
    ];
  });
}

export function checkSizes(sources: readonly Source[]): Complaints {
  return sources
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > longest)
    .map(({ path, lines }) => `${path} has ${lines} lines: split it before ${longest}`);
}

/** Files that say nothing of their own but pass on what others export, and enums. */
export function checkForms(sources: readonly Source[]): Complaints {
  return sources.flatMap(({ path, text }) => {
    const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
    const passesOn = statements.filter((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier);
    return [
      ...(statements.length > 0 && passesOn.length === statements.length ? [`${path} only passes on exports`] : []),
      ...(statements.some(ts.isEnumDeclaration) ? [`${path} declares an enum: write an object as const`] : []),
    ];
  });
}

/** Every room has a folder of tests by the same name. */
export function checkTests(sources: readonly Source[], tests: readonly Source[]): Complaints {
  const rooms = new Set(sources.flatMap(({ path }) => roomOf(path) ?? []));
  return [...rooms]
    .filter((room) => !tests.some(({ path }) => path.startsWith(`test/${room}/`) && path.endsWith('.test.ts')))
    .map((room) => `src/${room} has no tests in test/${room}`);
}
