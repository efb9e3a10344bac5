// `easms export DIR --format icewarp`: the configuration of sending, as the files of the other server.

import { type Command, Option } from 'commander';
import { apiCommand, clientOf, show } from './api-command.js';
import { giveInstallation } from './icewarp-export.js';

export function exportCommand(): Command {
  return apiCommand('export', 'the configuration of sending, as the files of another server')
    .argument('<folder>', 'files in it are replaced')
    .addOption(new Option('--format <format>', 'whose files').choices(['icewarp']).makeOptionMandatory())
    .action(async (folder: string, _flags, command: Command) => {
      const report = await giveInstallation(clientOf(command), folder);
      show(command, report, ({ written, leftOut }) =>
        [...written.map((line) => `written  ${line}`), ...leftOut.map((line) => `left out  ${line}`)].join('\n'),
      );
    });
}
