// The wiring: one store, the rooms around it, one HTTP port, and the order in which they come up and go down.

import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Credentials } from './accounts/credentials.js';
import { keepAdminToken } from './admin-token.js';
import { type Certificate, watchCertificate } from './certificate-watch.js';
import { examineServer } from './doctor/examine-server.js';
import type { Finding } from './doctor/finding.js';
import { registerAutodiscover } from './eas/autodiscover/autodiscover.js';
import { registerEas } from './eas/binding.js';
import { Dispatcher } from './gateway/dispatch.js';
import { Election } from './gateway/election.js';
import { buildApp } from './http/app.js';
import { Metrics } from './http/metrics.js';
import { acceptTexts } from './http/sms-acceptance.js';
import type { SmsWish } from './http/sms.js';
import { SmsPort, type SmsPortOptions } from './http/sms-port.js';
import type { HttpServices } from './http/services.js';
import type { TrustedNetworks } from './http/trusted-networks.js';
import { Relay } from './mail/relay.js';
import { nowhere, openRelay, type RelayOptions } from './mail/relay-connection.js';
import { incomingSweep, sweepMilliseconds } from './message/incoming-sweep.js';
import type { OpenCaller } from './hooks/http-call.js';
import { CallerThread } from './hooks/thread/caller-thread.js';
import { StatementExecutor } from './hooks/sql/execute.js';
import { EffectDelivery } from './message/effect-delivery.js';
import { prepareUndelivered } from './message/mail-report.js';
import { PushWatch } from './message/push-watch.js';
import { WebhookDelivery } from './message/webhook-delivery.js';
import { idSource } from './new-id.js';
import type { SmtpServices } from './smtp/services.js';
import type { SmtpPortOptions } from './smtp/smtp-port.js';
import { hereFirst } from './smtp/local-delivery.js';
import { SmtpPorts } from './smtp/smtp-ports.js';
import { lockFolder } from './store/folder-lock.js';
import { housekeepingMilliseconds, keepHouse } from './store/housekeeping.js';
import { openSqlite, type Store } from './store/open.js';
import { writeIntervalMilliseconds } from './store/presence.js';

export interface ServerOptions {
  dataDir: string;
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** A port for `/sms/` alone, with threads of its own. */
  sms?: Pick<SmsPortOptions, 'host' | 'port' | 'threads'> | undefined;
  /** The ports that take mail. */
  smtp?: readonly SmtpPortOptions[] | undefined;
  /** What the files of their certificate hold now; throws where that is none. */
  readMailCertificate?: (() => Certificate | undefined) | undefined;
  /** Where devices reach this server, told by Autodiscover; else the Host they asked. */
  publicUrl?: string | undefined;
  /** Whose `authenticated=1` is believed; else nobody's. */
  trustedNetworks?: TrustedNetworks | undefined;
  /** Made and kept in the data folder where absent. */
  adminToken?: string | undefined;
  /** The mail server that takes mail to other domains; without it such mail is refused. */
  relay?: RelayOptions | undefined;
  log: Logger;
  now?: () => number;
  newId?: () => string;
}

export interface RunningServer {
  /** Where it listens, such as http://127.0.0.1:8080. */
  readonly http: string;
  /** The same for the port that serves `/sms/` alone, where there is one. */
  readonly sms: string | undefined;
  /** The same for mail, such as 127.0.0.1:2525. */
  readonly mail: { readonly [kind in SmtpPortOptions['kind']]?: string };
  readonly adminToken: string;
  /** Reads at once what is read again each minute: the certificate for mail. */
  lookAgain(): void;
  /** Stops accepting, answers held requests and finishes what is in flight. */
  close(): Promise<void>;
}

/** Comes up whole or not at all. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const ends: End[] = [];
  try {
    return await start(options, ends);
  } catch (error) {
    await runBackwards(ends);
    throw error;
  }
}

type End = () => unknown;

async function runBackwards(ends: End[]): Promise<void> {
  const end = ends.pop();
  if (!end) return;
  try {
    await end();
  } finally {
    await runBackwards(ends);
  }
}

async function start(options: ServerOptions, ends: End[]): Promise<RunningServer> {
  const { dataDir, host, port, publicUrl, log, now = Date.now, newId = idSource(now) } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = lockFolder(dataDir);
  ends.push(() => lock.release());
  const store = await openSqlite(join(dataDir, 'easms.db'));
  ends.push(() => store.close());
  const adminToken = options.adminToken ?? keepAdminToken(dataDir);
  const { relay, trustedNetworks } = options;
  const mailPorts = new SmtpPorts();
  const rooms = await openRooms({
    ...{ store, dataDir, publicUrl, relay, log, now, newId, adminToken },
    identity: () => mailPorts.certificate,
    ...(trustedNetworks && { trustedNetworks }),
  });
  // The port comes before the rooms that send: a server that cannot listen must not send.
  await rooms.app.listen({ host, port });
  let smsPort: SmsPort | undefined;
  ends.push(() => Promise.all([rooms.close(), smsPort?.close(), mailPorts.close()]));
  if (options.sms) smsPort = await rooms.openSmsPort(options.sms);
  for (const each of options.smtp ?? []) await mailPorts.open(rooms.smtpServices, each);
  const lookAtCertificate = certificateLook(options, mailPorts);
  if (lookAtCertificate) ends.push(every(certificateMilliseconds, log, async () => lookAtCertificate()));
  rooms.startSending();
  ends.push(every(writeIntervalMilliseconds, log, () => store.presence.flush(store)));
  ends.push(every(writeIntervalMilliseconds, log, () => rooms.writePlaces()));
  ends.push(every(housekeepingMilliseconds, log, () => keepHouse(store, now())));
  const sweep = incomingSweep({ store, now, newId, log });
  ends.push(every(sweepMilliseconds, log, sweep));
  void logFailure(log, sweep);
  let closing: Promise<void> | undefined;
  return {
    http: addressOf(rooms.app.server.address() as AddressInfo),
    sms: smsPort && addressOf(smsPort.address),
    mail: mailPorts.addresses,
    adminToken,
    lookAgain: () => lookAtCertificate?.(),
    close: () => (closing ??= runBackwards(ends)),
  };
}

const certificateMilliseconds = 60_000;

/** Nothing where no port has one. */
function certificateLook(
  { readMailCertificate: read, log }: ServerOptions,
  ports: SmtpPorts,
): (() => void) | undefined {
  if (!read || !ports.certificate) return undefined;
  const use = (renewed: Certificate): void => ports.renewCertificate(renewed);
  return watchCertificate({ current: () => ports.certificate, read, use, log });
}

