// A server on a fresh store, with one user, one gateway, a clock and ids that are the same each time.

import type { ExecutionContext } from 'ava';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { pino } from 'pino';
import { Credentials } from '../../src/accounts/credentials.js';
import { putUser } from '../../src/accounts/users.js';
import { buildApp } from '../../src/http/app.js';
import type { HttpServices } from '../../src/http/services.js';
import { putGateway } from '../../src/store/gateways.js';
import { openSqlite, type Store } from '../../src/store/open.js';

export const start = 1_800_000_000_000;
export const ada = 'ada@example.com';
export const password = 'the password of ada';
export const adminToken = 'the token of the administrator';
export const number = '+447700900123';
export const text = 'the text of the message';

export async function putLoopback(store: Store, id = 'loop', active = true): Promise<void> {
  const unwritten = { description: null, password: null, emailFrom: null, deliverTo: [], options: {} };
  await store.transact((tx) => putGateway(tx, { id, type: 'loopback', active, ...unwritten, now: start }));
}

export async function setUp(t: Pick<ExecutionContext, 'teardown'>, overrides: Partial<HttpServices> = {}) {
  const store = overrides.store ?? (await openSqlite(':memory:'));
  await putUser(store, ada, { password, now: start });
  await putLoopback(store);
  const logged: string[] = [];
  let ids = 0;
  const now = () => start;
  const services: HttpServices = {
    store,
    credentials: new Credentials({ store, now }),
    now,
    newId: () => `m${String(++ids).padStart(4, '0')}`,
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    adminToken,
    ...overrides,
  };
  const app = await buildApp(services);
  t.teardown(() => app.close());
  return { store, app, logged, services };
}

export interface Listed {
  items: Record<string, unknown>[];
  next: string | null;
}

export type Method = 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';

export const authorization = `Bearer ${adminToken}`;

/** Asks the admin API as the administrator. */
export function call(app: FastifyInstance, request: [Method, string], body?: object) {
  return as(app, adminToken, request, body);
}

/** Asks the admin API as whoever has this token. */
export async function as(app: FastifyInstance, token: string, [method, path]: [Method, string], body?: object) {
  const request: InjectOptions = { method, url: `/api/v1${path}`, headers: { authorization: `Bearer ${token}` } };
  const answer = await app.inject(body === undefined ? request : { ...request, payload: body });
  const json = answer.payload === '' ? undefined : answer.json<Record<string, unknown>>();
  return { status: answer.statusCode, json: json ?? {} };
}

/** How a path reads for a new token that may only read. */
export async function readingOnly(app: FastifyInstance, gateway: string | null = null) {
  const { json } = await call(app, ['PUT', '/tokens/reader'], { scopes: ['read', 'send'], gateway });
  return async (path: string) => (await as(app, json['token'] as string, ['GET', path])).json;
}
