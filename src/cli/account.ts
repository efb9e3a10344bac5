// `easms account …`: SMS accounts, which send without being mail users.

import { text as readAll } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { sheet, table } from './print.js';
import { collect } from './repeatable.js';
import { readNumber, resetCommand } from './reset.js';
import { addNew, deleteCommand, showCommand } from './resource.js';
import { orNone } from './sms-settings-flags.js';

interface Account {
  readonly name: string;
  readonly active: boolean;
  readonly description: string | null;
  readonly gateway: string | null;
  readonly expires: string | null;
  readonly monthlyLimit: number;
  readonly sentThisMonth: number;
  readonly sentPreviousMonth: number;
  readonly lastSent: string | null;
}

interface AccountFlags {
  readonly password?: string;
  readonly passwordStdin?: boolean;
  readonly description?: string;
  readonly gateway?: string | false;
  readonly expires?: string | false;
  readonly limit?: string;
  readonly member?: readonly string[] | false;
  readonly active?: boolean;
}

export function accountCommand(): Command {
  return new Command('account')
    .description('accounts for sending that are no mail users')
    .addCommand(list())
    .addCommand(showCommand({ description: 'one SMS account', argument: '<name>', collection: ['sms-accounts'] }))
    .addCommand(add())
    .addCommand(set())
    .addCommand(resetCommand('sms-accounts'))
    .addCommand(
      deleteCommand({
        description: 'an SMS account with its counters',
        argument: '<name>',
        collection: ['sms-accounts'],
      }),
    );
}

function list(): Command {
  return apiCommand('list', 'all SMS accounts').action(async (_flags, command: Command) => {
    const accounts = await listAll<Account>(clientOf(command), '/sms-accounts');
    const columns = [
      'name',
      'active',
      'gateway',
      'monthlyLimit',
      'sentThisMonth',
      'sentPreviousMonth',
      'expires',
    ] as const;
    show(command, accounts, () => table(accounts, [...columns, 'lastSent', 'description']));
  });
}

function add(): Command {
  return withAccountFlags(apiCommand('add', 'a new SMS account'))
    .argument('<name>')
    .action(async (name: string, flags: AccountFlags, command: Command) => {
      const account = await addNew<Account>(clientOf(command), pathOf('sms-accounts', name), await bodyOf(flags));
      show(command, account, () => `${account.name} is added`);
    });
}

function set(): Command {
  return withAccountFlags(apiCommand('set', 'change what is given'))
    .argument('<name>')
    .action(async (name: string, flags: AccountFlags, command: Command) => {
      show(command, await clientOf(command).patch<Account>(pathOf('sms-accounts', name), await bodyOf(flags)), sheet);
    });
}

function withAccountFlags(command: Command): Command {
  return command
    .option('--password <password>', 'empty for none; others on this machine may see it: prefer --password-stdin')
    .addOption(new Option('--password-stdin', 'read the password from standard input').conflicts('password'))
    .option('--description <text>', 'what it is for')
    .option('--gateway <id>', 'its texts wait for this one alone')
    .option('--no-gateway', 'any')
    .option('--expires <day>', 'the last day, such as 2026-11-30')
    .option('--no-expires', 'for ever')
    .option('--limit <parts>', 'a month; 0 for no limit')
    .option('--member <member>', 'an address, group:NAME or domain:NAME, repeatable', collect)
    .option('--no-member', 'nobody shares it')
    .option('--active', 'may send')
    .option('--no-active');
}

async function bodyOf(flags: AccountFlags): Promise<object> {
  const { passwordStdin, description, limit, active } = flags;
  const [gateway, expires] = [orNone(flags.gateway), orNone(flags.expires)];
  const members = flags.member === false ? [] : flags.member;
  const password = passwordStdin ? (await readAll(process.stdin)).replace(/\r?\n$/, '') : flags.password;
  const monthlyLimit = limit === undefined ? undefined : readNumber(limit);
  const fields = { password, description, gateway, expires, monthlyLimit, members, active };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
