// `easms user …`: who has a mailbox, and may send.

import { text as readAll } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { CliError } from './errors.js';
import { sheet, table } from './print.js';
import { collect } from './repeatable.js';
import { resetCommand } from './reset.js';
import { addNew, deleteCommand, showCommand } from './resource.js';
import { readSmsSettings, type SmsSettingsFlags, withSmsSettingsFlags } from './sms-settings-flags.js';

interface User {
  readonly address: string;
  readonly displayName: string | null;
  readonly phoneNumber: string | null;
  readonly smsAccess: string;
  readonly admin: boolean;
}

interface Item {
  readonly id: string;
  readonly class: string;
  readonly from: string;
  readonly to: string;
  readonly date: string;
  readonly text: string;
}

interface UserFlags extends SmsSettingsFlags {
  readonly password?: string;
  readonly passwordStdin?: boolean;
  readonly name?: string;
  readonly phone?: string;
  readonly alias?: readonly string[];
  readonly smsAccess?: string;
  readonly forwardTo?: readonly string[] | false;
  readonly admin?: boolean;
}

export function userCommand(): Command {
  return new Command('user')
    .description('who has a mailbox, and may send')
    .addCommand(list())
    .addCommand(showCommand({ description: 'one user', argument: '<address>', collection: ['users'] }))
    .addCommand(add())
    .addCommand(set())
    .addCommand(resetCommand('users'))
    .addCommand(
      deleteCommand({
        description: 'a user with the mailbox and all that is in it',
        argument: '<address>',
        collection: ['users'],
      }),
    )
    .addCommand(messages())
    .addCommand(gateway());
}

function list(): Command {
  return apiCommand('list', 'all users').action(async (_flags, command: Command) => {
    const users = await listAll<User>(clientOf(command), '/users');
    show(command, users, () => table(users, ['address', 'displayName', 'phoneNumber', 'smsAccess', 'admin']));
  });
}

function add(): Command {
  return withUserFlags(apiCommand('add', 'a new user, and the domain with its first user'))
    .argument('<address>')
    .action(async (address: string, flags: UserFlags, command: Command) => {
      const user = await addNew<User>(clientOf(command), pathOf('users', address), await bodyOf(flags));
      show(command, user, () => `${user.address} is added`);
    });
}

function set(): Command {
  return withUserFlags(apiCommand('set', 'change what is given'))
    .argument('<address>')
    .action(async (address: string, flags: UserFlags, command: Command) => {
      show(command, await clientOf(command).patch<User>(pathOf('users', address), await bodyOf(flags)), sheet);
    });
}

function messages(): Command {
  return apiCommand('messages', 'what lies in a folder of the mailbox')
    .argument('<address>')
    .option('--folder <name>', 'inbox, outbox, sent, drafts, deleted, or the id of a folder', 'inbox')
    .action(async (address: string, { folder }: { folder: string }, command: Command) => {
      const path = `${pathOf('users', address, 'messages')}?folder=${encodeURIComponent(folder)}`;
      const items = await listAll<Item>(clientOf(command), path);
      show(command, items, () => table(items, ['id', 'class', 'date', 'from', 'to', 'text']));
    });
}

function gateway(): Command {
  return apiCommand('gateway', 'the phone that sends the texts of a user')
    .argument('<address>')
    .action(async (address: string, _flags, command: Command) => {
      show(command, await clientOf(command).get<object>(pathOf('users', address, 'gateway')), sheet);
    });
}

function withUserFlags(command: Command): Command {
  return withSmsSettingsFlags(command)
    .option('--password <password>', 'others on this machine may see it: prefer --password-stdin')
    .addOption(new Option('--password-stdin', 'read the password from standard input').conflicts('password'))
    .option('--name <name>', 'as people write it')
    .option('--phone <number>', "the user's own number")
    .option('--alias <address>', 'another address, repeatable', collect)
    .addOption(new Option('--sms-access <mode>', 'whether texts may be sent').choices(['inherit', 'allowed', 'denied']))
    .option(
      '--forward-to <address>',
      'what comes into the Inbox goes on there, repeatable: by mail, or to a number such as sms:+15551234567',
      collect,
    )
    .option('--no-forward-to', 'nothing goes on')
    .option('--admin', 'gets the notices for administrators')
    .option('--no-admin');
}

async function bodyOf(flags: UserFlags): Promise<object> {
  const { passwordStdin, name, phone, alias, smsAccess, admin } = flags;
  const forwardTo = flags.forwardTo === false ? [] : flags.forwardTo;
  const password = passwordStdin ? await readPassword() : flags.password;
  return Object.fromEntries(
    Object.entries({
      ...{ password, displayName: name, phoneNumber: phone, aliases: alias, smsAccess, forwardTo, admin },
      ...readSmsSettings(flags),
    }).filter(([, value]) => value !== undefined),
  );
}

async function readPassword(): Promise<string> {
  const password = (await readAll(process.stdin)).replace(/\r?\n$/, '');
  if (password === '') throw new CliError('WRONG_USAGE', 'standard input holds no password');
  return password;
}
