// `easms webhook …`: who is told of events over HTTP.

import { text as readAll } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { CliError } from './errors.js';
import { sheet, table } from './print.js';
import { collect } from './repeatable.js';
import { addNew, deleteCommand, showCommand } from './resource.js';

interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly active: boolean;
  readonly waiting: number;
  readonly givenUp: number;
  readonly lastError: string | null;
}

interface Call {
  readonly event: { readonly id: string; readonly event: string; readonly at: string };
  readonly state: string;
  readonly attempts: number;
  readonly dueAt: string | null;
  readonly lastError: string | null;
}

interface WebhookFlags {
  readonly url?: string;
  readonly event?: readonly string[];
  readonly secret?: string;
  readonly secretStdin?: boolean;
  readonly active?: string;
  readonly method?: string;
  readonly header?: readonly string[];
}

export function webhookCommand(): Command {
  return new Command('webhook')
    .description('who is told of events over HTTP')
    .addCommand(list())
    .addCommand(showCommand({ description: 'one webhook', argument: '<id>', collection: ['webhooks'] }))
    .addCommand(add())
    .addCommand(set())
    .addCommand(calls())
    .addCommand(
      deleteCommand({
        description: 'a webhook with all that waits for it',
        argument: '<id>',
        collection: ['webhooks'],
      }),
    );
}

function list(): Command {
  return apiCommand('list', 'all webhooks').action(async (_flags, command: Command) => {
    const webhooks = await listAll<Webhook>(clientOf(command), '/webhooks');
    show(command, webhooks, () =>
      table(webhooks, ['id', 'active', 'events', 'url', 'waiting', 'givenUp', 'lastError']),
    );
  });
}

function add(): Command {
  return withWebhookFlags(apiCommand('add', 'a new webhook'))
    .argument('<id>')
    .action(async (id: string, flags: WebhookFlags, command: Command) => {
      const webhook = await addNew<Webhook>(clientOf(command), pathOf('webhooks', id), await bodyOf(flags));
      show(command, webhook, () => `${webhook.id} is added`);
    });
}

function set(): Command {
  return withWebhookFlags(apiCommand('set', 'change what is given'))
    .argument('<id>')
    .action(async (id: string, flags: WebhookFlags, command: Command) => {
      show(command, await clientOf(command).patch<Webhook>(pathOf('webhooks', id), await bodyOf(flags)), sheet);
    });
}

function calls(): Command {
  return apiCommand('calls', 'events that a webhook has not taken')
    .argument('<id>')
    .action(async (id: string, _flags, command: Command) => {
      const waiting = await listAll<Call>(clientOf(command), pathOf('webhooks', id, 'calls'));
      const rows = waiting.map(({ event, ...call }) => ({ ...event, ...call }));
      show(command, waiting, () => table(rows, ['id', 'at', 'state', 'attempts', 'dueAt', 'lastError']));
    });
}

function withWebhookFlags(command: Command): Command {
  return command
    .option('--url <url>', 'where it is told; may hold variables such as %from%, %data% and %msgid%')
    .addOption(new Option('--event <event>', 'received, sent, delivered or failed, repeatable').argParser(collect))
    .option('--secret <secret>', 'signs the calls; others on this machine may see it: prefer --secret-stdin')
    .addOption(new Option('--secret-stdin', 'read the secret from standard input').conflicts('secret'))
    .addOption(new Option('--method <method>', 'GET tells it by the URL alone').choices(['POST', 'GET']))
    .option('--header <name:value>', 'sent with each call, repeatable', collect)
    .addOption(new Option('--active <yes|no>', 'whether it is told'));
}

async function bodyOf({ url, event: events, method, active, header, ...flags }: WebhookFlags): Promise<object> {
  const secret = flags.secretStdin ? await readSecret() : flags.secret;
  const headers = header && Object.fromEntries(header.map(readHeader));
  const fields = { url, events, secret, method, headers, active: active === undefined ? undefined : readYesNo(active) };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function readHeader(written: string): [string, string] {
  const [, name, value] = /^([^:]+):\s*(.*)$/.exec(written) ?? [];
  if (name === undefined || value === undefined) throw new CliError('WRONG_USAGE', '--header is name:value');
  return [name, value];
}

async function readSecret(): Promise<string> {
  const secret = (await readAll(process.stdin)).replace(/\r?\n$/, '');
  if (secret === '') throw new CliError('WRONG_USAGE', 'standard input holds no secret');
  return secret;
}

function readYesNo(value: string): boolean {
  if (value !== 'yes' && value !== 'no') throw new CliError('WRONG_USAGE', '--active is yes or no');
  return value === 'yes';
}
