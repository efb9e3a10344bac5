// `easms account reset`, `easms user reset`: the counters of the month and of the one before, set by hand.

import type { Command } from 'commander';
import { pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { CliError } from './errors.js';
import { sheet } from './print.js';

export function resetCommand(resource: 'sms-accounts' | 'users'): Command {
  return apiCommand('reset', 'set the number of texts of this month')
    .argument(resource === 'users' ? '<address>' : '<name>')
    .argument('[sent]', 'what it is set to', '0')
    .option('--previous <sent>', 'the number of the month before as well')
    .action(async (name: string, sent: string, { previous }: { previous?: string }, command: Command) => {
      const body = {
        sentThisMonth: readNumber(sent),
        ...(previous !== undefined && { sentPreviousMonth: readNumber(previous) }),
      };
      show(command, await clientOf(command).patch<object>(pathOf(resource, name), body), sheet);
    });
}

/** @throws CliError WRONG_USAGE */
export function readNumber(written: string): number {
  if (!/^\d{1,9}$/.test(written)) throw new CliError('WRONG_USAGE', `${written} is no number of texts`);
  return Number(written);
}
