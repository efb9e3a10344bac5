// `easms notification …`: addresses that make a text of what a mail says of itself.

import { Command } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { CliError } from './errors.js';
import { fromStdin, type MemberFlags, readMembers } from './member-flags.js';
import { sheet, table } from './print.js';
import { collect } from './repeatable.js';
import { addNew, deleteCommand, showCommand } from './resource.js';

interface Notification {
  readonly address: string;
  readonly template: string;
  readonly to: readonly string[];
}

interface Flags extends MemberFlags {
  readonly template?: string;
  readonly to?: readonly string[];
}

export function notificationCommand(): Command {
  return new Command('notification')
    .description('addresses that make a text of what a mail says of itself')
    .addCommand(list())
    .addCommand(
      showCommand({
        description: 'one notification account, without passwords',
        argument: '<address>',
        collection: ['notifications'],
      }),
    )
    .addCommand(add())
    .addCommand(set())
    .addCommand(
      deleteCommand({ description: 'a notification account', argument: '<address>', collection: ['notifications'] }),
    );
}

function list(): Command {
  return apiCommand('list', 'all notification accounts').action(async (_flags, command: Command) => {
    const accounts = await listAll<Notification>(clientOf(command), '/notifications');
    const rows = accounts.map((account) => ({ ...account, to: account.to.length }));
    show(command, accounts, () => table(rows, ['address', 'to', 'template']));
  });
}

function add(): Command {
  return withFlags('add', 'a new notification account').action(
    async (address: string, flags: Flags, command: Command) => {
      const body = await bodyOf(flags);
      const made = await addNew<Notification>(clientOf(command), pathOf('notifications', address), body);
      show(command, made, () => `${made.address} is added`);
    },
  );
}

function set(): Command {
  return withFlags('set', 'change what is given').action(async (address: string, flags: Flags, command: Command) => {
    const body = await bodyOf(flags);
    if (Object.keys(body).length === 0) throw new CliError('WRONG_USAGE', 'nothing is given to change');
    show(command, await clientOf(command).patch<Notification>(pathOf('notifications', address), body), sheet);
  });
}

function withFlags(usage: string, description: string): Command {
  return apiCommand(usage, description)
    .argument('<address>')
    .option('--template <words>', 'with variables such as %%from%%, %%subject%%, %%size%%')
    .option('--to <number>', 'sms:+447700900123?user=smsalerts&pass=…, repeatable', collect)
    .option(...fromStdin);
}

async function bodyOf({ template, to = [], stdin }: Flags): Promise<object> {
  const numbers = to.length > 0 || stdin ? await readMembers(to, stdin ? { stdin } : {}) : undefined;
  return { ...(template !== undefined && { template }), ...(numbers && { to: numbers }) };
}
