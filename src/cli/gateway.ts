// `easms gateway …`: the ways out that the system may use for everybody.

import { Command } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { CliError } from './errors.js';
import { bodyOf, type GatewayFlags, withGatewayFlags } from './gateway-flags.js';
import { printable, sheet, table } from './print.js';
import { addNew, deleteCommand, showCommand } from './resource.js';

interface Gateway {
  readonly id: string;
  readonly type: string;
  readonly active: boolean;
  readonly health: string;
  readonly queued: number;
  readonly sent: number;
  readonly lastError: string | null;
}

export function gatewayCommand(): Command {
  return new Command('gateway')
    .description('the ways out that the system may use for everybody')
    .addCommand(list())
    .addCommand(showCommand({ description: 'one gateway', argument: '<id>', collection: ['gateways'] }))
    .addCommand(add())
    .addCommand(set())
    .addCommand(tryOut())
    .addCommand(ussd())
    .addCommand(deleteCommand({ description: 'a gateway', argument: '<id>', collection: ['gateways'] }));
}

function list(): Command {
  return apiCommand('list', 'all gateways').action(async (_flags, command: Command) => {
    const gateways = await listAll<Gateway>(clientOf(command), '/gateways');
    show(command, gateways, () => table(gateways, ['id', 'type', 'active', 'health', 'queued', 'sent', 'lastError']));
  });
}

function add(): Command {
  return withGatewayFlags(apiCommand('add', 'a new gateway'))
    .argument('<id>')
    .action(async (id: string, flags: GatewayFlags, command: Command) => {
      const body = await bodyOf(flags);
      if (!('type' in body)) throw new CliError('WRONG_USAGE', 'a gateway needs a --type, or a --preset');
      const gateway = await addNew<Gateway>(clientOf(command), pathOf('gateways', id), body);
      show(command, gateway, () => `${gateway.id} is added`);
    });
}

function set(): Command {
  return withGatewayFlags(apiCommand('set', 'change what is given'))
    .argument('<id>')
    .action(async (id: string, flags: GatewayFlags, command: Command) => {
      show(command, await clientOf(command).patch<Gateway>(pathOf('gateways', id), await bodyOf(flags)), sheet);
    });
}

function tryOut(): Command {
  return apiCommand('test', 'send a text through one gateway')
    .argument('<id>')
    .argument('[number]', 'the recipient')
    .argument('[text]', 'what is sent')
    .option('--to <number>', 'the recipient')
    .option('--text <text>', 'what is sent')
    .option('--dry-run', 'everything but the sending: prints the request, secrets included')
    .action(
      async (id: string, number: string | undefined, text: string | undefined, flags: TestFlags, command: Command) => {
        const body = {
          number: number ?? flags.to,
          text: text ?? flags.text ?? 'A test of easms',
          dryRun: flags.dryRun === true,
        };
        if (body.number === undefined) throw new CliError('WRONG_USAGE', 'say to whom: easms gateway test ID NUMBER');
        show(command, await clientOf(command).post<TestAnswer>(pathOf('gateways', id, 'test'), body), inWords);
      },
    );
}

function ussd(): Command {
  return apiCommand('ussd', 'dial a code such as *100# through a modem, and show what the network answers')
    .argument('<id>')
    .argument('<code>', 'the code, or the choice that a menu waits for')
    .action(async (id: string, code: string, _flags, command: Command) => {
      const answer = await clientOf(command).post<UssdAnswer>(pathOf('gateways', id, 'ussd'), { code });
      const hint = `(the network waits for a choice: easms gateway ussd ${id} CHOICE)`;
      show(command, answer, ({ text, expectsReply }) =>
        [...text.split('\n').map(printable), ...(expectsReply ? [hint] : [])].join('\n'),
      );
    });
}

interface UssdAnswer {
  readonly text: string;
  readonly expectsReply: boolean;
}

interface TestFlags {
  readonly to?: string;
  readonly text?: string;
  readonly dryRun?: boolean;
}

interface TestAnswer {
  readonly requests?: readonly Request[];
}

interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

function inWords(answer: TestAnswer): string {
  return answer.requests?.map(writeRequest).join('\n\n') ?? sheet(answer);
}

function writeRequest({ method, url, headers, body }: Request): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${url}`, ...fields, ...(body === undefined ? [] : ['', body])].map(printable).join('\n');
}
