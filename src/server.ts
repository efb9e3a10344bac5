// The wiring: one store, the rooms around it, one HTTP port, and the order in which they come up and go down.

import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { Logger } from 'pino';
import { Credentials } from './accounts/credentials.js';
import { keepAdminToken } from './admin-token.js';
import { registerEas } from './eas/binding.js';
import { Dispatcher } from './gateway/dispatch.js';
import { Election } from './gateway/election.js';
import { buildApp } from './http/app.js';
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
  const credentials = new Credentials({ store, now });
  const services = { store, credentials, now, newId, log, adminToken, held: new HeldRequests() };
  const app = await buildApp(services);
  registerEas(app, services);
  const election = new Election(services);
  const dispatcher = new Dispatcher({ ...services, election });

  // The port comes before the dispatcher: a server that cannot listen must not send.
  await app.listen({ host, port });
  ends.push(() => app.close());
  await dispatcher.start();
  ends.push(() => dispatcher.stop());
  ends.push(writePresence(store, log));
  return { http: addressOf(app.server.address() as AddressInfo), adminToken, close: () => runBackwards(ends) };
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
