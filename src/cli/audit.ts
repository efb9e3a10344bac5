// `easms audit`: who changed what, when; the newest first.

import type { Command } from 'commander';
import type { Page } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { CliError } from './errors.js';
import { table } from './print.js';

interface Audited {
  readonly at: string;
  readonly actor: string;
  readonly origin: string | null;
  readonly action: string;
  readonly resource: string;
  readonly status: number | null;
  readonly change: unknown;
}

export function auditCommand(): Command {
  return apiCommand('audit', 'who changed what, when; the newest first')
    .option('--limit <rows>', 'how many', '50')
    .action(async ({ limit }: { limit: string }, command: Command) => {
      if (!/^[1-9]\d{0,3}$/.test(limit)) throw new CliError('WRONG_USAGE', `${limit} is no number of rows`);
      const { items } = await clientOf(command).get<Page<Audited>>(`/audit?limit=${Math.min(Number(limit), 1000)}`);
      show(command, items, () => table(items, ['at', 'actor', 'origin', 'action', 'resource', 'status', 'change']));
    });
}
