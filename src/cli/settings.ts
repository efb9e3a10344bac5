// `easms settings …`: what holds for the whole server.

import { Command } from 'commander';
import { apiCommand, clientOf, show } from './api-command.js';
import { patchOf, readAssignment, unassignment } from './assignment.js';
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
      show(command, await clientOf(command).patch<object>('/settings', patchOf(names.map(unassignment))), sheet);
    });
}
