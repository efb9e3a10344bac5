// `easms group …`: users that share an SMS account.

import { Command } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { sheet, table } from './print.js';
import { deleteCommand, showCommand } from './resource.js';

interface Group {
  readonly name: string;
  readonly members: readonly string[];
}

export function groupCommand(): Command {
  return new Command('group')
    .description('users that share an SMS account')
    .addCommand(list())
    .addCommand(showCommand({ description: 'one group', argument: '<name>', collection: ['groups'] }))
    .addCommand(set())
    .addCommand(deleteCommand({ description: 'a group; its users stay', argument: '<name>', collection: ['groups'] }));
}

function list(): Command {
  return apiCommand('list', 'all groups').action(async (_flags, command: Command) => {
    const groups = await listAll<Group>(clientOf(command), '/groups');
    show(command, groups, () => table(groups, ['name', 'members']));
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
