// `easms serve`: the server.

import { Command } from 'commander';
import { describeServe } from '../serve.js';

export function serveCommand(): Command {
  return describeServe(new Command('serve'));
}
