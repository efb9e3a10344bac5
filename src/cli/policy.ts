// `easms policy …`: what phones are asked for before they may sync.

import { Command } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { patchOf, readAssignment, unassignment } from './assignment.js';
import { sheet, table } from './print.js';

interface Policy {
  readonly scope: string;
  readonly effective: object;
}

const scopeHelp = 'server, domain:D, user:A or device:A:ID';

export function policyCommand(): Command {
  return new Command('policy')
    .description('what phones are asked for before they may sync')
    .addCommand(list())
    .addCommand(showOne())
    .addCommand(set())
    .addCommand(unset());
}

function list(): Command {
  return apiCommand('list', 'the scopes that say anything').action(async (_flags, command: Command) => {
    const policies = await listAll<Policy>(clientOf(command), '/policies');
    const rows = policies.map(({ scope, ...names }) => ({ scope, names: Object.keys(names) }));
    show(command, policies, () => table(rows, ['scope', 'names']));
  });
}

function showOne(): Command {
  return apiCommand('show', 'what a scope says, and what that comes to with the wider ones')
    .argument('[scope]', scopeHelp, 'server')
    .action(async (scope: string, _flags, command: Command) => {
      show(command, await clientOf(command).get<Policy>(pathOf('policies', scope)), sheet);
    });
}

function set(): Command {
  return apiCommand('set', 'change a policy, such as minDevicePasswordLength=6')
    .argument('<scope>', scopeHelp)
    .argument('<name=value...>')
    .action(async (scope: string, assignments: readonly string[], _flags, command: Command) => {
      await patch(command, scope, patchOf(assignments.map(readAssignment)));
    });
}

function unset(): Command {
  return apiCommand('unset', 'let the wider scope decide again, on all where nothing is named')
    .argument('<scope>', scopeHelp)
    .argument('[name...]')
    .action(async (scope: string, names: readonly string[], _flags, command: Command) => {
      if (names.length > 0) return patch(command, scope, patchOf(names.map(unassignment)));
      await clientOf(command).delete(pathOf('policies', scope));
      show(command, {}, () => `${scope} says nothing of its own`);
    });
}

async function patch(command: Command, scope: string, body: object): Promise<void> {
  show(command, await clientOf(command).patch<Policy>(pathOf('policies', scope), body), sheet);
}
