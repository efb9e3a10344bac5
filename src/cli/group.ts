// `easms group …`: users that share an SMS account.

import { Command } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { sheet, table } from './print.js';

interface Group {
  readonly name: string;
  readonly members: readonly string[];
}

export function groupCommand(): Command {
  return new Command('group')
    .description('users that share an SMS account')
    .addCommand(list())
    .addCommand(showOne())
    .addCommand(set())
    .addCommand(remove());
}

function list(): Command {
  return apiCommand('list', 'all groups').action(async (_flags, command: Command) => {
    const groups = await listAll<Group>(clientOf(command), '/groups');
    show(command, groups, () => table(groups, ['name', 'members']));
  });
}

function showOne(): Command {
  return apiCommand('show', 'one group')
    .argument('<name>')
    .action(async (name: string, _flags, command: Command) => {
      show(command, await clientOf(command).get<Group>(pathOf('groups', name)), sheet);
    });
}

function set(): Command {
  return apiCommand('set', 'make a group of these users, or replace the one there is')
    .argument('<name>')
    .argument('[address...]')
    .action(async (name: string, members: readonly string[], _flags, command: Command) => {
      show(command, await clientOf(command).put<Group>(pathOf('groups', name), { members }), sheet);
    });
}

function remove(): Command {
  return apiCommand('delete', 'a group; its users stay')
    .argument('<name>')
    .action(async (name: string, _flags, command: Command) => {
      await clientOf(command).delete(pathOf('groups', name));
      show(command, {}, () => `${name} is deleted`);
    });
}
