// `easms queue`: what is on its way, and what each message waits for.

import { Command } from 'commander';
import { listAll } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { table } from './print.js';

interface Queued {
  readonly id: string;
  readonly state: string;
  readonly from: string | null;
  readonly to: string;
  readonly gateway: string | null;
  readonly reason: string;
  readonly attempts: number;
  readonly dueAt: string;
  readonly expiresAt: string;
}

const columns = ['id', 'state', 'from', 'to', 'gateway', 'attempts', 'dueAt', 'expiresAt', 'reason'] as const;

export function queueCommand(): Command {
  return new Command('queue').description('what is on its way').addCommand(list(), { isDefault: true });
}

function list(): Command {
  return apiCommand('list', 'what is on its way, and what each message waits for').action(
    async (_flags, command: Command) => {
      const queued = await listAll<Queued>(clientOf(command), '/queue');
      show(command, queued, () => table(queued, columns));
    },
  );
}
