// `easms domain …`: what holds for all users of a mail domain.

import { Command, Option } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { sheet, table } from './print.js';
import { readSmsSettings, type SmsSettingsFlags, withSmsSettingsFlags } from './sms-settings-flags.js';
import { deleteCommand, showCommand } from './resource.js';

interface Domain {
  readonly name: string;
  readonly smsAccess: string;
  readonly deviceDefaultState: string | null;
  readonly smsSettings: object | null;
}

interface DomainFlags extends SmsSettingsFlags {
  readonly smsAccess?: string;
  readonly deviceDefaultState?: string;
}

export function domainCommand(): Command {
  return new Command('domain')
    .description('what holds for all users of a mail domain')
    .addCommand(list())
    .addCommand(showCommand({ description: 'one domain', argument: '<name>', collection: ['domains'] }))
    .addCommand(set())
    .addCommand(deleteCommand({ description: 'a domain without users', argument: '<name>', collection: ['domains'] }));
}

function list(): Command {
  return apiCommand('list', 'all domains').action(async (_flags, command: Command) => {
    const domains = await listAll<Domain>(clientOf(command), '/domains');
    show(command, domains, () => table(domains, ['name', 'smsAccess', 'deviceDefaultState', 'smsSettings']));
  });
}

function set(): Command {
  const command = apiCommand('set', 'change what is given')
    .argument('<name>')
    .addOption(new Option('--sms-access <mode>', 'whether texts may be sent').choices(['allowed', 'denied']))
    .addOption(
      new Option('--device-default-state <state>', 'of devices that no rule fits').choices([
        'allowed',
        'blocked',
        'quarantined',
      ]),
    );
  return withSmsSettingsFlags(command).action(async (name: string, flags: DomainFlags, command: Command) => {
    const { smsAccess, deviceDefaultState } = flags;
    const fields = { smsAccess, deviceDefaultState, ...readSmsSettings(flags) };
    const body = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    show(command, await clientOf(command).patch<Domain>(pathOf('domains', name), body), sheet);
  });
}
