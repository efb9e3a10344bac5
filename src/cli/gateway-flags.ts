// What a gateway is, as flags of `easms gateway add` and `set`, and the document it makes for the API.

import { text as readAll } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { type Assignment, patchOf, readAssignment } from './assignment.js';
import { CliError } from './errors.js';
import { collect } from './repeatable.js';

export interface GatewayFlags {
  readonly type?: string;
  readonly description?: string;
  readonly active?: string;
  readonly user?: string;
  readonly url?: string;
  readonly method?: string;
  readonly header?: readonly string[];
  readonly body?: string;
  readonly successPattern?: string;
  readonly idPattern?: string;
  readonly preset?: string;
  readonly parameter?: readonly string[];
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly caCertificate?: string;
  readonly timeoutSeconds?: string;
  readonly concurrency?: string;
  readonly device?: string;
  readonly template?: string;
  readonly smsCenter?: string;
  readonly sendTimeoutSeconds?: string;
  readonly statusReports?: string;
  readonly limit?: readonly string[];
  readonly emailFrom?: string;
  readonly deliverTo?: readonly string[];
  readonly secretsStdin?: boolean;
}

export function withGatewayFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--type <type>',
        'gsm-modem: on a serial line or the network; activesync: the elected phone of a user; http: a provider',
      ).choices(['gsm-modem', 'activesync', 'http', 'loopback']),
    )
    .option('--description <text>')
    .addOption(new Option('--active <yes|no>', 'whether it is used'))
    .option('--device <port>', 'gsm-modem: /dev/ttyUSB0, COM3 or tcp:host:port')
    .option('--template <name>', 'gsm-modem: a product that is known; else it is asked what it is')
    .option('--sms-center <number>', 'gsm-modem: else the one that the SIM knows')
    .option('--send-timeout-seconds <number>', 'gsm-modem: for the word of the modem')
    .addOption(new Option('--status-reports <yes|no>', 'gsm-modem: ask for delivery reports'))
    .option('--user <address>', 'activesync: whose phone sends')
    .option('--preset <name>', 'http: a provider that is known, in place of the next six')
    .option('--parameter <name=value>', 'http: what the preset asks for, repeatable', collect)
    .option('--url <template>', 'http: with %number%, %data% and others behind the host')
    .addOption(new Option('--method <method>', 'http').choices(['GET', 'POST']))
    .option('--header <name: value>', 'http: repeatable', collect)
    .option('--body <template>', 'http: escaped by the Content-Type')
    .option('--success-pattern <regex>', 'http: in the answer to a text that was sent')
    .option('--id-pattern <regex>', "http: whose first group is the provider's id of the text")
    .option('--client-certificate <path>', 'http: PEM on the server, the key may stand in it')
    .option('--client-key <path>', 'http: PEM on the server')
    .option('--ca-certificate <path>', 'http: PEM on the server')
    .option('--timeout-seconds <number>', 'http: for a whole request')
    .option('--concurrency <number>', 'messages at a time')
    .option('--limit <name=number>', 'perMinute, perDay, uniqueRecipientsPerMonth or pauseSeconds, repeatable', collect)
    .option('--email-from <address>', 'From of its texts as mail, %s is the number')
    .option('--deliver-to <address>', 'who gets what nothing else placed, repeatable', collect)
    .option(
      '--secrets-stdin',
      'read lines such as pin=…, password=…, webhookSecret=…, parameters.token=… from standard input',
    );
}

/** @throws CliError WRONG_USAGE */
export async function bodyOf(flags: GatewayFlags): Promise<object> {
  const { active, header, parameter, limit, timeoutSeconds, concurrency, secretsStdin, ...texts } = flags;
  const { sendTimeoutSeconds, statusReports } = flags;
  const secrets = secretsStdin ? readLines(await readAll(process.stdin)) : [];
  const { parameters: secretParameters, ...others } = patchOf(secrets) as Record<string, object | undefined>;
  const fields = {
    ...textFields(texts),
    // A provider by its name is one over HTTP.
    type: texts.type ?? (texts.preset === undefined ? undefined : 'http'),
    active: active === undefined ? undefined : readYesNo(active, '--active'),
    headers: header && Object.fromEntries(header.map(readHeader)),
    parameters: (parameter || secretParameters) && { ...readPairs(parameter), ...secretParameters },
    limits:
      limit && Object.fromEntries(Object.entries(readPairs(limit)).map(([name, n]) => [name, readNumber(n, name)])),
    timeoutSeconds: timeoutSeconds === undefined ? undefined : readNumber(timeoutSeconds, '--timeout-seconds'),
    concurrency: concurrency === undefined ? undefined : readNumber(concurrency, '--concurrency'),
    sendTimeoutSeconds:
      sendTimeoutSeconds === undefined ? undefined : readNumber(sendTimeoutSeconds, '--send-timeout-seconds'),
    statusReports: statusReports === undefined ? undefined : readYesNo(statusReports, '--status-reports'),
    ...others,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const flagNumber = /^\d+(\.\d+)?$/;

type TextFlags = Omit<
  GatewayFlags,
  | 'active'
  | 'header'
  | 'parameter'
  | 'limit'
  | 'timeoutSeconds'
  | 'concurrency'
  | 'sendTimeoutSeconds'
  | 'statusReports'
  | 'secretsStdin'
>;

// Flags of the connection to the server stand beside them.
function textFields(flags: TextFlags): TextFlags {
  const { type, description, user, url, method, body, successPattern, idPattern, preset } = flags;
  const { clientCertificate, clientKey, caCertificate, emailFrom, deliverTo, device, template, smsCenter } = flags;
  const ofRequest = { url, method, body, successPattern, idPattern, preset };
  const certificates = { clientCertificate, clientKey, caCertificate };
  return {
    type,
    description,
    user,
    device,
    template,
    smsCenter,
    ...ofRequest,
    ...certificates,
    emailFrom,
    deliverTo,
  } as TextFlags;
}

function readLines(text: string): Assignment[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  return lines.map((line) => ({ ...readAssignment(line), value: line.slice(line.indexOf('=') + 1) }));
}

function readPairs(pairs: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (name === undefined || value === undefined) throw new CliError('WRONG_USAGE', 'a pair is written name=value');
      return [name, value];
    }),
  );
}

function readHeader(field: string): [string, string] {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/s.exec(field) ?? [];
  if (name === undefined || value === undefined)
    throw new CliError('WRONG_USAGE', 'a header field is written "Name: value"');
  return [name, value];
}

function readNumber(written: string, name: string): number {
  if (!flagNumber.test(written)) throw new CliError('WRONG_USAGE', `${name} is a number`);
  return Number(written);
}

function readYesNo(value: string, name: string): boolean {
  if (value !== 'yes' && value !== 'no') throw new CliError('WRONG_USAGE', `${name} is yes or no`);
  return value === 'yes';
}
