// `easms incoming`: what gateways brought.

import { Command } from 'commander';
import { listAll } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { table } from './print.js';

interface Incoming {
  readonly id: string;
  readonly gateway: string;
  readonly from: string;
  readonly to: string | null;
  readonly receivedAt: string;
  readonly placed: boolean;
  readonly text: string;
}

export function incomingCommand(): Command {
  return new Command('incoming').description('what gateways brought').addCommand(list(), { isDefault: true });
}

function list(): Command {
  return apiCommand('list', 'what gateways brought in the last 30 days')
    .option('--unplaced', 'only what lies in nobody’s mailbox')
    .action(async ({ unplaced = false }: { unplaced?: boolean }, command: Command) => {
      const texts = await listAll<Incoming>(clientOf(command), `/incoming${unplaced ? '?placed=false' : ''}`);
      show(command, texts, () => table(texts, ['id', 'gateway', 'from', 'to', 'receivedAt', 'placed', 'text']));
    });
}
