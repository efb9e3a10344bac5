// `easms push …`: waking phones that synchronize over SyncML, and sending them settings.

import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { patchOf, readAssignment } from './assignment.js';
import { CliError } from './errors.js';
import { sheet, table } from './print.js';
import { collect } from './repeatable.js';
import { deleteCommand, showCommand } from './resource.js';

interface Device {
  readonly name: string;
  readonly number: string;
  readonly active: boolean;
  readonly protocol: string;
  readonly user: string | null;
  readonly notifiedAt: string | null;
}

interface Parameter {
  readonly name: string;
  readonly title: string;
  readonly required: boolean;
  readonly values?: readonly string[];
  readonly entries?: readonly Parameter[];
}

interface Profile {
  readonly format: string;
  readonly name: string;
  readonly title: string;
  readonly parameters: readonly Parameter[];
}

interface Sent {
  readonly ids: readonly string[];
  readonly document?: string;
  readonly typedPin?: string;
}

export function pushCommand(): Command {
  return new Command('push')
    .description('wake phones that synchronize over SyncML, and send them settings')
    .addCommand(notify())
    .addCommand(configure())
    .addCommand(profile())
    .addCommand(deviceCommand());
}

function notify(): Command {
  return apiCommand('notify', 'tell a phone to synchronize')
    .argument('<device>')
    .option('--folder <uri>', 'this one alone, repeatable', collect)
    .addOption(
      new Option('--ui-mode <mode>', 'what the owner sees').choices([
        ...['unspecified', 'background', 'informative', 'interactive'],
      ]),
    )
    .addOption(new Option('--initiator <who>', 'who began it').choices(['user', 'server']))
    .option('--session <number>', 'SessionId, 0 to 65535; counted up where it is not given', readNumber)
    .action(async (device: string, flags: NotifyFlags, command: Command) => {
      const { folder: folders, uiMode, initiator, session: sessionId } = flags;
      const body = withoutUndefined({ device, folders, uiMode, initiator, sessionId });
      show(
        command,
        await clientOf(command).post<Sent>('/push/notify', body),
        ({ ids }) => `accepted as ${ids.join(', ')}`,
      );
    });
}

interface NotifyFlags {
  readonly folder?: readonly string[];
  readonly uiMode?: string;
  readonly initiator?: string;
  readonly session?: number;
}

function configure(): Command {
  return apiCommand('configure', 'send settings to a phone')
    .argument('<device-or-number>', 'the name of a device, or a number')
    .addOption(new Option('--format <format>', 'what the phone takes').choices(['oma', 'ota', 'si']).default('oma'))
    .option('--profile <name>', 'as "easms push profile" lists them')
    .option('--set <name=value>', 'a parameter of the profile, repeatable; lists as JSON', collect)
    .option('--document <file>', 'a file with the XML, in place of a profile')
    .addOption(new Option('--security <way>', 'what proves it').choices(securities).default('none'))
    .option('--pin <digits>', 'for userpin, usernetwpin and userpinmac')
    .option('--imsi <digits>', "for netwpin and usernetwpin, where the device's is not known")
    .option('--gateway <id>', 'the gateway that carries it')
    .option('--dry-run', 'print the document, secrets included, and send nothing')
    .action(async (to: string, flags: ConfigureFlags, command: Command) => {
      show(command, await clientOf(command).post<Sent>('/push/configure', bodyOf(to, flags)), inWords);
    });
}

const securities = ['none', 'userpin', 'netwpin', 'usernetwpin', 'userpinmac'];

interface ConfigureFlags {
  readonly format: string;
  readonly profile?: string;
  readonly set?: readonly string[];
  readonly document?: string;
  readonly security: string;
  readonly pin?: string;
  readonly imsi?: string;
  readonly gateway?: string;
  readonly dryRun?: boolean;
}

