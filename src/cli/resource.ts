// What commands do with a resource of the API that is known by its name.

import type { Command } from 'commander';
import { type ApiClient, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { CliError } from './errors.js';
import { sheet } from './print.js';

/** Where it is: the segments of its collection. */
export interface Named {
  description: string;
  /** What it is known by, such as `<id>`. */
  argument: string;
  collection: readonly string[];
}

export function showCommand({ description, argument, collection }: Named): Command {
  return apiCommand('show', description)
    .argument(argument)
    .action(async (name: string, _flags, command: Command) => {
      show(command, await clientOf(command).get<object>(pathOf(...collection, name)), sheet);
    });
}

export function deleteCommand({ description, argument, collection }: Named): Command {
  return apiCommand('delete', description)
    .argument(argument)
    .action(async (name: string, _flags, command: Command) => {
      await clientOf(command).delete(pathOf(...collection, name));
      show(command, {}, () => `${name} is deleted`);
    });
}

/** A PUT that only creates: `add` must not replace what somebody else has put there. @throws CliError REFUSED */
export async function addNew<T>(api: ApiClient, path: string, body: object): Promise<T> {
  if (await exists(api, path)) throw new CliError('REFUSED', 'it exists already: change it with "set"');
  return api.put<T>(path, body);
}

async function exists(api: ApiClient, path: string): Promise<boolean> {
  try {
    await api.get(path);
    return true;
  } catch (error) {
    if (error instanceof CliError && error.code === 'REFUSED') return false;
    throw error;
  }
}
