// `easms mail`: what is on its way to the mail server, and what became of it.

import { Command, Option } from 'commander';
import { listAll } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { table } from './print.js';

interface Mail {
  readonly id: string;
  readonly state: string;
  readonly user: string | null;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly attempts: number;
  readonly dueAt: string | null;
  readonly error: string | null;
}

const columns = ['id', 'state', 'user', 'sender', 'recipients', 'attempts', 'dueAt', 'error'] as const;

export function mailCommand(): Command {
  return new Command('mail').description('mail on its way to the relay').addCommand(list(), { isDefault: true });
}

function list(): Command {
  return apiCommand('list', 'mail on its way to the relay, and what became of it in the last 7 days')
    .addOption(new Option('--state <state>', 'only mail in this state').choices(['queued', 'sent', 'failed']))
    .action(async ({ state }: { state?: string }, command: Command) => {
      const mails = await listAll<Mail>(clientOf(command), `/mails${state === undefined ? '' : `?state=${state}`}`);
      show(command, mails, () => table(mails, columns));
    });
}