/** @throws CliError WRONG_USAGE */
function bodyOf(to: string, flags: ConfigureFlags): object {
  const { set, document: file, format, profile, security, pin, imsi, gateway, dryRun } = flags;
  const parameters = set && patchOf(set.map(readAssignment));
  const document = file === undefined ? undefined : readDocument(file);
  const receiver = /^\+?[0-9]{3,}$/.test(to) ? { number: to } : { device: to };
  const settings = { format, profile, parameters, document, security, pin, imsi };
  return withoutUndefined({ ...receiver, ...settings, gateway, dryRun });
}

function readDocument(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CliError('WRONG_USAGE', `${file} cannot be read`, cause);
  }
}

function inWords({ ids, document, typedPin }: Sent): string {
  const pin = typedPin === undefined ? [] : [`the owner types ${typedPin}: tell it by another way than this message`];
  return [...(ids.length > 0 ? [`accepted as ${ids.join(', ')}`] : []), ...pin, document ?? []].flat().join('\n');
}

function profile(): Command {
  return apiCommand('profile', 'which settings there are, or what one of them asks for')
    .argument('[name]')
    .addOption(new Option('--format <format>', 'of this format alone').choices(['oma', 'ota', 'si']))
    .action(async (name: string | undefined, { format }: { format?: string }, command: Command) => {
      const { items } = await clientOf(command).get<{ items: Profile[] }>('/push/profiles');
      const found = items.filter((each) => (!name || each.name === name) && (!format || each.format === format));
      if (found.length === 0) throw new CliError('REFUSED', 'there is no such profile');
      show(command, found, () => (name ? found.map(describe).join('\n\n') : table(found, ['format', 'name', 'title'])));
    });
}

function describe({ format, name, title, parameters }: Profile): string {
  const rows = parameters.flatMap((each) => [each, ...(each.entries ?? []).map((entry) => under(each, entry))]);
  const shown = rows.map((row) => ({ ...row, values: row.values?.join(' ') ?? '' }));
  return [`${format} ${name}: ${title}`, table(shown, ['name', 'required', 'title', 'values'])].join('\n');
}

function under(parent: Parameter, entry: Parameter): Parameter {
  return { ...entry, name: `${parent.name}[].${entry.name}` };
}

function deviceCommand(): Command {
  return new Command('device')
    .description('phones that are woken')
    .addCommand(
      apiCommand('list', 'all of them').action(async (_flags, command: Command) => {
        const devices = await listAll<Device>(clientOf(command), '/push/devices');
        show(command, devices, () => table(devices, ['name', 'number', 'active', 'protocol', 'user', 'notifiedAt']));
      }),
    )
    .addCommand(showCommand({ description: 'one of them', argument: '<name>', collection: ['push', 'devices'] }))
    .addCommand(writing('put', 'make or replace one', 'put'))
    .addCommand(writing('set', 'change what is given', 'patch'))
    .addCommand(deleteCommand({ description: 'one of them', argument: '<name>', collection: ['push', 'devices'] }));
}

function writing(usage: string, description: string, method: 'put' | 'patch'): Command {
  return apiCommand(usage, description)
    .argument('<name>')
    .argument(
      '[name=value...]',
      'such as number=+15551234567 serverId=… user=… \'folders=[{"uri":"./Contacts","mailboxFolder":"inbox"}]\'',
    )
    .action(async (name: string, assignments: readonly string[], _flags, command: Command) => {
      const body = patchOf(assignments.map(readField));
      show(command, await clientOf(command)[method]<Device>(pathOf('push', 'devices', name), body), sheet);
    });
}

// Digits that are a name or a number of a phone are texts: as JSON they would be numbers.
const texts = new Set([
  'number',
  'imei',
  'imsi',
  'serverId',
  'password',
  'nonce',
  'client',
  'gateway',
  'user',
  'target',
]);

function readField(written: string): ReturnType<typeof readAssignment> {
  const assignment = readAssignment(written);
  return texts.has(assignment.path.join('.')) && assignment.value !== null
    ? { ...assignment, value: written.slice(written.indexOf('=') + 1) }
    : assignment;
}

function readNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new CliError('WRONG_USAGE', '--session is a number');
  return Number(value);
}

function withoutUndefined(body: object): object {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
