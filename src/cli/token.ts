// `easms token …`: who else may use the API, and for what.

import { Command, Option } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { table } from './print.js';
import { deleteCommand } from './resource.js';

interface Token {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly gateway: string | null;
  readonly createdAt: string;
}

interface TokenFlags {
  readonly scope: readonly string[];
  readonly gateway?: string;
}

export function tokenCommand(): Command {
  return new Command('token')
    .description('tokens of the API')
    .addCommand(list())
    .addCommand(add())
    .addCommand(deleteCommand({ description: 'a token', argument: '<name>', collection: ['tokens'] }));
}

function list(): Command {
  return apiCommand('list', 'all tokens, without what they are').action(async (_flags, command: Command) => {
    const tokens = await listAll<Token>(clientOf(command), '/tokens');
    show(command, tokens, () => table(tokens, ['name', 'scopes', 'gateway', 'createdAt']));
  });
}

function add(): Command {
  return apiCommand('add', 'a new token, shown this once; one of this name that is there is worth nothing any more')
    .argument('<name>')
    .addOption(
      new Option('--scope <scope...>', 'what it is for').choices(['send', 'read', 'admin']).makeOptionMandatory(),
    )
    .option('--gateway <id>', 'the only one it may send through, and know of')
    .action(async (name: string, { scope: scopes, gateway }: TokenFlags, command: Command) => {
      const body = { scopes, ...(gateway !== undefined && { gateway }) };
      const made = await clientOf(command).put<Token & { token: string }>(pathOf('tokens', name), body);
      show(command, made, ({ token }) => token);
    });
}
