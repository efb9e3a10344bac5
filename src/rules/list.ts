// Lists of a condition: written into the rule, or in a file with an entry in each line.

import { RuleError } from './errors.js';
import { limits } from './limits.js';
import type { Condition, MatchCondition, Rule } from './rule.js';

/** Entries by file. */
export type ListFiles = ReadonlyMap<string, readonly string[]>;

/** Rejects with RuleError LIST_UNREADABLE, TOO_MANY. */
export async function readListFiles(
  rules: readonly Rule[],
  read: (file: string) => Promise<string>,
): Promise<ListFiles> {
  const files = new Map<string, readonly string[]>();
  for (const file of new Set(rules.flatMap(({ conditions }) => conditions.flatMap(filesOf)))) {
    files.set(file, entriesOf(await readFile(file, read), limits.listEntries));
  }
  return files;
}

function filesOf(condition: Condition): string[] {
  if (condition.type === 'all') return [];
  if (condition.type === 'match') return condition.file === undefined ? [] : [condition.file];
  return condition.conditions.flatMap(filesOf);
}

async function readFile(file: string, read: (file: string) => Promise<string>): Promise<string> {
  let text;
  try {
    text = await read(file);
  } catch {
    // What the system says names places of this machine.
    throw new RuleError('LIST_UNREADABLE', file);
  }
  if (text.length > limits.listFileCharacters) throw new RuleError('TOO_MANY', `characters in ${file}`);
  return text;
}

/** Throws RuleError BAD_CONDITION, TOO_MANY. */
export function listOf({ value, file }: MatchCondition, files: ListFiles): readonly string[] {
  if (file !== undefined && value !== undefined) throw new RuleError('BAD_CONDITION', 'a list has a value or a file');
  const entries = file === undefined ? inlineEntries(value) : files.get(file)!;
  if (entries.length === 0) throw new RuleError('BAD_CONDITION', 'the list has no entries');
  return entries;
}

function inlineEntries(value: MatchCondition['value']): readonly string[] {
  if (value === undefined) throw new RuleError('BAD_CONDITION', 'a list needs a value or a file');
  return entriesOf(Array.isArray(value) ? value.join('\n') : String(value), limits.inlineEntries);
}

// Lines are trimmed, and those that are empty left out: editors leave one at the end.
function entriesOf(text: string, most: number): readonly string[] {
  const entries = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (entries.length > most) throw new RuleError('TOO_MANY', `${entries.length} entries of ${most}`);
  return entries;
}
