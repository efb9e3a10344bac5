// `easms message …`: what became of the texts that were sent.

import { Command } from 'commander';
import { pathOf } from './api-client.js';
import type { Page } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { printable, sheet, table } from './print.js';

/** A message as the admin API shows it. */
export interface Message {
  readonly id: string;
  readonly state: string;
  readonly from: string | null;
  readonly to: string;
  readonly parts: number;
  readonly gateway: string | null;
  readonly error: string | null;
  readonly createdAt: string;
  readonly attempts: readonly Attempt[];
}

interface Attempt {
  readonly gateway: string;
  readonly startedAt: string;
  readonly outcome: string | null;
  readonly reason: string | null;
}

export function messageCommand(): Command {
  return new Command('message')
    .description('what became of the texts that were sent')
    .addCommand(list())
    .addCommand(showOne());
}

function list(): Command {
  return apiCommand('list', 'the newest messages')
    .option('--limit <number>', 'how many', '20')
    .action(async ({ limit }: { limit: string }, command: Command) => {
      const path = `/messages?limit=${encodeURIComponent(limit)}`;
      const page = await clientOf(command).get<Page<Message>>(path);
      show(command, page, () => table(page.items, ['id', 'createdAt', 'from', 'to', 'state', 'gateway', 'error']));
    });
}

function showOne(): Command {
  return apiCommand('show', 'one message with every attempt to send it')
    .argument('<id>')
    .action(async (id: string, _flags, command: Command) => {
      show(command, await clientOf(command).get<Message>(pathOf('messages', id)), inWords);
    });
}

function inWords({ attempts, ...message }: Message): string {
  const tries = attempts.map(({ gateway, startedAt, outcome, reason }) =>
    `${startedAt}  ${gateway}  ${outcome ?? 'under way'}  ${printable(reason ?? '')}`.trimEnd(),
  );
  return [sheet(message), ...tries.map((line, index) => `attempt ${index + 1}  ${line}`)].join('\n');
}
