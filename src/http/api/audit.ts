// `/audit`: who changed what, when. A row is on disk before the change is made, so that no change is without one.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { notShown } from '../../rules/not-shown.js';
import { beginAudited, endAudited, listAudited } from '../../store/audit.js';
import type { AuditedChange } from '../../store/states.js';
import type { Audited } from '../../store/tables.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, orNull, strictObject, writeInstant } from './api.js';
import { callerOf } from './caller.js';
import { pageOf, pageQuery, readPage, readRowCursor } from './page.js';

const auditedResource = Type.Object({
  id: Type.Integer(),
  at: instant,
  actor: Type.String({ description: 'administrator, or the token' }),
  origin: orNull(Type.String({ description: 'the address it was asked from' })),
  action: Type.String(),
  resource: Type.String(),
  change: orNull(Type.Unknown({ description: 'what was asked; what may be secret is left out' })),
  status: orNull(Type.Integer({ description: 'what it came to; null where the server ended before that' })),
});

const tags = ['audit'];

export function auditRoutes(api: Api, { store }: HttpServices): void {
  api.get(
    '/audit',
    { schema: { tags, querystring: strictObject(pageQuery), response: { 200: pageOf(auditedResource) } } },
    async ({ query }) => {
      const before = readRowCursor(query.cursor);
      const read = (limit: number) => listAudited(store, { limit, before });
      const { rows, next } = await readPage(query, read, ({ id }) => String(id));
      return { items: rows.map(writeAudited), next };
    },
  );
}

function writeAudited({
  id,
  at,
  actor,
  origin,
  action,
  resource,
  change,
  status,
}: Audited): Static<typeof auditedResource> {
  return { id, at: writeInstant(at), actor, origin, action, resource, change, status };
}

// These change nothing of the configuration; a message is a record of itself.
const unaudited = new Set([
  '/messages',
  '/validate-account',
  '/sms-http',
  '/incoming',
  '/rules/:direction/test',
  '/rules/:direction/dry-run',
]);

/** Every request that may change something. */
export function auditRequests(scope: FastifyInstance, { store, now }: HttpServices): void {
  const begun = new WeakMap<FastifyRequest, number>();
  scope.addHook('preHandler', async (request) => {
    if (!isAudited(request)) return;
    const row = {
      at: now(),
      actor: callerOf(request).name,
      origin: request.ip,
      action: request.method,
      resource: resourceOf(request),
      change: changeOf(request.body),
    };
    begun.set(request, await store.transact((tx) => beginAudited(tx, row)));
  });
  scope.addHook('onSend', async (request, reply, payload) => {
    const id = begun.get(request);
    if (id !== undefined) await store.transact((tx) => endAudited(tx, id, reply.statusCode));
    return payload;
  });
}

function isAudited({ method, routeOptions }: FastifyRequest): boolean {
  return method !== 'GET' && !unaudited.has((routeOptions.url ?? '').replace(/^.*\/api\/v1/, ''));
}

function resourceOf({ raw }: FastifyRequest): string {
  const path = (raw.url ?? '').replace(/[?#].*$/s, '').replace(/^\/api\/v1/i, '');
  try {
    return decodeURIComponent(path).slice(0, 500);
  } catch {
    return path.slice(0, 500);
  }
}

// Texts whose value is worth knowing and is no secret; of all others only the name is kept.
const shownTexts = new Set([
  ...[
    'smsAccess',
    'deviceDefaultState',
    'displayName',
    'phoneNumber',
    'aliases',
    'forwardTo',
    'description',
    'gateway',
  ],
  ...[
    'expires',
    'lastSent',
    'members',
    'scopes',
    'type',
    'preset',
    'deliverTo',
    'emailFrom',
    'events',
    'state',
    'wipe',
  ],
  ...[
    'field',
    'pattern',
    'title',
    'user',
    'method',
    'defaultCountry',
    'defaultState',
    'provisioning',
    'backend',
    'host',
  ],
  ...['tls', 'loginName', 'baseDn', 'filter', 'searchDn', 'bindDn', 'number'],
]);

// Of the address of a number.
const passwordParameter = /([?&]pass=)[^&@"]*/gi;

function changeOf(body: unknown): AuditedChange | null {
  if (typeof body !== 'object' || body === null) return null;
  const change = withoutSecrets(Array.isArray(body) ? { list: body } : body);
  // A list of thousands is in the resource itself.
  return JSON.stringify(change).length > 10_000 ? { fields: Object.keys(body) } : change;
}

function withoutSecrets(document: object): AuditedChange {
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, shown(name, value)]));
}

function shown(name: string, value: unknown): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string')
    return shownTexts.has(name) ? value.replace(passwordParameter, `$1${notShown}`) : notShown;
  if (Array.isArray(value)) return value.map((each) => shown(name, each));
  // Names in these are chosen by the administrator.
  if (name === 'headers' || name === 'parameters') return Object.keys(value as object);
  return withoutSecrets(value as object);
}
