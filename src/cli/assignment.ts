// `name=value` on the command line, as the document that changes what it names.
// RFC 7396 2 Processing Merge Patch Documents

import { CliError } from './errors.js';

export interface Assignment {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** @throws CliError WRONG_USAGE */
export function readAssignment(assignment: string): Assignment {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
  if (name === undefined || value === undefined)
    throw new CliError('WRONG_USAGE', 'a setting is changed by name=value');
  return { path: pathOfName(name), value: readValue(value) };
}

/** Takes the value away. @throws CliError WRONG_USAGE */
export function unassignment(name: string): Assignment {
  return { path: pathOfName(name), value: null };
}

function pathOfName(name: string): string[] {
  const path = name.split('.');
  if (path.some((part) => !/^[A-Za-z]+$/.test(part)) || path.includes('constructor'))
    throw new CliError('WRONG_USAGE', `there is no setting of the name ${JSON.stringify(name)}`);
  return path;
}

// What reads as a number, a truth value or a list is one; anything else is a text.
function readValue(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

export function patchOf(assignments: readonly Assignment[]): object {
  const patch: Record<string, unknown> = {};
  for (const { path, value } of assignments) {
    let place = patch;
    for (const part of path.slice(0, -1)) place = (place[part] ??= {}) as Record<string, unknown>;
    place[path.at(-1)!] = value;
  }
  return patch;
}
