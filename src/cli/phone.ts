// `easms phone`: the virtual phone, one line of JSON for each thing that happens to it.

import { createInterface } from 'node:readline';
import { Command, Option } from 'commander';
import { confirmationModes } from '../phone/events.js';
import type { ConfirmationMode, PhoneEvent } from '../phone/events.js';
import { PhoneError } from '../phone/errors.js';
import { protocolVersions } from '../phone/options.js';
import type { ProtocolVersion } from '../phone/options.js';
import { Phone } from '../phone/phone.js';
import { CliError } from './errors.js';
import { print } from './print.js';
import { untilSignal } from './until-signal.js';

interface PhoneFlags {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  readonly deviceId?: string;
  readonly number?: string;
  readonly sms: boolean;
  readonly outbound: boolean;
  readonly mode: ConfirmationMode;
  readonly heartbeat: string;
  readonly protocol: ProtocolVersion;
  readonly base64?: boolean;
}

export function phoneCommand(): Command {
  return new Command('phone')
    .description('a virtual phone; "+1555… text" on its input is a text that it receives')
    .requiredOption('--server <url>', 'the server')
    .requiredOption('--user <address>', 'whose phone it is')
    .requiredOption('--password <password>', "the user's password")
    .option('--device-id <id>', 'up to 32 letters and digits (default: made of server and user)')
    .option('--number <number>', "the phone's own number")
    .option('--no-sms', 'ask for mail only')
    .option('--no-outbound', 'send no texts that were written elsewhere')
    .addOption(new Option('--mode <way>', 'how it confirms').choices(confirmationModes).default('delete'))
    .option('--heartbeat <seconds>', 'how long a Ping is held', '480')
    .addOption(new Option('--protocol <version>').choices(protocolVersions).default('14.1'))
    .option('--base64', 'pack the query of each request into base64')
    .option('--json', 'print each event as a line of JSON (always so)')
    .action(async (flags: PhoneFlags, command: Command) => {
      try {
        await live(phoneFor(flags, (event) => print(command, JSON.stringify(event))));
      } catch (error) {
        throw error instanceof PhoneError ? asCliError(error) : error;
      }
    });
}

function phoneFor(flags: PhoneFlags, onEvent: (event: PhoneEvent) => void): Phone {
  const { server, user, password, deviceId, number, outbound, mode } = flags;
  const [protocolVersion, heartbeatSeconds] = [flags.protocol, Number(flags.heartbeat)];
  const query = flags.base64 ? 'base64' : 'plain';
  const whose = { server, user, password, deviceId, number };
  return new Phone({
    ...whose,
    ...{ outbound, noSms: !flags.sms, mode, protocolVersion, heartbeatSeconds, query, onEvent },
  });
}

async function live(phone: Phone): Promise<void> {
  const input = createInterface({ input: process.stdin });
  input.on('line', (line) => receive(phone, line));
  const signal = untilSignal();
  try {
    await Promise.race([phone.run(), signal.received]);
    await phone.stop();
  } finally {
    signal.forget();
    input.close();
  }
}

// What becomes of it is told as an event.
function receive(phone: Phone, line: string): void {
  const [, from, text] = /^\s*(\S+)\s+(.*\S)/.exec(line) ?? [];
  if (from !== undefined && text !== undefined) phone.receive({ from, text }).catch(() => undefined);
}

function asCliError(error: PhoneError): CliError {
  return new CliError(error.code === 'BAD_OPTIONS' ? 'WRONG_USAGE' : 'NOT_DONE', error.message, error);
}
