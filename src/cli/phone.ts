// `easms phone`: the virtual phone, one line of JSON for each thing that happens to it.

import { createInterface } from 'node:readline';
import { Command, Option } from 'commander';
import { confirmationModes } from '../phone/events.js';
import type { ConfirmationMode, PhoneEvent } from '../phone/events.js';
import { PhoneError } from '../phone/errors.js';
import { protocolVersions } from '../phone/options.js';
import type { ProtocolVersion, SmsFolder } from '../phone/options.js';
import { Phone } from '../phone/phone.js';
import { CliError } from './errors.js';
import { obey } from './phone-input.js';
import { print } from './print.js';
import { untilSignal } from './until-signal.js';

interface PhoneFlags {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  readonly deviceId?: string;
  readonly number?: string;
  readonly sms: boolean;
  readonly smsFolders: string;
  readonly outbound: boolean;
  readonly mode: ConfirmationMode;
  readonly heartbeat: string;
  readonly protocol: ProtocolVersion;
  readonly base64?: boolean;
  readonly pushPassword?: string;
  readonly pushNonce?: string;
  readonly pin?: string;
  readonly imsi?: string;
}

const inputHelp = `
On its input, a line each:
  +1555… TEXT                               the network brings it this text (not with --no-sms)
  push +1555… UDH DATA                      the network brings it a part of a push message, in hexadecimal digits
  reply SERVERID TEXT                       its owner answers the mail or text of that ServerId (SmartReply)
  mail ADDRESS[,ADDRESS] [SUBJECT |] TEXT   its owner writes to mail addresses or numbers (SendMail)

A phone that is wiped says so and ends with status 0; one that is blocked waits until it is let in.
`;

export function phoneCommand(): Command {
  return new Command('phone')
    .description('a virtual phone that prints what happens to it, one line of JSON for each event')
    .requiredOption('--server <url>', 'the server')
    .requiredOption('--user <address>', 'whose phone it is')
    .requiredOption('--password <password>', "the user's password")
    .option('--device-id <id>', 'up to 32 letters and digits (default: made of server and user)')
    .option('--number <number>', "the phone's own number")
    .option('--no-sms', 'ask for mail only: texts come as mail')
    .option(
      '--sms-folders <names>',
      'where it synchronizes texts as such, of inbox, sent and outbox',
      'inbox,sent,outbox',
    )
    .option('--no-outbound', 'send no texts that were written elsewhere')
    .addOption(new Option('--mode <way>', 'how it confirms').choices(confirmationModes).default('delete'))
    .option('--heartbeat <seconds>', 'how long a Ping is held', '480')
    .addOption(new Option('--protocol <version>', '12.1 knows mail only').choices(protocolVersions).default('14.1'))
    .option('--push-password <password>', 'checks the digest of notifications')
    .option('--push-nonce <nonce>', 'of that digest')
    .option('--pin <digits>', 'what its owner types when a configuration asks')
    .option('--imsi <digits>', 'of its card, which signs configurations')
    .option('--base64', 'pack the query of each request into base64')
    .option('--json', 'print each event as a line of JSON (always so)')
    .addHelpText('after', inputHelp)
    .action(async (flags: PhoneFlags, command: Command) => {
      try {
        const phone = phoneFor(flags, (event) => print(command, JSON.stringify(event)));
        await live(phone, (line) => hear(command, phone, line));
      } catch (error) {
        throw error instanceof PhoneError ? asCliError(error) : error;
      }
    });
}

function phoneFor(flags: PhoneFlags, onEvent: (event: PhoneEvent) => void): Phone {
  const { server, user, password, deviceId, number, outbound, mode } = flags;
  const smsFolders = flags.smsFolders.split(',') as SmsFolder[];
  const [protocolVersion, heartbeatSeconds] = [flags.protocol, Number(flags.heartbeat)];
  const query = flags.base64 ? 'base64' : 'plain';
  const { pushPassword, pushNonce: nonce, pin, imsi } = flags;
  const pushSecrets = { password: pushPassword, nonce, pin, imsi };
  const whose = { server, user, password, deviceId, number };
  return new Phone({
    ...whose,
    pushSecrets,
    ...{ outbound, noSms: !flags.sms, smsFolders, mode, protocolVersion, heartbeatSeconds, query, onEvent },
  });
}

async function live(phone: Phone, onLine: (line: string) => void): Promise<void> {
  const input = createInterface({ input: process.stdin });
  input.on('line', onLine);
  const signal = untilSignal();
  try {
    await Promise.race([phone.run(), signal.received]);
    await phone.stop();
  } finally {
    signal.forget();
    input.close();
  }
}

// A line that nothing comes of is told to whoever typed it; the phone lives on.
function hear(command: Command, phone: Phone, line: string): void {
  obey(phone, line).catch((error: unknown) => {
    const said = error instanceof Error ? error.message : String(error);
    command.configureOutput().writeErr?.(`easms: ${said}\n`);
  });
}

function asCliError(error: PhoneError): CliError {
  return new CliError(error.code === 'BAD_OPTIONS' ? 'WRONG_USAGE' : 'NOT_DONE', error.message, error);
}
