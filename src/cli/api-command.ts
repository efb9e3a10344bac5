// What all commands that speak to a running server share: where it is, who asks, and how the answer is shown.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { readCliEnvironment } from '../config.js';
import { connect } from './api-client.js';
import type { ApiClient } from './api-client.js';
import { CliError } from './errors.js';
import { print } from './print.js';

export interface ApiFlags {
  readonly server?: string;
  readonly token?: string;
  readonly json?: boolean;
}

const DEFAULT_SERVER = 'http://127.0.0.1:8080';

/** A command with `--server`, `--token` and `--json`. */
export function apiCommand(usage: string, description: string): Command {
  return new Command(usage)
    .description(description)
    .option('--server <url>', `the server (default: $EASMS_SERVER, else ${DEFAULT_SERVER})`)
    .option('--token <token>', 'of the admin API (default: $EASMS_TOKEN, else the token file of this machine)')
    .option('--json', 'print what the API answered');
}

/** The client for the flags of a command. @throws CliError NO_TOKEN, WRONG_USAGE */
export function clientOf(command: Command): ApiClient {
  const flags = command.opts<ApiFlags>();
  const environment = readCliEnvironment();
  const server = flags.server ?? environment.server ?? DEFAULT_SERVER;
  if (!/^https?:\/\/./i.test(server) || !URL.canParse(server))
    throw new CliError('WRONG_USAGE', 'the server must be an address that begins with http:// or https://');
  return connect({ server, token: flags.token ?? environment.token ?? readTokenFile(environment.dataDir) });
}

/** Shows an answer: as it came with `--json`, else in words. */
export function show<T>(command: Command, answer: T, inWords: (answer: T) => string): void {
  print(command, command.opts<ApiFlags>().json ? JSON.stringify(answer) : inWords(answer));
}

function readTokenFile(dataDir: string): string {
  const file = join(dataDir, 'admin.token');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new CliError('NO_TOKEN', `there is no token: give --token or EASMS_TOKEN, or run where ${file} is`, cause);
  }
}
