// What `npm start` runs: `easms serve` with the same flags.

import { nodeVersionProblem } from './node-version.js';

const problem = nodeVersionProblem();
if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exit(2);
}

const { Command } = await import('commander');
const { describeServe, ExitStatus } = await import('./serve.js');

await describeServe(new Command('easms serve'))
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? ExitStatus.Done : ExitStatus.WrongUsage))
  .parseAsync();
