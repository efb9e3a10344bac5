// `easms serve`: from flags to a running server, and from a signal to its end. `npm start` runs the same.

import type { Command } from 'commander';
import { adminTokenFile } from './admin-token.js';
import { type Config, ConfigError, loadConfig, type ServeFlags } from './config.js';
import { SmsPortError } from './http/sms-port.js';
import { openLog } from './log.js';
import { type RunningServer, type ServerOptions, startServer } from './server.js';
import { SmtpPortError, type SmtpPortOptions } from './smtp/smtp-port.js';
import { StoreError } from './store/errors.js';

export const ExitStatus = { Done: 0, Failed: 1, WrongUsage: 2 } as const;
export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus];

/** Gives a command the flags of `serve` and makes it serve until a signal ends it. */
export function describeServe(command: Command): Command {
  return command
    .description('run the server')
    .option('--config <file>', 'configuration, YAML')
    .option('--data-dir <folder>', 'where everything is kept (default: ./data)')
    .option('--http-port <port>', 'HTTP, 0 for any free one (default: 8080)')
    .option('--sms-port <port>', 'a port for /sms/ alone, served by threads of its own, 0 for any free one')
    .option('--smtp-port <port>', 'mail to texts over SMTP, 0 for any free one, off for none (default: 2525)')
    .option('--database-url <url>', 'sqlite, the only one of this version')
    .action(async (flags: ServeFlags) => {
      process.exit(await serve(flags));
    });
}

/** Runs until SIGTERM or SIGINT. Ready is one line of JSON on stdout; all that is for people goes to stderr. */
export async function serve(flags: ServeFlags): Promise<ExitStatus> {
  const ended = firstSignal();
  // Password hashes and texts lie in what is written from here on: for the owner alone.
  process.umask(0o077);
  try {
    const config = loadConfig(flags);
    for (const notice of config.notices) tell(notice);
    const server = await startServer({
      ...optionsOf(config),
      readMailCertificate: () => certificateOf(loadConfig(flags)),
    });
    // Which would end it otherwise.
    process.on('SIGHUP', () => server.lookAgain());
    const { http, sms, mail } = server;
    process.stdout.write(`${JSON.stringify({ event: 'ready', http, sms, ...mail })}\n`);
    tell(greeting(server, config));
    await ended;
    await closeInTime(server);
    return ExitStatus.Done;
  } catch (error) {
    tell(sentenceOf(error));
    return error instanceof ConfigError ? ExitStatus.WrongUsage : ExitStatus.Failed;
  }
}

function optionsOf({ values, adminToken }: Config): ServerOptions {
  return {
    dataDir: values.dataDir,
    host: values['http.host'],
    port: values['http.port'],
    sms: smsOf(values),
    smtp: smtpOf(values),
    publicUrl: values['http.publicUrl'],
    trustedNetworks: values.trustedNetworks,
    adminToken,
    relay: relayOf(values),
    log: openLog(values['log.level']),
  };
}

function smsOf(values: Config['values']): ServerOptions['sms'] {
  const port = values['http.sms.port'];
  if (port === undefined) return undefined;
  return { host: values['http.sms.host'] ?? values['http.host'], port, threads: values['http.sms.threads'] };
}

function smtpOf(values: Config['values']): ServerOptions['smtp'] {
  const { 'smtp.host': host, 'smtp.port': port } = values;
  const tls = certificateOf({ values });
  const [tlsPort, lmtpPort] = [values['smtp.tls.port'], values['smtp.lmtp.port']];
  const ports: SmtpPortOptions[] = [];
  if (port !== undefined) ports.push({ kind: 'smtp', host, port, tls });
  if (tlsPort !== undefined) ports.push({ kind: 'smtps', host, port: tlsPort, tls });
  if (lmtpPort !== undefined) ports.push({ kind: 'lmtp', host: values['smtp.lmtp.host'] ?? host, port: lmtpPort, tls });
  return ports;
}

function certificateOf({ values }: Pick<Config, 'values'>): SmtpPortOptions['tls'] {
  const { 'smtp.tls.cert': cert, 'smtp.tls.key': key } = values;
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

function relayOf(values: Config['values']): ServerOptions['relay'] {
  const host = values['relay.host'];
  if (host === undefined) return undefined;
  return { host, port: values['relay.port'], user: values['relay.user'], password: values['relay.password'] };
}

function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

const closeWithinMilliseconds = 19_000;

/** A peer that never ends must not keep the process: what was accepted is on disk. */
async function closeInTime(server: RunningServer): Promise<void> {
  const tooLate = setTimeout(() => {
    tell('the end took too long: what was in flight is looked at when the server starts again');
    process.exit(ExitStatus.Done);
  }, closeWithinMilliseconds);
  await server.close();
  clearTimeout(tooLate);
}

function greeting(server: RunningServer, { values, adminToken }: Config): string {
  const token = adminToken === undefined ? adminTokenFile(values.dataDir) : 'EASMS_ADMIN_TOKEN';
  const sms = server.sms === undefined ? '' : `\n  for /sms/ alone also on ${server.sms}`;
  const mail = Object.entries(server.mail).map(([kind, address]) => `\n  for mail also on ${address} (${kind})`);
  return `easms listens on ${server.http}${sms}${mail.join('')}
  the API token lies in  ${token}
  every operation        ${server.http}/api/v1/openapi.json
Try next:
  npx easms demo
  npx easms user add anna@example.com --password secret
  npx easms phone --server ${server.http} --user anna@example.com --password secret --number +447700900123`;
}

const listenProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the HTTP port is taken: give another with --http-port',
  EACCES: 'no permission for the HTTP port or the data folder',
  EADDRNOTAVAIL: 'http.host is no address of this machine',
};

const smsPortProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port for /sms/ is taken: give another with --sms-port',
  EACCES: 'no permission for the port for /sms/',
  EADDRNOTAVAIL: 'http.sms.host is no address of this machine',
};

const mailPortProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken: give another with --smtp-port, or the like',
  EACCES: 'needs a permission that the server does not have',
  EADDRNOTAVAIL: 'has a host that is no address of this machine',
};

function sentenceOf(error: unknown): string {
  if (error instanceof SmtpPortError)
    return `the ${error.kind.toUpperCase()} port ${mailPortProblems[error.code] ?? `did not open (${error.code})`}`;
  if (error instanceof SmsPortError) return smsPortProblems[error.code] ?? error.message;
  if (error instanceof ConfigError || error instanceof StoreError) return error.message;
  const { code, stack } = error as NodeJS.ErrnoException;
  return listenProblems[code ?? ''] ?? `the server did not start: ${stack}`;
}

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
