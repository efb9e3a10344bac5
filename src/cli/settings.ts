// `easms settings …`: what holds for the whole server.

import { Command } from 'commander';
import { apiCommand, clientOf, show } from './api-command.js';
import { CliError } from './errors.js';
import { sheet } from './print.js';

export function settingsCommand(): Command {
  return new Command('settings')
    .description('what holds for the whole server')
    .addCommand(showAll(), { isDefault: true })
    .addCommand(set())
    .addCommand(unset());
}

function showAll(): Command {
  return apiCommand('show', 'all settings').action(async (_flags, command: Command) => {
    show(command, await clientOf(command).get<object>('/settings'), sheet);
  });
}

function set(): Command {
  return apiCommand('set', 'change settings, such as device.provisioning=optional')
    .argument('<name=value...>')
    .action(async (assignments: readonly string[], _flags, command: Command) => {
      show(
        command,
        await clientOf(command).patch<object>('/settings', patchOf(assignments.map(readAssignment))),
        sheet,
      );
    });
}

function unset(): Command {
  return apiCommand('unset', 'give settings their defaults again')
    .argument('<name...>')
    .action(async (names: readonly string[], _flags, command: Command) => {
      const assignments = names.map((name): Assignment => ({ path: pathOfName(name), value: null }));
      show(command, await clientOf(command).patch<object>('/settings', patchOf(assignments)), sheet);
    });
}

interface Assignment {
  readonly path: readonly string[];
  readonly value: unknown;
}

function readAssignment(assignment: string): Assignment {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
  if (name === undefined || value === undefined)
    throw new CliError('WRONG_USAGE', 'a setting is changed by name=value');
  return { path: pathOfName(name), value: readValue(value) };
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

// RFC 7396 2 Processing Merge Patch Documents
function patchOf(assignments: readonly Assignment[]): object {
  const patch: Record<string, unknown> = {};
  for (const { path, value } of assignments) {
    let place = patch;
    for (const part of path.slice(0, -1)) place = (place[part] ??= {}) as Record<string, unknown>;
    place[path.at(-1)!] = value;
  }
  return patch;
}
