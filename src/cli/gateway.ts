// `easms gateway …`: the ways out that the system may use for everybody.

import { Command, Option } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { CliError } from './errors.js';
import { sheet, table } from './print.js';
import { addNew } from './resource.js';

interface Gateway {
  readonly id: string;
  readonly type: string;
  readonly active: boolean;
  readonly health: string;
  readonly queued: number;
  readonly sent: number;
  readonly lastError: string | null;
}

interface GatewayFlags {
  readonly type?: string;
  readonly user?: string;
  readonly description?: string;
  readonly active?: string;
}

export function gatewayCommand(): Command {
  return new Command('gateway')
    .description('the ways out that the system may use for everybody')
    .addCommand(list())
    .addCommand(showOne())
    .addCommand(add())
    .addCommand(set())
    .addCommand(tryOut())
    .addCommand(remove());
}

function list(): Command {
  return apiCommand('list', 'all gateways').action(async (_flags, command: Command) => {
    const gateways = await listAll<Gateway>(clientOf(command), '/gateways');
    show(command, gateways, () => table(gateways, ['id', 'type', 'active', 'health', 'queued', 'sent', 'lastError']));
  });
}

function showOne(): Command {
  return apiCommand('show', 'one gateway')
    .argument('<id>')
    .action(async (id: string, _flags, command: Command) => {
      show(command, await clientOf(command).get<Gateway>(pathOf('gateways', id)), sheet);
    });
}

function add(): Command {
  return withGatewayFlags(apiCommand('add', 'a new gateway'))
    .argument('<id>')
    .addOption(typeOption().makeOptionMandatory())
    .action(async (id: string, flags: GatewayFlags, command: Command) => {
      const gateway = await addNew<Gateway>(clientOf(command), pathOf('gateways', id), bodyOf(flags));
      show(command, gateway, () => `${gateway.id} is added`);
    });
}

function set(): Command {
  return withGatewayFlags(apiCommand('set', 'change what is given'))
    .argument('<id>')
    .addOption(typeOption())
    .action(async (id: string, flags: GatewayFlags, command: Command) => {
      show(command, await clientOf(command).patch<Gateway>(pathOf('gateways', id), bodyOf(flags)), sheet);
    });
}

function tryOut(): Command {
  return apiCommand('test', 'send a text through one gateway')
    .argument('<id>')
    .requiredOption('--to <number>', 'the recipient')
    .option('--text <text>', 'what is sent', 'A test of easms')
    .option('--dry-run', 'everything but the sending')
    .action(async (id: string, flags: { to: string; text: string; dryRun?: boolean }, command: Command) => {
      const { to: number, text, dryRun = false } = flags;
      const answer = await clientOf(command).post<object>(pathOf('gateways', id, 'test'), { number, text, dryRun });
      show(command, answer, sheet);
    });
}

function remove(): Command {
  return apiCommand('delete', 'a gateway')
    .argument('<id>')
    .action(async (id: string, _flags, command: Command) => {
      await clientOf(command).delete(pathOf('gateways', id));
      show(command, {}, () => `${id} is deleted`);
    });
}

function typeOption(): Option {
  return new Option('--type <type>', 'activesync: through the elected phone of a user').choices([
    'activesync',
    'loopback',
  ]);
}

function withGatewayFlags(command: Command): Command {
  return command
    .option('--user <address>', 'whose phone sends (activesync)')
    .option('--description <text>')
    .addOption(new Option('--active <yes|no>', 'whether it is used'));
}

function bodyOf({ type, user, description, active }: GatewayFlags): object {
  const fields = { type, user, description, active: active === undefined ? undefined : readYesNo(active) };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function readYesNo(value: string): boolean {
  if (value !== 'yes' && value !== 'no') throw new CliError('WRONG_USAGE', '--active is yes or no');
  return value === 'yes';
}
