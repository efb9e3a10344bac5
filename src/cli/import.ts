// `easms import icewarp DIR`: the configuration of sending, from the files of the other server.

import { Command } from 'commander';
import { isInstallation, readInstallation } from '../icewarp/folder.js';
import type { ApiClient } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { CliError } from './errors.js';
import { takeInstallation } from './icewarp-import.js';

export function importCommand(): Command {
  return new Command('import').description('takes over what another server has').addCommand(icewarp());
}

function icewarp(): Command {
  return apiCommand('icewarp', 'smsgateway.dat, sms.dat at its three levels, smsusers.dat and smsstat.dat')
    .argument('<folder>', 'with config/ and mail/ in it')
    .option('--dry-run', 'only say what would be taken, and what of it is there already')
    .action(async (folder: string, { dryRun = false }: { dryRun?: boolean }, command: Command) => {
      if (!isInstallation(folder)) throw new CliError('WRONG_USAGE', `${folder} has neither config/ nor mail/`);
      const api = dryRun ? clientIfAny(command) : clientOf(command);
      const report = await takeInstallation(api, readInstallation(folder), { dryRun });
      show(command, report, ({ taken, notices, leftOut }) =>
        [
          ...taken.map((line) => `${dryRun ? 'would take' : 'taken'}  ${line}`),
          ...notices.map((line) => `note  ${line}`),
          ...leftOut.map((line) => `left out  ${line}`),
        ].join('\n'),
      );
      if (report.leftOut.length > 0) throw new CliError('NOT_DONE', `${report.leftOut.length} left out`);
    });
}

/** None where no token is known: then no server is here. */
function clientIfAny(command: Command): ApiClient | undefined {
  try {
    return clientOf(command);
  } catch (error) {
    if (error instanceof CliError && error.code === 'NO_TOKEN') return undefined;
    throw error;
  }
}
