// The table of contents of the command line, and what its commands have in common: output and exit status.

import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config.js';
import { CliError } from './errors.js';

// In the order of the help. Loaded when asked for: most commands need no server, and a server takes its time to load.
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.js')).serveCommand(),
  demo: async () => (await import('./demo.js')).demoCommand(),
  send: async () => (await import('./send.js')).sendCommand(),
  user: async () => (await import('./user.js')).userCommand(),
  domain: async () => (await import('./domain.js')).domainCommand(),
  device: async () => (await import('./device.js')).deviceCommand(),
  policy: async () => (await import('./policy.js')).policyCommand(),
  gateway: async () => (await import('./gateway.js')).gatewayCommand(),
  rule: async () => (await import('./rule.js')).ruleCommand(),
  webhook: async () => (await import('./webhook.js')).webhookCommand(),
  list: async () => (await import('./list.js')).listCommand(),
  notification: async () => (await import('./notification.js')).notificationCommand(),
  push: async () => (await import('./push.js')).pushCommand(),
  message: async () => (await import('./message.js')).messageCommand(),
  incoming: async () => (await import('./incoming.js')).incomingCommand(),
  doctor: async () => (await import('./doctor.js')).doctorCommand(),
  queue: async () => (await import('./queue.js')).queueCommand(),
  mail: async () => (await import('./mail.js')).mailCommand(),
  account: async () => (await import('./account.js')).accountCommand(),
  group: async () => (await import('./group.js')).groupCommand(),
  token: async () => (await import('./token.js')).tokenCommand(),
  audit: async () => (await import('./audit.js')).auditCommand(),
  settings: async () => (await import('./settings.js')).settingsCommand(),
  import: async () => (await import('./import.js')).importCommand(),
  export: async () => (await import('./export.js')).exportCommand(),
  phone: async () => (await import('./phone.js')).phoneCommand(),
  'modem-sim': async () => (await import('./modem-sim.js')).modemSimCommand(),
  decode: async () => (await import('./decode.js')).decodeCommand(),
};

export interface Output {
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
}

/** Runs one command. Returns the exit status: 0 done, 1 refused or failed, 2 wrong usage or configuration. */
export async function run(words: readonly string[], output: Output): Promise<number> {
  const program = new Command('easms').description('texts between phones, mail and web');
  for (const command of await load(words[0] ?? '')) program.addCommand(command);
  prepare(program, output);
  try {
    await program.parseAsync(words, { from: 'user' });
    return 0;
  } catch (error) {
    return conclude(error, output);
  }
}

// All of them where none is named: for the help, and to say which one was meant.
function load(name: string): Promise<Command[]> {
  const asked = Object.hasOwn(commands, name) ? [commands[name]!] : Object.values(commands);
  return Promise.all(asked.map((loadCommand) => loadCommand()));
}

// A sub-command has settings of its own.
function prepare(command: Command, output: Output): void {
  const { writeOut, writeErr } = output;
  command.exitOverride().configureOutput({ writeOut, writeErr });
  for (const each of command.commands) prepare(each, output);
}

function conclude(error: unknown, { writeErr }: Output): number {
  // Commander has said its sentence already.
  if (error instanceof CommanderError) return statusOf(error);
  if (!(error instanceof CliError || error instanceof ConfigError)) throw error;
  writeErr(`easms: ${error.message}\n`);
  return error instanceof CliError ? error.exitStatus : 2;
}

function statusOf({ exitCode, code }: CommanderError): number {
  if (exitCode === 0) return 0;
  return code === 'commander.error' ? 1 : 2;
}
