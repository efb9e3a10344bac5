// The wiring: one store, the rooms around it, one HTTP port, and the order in which they come up and go down.

import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { Logger } from 'pino';
import { Credentials } from './accounts/credentials.js';
import { keepAdminToken } from './admin-token.js';
import { type EasServer, registerEas } from './eas/binding.js';
import { Dispatcher } from './gateway/dispatch.js';
import { Election } from './gateway/election.js';
import { buildApp } from './http/app.js';
import { Metrics } from './http/metrics.js';
import { type FolderLock, lockFolder } from './store/folder-lock.js';
import { openSqlite, type Store } from './store/open.js';
import { writeIntervalMilliseconds } from './store/presence.js';

export interface ServerOptions {
  dataDir: string;
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** Made and kept in the data folder where absent. */
  adminToken?: string | undefined;
  log: Logger;
  now?: () => number;
  newId?: () => string;
}

export interface RunningServer {
  /** Where it listens, such as http://127.0.0.1:8080. */
  readonly http: string;
  readonly adminToken: string;
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
  for (let end = ends.pop(); end; end = ends.pop()) await end();
}

async function start(options: ServerOptions, ends: End[]): Promise<RunningServer> {
  const { dataDir, host, port, log, now = Date.now, newId = uuidv7 } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock: FolderLock = lockFolder(dataDir);
  ends.push(() => lock.release());
  const store = await openSqlite(join(dataDir, 'easms.db'));
  ends.push(() => store.close());

  const adminToken = options.adminToken ?? keepAdminToken(dataDir);
  const services = { store, credentials: new Credentials({ store, now }), now, newId, log };
  const metrics = new Metrics();
  store.changes.listen('message', ({ gateway, state }) => metrics.countMessage(labelOf(gateway), state));
  const dispatcher = new Dispatcher(services);
  const election = new Election(services);
  let eas: EasServer | undefined;
  let isStopping = false;
  const app = await buildApp({
    ...services,
    adminToken,
    metrics,
    health: dispatcher.health,
    held: () => eas?.held() ?? 0,
    isStopping: () => isStopping,
  });
  const observe = metrics.countEasRequest.bind(metrics);
  eas = registerEas(app, { ...services, newPolicyKey, observe });

  // At the end nothing is accepted any more before what is in flight is waited for.
  ends.push(() => dispatcher.stop());
  ends.push(() => election.stop());
  ends.push(() => app.close());
  // The port comes before the dispatcher: a server that cannot listen must not send.
  await app.listen({ host, port });
  election.start();
  dispatcher.start();
  ends.push(writePresence(store, log));
  ends.push(() => (isStopping = true));
  return { http: addressOf(app.server.address() as AddressInfo), adminToken, close: () => runBackwards(ends) };
}

/** Phones are one gateway among the others: a label for each would grow with every phone. */
function labelOf(gateway: string): string {
  return gateway.startsWith('activesync:') ? 'activesync' : gateway;
}

// MS-ASPROV 2.2.2.42 PolicyKey: 0 stands for none.
function newPolicyKey(): number {
  return randomInt(1, 2 ** 31);
}

function writePresence(store: Store, log: Logger): End {
  const timer = setInterval(() => {
    store.presence.flush(store).catch((error: unknown) => log.error({ err: error }, 'presence was not written'));
  }, writeIntervalMilliseconds);
  return () => clearInterval(timer);
}

function addressOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
