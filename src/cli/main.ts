#!/usr/bin/env node
// `easms`: the command line.

import { nodeVersionProblem } from '../node-version.js';

const problem = nodeVersionProblem();
if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exit(2);
}

// Only now: what follows may not even load on an old Node.
const { run } = await import('./program.js');

process.exitCode = await run(process.argv.slice(2), {
  writeOut: (text) => process.stdout.write(text),
  writeErr: (text) => process.stderr.write(text),
});