interface Given {
  store: Store;
  dataDir: string;
  publicUrl: string | undefined;
  log: Logger;
  now: () => number;
  newId: () => string;
  adminToken: string;
  relay: RelayOptions | undefined;
  /** Of SMTP. */
  identity: () => SmtpPortOptions['tls'];
  trustedNetworks?: TrustedNetworks;
}

interface Rooms {
  app: FastifyInstance;
  smtpServices: SmtpServices;
  openSmsPort(where: NonNullable<ServerOptions['sms']>): Promise<SmsPort>;
  startSending(): void;
  /** From where people logged in. */
  writePlaces(): Promise<void>;
  close(): Promise<void>;
}

async function openRooms(given: Given): Promise<Rooms> {
  const calls = new CallerThread({
    onDeath: (err) => given.log.error({ err }, 'the thread for requests to others ended and starts again'),
  });
  const openCaller: OpenCaller = (more) => calls.open(more);
  const credentials = new Credentials(given);
  const services = { ...given, credentials, openCaller };
  const metrics = new Metrics();
  given.store.changes.listen('message', ({ gateway, state }) => metrics.countMessage(labelOf(gateway), state));
  const dispatcher = new Dispatcher(services);
  const election = new Election(services);
  // Mail that waits from a time with a relay expires here, and its sender is told.
  const hasRelay = given.relay !== undefined;
  const outside = given.relay ? openRelay(given.relay) : nowhere;
  const connection = hereFirst(outside, { ...services, hasRelay });
  const relay = new Relay({ ...given, prepareReport: prepareUndelivered }, connection);
  const caller = calls.open({ now: given.now });
  const webhooks = new WebhookDelivery({ ...given, caller });
  const statements = new StatementExecutor();
  const effects = new EffectDelivery({ ...given, caller, statements, hasRelay });
  const push = new PushWatch(given);
  let isStopping = false;
  // The whole database is read: once for all who ask meanwhile.
  let examining: Promise<Finding[]> | undefined;
  const httpServices: HttpServices = {
    ...services,
    metrics,
    health: dispatcher.health,
    dialUssd: (gateway, code) => dispatcher.dialUssd(gateway, code),
    examineModem: (gateway) => dispatcher.examine(gateway),
    examineServer: () =>
      (examining ??= examineServer({ ...given, caller }).finally(() => {
        examining = undefined;
      })),
    held: () => eas.held(),
    isStopping: () => isStopping,
  };
  const app = await buildApp(httpServices);
  const observe = (command: string, status: string) => metrics.countEasRequest(command, status);
  const eas = registerEas(app, {
    ...services,
    hasRelay,
    // MS-ASPROV 2.2.2.42 PolicyKey: 0 stands for none.
    newPolicyKey: () => randomInt(1, 2 ** 31),
    observe,
  });
  registerAutodiscover(app, { ...services, observe });
  return {
    app,
    smtpServices: { ...services, hasRelay },
    openSmsPort: (where) => {
      const accept = (wish: SmsWish) => acceptTexts(httpServices, wish);
      return SmsPort.open({ ...where, accept, log: given.log });
    },
    startSending: () => {
      election.start();
      dispatcher.start();
      relay.start();
      webhooks.start();
      effects.start();
      push.start();
    },
    writePlaces: () => credentials.places.write(),
    // At once, because each takes its time: requests in flight are answered while texts in flight are waited for.
    close: async () => {
      isStopping = true;
      await Promise.all([
        app.close(),
        dispatcher.stop(),
        election.stop(),
        relay.stop(),
        webhooks.stop(),
        push.stop(),
        effects.stop(),
      ]);
      statements.close();
      await logFailure(given.log, () => credentials.places.write());
      await caller.close();
      await calls.close();
    },
  };
}

/** Phones are one gateway among the others: a label for each would grow with every phone. */
function labelOf(gateway: string): string {
  return gateway.startsWith('activesync:') ? 'activesync' : gateway;
}

/** At intervals until the end; what fails is tried again with the next one. */
function every(milliseconds: number, log: Logger, work: () => Promise<void>): End {
  const timer = setInterval(() => void logFailure(log, work), milliseconds);
  return () => clearInterval(timer);
}

function logFailure(log: Logger, work: () => Promise<void>): Promise<void> {
  return work().catch((error: unknown) => log.error({ err: error }, 'regular work failed'));
}

function addressOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
