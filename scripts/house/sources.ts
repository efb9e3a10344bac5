// The project's own files as the checks of the house see them: a path from the root, and the text.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Source {
  /** From the root, with slashes: `src/eas/binding.ts`. */
  readonly path: string;
  readonly text: string;
}

/** A check gives one sentence for each thing that is not as it should be. */
export type Complaints = string[];

export const root = findRoot(new URL('./', import.meta.url));

// Looked for upwards, because the compiled script lies deeper than its source.
function findRoot(folder: URL): string {
  return existsSync(new URL('package.json', folder)) ? fileURLToPath(folder) : findRoot(new URL('../', folder));
}

/** Every file below a folder, or a file itself, that ends so. */
export function readSources(below: string, ending: string): Source[] {
  const found = readdirSync(join(root, below), { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'))
    .sort()
    .map(readSource);
}

export function readSource(path: string): Source {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}

/** The room a source lies in: `eas` of src/eas/binding.ts, and none for src/main.ts. */
export function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}
